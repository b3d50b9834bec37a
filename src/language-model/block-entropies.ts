/**
 * Shannon entropies of the blocks of a stationary law, computed when they are asked for and kept.
 */
import type { BlockEntropies } from './data-kernel.js'

/**
 * The entropy (nats) of a distribution that is given as masses and their total.
 *
 * The sum is compensated: a surplus is a difference of four entropies of up to millions of terms each, and it is held to 1e-12.
 */
export const entropyOfMasses = (masses: ArrayLike<number>, total = 1): number => {
  let sum = 0
  let lost = 0
  for (let index = 0; index < masses.length; index++) {
    const mass = masses[index]!
    if (mass === 0) continue
    const term = (mass / total) * Math.log(total / mass) - lost
    const next = sum + term
    lost = next - sum - term
    sum = next
  }
  return sum
}

/** Block entropies from a function that is called once for each length, in increasing order. */
export const blockEntropies = (longest: number, entropyOfNext: (length: number) => number): BlockEntropies => {
  const known = [0]
  return {
    longest,
    of: (length) => {
      if (!Number.isInteger(length) || length < 0 || length > longest)
        throw new Error(`block entropies: length ${length} is not a whole number from 0 to ${longest}`)
      while (known.length <= length) known.push(entropyOfNext(known.length))
      return known[length]!
    },
  }
}

/**
 * The block entropies of the chain of order N that a stationary law defines: its own up to blocks of N + 1 symbols, and one entropy
 * rate H(N + 1) - H(N) more for each symbol from there; nats.
 *
 * @example
 * const entropies = processBlockEntropies(toUnion(parseProcess('rrxor')))
 * chainBlockEntropies(entropies, 1).of(3) === entropies.of(2) + (entropies.of(2) - entropies.of(1)) // => true
 */
export const chainBlockEntropies = (entropies: BlockEntropies, order: number): BlockEntropies => {
  if (!Number.isInteger(order) || order < 0 || order >= entropies.longest)
    throw new Error(`chain of order ${order}: blocks of up to ${entropies.longest} symbols are known`)
  return {
    longest: Number.MAX_SAFE_INTEGER,
    of: (length) =>
      length <= order + 1
        ? entropies.of(length)
        : entropies.of(order + 1) + (length - order - 1) * (entropies.of(order + 1) - entropies.of(order)),
  }
}
