import { existsSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import type { HiddenMarkovProcess } from '../../../src/language-model/hidden-markov.js'
import { conditionalEntropy } from '../../../src/language-model/nll-identities.js'
import { parseProcess } from '../../../src/language-model/process.js'
import {
  entropyRateBracket,
  mostWords,
  processBlockEntropies,
  processKernel,
} from '../../../src/language-model/process-law.js'
import { valueOf } from '../../support/value-of.js'

const process = (name: string): HiddenMarkovProcess => valueOf(parseProcess(name))
const bits = (nats: number): number => nats / Math.LN2

/** P(word), as a product of matrices. */
const probability = ({ states, transitions, stationary }: HiddenMarkovProcess, word: readonly number[]): number => {
  let row = Array.from(stationary)
  for (const w of word)
    row = row.map((_, j) => row.reduce((sum, mass, i) => sum + mass * transitions[(w * states + i) * states + j]!, 0))
  return row.reduce((sum, mass) => sum + mass, 0)
}
const wordsOf = (symbols: number, length: number): readonly (readonly number[])[] =>
  Array.from({ length: symbols ** length }, (_, index) =>
    Array.from({ length }, (_, place) => Math.floor(index / symbols ** (length - 1 - place)) % symbols),
  )

describe('processBlockEntropies', () => {
  it.each([
    ['golden-mean', [0.9182958340544894, 1.584962500721156, 2.2516291673878226, 2.918295834054489, 3.5849625007211565]],
    ['order-2', [0.9949848281859702, 1.7908520829727557, 2.542930489873337, 3.2950088967739197, 4.047087303674501]],
    ['rrxor', [1, 2, 2.91829583405449, 3.825011210824177, 4.6887218755408675, 5.5220552088742005, 6.332067386399956]],
    ['mess3', [1.5849625007211563, 2.822389425483481, 3.9958136380062874, 5.147253960708244, 6.293821343423481]],
    ['cycle8', [3, 4.370950594454669, 5.741901188909338, 7.1128517833640075, 8.483802377818675]],
  ])('of %s, in bits', (name, expected) => {
    const entropies = processBlockEntropies(process(name))
    expected.forEach((value, index) => {
      expect(bits(entropies.of(index + 1))).toBeCloseTo(value, 11)
    })
  })

  it('of z1r and even by their definitions', () => {
    for (const name of ['z1r', 'even']) {
      const entropies = processBlockEntropies(process(name))
      for (const length of [1, 3, 6]) {
        const brute = wordsOf(2, length).reduce((sum, word) => {
          const p = probability(process(name), word)
          return p > 0 ? sum - p * Math.log(p) : sum
        }, 0)
        expect(entropies.of(length)).toBeCloseTo(brute, 12)
      }
    }
  })

  it('go as far as the words of positive probability are few', () => {
    expect(processBlockEntropies(process('mess3')).longest).toBe(13)
    expect(processBlockEntropies(process('cycle8')).longest).toBe(12)
    // Three phases with 19, 19 and 20 coins: 2^19 + 2^19 + 2^20 words of 58 symbols.
    expect(processBlockEntropies(process('z1r')).longest).toBe(58)
    // Fibonacci numbers: 1,346,269 words of 29 symbols.
    expect(processBlockEntropies(process('golden-mean')).longest).toBe(29)
    expect(processBlockEntropies(process('order-2(q00=0)')).longest).toBe(64)
    expect(() => processBlockEntropies(process('mess3')).of(14)).toThrow('from 0 to 13')
  })

  it('grow by the entropy rate of a chain of order one, to the longest block', () => {
    const entropies = processBlockEntropies(process('cycle8'))
    const rate = -(0.6 * Math.log(0.6) + 0.4 * Math.log(0.2))
    expect(entropies.of(12)).toBeCloseTo(Math.log(8) + 11 * rate, 11)
  })
})

describe('processKernel', () => {
  it('is the conditional law of the next symbol, for the contexts that occur', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('golden-mean', 'even', 'z1r', 'rrxor', 'mess3(x=0.15,a=0.6)', 'order-2'),
        fc.integer({ min: 1, max: 5 }),
        (name, length) => {
          const law = process(name)
          const width = law.symbols.length
          const kernel = valueOf(processKernel(law, length))
          const positive = wordsOf(width, length).filter((word) => probability(law, word) > 0)
          expect(Array.from(kernel.contexts)).toEqual(positive.flat())
          positive.forEach((word, context) => {
            const mass = probability(law, word)
            expect(kernel.weights[context]).toBeCloseTo(mass, 14)
            for (let w = 0; w < width; w++)
              expect(kernel.next[context * width + w]).toBeCloseTo(probability(law, [...word, w]) / mass, 13)
          })
        },
      ),
    )
  })

  it('has rows and weights that sum to one, and the entropy of its blocks', () => {
    for (const name of ['golden-mean', 'even', 'z1r', 'rrxor', 'mess3', 'order-2', 'cycle8']) {
      const kernel = valueOf(processKernel(process(name), 6))
      const width = kernel.symbols.length
      expect(kernel.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 13)
      for (let context = 0; context < kernel.weights.length; context++)
        expect(
          kernel.next.subarray(context * width, (context + 1) * width).reduce((sum, entry) => sum + entry, 0),
        ).toBeCloseTo(1, 13)
      const entropies = processBlockEntropies(process(name))
      expect(conditionalEntropy(kernel)).toBeCloseTo(entropies.of(7) - entropies.of(6), 12)
    }
  })

  it('mess3 at n = 5: H(W | X) and I(W; X) in nats', () => {
    const entropy = conditionalEntropy(valueOf(processKernel(process('mess3'), 5)))
    expect(entropy).toBeCloseTo(0.793783, 6)
    expect(Math.log(3) - entropy).toBeCloseTo(0.304829, 6)
  })

  it('refuses contexts that are too many, or none', () => {
    expect(processKernel(process('mess3'), 14)).toMatchObject(
      left({
        kind: 'out-of-range',
        remedy: `give a whole number from 1 to 13: up to there at most ${mostWords} words have positive probability`,
      }),
    )
    for (const length of [0, -1, 2.5, NaN])
      expect(processKernel(process('z1r'), length)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('entropyRateBracket', () => {
  it('is tight where the symbol fixes the next hidden state', () => {
    for (const [name, rate] of [
      ['golden-mean', 2 / 3],
      ['z1r', 1 / 3],
      ['order-2', 0.7520784069005819],
      ['cycle8', 1.370950594454669],
      ['rrxor', 2 / 3],
    ] as const) {
      const { lower, upper } = valueOf(entropyRateBracket(process(name), 8))
      expect(bits(lower)).toBeCloseTo(rate, 12)
      expect(upper).toBeGreaterThanOrEqual(lower - 1e-12)
    }
  })

  it('closes in on mess3', () => {
    const bracket = valueOf(entropyRateBracket(process('mess3'), 12))
    expect(bits(bracket.lower)).toBeGreaterThan(1.14471707)
    expect(bits(bracket.upper)).toBeLessThan(1.14471742)
    expect(bracket.upper - bracket.lower).toBeGreaterThan(0)
    expect(bracket.upper - bracket.lower).toBeLessThan(3e-7)
    let last = { lower: 0, upper: Infinity }
    for (let n = 1; n <= 8; n++) {
      const next = valueOf(entropyRateBracket(process('mess3'), n))
      expect(next.lower).toBeGreaterThan(last.lower)
      expect(next.upper).toBeLessThan(last.upper)
      last = next
    }
  })

  it('refuses words that are too many', () => {
    expect(entropyRateBracket(process('mess3'), 0)).toMatchObject(left({ kind: 'out-of-range' }))
    expect(entropyRateBracket(process('mess3'), 14)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

const golden = '../shared/data/golden/processes.json'

test.skipIf(!existsSync(golden))(`block entropies of the golden file (skipped without ${golden})`, () => {
  const cases: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = JSON.parse(
    readFileSync(golden, 'utf8'),
  )
  const names = ['golden-mean', 'order-2', 'rrxor', 'mess3', 'cycle8']
  expect(Object.keys(cases).length).toBe(names.length)
  Object.values(cases).forEach((values, index) => {
    const entropies = processBlockEntropies(process(names[index]!))
    values['blockH[1..8]']!.forEach((value, length) => {
      expect(bits(entropies.of(length + 1))).toBeCloseTo(value, 11)
    })
  })
})
