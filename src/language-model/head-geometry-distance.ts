/**
 * How far apart two hidden states are for the head: the geodesic distance in the pullback metric, between two bounds.
 *
 * Below: the Fisher-Rao distance 2 arccos BC of the two predictions, which no path among predictions beats. It is the distance itself where
 * the head reaches every law (rank g* = V - 1, states without limit). Above: the length of a path; the straight one, and one that has been
 * shortened.
 *
 * A path of n straight pieces h_0 .. h_n has the energy E = n sum J(h_i, h_i+1), exactly, since g* integrates to Jeffreys' divergence along
 * each piece; and distance^2 <= length^2 <= (sum sqrt J)^2 <= E. For the straight path in equal pieces E = J(p, p'). Lowering E, which
 * L-BFGS does with exact gradients, therefore lowers a true bound at every step. Nothing is claimed of the shape of the path: where g*
 * has a kernel its pieces may slide along it for nothing.
 */
import { fisherRaoDistance } from '../information/fisher-rao.js'
import { logitJeffreys } from '../information/logit-divergence.js'
import { minimise, type Minimum } from '../linear-algebra/lbfgs.js'
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { type Head, headLogits } from './head-divergence.js'
import { combinationOfRows } from './head-geometry-rows.js'
import { straightPath } from './head-geometry-path.js'

/** A number on one side of the geodesic distance, and why. */
export interface DistanceBound {
  readonly value: number
  readonly relation: 'at most the geodesic distance' | 'at least the geodesic distance'
  readonly statement: string
}

export interface HeadDistance {
  readonly lower: DistanceBound
  readonly upper: DistanceBound
}

export interface DistanceSettings {
  /** 16 where it is not given. */
  readonly pieces?: number
}

/**
 * Both bounds on the geodesic distance of two hidden states in g*, from the straight path in pieces: O(V D + V pieces).
 *
 * The upper one is the sum of sqrt J across the pieces, which falls to the length of the path as these grow in number, and is never below.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * const { lower, upper } = headDistance(head, Float64Array.of(0), Float64Array.of(1))
 * lower.value // => 0.5235987755982988
 * upper.value - lower.value < 2e-5 // => true
 */
export const headDistance = (
  head: Head,
  from: Float64Array,
  to: Float64Array,
  { pieces = 16 }: DistanceSettings = {},
): HeadDistance => {
  const { fisherRao, lengthUpper } = straightPath(head, from, to, { pieces, nodes: 1 })
  return {
    lower: {
      value: fisherRao,
      relation: 'at most the geodesic distance',
      statement: '2 arccos BC of the predictions <= length of every path',
    },
    upper: {
      value: lengthUpper,
      relation: 'at least the geodesic distance',
      statement: 'geodesic distance <= length of the straight path <= sum of sqrt J across its pieces',
    },
  }
}

export interface RelaxedPath {
  /** The n + 1 states, (n + 1) x D, row-major; the first and last are those given. */
  readonly states: Float64Array
  /** n sum J across the pieces, nats: the energy of the path. At most that of the straight path. */
  readonly energy: number
  /** J(p, p'), the energy of the straight path. */
  readonly straightEnergy: number
  /** The sum of sqrt J across the pieces: at least the length of this path, and so at least the geodesic distance. */
  readonly upper: DistanceBound
  /** The sum of 2 arccos BC across the pieces: at most the length of this path. It says nothing of the geodesic. */
  readonly lengthLower: number
  readonly iterations: number
  readonly outcome: Minimum['outcome']
}

export interface RelaxationSettings {
  /** n; 8 where it is not given. */
  readonly pieces?: number
  /** 200 where it is not given; each costs O(n V D). */
  readonly mostIterations?: number
  /** Of the gradient of the energy in the states; 1e-8 where it is not given. */
  readonly gradientTolerance?: number
}

/**
 * The path from one hidden state to another that starts straight and is shortened in the pullback metric, its ends held; deterministic.
 *
 * Bound: its length is at least the geodesic distance; the energy never rises. O(n D) numbers in memory beside V for each state.
 *
 * @example
 * const head = { headWeights: Float64Array.of(1, 0, 0, 1, 0, 0), headBias: new Float64Array(3) }
 * const { energy, straightEnergy } = relaxedPath(head, Float64Array.of(4, 0), Float64Array.of(0, 4))
 * straightEnergy // => 7.575957871662847
 * energy < 6.74 // => true
 */
