/**
 * The three conditional entropies of the next token that must not be confused.
 */
import { shannonEntropy } from '../information/categorical-entropy.js'
import type { DataKernel } from './data-kernel.js'
import { type Classes, givenClass } from './encoding-classes.js'

/** All in nats. */
export interface ThreeEntropies {
  /** H_model(W | H): h from the contexts, W from the head. For Kullback-Leibler it is the mean categorical entropy of the head. */
  readonly modelGivenHidden: number
  /** H_data(W | H): the least cross-entropy that any head has on these hidden states. */
  readonly dataGivenHidden: number
  /** H_data(W | X): the least cross-entropy that any model has. At most H_data(W | H), which exceeds it by I(W; X | H). */
  readonly dataGivenContext: number
}

/** Predictions may come from float32 kernels. */
const lawTolerance = 1e-3

/**
 * H_model(W | H), H_data(W | H) and H_data(W | X) of an encoder's classes of contexts and a model's predictions (n x V, nats).
 *
 * ```
 *   [mu]── X ──●── k_bb . k_emb ── H ──●── H            [mu]── X ──●── k_bb . k_emb ── H
 *              │                       └─[k_head]── W              └─[k_data]── W
 *              └─● (discarded)
 *   the joint law of the first entropy                   the joint law of the other two, with X kept for the last
 * ```
 * The first has no order with the other two. Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Remark
 * 2.6 and Proposition 4.2: the paper's mean categorical entropy is the first alone. Identities.
 *
 * @example
 * const kernel = { symbols: ['a', 'b'], weights: Float64Array.of(0.5, 0.5), next: Float64Array.of(1, 0, 0, 1) }
 * const merged = { of: Int32Array.of(0, 0), count: 1 }
 * const logs = Float64Array.of(0.9, 0.1, 0.9, 0.1).map(Math.log)
 * threeEntropies(kernel, merged, logs)
 * // => { modelGivenHidden: 0.3250829733914482, dataGivenHidden: 0.6931471805599453, dataGivenContext: 0 }
 */
export const threeEntropies = (
  { symbols, weights, next }: Pick<DataKernel, 'symbols' | 'weights' | 'next'>,
  classes: Classes,
  logProbabilities: Float64Array,
): ThreeEntropies => {
  const width = symbols.length
  if (classes.of.length !== weights.length || logProbabilities.length !== next.length)
    throw new Error(
      `threeEntropies: ${classes.of.length} classes and ${logProbabilities.length} log-probabilities for ${weights.length} contexts`,
    )
  for (let context = 0; context < weights.length; context++) {
    let mass = 0
    for (let w = 0; w < width; w++) mass += Math.exp(logProbabilities[context * width + w]!)
    if (!(Math.abs(mass - 1) <= lawTolerance))
      throw new Error(`threeEntropies: the predictions at context ${context} sum to ${mass}; give log-probabilities`)
  }
  const meanEntropy = (masses: Float64Array, laws: Float64Array): number =>
    masses.reduce((sum, mass, row) => sum + mass * shannonEntropy(laws.subarray(row * width, (row + 1) * width)), 0)
  const model = givenClass(logProbabilities.map(Math.exp), weights, classes)
  const data = givenClass(next, weights, classes)
  return {
    modelGivenHidden: meanEntropy(model.masses, model.features),
    dataGivenHidden: meanEntropy(data.masses, data.features),
    dataGivenContext: meanEntropy(weights, next),
  }
}
