/**
 * Random numbers by address: a number is a function of the seed, the place of a box, the draw, and its index within the draw.
 *
 * The function is the block cipher Threefry-2x32 with its twenty rounds, the key being (seed, place) and the block (draw, index). For
 * each key it permutes the blocks, so that no two addresses of a box share a number by construction, and no state has to be kept,
 * skipped or handed on. A stream of a sequential generator would have to be seeded anew for every box and every draw.
 *
 * Source: J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 */

/** Where a random number belongs: four whole numbers of 32 bits. */
export interface Address {
  readonly seed: number
  /** The number of the box in the normal form. */
  readonly place: number
  readonly draw: number
  /** The how-manyth number of the draw. */
  readonly index: number
}

/** How many seeds, places, draws and indices there are. */
export const addressCount = 2 ** 32

const parity = 0x1bd11bda
const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** The two words of the last block: a pair would have to be allocated for every number. */
const words = new Uint32Array(2)

const encipher = (seed: number, place: number, draw: number, index: number): void => {
  // As signed words: arithmetic on larger numbers is done in doubles, at twice the cost.
  const first = seed | 0
  const second = place | 0
  const third = parity ^ first ^ second
  let a = (draw + first) | 0
  let b = (index + second) | 0
  for (let group = 1; group <= 5; group++) {
    if (group % 2 === 1) {
      a = (a + b) | 0
      b = rotate(b, 13) ^ a
      a = (a + b) | 0
      b = rotate(b, 15) ^ a
      a = (a + b) | 0
      b = rotate(b, 26) ^ a
      a = (a + b) | 0
      b = rotate(b, 6) ^ a
    } else {
      a = (a + b) | 0
      b = rotate(b, 17) ^ a
      a = (a + b) | 0
      b = rotate(b, 29) ^ a
      a = (a + b) | 0
      b = rotate(b, 16) ^ a
      a = (a + b) | 0
      b = rotate(b, 24) ^ a
    }
    // The three words of the key take turns.
    const turn = group % 3
    a = (a + (turn === 0 ? first : turn === 1 ? second : third)) | 0
    b = (b + (turn === 0 ? second : turn === 1 ? third : first) + group) | 0
  }
  words[0] = a
  words[1] = b
}

/** The 64 bits at an address, as two words of 32. */
export const bitsAt = ({ seed, place, draw, index }: Address): readonly [number, number] => {
  encipher(seed, place, draw, index)
  return [words[0]!, words[1]!]
}

/** The uniform number of [0, 1) at an address: a multiple of 2^-53. */
export const uniformAt = (seed: number, place: number, draw: number, index: number): number => {
  encipher(seed, place, draw, index)
  return ((words[0]! >>> 5) * 0x4000000 + (words[1]! >>> 6)) * 2 ** -53
}

/**
 * Writes the first standard normal numbers of a draw over an array, by Box and Muller's transform of the uniform numbers at the same
 * indices.
 */
export const normalsAt = (seed: number, place: number, draw: number, target: Float64Array): void => {
  for (let i = 0; i < target.length; i += 2) {
    // 1 - u is never zero.
    const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(seed, place, draw, i)))
    const angle = 2 * Math.PI * uniformAt(seed, place, draw, i + 1)
    target[i] = radius * Math.cos(angle)
    if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle)
  }
}

/** The random numbers of one box in one draw, one after another. */
export interface Randomness {
  /** The next number, uniform on [0, 1). */
  readonly uniform: () => number
  /** The next standard normal number; it takes the place of two uniform ones. */
  readonly normal: () => number
}

/** The random numbers of a box, and how to go to those of another draw. */
export interface AddressedRandomness extends Randomness {
  readonly goTo: (draw: number) => void
}

export const addressedRandomness = (seed: number, place: number): AddressedRandomness => {
  let draw = 0
  let index = 0
  const uniform = (): number => uniformAt(seed, place, draw, index++)
  return {
    uniform,
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      return radius * Math.cos(2 * Math.PI * uniform())
    },
    goTo: (next) => {
      draw = next
      index = 0
    },
  }
}
