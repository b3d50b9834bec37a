/**
 * The categorical entropy of a kernel of FinStoch: as a supremum over its inputs, and under a law on them.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023). `kernelEntropy` is the same on flat rows, with the plain average.
 */
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { sizeOfObject } from '../category/finite-object.js'
import type { Divergence } from './divergence.js'
import { largestMixed, type SupremumOverInputs, supremumOf } from './kernel-divergence.js'
import { rowEntropies } from './kernel-entropy.js'

/**
 * H_D(f) of a kernel f : A -> X, in nats where D has a unit: its divergence from determinism, the largest over the inputs,
 * ```
 *              ┌─ X               ┌─[f]─ X
 *   D( A ─[f]──●       ‖    A ────●           )
 *              └─ X               └─[f]─ X
 * ```
 * It is zero exactly if f is deterministic.
 *
 * @example
 * const f = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 0.5, 0.5) }
 * channelEntropy(kullbackLeibler, f) // => { supremum: 0.6931471805599453, attainedAt: 1 }
 */
export const channelEntropy = (d: Divergence, f: StochasticMatrix): SupremumOverInputs => supremumOf(entropies(d, f))

/**
 * The conditional entropy H_D(f | p) of a kernel f : A -> X under p : I -> A, in nats where D has a unit:
 * ```
 *          ┌─────────── A             ┌─────────── A
 *          │     ┌───── X             │     ┌─[f]─ X
 *   D( [p]─●─[f]─●           ‖    [p]─●─────●           )
 *                └───── X                   └─[f]─ X
 * ```
 * For Kullback-Leibler Shannon's H(X | A). Mixed as a conditional divergence is. If p has inputs, the supremum over them.
 *
 * @example
 * const p = { domain: [], codomain: [2], entries: Float64Array.of(0.75, 0.25) }
 * const f = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 0.5, 0.5) }
 * conditionalChannelEntropy(kullbackLeibler, p, f) // => 0.17328679513998632
 */
export const conditionalChannelEntropy = (d: Divergence, p: StochasticMatrix, f: StochasticMatrix): number =>
  largestMixed(d, p, f, entropies(d, f))

const entropies = (d: Divergence, f: StochasticMatrix): Float64Array => {
  const inputs = sizeOfObject(f.domain)
  return inputs === 0 ? new Float64Array(0) : rowEntropies(d, inputs, f.entries)
}
