/**
 * The shuffled-target baseline: what training finds where there is nothing to find about the true contexts.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

import type { DataKernel } from './data-kernel.js'

/**
 * The kernel with its rows P(. | x) permuted over the contexts by a seed (a 32-bit integer); contexts and weights stay.
 *
 * The rows keep their shapes, so the task stays as hard; with weights that differ, the law of a single token changes.
 */
export const shuffleTargets = (kernel: DataKernel, seed: number): DataKernel => {
  const generator = xoroshiro128plus(seed)
  const width = kernel.symbols.length
  const order = Array.from(kernel.weights, (_, context) => context)
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = uniformInt(generator, 0, last)
    const moved = order[last]!
    order[last] = order[chosen]!
    order[chosen] = moved
  }
  const next = new Float64Array(kernel.next.length)
  order.forEach((from, to) => {
    next.set(kernel.next.subarray(from * width, (from + 1) * width), to * width)
  })
  return { ...kernel, name: `${kernel.name}, targets shuffled`, next }
}
