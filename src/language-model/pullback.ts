/**
 * The Fisher-Rao metric of the tokens, pulled back along the head to hidden states: g*(h) = W^T (diag p - p p^T) W at p = head(h).
 *
 * The head is the softmax of z = W h + b. Statements here are identities or bounds with the sharp constant; the rank statement
 * replaces the published one: many more tokens than dimensions do not make g* degenerate, since rank g*(h) = rank (C W) at every h,
 * where C = 1 - 11^T/V subtracts the mean of the rows. Where logits are not linear in h (a softcap), the Jacobian of the logits at h
 * takes the place of W in every function here.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), section 6, as corrected.
 */
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import {
  defaultRankTolerance,
  rankOf,
  type RankTolerance,
  singularValues,
  thinSvd,
} from '../linear-algebra/singular-values.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import { dimensionOf, meanRow, squaredDistance } from './head-geometry-rows.js'

/**
 * g*(h), D x D and positive semidefinite, from the head's weights (V x D, row-major) and the distribution p on tokens at h: the
 * covariance under p of the rows of W.
 *
 * @example
 * Array.from(pullbackMetric(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5)).entries) // => [0.25, -0.25, -0.25, 0.25]
 */
export const pullbackMetric = (headWeights: Float64Array, p: Float64Array): Matrix =>
  covariance(headWeights, dimensionOf(headWeights, p.length), p)

/** The spectrum of a pullback metric. */
export interface PullbackSpectrum {
  /** The eigenvalues, the largest first; what is at the rounding of the largest is 0. */
  readonly values: Float64Array
  /** sum p |W_w|^2 - |W^T p|^2, computed without the matrix; the sum of the eigenvalues. */
  readonly trace: number
}

/**
 * The eigenvalues of g*(h) and its trace.
 *
 * @example
 * Array.from(pullbackSpectrum(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5)).values) // => [0.5, 0]
 */
export const pullbackSpectrum = (headWeights: Float64Array, p: Float64Array): PullbackSpectrum => {
  const dimension = dimensionOf(headWeights, p.length)
  const { values } = symmetricEigen(covariance(headWeights, dimension, p))
  // The metric is positive semidefinite, and the solver's error is a rounding error of the largest eigenvalue.
  const rounding = dimension * Number.EPSILON * Math.max(0, values[0] ?? 0)
  return { values: values.map((value) => (value <= rounding ? 0 : value)), trace: pullbackTrace(headWeights, p) }
}

/**
 * The trace of g*(h), sum p |W_w - m|^2 = sum p |W_w|^2 - |m|^2 with m = W^T p, in O(V D).
 *
 * @example
 * pullbackTrace(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5)) // => 0.5
 */
export const pullbackTrace = (headWeights: Float64Array, p: Float64Array): number => {
  const dimension = dimensionOf(headWeights, p.length)
  const mean = meanRow(headWeights, p)
  const trace = compensatedSum()
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) trace.add(p[w]! * squaredDistance(headWeights, w * dimension, mean))
  return trace.total()
}

/**
 * rank (C W), the rank of g*(h) at every h: the number of singular values of the centred rows above a part, 1e-9 where none is
 * given, of the largest. Read it off W and not off g*(h), whose small eigenvalues a peaked p hides.
 *
 * @example
 * headRank(Float64Array.of(1, 2, 1, 2, 1, 2), 3) // => 0
 */
export const headRank = (
  headWeights: Float64Array,
  symbols: number,
  relativeTolerance: number = defaultRankTolerance,
): number =>
  rankOf(singularValues(centredRows(headWeights, symbols, symbols)), rankTolerance(headWeights, relativeTolerance))

/**
 * An orthonormal basis of the kernel of g*(h), the same at every h: the directions v for which all entries of W v are equal, D x
 * (D - rank). A step along one of them changes no prediction.
 *
 * @example
 * Array.from(headKernel(Float64Array.of(5, 1, 5, 2, 5, 4), 3).entries, Math.abs) // => [1, 0]
 */
