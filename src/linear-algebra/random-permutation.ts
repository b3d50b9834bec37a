/**
 * Seeded permutations: Fisher and Yates' shuffle of a xoroshiro128+ stream.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A stream of uniformly distributed permutations of 0 .. n-1 that its seed, a 32-bit integer, determines.
 *
 * @example
 * Array.from(randomPermutations(3)(5)).sort() // => [0, 1, 2, 3, 4]
 */
export const randomPermutations = (seed: number): ((n: number) => Int32Array) => {
  const generator = xoroshiro128plus(seed)
  return (n) => {
    const order = Int32Array.from({ length: n }, (_, index) => index)
    for (let last = n - 1; last > 0; last--) {
      const chosen = uniformInt(generator, 0, last)
      const moved = order[last]!
      order[last] = order[chosen]!
      order[chosen] = moved
    }
    return order
  }
}
