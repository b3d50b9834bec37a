/**
 * The categorical mutual information of a kernel of FinStoch: between its two outputs, and between its input and its output.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023).
 */
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from '../category/finite-object.js'
import type { Divergence } from './divergence.js'
import { largestMixed, rowOf, type SupremumOverInputs, supremumOf } from './kernel-divergence.js'
import { kernelInformation, mutualInformation } from './mutual-information.js'

/**
 * I_D(X ; Y) of a kernel f : A -> X ⊗ Y, in nats where D has a unit: its divergence from independence, the largest over the inputs,
 * ```
 *            ┌─ X                ┌─[f]─┬─ X
 *   D( A ─[f]┤       ‖    A ─────●     └─●       )
 *            └─ Y                │     ┌─●
 *                                └─[f]─┴─ Y
 * ```
 * For a joint law, a kernel without input, its mutual information. A codomain that is not X ⊗ Y throws.
 *
 * @example
 * const same = { domain: [], codomain: [2, 2], entries: Float64Array.of(0.5, 0, 0, 0.5) }
 * channelInformation(kullbackLeibler, same, [2], [2]) // => { supremum: 0.6931471805599453, attainedAt: 0 }
 */
export const channelInformation = (
  d: Divergence,
  f: StochasticMatrix,
  x: FiniteObject,
  y: FiniteObject,
): SupremumOverInputs => supremumOf(informations(d, f, x, y))

/**
 * The conditional mutual information I_D(X ; Y | A) of f : A -> X ⊗ Y under p : I -> A: both sides of the mutual information with
 * their input kept. Mixed as a conditional divergence is. If p has inputs, the supremum over them.
 *
 * @example
 * const p = { domain: [], codomain: [2], entries: Float64Array.of(0.75, 0.25) }
 * const f = { domain: [2], codomain: [2, 2], entries: Float64Array.of(1, 0, 0, 0, 0.5, 0, 0, 0.5) }
 * conditionalChannelInformation(kullbackLeibler, p, f, [2], [2]) // => 0.17328679513998632
 */
export const conditionalChannelInformation = (
  d: Divergence,
  p: StochasticMatrix,
  f: StochasticMatrix,
  x: FiniteObject,
  y: FiniteObject,
): number => largestMixed(d, p, f, informations(d, f, x, y))

/**
 * The D-informativeness of a kernel f : A -> X under a prior p : I -> A: the mutual information of input and output,
 * ```
 *          ┌────── A           [p]──────── A
 *   D( [p]─●            ‖                        )
 *          └─[f]── X           [p]─[f]──── X
 * ```
 * Whatever D is, it does not rise when f is followed by another kernel. If p has inputs, the supremum over them.
 *
 * @example
 * const coin = { domain: [], codomain: [2], entries: Float64Array.of(0.5, 0.5) }
 * inputOutputInformation(totalVariation, coin, FinStoch.id([2])) // => 0.5
 */
export const inputOutputInformation = (d: Divergence, p: StochasticMatrix, f: StochasticMatrix): number => {
  if (!sameFiniteObject(p.codomain, f.domain))
    throw new Error(`informativeness: codomain [${p.codomain.join(', ')}] meets domain [${f.domain.join(', ')}]`)
  const values = Float64Array.from({ length: sizeOfObject(p.domain) }, (_, z) =>
    kernelInformation(rowOf(p, z), f.entries, d),
  )
  return supremumOf(values).supremum
}

const informations = (d: Divergence, f: StochasticMatrix, x: FiniteObject, y: FiniteObject): Float64Array => {
  if (!sameFiniteObject(f.codomain, [...x, ...y]))
    throw new Error(
      `channel information: codomain [${f.codomain.join(', ')}] is not [${x.join(', ')}] ⊗ [${y.join(', ')}]`,
    )
  return Float64Array.from({ length: sizeOfObject(f.domain) }, (_, a) =>
    mutualInformation(rowOf(f, a), sizeOfObject(x), d),
  )
}
