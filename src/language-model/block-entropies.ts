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
