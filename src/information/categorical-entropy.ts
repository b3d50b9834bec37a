/**
 * Categorical entropy: how far a kernel is from deterministic, H_D(k)(x) = D(copy . k || (k (x) k) . copy) at x.
 *
 * For finite outputs this is D(p on the diagonal || p (x) p) of the row p = k(x), and every divergence here has a closed form in
 * O(V) that never builds the V x V product. It is zero exactly at point masses. Three quantities must not be confused: the value at
 * one input, the average over inputs, and the supremum over inputs (the kernel's own entropy).
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023). Closed forms are identities; each is tested against the definition.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import {
  type Distribution,
  type Divergence,
  type FDivergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  type ReverseKullbackLeibler,
  showDivergence,
  squaredHellinger,
  totalVariation,
} from './divergence.js'
import { logPowerMean, powerMeanExcess, type RatioTerms } from './power-mean.js'
import { requireProbabilities } from './require-probabilities.js'
import { nonnegative } from './rounding.js'

/** The divergences whose entropy says something: all but the one that is infinite on everything that is not deterministic. */
export type EntropicDivergence = Exclude<Divergence, ReverseKullbackLeibler>

/** The five entropies that reports lead with, by stable names: bounded, and continuous in p for a fixed number of symbols. */
export const headlineEntropies = [
  'shannon',
  'total-variation',
  'renyi-1/2',
  'squared-hellinger',
  'jensen-shannon',
] as const

export type CategoricalEntropyName = (typeof headlineEntropies)[number]

/** The names of the five for people. */
export const entropyTitle: Readonly<Record<CategoricalEntropyName, string>> = {
  shannon: 'Shannon',
  'total-variation': 'total variation',
  'renyi-1/2': 'Rényi 1/2',
  'squared-hellinger': 'squared Hellinger',
  'jensen-shannon': 'Jensen–Shannon',
}

/** Which divergence defines each of the five. */
export const entropyDivergence = (name: CategoricalEntropyName): EntropicDivergence => headlineDivergence[name]
const headlineDivergence: Readonly<Record<CategoricalEntropyName, EntropicDivergence>> = {
  shannon: kullbackLeibler,
  'total-variation': totalVariation,
  'renyi-1/2': renyi(0.5),
  'squared-hellinger': squaredHellinger,
  'jensen-shannon': jensenShannon,
}

/**
 * A divergence whose entropy is not infinite at once, as such.
 *
 * Error: `unsupported` for reverse Kullback-Leibler, and for an f-divergence whose f is infinite at 0: off the diagonal the product
 * has mass that the copy has not, so these are infinite unless the distribution is a point mass.
 *
 * @example
 * isRight(entropic(kullbackLeibler)) // => true
 * isLeft(entropic(reverseKullbackLeibler)) // => true
 */
export const entropic = (d: Divergence): Either<Problem, EntropicDivergence> =>
  d.kind === 'reverse-kullback-leibler' || (d.kind === 'f-divergence' && d.atZero === Infinity)
    ? left(
        problem(
          'unsupported',
          `categorical entropy for ${showDivergence(d)}`,
          'it is infinite for every distribution that is not a point mass',
          'exchange the arguments of the divergence, or use one of the headline entropies',
        ),
      )
    : right(d)

/**
 * H_D(p), in nats where D has a unit; from 0 to Infinity.
 *
 * Kullback-Leibler gives Shannon's entropy; Renyi of order a the Renyi entropy of order 2 - a; total variation the Gini-Simpson
 * index 1 - sum p^2; squared Hellinger 1 - sum p^(3/2), and the distance its root; Tsallis of order a the Tsallis entropy of order
 * 2 - a. Chi-squared gives the number of symbols in the support less one, and Renyi of order 2 its logarithm: constant on every
 * softmax, and discontinuous. Renyi above 2 is unbounded and ruled by the rarest symbol. Reverse Kullback-Leibler, and every
 * f-divergence whose f is infinite at 0, gives Infinity unless p is a point mass. An entry that is negative or NaN throws.
 *
 * @example
 * categoricalEntropy(kullbackLeibler, [0.5, 0.3, 0.2]) // => 1.0296530140645737
 * categoricalEntropy(totalVariation, [0.5, 0.3, 0.2]) // => 0.62
 * categoricalEntropy(renyi(0.5), [0.5, 0.3, 0.2]) // => 0.997422345411625
 */
