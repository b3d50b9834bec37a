/**
 * Bounds on how far apart the entropies of two distributions are, from how far apart the distributions are: inequalities with sharp
 * constants, not estimates.
 *
 * All bounds of one distance T are concave and nondecreasing in it, so they hold for averages too: with T the average total
 * variation between the rows of two kernels, they bound the gap between the average entropies.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { categoricalEntropy } from './categorical-entropy.js'
import { type Distribution, type Divergence, divergence, showDivergence, totalVariation } from './divergence.js'

/**
 * The entropy of a coin with probability t, in nats.
 *
 * @example
 * binaryEntropy(0.5) // => 0.6931471805599453
 */
export const binaryEntropy = (t: number): number =>
  t <= 0 || t >= 1 ? 0 : -(t * Math.log(t)) - (1 - t) * Math.log1p(-t)

/**
 * The largest |H(p) - H(q)|, in nats, of two distributions on V symbols at total variation T: T log(V-1) + h(T) up to T = 1 - 1/V,
 * and log V beyond.
 *
 * Attained by a point mass and (1 - T, T/(V-1), ...). Source: K. Audenaert, "A sharp continuity estimate for the von Neumann entropy"
 * (2007), the commuting case.
 *
 * @example
 * shannonEntropyGapBound(0.5, 2) // => 0.6931471805599453
 */
export const shannonEntropyGapBound = (distance: number, symbols: number): number => {
  requireDistance('shannonEntropyGapBound', distance)
  if (symbols <= 1) return 0
  return distance >= 1 - 1 / symbols ? Math.log(symbols) : distance * Math.log(symbols - 1) + binaryEntropy(distance)
}

/**
 * The largest |sum p^2 - sum q^2|, the gap of two total-variation entropies, of two distributions on V symbols at total variation T:
 * 2T - T^2 V/(V-1) up to T = 1 - 1/V, and 1 - 1/V beyond; 2T - T^2 where V is not given, for every V.
 *
 * Attained by a point mass and (1 - T, T/(V-1), ...). The bound 2T that the corrected Theorem 5.2 is stated with is its tangent at 0.
 * Source: Z. Zhang, "Uniform estimates on the Tsallis entropies" (2007), order 2.
 *
 * @example
 * giniSimpsonGapBound(0.1) // => 0.19
 * giniSimpsonGapBound(0.5, 2) // => 0.5
 */
export const giniSimpsonGapBound = (distance: number, symbols = Infinity): number => {
  requireDistance('giniSimpsonGapBound', distance)
  if (symbols <= 1) return 0
  const largest = 1 - 1 / symbols
  return distance >= largest ? largest : distance * (2 - distance / largest)
}

/**
 * The largest gap of two categorical entropies |H_D(p) - H_D(q)| of two distributions on V symbols at total variation T, in nats where D
 * has a unit: a bound, attained by a point mass and (1 - T, T/(V-1), ...), for every D whose entropy is a sum of one concave function
 * of each probability. These are Kullback-Leibler, total variation, squared Hellinger, Jensen-Shannon and Tsallis of order below 2.
 *
 * It is concave and nondecreasing in T. Moving mass from the largest probabilities to the smallest raises the entropy at the rate
 * phi'(smallest) - phi'(largest), which is the greater the more a distribution majorises: a point mass gains most.
 *
 * Error: `unsupported` for the others. Renyi 2, Tsallis 2 and chi-squared jump where a probability comes out of zero, higher orders
 * are unbounded, so no bound exists; Renyi below 2 and the two distances are continuous, but not sums. Source of the argument: E. Hanson
 * and N. Datta, "Maximum and minimum entropy states yield local continuity bounds" (2018). It replaces the continuity hypothesis of
 * Theorem 5.2 of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025).
 *
 * @example
 * toUnion(categoricalEntropyGapBound(totalVariation, 0.5, 2)) // => 0.5
 * toUnion(categoricalEntropyGapBound(squaredHellinger, 0.5, 2)) // => 0.2928932188134524
 * isLeft(categoricalEntropyGapBound(chiSquared, 0.5, 2)) // => true
 */
