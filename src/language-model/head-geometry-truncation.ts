/**
 * The pullback metric from the most probable tokens alone, with certificates. With T the kept tokens, 1 - r their mass, g_T and m_T the
 * covariance and mean of their rows under p given T:
 *
 *     (1 - r) g_T  <=  g*  <=  (1 - r) g_T + r E_tail [(W - m_T)(W - m_T)^T]          in the order of positive semidefinite matrices
 *
 * The upper side exceeds g* by exactly r^2 a a^T, where a is from m_T to the mean of the tail; the two sides differ in trace by at most
 * r times the largest |W_w - m_T|^2 outside T, which needs no probability of the tail.
 */
import { requireProbabilities } from '../information/require-probabilities.js'
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { dimensionOf, meanRow, squaredDistance } from './head-geometry-rows.js'
import { pullbackSpectrum } from './pullback.js'

/**
 * The k most probable tokens, the most probable first; of equals the one that comes first.
 *
 * @example
 * Array.from(topTokens([0.1, 0.5, 0.1, 0.3], 3)) // => [1, 3, 0]
 */
export const topTokens = (p: ArrayLike<number>, count: number): Int32Array =>
  Int32Array.from({ length: p.length }, (_, w) => w)
    .sort((v, w) => p[w]! - p[v]! || v - w)
    .slice(0, count)

/** A head that is cut down to some tokens: a smaller one, on which every function of the pullback metric works. */
export interface TruncatedHead {
  /** The k kept tokens. */
  readonly tokens: Int32Array
  /** Their rows, k x D. */
  readonly rows: Float64Array
  /** p given T: their probabilities, k, divided by their sum. */
  readonly law: Float64Array
  /** r, the mass of all others. */
  readonly remainder: number
  /** m_T, D. */
  readonly mean: Float64Array
  /** r max |W_w - m_T|^2 over the tokens that are not kept: a bound on the trace of g* - (1 - r) g_T, and so on its eigenvalues. */
  readonly traceGapBound: number
}

/**
 * A head's rows (V x D) cut down to tokens of which the probabilities are known; nothing is asked of the others but their rows.
 *
 * The probabilities are not divided by their sum beforehand: what they lack of one is r. Tokens that repeat or are not there,
 * probabilities that sum to nothing or more than one, and sizes that differ throw.
 *
 * @example
 * const { law, remainder, traceGapBound } = truncateHead(Float64Array.of(0, 2, 5), 3, [0, 1], [0.5, 0.25])
 * Array.from(law) // => [0.6666666666666666, 0.3333333333333333]
 * remainder // => 0.25
 * traceGapBound // => 4.694444444444445
 */
export const truncateHead = (
  headWeights: Float64Array,
  symbols: number,
  tokens: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): TruncatedHead => {
  const dimension = dimensionOf(headWeights, symbols)
  if (probabilities.length !== tokens.length)
    throw new Error(`truncateHead: ${tokens.length} tokens and ${probabilities.length} probabilities`)
  const kept = new Set(Array.from(tokens))
  if (kept.size < tokens.length || Array.from(kept).some((w) => !Number.isInteger(w) || w < 0 || w >= symbols))
    throw new Error(`truncateHead: the tokens must be different numbers from 0 to ${symbols - 1}`)
  requireProbabilities('truncateHead', probabilities)
  const mass = compensatedSum()
  for (let k = 0; k < probabilities.length; k++) mass.add(probabilities[k]!)
  const total = mass.total()
  if (!(total > 0 && total <= 1 + 1e-9)) throw new Error(`truncateHead: the probabilities sum to ${total}`)
  const law = Float64Array.from(probabilities, (probability) => probability / total)
  const rows = new Float64Array(tokens.length * dimension)
  for (let k = 0; k < tokens.length; k++)
    rows.set(headWeights.subarray(tokens[k]! * dimension, (tokens[k]! + 1) * dimension), k * dimension)
  const mean = meanRow(rows, law)
  const remainder = kept.size === symbols ? 0 : Math.max(0, 1 - total)
  let farthest = 0
  if (remainder > 0)
    for (let w = 0; w < symbols; w++)
      if (!kept.has(w)) farthest = Math.max(farthest, squaredDistance(headWeights, w * dimension, mean))
  return { tokens: Int32Array.from(tokens), rows, law, remainder, mean, traceGapBound: remainder * farthest }
}

/** Bounds on each eigenvalue of g*, the largest first, from the kept tokens. */
export interface EigenvalueBracket {
  /** Of (1 - r) g_T. */
  readonly lower: Float64Array
  /** The same, each with the bound on the gap added. */
  readonly upper: Float64Array
}

/**
 * Bounds on all eigenvalues of g*, and of g* alone: lower_i <= lambda_i(g*) <= upper_i, by Weyl's inequality. O(k D^2 + D^3).
 *
 * @example
 * const { lower, upper } = truncatedSpectrum(truncateHead(Float64Array.of(0, 2, 5), 3, [0, 1], [0.5, 0.25]))
 * lower[0] // => 0.6666666666666666
 * upper[0] // => 5.361111111111112
 */
export const truncatedSpectrum = ({ rows, law, remainder, traceGapBound }: TruncatedHead): EigenvalueBracket => {
  const lower = pullbackSpectrum(rows, law).values.map((value) => (1 - remainder) * value)
  return { lower, upper: lower.map((value) => value + traceGapBound) }
}

/**
 * r E_tail [(W - m_T)(W - m_T)^T], D x D, where the whole law is known: what the upper side adds to (1 - r) g_T. Its trace is at most
 * the bound on the gap. O(V D^2).
 *
 * @example
 * const p = Float64Array.of(0.5, 0.25, 0.25)
 * const head = Float64Array.of(0, 2, 5)
 * tailMetric(head, p, truncateHead(head, 3, [0, 1], [0.5, 0.25])).entries[0] // => 4.694444444444445
 */
export const tailMetric = (headWeights: Float64Array, p: Float64Array, { tokens, mean }: TruncatedHead): Matrix => {
  const dimension = dimensionOf(headWeights, p.length)
  const kept = new Set(tokens)
  const result = matrix(dimension, dimension)
  for (let w = 0; w < p.length; w++) {
    if (kept.has(w) || p[w] === 0) continue
    const gap = mean.map((entry, i) => headWeights[w * dimension + i]! - entry)
    for (let i = 0; i < dimension; i++)
      for (let j = 0; j < dimension; j++) result.entries[i * dimension + j]! += p[w]! * gap[i]! * gap[j]!
  }
  return result
}
