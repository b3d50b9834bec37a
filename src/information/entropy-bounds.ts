/**
 * Bounds on how far apart the entropies of two distributions are, from how far apart the distributions are: inequalities with sharp
 * constants, not estimates.
 *
 * All bounds of one distance T are concave and nondecreasing in it, so they hold for averages too: with T the average total
 * variation between the rows of two kernels, they bound the gap between the average entropies.
 */
import { type Distribution, divergence, totalVariation } from './divergence.js'

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
 * The bound |sum p^2 - sum q^2| <= 2T on the gap between two total-variation entropies at total variation T; the factor 2 is the
 * limit for small T.
 *
 * @example
 * giniSimpsonGapBound(0.1) // => 0.2
 */
export const giniSimpsonGapBound = (distance: number): number => {
  requireDistance('giniSimpsonGapBound', distance)
  return Math.min(1, 2 * distance)
}

/**
 * The sharper bound for two given distributions: total variation times the oscillation of p + q.
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
