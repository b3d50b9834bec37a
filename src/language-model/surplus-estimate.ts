/**
 * The information surplus of a real model, measured: contexts before several tokens w, averaged over w, with an interval that resamples
 * documents.
 *
 *     [LOWER - z se, UPPER + z se]        point: jackknife        LOWER <= H(omega), log N for N contexts alike
 *
 * The law must be stated. That of the data: positions of a corpus after w, with the model's prediction there. That of the model: any
 * contexts x_j, with weights p(w | x_j) and the prediction after x_j, w. By injectivity of the encoder every layer has this surplus.
 *
 * Source: Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (4.2), for the quantity.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { documentBootstrap } from './document-bootstrap.js'
import { checkDraws } from './null-band.js'
import type { ContextSample, SurplusContributions } from './surplus-contributions.js'

/** One token w, and what its contexts contribute. */
export interface TokenSurplus {
  /** P(w) under the stated law. */
  readonly weight: number
  readonly contributions: SurplusContributions
}

export interface EstimateSettings {
  /** How often documents are drawn anew, and the seed (a 32-bit integer). */
  readonly draws?: number
  readonly seed: number
  /** z: 1.96 where not given. */
  readonly standardErrors?: number
}

/** LOWER, UPPER and the jackknife, nats. */
export interface SurplusSides {
  readonly lower: number
  readonly upper: number
  readonly point: number
  /** H(omega), which LOWER cannot exceed. */
  readonly ceiling: number
  /** LOWER is above 0.8 of the ceiling: there are too few contexts to see the surplus. */
  readonly nearCeiling: boolean
}

export interface SurplusEstimate extends SurplusSides {
  /** Of LOWER and of UPPER, by the bootstrap over documents. */
  readonly standardError: { readonly lower: number; readonly upper: number }
  readonly interval: { readonly lower: number; readonly upper: number }
  /** The sum of the tokens' weights: the estimate is for these tokens, their weights made to sum to one. */
  readonly coveredMass: number
  readonly tokens: readonly (SurplusSides & { readonly weight: number; readonly effectiveSampleSize: number })[]
}

export const defaultEstimateDraws = 500
const warningShare = 0.8

const sidesOf = (lower: number, upper: number, point: number, ceiling: number): SurplusSides => ({
  lower,
  upper,
  point,
  ceiling,
  nearCeiling: lower > warningShare * ceiling,
})

const mean = (weights: Float64Array, values: Float64Array): number =>
  weights.reduce((sum, weight, context) => sum + weight * values[context]!, 0)

/**
 * The estimate from the contributions of the contexts of each token.
 *
 * A document may hold contexts of several tokens: it is drawn with all of them. Resampled are the contributions, with the mixtures that
 * they are compared with held fixed; a mixture that is the mean of its rows has the least cross-entropy, so that this loses only second
 * order. Errors: no token, or a weight that is no mass.
 *
 * @example
 * const rows = Float64Array.of(0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9)
 * const contributions = toUnion(surplusOfDistributions(rows, 2))
 * toUnion(estimateSurplus([{ weight: 0.5, contributions }], { seed: 1 })).lower // => 0.3680642072
 */
export const estimateSurplus = (
  tokens: readonly TokenSurplus[],
  { draws = defaultEstimateDraws, seed, standardErrors = 1.96 }: EstimateSettings,
): Either<Problem, SurplusEstimate> => {
  checkDraws('estimateSurplus', draws)
  const coveredMass = tokens.reduce((sum, { weight }) => sum + weight, 0)
  if (!tokens.every(({ weight }) => weight >= 0) || !(coveredMass > 0))
    return left(
      problem('empty-input', 'surplus estimate', 'no token has a mass', 'give tokens with positive probability'),
    )
  const sides = tokens.map(
    ({ weight, contributions: { weights, lower, upper, point, ceiling, effectiveSampleSize } }) => ({
      ...sidesOf(mean(weights, lower), mean(weights, upper), point, ceiling),
      weight,
      effectiveSampleSize,
    }),
  )
  const averaged = (of: (each: SurplusSides) => number): number =>
    sides.reduce((sum, each) => sum + (each.weight / coveredMass) * of(each), 0)
  const whole = sidesOf(
    averaged(({ lower }) => lower),
    averaged(({ upper }) => upper),
    averaged(({ point }) => point),
    averaged(({ ceiling }) => ceiling),
  )
  const [lowers, uppers] = documentBootstrap(
    tokens.map(({ weight, contributions: { weights, documents, lower, upper } }) => ({
      weight,
      weights,
      documents,
      values: [lower, upper],
    })),
    draws,
    seed,
  )
  const standardError = { lower: deviation(lowers!), upper: deviation(uppers!) }
  return right({
    ...whole,
    standardError,
    interval: {
      lower: Math.max(0, whole.lower - standardErrors * standardError.lower),
      upper: whole.upper + standardErrors * standardError.upper,
    },
    coveredMass,
    tokens: sides,
  })
}

const deviation = (values: Float64Array): number => {
  const kept = values.filter((value) => !Number.isNaN(value))
  if (kept.includes(Infinity)) return Infinity
  const middle = kept.reduce((sum, value) => sum + value, 0) / kept.length
  return Math.sqrt(kept.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, kept.length - 1))
}

/** A token with the rows of its contexts, ready for `surplusOfDistributions`. */
export interface TokenContexts extends ContextSample {
  readonly token: number
  readonly weight: number
  /** N x V. */
  readonly rows: Float64Array
}

/**
 * The law of the data: places of a corpus grouped by the token w there, each with the model's prediction after it (M x V, row-major).
 *
 * The weight of w is its share of the places; tokens with fewer than `least` places are left out, and with them their mass.
 *
 * @example
 * const rows = Float64Array.of(0.5, 0.5, 1, 0, 0.25, 0.75)
 * dataContexts(Int32Array.of(7, 3, 7), rows, { least: 2 }).map(({ token, rows }) => [token, Array.from(rows)]) // => [[7, [0.5, 0.5, 0.25, 0.75]]]
 */
export const dataContexts = (
  tokens: Int32Array,
  rows: Float64Array,
  { least, documents }: { readonly least: number; readonly documents?: ArrayLike<number> },
): readonly TokenContexts[] => {
  const symbols = rows.length / tokens.length
  if (tokens.length > 0 && !Number.isInteger(symbols))
    throw new Error(`dataContexts: ${rows.length} probabilities for ${tokens.length} places`)
  const places = new Map<number, number[]>()
  tokens.forEach((token, place) => {
    const known = places.get(token)
    if (known === undefined) places.set(token, [place])
    else known.push(place)
  })
  return [...places]
    .filter(([, own]) => own.length >= least)
    .map(([token, own]) => {
      const kept = new Float64Array(own.length * symbols)
      own.forEach((place, at) => kept.set(rows.subarray(place * symbols, (place + 1) * symbols), at * symbols))
      return {
        token,
        weight: own.length / tokens.length,
        rows: kept,
        documents: own.map((place) => documents?.[place] ?? place),
      }
    })
}

/**
 * The law of the model: contexts x_j as they come, with p(w | x_j) (M) as their weights, and the prediction after x_j, w (M x V).
 *
 * @example
 * modelContexts(3, Float64Array.of(0.5, 0.25), Float64Array.of(1, 0, 0, 1)).weight // => 0.375
 */
export const modelContexts = (
  token: number,
  probabilities: Float64Array,
  rows: Float64Array,
  documents?: ArrayLike<number>,
): TokenContexts => ({
  token,
  weight: probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length,
  rows,
  weights: probabilities,
  ...(documents === undefined ? {} : { documents }),
})
