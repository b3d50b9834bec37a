/**
 * The Fisher-Rao distance of distributions on a finite set: the length of the shortest path between them in the metric sum dp^2 / p, the
 * arc of a great circle on the sphere of radius two through the points 2 sqrt p.
 *
 * Source: C. R. Rao, "Information and the accuracy attainable in the estimation of statistical parameters" (1945).
 */
import { type Distribution, divergence, squaredHellinger } from './divergence.js'

/**
 * 2 arccos BC(p, q), from 0 to pi, with BC = sum sqrt(p q); a metric. Close distributions keep their relative accuracy.
 *
 * @example
 * fisherRaoDistance([1, 0], [0, 1]) // => 3.141592653589793
 * fisherRaoDistance([1, 0], [0.5, 0.5]) // => 1.5707963267948966
 */
export const fisherRaoDistance = (p: Distribution, q: Distribution): number =>
  fisherRaoOfHellinger(divergence(squaredHellinger, p, q))

/** arccos (1 - x) = 2 arcsin sqrt(x / 2), without the cancellation. */
const fisherRaoOfHellinger = (x: number): number => 4 * Math.asin(Math.sqrt(Math.min(1, x) / 2))

/**
 * The largest Fisher-Rao distance at a Kullback-Leibler divergence (nats): 2 arccos exp(-KL/2), at most 2 sqrt KL. A bound, attained
 * wherever p is a point mass.
 *
 * @example
 * fisherRaoBound(Math.log(2)) // => 1.5707963267948966
 */
export const fisherRaoBound = (kullbackLeibler: number): number => {
  if (!(kullbackLeibler >= 0)) throw new Error(`fisherRaoBound: a divergence is at least 0, not ${kullbackLeibler}`)
  return fisherRaoOfHellinger(-Math.expm1(-kullbackLeibler / 2))
}

/**
 * The least and the largest total variation at a squared Hellinger divergence x = 1 - BC: x <= TV <= sqrt(x (2 - x)) = sqrt(1 - BC^2).
 * Bounds, both attained: below where what p and q do not share is disjoint, above by (1/2 + e, 1/2 - e) and its mirror image.
 *
 * Source: L. Le Cam, "Asymptotic Methods in Statistical Decision Theory" (1986).
 *
 * @example
 * totalVariationBracket(0.2) // => { lower: 0.2, upper: 0.6 }
 */
export const totalVariationBracket = (squaredHellinger: number): { readonly lower: number; readonly upper: number } => {
  if (!(squaredHellinger >= 0 && squaredHellinger <= 1 + 1e-12))
    throw new Error(`totalVariationBracket: 1 - BC is from 0 to 1, not ${squaredHellinger}`)
  const x = Math.min(1, squaredHellinger)
  return { lower: x, upper: Math.sqrt(x * (2 - x)) }
}
