/**
 * Quadratic surrogates of the negative log-likelihood about the law of a single token.
 *
 * The logits are log u + delta, u the law of the token, so that delta = 0 predicts u. Upper bounds of the log-partition function,
 *
 *     log sum u exp(delta) <= <u, delta> + 1/2 delta^T S delta
 *
 *     bohning   S = C / 2, C = 1 - 1 1^T / V                       at every delta (D. Bohning, 1992)
 *     bennett   S = kappa(r) (diag u - u u^T)                      where max delta - <u, delta> <= r (Bennett's inequality)
 *     taylor    S = diag u - u u^T                                 no bound: the second-order model at delta = 0
 *
 * give the surrogate Q = H(u) - E <P_x - u, delta_x> + 1/2 E delta_x^T S delta_x >= NLL. It is a surrogate: its minimisers are those of
 * the likelihood only in the limit of weak dependence.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), in place of Theorem 7.6.
 */
import { outputDistribution } from '../information/mutual-information.js'
import { entropyOfMasses } from './block-entropies.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'

export type Surrogate =
  { readonly kind: 'bohning' } | { readonly kind: 'bennett'; readonly range: number } | { readonly kind: 'taylor' }

/** What to minimise: `calibrated` is Bennett's with the smallest range that its own minimiser keeps to. */
export type SurrogateName = 'bohning' | 'calibrated' | 'taylor'

/**
 * kappa(r) = 2 (e^r - 1 - r) / r^2, from 1 at r = 0 upwards: how much more curved than at u the log-partition function can be.
 *
 * @example
 * bennettFactor(0) // => 1
 * bennettFactor(2) // => 2.194528049465325
 */
export const bennettFactor = (range: number): number => {
  if (!(range >= 0)) throw new Error(`bennettFactor: the range is ${range}, not a nonnegative number`)
  // The series, where the difference would cancel: 2 sum r^k / (k + 2)!.
  if (range < 1) {
    let [sum, term] = [0, 1]
    for (let k = 1; k <= 20; k++) {
      sum += term
      term *= range / (k + 2)
    }
    return sum
  }
  return (2 * (Math.expm1(range) - range)) / (range * range)
}

/**
 * The smallest r with largest / kappa(r) <= r, by bisection: the range of logits that shrink by kappa(r) themselves.
 *
 * @example
 * const r = selfConsistentRange(3)
 * Math.abs(3 / bennettFactor(r) - r) < 1e-12 // => true
 */
export const selfConsistentRange = (largest: number): number => {
  if (!(largest < Infinity)) throw new Error(`selfConsistentRange: the largest increment is ${largest}`)
  let [low, high] = [0, Math.max(0, largest)]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return high
    if (largest / bennettFactor(middle) <= middle) high = middle
    else low = middle
  }
}

/** Both sides of the upper bound at one delta, nats. */
export interface LogPartitionSides {
  /** log sum u exp(delta). */
  readonly logPartition: number
  /** <u, delta> + 1/2 delta^T S delta. */
  readonly quadratic: number
  /** max delta - <u, delta>, over tokens with u > 0. */
  readonly range: number
  /** Does a theorem say that the first is at most the second? */
  readonly isBound: boolean
}

/**
 * The log-partition function and its quadratic surrogate: a bound where `isBound`.
 *
 * @example
 * const { logPartition, quadratic } = logPartitionSides([0.5, 0.5], [1, -1], { kind: 'bohning' })
 * logPartition <= quadratic // => true
 */
export const logPartitionSides = (
  u: ArrayLike<number>,
  delta: ArrayLike<number>,
  surrogate: Surrogate,
): LogPartitionSides => {
  let [mean, plainMean, largest] = [0, 0, -Infinity]
  for (let w = 0; w < u.length; w++) {
    mean += u[w]! * delta[w]!
    plainMean += delta[w]! / u.length
    if (u[w]! > 0) largest = Math.max(largest, delta[w]!)
  }
  const range = Math.max(0, largest - mean)
  let [partition, square] = [0, 0]
  for (let w = 0; w < u.length; w++) {
    if (u[w]! > 0) partition += u[w]! * Math.exp(delta[w]! - largest)
    square += surrogate.kind === 'bohning' ? (delta[w]! - plainMean) ** 2 / 2 : u[w]! * (delta[w]! - mean) ** 2
  }
  const factor = surrogate.kind === 'bennett' ? bennettFactor(surrogate.range) : 1
  return {
    logPartition: largest + Math.log(partition),
    quadratic: mean + (factor * square) / 2,
    range,
    isBound: keepsTo(surrogate, range),
  }
}

