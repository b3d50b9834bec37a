/** MurmurHash3 of A. Appleby (2011, public domain): the 128-bit variant that is made of 32-bit operations, `x86_128`. */

/**
 * The hash of some bytes, as four numbers of 32 bits. It is no cryptographic hash: it tells apart what was not made to collide.
 */
export const murmurHash128 = (bytes: Uint8Array, seed = 0): readonly [number, number, number, number] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [a, b, c, d] = [seed, seed, seed, seed]
  const whole = bytes.length - (bytes.length % 16)
  for (let at = 0; at < whole; at += 16) {
    a ^= scramble(view.getUint32(at, true), 0)
    a = (Math.imul((rotate(a, 19) + b) | 0, 5) + 0x561ccd1b) | 0
    b ^= scramble(view.getUint32(at + 4, true), 1)
    b = (Math.imul((rotate(b, 17) + c) | 0, 5) + 0x0bcaa747) | 0
    c ^= scramble(view.getUint32(at + 8, true), 2)
    c = (Math.imul((rotate(c, 15) + d) | 0, 5) + 0x96cd1c35) | 0
    d ^= scramble(view.getUint32(at + 12, true), 3)
    d = (Math.imul((rotate(d, 13) + a) | 0, 5) + 0x32ac3b17) | 0
  }

  // The rest, filled up with zeros, which scramble to zeros.
  const rest = new Int32Array(4)
  for (let at = whole; at < bytes.length; at++) rest[(at >> 2) & 3]! |= bytes[at]! << (8 * (at & 3))
  a ^= scramble(rest[0]!, 0) ^ bytes.length
  b ^= scramble(rest[1]!, 1) ^ bytes.length
  c ^= scramble(rest[2]!, 2) ^ bytes.length
  d ^= scramble(rest[3]!, 3) ^ bytes.length
  ;[a, b, c, d] = mixed(finish, a, b, c, d)
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

const factors = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const

/** A word before it enters the hash; the place says which of the four constants it is multiplied by, and by which after it. */
const scramble = (word: number, place: 0 | 1 | 2 | 3): number =>
  Math.imul(rotate(Math.imul(word, factors[place]), 15 + place), factors[(place + 1) % 4]!)

/** The four words made to depend on each other, before and after each is finished. */
const mixed = (
  each: (word: number) => number,
  ...words: readonly [number, number, number, number]
): readonly [number, number, number, number] => {
  const [a, b, c, d] = spread(...words)
  return spread(each(a), each(b), each(c), each(d))
}

const spread = (a: number, b: number, c: number, d: number): readonly [number, number, number, number] => {
  const sum = (a + b + c + d) | 0
  return [sum, (sum + b) | 0, (sum + c) | 0, (sum + d) | 0]
}

const finish = (word: number): number => {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return second ^ (second >>> 16)
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
