import fc from 'fast-check'
import { expect, test } from 'vitest'

import { bytesAs, floatsFrom } from '../../../../src/language-model/checkpoint/element-type.js'

const all16 = Uint8Array.from({ length: 2 ** 17 }, (_, at) => (at % 2 === 0 ? (at / 2) % 256 : at >> 9))

test.each(['F16', 'BF16'] as const)('every number of %s comes back as its own bytes', (type) => {
  const numbers = floatsFrom(type, all16)
  const back = floatsFrom(type, bytesAs(type, numbers))
  expect(numbers.every((value, place) => Object.is(value, back[place]))).toBe(true)
})

test('F16 rounds to the nearest number, of two to the even one', () => {
  const rounded = (value: number): number => floatsFrom('F16', bytesAs('F16', Float64Array.of(value)))[0]!
  const numbers = Float64Array.from(floatsFrom('F16', all16)).filter(Number.isFinite).sort()
  fc.assert(
    fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), fc.integer({ min: -30, max: 0 }), (x, e) => {
      const value = x * 2 ** e
      const nearest = numbers.reduce((best, each) => Math.min(best, Math.abs(each - value)), Infinity)
      expect(Math.abs(rounded(value) - value)).toBe(nearest)
    }),
    { numRuns: 30 },
  )
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519, 65520, -1e9].map(rounded)).toEqual([
    1,
    1 + 2 ** -9,
    0,
    2 ** -23,
    65504,
    Infinity,
    -Infinity,
  ])
})

test('BF16 rounds to the nearest number, of two to the even one', () => {
  const values = Float64Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -3.4e38, NaN)
  expect(Array.from(floatsFrom('BF16', bytesAs('BF16', values)))).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, -Infinity, NaN])
})

test('F64 and F32 keep what they hold', () => {
  const values = Float64Array.of(0.1, -0, 2 ** -1074, Infinity)
  expect(floatsFrom('F64', bytesAs('F64', values))).toEqual(values)
  expect(floatsFrom('F32', bytesAs('F32', values))).toEqual(Float32Array.from(values))
})
