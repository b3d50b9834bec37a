import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { logSoftmax, logSoftmaxInto, logSumExp } from '../../../src/linear-algebra/log-softmax.js'

const rows = fc.array(fc.double({ min: -800, max: 800, noNaN: true }), { minLength: 1, maxLength: 9 })

describe('logSoftmax', () => {
  test('is a law, and does not change when all logits shift', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -1000, max: 1000 }), (logits, shift) => {
        const logs = logSoftmax(logits)
        expect(Math.abs(logs.reduce((sum, log) => sum + Math.exp(log), 0) - 1)).toBeLessThan(1e-13)
        const moved = logSoftmax(logits.map((z) => z + shift))
        logs.forEach((log, w) => expect(Math.abs(log - moved[w]!)).toBeLessThan(1e-12))
        logs.forEach((log, w) => expect(Math.abs(log - (logits[w]! - logSumExp(logits)))).toBeLessThan(1e-12))
      }),
    )
  })

  test('keeps the relative accuracy of the largest entry near a point mass', () => {
    // log p = -log(1 + e^-60), which z - log sum exp z would round to zero.
    expect(logSoftmax([0, -60])[0]! / -Math.exp(-60)).toBeCloseTo(1, 12)
    expect(logSoftmax([1e6, 1e6 - 700])[0]! / -Math.exp(-700)).toBeCloseTo(1, 12)
  })

  test('large, masked and unusable rows', () => {
    expect(logSumExp([1e308, 1e308])).toBe(1e308)
    expect(Array.from(logSoftmax([3, -Infinity, 3]))).toEqual([-Math.LN2, -Infinity, -Math.LN2])
    expect(logSoftmax([-Infinity, -Infinity])).toEqual(Float64Array.of(NaN, NaN))
    expect(logSoftmax([NaN, 0])[1]).toBeNaN()
    expect(logSoftmax([Infinity, 0])[0]).toBeNaN()
    expect(() => logSoftmaxInto(new Float64Array(2), [1, 2, 3])).toThrow('3 logits into 2')
  })

  test('in place', () => {
    const row = Float64Array.of(0, Math.log(3))
    logSoftmaxInto(row, row)
    expect(row[1]).toBeCloseTo(Math.log(0.75), 15)
  })
})
