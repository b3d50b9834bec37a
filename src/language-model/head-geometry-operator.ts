/**
 * The pullback metric of a large head without its matrix: products g* v in O(V D) from V rows and a law on the tokens, and the leading
 * eigenpairs from such products. Neither V x V nor D x D numbers are ever in memory.
 */
import { lanczos, type LanczosEigen, type LanczosSettings } from '../linear-algebra/lanczos.js'
import { dimensionOf, meanRow } from './head-geometry-rows.js'
import { pullbackTrace } from './pullback.js'

/**
 * The map v -> g* v = E_p [(W_w - m) <W_w - m, v>], m = W^T p, in one pass over the rows (V x D, row-major; the Jacobian of the logits
 * where these are not linear); identity: W^T (p o (W v) - p (p . W v)). Tokens without probability are passed over.
 *
 * @example
 * const times = pullbackOperator(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5))
 * Array.from(times(Float64Array.of(1, 0))) // => [0.25, -0.25]
 */
export const pullbackOperator = (
  headWeights: Float64Array,
  p: Float64Array,
): ((direction: Float64Array) => Float64Array) => {
  const dimension = dimensionOf(headWeights, p.length)
  const mean = meanRow(headWeights, p)
  return (direction) => {
    if (direction.length !== dimension)
      throw new Error(`pullbackOperator: a direction of ${direction.length} numbers in dimension ${dimension}`)
    const image = new Float64Array(dimension)
    for (let w = 0; w < p.length; w++)
      if (p[w]! > 0) addScore(image, headWeights, w * dimension, mean, direction, p[w]!)
    return image
  }
}

/** Adds p (W_w - m) <W_w - m, v>; the row is in the cache when it is read again. */
const addScore = (
  target: Float64Array,
  rows: Float64Array,
  start: number,
  mean: Float64Array,
  direction: Float64Array,
  probability: number,
): void => {
  const dimension = direction.length
  // Four sums: one after the other, each addition waits for the last.
  const inFours = dimension - (dimension % 4)
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < inFours; i += 4) {
    const place = start + i
    s0 += (rows[place]! - mean[i]!) * direction[i]!
    s1 += (rows[place + 1]! - mean[i + 1]!) * direction[i + 1]!
    s2 += (rows[place + 2]! - mean[i + 2]!) * direction[i + 2]!
    s3 += (rows[place + 3]! - mean[i + 3]!) * direction[i + 3]!
  }
  for (let i = inFours; i < dimension; i++) s0 += (rows[start + i]! - mean[i]!) * direction[i]!
  const factor = probability * (s0 + s1 + (s2 + s3))
  for (let i = 0; i < dimension; i++) target[i]! += factor * (rows[start + i]! - mean[i]!)
}

export interface LeadingPullback extends LanczosEigen {
  /** The trace of g*, exact: the sum of all its eigenvalues. */
  readonly trace: number
  /**
   * The trace less the values: the trace of g* on the complement of the vectors. A bound: no eigenvalue that was not found exceeds it, since
   * g*(v, v) <= rest |v|^2 for every v orthogonal to the vectors.
   */
  readonly rest: number
}

/**
 * The `count` largest eigenvalues of g*(h) with eigenvectors, by the Lanczos method from a seeded start: each value with the residual that
 * bounds its error, and together with a bound on all that were not found. O(V D) for each of some tens of steps.
 *
 * @example
 * const head = Float64Array.of(2, 0, -2, 0, 0, 1, 0, -1)
 * const { values, trace, rest } = leadingPullback(head, new Float64Array(4).fill(1 / 4), 1)
 * Array.from(values) // => [2]
 * trace // => 2.5
 * rest // => 0.5
 */
export const leadingPullback = (
  headWeights: Float64Array,
  p: Float64Array,
  count: number,
  settings: LanczosSettings = {},
): LeadingPullback => {
  const dimension = dimensionOf(headWeights, p.length)
  const trace = pullbackTrace(headWeights, p)
  const found = lanczos(pullbackOperator(headWeights, p), dimension, count, settings)
  return {
    ...found,
    trace,
    rest: Math.max(
      0,
      found.values.reduce((rest, value) => rest - value, trace),
    ),
  }
}
