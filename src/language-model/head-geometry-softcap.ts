/**
 * Heads of real checkpoints: logits with a soft cap, z = c tanh (y / c) at y = W h + b, and vocabularies with rows that are no tokens.
 *
 * A cap bends the map to logits, so its Jacobian diag (1 - (z/c)^2) W takes the place of W in the pullback metric, and what rests on
 * linear logits falls: the rank of g* is that of C J and depends on h; log Z is not convex in h; the energy of the straight path is no
 * longer Jeffreys' divergence. What holds of every path still does: (2 arccos BC)^2 <= length^2 <= energy, and g* <= max |W_w|^2. The
 * hidden state is that after the final normalisation, and the bias is part of the head, with or without a cap.
 */
import { fisherRaoDistance } from '../information/fisher-rao.js'
import { logitJeffreys } from '../information/logit-divergence.js'
import { gaussLegendre } from '../linear-algebra/gauss-legendre.js'
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { type Head, headLogits, logitSteps, varianceUnder } from './head-divergence.js'
import { dimensionOf } from './head-geometry-rows.js'

/**
 * c tanh (y / c), V numbers.
 *
 * @example
 * Array.from(softcapLogits(Float64Array.of(0, 1000, -1000), 30)) // => [0, 30, -30]
 */
export const softcapLogits = (logits: Float64Array, cap: number): Float64Array => {
  requireCap(cap)
  return logits.map((logit) => cap * Math.tanh(logit / cap))
}

/** dz/dy = 1 - (z/c)^2 = 1 / cosh^2 (y/c), which does not cancel near the cap. */
export const softcapSlopes = (logits: Float64Array, cap: number): Float64Array => {
  requireCap(cap)
  return logits.map((logit) => 1 / Math.cosh(logit / cap) ** 2)
}

/**
 * The Jacobian of the capped logits at a hidden state, V x D: diag (1 - (z/c)^2) W. In the functions of the pullback metric it takes the
 * place of the weights, with p the distribution of the capped logits.
 *
 * @example
 * const head = { headWeights: Float64Array.of(1, 2), headBias: Float64Array.of(0, 0) }
 * Array.from(softcapJacobian(head, Float64Array.of(0), 30)) // => [1, 2]
 */
export const softcapJacobian = (head: Head, hidden: Float64Array, cap: number): Float64Array => {
  const slopes = softcapSlopes(headLogits(head, hidden), cap)
  return head.headWeights.map((entry, index) => slopes[Math.floor(index / hidden.length)]! * entry)
}

/**
 * The distribution on tokens under a cap.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, 1000), headBias: Float64Array.of(0, 0) }
 * Array.from(softcapDistribution(head, Float64Array.of(1), Math.log(3))) // => [0.25, 0.75]
 */
export const softcapDistribution = (head: Head, hidden: Float64Array, cap: number): Float64Array =>
  logSoftmax(softcapLogits(headLogits(head, hidden), cap)).map(Math.exp)

export interface SoftcapPath {
  /** The integrals of g* and of its root along the segment of hidden states, by quadrature. */
  readonly energy: number
  readonly length: number
  /** J(p, p') of the capped predictions, nats: not the energy, from which a cap may part it either way. */
  readonly jeffreys: number
  /** 2 arccos BC(p, p'). */
  readonly fisherRao: number
}

/**
 * The straight path of hidden states under a cap. Bounds: fisherRao^2 <= length^2 <= energy.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, 4), headBias: Float64Array.of(0, 0) }
 * const { energy, jeffreys } = softcapPath(head, Float64Array.of(-1), Float64Array.of(1), 1)
 * energy // => 2.542163400847106
 * jeffreys // => 0.9230872317183754
 */
export const softcapPath = (
  head: Head,
  from: Float64Array,
  to: Float64Array,
  cap: number,
  { pieces = 16, nodes: nodeCount = 12 }: { readonly pieces?: number; readonly nodes?: number } = {},
): SoftcapPath => {
  const [start, end] = [headLogits(head, from), headLogits(head, to)]
  const steps = logitSteps(head, from, to)
  const { nodes, weights } = gaussLegendre(nodeCount)
  let [energy, length] = [0, 0]
  for (let piece = 0; piece < pieces; piece++)
    nodes.forEach((node, k) => {
      const logits = start.map((logit, w) => logit + ((piece + node) / pieces) * steps[w]!)
      const slopes = softcapSlopes(logits, cap)
      const p = logSoftmax(softcapLogits(logits, cap)).map(Math.exp)
      const square = varianceUnder(
        p,
        steps.map((step, w) => step * slopes[w]!),
      )
      energy += (weights[k]! / pieces) * square
      length += (weights[k]! / pieces) * Math.sqrt(square)
    })
  const [capped, cappedEnd] = [softcapLogits(start, cap), softcapLogits(end, cap)]
  const [before, after] = [logSoftmax(capped), logSoftmax(cappedEnd)]
  return {
    energy,
    length,
    jeffreys: logitJeffreys(
      before,
      cappedEnd.map((logit, w) => logit - capped[w]!),
    ),
    fisherRao: fisherRaoDistance(before.map(Math.exp), after.map(Math.exp)),
  }
}

/**
 * A head cut down to its first tokens, or to chosen ones in the order given: for vocabularies that are padded to a round number of rows,
 * whose surplus rows take probability and add directions to C W though no token is behind them. The first tokens share memory with the
 * head; the predictions are those of the head given that one of the tokens comes next.
 *
 * @example
 * const head = { headWeights: Float64Array.of(1, 2, 3, 0), headBias: Float64Array.of(0, 0, 0, 0) }
 * Array.from(headOfTokens(head, 3).headWeights) // => [1, 2, 3]
 * Array.from(headOfTokens(head, [2, 0]).headWeights) // => [3, 1]
 */
export const headOfTokens = ({ headWeights, headBias }: Head, tokens: number | ArrayLike<number>): Head => {
  const symbols = headBias.length
  const dimension = dimensionOf(headWeights, symbols)
  if (typeof tokens === 'number') {
    if (!Number.isInteger(tokens) || tokens < 1 || tokens > symbols)
      throw new Error(`headOfTokens: the first ${tokens} of ${symbols} tokens`)
    return { headWeights: headWeights.subarray(0, tokens * dimension), headBias: headBias.subarray(0, tokens) }
  }
  const chosen = Array.from(tokens)
  if (chosen.length === 0 || chosen.some((w) => !Number.isInteger(w) || w < 0 || w >= symbols))
    throw new Error(`headOfTokens: tokens are numbers from 0 to ${symbols - 1}, at least one`)
  const weights = new Float64Array(chosen.length * dimension)
  chosen.forEach((w, k) => weights.set(headWeights.subarray(w * dimension, (w + 1) * dimension), k * dimension))
  return { headWeights: weights, headBias: Float64Array.from(chosen, (w) => headBias[w]!) }
}

const requireCap = (cap: number): void => {
  if (!(cap > 0 && cap < Infinity)) throw new Error(`softcap: the cap is ${cap}, not a positive number`)
}
