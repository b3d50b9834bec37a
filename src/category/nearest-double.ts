/**
 * The double nearest to a fraction of whole numbers of any size.
 */

/** More bits than a double has, one of them to tell on which side of a tie the rest lies. */
const enoughBits = 72

/** How many bits a positive whole number has, up to three more. */
const bits = (value: bigint): number => value.toString(16).length * 4

/**
 * numerator / denominator as the nearest double, ties to even; a result below 2^-1022 to one unit in its last place. The numerator is
 * at least zero and the denominator positive.
 *
 * @example
 * nearestDouble(1n, 3n) === 1 / 3 // => true
 * nearestDouble(3n * 10n ** 400n, 10n ** 700n) // => 3e-300
 */
export const nearestDouble = (numerator: bigint, denominator: bigint): number => {
  if (numerator === 0n) return 0
  const shift = enoughBits - (bits(numerator) - bits(denominator))
  const [above, below] =
    shift >= 0 ? [numerator << BigInt(shift), denominator] : [numerator, denominator << BigInt(-shift)]
  const quotient = above / below
  // A last bit for what the division left over: exact ties are ties, and nothing else is.
  const sticky = above % below === 0n ? 0n : 1n
  // Two steps, as 2 ** -shift may not be a double where the result is one.
  const half = Math.trunc(shift / 2)
  return (Number((quotient << 1n) | sticky) / 2) * 2 ** -half * 2 ** (half - shift)
}
