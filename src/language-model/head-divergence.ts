/**
 * Divergences between the heads at two hidden states, through the log-partition function: with log Z convex and grad log Z = W^T p,
 * Kullback-Leibler is its Bregman divergence, and both it and Jeffreys' divergence are integrals of the pullback metric along the
 * segment. Identities, in nats.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Corollary 7.2, whose integral is exactly Jeffreys'.
 */
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
 * Close states do not cancel: for small dz = W (h' - h) it is computed as log E_p exp(dz - E_p dz).
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headKullbackLeibler(head, Float64Array.of(0), Float64Array.of(1)) // => 0.14384103622589042
 */
export const headKullbackLeibler = (head: Head, from: Float64Array, to: Float64Array): number => {
  const p = headDistribution(head, from)
  const steps = logitSteps(head, from, to)
  let [mean, largest] = [0, -Infinity]
  for (let w = 0; w < p.length; w++) {
    mean += p[w]! * steps[w]!
    largest = Math.max(largest, steps[w]!)
  }
  // A large step may weigh on a token whose probability is too small for float64.
  if (largest - mean > 1) return logPartition(head, to) - logPartition(head, from) - mean
  let excess = 0
  for (let w = 0; w < p.length; w++) excess += p[w]! * (Math.expm1(steps[w]! - mean) - (steps[w]! - mean))
  return excess <= 0 ? 0 : Math.log1p(excess)
}

/**
 * Jeffreys' divergence KL(p || p') + KL(p' || p) = <E_p W - E_p' W, h - h'> in nats, at p = head(h) and p' = head(h').
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headJeffreys(head, Float64Array.of(0), Float64Array.of(1)) // => 0.27465307216702745
 */
export const headJeffreys = (head: Head, from: Float64Array, to: Float64Array): number => {
  const [p, q] = [headDistribution(head, from), headDistribution(head, to)]
  let sum = 0
  // (q - p) dz, where a common shift of dz does not count: the sign of each term is that of dz against the normaliser's step.
  const steps = logitSteps(head, from, to)
  const shift = logPartition(head, to) - logPartition(head, from)
  for (let w = 0; w < p.length; w++) sum += (q[w]! - p[w]!) * (steps[w]! - shift)
  return sum <= 0 ? 0 : sum
}

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
  const steps = logitSteps(head, from, to)
  let integral = 0
  nodes.forEach((t, k) => {
    const p = headDistribution(
      head,
      from.map((start, i) => start + t * (to[i]! - start)),
    )
    // g*(v, v) is the variance of W v under p.
    let mean = 0
    for (let w = 0; w < p.length; w++) mean += p[w]! * steps[w]!
    let variance = 0
    for (let w = 0; w < p.length; w++) variance += p[w]! * (steps[w]! - mean) ** 2
    integral += weights[k]! * weight(t) * variance
  })
  return integral
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

/** W (h' - h). */
const logitSteps = ({ headWeights, headBias }: Head, from: Float64Array, to: Float64Array): Float64Array =>
  headLogits(
    { headWeights, headBias: new Float64Array(headBias.length) },
    to.map((end, i) => end - from[i]!),
  )
