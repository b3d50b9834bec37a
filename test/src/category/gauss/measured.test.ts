/** Magnitudes: what float equality of Gaussian maps is relative to. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { given, measuredAlgebra, rootSquareProduct } from '../../../../src/category/gauss/measured.js'
import { Gauss, gaussEqualityBudget, gaussianMap, type GaussianMap } from '../../../../src/category/gauss.js'
import { valueOf } from '../../../support/value-of.js'

const { sum, product, congruence, negative, residualCovariance } = measuredAlgebra
const row = (...entries: number[]) => given(1, entries.length, Float64Array.from(entries))
const column = (...entries: number[]) => given(entries.length, 1, Float64Array.from(entries))

describe('the magnitude of an entry', () => {
  test('is its own where it was given', () => expect([...row(-3, 0).magnitude]).toEqual([3, 0]))

  test('is the root of the sum of the squares of its terms', () => {
    const cancelled = product(row(3, 4), column(4, -3))
    // 12 and -12.
    expect(cancelled.entries[0]).toBe(0)
    expect(cancelled.magnitude[0]).toBeCloseTo(12 * Math.SQRT2, 13)
    // 12 - 5 of magnitudes 12 sqrt 2 and 5.
    const further = sum(cancelled, negative(row(5)))
    expect(further.entries[0]).toBe(-5)
    expect(further.magnitude[0]).toBeCloseTo(Math.sqrt(288 + 25), 13)
  })

  test('is never less than the entry', () => {
    const added = product(row(1, 1, 1, 1), column(1, 1, 1, 1))
    expect([added.entries[0], added.magnitude[0]]).toEqual([4, 4])
  })

  test('neither overflows nor underflows where the entry does not', () => {
    for (const unit of [1e-150, 1, 1e150]) {
      const [large] = rootSquareProduct(1, 2, 1, Float64Array.of(3 * unit, 4 * unit), Float64Array.of(1e-50, 1e-50))
      expect(large! / unit / 1e-50).toBeCloseTo(5, 12)
    }
  })

  test('of a covariance is symmetric, as the covariance is', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (numbers) => {
          const factor = given(3, 2, Float64Array.from(numbers.slice(0, 6)))
          const noise = congruence(
            given(2, 2, Float64Array.from(numbers.slice(6, 10))),
            given(2, 2, Float64Array.of(2, 1, 1, 3)),
          )
          const { entries, magnitude } = congruence(factor, noise)
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < i; j++) {
              expect(entries[i * 3 + j]).toBe(entries[j * 3 + i])
              expect(magnitude[i * 3 + j]).toBe(magnitude[j * 3 + i])
            }
        },
      ),
    ))

  test('misshapen factors are an error', () =>
    expect(() => product(row(1, 2), row(1))).toThrow('matrix product: 1 x 2 meets 1 x 1'))

  test('no variance is negative by rounding', () => {
    const equal = given(2, 2, Float64Array.of(0.1, 0.1 + 3e-17, 0.1 + 3e-17, 0.1))
    const left = residualCovariance(given(1, 2, Float64Array.of(-1, 1)), equal)
    expect(left.entries[0]).toBe(0)
    expect(left.magnitude[0]).toBeCloseTo(0.2, 12)
  })
})

describe('chains', () => {
  const repeat = (f: GaussianMap, times: number): GaussianMap => {
    let result = f
    for (let k = 1; k < times; k++) result = Gauss.seq(result, f)
    return result
  }

  test('a thousand rotations by one part in a thousand are the identity, and nothing near it', () => {
    const [c, s] = [Math.cos((2 * Math.PI) / 1000), Math.sin((2 * Math.PI) / 1000)]
    const turn = valueOf(
      gaussianMap([2], [2], {
        matrix: [
          [c, -s],
          [s, c],
        ],
      }),
    )
    const round = repeat(turn, 1000)
    expect(Gauss.equals(round, Gauss.id([2]))).toBe(true)
    // The magnitudes have not grown, so that equality still tells maps apart.
    expect(Math.max(...round.magnitude!.matrix)).toBeLessThan(2)
    const off = valueOf(
      gaussianMap([2], [2], {
        matrix: [
          [1, 0],
          [1e-8, 1],
        ],
      }),
    )
    expect(Gauss.equals(Gauss.seq(round, off), Gauss.id([2]))).toBe(false)
  })

  test('a hundred steps of a chain with noise keep their closed form', () => {
    // x' = a x + N(0, 1): after n steps the slope is a^n and the variance (1 - a^2n) / (1 - a^2).
    for (const a of [0.3, -0.9, 1.1]) {
      const step = valueOf(gaussianMap([1], [1], { matrix: [[a]], covariance: [[1]] }))
      const expected = valueOf(
        gaussianMap([1], [1], { matrix: [[a ** 100]], covariance: [[(1 - a ** 200) / (1 - a * a)]] }),
      )
      expect(Gauss.equals(repeat(step, 100), expected)).toBe(true)
    }
  })
})

describe('the budget', () => {
  test('is relative to the magnitude', () => {
    const map = (entry: number) => valueOf(gaussianMap([1], [1], { matrix: [[entry]] }))
    for (const unit of [1e-200, 1e-9, 1, 1e9, 1e200]) {
      expect(Gauss.equals(map(unit), map(unit * (1 + 0.9 * gaussEqualityBudget)))).toBe(true)
      expect(Gauss.equals(map(unit), map(unit * (1 + 1.1 * gaussEqualityBudget)))).toBe(false)
      expect(Gauss.equals(map(unit), map(0))).toBe(false)
    }
    expect(Gauss.equality).toContain(String(gaussEqualityBudget))
  })

  test('is not transitive', () => {
    const map = (entry: number) => valueOf(gaussianMap([1], [1], { matrix: [[entry]] }))
    const [a, b, c] = [map(1), map(1 + 0.8e-9), map(1 + 1.6e-9)]
    expect([Gauss.equals(a, b), Gauss.equals(b, c), Gauss.equals(a, c)]).toEqual([true, true, false])
  })

  test('nothing equals what is not a number', () => {
    const broken: GaussianMap = { ...Gauss.id([1]), matrix: Float64Array.of(Number.NaN) }
    expect(Gauss.equals(broken, broken)).toBe(false)
  })

  test('a map without magnitudes is taken as it was given', () => {
    // 0.1 + 0.2 - 0.3 is no zero in floats.
    const left = Gauss.seq(
      valueOf(gaussianMap([], [3], { shift: [0.1, 0.2, -0.3] })),
      valueOf(gaussianMap([3], [1], { matrix: [[1, 1, 1]] })),
    )
    expect(left.shift[0]).not.toBe(0)
    const zero = valueOf(gaussianMap([], [1], {}))
    expect(Gauss.equals(left, zero)).toBe(true)
    const { magnitude: _, ...plain } = left
    expect(Gauss.equals(plain, zero)).toBe(false)
  })
})