/** Rounding may carry a range over the one that it was solved for. */
const keepsTo = (surrogate: Surrogate, range: number): boolean =>
  surrogate.kind === 'bohning' || (surrogate.kind === 'bennett' && range <= surrogate.range * (1 + 1e-12))

/** A model with logits log u + G h, as the surrogate and as the likelihood see it; nats. */
export interface SurrogateEvaluation {
  /** H(u): the value of both at delta = 0. */
  readonly constant: number
  readonly surrogate: number
  readonly nll: number
  /** The largest max delta - <u, delta> over contexts. */
  readonly range: number
  /** Does nll <= surrogate follow? */
  readonly isBound: boolean
}

/**
 * Q(h, G) and NLL(h, G), for hidden states h (n x D) and a head G (V x D) beside the bias log u.
 *
 * Identity: Q = H(u) at G = 0. Bound: NLL <= Q where `isBound`.
 */
export const evaluateSurrogate = (
  { weights, next }: PredictiveLaw<Provenance>,
  hidden: Float64Array,
  head: Float64Array,
  surrogate: Surrogate,
): SurrogateEvaluation => {
  const n = weights.length
  const [width, dimension] = [next.length / n, hidden.length / n]
  if (head.length !== width * dimension)
    throw new Error(`surrogate: a head of ${head.length} numbers for ${width} tokens and dimension ${dimension}`)
  const u = outputDistribution(weights, next)
  const constant = entropyOfMasses(u)
  const delta = new Float64Array(width)
  let [value, nll, range, isBound] = [0, 0, 0, true]
  for (let x = 0; x < n; x++) {
    let gain = 0
    for (let w = 0; w < width; w++) {
      let logit = 0
      for (let j = 0; j < dimension; j++) logit += head[w * dimension + j]! * hidden[x * dimension + j]!
      delta[w] = logit
      gain += next[x * width + w]! * logit
    }
    const sides = logPartitionSides(u, delta, surrogate)
    value += weights[x]! * (sides.quadratic - gain)
    nll += weights[x]! * (sides.logPartition - gain)
    range = Math.max(range, sides.range)
    isBound &&= sides.isBound
  }
  return { constant, surrogate: constant + value, nll: constant + nll, range, isBound }
}

/** What was assumed, to be printed with every result. */
export interface SurrogateConditions {
  /** What is minimised, and about which prediction. */
  readonly statement: string
  /** B, the longest row of the head; R, the longest hidden state. The range r is at most 2 B R. */
  readonly featureBound: number
  readonly stateBound: number
  readonly range: number
  /** s_d^2 - s_(d+1)^2 where directions are left out: at zero the span is not unique. */
  readonly gap: number | undefined
}

export const surrogateConditions = (
  surrogate: Surrogate,
  hidden: Float64Array,
  head: Float64Array,
  dimension: number,
  { range, isBound }: SurrogateEvaluation,
  gap?: number,
): SurrogateConditions => ({
  statement: `linear-softmax head with bias log u, u the law of the token; ${describe(surrogate)}${
    isBound || surrogate.kind === 'taylor' ? '' : ', beyond its range here, so no bound'
  }; not the likelihood itself`,
  featureBound: longestRow(head, dimension),
  stateBound: longestRow(hidden, dimension),
  range,
  gap,
})

const describe = (surrogate: Surrogate): string => {
  switch (surrogate.kind) {
    case 'bohning':
      return 'Bohning’s global upper bound'
    case 'bennett':
      return `upper bound calibrated at u, for logits up to ${surrogate.range} above their mean`
    case 'taylor':
      return 'second-order Taylor model at u, no bound'
  }
}

const longestRow = (entries: Float64Array, width: number): number => {
  let longest = 0
  for (let start = 0; start < entries.length; start += width)
    longest = Math.max(longest, Math.hypot(...entries.subarray(start, start + width)))
  return longest
}

/**
 * A surrogate by its name, for a minimiser that is `1/kappa` times the one of the Taylor model, whose increments go up to `largest`.
 */
export const resolveSurrogate = (name: SurrogateName, largest: () => number): Surrogate =>
  name === 'calibrated' ? { kind: 'bennett', range: selfConsistentRange(largest()) } : { kind: name }

/** kappa of a surrogate whose curvature is a multiple of diag u - u u^T. */
export const curvatureFactor = (surrogate: Surrogate): number =>
  surrogate.kind === 'bennett' ? bennettFactor(surrogate.range) : 1
