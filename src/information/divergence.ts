/**
 * Divergences between two distributions on a finite set, in nats where they have a unit.
 *
 * A distribution is anything indexed by 0 .. V-1 (a Float64Array, a `subarray` view of one row of a matrix, an array) with entries
 * that are nonnegative and sum to one; this is not checked here. Conventions: 0 log 0 = 0, and mass of p where q has none makes
 * a divergence infinite or finite as its definition says. Results are never negative.
 */
import { logPowerMean, powerMeanExcess, type RatioTerms } from './power-mean.js'
import { requireProbabilities } from './require-probabilities.js'
import { nonnegative } from './rounding.js'

/** Probabilities by index. */
export type Distribution = ArrayLike<number>

export interface KullbackLeibler {
  readonly kind: 'kullback-leibler'
}
/** Kullback-Leibler with its arguments exchanged. */
export interface ReverseKullbackLeibler {
  readonly kind: 'reverse-kullback-leibler'
}
export interface Renyi {
  readonly kind: 'renyi'
  /** From 0 to Infinity; 1 is Kullback-Leibler. */
  readonly order: number
}
/** Half the L1 distance. */
export interface TotalVariation {
  readonly kind: 'total-variation'
}
/** 1 - BC, where BC = sum sqrt(p q); other authors use twice this. */
export interface SquaredHellinger {
  readonly kind: 'squared-hellinger'
}
/** The square root of the squared Hellinger divergence: a metric, at most one. */
export interface HellingerDistance {
  readonly kind: 'hellinger-distance'
}
export interface JensenShannon {
  readonly kind: 'jensen-shannon'
}
/** The square root of the Jensen-Shannon divergence: a metric. */
export interface JensenShannonDistance {
  readonly kind: 'jensen-shannon-distance'
}
export interface ChiSquared {
  readonly kind: 'chi-squared'
}
export interface Tsallis {
  readonly kind: 'tsallis'
  /** From 0 on, finite; 1 is Kullback-Leibler. */
  readonly order: number
}
/** sum q f(p/q), with f convex and f(1) = 0. */
export interface FDivergence {
  readonly kind: 'f-divergence'
  readonly name: string
  readonly f: (ratio: number) => number
  /** The limit of f at 0, Infinity allowed. */
  readonly atZero: number
  /** The limit of f(t)/t as t grows, Infinity allowed: what a unit of p's mass costs where q has none. */
  readonly slopeAtInfinity: number
}

export type Divergence =
  | KullbackLeibler
  | ReverseKullbackLeibler
  | Renyi
  | TotalVariation
  | SquaredHellinger
  | HellingerDistance
  | JensenShannon
  | JensenShannonDistance
  | ChiSquared
  | Tsallis
  | FDivergence

export const kullbackLeibler: KullbackLeibler = { kind: 'kullback-leibler' }
export const reverseKullbackLeibler: ReverseKullbackLeibler = { kind: 'reverse-kullback-leibler' }
export const totalVariation: TotalVariation = { kind: 'total-variation' }
export const squaredHellinger: SquaredHellinger = { kind: 'squared-hellinger' }
export const hellingerDistance: HellingerDistance = { kind: 'hellinger-distance' }
export const jensenShannon: JensenShannon = { kind: 'jensen-shannon' }
export const jensenShannonDistance: JensenShannonDistance = { kind: 'jensen-shannon-distance' }
export const chiSquared: ChiSquared = { kind: 'chi-squared' }

/** The Renyi divergence of an order from 0 to Infinity, the ends and 1 as limits; another order throws. */
export const renyi = (order: number): Renyi => {
  if (!(order >= 0)) throw new Error(`renyi: the order must be at least 0, not ${order}`)
  return { kind: 'renyi', order }
}

/** The Tsallis divergence of a finite order from 0 on, (sum p^a q^(1-a) - 1)/(a - 1); another order throws. */
export const tsallis = (order: number): Tsallis => {
  if (!(order >= 0 && order < Infinity))
    throw new Error(`tsallis: the order must be finite and at least 0, not ${order}`)
  return { kind: 'tsallis', order }
}

/**
 * The f-divergence of a convex f with f(1) = 0 and its two limits.
 *
 * @example
 * const variation = fDivergence('variation', (t) => Math.abs(t - 1) / 2, { atZero: 0.5, slopeAtInfinity: 0.5 })
 * divergence(variation, [1, 0], [0.25, 0.75]) // => 0.75
 */
export const fDivergence = (
  name: string,
  f: (ratio: number) => number,
  limits: { readonly atZero: number; readonly slopeAtInfinity: number },
): FDivergence => ({ kind: 'f-divergence', name, f, ...limits })

/** A divergence as it is named in messages and reports. */
export const showDivergence = (d: Divergence): string => {
  switch (d.kind) {
    case 'renyi':
    case 'tsallis':
      return `${d.kind} of order ${d.order}`
    case 'f-divergence':
      return `f-divergence '${d.name}'`
    default:
      return d.kind
  }
}

/**
 * D(p || q), from 0 to Infinity; distributions of different lengths throw, and so do entries that are negative or NaN.
 *
 * @example
 * divergence(kullbackLeibler, [0.5, 0.5], [0.25, 0.75]) // => 0.14384103622589042
 * divergence(kullbackLeibler, [0.5, 0.5], [1, 0]) // => Infinity
 * divergence(totalVariation, [0.5, 0.5], [1, 0]) // => 0.5
 */
