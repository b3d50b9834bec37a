import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { divergence, kullbackLeibler, squaredHellinger, totalVariation } from '../../../src/information/divergence.js'
import {
  divergenceConstants,
  type DivergenceQuantity,
  pairwiseGap,
} from '../../../src/information/divergence-constants.js'
import { fisherRaoBound, fisherRaoDistance, totalVariationBracket } from '../../../src/information/fisher-rao.js'
import { distributionsOn, normalised, pairs } from './support.js'

const quantities: readonly DivergenceQuantity[] = [
  'total-variation',
  'l1',
  'squared-hellinger',
  'doubled-squared-hellinger',
  'bhattacharyya',
  'jensen-shannon',
  'fisher-rao',
]
const kl = (p: ArrayLike<number>, q: ArrayLike<number>): number => divergence(kullbackLeibler, p, q)

describe('divergenceConstants', () => {
  test('the table', () => {
    const row = (name: DivergenceQuantity): readonly number[] => {
      const { sharp, local } = divergenceConstants[name]
      return [sharp, local]
    }
    expect(quantities.map(row)).toEqual([
      [1 / 2, 1 / 2],
      [2, 2],
      [1 / 2, 1 / 4],
      [1, 1 / 2],
      [1, 1 / 2],
      [0.34657359027997264, 1 / 4],
      [4, 2],
    ])
    expect(Object.keys(divergenceConstants)).toEqual(quantities)
  })

  test.each(quantities)('%s: never above the sharp constant, zeros and tiny probabilities among the pairs', (name) => {
    const { of, sharp } = divergenceConstants[name]
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const limit = sharp * kl(p, q)
        expect(of(p, q)).toBeLessThanOrEqual(limit + 1e-12 * Math.max(1, limit))
      }),
      { numRuns: 3000 },
    )
  })

  test.each(quantities)('%s: never above it on two symbols, and it comes as close as one likes', (name) => {
    const { of, sharp, extremal } = divergenceConstants[name]
    const places = [1e-9, 1e-6, 1e-3, ...Array.from({ length: 99 }, (_, k) => (k + 1) / 100), 1 - 1e-6]
    for (const a of [0, ...places, 1])
      for (const b of places)
        if (a !== b)
          expect(of([a, 1 - a], [b, 1 - b])).toBeLessThanOrEqual(
            sharp * kl([a, 1 - a], [b, 1 - b]) * (1 + 1e-9) + 1e-15,
          )
    const ratio = (e: number): number => {
      const [p, q] = extremal(e)
      return of(p, q) / kl(p, q)
    }
    expect(ratio(1e-1) / sharp).toBeGreaterThan(0.88)
    expect(ratio(1e-3) / sharp).toBeGreaterThan(0.998)
    // The sum p log (p/q) of close pairs has cancelled here to five digits.
    expect(ratio(1e-6) / sharp).toBeCloseTo(1, 4)
  })

  test.each(quantities)('%s: the limit at close pairs is the local constant', (name) => {
    const { of, local } = divergenceConstants[name]
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 }).map(normalised),
        (p) => {
          // Total variation is no multiple of the metric: its limit depends on the direction, and is largest across a split in halves.
          const quadratic = name !== 'total-variation' && name !== 'l1'
          const center = quadratic ? p : Float64Array.of(0.5, 0.5)
          const q = center.slice()
          q[0]! += 1e-5
          q[1]! -= 1e-5
          expect(of(center, q) / kl(center, q) / local).toBeCloseTo(1, 3)
          const direct = p.slice()
          direct[0]! += 1e-5
          direct[1]! -= 1e-5
          expect(of(p, direct) / kl(p, direct) / local).toBeLessThan(1 + 1e-3)
        },
      ),
    )
  })

  test('as ratios of the functions f with f(1) = f’(1) = 0, whose supremum is the sharp constant of an f-divergence', () => {
    const ofKl = (t: number): number => (t === 0 ? 1 : t * Math.log(t) - t + 1)
    const functions = [
      ['squared-hellinger', (t: number) => (1 - Math.sqrt(t)) ** 2 / 2],
      ['jensen-shannon', (t: number) => ((t === 0 ? 0 : t * Math.log((2 * t) / (1 + t))) + Math.log(2 / (1 + t))) / 2],
    ] as const
    const ratios = [0, ...Array.from({ length: 1200 }, (_, k) => 10 ** ((k - 600) / 100))].filter((t) => t !== 1)
    for (const [name, f] of functions) {
      const largest = Math.max(...ratios.map((t) => f(t) / ofKl(t)))
      expect(largest).toBeCloseTo(divergenceConstants[name].sharp, 12)
    }
  })

  test('the published constants: two are violated, one is sharp, one is loose by a factor of two', () => {
    const excess = (name: DivergenceQuantity): readonly [number, number] => {
      const { of, published } = divergenceConstants[name]
      if (published?.verdict !== 'wrong') throw new Error(`${name} has no counterexample`)
      const [p, q] = published.counterexample
      return [of(p, q), published.constant * kl(p, q)]
    }
    const [hellinger, allowed] = excess('doubled-squared-hellinger')
    expect(hellinger).toBeCloseTo(0.5857864376, 10)
    expect(allowed).toBeCloseTo(0.3465735903, 10)
    const [l1, allowedL1] = excess('l1')
    expect(l1).toBe(1)
    expect(allowedL1).toBeCloseTo(0.5493061443, 10)
    for (const name of quantities) {
      const { published, sharp } = divergenceConstants[name]
      if (published === undefined) continue
      expect(published.verdict).toBe(
        published.constant === sharp ? 'sharp' : published.constant > sharp ? 'loose' : 'wrong',
      )
    }
  })
})

