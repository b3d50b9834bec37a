/**
 * Divergences between the heads at two hidden states, through the log-partition function: with log Z convex and grad log Z = W^T p,
 * Kullback-Leibler is its Bregman divergence, and both it and Jeffreys' divergence are integrals of the pullback metric along the
 * segment. Identities, in nats. At a hidden state the head is a law on tokens, and divergences are between two of them:
 * ```
 *   D( [h]──[k_head]── W  ||  [h']──[k_head]── W )
 * ```
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Corollary 7.2, whose integral is exactly Jeffreys'.
 */
import { logitJeffreys, logitKullbackLeibler } from '../information/logit-divergence.js'
import { gaussLegendre } from '../linear-algebra/gauss-legendre.js'
import { logSoftmax, logSumExp } from '../linear-algebra/log-softmax.js'
import type { ModelParameters } from './model.js'

/** The head of a model: the softmax of W h + b, with W of shape V x D. */
export type Head = Pick<ModelParameters, 'headWeights' | 'headBias'>

/**
 * The distribution on tokens at a hidden state.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * Array.from(headDistribution(head, Float64Array.of(1))) // => [0.25, 0.75]
 */
export const headDistribution = (head: Head, hidden: Float64Array): Float64Array =>
  logSoftmax(headLogits(head, hidden)).map(Math.exp)

/**
 * log Z(h), the logarithm of the sum of the exponentials of the logits.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * logPartition(head, Float64Array.of(1)) // => 1.3862943611198906
 */
export const logPartition = (head: Head, hidden: Float64Array): number => logSumExp(headLogits(head, hidden))

/**
 * KL(head(h) || head(h')) = log Z(h') - log Z(h) - <E_p W, h' - h> in nats.
 *
 * Close states keep their digits: see `logitKullbackLeibler`.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headKullbackLeibler(head, Float64Array.of(0), Float64Array.of(1)) // => 0.14384103622589042
 */
export const headKullbackLeibler = (head: Head, from: Float64Array, to: Float64Array): number =>
  logitKullbackLeibler(logSoftmax(headLogits(head, from)), logitSteps(head, from, to))

/**
 * Jeffreys' divergence KL(p || p') + KL(p' || p) = <E_p W - E_p' W, h - h'> in nats, at p = head(h) and p' = head(h').
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headJeffreys(head, Float64Array.of(0), Float64Array.of(1)) // => 0.27465307216702745
 */
export const headJeffreys = (head: Head, from: Float64Array, to: Float64Array): number =>
  logitJeffreys(logSoftmax(headLogits(head, from)), logitSteps(head, from, to))

/**
 * The integral of weight(t) g*(h_t)(h' - h, h' - h) over t from 0 to 1 along the segment from h to h': with weight 1 - t it is
 * Kullback-Leibler, with weight 1 Jeffreys' divergence. Gauss-Legendre quadrature, 60 nodes where no number is given.
 */
export const integrateMetric = (
  head: Head,
  from: Float64Array,
  to: Float64Array,
  weight: (t: number) => number = () => 1,
  nodeCount = 60,
): number => {
  const { nodes, weights } = gaussLegendre(nodeCount)
  const start = headLogits(head, from)
  const steps = logitSteps(head, from, to)
  let integral = 0
  nodes.forEach((t, k) => {
    // Logits are linear along the segment.
    const p = logSoftmax(start.map((logit, w) => logit + t * steps[w]!)).map(Math.exp)
    integral += weights[k]! * weight(t) * varianceUnder(p, steps)
  })
  return integral
}

/**
 * The variance of V numbers under a law on the tokens: what g*(v, v) is of W v.
 *
 * @example
 * varianceUnder([0.25, 0.75], [0, 2]) // => 0.75
 */
export const varianceUnder = (p: ArrayLike<number>, values: ArrayLike<number>): number => {
  let [mean, variance] = [0, 0]
  for (let w = 0; w < p.length; w++) mean += p[w]! * values[w]!
  for (let w = 0; w < p.length; w++) variance += p[w]! * (values[w]! - mean) ** 2
  return variance
}

/**
 * The logits W h + b at a hidden state, into an array of V numbers where one is given.
 *
 * @example
 * const head = { headWeights: Float64Array.of(1, 2, 3, 4), headBias: Float64Array.of(10, 20) }
 * Array.from(headLogits(head, Float64Array.of(1, -1))) // => [9, 19]
 */
export const headLogits = (
  { headWeights, headBias }: Head,
  hidden: Float64Array,
  target: Float64Array = new Float64Array(headBias.length),
): Float64Array => {
  const dimension = hidden.length
  if (headWeights.length !== headBias.length * dimension)
    throw new Error(
      `head: ${headWeights.length} weights for ${headBias.length} tokens do not fit a hidden state of dimension ${dimension}`,
    )
  for (let w = 0; w < target.length; w++) {
    let logit = headBias[w]!
    for (let i = 0; i < dimension; i++) logit += headWeights[w * dimension + i]! * hidden[i]!
    target[w] = logit
  }
  return target
}

/** W (h' - h), V numbers: the step in the logits, from the step in h so that a short one keeps its digits. */
export const logitSteps = ({ headWeights, headBias }: Head, from: Float64Array, to: Float64Array): Float64Array =>
  headLogits(
    { headWeights, headBias: new Float64Array(headBias.length) },
    to.map((end, i) => end - from[i]!),
  )