export const divergence = (d: Divergence, p: Distribution, q: Distribution): number => {
  if (p.length !== q.length) throw new Error(`divergence: ${p.length} probabilities meet ${q.length}`)
  requireProbabilities('divergence', p)
  requireProbabilities('divergence', q)
  switch (d.kind) {
    case 'kullback-leibler':
      return kullbackLeiblerOf(p, q)
    case 'reverse-kullback-leibler':
      return kullbackLeiblerOf(q, p)
    case 'renyi':
      return renyiOf(d.order, p, q)
    case 'total-variation':
      return totalVariationOf(p, q)
    case 'squared-hellinger':
      return squaredHellingerOf(p, q)
    case 'hellinger-distance':
      return Math.sqrt(squaredHellingerOf(p, q))
    case 'jensen-shannon':
      return jensenShannonOf(p, q)
    case 'jensen-shannon-distance':
      return Math.sqrt(jensenShannonOf(p, q))
    case 'chi-squared':
      return chiSquaredOf(p, q)
    case 'tsallis':
      return tsallisOf(d.order, p, q)
    case 'f-divergence':
      return fDivergenceOf(d, p, q)
  }
}

const kullbackLeiblerOf = (p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) {
    const [a, b] = [p[w]!, q[w]!]
    if (a > 0 && b === 0) return Infinity
    sum += excessTerm(a, b)
  }
  return nonnegative(sum)
}

/**
 * a log(a/b) - a + b, at least zero: the last two sum to nothing over distributions, and with them no terms of opposite signs cancel, so
 * that close distributions keep their relative accuracy.
 */
const excessTerm = (a: number, b: number): number => {
  if (a === 0) return b
  const step = (b - a) / a
  return Math.abs(step) < 0.5 ? a * (step - Math.log1p(step)) : a * logRatio(a, b) + (b - a)
}

const totalVariationOf = (p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += Math.abs(p[w]! - q[w]!)
  return sum / 2
}

const squaredHellingerOf = (p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += (Math.sqrt(p[w]!) - Math.sqrt(q[w]!)) ** 2
  return sum / 2
}

const jensenShannonOf = (p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += midpointTerm(p[w]!, q[w]!) + midpointTerm(q[w]!, p[w]!)
  return nonnegative(sum / 2)
}

/** a log(2a/(a+b)): near a = b through log(1 + (a-b)/(a+b)), which keeps its accuracy there. */
const midpointTerm = (a: number, b: number): number => {
  if (a === 0) return 0
  return a * (a < b / 2 ? Math.log((2 * a) / (a + b)) : Math.log1p((a - b) / (a + b)))
}

const chiSquaredOf = (p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) {
    const gap = p[w]! - q[w]!
    if (gap !== 0) sum += q[w] === 0 ? Infinity : gap * (gap / q[w]!)
  }
  return sum
}

const renyiOf = (order: number, p: Distribution, q: Distribution): number => {
  if (order === 1) return kullbackLeiblerOf(p, q)
  if (order === 0) return nonnegative(-Math.log(massOn(p, q)))
  if (order === Infinity) return nonnegative(largestLogRatio(p, q))
  const terms = ratioTerms(p, q)
  if (order > 1 && terms.missing > 0) return Infinity
  return nonnegative(logPowerMean(terms, order - 1) / (order - 1))
}

const tsallisOf = (order: number, p: Distribution, q: Distribution): number => {
  if (order === 1) return kullbackLeiblerOf(p, q)
  if (order === 0) return nonnegative(1 - massOn(p, q))
  const terms = ratioTerms(p, q)
  if (order > 1 && terms.missing > 0) return Infinity
  return nonnegative(powerMeanExcess(terms, order - 1) / (order - 1))
}

const fDivergenceOf = (d: FDivergence, p: Distribution, q: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) {
    const [a, b] = [p[w]!, q[w]!]
    if (b > 0) sum += b * (a === 0 ? d.atZero : d.f(a / b))
    else if (a > 0) sum += a * d.slopeAtInfinity
  }
  return nonnegative(sum)
}

/** The mass of q where p has some. */
const massOn = (p: Distribution, q: Distribution): number => {
  let mass = 0
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) mass += q[w]!
  return mass
}

const largestLogRatio = (p: Distribution, q: Distribution): number => {
  let largest = -Infinity
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) largest = Math.max(largest, logRatio(p[w]!, q[w]!))
  return largest
}

/** log(a/b) for a > 0; the quotient of two tiny numbers may leave the range of float64 though its logarithm does not. */
const logRatio = (a: number, b: number): number => {
  const ratio = a / b
  return ratio > 1e-300 && ratio < 1e300 ? Math.log(ratio) : Math.log(a) - Math.log(b)
}

/** The terms of sum p (p/q)^c, over the places where both have mass. */
const ratioTerms = (p: Distribution, q: Distribution): RatioTerms => {
  const weights = new Float64Array(p.length)
  const logRatios = new Float64Array(p.length)
  let [count, missing] = [0, 0]
  for (let w = 0; w < p.length; w++) {
    if (p[w] === 0) continue
    if (q[w] === 0) missing += p[w]!
    else {
      weights[count] = p[w]!
      logRatios[count++] = logRatio(p[w]!, q[w]!)
    }
  }
  return { count, weights, logRatios, missing }
}
