import { describe, expect, test } from 'vitest'

import { compensatedSum } from '../../../src/linear-algebra/compensated-sum.js'

const sumOf = (terms: Iterable<number>): number => {
  const sum = compensatedSum()
  for (const term of terms) sum.add(term)
  return sum.total()
}

describe('compensatedSum', () => {
  test('keeps what a plain sum loses', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2)
    const tenths = Array.from({ length: 1_000_000 }, () => 0.1)
    expect(tenths.reduce((sum, term) => sum + term, 0)).not.toBe(100_000)
    expect(Math.abs(sumOf(tenths) - 100_000)).toBeLessThan(1e-11)
  })

  test('of nothing, and of infinite terms', () => {
    expect(sumOf([])).toBe(0)
    expect(sumOf([1, Infinity, 2])).toBe(Infinity)
    expect(sumOf([Infinity, -Infinity])).toBeNaN()
  })
})
