import { describe, expect, test } from 'vitest'

import {
  categoricalEntropy,
  entropyDivergence,
  headlineEntropies,
} from '../../../src/information/categorical-entropy.js'
import { fDivergence, kullbackLeibler, totalVariation } from '../../../src/information/divergence.js'
import {
  type KernelRow,
  kernelEntropy,
  rowEntropies,
  streamedEntropies,
} from '../../../src/information/kernel-entropy.js'

// The golden kernel of three contexts and three tokens of the specification of the numbers.
const weights = Float64Array.of(0.5, 0.3, 0.2)
const next = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.25, 0.25, 0.5)

describe('kernelEntropy', () => {
  test('mean and supremum of the golden kernel', () => {
    const { mean, supremum, attainedAt } = kernelEntropy(kullbackLeibler, weights, next)
    // H(W | X), computed with numpy.
    expect(mean).toBeCloseTo(0.8782371478966862, 14)
    expect(attainedAt).toBe(2)
    expect(supremum).toBeCloseTo(1.5 * Math.LN2, 14)
    // Gini-Simpson of the rows: 0.46, 0.54, 0.625.
    expect(kernelEntropy(totalVariation, weights, next).mean).toBeCloseTo(0.5 * 0.46 + 0.3 * 0.54 + 0.2 * 0.625, 14)
  })

  test('the mean lies between the least and the largest row, for each headline entropy', () => {
    for (const name of headlineEntropies) {
      const d = entropyDivergence(name)
      const rows = [0, 1, 2].map((x) => categoricalEntropy(d, next.subarray(3 * x, 3 * x + 3)))
      const { mean, supremum } = kernelEntropy(d, weights, next)
      expect(Array.from(rowEntropies(d, 3, next))).toEqual(rows)
      expect(supremum).toBe(Math.max(...rows))
      expect(mean).toBeGreaterThan(Math.min(...rows))
      expect(mean).toBeLessThan(supremum)
    }
  })

  test('a deterministic kernel has none; an input of weight zero counts for the supremum alone', () => {
    const rows = Float64Array.of(0, 1, 1, 0, 0.5, 0.5)
    expect(kernelEntropy(kullbackLeibler, [0.5, 0.5], rows.subarray(0, 4))).toEqual({
      mean: 0,
      supremum: 0,
      attainedAt: 0,
    })
    const { mean, supremum, attainedAt } = kernelEntropy(kullbackLeibler, [0.5, 0.5, 0], rows)
    expect([mean, supremum, attainedAt]).toEqual([0, Math.LN2, 2])
  })

  test('an infinite row of weight zero leaves the mean finite', () => {
    const reverse = fDivergence('reverse', (t) => -Math.log(t), { atZero: Infinity, slopeAtInfinity: 0 })
    const rows = Float64Array.of(1, 0, 0.5, 0.5)
    expect(kernelEntropy(reverse, [1, 0], rows)).toEqual({ mean: 0, supremum: Infinity, attainedAt: 1 })
  })

  test('a matrix that has not n rows throws', () => {
    expect(() => kernelEntropy(kullbackLeibler, [0.5, 0.5], Float64Array.of(1, 0, 1))).toThrow('2 rows')
    expect(() => rowEntropies(kullbackLeibler, 0, Float64Array.of(1))).toThrow('0 rows')
  })
})

describe('streamedEntropies', () => {
  const rowsOf = function* (kind: 'probabilities' | 'logits'): Generator<KernelRow> {
    const shared = new Float64Array(3)
    for (let x = 0; x < 3; x++) {
      shared.set(next.subarray(3 * x, 3 * x + 3))
      if (kind === 'logits') shared.forEach((p, w) => (shared[w] = Math.log(p) + x))
      yield kind === 'logits'
        ? { kind, weight: 10 * weights[x]!, logits: shared }
        : { kind, weight: 10 * weights[x]!, probabilities: shared }
    }
  }

  test('from probabilities and from logits, weights of any sum, a row in memory at a time', () => {
    const divergences = headlineEntropies.map(entropyDivergence)
    for (const kind of ['probabilities', 'logits'] as const)
      streamedEntropies(divergences, rowsOf(kind)).forEach(({ mean, supremum, attainedAt }, k) => {
        const expected = kernelEntropy(divergences[k]!, weights, next)
        expect(mean).toBeCloseTo(expected.mean, 14)
        expect(supremum).toBeCloseTo(expected.supremum, 14)
        expect(attainedAt).toBe(expected.attainedAt)
      })
  })

  test('rows may have different numbers of tokens; none at all throw', () => {
    const rows: readonly KernelRow[] = [
      { kind: 'logits', weight: 1, logits: [0, 0] },
      { kind: 'logits', weight: 1, logits: [0, 0, 0, 0] },
    ]
    expect(streamedEntropies([kullbackLeibler], rows)[0]).toEqual({
      mean: 1.5 * Math.LN2,
      supremum: 2 * Math.LN2,
      attainedAt: 1,
    })
    expect(() => streamedEntropies([kullbackLeibler], [])).toThrow('0 rows')
    expect(() => streamedEntropies([kullbackLeibler], [{ kind: 'logits', weight: 0, logits: [0] }])).toThrow('weight 0')
  })
})
