/** Addressed random numbers: the published numbers of the cipher, and that no direction in which addresses vary is special. */
import { describe, expect, test } from 'vitest'

import {
  type Address,
  addressedRandomness,
  bitsAt,
  normalsAt,
  uniformAt,
} from '../../../../src/category/sampler/addressed-randomness.js'
import { chiSquaredTail } from '../../../../src/category/sampler/chi-squared.js'

const origin: Address = { seed: 0, place: 0, draw: 0, index: 0 }
const directions = ['seed', 'place', 'draw', 'index'] as const

test('Threefry-2x32 with 20 rounds: the known answers of its authors', () => {
  expect(bitsAt(origin)).toEqual([0x6b200159, 0x99ba4efe])
  const ones = 0xffffffff
  expect(bitsAt({ seed: ones, place: ones, draw: ones, index: ones })).toEqual([0x1cb996fc, 0xbb002be7])
  expect(bitsAt({ draw: 0x243f6a88, index: 0x85a308d3, seed: 0x13198a2e, place: 0x03707344 })).toEqual([
    0xc4923a9c, 0x483df7a0,
  ])
})

test('a uniform number is the leading 53 bits', () => {
  expect(uniformAt(0, 0, 0, 0)).toBe(((0x6b200159 >>> 5) * 2 ** 26 + (0x99ba4efe >>> 6)) / 2 ** 53)
})

describe.each(directions)('addresses that differ in the %s alone', (direction) => {
  const at = (k: number): Address => ({ ...origin, seed: 5, place: 3, [direction]: k })
  const uniform = (k: number): number => {
    const { seed, place, draw, index } = at(k)
    return uniformAt(seed, place, draw, index)
  }
  const count = 1 << 16

  // Each of these raises a false alarm once in a million seeds; the numbers are the same in every run.
  test('give uniform numbers', () => {
    const bins = new Float64Array(256)
    for (let k = 0; k < count; k++) bins[Math.floor(uniform(k) * 256)]! += 1
    const statistic = bins.reduce((sum, seen) => sum + (seen - 256) ** 2 / 256, 0)
    const tail = chiSquaredTail(statistic, 255)
    expect(tail).toBeGreaterThan(5e-7)
    expect(tail).toBeLessThan(1 - 5e-7)
  })

  test('give neighbours that are independent', () => {
    const bins = new Float64Array(256)
    for (let k = 0; k < 2 * count; k += 2)
      bins[16 * Math.floor(uniform(k) * 16) + Math.floor(uniform(k + 1) * 16)]! += 1
    const statistic = bins.reduce((sum, seen) => sum + (seen - 256) ** 2 / 256, 0)
    expect(chiSquaredTail(statistic, 255)).toBeGreaterThan(1e-6)
  })

  test('differ in each bit half of the time', () => {
    const flips = new Float64Array(64)
    const pairs = 1 << 14
    for (let k = 0; k < pairs; k++) {
      const [a, b] = [bitsAt(at(2 * k)), bitsAt(at(2 * k + 1))]
      for (let bit = 0; bit < 64; bit++) flips[bit]! += ((a[bit >> 5]! ^ b[bit >> 5]!) >>> (bit & 31)) & 1
    }
    // Six standard deviations of a count of coin flips.
    for (const flip of flips) expect(Math.abs(flip - pairs / 2)).toBeLessThan(3 * Math.sqrt(pairs))
  })
})

test('normal numbers: the quartiles and tails of the normal distribution', () => {
  // Edges of the distribution function at 1/1000, 1/4, 1/2, 3/4, 999/1000.
  const edges = [-3.090232306167813, -0.6744897501960817, 0, 0.6744897501960817, 3.090232306167813]
  const shares = [0.001, 0.249, 0.25, 0.25, 0.249, 0.001]
  const count = 200_000
  const pair = new Float64Array(2)
  for (const leg of [0, 1]) {
    const seen = new Float64Array(6)
    for (let draw = 0; draw < count; draw++) {
      normalsAt(9, 0, draw, pair)
      const above = edges.findIndex((edge) => pair[leg]! < edge)
      seen[above === -1 ? 5 : above]! += 1
    }
    const statistic = shares.reduce((sum, share, k) => sum + (seen[k]! - share * count) ** 2 / (share * count), 0)
    expect(chiSquaredTail(statistic, 5)).toBeGreaterThan(1e-6)
  }
})

test('a box asks for numbers one after another, and finds them again', () => {
  const numbers = addressedRandomness(7, 2)
  numbers.goTo(11)
  const first = [numbers.uniform(), numbers.uniform(), numbers.uniform()]
  expect(first).toEqual([0, 1, 2].map((index) => uniformAt(7, 2, 11, index)))
  numbers.goTo(11)
  const target = new Float64Array(1)
  normalsAt(7, 2, 11, target)
  expect(numbers.normal()).toBe(target[0])
  expect(numbers.uniform()).toBe(first[2])
})
