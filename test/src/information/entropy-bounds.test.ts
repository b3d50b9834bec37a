import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { shannonEntropy } from '../../../src/information/categorical-entropy.js'
import { divergence, kullbackLeibler, totalVariation } from '../../../src/information/divergence.js'
import {
  binaryEntropy,
  giniSimpsonGapBound,
  pairedGiniSimpsonGapBound,
  shannonEntropyGapBound,
  totalVariationBound,
} from '../../../src/information/entropy-bounds.js'
import { pairs } from './support.js'

const purity = (p: Float64Array): number => p.reduce((sum, x) => sum + x * x, 0)

describe('entropy bounds', () => {
  test('the Shannon gap stays under the bound', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const gap = Math.abs(shannonEntropy(p) - shannonEntropy(q))
        expect(gap).toBeLessThanOrEqual(shannonEntropyGapBound(divergence(totalVariation, p, q), p.length) + 1e-12)
      }),
      { numRuns: 1000 },
    )
  })

  test('and attains it at a point mass against its even spread', () => {
    for (const size of [2, 3, 27])
      for (const distance of [0.01, 0.3, 0.49, 1 - 1 / size]) {
        if (distance > 1 - 1 / size) continue
        const q = Float64Array.from({ length: size }, (_, w) => (w === 0 ? 1 - distance : distance / (size - 1)))
        expect(shannonEntropy(q)).toBeCloseTo(shannonEntropyGapBound(distance, size), 13)
      }
  })

  test('the bound grows with the distance, is concave, and ends at log V', () => {
    const values = Array.from({ length: 101 }, (_, k) => shannonEntropyGapBound(k / 100, 5))
    values.slice(1).forEach((value, k) => expect(value).toBeGreaterThanOrEqual(values[k]!))
    values.slice(2).forEach((value, k) => expect(value - 2 * values[k + 1]! + values[k]!).toBeLessThanOrEqual(1e-12))
    expect(values[0]).toBe(0)
    expect(values[100]).toBe(Math.log(5))
    expect(shannonEntropyGapBound(0, 1)).toBe(0)
  })

  test('the total-variation entropy gap: paired bound, and 2T', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const gap = Math.abs(purity(p) - purity(q))
        const distance = divergence(totalVariation, p, q)
        const paired = pairedGiniSimpsonGapBound(p, q)
        expect(gap).toBeLessThanOrEqual(paired + 1e-14)
        expect(gap).toBeLessThanOrEqual(giniSimpsonGapBound(Math.min(1, distance)) + 1e-14)
        expect(paired).toBeLessThanOrEqual(2 * distance + 1e-14)
      }),
      { numRuns: 1000 },
    )
    // Attained on two symbols from a point mass: 2e - 2e^2.
    expect(pairedGiniSimpsonGapBound([1, 0], [0.9, 0.1])).toBeCloseTo(0.18, 15)
    expect(purity(Float64Array.of(1, 0)) - purity(Float64Array.of(0.9, 0.1))).toBeCloseTo(0.18, 15)
  })

  test('total variation from Kullback-Leibler', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const kl = divergence(kullbackLeibler, p, q)
        expect(divergence(totalVariation, p, q)).toBeLessThanOrEqual(totalVariationBound(kl) + 1e-13)
      }),
      { numRuns: 1000 },
    )
    expect(totalVariationBound(0)).toBe(0)
    expect(totalVariationBound(Infinity)).toBe(1)
    // Pinsker is the better one for small divergences, Bretagnolle and Huber for large ones.
    expect(totalVariationBound(0.5)).toBeCloseTo(0.5, 15)
    expect(totalVariationBound(8)).toBeCloseTo(Math.sqrt(1 - Math.exp(-8)), 15)
  })

  test('binary entropy at the ends, in the middle and near zero', () => {
    expect([binaryEntropy(0), binaryEntropy(1), binaryEntropy(0.5)]).toEqual([0, 0, Math.LN2])
    expect(binaryEntropy(1e-18) / (1e-18 * (1 - Math.log(1e-18)))).toBeCloseTo(1, 12)
  })

  test('a distance that is none throws', () => {
    expect(() => shannonEntropyGapBound(1.5, 3)).toThrow('from 0 to 1')
    expect(() => giniSimpsonGapBound(Number.NaN)).toThrow('from 0 to 1')
    expect(() => totalVariationBound(-1)).toThrow('at least 0')
  })
})
