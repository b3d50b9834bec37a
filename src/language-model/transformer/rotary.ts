/**
 * Rotary positions: adjacent pairs of a head's coordinates turn by an angle that grows with the place, so that inner products of a
 * query and a key depend on how far they are apart.
 *
 * Source: J. Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding" (2021).
 */
import type { Matrix } from '../../linear-algebra/matrix.js'

/** The wavelengths of the pairs are powers of this, from 2 pi on. */
const base = 10000

/** cos and sin of the angle of each pair at each place, places x pairs. */
export interface Rotations {
  readonly pairs: number
  readonly length: number
  readonly cosines: Float64Array
  readonly sines: Float64Array
}

/** The rotations of heads of an even size at the places 0 .. length - 1. */
export const rotations = (length: number, headSize: number): Rotations => {
  const pairs = headSize / 2
  const angles = Float64Array.from(
    { length: length * pairs },
    (_, index) => Math.floor(index / pairs) * base ** (-(index % pairs) / pairs),
  )
  return {
    pairs,
    length,
    cosines: angles.map((angle) => Math.cos(angle)),
    sines: angles.map((angle) => Math.sin(angle)),
  }
}

/** Turns all heads of all rows in place, each row by its place in its sequence; backwards for gradients. */
export const rotate = (
  { rows, columns, entries }: Matrix,
  { pairs, length, cosines, sines }: Rotations,
  direction: 1 | -1,
): void => {
  for (let row = 0; row < rows; row++) {
    const angleAt = (row % length) * pairs
    for (let k = 0; k < columns; k += 2) {
      const index = angleAt + ((k / 2) % pairs)
      const [cosine, sine] = [cosines[index]!, direction * sines[index]!]
      const at = row * columns + k
      const [x, y] = [entries[at]!, entries[at + 1]!]
      entries[at] = x * cosine - y * sine
      entries[at + 1] = x * sine + y * cosine
    }
  }
}
