/**
 * What chance alone makes of the Pillai trace, in closed form.
 *
 * Two independent subspaces of dimensions a and b in R^M, one of them uniformly distributed, with projections P and Q:
 *
 *     E tr PQ = a b / M        Var tr PQ = 2 a b (M - a) (M - b) / (M^2 (M - 1) (M + 2))
 *
 * For the Pillai trace of N pairs M = N - 1, a is the rank of the hidden states and b the number of tokens that occur, less one. The mean
 * is that of permutations of the tokens, exactly; the variance is theirs where the hidden states are normal, and nearly so where no few
 * of them stand out. Pairs with weights count as (sum w)^2 / sum w^2 pairs.
 *
 * Source: the null moments of K. C. S. Pillai, "Some new test criteria in multivariate analysis" (1955); the band is that of the
 * chi-squared law with the same two moments, by the cube root of E. B. Wilson and M. M. Hilferty (1931).
 */
import type { NullBand } from '../information/figure.js'

/**
 * The mean of the trace by chance and the band that holds 95 in 100; `draws` is 0, as nothing is drawn. Undefined where there are so few
 * pairs that chance alone reaches the most that the trace can be.
 *
 * @example
 * pillaiNull(2, 1, 201).mean // => 0.01
 */
export const pillaiNull = (rank: number, others: number, pairs: number): NullBand | undefined => {
  const m = pairs - 1
  if (!(rank > 0 && others > 0 && m > Math.max(rank, others))) return undefined
  const mean = (rank * others) / m
  const variance = (2 * rank * others * (m - rank) * (m - others)) / (m * m * (m - 1) * (m + 2))
  const spread = variance / (mean * mean)
  // A chi-squared law with k degrees of freedom, scaled to the mean: k = 2 mean^2 / variance, so 2 / (9 k) is spread / 9.
  const quantile = (deviation: number): number =>
    mean * Math.max(0, 1 - spread / 9 + deviation * Math.sqrt(spread / 9)) ** 3
  return {
    mean,
    lower: quantile(-normalQuantile),
    upper: Math.min(Math.min(rank, others), quantile(normalQuantile)),
    draws: 0,
  }
}

/** 97.5 in 100 of a standard normal are below it. */
export const normalQuantile = 1.959963984540054