export const headKernel = (
  headWeights: Float64Array,
  symbols: number,
  relativeTolerance: number = defaultRankTolerance,
): Matrix => {
  const dimension = dimensionOf(headWeights, symbols)
  // Rows of zeros, where there are few tokens, make the right factor square.
  const { right, values } = thinSvd(centredRows(headWeights, symbols, Math.max(symbols, dimension)))
  const rank = rankOf(values, rankTolerance(headWeights, relativeTolerance))
  const kernel = matrix(dimension, dimension - rank)
  for (let i = 0; i < dimension; i++)
    kernel.entries.set(right.entries.subarray(i * dimension + rank, (i + 1) * dimension), i * kernel.columns)
  return kernel
}

/** C W, with rows of zeros below it up to a number of rows. */
const centredRows = (headWeights: Float64Array, symbols: number, rows: number): Matrix => {
  const dimension = dimensionOf(headWeights, symbols)
  const mean = meanRow(headWeights, uniform(symbols))
  const centred = matrix(rows, dimension)
  for (let index = 0; index < headWeights.length; index++)
    centred.entries[index] = headWeights[index]! - mean[index % dimension]!
  return centred
}

/** Centring equal rows leaves rounding, which is no direction. */
const rankTolerance = (headWeights: Float64Array, relative: number): RankTolerance => ({
  relative,
  absolute: 1e-13 * Math.sqrt(headWeights.reduce((sum, entry) => sum + entry * entry, 0)),
})

/**
 * The largest distance between two rows of W; exact, in O(V^2 D).
 *
 * @example
 * headDiameter(Float64Array.of(0, 0, 3, 4, 1, 1), 3) // => 5
 */
export const headDiameter = (headWeights: Float64Array, symbols: number): number => {
  const dimension = dimensionOf(headWeights, symbols)
  let largest = 0
  for (let v = 0; v < symbols; v++)
    for (let w = 0; w < v; w++) {
      let square = 0
      for (let i = 0; i < dimension; i++)
        square += (headWeights[v * dimension + i]! - headWeights[w * dimension + i]!) ** 2
      largest = Math.max(largest, square)
    }
  return Math.sqrt(largest)
}

/**
 * The bound diam(W)^2 / 4 on the largest eigenvalue of g*(h) at every h; attained where p is one half on each of two farthest tokens.
 *
 * @example
 * curvatureBound(Float64Array.of(0, 2), 2) // => 1
 */
export const curvatureBound = (headWeights: Float64Array, symbols: number): number =>
  headDiameter(headWeights, symbols) ** 2 / 4

/**
 * (1/2) W^T C W, which is at least g*(h) at every h in the order of positive semidefinite matrices; loose in trace by about V/2.
 *
 * Source: D. Bohning, "Multinomial logistic regression algorithm" (1992).
 */
export const bohningMetric = (headWeights: Float64Array, symbols: number): Matrix => {
  const { rows, columns, entries } = covariance(headWeights, dimensionOf(headWeights, symbols), uniform(symbols))
  return matrix(
    rows,
    columns,
    entries.map((entry) => (entry * symbols) / 2),
  )
}

/**
 * The trace of the Bohning metric: a bound on the trace of g*(h) at every h.
 *
 * @example
 * bohningTraceBound(Float64Array.of(0, 2), 2) // => 1
 */
export const bohningTraceBound = (headWeights: Float64Array, symbols: number): number =>
  (symbols / 2) * pullbackTrace(headWeights, uniform(symbols))

/** sum p (W_w - m)(W_w - m)^T with m = W^T p: the form that is positive semidefinite in floating point too. */
const covariance = (headWeights: Float64Array, dimension: number, p: Float64Array): Matrix => {
  const mean = meanRow(headWeights, p)
  const result = matrix(dimension, dimension)
  const gap = new Float64Array(dimension)
  for (let w = 0; w < p.length; w++) {
    if (p[w] === 0) continue
    for (let i = 0; i < dimension; i++) gap[i] = headWeights[w * dimension + i]! - mean[i]!
    for (let i = 0; i < dimension; i++) {
      const weighted = p[w]! * gap[i]!
      for (let j = 0; j <= i; j++) result.entries[i * dimension + j]! += weighted * gap[j]!
    }
  }
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < i; j++) result.entries[j * dimension + i] = result.entries[i * dimension + j]!
  return result
}

const uniform = (symbols: number): Float64Array => new Float64Array(symbols).fill(1 / symbols)
