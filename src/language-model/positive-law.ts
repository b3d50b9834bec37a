/**
 * A law whose probabilities are all positive, for what needs their logarithms.
 */
import { outputDistribution } from '../information/mutual-information.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'

/** A law on the tokens that occur, mixed with the law of the token where something that occurs is impossible somewhere. */
export interface PositiveLaw<P extends Provenance> {
  readonly law: PredictiveLaw<P>
  /** The share of the law of the token in every row: zero where all probabilities were positive. */
  readonly share: number
}

/** The share that is mixed in where something has to be. */
export const defaultMixture = 0.01

/**
 * The law on the tokens that occur, every row mixed with a share of the law of the token if some probability is zero.
 *
 * @example
 * const law = lawOfTeacher('coins', Float64Array.of(0.5, 0.5), Float64Array.of(1, 0, 0, 0.5, 0, 0.5))
 * const positive = positiveLaw(law, 0.5)
 * positive.share // => 0.5
 * Array.from(positive.law.next) // => [0.875, 0.125, 0.625, 0.375]
 */
export const positiveLaw = <P extends Provenance>(law: PredictiveLaw<P>, share = defaultMixture): PositiveLaw<P> => {
  const { weights, next } = law
  const width = next.length / weights.length
  const u = outputDistribution(weights, next)
  const kept = Array.from(u.keys()).filter((token) => u[token]! > 0)
  const rows = new Float64Array(weights.length * kept.length)
  weights.forEach((_, x) => kept.forEach((token, k) => (rows[x * kept.length + k] = next[x * width + token]!)))
  if (rows.every((probability) => probability > 0)) return { law: { ...law, next: rows }, share: 0 }
  return {
    law: { ...law, next: rows.map((p, place) => (1 - share) * p + share * u[kept[place % kept.length]!]!) },
    share,
  }
}
