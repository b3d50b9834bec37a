import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { gaussLegendre } from '../../../src/linear-algebra/gauss-legendre.js'

describe('gaussLegendre', () => {
  test('n nodes integrate every power up to 2n - 1 exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(200), (n, power) => {
        fc.pre(power < 2 * n)
        const { nodes, weights } = gaussLegendre(n)
        const sum = nodes.reduce((total, t, k) => total + weights[k]! * t ** power, 0)
        expect(Math.abs(sum - 1 / (power + 1))).toBeLessThanOrEqual(1e-14)
      }),
    )
  })

  test('n nodes do not integrate the power 2n: the error term is (n!)^4 / ((2n)!^2 (2n + 1))', () => {
    // n = 2: 1/5 - sum = 1/180.
    const { nodes, weights } = gaussLegendre(2)
    expect(1 / 5 - nodes.reduce((total, t, k) => total + weights[k]! * t ** 4, 0)).toBeCloseTo(1 / 180, 15)
  })

  test('nodes lie inside the interval in ascending order; weights are positive', () => {
    const { nodes, weights } = gaussLegendre(60)
    expect(nodes.every((t, k) => t > (k === 0 ? 0 : nodes[k - 1]!) && t < 1)).toBe(true)
    expect(weights.every((weight) => weight > 0)).toBe(true)
  })
})