export const relaxedPath = (
  head: Head,
  from: Float64Array,
  to: Float64Array,
  { pieces = 8, mostIterations = 200, gradientTolerance = 1e-8 }: RelaxationSettings = {},
): RelaxedPath => {
  if (!Number.isInteger(pieces) || pieces < 1) throw new Error(`relaxedPath: ${pieces} pieces`)
  const dimension = from.length
  const inner = new Float64Array((pieces - 1) * dimension)
  for (let k = 1; k < pieces; k++)
    for (let i = 0; i < dimension; i++) inner[(k - 1) * dimension + i] = from[i]! + (k / pieces) * (to[i]! - from[i]!)
  const ends = [stateAt(head, from), stateAt(head, to)] as const
  const along = (point: Float64Array): readonly PathState[] => [
    ends[0],
    ...Array.from({ length: pieces - 1 }, (_, k) => stateAt(head, point.subarray(k * dimension, (k + 1) * dimension))),
    ends[1],
  ]
  const { point, iterations, outcome } = minimise(
    (candidate, gradient) => {
      const path = along(candidate)
      for (let k = 1; k < pieces; k++)
        gradient.set(energyGradient(head, dimension, path[k - 1]!, path[k]!, path[k + 1]!, pieces), (k - 1) * dimension)
      return pieces * divergencesAcross(path).reduce((sum, value) => sum + value, 0)
    },
    inner,
    { mostIterations, gradientTolerance },
  )
  const path = along(point)
  const across = divergencesAcross(path)
  const states = new Float64Array((pieces + 1) * dimension)
  states.set(from, 0)
  states.set(point, dimension)
  states.set(to, pieces * dimension)
  return {
    states,
    energy: pieces * across.reduce((sum, value) => sum + value, 0),
    straightEnergy: logitJeffreys(ends[0].logProbabilities, difference(ends[1].logits, ends[0].logits)),
    upper: {
      value: across.reduce((sum, value) => sum + Math.sqrt(value), 0),
      relation: 'at least the geodesic distance',
      statement: 'geodesic distance <= length of the relaxed path <= sum of sqrt J across its pieces',
    },
    lengthLower: path.slice(1).reduce((sum, { p }, k) => sum + fisherRaoDistance(path[k]!.p, p), 0),
    iterations,
    outcome,
  }
}

interface PathState {
  readonly logits: Float64Array
  readonly logProbabilities: Float64Array
  readonly p: Float64Array
}

const stateAt = (head: Head, hidden: Float64Array): PathState => {
  const logits = headLogits(head, hidden)
  const logProbabilities = logSoftmax(logits)
  return { logits, logProbabilities, p: logProbabilities.map(Math.exp) }
}

/** a - b; a token that the head rules out has taken no step. */
const difference = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((entry, w) => (entry === b[w]! ? 0 : entry - b[w]!))

const divergencesAcross = (path: readonly PathState[]): readonly number[] =>
  path
    .slice(1)
    .map(({ logits }, k) => Math.max(0, logitJeffreys(path[k]!.logProbabilities, difference(logits, path[k]!.logits))))

/**
 * d E / d h_k = n W^T [2p - p_before - p_after + p o (u - p . u)] with u = 2z - z_before - z_after, from the gradient of
 * J(h, h') = <E_p W - E_p' W, h - h'> in h, which is E_p W - E_p' W + g*(h)(h - h').
 */
const energyGradient = (
  head: Head,
  dimension: number,
  before: PathState,
  at: PathState,
  after: PathState,
  pieces: number,
): Float64Array => {
  const [left, right] = [difference(at.logits, before.logits), difference(at.logits, after.logits)]
  const bend = left.map((step, w) => step + right[w]!)
  const mean = bend.reduce((sum, entry, w) => sum + at.p[w]! * entry, 0)
  const factors = bend.map(
    (entry, w) => pieces * (at.p[w]! - before.p[w]! + (at.p[w]! - after.p[w]!) + at.p[w]! * (entry - mean)),
  )
  return combinationOfRows(head.headWeights, dimension, factors)
}