export const categoricalEntropy = (d: Divergence, p: Distribution): number => {
  requireProbabilities('categoricalEntropy', p)
  switch (d.kind) {
    case 'kullback-leibler':
      return shannonEntropy(p)
    case 'reverse-kullback-leibler':
      return supportSize(p) > 1 ? Infinity : 0
    case 'renyi':
      return renyiEntropy(d.order, p)
    case 'total-variation':
      return giniSimpson(p)
    case 'squared-hellinger':
      return hellingerEntropy(p)
    case 'hellinger-distance':
      return Math.sqrt(hellingerEntropy(p))
    case 'jensen-shannon':
      return jensenShannonEntropy(p)
    case 'jensen-shannon-distance':
      return Math.sqrt(jensenShannonEntropy(p))
    case 'chi-squared':
      return supportSize(p) - 1
    case 'tsallis':
      return tsallisEntropy(d.order, p)
    case 'f-divergence':
      return fEntropy(d, p)
  }
}

/**
 * Shannon's entropy -sum p log p, in nats.
 *
 * @example
 * shannonEntropy([0.5, 0.5, 0]) // => 0.6931471805599453
 */
export const shannonEntropy = (p: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) sum += p[w]! * -Math.log(p[w]!)
  return nonnegative(sum)
}

/** sum p (1 - p): the form of 1 - sum p^2 that keeps its accuracy near a point mass. */
const giniSimpson = (p: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += p[w]! * (1 - p[w]!)
  return nonnegative(sum)
}

/** sum p (1 - sqrt p), with 1 - sqrt p = (1 - p)/(1 + sqrt p). */
const hellingerEntropy = (p: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) sum += (p[w]! * (1 - p[w]!)) / (1 + Math.sqrt(p[w]!))
  return nonnegative(sum)
}

/** On the diagonal p meets p^2; off it the product's mass, 1 - sum p^2 in all, meets none and pays (log 2)/2 a unit. */
const jensenShannonEntropy = (p: Distribution): number => {
  let sum = 0
  for (let w = 0; w < p.length; w++) {
    const x = p[w]!
    if (x === 0) continue
    const contrast = (1 - x) / (1 + x)
    const below = x < 0.5 ? Math.log((2 * x) / (1 + x)) : Math.log1p(-contrast)
    sum += x * (Math.log1p(contrast) + x * below + (1 - x) * Math.LN2)
  }
  return nonnegative(sum / 2)
}

const supportSize = (p: Distribution): number => {
  let size = 0
  for (let w = 0; w < p.length; w++) if (p[w]! > 0) size++
  return size
}

const renyiEntropy = (order: number, p: Distribution): number => {
  if (order === 1) return shannonEntropy(p)
  if (order === 2) return Math.log(supportSize(p))
  if (order === Infinity) return nonnegative(-Math.log(smallestPositive(p)))
  return nonnegative(logPowerMean(surprisals(p), order - 1) / (order - 1))
}

const tsallisEntropy = (order: number, p: Distribution): number => {
  if (order === 1) return shannonEntropy(p)
  if (order === 2) return supportSize(p) - 1
  return nonnegative(powerMeanExcess(surprisals(p), order - 1) / (order - 1))
}

const fEntropy = (d: FDivergence, p: Distribution): number => {
  let [diagonal, outside] = [0, 0]
  for (let w = 0; w < p.length; w++) {
    const x = p[w]!
    if (x === 0) continue
    diagonal += x * (x * d.f(1 / x))
    outside += x * (1 - x)
  }
  return nonnegative(outside > 0 ? diagonal + d.atZero * outside : diagonal)
}

const smallestPositive = (p: Distribution): number => {
  let smallest = Infinity
  for (let w = 0; w < p.length; w++) if (p[w]! > 0 && p[w]! < smallest) smallest = p[w]!
  return smallest
}

/** The ratio of the copy to the product is 1/p on the diagonal. */
const surprisals = (p: Distribution): RatioTerms => {
  const weights = new Float64Array(p.length)
  const logRatios = new Float64Array(p.length)
  let count = 0
  for (let w = 0; w < p.length; w++) {
    if (p[w] === 0) continue
    weights[count] = p[w]!
    logRatios[count++] = -Math.log(p[w]!)
  }
  return { count, weights, logRatios, missing: 0 }
}
