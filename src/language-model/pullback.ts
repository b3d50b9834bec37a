/**
 * The Fisher-Rao metric of the tokens, pulled back along the head to hidden states: g*(h) = W^T (diag p - p p^T) W at p = head(h).
 *
 * The head is the softmax of z = W h + b. Statements here are identities or bounds with the sharp constant; the rank statement
 * replaces the published one: many more tokens than dimensions do not make g* degenerate, since rank g*(h) = rank (C W) at every h,
 * where C = 1 - 11^T/V subtracts the mean of the rows.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), section 6, as corrected.
 */
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { defaultRankTolerance, rankOf, singularValues } from '../linear-algebra/singular-values.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'

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
  return { values: values.map((value) => (value <= rounding ? 0 : value)), trace: variance(headWeights, dimension, p) }
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
): number => {
  const dimension = dimensionOf(headWeights, symbols)
  const mean = meanRow(headWeights, dimension, uniform(symbols))
  const centred = headWeights.map((entry, index) => entry - mean[index % dimension]!)
  // Centring equal rows leaves rounding, which is no direction.
  const rounding = 1e-13 * Math.sqrt(headWeights.reduce((sum, entry) => sum + entry * entry, 0))
  return rankOf(singularValues(matrix(symbols, dimension, centred)), {
    relative: relativeTolerance,
    absolute: rounding,
  })
}

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
  (symbols / 2) * variance(headWeights, dimensionOf(headWeights, symbols), uniform(symbols))

/** sum p (W_w - m)(W_w - m)^T with m = W^T p: the form that is positive semidefinite in floating point too. */
const covariance = (headWeights: Float64Array, dimension: number, p: Float64Array): Matrix => {
  const mean = meanRow(headWeights, dimension, p)
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

/** sum p |W_w - m|^2. */
const variance = (headWeights: Float64Array, dimension: number, p: Float64Array): number => {
  const mean = meanRow(headWeights, dimension, p)
  let sum = 0
  for (let w = 0; w < p.length; w++) {
    let square = 0
    for (let i = 0; i < dimension; i++) square += (headWeights[w * dimension + i]! - mean[i]!) ** 2
    sum += p[w]! * square
  }
  return sum
}

/** W^T p. */
const meanRow = (headWeights: Float64Array, dimension: number, p: Float64Array): Float64Array => {
  const mean = new Float64Array(dimension)
  for (let w = 0; w < p.length; w++)
    for (let i = 0; i < dimension; i++) mean[i]! += p[w]! * headWeights[w * dimension + i]!
  return mean
}

const uniform = (symbols: number): Float64Array => new Float64Array(symbols).fill(1 / symbols)

const dimensionOf = (headWeights: Float64Array, symbols: number): number => {
  if (symbols < 1 || headWeights.length % symbols !== 0)
    throw new Error(`pullback metric: ${headWeights.length} weights do not make ${symbols} rows of one length`)
  return headWeights.length / symbols
}
