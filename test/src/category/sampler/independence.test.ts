/** The test of independence on tables worked out by hand, and the ends of its tail. */
import { describe, expect, test } from 'vitest'

import { chiSquaredIndependence, chiSquaredTail, upperGamma } from '../../../../src/category/sampler/chi-squared.js'
import { covarianceFactor, deviationsOf } from '../../../../src/category/sampler/covariance-factor.js'
import { type Matrix, matrix } from '../../../../src/linear-algebra/matrix.js'

describe('a table', () => {
  test('of three by three has four degrees of freedom', () => {
    // All of 30 on the diagonal: three cells expect 10/3 and have 10, six expect 10/3 and have none; 3 40/3 + 6 10/3 = 60.
    const found = chiSquaredIndependence(matrix(3, 3, [10, 0, 0, 0, 10, 0, 0, 0, 10]))
    expect(found.kind).toBe('measurement')
    expect(found.statistic).toBeCloseTo(60, 12)
    expect(found.degreesOfFreedom).toBe(4)
    expect(found.smallestExpected).toBeCloseTo(10 / 3, 14)
    // Q(2, 30) = 31 e^-30.
    expect(found.tail / (31 * Math.exp(-30))).toBeCloseTo(1, 11)
    // 2 x 9 cells; the strangest holds all ten of its row and of its column: 3^-10.
    expect(found.tailBound).toBeCloseTo(18 / 3 ** 10, 15)
  })

  test('of uneven margins: the stranger of the two ways to look at a cell counts', () => {
    // Rows of 10 and 90, columns of 20 and 80: one cell has all ten of its row, and ten of the twenty of its column.
    const found = chiSquaredIndependence(matrix(2, 2, [10, 0, 10, 80]))
    const entropy = (p: number, q: number): number =>
      (p === 0 ? 0 : p * Math.log(p / q)) + (p === 1 ? 0 : (1 - p) * Math.log((1 - p) / (1 - q)))
    const byRow = 10 * entropy(1, 0.2)
    const byColumn = 20 * entropy(0.5, 0.1)
    expect(byRow).toBeGreaterThan(byColumn)
    expect(found.tailBound / (8 * Math.exp(-Math.max(byRow, byColumn)))).toBeCloseTo(1, 12)
    expect(chiSquaredIndependence(matrix(2, 2, [10, 10, 0, 80])).tailBound).toBeCloseTo(found.tailBound, 15)
    // (10 - 2)^2 (1/2 + 1/8 + 1/18 + 1/72).
    expect(found.statistic).toBeCloseTo(64 * (1 / 2 + 1 / 8 + 1 / 18 + 1 / 72), 12)
    expect(found.smallestExpected).toBe(2)
  })

  test('of one row tells nothing', () =>
    expect(chiSquaredIndependence(matrix(1, 3, [5, 1, 4]))).toMatchObject({
      degreesOfFreedom: 0,
      tail: 1,
      statistic: 0,
    }))
})

describe('the tail', () => {
  test('of small numbers: erfc(0.01) and e^-x', () => {
    expect(upperGamma(0.5, 1e-4)).toBeCloseTo(0.9887165844441503, 14)
    expect(upperGamma(1, 1e-9)).toBeCloseTo(Math.exp(-1e-9), 15)
    expect(upperGamma(1, 2)).toBeCloseTo(Math.exp(-2), 15)
    expect(upperGamma(2, 3)).toBeCloseTo(4 * Math.exp(-3), 15)
  })

  test('of no degrees of freedom is that of zero', () =>
    expect([chiSquaredTail(0, 0), chiSquaredTail(1e-300, 0), chiSquaredTail(0, 3)]).toEqual([1, 0, 1]))

  test('asks for numbers that it is defined for', () => {
    for (const [a, x] of [
      [0, 1],
      [-1, 1],
      [1, -1],
      [1, Number.NaN],
      [Number.NaN, 1],
    ] as const)
      expect(() => upperGamma(a, x)).toThrow(`upperGamma: it takes a > 0 and x >= 0, not ${a} and ${x}`)
  })
})

describe('factors of covariances', () => {
  const squareOf = ({ rows: n, columns, entries }: Matrix): readonly number[] =>
    Array.from({ length: n * n }, (_, place) => {
      const [i, j] = [Math.floor(place / n), place % n]
      return Array.from({ length: columns }, (__, k) => entries[i * columns + k]! * entries[j * columns + k]!).reduce(
        (sum, term) => sum + term,
        0,
      )
    })

  test.each<[string, number, number, readonly number[]]>([
    ['none', 2, 0, [0, 0, 0, 0]],
    ['one direction', 2, 1, [4, -2, -2, 1]],
    ['a dependent coordinate', 3, 2, [4, 2, 2, 2, 10, -8, 2, -8, 10]],
    ['a coordinate without noise', 3, 2, [4, 0, 2, 0, 0, 0, 2, 0, 3]],
    ['three', 3, 3, [4, 2, 2, 2, 3, 1, 2, 1, 5]],
    ['two directions of four coordinates', 4, 2, [4, 2, 6, 2, 2, 10, 12, -8, 6, 12, 18, -6, 2, -8, -6, 10]],
    ['two scales', 2, 2, [1e-20, 5e-11, 5e-11, 1]],
  ])('%s', (_, n, rank, entries) => {
    const covariance = matrix(n, n, entries)
    const factor = covarianceFactor(covariance)
    expect([factor.rows, factor.columns]).toEqual([n, rank])
    const deviations = deviationsOf(covariance)
    squareOf(factor).forEach((entry, place) => {
      const scale = deviations[Math.floor(place / n)]! * deviations[place % n]!
      expect(Math.abs(entry - entries[place]!)).toBeLessThanOrEqual(1e-14 * scale)
    })
  })

  test('what is small beside the deviations of before counts as zero', () => {
    const left = matrix(1, 1, [1e-17])
    expect(covarianceFactor(left).columns).toBe(1)
    expect(covarianceFactor(left, Float64Array.of(1)).columns).toBe(0)
  })
})
