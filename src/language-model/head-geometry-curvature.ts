/**
 * Curvature bounds of a head with many tokens, where the distances of all pairs of rows are too many: the smallest ball that holds them.
 *
 * With R its radius, sup_p trace g* = R^2 (a bound, sharp: its dual problem is this very supremum), and for the largest eigenvalue
 *
 *     lambda_max(g*) <= diam(W)^2 / 4 <= R^2 <= max |W_w|^2
 *
 * The Bohning trace, about V/2 times too large, needs no such search.
 *
 * Source: pairwise steps of the method of M. Frank and P. Wolfe, "An algorithm for quadratic programming" (1956), on the dual problem of
 * J. Elzinga and D. Hearn, "The minimum covering sphere problem" (1972).
 */
import { dimensionOf, meanRow, squaredDistance } from './head-geometry-rows.js'
import { pullbackTrace } from './pullback.js'

export interface EnclosingBall {
  /** D. */
  readonly centre: Float64Array
  /** The largest distance of a row to the centre: every row is inside. R is at most this, and so is half the diameter of the rows. */
  readonly radius: number
  /** The root of the trace of g* under the law below: R is at least this. */
  readonly lowerRadius: number
  /** The law on the tokens whose mean row is the centre, V: nearly the one at which g* has the largest trace. */
  readonly law: Float64Array
  /** A distance between two rows, at least R: the diameter is at least this. */
  readonly lowerDiameter: number
  readonly steps: number
}

export interface BallSettings {
  /** It stops where the two squared radii differ by at most this part; 1e-3 where it is not given. */
  readonly tolerance?: number
  /** 1000 where it is not given; each costs O(V D). */
  readonly mostSteps?: number
}

/**
 * A ball that holds all rows of a head (V x D), nearly the smallest, with both bounds on the smallest radius; O(V D) a step, deterministic.
 *
 * Bounds: trace g* <= radius^2 and lambda_max(g*) <= radius^2 at every hidden state; lowerDiameter <= diam(W) <= 2 radius.
 *
 * @example
 * const { radius, lowerDiameter, centre } = enclosingBall(Float64Array.of(0, 0, 4, 0, 1, 1), 3)
 * radius // => 2
 * lowerDiameter // => 4
 * Array.from(centre) // => [2, 0]
 */
export const enclosingBall = (
  headWeights: Float64Array,
  symbols: number,
  { tolerance = 1e-3, mostSteps = 1000 }: BallSettings = {},
): EnclosingBall => {
  const dimension = dimensionOf(headWeights, symbols)
  const row = (w: number): Float64Array => headWeights.subarray(w * dimension, (w + 1) * dimension)
  const ends = farthestFrom(headWeights, symbols, row(farthestFrom(headWeights, symbols, row(0)).token))
  const opposite = farthestFrom(headWeights, symbols, row(ends.token))
  const law = new Float64Array(symbols)
  law[ends.token]! += 1 / 2
  law[opposite.token]! += 1 / 2
  let centre = meanRow(headWeights, law)
  let trace = pullbackTrace(headWeights, law)
  for (let steps = 1; ; steps++) {
    const { token, square } = farthestFrom(headWeights, symbols, centre)
    if (square - trace <= tolerance * square || steps === mostSteps)
      return {
        centre,
        radius: Math.sqrt(square),
        lowerRadius: Math.sqrt(pullbackTrace(headWeights, law)),
        law,
        lowerDiameter: Math.sqrt(Math.max(ends.square, opposite.square)),
        steps,
      }
    // Mass moves from the token of the law that is nearest to the centre: this much of it makes the trace largest.
    const near = nearestInLaw(headWeights, law, centre)
    const gap = square - near.square
    const apart = squaredDistance(headWeights, near.token * dimension, row(token))
    const moved = Math.min(law[near.token]!, gap / (2 * apart))
    law[near.token] = moved === law[near.token] ? 0 : law[near.token]! - moved
    law[token]! += moved
    const [from, to] = [row(near.token), row(token)]
    centre = centre.map((entry, i) => entry + moved * (to[i]! - from[i]!))
    trace += moved * (gap - moved * apart)
  }
}

const nearestInLaw = (
  rows: Float64Array,
  law: Float64Array,
  point: Float64Array,
): { readonly token: number; readonly square: number } => {
  let [token, square] = [0, Infinity]
  for (let w = 0; w < law.length; w++) {
    if (law[w] === 0) continue
    const distance = squaredDistance(rows, w * point.length, point)
    if (distance < square) [token, square] = [w, distance]
  }
  return { token, square }
}

const farthestFrom = (
  rows: Float64Array,
  symbols: number,
  point: Float64Array,
): { readonly token: number; readonly square: number } => {
  let [token, square] = [0, -1]
  for (let w = 0; w < symbols; w++) {
    const distance = squaredDistance(rows, w * point.length, point)
    if (distance > square) [token, square] = [w, distance]
  }
  return { token, square }
}
