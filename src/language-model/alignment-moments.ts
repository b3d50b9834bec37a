/**
 * What hidden states have to do with the next token, from second moments alone: D x D and V x D numbers, whatever the number of contexts.
 *
 *     Sigma_hP S^+ Sigma_Ph v = lambda Sigma_hh v
 *
 * The generalised eigenproblem of Theorem C. With S = diag u - u u^T, lambda_i = rho_i^2, the squared canonical correlations of h and the
 * one-hot next token, for which pairs (h_t, w_t+1) suffice: Sigma_hP S^+ Sigma_Ph = sum_w u_w m_w m_w^T with m_w = E[h | w] - E h.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), in place of Theorem 7.6.
 */
import { chain, type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { NullBand } from '../information/figure.js'
import { outputDistribution } from '../information/mutual-information.js'
import { crossProduct, gramMatrix, type Matrix, matrix, matrixProduct, transpose } from '../linear-algebra/matrix.js'
import { leadingColumns, rankOf, singularValues, thinSvd } from '../linear-algebra/singular-values.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import { pillaiNull } from './pillai-null.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'
import { pullbackMetric } from './pullback.js'
import { centreAndScale } from './weighted-features.js'

export interface AlignmentMoments {
  /** D: E h. */
  readonly mean: Float64Array
  /** D x D: the covariance of h. */
  readonly covariance: Matrix
  /** V x D, Sigma_Ph: row w is E[1(W = w) (h - E h)]. */
  readonly byToken: Matrix
  /** V: u, the law of the token. */
  readonly tokens: Float64Array
}

/** The moments under a law, for hidden states of n x D numbers. Error: `invalid-value` for a state that is not finite. */
export const momentsOfLaw = (
  { weights, next }: PredictiveLaw<Provenance>,
  hidden: Float64Array,
): Either<Problem, AlignmentMoments> =>
  pipe(
    centredStates(hidden, weights),
    map(({ centred, mean }) => {
      const width = next.length / weights.length
      const byToken = matrix(width, centred.columns)
      for (let x = 0; x < weights.length; x++) {
        // The states carry one root of the weight already.
        const root = Math.sqrt(weights[x]!)
        for (let w = 0; w < width; w++) addRow(byToken, w, centred, x, root * next[x * width + w]!)
      }
      return { mean, covariance: gramMatrix(centred), byToken, tokens: outputDistribution(weights, next) }
    }),
  )

/**
 * The moments of N pairs of a hidden state (row of N x D numbers) and the token that came next, from 0 to V - 1.
 *
 * Errors: `invalid-value` for a state that is not finite or a token that is none; `empty-input` for fewer than two pairs.
 */
export const momentsOfPairs = (
  hidden: Float64Array,
  tokens: Int32Array,
  symbols: number,
): Either<Problem, AlignmentMoments> => {
  const count = tokens.length
  if (count < 2)
    return left(
      problem('empty-input', 'pairs', `there are ${count}`, 'give at least two hidden states with their tokens'),
    )
  const wrong = tokens.findIndex((token) => !(token >= 0 && token < symbols))
  if (wrong !== -1)
    return left(
      problem('invalid-value', `pair ${wrong}`, `${tokens[wrong]} is no token`, `give tokens from 0 to ${symbols - 1}`),
    )
  const weights = new Float64Array(count).fill(1 / count)
  return pipe(
    centredStates(hidden, weights),
    map(({ centred, mean }) => {
      const byToken = matrix(symbols, centred.columns)
      const masses = new Float64Array(symbols)
      const root = Math.sqrt(1 / count)
      tokens.forEach((token, t) => {
        masses[token]!++
        addRow(byToken, token, centred, t, root)
      })
      return { mean, covariance: gramMatrix(centred), byToken, tokens: masses.map((mass) => mass / count) }
    }),
  )
}

/** The solutions of the eigenproblem, one a direction of the hidden space. */
export interface Directions {
  /** lambda, descending, at least zero. */
  readonly eigenvalues: Float64Array
  /** D x k: v in the columns, v^T Sigma_hh v = 1. */
  readonly vectors: Matrix
  /** V x k: S^+ Sigma_Ph v, the head that the surrogate's minimiser has on the states (h - E h) v. */
  readonly head: Float64Array
}

/**
 * The generalised eigenproblem with S = C / 2 (`bohning`) or diag u - u u^T (`chi-squared`); dependent directions are dropped: those with
 * less than `smallestPart` of the variance of a coordinate, 1e-12 where it is not given.
 *
 * Error: `empty-input` where the hidden states are constant.
 */
export const directionsOf = (
  moments: AlignmentMoments,
  metric: 'bohning' | 'chi-squared',
  smallestPart = float64Part,
): Either<Problem, Directions> =>
  pipe(
    whitening(moments, smallestPart),
    map((white) => {
      const [width, k] = [moments.tokens.length, white.columns]
      const images = matrixProduct(moments.byToken, white)
      const scaled = matrix(width, k, images.entries.slice())
      for (let w = 0; w < width; w++) {
        const scale = metric === 'bohning' ? Math.SQRT2 : inverseRoot(moments.tokens[w]!)
        for (let j = 0; j < k; j++) scaled.entries[w * k + j]! *= scale
      }
      const { values, right: rotation } = thinSvd(scaled)
      const head = matrixProduct(images, rotation)
      const columns = rotation.columns
      return {
        eigenvalues: values.map((value) => value * value),
        vectors: matrixProduct(white, rotation),
        head: head.entries.map((entry, index) => {
          const u = moments.tokens[Math.floor(index / columns)]!
          return metric === 'bohning' ? 2 * entry : u > 0 ? entry / u : 0
        }),
      }
    }),
  )

/**
 * rho, descending: the canonical correlations of the hidden state and the one-hot next token, from 0 to 1.
 *
 * Bound: sum rho_i^2 (the Pillai trace) is at most the sum of as many squared canonical correlations of context and token.
 *
 * @example
 * const moments = momentsOfPairs(Float64Array.of(1, 1, 3, 3), Int32Array.of(0, 0, 1, 1), 2)
 * Array.from(toUnion(hiddenCorrelations(toUnion(moments)))) // => [1]
 */
export const hiddenCorrelations = (moments: AlignmentMoments): Either<Problem, Float64Array> =>
  pipe(
    directionsOf(moments, 'chi-squared'),
    map(({ eigenvalues }) => eigenvalues.map((value) => Math.min(1, Math.sqrt(value)))),
  )

/**
 * rho of the hidden state and the prototype g = W_w of the next token, a row of a head of V x D' numbers: eigenproblem
 * Sigma_hg Sigma_gg^+ Sigma_gh v = rho^2 Sigma_hh v, of size D, at most the correlations with the token itself one by one.
 *
 * Errors: `empty-input` where the hidden states or the prototypes are constant.
 */
export const prototypeCorrelations = (
  moments: AlignmentMoments,
  prototypes: Float64Array,
  smallestPart = float64Part,
): Either<Problem, Float64Array> => {
  const { tokens, byToken, mean } = moments
  const width = tokens.length
  if (prototypes.length === 0 || prototypes.length % width !== 0)
    throw new Error(`prototypes: ${prototypes.length} numbers for ${width} tokens`)
  const d = prototypes.length / width
  // The mean row of the head: prototypes that differ from it by rounding do not differ.
  const means = new Float64Array(d)
  prototypes.forEach((entry, index) => {
    means[index % d]! += tokens[Math.floor(index / d)]! * entry
  })
  const between = whiteningOf(pullbackMetric(prototypes, tokens), means)
  if (between.columns === 0)
    return left(problem('empty-input', 'prototypes', 'all tokens have the same', 'use a head whose rows differ'))
  return pipe(
    whitening(moments, smallestPart),
    map((white) => {
      const cross = matrix(mean.length, d)
      for (let w = 0; w < width; w++)
        for (let i = 0; i < mean.length; i++)
          for (let j = 0; j < d; j++)
            cross.entries[i * d + j]! += byToken.entries[w * mean.length + i]! * prototypes[w * d + j]!
      const correlations = matrixProduct(matrixProduct(transpose(white), cross), between)
      return singularValues(correlations).map((value) => Math.min(1, value))
    }),
  )
}

/** The Pillai trace of pairs, a measurement. */
export interface PillaiTrace {
  /** sum rho_i^2, from 0 to min(d, V_seen - 1); invariant under linear maps of the hidden space, biased upwards. */
  readonly raw: number
  /** T0 = d (V_seen - 1) / (N - 1): its mean under permutations of the tokens, exactly. */
  readonly chance: number
  /** (T - T0) / (1 - T0 / m), m = min(d, V_seen - 1): zero in the mean by chance, m where T is. */
  readonly corrected: number
  /** m: the most it can be. */
  readonly most: number
  /** What the raw trace is by chance. */
  readonly band: NullBand
  readonly correlations: Float64Array
  readonly invariant: true
}

/**
 * The Pillai trace of N pairs of hidden state (N x D) and next token, raw and corrected for chance.
 *
 * Errors: those of the moments; `out-of-range` where there are so few pairs that chance alone reaches the most.
 */
export const pillaiTrace = (hidden: Float64Array, tokens: Int32Array, symbols: number): Either<Problem, PillaiTrace> =>
  pipe(
    momentsOfPairs(hidden, tokens, symbols),
    chain((moments) => pillaiOfMoments(moments, tokens.length)),
  )

/**
 * The Pillai trace from the moments of so many pairs; with weights, of (sum w)^2 / sum w^2.
 *
 * Errors: `empty-input` where the hidden states are constant; `out-of-range` where chance alone reaches the most.
 */
export const pillaiOfMoments = (
  moments: AlignmentMoments,
  pairs: number,
  smallestPart = float64Part,
): Either<Problem, PillaiTrace> => {
  const white = whitening(moments, smallestPart)
  if (white._tag === 'Left') return white
  const { tokens } = moments
  const d = white.right.columns
  const others = tokens.filter((mass) => mass > 0).length - 1
  const most = Math.min(d, others)
  const null_ = pillaiNull(d, others, pairs)
  if (null_ === undefined || null_.mean >= most)
    return left(
      problem(
        'out-of-range',
        'Pillai trace',
        `${pairs} pairs for ${d} directions and ${others + 1} tokens: chance alone explains all`,
        `give more than ${Math.max(d, others) + 1} pairs with at least two tokens`,
      ),
    )
  const images = matrixProduct(moments.byToken, white.right)
  for (let index = 0; index < images.entries.length; index++)
    images.entries[index]! *= inverseRoot(tokens[Math.floor(index / d)]!)
  // D x D rather than the singular values of V x D: the sum is as exact, correlations below 1e-8 are not.
  const squares = symmetricEigen(crossProduct(images, images)).values.map((value) => Math.min(1, Math.max(0, value)))
  const correlations = squares.map(Math.sqrt)
  const raw = squares.reduce((sum, square) => sum + square, 0)
  const chance = null_.mean
  return right({
    raw,
    chance,
    corrected: (raw - chance) / (1 - chance / most),
    most,
    band: null_,
    correlations,
    invariant: true,
  })
}

const centredStates = (
  hidden: Float64Array,
  weights: Float64Array,
): Either<Problem, { readonly centred: Matrix; readonly mean: Float64Array }> => {
  const width = hidden.length / weights.length
  if (!Number.isInteger(width) || width < 1)
    throw new Error(`hidden states: ${hidden.length} numbers for ${weights.length} contexts`)
  const wrong = hidden.findIndex((entry) => !Number.isFinite(entry))
  return wrong === -1
    ? right(centreAndScale(hidden.slice(), weights))
    : left(
        problem(
          'invalid-value',
          `hidden state ${Math.floor(wrong / width)}`,
          `an entry is ${hidden[wrong]}`,
          'give finite numbers',
        ),
      )
}

const whitening = ({ covariance, mean }: AlignmentMoments, smallestPart = float64Part): Either<Problem, Matrix> => {
  // A constant coordinate has the variance of its rounding.
  const white = whiteningOf(covariance, mean, smallestPart)
  return white.columns > 0
    ? right(white)
    : left(problem('empty-input', 'hidden states', 'they are all the same', 'use states that depend on the context'))
}

/** Of a correlation matrix: directions with a smaller part of the variance are dependent on the others. */
const float64Part = 1e-12

/** D x k with X^T A X = 1, k the rank of A; each coordinate is brought to variance one first, so that units do not matter. */
const whiteningOf = ({ rows: n, entries }: Matrix, offsets: Float64Array, smallestPart = float64Part): Matrix => {
  const roots = Float64Array.from({ length: n }, (_, i) => {
    const variance = entries[i * n + i]!
    return variance > 1e-26 * offsets[i]! ** 2 ? inverseRoot(variance) : 0
  })
  const correlation = matrix(
    n,
    n,
    entries.map((entry, index) => entry * roots[Math.floor(index / n)]! * roots[index % n]!),
  )
  const { values, vectors } = symmetricEigen(correlation)
  const rank = rankOf(values, { relative: smallestPart })
  const white = leadingColumns(vectors, rank)
  return matrix(
    n,
    rank,
    white.entries.map((entry, index) => (roots[Math.floor(index / rank)]! * entry) / Math.sqrt(values[index % rank]!)),
  )
}

const inverseRoot = (value: number): number => (value > 0 ? 1 / Math.sqrt(value) : 0)

const addRow = (target: Matrix, to: number, source: Matrix, from: number, factor: number): void => {
  if (factor === 0) return
  const width = target.columns
  for (let j = 0; j < width; j++) target.entries[to * width + j]! += factor * source.entries[from * width + j]!
}
