/**
 * Pairs of a context and the token after it, drawn from a law: what a dump of hidden states and next tokens would hold.
 */
import { uniformAt } from '../category/sampler/addressed-randomness.js'
import type { DataKernel } from './data-kernel.js'

export interface SampledPairs {
  /** Numbers of contexts, and of the tokens after them. */
  readonly contexts: Int32Array
  readonly tokens: Int32Array
}

/**
 * Independent pairs; the seed, a 32-bit integer, determines them.
 *
 * @example
 * const kernel = { weights: Float64Array.of(0.5, 0.5), next: Float64Array.of(1, 0, 0, 1) }
 * const { contexts, tokens } = samplePairs(kernel, 20, 1)
 * contexts.every((context, pair) => context === tokens[pair]) // => true
 */
export const samplePairs = (
  { weights, next }: Pick<DataKernel, 'weights' | 'next'>,
  count: number,
  seed: number,
): SampledPairs => {
  const width = next.length / weights.length
  const ofContexts = cumulative(weights)
  const ofTokens = Array.from(weights, (_, x) => cumulative(next.subarray(x * width, (x + 1) * width)))
  const contexts = Int32Array.from({ length: count }, (_, pair) => placeOf(ofContexts, uniformAt(seed, 0, pair, 0)))
  return {
    contexts,
    tokens: contexts.map((context, pair) => placeOf(ofTokens[context]!, uniformAt(seed, 0, pair, 1))),
  }
}

const cumulative = (masses: Float64Array): Float64Array => {
  let sum = 0
  return masses.map((mass) => (sum += mass))
}

/** The first place whose sum is above a uniform number times the whole; it has a mass. */
const placeOf = (sums: Float64Array, uniform: number): number => {
  const target = uniform * sums[sums.length - 1]!
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > target) high = middle
    else low = middle + 1
  }
  return low
}
