/**
 * The categorical entropy of a kernel with finitely many inputs: at each input, its average under a law on the inputs, and its supremum.
 */
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { logSoftmaxInto } from '../linear-algebra/log-softmax.js'
import { categoricalEntropy } from './categorical-entropy.js'
import type { Distribution, Divergence } from './divergence.js'
import { logProbabilityEntropy } from './log-probability-entropy.js'

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

/** One input of a kernel: its weight, and its output as probabilities or as the logits of a softmax. */
export type KernelRow =
  | { readonly kind: 'probabilities'; readonly weight: number; readonly probabilities: Distribution }
  | { readonly kind: 'logits'; readonly weight: number; readonly logits: ArrayLike<number> }

/**
 * The average and the supremum of H_D over a stream of inputs, for several divergences at once, in nats where D has a unit.
 *
 * ```
 *              ┌─ W               ┌─[k]─ W
 *   D( X ─[k]──●       ‖    X ────●           )      at x: H_D(x);  sum mu(x) H_D(x);  the largest H_D(x)
 *              └─ W               └─[k]─ W
 * ```
 * One row is held at a time, so the memory is that of one row, whatever their number; a row may be overwritten once the next is asked
 * for. The weights need not sum to one. No row, or no weight, throws. Source: Y. Zhang, "A Markov Categorical Framework for Language
 * Modeling" (2025), (4.4), for the average; P. Perrone, "Markov categories and entropy" (2023), for the supremum. The paper calls the
 * first "distinct from average conditional entropy" (Remark 2.6) and equal to it (Proposition 4.2): the three values are kept apart here.
 *
 * @example
 * const rows = [
 *   { kind: 'probabilities', weight: 1, probabilities: [1, 0] },
 *   { kind: 'logits', weight: 3, logits: [7, 7] },
 * ]
 * streamedEntropies([totalVariation], rows) // => [{ mean: 0.375, supremum: 0.5, attainedAt: 1 }]
 */
export const streamedEntropies = (
  divergences: readonly Divergence[],
  rows: Iterable<KernelRow>,
): readonly KernelEntropy[] => {
  const sums = divergences.map(compensatedSum)
  const total = compensatedSum()
  const largest = divergences.map(() => ({ supremum: 0, attainedAt: 0 }))
  let logProbabilities = new Float64Array(0)
  let place = 0
  for (const row of rows) {
    total.add(row.weight)
    if (row.kind === 'logits') {
      if (logProbabilities.length !== row.logits.length) logProbabilities = new Float64Array(row.logits.length)
      logSoftmaxInto(logProbabilities, row.logits)
    }
    divergences.forEach((d, k) => {
      const entropy =
        row.kind === 'logits' ? logProbabilityEntropy(d, logProbabilities) : categoricalEntropy(d, row.probabilities)
      // Zero times infinity would be no number.
      if (row.weight > 0) sums[k]!.add(row.weight * entropy)
      if (entropy > largest[k]!.supremum) largest[k] = { supremum: entropy, attainedAt: place }
    })
    place++
  }
  const weight = total.total()
  if (!(weight > 0)) throw new Error(`streamedEntropies: ${place} rows of weight ${weight} have no average`)
  return divergences.map((_, k) => ({ mean: sums[k]!.total() / weight, ...largest[k]! }))
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
export const kernelEntropy = (d: Divergence, weights: Distribution, rows: Float64Array): KernelEntropy =>
  streamedEntropies([d], probabilityRows(weights, rows))[0]!

function* probabilityRows(weights: Distribution, rows: Float64Array): Generator<KernelRow> {
  const width = widthOf(weights.length, rows)
  for (let x = 0; x < weights.length; x++)
    yield { kind: 'probabilities', weight: weights[x]!, probabilities: rows.subarray(x * width, (x + 1) * width) }
}

const widthOf = (n: number, rows: Float64Array): number => {
  if (n < 1 || rows.length % n !== 0)
    throw new Error(`kernel entropy: ${rows.length} probabilities do not make ${n} rows of one length`)
  return rows.length / n
}
