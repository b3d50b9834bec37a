/**
 * Categorical entropies from log-probabilities: the closed forms of `categoricalEntropy` where probabilities are too small, or too close
 * to one, for a double to hold them. So are those of the softmax of a trained language model.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023). Identities: each form is tested against the one in probabilities.
 */
import { logSoftmax, logSumExp } from '../linear-algebra/log-softmax.js'
import type { Divergence, FDivergence } from './divergence.js'
import { nonnegative } from './rounding.js'

/**
 * H_D(softmax z) of one row of V logits, in nats where D has a unit, with p = softmax z:
 * ```
 *           ┌─ V            [p]─ V
 *   D( [p]──●       ‖                )
 *           └─ V            [p]─ V
 * ```
 * O(V), and no V x V. A logit of -Infinity is a token outside the support; every other token is inside it however small its
 * probability, so chi-squared and Renyi 2 give V - 1 and log V, and reverse Kullback-Leibler Infinity, on every softmax.
 *
 * @example
 * softmaxEntropy(kullbackLeibler, [0, 0]) // => 0.6931471805599453
 * softmaxEntropy(totalVariation, [0, -60]) // => 1.751302152539304e-26
 * softmaxEntropy(renyi(Infinity), [0, -2000]) // => 2000
 */
export const softmaxEntropy = (d: Divergence, logits: ArrayLike<number>): number =>
  logProbabilityEntropy(d, logSoftmax(logits))

/**
 * H_D(p) from log p (nats; -Infinity outside the support), in nats where D has a unit.
 *
 * An f-divergence that the library does not know by name is given the ratio 1/p as a plain number, at most 2^1022; where its f overflows
 * its slope at infinity stands for it.
 *
 * @example
 * logProbabilityEntropy(totalVariation, [Math.log(0.25), Math.log(0.75)]) // => 0.375
 */
export const logProbabilityEntropy = (d: Divergence, logs: ArrayLike<number>): number => {
  switch (d.kind) {
    case 'kullback-leibler':
      return shannon(logs)
    case 'reverse-kullback-leibler':
      return supportSize(logs) > 1 ? Infinity : 0
    case 'renyi':
      return renyi(d.order, logs)
    case 'total-variation':
      return sumOver(logs, (log) => Math.exp(log) * -Math.expm1(log))
    case 'squared-hellinger':
      return hellinger(logs)
    case 'hellinger-distance':
      return Math.sqrt(hellinger(logs))
    case 'jensen-shannon':
      return jensenShannon(logs)
    case 'jensen-shannon-distance':
      return Math.sqrt(jensenShannon(logs))
    case 'chi-squared':
      return supportSize(logs) - 1
    case 'tsallis':
      return tsallis(d.order, logs)
    case 'f-divergence':
      return fEntropy(d, logs)
  }
}

/** The sum of a finite term over the support, compensated. */
const sumOver = (logs: ArrayLike<number>, term: (log: number) => number): number => {
  let [sum, lost] = [0, 0]
  for (let w = 0; w < logs.length; w++) {
    if (logs[w]! === -Infinity) continue
    const rest = term(logs[w]!) - lost
    const next = sum + rest
    lost = next - sum - rest
    sum = next
  }
  return nonnegative(sum)
}

const shannon = (logs: ArrayLike<number>): number => sumOver(logs, (log) => Math.exp(log) * -log)

/** sum p (1 - sqrt p). */
const hellinger = (logs: ArrayLike<number>): number => sumOver(logs, (log) => Math.exp(log) * -Math.expm1(log / 2))

const jensenShannon = (logs: ArrayLike<number>): number =>
  sumOver(logs, (log) => {
    const [p, rest] = [Math.exp(log), -Math.expm1(log)]
    const contrast = rest / (1 + p)
    const below = p < 0.5 ? Math.LN2 + log - Math.log1p(p) : Math.log1p(-contrast)
    return (p * (Math.log1p(contrast) + p * below + rest * Math.LN2)) / 2
  })

const supportSize = (logs: ArrayLike<number>): number => {
  let size = 0
  for (let w = 0; w < logs.length; w++) {
    if (Number.isNaN(logs[w])) return NaN
    if (logs[w]! !== -Infinity) size++
  }
  return size
}

const renyi = (order: number, logs: ArrayLike<number>): number => {
  if (order === 1) return shannon(logs)
  if (order === 2) return Math.log(supportSize(logs))
  if (order === Infinity) return nonnegative(-smallestFinite(logs))
  const excess = powerExcess(order, logs)
  // log sum p^(2 - a), which is log (1 + excess).
  const power = excess > -0.5 && excess < 1e300 ? Math.log1p(excess) : logPower(order, logs)
  return nonnegative(power / (order - 1))
}

const tsallis = (order: number, logs: ArrayLike<number>): number => {
  if (order === 1) return shannon(logs)
  if (order === 2) return supportSize(logs) - 1
  return nonnegative(powerExcess(order, logs) / (order - 1))
}

/** sum p^(2 - a) - sum p, without cancellation where the power is close to the probability. */
const powerExcess = (order: number, logs: ArrayLike<number>): number => {
  let sum = 0
  for (let w = 0; w < logs.length; w++) {
    const log = logs[w]!
    if (log === -Infinity) continue
    const ratio = (1 - order) * log
    sum += ratio < 1 ? Math.exp(log) * Math.expm1(ratio) : Math.exp(log + ratio) - Math.exp(log)
  }
  return sum
}

const logPower = (order: number, logs: ArrayLike<number>): number =>
  logSumExp(Array.from(logs, (log) => (log === -Infinity ? -Infinity : (2 - order) * log)))

const smallestFinite = (logs: ArrayLike<number>): number => {
  let smallest = 0
  for (let w = 0; w < logs.length; w++) if (logs[w]! !== -Infinity) smallest = Math.min(smallest, logs[w]!)
  return smallest
}

const smallestNormal = 2 ** -1022

const fEntropy = (d: FDivergence, logs: ArrayLike<number>): number => {
  let [diagonal, outside] = [0, 0]
  for (let w = 0; w < logs.length; w++) {
    const log = logs[w]!
    if (log === -Infinity) continue
    const p = Math.max(Math.exp(log), smallestNormal)
    const ofRatio = p * d.f(1 / p)
    diagonal += p * (ofRatio === Infinity ? d.slopeAtInfinity : ofRatio)
    outside += p * -Math.expm1(log)
  }
  return nonnegative(outside > 0 ? diagonal + d.atZero * outside : diagonal)
}
