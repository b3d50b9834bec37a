import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { excessEntropyBracket } from '../../../src/language-model/excess-entropy.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { entropyRateBracket, processBlockEntropies } from '../../../src/language-model/process-law.js'
import {
  informationSurplus,
  surplusOfInfiniteDraft,
  surplusOfInfinitePastBracket,
} from '../../../src/language-model/surplus.js'
import { valueOf } from '../../support/value-of.js'

const bracketOf = (name: string, n: number) => valueOf(excessEntropyBracket(valueOf(parseProcess(name)), n))
const bits = (nats: number): number => nats / Math.LN2

describe('excessEntropyBracket', () => {
  it.each([
    // Of a chain of order one E = H(1) - h; of order two H(2) - 2h; of a period of three with one coin log 3.
    ['golden-mean', 0.9182958340544894 - 2 / 3],
    ['cycle8', 3 - 1.370950594454669],
    ['order-2', 0.28669526917159516],
    ['z1r', Math.log2(3)],
  ])('closes on %s, in bits', (name, expected) => {
    const { lower, upper } = bracketOf(name, name === 'z1r' ? 24 : name === 'cycle8' ? 4 : 8)
    expect(bits(lower)).toBeCloseTo(expected, name === 'z1r' ? 3 : 11)
    expect(bits(upper)).toBeCloseTo(expected, name === 'z1r' ? 3 : 11)
  })

  it('is nested and holds what longer words give', () => {
    for (const [name, most] of [
      ['even', 12],
      ['rrxor', 12],
      ['mess3', 8],
    ] as const) {
      let last = { lower: 0, upper: Infinity }
      for (let n = 1; n <= most; n++) {
        const next = bracketOf(name, n)
        expect(next.lower).toBeGreaterThanOrEqual(last.lower - 1e-12)
        expect(next.upper).toBeLessThanOrEqual(last.upper + 1e-12)
        last = next
      }
      expect(last.upper).toBeGreaterThanOrEqual(last.lower - 1e-12)
    }
    const mess3 = bracketOf('mess3', 9)
    expect(mess3.upper - mess3.lower).toBeLessThan(1e-4)
  })

  it('refuses lengths that are none', () => {
    expect(excessEntropyBracket(valueOf(parseProcess('even')), 0)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

test('the whole past: the bracket holds the table of infinite pasts, K = 2 to 6, in bits', () => {
  for (const [name, n, expected] of [
    ['golden-mean', 8, [0, 0, 0, 0, 0]],
    ['cycle8', 4, [0, 0, 0, 0, 0]],
    ['order-2', 8, [0.0437888, 0.0437888, 0.0437888, 0.0437888, 0.0437888]],
    ['z1r', 12, [Math.log2(1.5), 0.918296, 0.918296, 0.918296, 0.918296]],
    ['rrxor', 10, [0.333333, 0.584963, 0.825011, 1.022055, 1.188722]],
    ['mess3', 9, [0.09271, 0.121417, 0.12814, 0.12999, 0.130459]],
  ] as const) {
    const process = valueOf(parseProcess(name))
    const rate = valueOf(entropyRateBracket(process, n))
    const entropies = processBlockEntropies(process)
    expected.forEach((value, index) => {
      const { lower, upper } = valueOf(surplusOfInfinitePastBracket(entropies, rate, index + 2))
      expect(bits(lower)).toBeLessThan(value + 1e-6)
      expect(bits(upper)).toBeGreaterThan(value - 1e-6)
      expect(upper).toBeGreaterThanOrEqual(lower - 1e-12)
      // Where the rate is known the upper end is the value; mess3's is bracketed by 3e-7 bits a symbol.
      expect(Math.abs(bits(upper) - value)).toBeLessThan(name === 'mess3' ? 2e-5 : 1e-6)
      // For every finite context there is less.
      expect(valueOf(informationSurplus(entropies, 3, index + 2))).toBeLessThanOrEqual(upper + 1e-12)
    })
  }
})

test('endless drafts: E - (H(1) - h) holds the surplus of a long draft', () => {
  for (const [name, n] of [
    ['order-2', 8],
    ['golden-mean', 8],
    ['mess3', 9],
    ['rrxor', 12],
  ] as const) {
    const process = valueOf(parseProcess(name))
    const entropies = processBlockEntropies(process)
    const rate = valueOf(entropyRateBracket(process, n))
    const limit = surplusOfInfiniteDraft(entropies.of(1), rate, bracketOf(name, n))
    const six = valueOf(surplusOfInfinitePastBracket(entropies, rate, 6))
    expect(six.lower).toBeLessThanOrEqual(limit.upper + 1e-12)
    if (name === 'order-2') expect(bits(limit.lower)).toBeCloseTo(0.043788847886203, 11)
    if (name === 'golden-mean') expect(Math.abs(limit.upper)).toBeLessThan(1e-12)
    if (name === 'mess3') expect(bits(limit.lower)).toBeGreaterThan(0.1304)
    if (name === 'mess3') expect(bits(limit.upper)).toBeLessThan(0.131)
    if (name === 'rrxor') expect(limit.upper).toBeGreaterThan(six.upper)
  }
})
