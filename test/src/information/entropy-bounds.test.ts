import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { categoricalEntropy, shannonEntropy } from '../../../src/information/categorical-entropy.js'
import {
  chiSquared,
  type Divergence,
  divergence,
  hellingerDistance,
  jensenShannon,
  kullbackLeibler,
  renyi,
  showDivergence,
  squaredHellinger,
  totalVariation,
  tsallis,
} from '../../../src/information/divergence.js'
import {
  binaryEntropy,
  categoricalEntropyGapBound,
  giniSimpsonGapBound,
  kernelEntropyGap,
  pairedGiniSimpsonGapBound,
  shannonEntropyGapBound,
  totalVariationBound,
} from '../../../src/information/entropy-bounds.js'
import { valueOf } from '../../support/value-of.js'
import { distributionsOn, pairs } from './support.js'

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
        expect(gap).toBeLessThanOrEqual(giniSimpsonGapBound(Math.min(1, distance), p.length) + 1e-14)
        expect(giniSimpsonGapBound(Math.min(1, distance))).toBeLessThanOrEqual(2 * distance)
        expect(paired).toBeLessThanOrEqual(2 * distance + 1e-14)
      }),
      { numRuns: 1000 },
    )
    // Attained on two symbols from a point mass: 2e - 2e^2.
    expect(pairedGiniSimpsonGapBound([1, 0], [0.9, 0.1])).toBeCloseTo(0.18, 15)
    expect(purity(Float64Array.of(1, 0)) - purity(Float64Array.of(0.9, 0.1))).toBeCloseTo(0.18, 15)
  })

  const concave: readonly Divergence[] = [
    kullbackLeibler,
    totalVariation,
    squaredHellinger,
    jensenShannon,
    ...[0, 0.5, 1.5, 1.9].map(tsallis),
  ]
  test.each(concave.map((d) => [showDivergence(d), d] as const))('%s: no gap exceeds the bound', (_, d) => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const gap = Math.abs(categoricalEntropy(d, p) - categoricalEntropy(d, q))
        // Near zero some of these bounds are as steep as a root, and the distance has a rounding error.
        const distance = Math.min(1, divergence(totalVariation, p, q) + 1e-15)
        expect(gap).toBeLessThanOrEqual(valueOf(categoricalEntropyGapBound(d, distance, p.length)) + 1e-12)
      }),
      { numRuns: 1000 },
    )
    for (const size of [2, 3, 27]) {
      // Attained, and at its largest that of the even law.
      const q = Float64Array.from({ length: size }, (_, w) => (w === 0 ? 0.7 : 0.3 / (size - 1)))
      expect(categoricalEntropy(d, q)).toBeCloseTo(valueOf(categoricalEntropyGapBound(d, 0.3, size)), 13)
      const even = categoricalEntropy(d, new Float64Array(size).fill(1 / size))
      expect(valueOf(categoricalEntropyGapBound(d, 1, size))).toBeCloseTo(even, 13)
      // Concave and nondecreasing, so that it holds for averages.
      const values = Array.from({ length: 101 }, (_, k) => valueOf(categoricalEntropyGapBound(d, k / 100, size)))
      values.slice(1).forEach((value, k) => expect(value).toBeGreaterThanOrEqual(values[k]! - 1e-14))
      values.slice(2).forEach((value, k) => expect(value - 2 * values[k + 1]! + values[k]!).toBeLessThanOrEqual(1e-12))
    }
    expect(valueOf(categoricalEntropyGapBound(d, 0.5, 1))).toBe(0)
  })

  test('the two closed forms are the general bound', () => {
    for (const size of [2, 3, 27])
      for (const distance of [0, 0.01, 0.3, 0.6, 1]) {
        const general = (d: Divergence): number => valueOf(categoricalEntropyGapBound(d, distance, size))
        expect(shannonEntropyGapBound(distance, size)).toBeCloseTo(general(kullbackLeibler), 13)
        expect(giniSimpsonGapBound(distance, size)).toBeCloseTo(general(totalVariation), 13)
      }
    expect(giniSimpsonGapBound(0.3)).toBeCloseTo(1 - 0.7 ** 2, 15)
    expect(giniSimpsonGapBound(1)).toBe(1)
  })

  test('no bound where the entropy jumps: log 3 to log 2 at (1/2, 1/2 - e, e), at a distance of e', () => {
    const [p, q] = [
      [0.5, 0.5 - 1e-9, 1e-9],
      [0.5, 0.5, 0],
    ] as const
    expect(divergence(totalVariation, p, q)).toBeCloseTo(1e-9, 15)
    expect(categoricalEntropy(renyi(2), p)).toBe(Math.log(3))
    expect(categoricalEntropy(renyi(2), q)).toBe(Math.log(2))
    expect([categoricalEntropy(chiSquared, p), categoricalEntropy(chiSquared, q)]).toEqual([2, 1])
    // Above order 2 it is unbounded: half the logarithm of the sum of 1/p.
    expect(categoricalEntropy(renyi(3), p)).toBeGreaterThan(10)
    for (const d of [renyi(2), renyi(3), chiSquared, tsallis(2), renyi(0.5), hellingerDistance])
      expect(categoricalEntropyGapBound(d, 0.1, 3)).toMatchObject({ left: { kind: 'unsupported' } })
  })

  test('kernels: mean gap under the bound at the mean distance, and attained', () => {
    const kernels = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
      .chain(([n, size]) =>
        fc.tuple(
          distributionsOn(n),
          fc.array(distributionsOn(size), { minLength: n, maxLength: n }),
          fc.array(distributionsOn(size), { minLength: n, maxLength: n }),
        ),
      )
    const flat = (rows: readonly Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((row) => [...row]))
    fc.assert(
      fc.property(kernels, fc.constantFrom(...concave), ([weights, first, second], d) => {
        const { gap, bound, distance } = valueOf(kernelEntropyGap(d, weights, flat(first), flat(second)))
        expect(Math.abs(gap)).toBeLessThanOrEqual(bound + (d.kind === 'tsallis' ? 1e-7 : 1e-12))
        expect(distance).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
    const attained = valueOf(
      kernelEntropyGap(kullbackLeibler, [0.5, 0.5], Float64Array.of(1, 0, 0, 1), Float64Array.of(0.9, 0.1, 0.1, 0.9)),
    )
    expect(attained.distance).toBeCloseTo(0.1, 15)
    expect(attained.gap).toBeCloseTo(attained.bound, 14)
    expect(() => kernelEntropyGap(kullbackLeibler, [1], Float64Array.of(1, 0), Float64Array.of(1))).toThrow('2 and 1')
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