describe('relations between the distances', () => {
  test('Fisher-Rao: golden value, close pairs, the bound by KL and where it is attained', () => {
    const p = [0.324076354913349, 0.14561689284810017, 0.09284943023163993, 0.43745732200691084]
    const q = [0.11013929634547216, 0.4041337530543694, 0.4041337530543694, 0.08159319754578911]
    expect(fisherRaoDistance(p, q)).toBeCloseTo(1.2390571991743486, 13)
    // The length of a short step is its length in the metric sum dp^2 / p.
    const near = [p[0]! + 1e-9, p[1]! - 1e-9, p[2]!, p[3]!]
    expect(fisherRaoDistance(p, near) / (1e-9 * Math.sqrt(1 / p[0]! + 1 / p[1]!))).toBeCloseTo(1, 6)
    fc.assert(
      fc.property(pairs(), ([a, b]) => {
        expect(fisherRaoDistance(a, b)).toBeLessThanOrEqual(fisherRaoBound(kl(a, b)) + 1e-7)
        expect(fisherRaoBound(kl(a, b))).toBeLessThanOrEqual(2 * Math.sqrt(kl(a, b)) + 1e-12)
      }),
      { numRuns: 1000 },
    )
    for (const t of [1e-6, 0.1, 0.5, 0.99])
      expect(fisherRaoDistance([0, 1], [t, 1 - t])).toBeCloseTo(fisherRaoBound(kl([0, 1], [t, 1 - t])), 13)
    expect(() => fisherRaoBound(-1)).toThrow('at least 0')
  })

  test('Fisher-Rao is a metric', () => {
    fc.assert(
      fc.property(distributionsOn(4), distributionsOn(4), distributionsOn(4), (p, q, r) => {
        expect(fisherRaoDistance(p, r)).toBeLessThanOrEqual(fisherRaoDistance(p, q) + fisherRaoDistance(q, r) + 1e-7)
        expect(fisherRaoDistance(p, q)).toBeCloseTo(fisherRaoDistance(q, p), 12)
      }),
    )
  })

  test('1 - BC <= TV <= sqrt(1 - BC^2), and TV^2 <= 1 - exp(-KL)', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const variation = divergence(totalVariation, p, q)
        const { lower, upper } = totalVariationBracket(divergence(squaredHellinger, p, q))
        expect(variation).toBeGreaterThanOrEqual(lower - 1e-12)
        // sqrt turns the rounding of a BC near one, 1e-16, into 1e-8.
        expect(variation ** 2).toBeLessThanOrEqual(upper ** 2 + 1e-12)
        expect(variation ** 2).toBeLessThanOrEqual(-Math.expm1(-kl(p, q)) + 1e-12)
      }),
      { numRuns: 1000 },
    )
    for (const t of [0.1, 0.4]) {
      const [p, q] = [
        [1 - t, t, 0],
        [1 - t, 0, t],
      ]
      expect(totalVariationBracket(divergence(squaredHellinger, p!, q!)).lower).toBeCloseTo(t, 13)
      expect(divergence(totalVariation, p!, q!)).toBeCloseTo(t, 13)
      const [a, b] = [
        [0.5 + t, 0.5 - t],
        [0.5 - t, 0.5 + t],
      ]
      expect(totalVariationBracket(divergence(squaredHellinger, a!, b!)).upper).toBeCloseTo(2 * t, 13)
    }
    expect(() => totalVariationBracket(1.5)).toThrow('from 0 to 1')
  })
})

describe('pairwiseGap', () => {
  test('pairwise distances of predictions stay within 2 sqrt(C KL) of those of the data', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((n) =>
          fc.record({
            weights: distributionsOn(n),
            data: fc.array(distributionsOn(4), { minLength: n, maxLength: n }),
            model: fc.array(distributionsOn(4), { minLength: n, maxLength: n }),
          }),
        ),
        ({ weights, data, model }) => {
          const flat = (rows: readonly Float64Array[]): Float64Array => Float64Array.from(rows.flatMap((r) => [...r]))
          for (const name of quantities) {
            if (!divergenceConstants[name].metric) continue
            const { gap, kullbackLeibler: mean, bound } = pairwiseGap(name, weights, flat(data), flat(model))
            if (mean < Infinity) expect(gap).toBeLessThanOrEqual(bound + 1e-12)
            else expect(bound).toBe(Infinity)
          }
        },
      ),
    )
  })

  test('the root of -2 log BC breaks the triangle inequality, and is refused', () => {
    const { of } = divergenceConstants.bhattacharyya
    const root = (p: readonly number[], q: readonly number[]): number => Math.sqrt(of(p, q))
    const [p, q, r] = [
      [0.999, 0.001],
      [0.5, 0.5],
      [0.001, 0.999],
    ] as const
    expect(root(p, r)).toBeGreaterThan(root(p, q) + root(q, r) + 0.2)
    expect(() => pairwiseGap('bhattacharyya', [1], Float64Array.of(1), Float64Array.of(1))).toThrow('no metric')
  })
})