export const categoricalEntropyGapBound = (
  d: Divergence,
  distance: number,
  symbols: number,
): Either<Problem, number> => {
  requireDistance('categoricalEntropyGapBound', distance)
  if (!isConcaveSum(d))
    return left(
      problem(
        'unsupported',
        `entropy gap for ${showDivergence(d)}`,
        'its entropy is no sum of one concave function of each probability',
        'use kullback-leibler, total-variation, squared-hellinger, jensen-shannon, or tsallis of order below 2',
      ),
    )
  if (d.kind === 'kullback-leibler') return right(shannonEntropyGapBound(distance, symbols))
  if (symbols <= 1) return right(0)
  const moved = Math.min(distance, 1 - 1 / symbols)
  const spread = new Float64Array(symbols).fill(moved / (symbols - 1))
  spread[0] = 1 - moved
  return right(categoricalEntropy(d, spread))
}

const isConcaveSum = (d: Divergence): boolean =>
  d.kind === 'kullback-leibler' ||
  d.kind === 'total-variation' ||
  d.kind === 'squared-hellinger' ||
  d.kind === 'jensen-shannon' ||
  (d.kind === 'tsallis' && d.order < 2)

/** How far two kernels on the same inputs are apart in mean entropy, and how far they could be. */
export interface KernelEntropyGap {
  /** Hbar_D(second) - Hbar_D(first), nats where D has a unit. */
  readonly gap: number
  /** The mean total variation of the rows. */
  readonly distance: number
  /** The largest |gap| at that distance. */
  readonly bound: number
}

/**
 * The gap of the mean categorical entropies of two kernels under one law on n inputs, and its bound at their mean total variation
 * (|gap| <= bound always; sharp): what closeness of a model to its data says of their entropies, whatever the parameters.
 *
 * Rows are n x V, the weights sum to one. Errors: those of `categoricalEntropyGapBound`.
 *
 * @example
 * const [model, data] = [Float64Array.of(1, 0), Float64Array.of(0.5, 0.5)]
 * toUnion(kernelEntropyGap(totalVariation, [1], model, data)) // => { gap: 0.5, distance: 0.5, bound: 0.5 }
 */
export const kernelEntropyGap = (
  d: Divergence,
  weights: Distribution,
  first: Float64Array,
  second: Float64Array,
): Either<Problem, KernelEntropyGap> => {
  const width = first.length / weights.length
  if (weights.length < 1 || !Number.isInteger(width) || second.length !== first.length)
    throw new Error(`kernelEntropyGap: ${first.length} and ${second.length} probabilities for ${weights.length} inputs`)
  const [gap, distance] = [compensatedSum(), compensatedSum()]
  for (let x = 0; x < weights.length; x++) {
    if (weights[x] === 0) continue
    const p = first.subarray(x * width, (x + 1) * width)
    const q = second.subarray(x * width, (x + 1) * width)
    gap.add(weights[x]! * (categoricalEntropy(d, q) - categoricalEntropy(d, p)))
    distance.add(weights[x]! * divergence(totalVariation, p, q))
  }
  const bound = categoricalEntropyGapBound(d, distance.total(), width)
  return bound._tag === 'Left' ? bound : right({ gap: gap.total(), distance: distance.total(), bound: bound.right })
}

/**
 * The sharper bound on |sum p^2 - sum q^2| for two given distributions: total variation times the oscillation of p + q.
 *
 * @example
 * pairedGiniSimpsonGapBound([1, 0], [0.75, 0.25]) // => 0.375
 */
export const pairedGiniSimpsonGapBound = (p: Distribution, q: Distribution): number => {
  let [lowest, highest] = [Infinity, -Infinity]
  for (let w = 0; w < p.length; w++) {
    const sum = p[w]! + q[w]!
    lowest = Math.min(lowest, sum)
    highest = Math.max(highest, sum)
  }
  return p.length === 0 ? 0 : divergence(totalVariation, p, q) * (highest - lowest)
}

/**
 * The largest total variation at a Kullback-Leibler divergence (nats), by the better of Pinsker's sqrt(KL/2) and Bretagnolle and
 * Huber's sqrt(1 - exp(-KL)); both are concave, so average divergence bounds average distance.
 *
 * @example
 * totalVariationBound(0.02) // => 0.1
 */
export const totalVariationBound = (kullbackLeibler: number): number => {
  if (!(kullbackLeibler >= 0))
    throw new Error(`totalVariationBound: a divergence is at least 0, not ${kullbackLeibler}`)
  return Math.min(Math.sqrt(kullbackLeibler / 2), Math.sqrt(-Math.expm1(-kullbackLeibler)))
}

const requireDistance = (where: string, distance: number): void => {
  if (!(distance >= 0 && distance <= 1 + 1e-12))
    throw new Error(`${where}: a total variation is from 0 to 1, not ${distance}`)
}
