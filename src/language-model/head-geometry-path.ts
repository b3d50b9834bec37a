/**
 * The straight path from one hidden state to another, as the head sees it: its length and energy in the pullback metric beside the
 * divergences of the two predictions p and p'.
 *
 *     energy = integral of g*(h_t)(dl, dl) dt = J(p, p')            integral with 1 - t: KL(p || p')            identities
 *     4 TV^2 <= (2 arccos BC)^2 <= length^2 <= J <= TV range(W dl)                                             bounds, dl = h' - h
 *
 * It is one chain: 4 TV^2 <= 4 (1 - BC^2), and the sine is at most the angle. For a path in n equal pieces J = n sum J_i, with J_i
 * Jeffreys' divergence across a piece, so that sum of arcs <= length <= sum sqrt J_i holds exactly however coarse the pieces are.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Corollary 7.2, whose integral is exactly Jeffreys'.
 */
import { divergence, totalVariation } from '../information/divergence.js'
import { bound, type Figure, identity } from '../information/figure.js'
import { fisherRaoDistance } from '../information/fisher-rao.js'
import { logitJeffreys, logitKullbackLeibler } from '../information/logit-divergence.js'
import { gaussLegendre } from '../linear-algebra/gauss-legendre.js'
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { type Head, headLogits, logitSteps, varianceUnder } from './head-divergence.js'

export interface StraightPath {
  /** KL(p || p') and KL(p' || p) + KL(p || p') in closed form, nats. */
  readonly kullbackLeibler: number
  readonly jeffreys: number
  /** The integrals of g*(dl, dl), with weight 1 - t and 1, by quadrature. */
  readonly weightedEnergy: number
  readonly energy: number
  /** The integral of sqrt g*(dl, dl) by quadrature; what it approximates is between the two bounds that follow. */
  readonly length: number
  /** The sum of 2 arccos BC across the pieces: at most the length of this path (not of a shorter one). */
  readonly lengthLower: number
  /** The sum of sqrt J across the pieces: at least the length of this path, and so at least the geodesic distance in g*. */
  readonly lengthUpper: number
  /** 2 arccos BC(p, p'): at most the length of every path. */
  readonly fisherRao: number
  readonly totalVariation: number
  /** max - min of W (h' - h) over the tokens that the head does not rule out. */
  readonly logitRange: number
}

export interface PathSettings {
  /** Pieces of equal length in h; where it is not given 16, or more so that the logits change by at most 2 in each, to 4096. */
  readonly pieces?: number
  /** Gauss-Legendre nodes in each piece; 12 where it is not given. */
  readonly nodes?: number
}

/**
 * Both sides of every statement above for the straight path; two products with W, then O(V) for each node. Nats, and their square roots.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * const path = straightPath(head, Float64Array.of(0), Float64Array.of(1))
 * path.jeffreys // => 0.27465307216702745
 * path.energy // => 0.27465307216702745
 * path.length // => 0.5235987755982988
 * path.fisherRao // => 0.5235987755982988
 */
export const straightPath = (
  head: Head,
  from: Float64Array,
  to: Float64Array,
  { pieces: wanted, nodes: nodeCount = 12 }: PathSettings = {},
): StraightPath => {
  const start = headLogits(head, from)
  const steps = logitSteps(head, from, to)
  const logitRange = rangeOf(steps.filter((_, w) => start[w]! > -Infinity))
  // The metric changes over steps of the logits of order one: long paths need more pieces.
  const pieces = wanted ?? Math.max(16, Math.min(mostPieces, Math.ceil(logitRange / 2)))
  if (!Number.isInteger(pieces) || pieces < 1) throw new Error(`straightPath: ${pieces} pieces`)
  const lawAt = (t: number): Float64Array => logSoftmax(start.map((logit, w) => logit + t * steps[w]!))
  const ends = [lawAt(0), lawAt(1)] as const
  const [p, q] = [ends[0].map(Math.exp), ends[1].map(Math.exp)]
  const { nodes, weights } = gaussLegendre(nodeCount)
  const pieceSteps = steps.map((step) => step / pieces)

  let [weightedEnergy, energy, length, lengthLower, lengthUpper] = [0, 0, 0, 0, 0]
  let before = ends[0]
  for (let piece = 0; piece < pieces; piece++) {
    nodes.forEach((node, k) => {
      const t = (piece + node) / pieces
      const square = varianceUnder(lawAt(t).map(Math.exp), steps)
      const weight = weights[k]! / pieces
      weightedEnergy += weight * (1 - t) * square
      energy += weight * square
      length += weight * Math.sqrt(square)
    })
    const after = lawAt((piece + 1) / pieces)
    lengthLower += fisherRaoDistance(before.map(Math.exp), after.map(Math.exp))
    lengthUpper += Math.sqrt(logitJeffreys(before, pieceSteps))
    before = after
  }
  return {
    kullbackLeibler: logitKullbackLeibler(ends[0], steps),
    jeffreys: logitJeffreys(ends[0], steps),
    weightedEnergy,
    energy,
    length,
    lengthLower,
    lengthUpper,
    fisherRao: fisherRaoDistance(p, q),
    totalVariation: divergence(totalVariation, p, q),
    logitRange,
  }
}

const mostPieces = 4096

const rangeOf = (values: Float64Array): number =>
  values.reduce((most, x) => Math.max(most, x), -Infinity) - values.reduce((least, x) => Math.min(least, x), Infinity)

/** The statements about a straight path as figures, each with its kind; quadrature is held to 1e-8. */
export const pathFigures = (path: StraightPath): readonly Figure[] => {
  const arc = path.fisherRao ** 2
  return [
    identity('integral of g* along the segment = J', path.energy, path.jeffreys, 'nats', 1e-8),
    identity('integral of (1 - t) g* = KL', path.weightedEnergy, path.kullbackLeibler, 'nats', 1e-8),
    bound('4 TV^2 <= (2 arccos BC)^2', 4 * path.totalVariation ** 2, 'at most', arc, 'nats'),
    bound('(2 arccos BC)^2 <= (sum of arcs)^2 <= length^2', arc, 'at most', path.lengthLower ** 2, 'nats'),
    bound('length^2 <= (sum of sqrt J_i)^2 <= J', path.lengthUpper ** 2, 'at most', path.jeffreys, 'nats'),
    bound('J <= TV range(W dl)', path.jeffreys, 'at most', path.totalVariation * path.logitRange, 'nats'),
  ]
}
