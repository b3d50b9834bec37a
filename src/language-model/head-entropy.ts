/**
 * The categorical entropies of a linear softmax head over hidden states: at a state, in the mean under a law of states, and the largest.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Definition 4.1 and (4.4).
 */
import type { Divergence } from '../information/divergence.js'
import { type KernelEntropy, type KernelRow, streamedEntropies } from '../information/kernel-entropy.js'
import { softmaxEntropy } from '../information/log-probability-entropy.js'
import { type Head, headLogits } from './head-divergence.js'

/**
 * H_D(k_head)(h) at one hidden state, in nats where D has a unit: for Kullback-Leibler the Shannon entropy of the next token.
 * ```
 *                   ┌─ W               ┌─[k_head]─ W
 *   D( H ─[k_head]──●       ‖    H ────●                )   at h
 *                   └─ W               └─[k_head]─ W
 * ```
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headEntropy(totalVariation, head, Float64Array.of(1)) // => 0.375
 */
export const headEntropy = (d: Divergence, head: Head, hidden: Float64Array): number =>
  softmaxEntropy(d, headLogits(head, hidden))

/**
 * The mean of H_D(k_head) under a law of hidden states (n x D, row-major; n weights, all alike where they are not given) and its
 * supremum over them with where it is attained, for several divergences at once.
 *
 * For Kullback-Leibler the mean is H(W | H) under the model's own law. Streaming: one row of V logits is in memory at a time.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * headEntropies([totalVariation], head, Float64Array.of(1, 0)) // => [{ mean: 0.4375, supremum: 0.5, attainedAt: 1 }]
 */
export const headEntropies = (
  divergences: readonly Divergence[],
  head: Head,
  hidden: Float64Array,
  weights?: ArrayLike<number>,
): readonly KernelEntropy[] => streamedEntropies(divergences, headRows(head, hidden, weights))

/** The logits of a head at each of n hidden states; each row overwrites the one before. */
export function* headRows(
  head: Head,
  hidden: Float64Array,
  weights?: ArrayLike<number>,
): Generator<Extract<KernelRow, { kind: 'logits' }>> {
  const symbols = head.headBias.length
  const dimension = head.headWeights.length / symbols
  const count = dimension === 0 ? (weights?.length ?? NaN) : hidden.length / dimension
  if (!Number.isInteger(count) || (weights !== undefined && weights.length !== count))
    throw new Error(
      `head: ${hidden.length} numbers are not ${weights?.length ?? 'some'} states of dimension ${dimension}`,
    )
  const logits = new Float64Array(symbols)
  for (let row = 0; row < count; row++) {
    headLogits(head, hidden.subarray(row * dimension, (row + 1) * dimension), logits)
    yield { kind: 'logits', weight: weights?.[row] ?? 1, logits }
  }
}
