/**
 * The categorical entropy of a kernel with finitely many inputs: its average under a law on the inputs, and its supremum.
 */
import { categoricalEntropy } from './categorical-entropy.js'
import type { Distribution, Divergence } from './divergence.js'

export interface KernelEntropy {
  /** sum mu(x) H_D(x): for Kullback-Leibler the conditional entropy of the output given the input. */
  readonly mean: number
  /** The largest H_D(x) over all inputs, of whatever weight: the entropy of the kernel itself. */
  readonly supremum: number
  /** An input at which the supremum is attained. */
  readonly attainedAt: number
}

/**
 * H_D of every row of an n x V matrix of distributions.
 *
 * @example
 * Array.from(rowEntropies(totalVariation, 2, Float64Array.of(1, 0, 0.5, 0.5))) // => [0, 0.5]
 */
export const rowEntropies = (d: Divergence, n: number, rows: Float64Array): Float64Array => {
  const width = widthOf(n, rows)
  return Float64Array.from({ length: n }, (_, x) => categoricalEntropy(d, rows.subarray(x * width, (x + 1) * width)))
}

/**
 * The average and the supremum of H_D over the rows of an n x V matrix, for n weights that sum to one.
 *
 * Inputs of weight zero count for the supremum but not for the average.
 *
 * @example
 * kernelEntropy(totalVariation, [0.25, 0.75], Float64Array.of(1, 0, 0.5, 0.5))
 * // => { mean: 0.375, supremum: 0.5, attainedAt: 1 }
 */
export const kernelEntropy = (d: Divergence, weights: Distribution, rows: Float64Array): KernelEntropy => {
  const entropies = rowEntropies(d, weights.length, rows)
  let [mean, supremum, attainedAt] = [0, 0, 0]
  entropies.forEach((entropy, x) => {
    // Zero times infinity would be no number.
    if (weights[x]! > 0) mean += weights[x]! * entropy
    if (entropy > supremum) [supremum, attainedAt] = [entropy, x]
  })
  return { mean, supremum, attainedAt }
}

const widthOf = (n: number, rows: Float64Array): number => {
  if (n < 1 || rows.length % n !== 0)
    throw new Error(`kernel entropy: ${rows.length} probabilities do not make ${n} rows of one length`)
  return rows.length / n
}
