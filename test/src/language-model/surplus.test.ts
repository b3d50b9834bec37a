import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import type { Corpus } from '../../../src/language-model/corpus.js'
import { draftAcceptance } from '../../../src/language-model/drafter.js'
import { nGramBlockEntropies, nGramKernel } from '../../../src/language-model/n-gram.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { entropyRateBracket, processBlockEntropies, processKernel } from '../../../src/language-model/process-law.js'
import {
  acceptanceBounds,
  acceptanceCeiling,
  informationSurplus,
  surplusBounds,
  surplusOfInfinitePast,
} from '../../../src/language-model/surplus.js'
import { valueOf } from '../../support/value-of.js'

const entropiesOf = (name: string) => processBlockEntropies(valueOf(parseProcess(name)))
const bits = (nats: number): number => nats / Math.LN2

describe('informationSurplus', () => {
  it.each([
    ['rrxor', 4, [0.16666666666666696, 0.2749503231954016, 0.4028307419389616, 0.5063283859124628]],
    ['rrxor', 6, [0.22116504197387243, 0.3792478552851737, 0.5417935210067562, 0.6793418002934342]],
    ['mess3', 4, [0.0922403467386328, 0.12082439361419706, 0.12751552620753603, 0.12935735908610724]],
    ['mess3', 6, [0.09267773465370688, 0.12137639733984606, 0.12809729745768017, 0.12994685400814454]],
    ['order-2', 4, [0.043788847886203, 0.043788847886203, 0.043788847886203, 0.043788847886203]],
    ['z1r', 6, [Math.log2(1.5), 0.9182958340544894, 0.9182958340544894, 0.9182958340544894]],
  ])('of %s after %i symbols, K = 2 to 5, in bits', (name, contextLength, expected) => {
    const entropies = entropiesOf(name)
    expected.forEach((value, index) => {
      expect(bits(valueOf(informationSurplus(entropies, contextLength, index + 2)))).toBeCloseTo(value, 10)
    })
  })

  it('is zero for chains of order one, to the longest blocks', () => {
    for (const [name, most] of [
      ['golden-mean', 14],
      ['cycle8', 6],
    ] as const) {
      const entropies = entropiesOf(name)
      for (let tokens = 1; tokens <= most; tokens++)
        for (let length = 1; length <= most; length++)
          expect(Math.abs(valueOf(informationSurplus(entropies, length, tokens)))).toBeLessThan(1e-12)
    }
  })

  it('lies between zero and its bounds, and grows with the context and with K', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 12, maxLength: 80 })
    fc.assert(
      fc.property(tokens, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (text, n, k) => {
        const corpus: Corpus = { name: 'text', symbols: ['a', 'b', 'c'], tokens: Int32Array.from(text) }
        const entropies = nGramBlockEntropies(corpus)
        const surplus = valueOf(informationSurplus(entropies, n, k))
        const bounds = valueOf(surplusBounds(entropies, n, k, 3))
        expect(surplus).toBeGreaterThanOrEqual(-1e-12)
        expect(surplus).toBeLessThanOrEqual(bounds.future + 1e-12)
        expect(surplus).toBeLessThanOrEqual(bounds.alphabet + 1e-12)
        expect(surplus).toBeLessThanOrEqual(bounds.context + 1e-12)
        expect(bounds.sharpest).toBe(Math.min(bounds.future, bounds.alphabet, bounds.context))
        expect(valueOf(informationSurplus(entropies, n + 1, k))).toBeGreaterThanOrEqual(surplus - 1e-12)
        expect(valueOf(informationSurplus(entropies, n, k + 1))).toBeGreaterThanOrEqual(surplus - 1e-12)
      }),
    )
  })

  it('is I(X; F | W_t) by its definition', () => {
    // Contexts of one symbol and K = 2: the joint law of x, W_t and f is that of the 3-grams.
    const corpus: Corpus = { name: 'text', symbols: ['a', 'b'], tokens: Int32Array.of(0, 0, 0, 1, 0, 1, 1, 1, 0, 1) }
    const kernel = valueOf(nGramKernel(corpus, 2))
    const joint = new Map<string, number>()
    const add = (key: string, mass: number) => joint.set(key, (joint.get(key) ?? 0) + mass)
    const each = (visit: (x: number, w: number, f: number, mass: number) => void) => {
      kernel.weights.forEach((weight, context) => {
        const [x, w] = [kernel.contexts[2 * context]!, kernel.contexts[2 * context + 1]!]
        for (const f of [0, 1]) visit(x, w, f, weight * kernel.next[2 * context + f]!)
      })
    }
    each((x, w, f, mass) => {
      add(`x${x}w${w}`, mass)
      add(`w${w}f${f}`, mass)
      add(`w${w}`, mass)
    })
    let information = 0
    each((x, w, f, mass) => {
      if (mass > 0)
        information +=
          mass * Math.log((mass * joint.get(`w${w}`)!) / (joint.get(`x${x}w${w}`)! * joint.get(`w${w}f${f}`)!))
    })
    expect(information).toBeGreaterThan(0.01)
    expect(valueOf(informationSurplus(nGramBlockEntropies(corpus), 1, 2))).toBeCloseTo(information, 13)
  })

  it('refuses lengths that are none, and blocks that are not known', () => {
    const entropies = entropiesOf('mess3')
    expect(informationSurplus(entropies, 8, 6)).toMatchObject(
      left({ kind: 'out-of-range', remedy: 'context and tokens may be 13 symbols together' }),
    )
    for (const [n, k] of [
      [0, 2],
      [2, 0],
      [1.5, 2],
      [2, NaN],
    ] as const)
      expect(informationSurplus(entropies, n, k)).toMatchObject(left({ kind: 'out-of-range' }))
    expect(surplusBounds(entropies, 8, 6, 3)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('surplusOfInfinitePast', () => {
  it.each([
    ['rrxor', [1 / 3, 0.5849625007211567, 0.8250112108241772, 1.022055208874201, 1.1887218755408675], 10],
    ['order-2', [0.04378884788620352, 0.043788847886203, 0.043788847886203], 10],
    ['mess3', [0.0927096815655617, 0.12141665089160458, 0.12813973039679816, 0.1299898699152724], 5],
  ])('of %s, K = 2, 3, ..., in bits', (name, expected, digits) => {
    const { lower, upper } = valueOf(entropyRateBracket(valueOf(parseProcess(name)), 10))
    // For a process whose rate is only bracketed, the upper end stays above what longer words give.
    const rate = name === 'mess3' ? (lower + upper) / 2 : lower
    expected.forEach((value, index) => {
      expect(bits(surplusOfInfinitePast(entropiesOf(name), rate, index + 2))).toBeCloseTo(value, digits)
    })
  })
})

describe('acceptance', () => {
  it('has these bounds for the surpluses of letters', () => {
    expect(acceptanceBounds(0.391289).pinsker).toBeCloseTo(0.5577, 4)
    expect(acceptanceBounds(0.762692).pinsker).toBeCloseTo(0.3825, 4)
    expect(acceptanceBounds(3)).toEqual({
      pinsker: 0,
      bretagnolleHuber: Math.exp(-3) / 2,
      sharpest: 1 - Math.sqrt(1 - Math.exp(-3)),
    })
    expect(acceptanceBounds(-1e-16).pinsker).toBe(1)
    for (const surplus of [0, 0.01, 0.4, 1.5, 1.6, 4]) {
      const { pinsker, bretagnolleHuber, sharpest } = acceptanceBounds(surplus)
      expect(sharpest).toBeGreaterThanOrEqual(Math.max(pinsker, bretagnolleHuber) - 1e-15)
    }
  })

  it('has a ceiling, attained without surplus and at log M', () => {
    expect(acceptanceCeiling(0, 5)).toBe(1)
    expect(acceptanceCeiling(Math.log(5), 5)).toBeCloseTo(1 / 5, 12)
    expect(acceptanceCeiling(2, 5)).toBe(1 / 5)
    expect(acceptanceCeiling(1, 1)).toBe(1)
    expect(acceptanceCeiling(-1e-16, 3)).toBe(1)
    // T log(M - 1) + h(T) at T = 0.3, M = 4.
    expect(acceptanceCeiling(0.3 * Math.log(3) - 0.3 * Math.log(0.3) - 0.7 * Math.log(0.7), 4)).toBeCloseTo(0.7, 12)
  })

  it('is certain for a chain of order one', () => {
    expect(draftAcceptance(valueOf(processKernel(valueOf(parseProcess('cycle8')), 3)))).toBeCloseTo(1, 13)
  })

  it('is at least its bounds: of texts and of processes', () => {
    const held = (acceptance: number, surplus: number) => {
      expect(acceptance).toBeGreaterThanOrEqual(acceptanceBounds(surplus).sharpest - 1e-12)
      expect(acceptance).toBeLessThanOrEqual(1 + 1e-12)
    }
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 60 })
    fc.assert(
      fc.property(tokens, fc.integer({ min: 1, max: 3 }), (text, n) => {
        const corpus: Corpus = { name: 'text', symbols: ['a', 'b', 'c'], tokens: Int32Array.from(text) }
        const surplus = valueOf(informationSurplus(nGramBlockEntropies(corpus), n, 2))
        held(draftAcceptance(valueOf(nGramKernel(corpus, n + 1))), surplus)
      }),
    )
    for (const name of ['z1r', 'rrxor', 'mess3', 'order-2', 'even']) {
      const process = valueOf(parseProcess(name))
      const acceptance = draftAcceptance(valueOf(processKernel(process, 6)))
      expect(acceptance).toBeLessThan(0.99)
      held(acceptance, valueOf(informationSurplus(processBlockEntropies(process), 5, 2)))
    }
  })
})
