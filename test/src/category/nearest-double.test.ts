import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { nearestDouble } from '../../../src/category/nearest-double.js'

test('fractions of whole numbers that are doubles: division is correctly rounded, and so is this', () => {
  const wholes = fc.bigInt({ min: 1n, max: 2n ** 53n })
  fc.assert(
    fc.property(fc.oneof(fc.constant(0n), wholes), wholes, (numerator, denominator) => {
      expect(nearestDouble(numerator, denominator)).toBe(Number(numerator) / Number(denominator))
    }),
    { numRuns: 2000 },
  )
})

test('numbers beyond the doubles', () => {
  const huge = 10n ** 400n
  expect(nearestDouble(huge, 3n * huge)).toBe(1 / 3)
  expect(nearestDouble(3n * huge, 10n ** 700n)).toBe(3e-300)
  expect(nearestDouble(1n, huge)).toBe(0)
  expect(nearestDouble(huge, 1n)).toBe(Infinity)
  expect(nearestDouble(huge - 1n, huge)).toBe(1)
  // Twenty digits against three hundred: neither short nor long.
  expect(nearestDouble(3n * 10n ** 20n, 10n ** 320n)).toBe(3e-300)
})

test('ties go to the even neighbour, and what is just off a tie does not', () => {
  const tie = 2n ** 53n + 1n
  expect(nearestDouble(tie, 1n)).toBe(2 ** 53)
  expect(nearestDouble(tie * 10n ** 50n + 1n, 10n ** 50n)).toBe(2 ** 53 + 2)
  expect(nearestDouble(tie * 10n ** 50n - 1n, 10n ** 50n)).toBe(2 ** 53)
})

test('the smallest doubles', () => {
  expect(nearestDouble(1n, 2n ** 1074n)).toBe(Number.MIN_VALUE)
  expect(nearestDouble(3n, 2n ** 1074n)).toBe(3 * Number.MIN_VALUE)
  expect(nearestDouble(1n, 2n ** 1022n)).toBe(2 ** -1022)
  expect(nearestDouble(1n, 2n ** 1076n)).toBe(0)
})
