/**
 * The shuffled-target baseline: what training finds where there is nothing to find about the true contexts.
 */
import { randomPermutations } from '../linear-algebra/random-permutation.js'
import type { DataKernel } from './data-kernel.js'

/**
 * The kernel with its rows P(. | x) permuted over the contexts by a seed (a 32-bit integer); contexts and weights stay.
 *
 * The rows keep their shapes, so the task stays as hard; with weights that differ, the law of a single token changes.
 */
export const shuffleTargets = (kernel: DataKernel, seed: number): DataKernel => {
  const width = kernel.symbols.length
  const next = new Float64Array(kernel.next.length)
  randomPermutations(seed)(kernel.weights.length).forEach((from, to) => {
    next.set(kernel.next.subarray(from * width, (from + 1) * width), to * width)
  })
  return { ...kernel, name: `${kernel.name}, targets shuffled`, next }
}
