import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { truncatedEntropy, truncatedJensenShannon } from '../../../src/information/truncated-entropy.js'
import { distributionsOn, normalised } from './support.js'

const entropy = (p: ArrayLike<number>): number =>
  Array.from(p).reduce((sum, x) => (x > 0 ? sum - x * Math.log(x) : sum), 0)
const largest = (p: ArrayLike<number>, k: number): readonly number[] =>
  Array.from(p)
    .sort((a, b) => b - a)
    .slice(0, k)
/** The k largest in their places, zero elsewhere. */
const truncated = (p: ArrayLike<number>, k: number): readonly number[] => {
  const kept = new Set(
    Array.from(p, (_, w) => w)
      .sort((a, b) => p[b]! - p[a]!)
      .slice(0, k),
  )
  return Array.from(p, (x, w) => (kept.has(w) ? x : 0))
}

const laws = fc
  .integer({ min: 2, max: 9 })
  .chain((width) => fc.tuple(distributionsOn(width), fc.integer({ min: 1, max: width })))

describe('truncatedEntropy', () => {
  it('holds the entropy; its lower end is at least the simple ones, its upper end the simple one', () => {
    fc.assert(
      fc.property(laws, ([p, k]) => {
        const kept = largest(p, k)
        const { lower, upper, remainder } = truncatedEntropy(kept, p.length)
        expect(lower).toBeLessThanOrEqual(entropy(p) + 1e-12)
        expect(upper).toBeGreaterThanOrEqual(entropy(p) - 1e-12)
        const count = kept.filter((x) => x > 0).length
        if (remainder === 0 || count === p.length) return
        const simple = entropy(kept) - remainder * Math.log(remainder)
        const capped = entropy(kept) + remainder * Math.log(1 / Math.min(remainder, ...kept.filter((x) => x > 0)))
        expect(lower).toBeGreaterThanOrEqual(Math.max(simple, capped) - 1e-12)
        expect(upper).toBeCloseTo(simple + remainder * Math.log(p.length - count), 12)
      }),
    )
  })

  it('is attained at both ends', () => {
    // Portions of 0.2: 0.2, 0.1 left of 0.3; spread evenly: four times 0.075.
    const { lower, upper, remainder } = truncatedEntropy([0.5, 0.2], 6)
    expect(remainder).toBeCloseTo(0.3, 15)
    expect(lower).toBeCloseTo(entropy([0.5, 0.2, 0.2, 0.1]), 13)
    expect(upper).toBeCloseTo(entropy([0.5, 0.2, 0.075, 0.075, 0.075, 0.075]), 13)
    // The simple lower ends: 1.0300 and 1.1512.
    expect(entropy([0.5, 0.2, 0.3])).toBeCloseTo(1.02965, 5)
    expect(entropy([0.5, 0.2]) + 0.3 * Math.log(1 / 0.2)).toBeCloseTo(1.15129, 5)
    expect(lower).toBeCloseTo(1.22061, 5)
  })

  it('is exact where all is kept, and refuses what is no part of a distribution', () => {
    expect(truncatedEntropy([0.5, 0.5], 2)).toEqual({ lower: Math.LN2, upper: Math.LN2, remainder: 0 })
    expect(() => truncatedEntropy([0.7, 0.7], 4)).toThrow('with sum 1.4')
    expect(() => truncatedEntropy([0.1, 0.1, 0.1], 2)).toThrow('3 probabilities of 2')
    expect(() => truncatedEntropy([-0.1], 2)).toThrow('no probability')
  })
})

describe('truncatedJensenShannon', () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 7 }))
    .chain(([n, width]) =>
      fc.tuple(
        fc.array(distributionsOn(width), { minLength: n, maxLength: n }),
        fc.array(fc.integer({ min: 1, max: width }), { minLength: n, maxLength: n }),
        fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      ),
    )

  it('holds the divergence, and is exact where nothing is cut', () => {
    fc.assert(
      fc.property(cases, ([rows, kept, masses]) => {
        const weights = Float64Array.from(normalised(masses))
        const width = rows[0]!.length
        const mean = Array.from({ length: width }, (_, w) =>
          rows.reduce((sum, row, i) => sum + weights[i]! * row[w]!, 0),
        )
        const truth = entropy(mean) - rows.reduce((sum, row, i) => sum + weights[i]! * entropy(row), 0)
        const cut = rows.flatMap((row, i) => truncated(row, kept[i]!))
        const { lower, upper } = truncatedJensenShannon(Float64Array.from(cut), weights)
        expect(lower).toBeLessThanOrEqual(truth + 1e-10)
        expect(upper).toBeGreaterThanOrEqual(truth - 1e-10)
        const whole = truncatedJensenShannon(Float64Array.from(rows.flatMap((row) => Array.from(row))), weights)
        expect(whole.lower).toBeCloseTo(truth, 9)
        expect(whole.upper).toBeCloseTo(truth, 9)
      }),
    )
  })
})
