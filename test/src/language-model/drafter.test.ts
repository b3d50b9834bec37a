import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { box, finite, program, state } from '../../../dsl/index.js'
import { disintegrate } from '../../../src/category/disintegration.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { conditionalChannelInformation } from '../../../src/information/channel-information.js'
import { kullbackLeibler } from '../../../src/information/divergence.js'
import { interpret } from '../../../src/interpret.js'
import { chainBlockEntropies } from '../../../src/language-model/block-entropies.js'
import { type Corpus, readCorpus } from '../../../src/language-model/corpus.js'
import {
  draftLaw,
  type DraftLaw,
  type DrafterView,
  drafterViews,
  futureEntropy,
  surplusUnder,
} from '../../../src/language-model/draft-law.js'
import {
  assessDrafter,
  draftAcceptance,
  draftLedger,
  mostAcceptedDrafter,
  optimalDrafter,
} from '../../../src/language-model/drafter.js'
import { type Classes, classesOf } from '../../../src/language-model/encoding-classes.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { nGramBlockEntropies, nGramKernel, nGramWords } from '../../../src/language-model/n-gram.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processBlockEntropies, processWords } from '../../../src/language-model/process-law.js'
import { acceptanceBounds, acceptanceCeiling, informationSurplus } from '../../../src/language-model/surplus.js'
import { chainWords, prefixes, type WordLaw } from '../../../src/language-model/word-law.js'
import { valueOf } from '../../support/value-of.js'

const wordsOf = (name: string, length: number): WordLaw => valueOf(processWords(valueOf(parseProcess(name)), length))
const bits = (nats: number): number => nats / Math.LN2

/** The encoder that keeps the last m symbols of contexts of n. */
const keepLast = (words: WordLaw, n: number, m: number): Classes => {
  const { of, count } = prefixes(words, n)
  const kept = new Float64Array(count * m)
  of.forEach((context, word) => {
    for (let place = 0; place < m; place++)
      kept[context * m + place] = words.words[word * words.length + n - m + place]!
  })
  return classesOf(kept, count)
}

/** Laws of random texts under random encoders. */
const cases: fc.Arbitrary<DraftLaw> = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 70 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 3 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
  )
  .map(([tokens, n, k, labels]) => {
    const corpus: Corpus = { name: 'text', symbols: ['a', 'b', 'c'], tokens: Int32Array.from(tokens) }
    const words = nGramWords(corpus, n + k)
    const { count } = prefixes(words, n)
    const encoder = classesOf(
      Float64Array.from({ length: count }, () => Number(labels.next().value)),
      count,
    )
    return valueOf(draftLaw(words, n, encoder))
  })

describe('surplus under an encoder', () => {
  test.each([
    ['golden-mean', 6, [0, 0, 0, 0]],
    ['cycle8', 3, [0, 0]],
    ['order-2', 6, [0.0437888, 0.0437888, 0.0437888, 0.0437888]],
    ['z1r', 6, [0.584963, 0.918296, 0.918296, 0.918296]],
    ['rrxor', 6, [0.221165, 0.379248, 0.541794, 0.679342]],
    ['rrxor', 4, [0.166667, 0.27495, 0.402831, 0.506328]],
    ['mess3', 6, [0.092678, 0.121376, 0.128097, 0.129947]],
    ['mess3', 4, [0.09224, 0.120824, 0.127516, 0.129357]],
  ])('that keeps all of the context: the table for %s, n = %i, K = 2 .., in bits', (name, n, expected) => {
    const entropies = processBlockEntropies(valueOf(parseProcess(name)))
    expected.forEach((value, index) => {
      const surplus = surplusUnder(valueOf(draftLaw(wordsOf(name, n + index + 2), n)))
      expect(Math.abs(bits(surplus) - value)).toBeLessThan(6e-7)
      expect(Math.abs(surplus - valueOf(informationSurplus(entropies, n, index + 2)))).toBeLessThan(1e-12)
    })
  })

  it('is zero for a process of order one, whatever the encoder', () => {
    for (const name of ['golden-mean', 'cycle8'])
      fc.assert(
        fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (labels) => {
          const words = wordsOf(name, 5)
          const { count } = prefixes(words, 3)
          const encoder = classesOf(
            Float64Array.from({ length: count }, () => Number(labels.next().value)),
            count,
          )
          expect(Math.abs(surplusUnder(valueOf(draftLaw(words, 3, encoder))))).toBeLessThan(1e-12)
        }),
        { numRuns: 30 },
      )
  })

  it('that keeps the last m symbols is the surplus of contexts of m', () => {
    for (const name of ['rrxor', 'mess3', 'z1r', 'even']) {
      const words = wordsOf(name, 8)
      const entropies = processBlockEntropies(valueOf(parseProcess(name)))
      for (let m = 1; m <= 5; m++) {
        const law = valueOf(draftLaw(words, 5, keepLast(words, 5, m)))
        expect(Math.abs(surplusUnder(law) - valueOf(informationSurplus(entropies, m, 3)))).toBeLessThan(1e-12)
      }
    }
  })

  it('is I(H; F | W_t), as a diagram', () => {
    fc.assert(
      fc.property(cases, (law) => {
        const { contextCount, stateCount, symbols, futureCount, masses } = law
        const Context = finite('Context', contextCount)
        const Hidden = finite('Hidden', stateCount)
        const Token = finite('Token', symbols)
        const Future = finite('Future', futureCount)
        const text = state('text', [Context, Token, Future])
        const encoder = box('encoder', [Context], [Hidden], { deterministic: true })
        const joint = program([], () => {
          const [x, w, f] = text()
          const [h] = encoder(x)
          return [w, h, f]
        })
        const table = new Float64Array(contextCount * symbols * futureCount)
        masses.forEach((mass, entry) => {
          table[(law.contexts[entry]! * symbols + law.next[entry]!) * futureCount + law.futures[entry]!] = mass
        })
        const classes = new Int32Array(contextCount)
        law.contexts.forEach((context, entry) => (classes[context] = law.states[entry]!))
        const evaluated = valueOf(
          interpret(FinStoch, {
            text: [Array.from(table)],
            encoder: Array.from(classes, (own) => Array.from({ length: stateCount }, (_, h) => (h === own ? 1 : 0))),
          })(joint),
        )
        const { marginal, conditional } = disintegrate(FinStoch)(evaluated, [symbols], [stateCount, futureCount])
        const information = conditionalChannelInformation(
          kullbackLeibler,
          marginal,
          conditional,
          [stateCount],
          [futureCount],
        )
        expect(Math.abs(surplusUnder(law) - information)).toBeLessThan(1e-12)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses contexts that leave no token, and encoders of other contexts', () => {
    const words = wordsOf('even', 3)
    for (const n of [0, 3, 1.5]) expect(draftLaw(words, n)).toMatchObject(left({ kind: 'out-of-range' }))
    expect(draftLaw(words, 2, { of: Int32Array.of(0), count: 1 })).toMatchObject(
      left({ remedy: 'give a class for each of the 4 contexts' }),
    )
  })
})

describe('drafters', () => {
  it('the surplus is what seeing H saves, exactly; every line of the ledger is at least zero', () => {
    fc.assert(
      fc.property(cases, (law) => {
        const { leastCrossEntropy, surplus, parallelLoss, encoderLoss } = draftLedger(law)
        const figures = (view: DrafterView) => assessDrafter(law, optimalDrafter(law, view))
        for (const view of drafterViews) {
          const { crossEntropy, divergence } = figures(view)
          expect(Math.abs(crossEntropy - leastCrossEntropy[view])).toBeLessThan(1e-12)
          expect(Math.abs(crossEntropy - divergence - futureEntropy(law, 'context'))).toBeLessThan(1e-12)
        }
        const [token, both, stateOnly] = [figures('token'), figures('token-and-state'), figures('state')]
        expect(Math.abs(token.crossEntropy - both.crossEntropy - surplus)).toBeLessThan(1e-12)
        expect(Math.abs(token.divergence - surplus - encoderLoss)).toBeLessThan(1e-12)
        expect(Math.abs(stateOnly.divergence - parallelLoss - encoderLoss)).toBeLessThan(1e-12)
        expect(Math.abs(both.divergence - encoderLoss)).toBeLessThan(1e-12)
        for (const line of [surplus, parallelLoss, encoderLoss]) expect(line).toBeGreaterThan(-1e-12)
        expect(figures('context')).toMatchObject({ divergence: 0 })
        expect(figures('context').acceptance).toBeCloseTo(1, 13)
      }),
    )
  })

  it('no drafter with a view has less cross-entropy', () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom(...drafterViews),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (law, view, t) => {
          // Drafters with the view: between the conditional law and the uniform one.
          const least = optimalDrafter(law, view)
          const other = least.map((q) => (1 - t) * q + t / law.futureCount)
          expect(assessDrafter(law, other).crossEntropy).toBeGreaterThanOrEqual(
            assessDrafter(law, least).crossEntropy - 1e-12,
          )
        },
      ),
    )
  })

  it('acceptance lies within its bounds, and the most accepted drafter has at least as much as any', () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom(...drafterViews),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (law, view, t) => {
          const least = optimalDrafter(law, view)
          const figures = assessDrafter(law, least)
          const most = assessDrafter(law, mostAcceptedDrafter(law, view)).acceptance
          for (const bound of [figures.atLeast.pinsker, figures.atLeast.bretagnolleHuber, figures.atLeast.sharpest])
            expect(figures.acceptance).toBeGreaterThanOrEqual(bound - 1e-12)
          expect(figures.acceptance).toBeLessThanOrEqual(acceptanceCeiling(figures.divergence, law.futureCount) + 1e-12)
          expect(most).toBeGreaterThanOrEqual(figures.acceptance - 1e-12)
          expect(most).toBeLessThanOrEqual(1 + 1e-12)
          const other = least.map((q) => (1 - t) * q + t / law.futureCount)
          expect(most).toBeGreaterThanOrEqual(assessDrafter(law, other).acceptance - 1e-12)
        },
      ),
    )
  })

  it('the most accepted drafter is the best of a fine grid', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 20 })), {
          minLength: 2,
          maxLength: 5,
        }),
        (contexts) => {
          // Contexts with integer weights and P(f = 0) in twentieths, all followed by the one symbol: an optimum is in twentieths too.
          const total = contexts.reduce((sum, [weight]) => sum + weight, 0)
          const listed = contexts.flatMap(([weight, p], x) =>
            [p, 20 - p].flatMap((share, f) =>
              share === 0 ? [] : [{ word: [x, 0, f], mass: (weight * share) / 20 / total }],
            ),
          )
          const words: WordLaw = {
            name: 'grid',
            symbols: ['0', '1', '2', '3', '4'],
            length: 3,
            words: Int32Array.from(listed.flatMap(({ word }) => word)),
            masses: Float64Array.from(listed, ({ mass }) => mass),
          }
          const law = valueOf(draftLaw(words, 1))
          let best = 0
          for (let q = 0; q <= 20; q++)
            best = Math.max(
              best,
              contexts.reduce(
                (sum, [w, p]) => sum + ((w / total) * (Math.min(p, q) + Math.min(20 - p, 20 - q))) / 20,
                0,
              ),
            )
          expect(assessDrafter(law, mostAcceptedDrafter(law, 'token')).acceptance).toBeCloseTo(best, 12)
        },
      ),
    )
  })

  it('least cross-entropy is not largest acceptance: 0.625 against 0.75', () => {
    const words: WordLaw = {
      name: 'two contexts',
      symbols: ['a', 'b'],
      length: 3,
      words: Int32Array.of(0, 0, 0, 1, 0, 1),
      masses: Float64Array.of(0.75, 0.25),
    }
    const law = valueOf(draftLaw(words, 1))
    expect(assessDrafter(law, optimalDrafter(law, 'token')).acceptance).toBeCloseTo(0.625, 15)
    expect(assessDrafter(law, mostAcceptedDrafter(law, 'token')).acceptance).toBeCloseTo(0.75, 15)
    expect(() => assessDrafter(law, Float64Array.of(1))).toThrow('1 probabilities for 2 entries')
    expect(assessDrafter(law, Float64Array.of(1, 0)).crossEntropy).toBe(Infinity)
  })

  it('Pinsker’s constant is sharp, and the ceiling is attained', () => {
    // One next token and two contexts with P = 1/2 +- e: acceptance 1 - e, surplus 2 e^2 + ..
    const e = 1e-4
    const coins: WordLaw = {
      name: 'coins',
      symbols: ['a', 'b'],
      length: 3,
      words: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1),
      masses: Float64Array.of(0.25 + e / 2, 0.25 - e / 2, 0.25 - e / 2, 0.25 + e / 2),
    }
    const law = valueOf(draftLaw(coins, 1))
    const { acceptance, divergence } = assessDrafter(law, optimalDrafter(law, 'token'))
    expect(1 - acceptance).toBeCloseTo(e, 12)
    expect((1 - acceptance) / Math.sqrt(divergence / 2)).toBeCloseTo(1, 6)
    const certain: WordLaw = {
      name: 'certain',
      symbols: ['a', 'b'],
      length: 3,
      words: Int32Array.of(0, 0, 0, 1, 0, 1),
      masses: Float64Array.of(0.5, 0.5),
    }
    const sure = valueOf(draftLaw(certain, 1))
    expect(assessDrafter(sure, optimalDrafter(sure, 'token')).acceptance).toBeCloseTo(
      acceptanceCeiling(surplusUnder(sure), 2),
      12,
    )
  })

  it('is certain under a process of order one with one token drafted, from W_t alone', () => {
    const law = valueOf(draftLaw(wordsOf('cycle8', 4), 2))
    expect(assessDrafter(law, optimalDrafter(law, 'token')).acceptance).toBeCloseTo(1, 13)
    // From the state alone it is not: a parallel head pays I(W_t; F | H).
    expect(draftLedger(law).parallelLoss).toBeGreaterThan(0.3)
    expect(
      draftAcceptance(valueOf(nGramKernel({ name: 't', symbols: ['a', 'b'], tokens: Int32Array.of(0, 1, 1) }, 1))),
    ).toBe(1)
  })
})

describe('letters of Moby-Dick', () => {
  const corpus = valueOf(readCorpus('Moby-Dick', mobyDick()))
  const entropies = nGramBlockEntropies(corpus)

  it.each([
    // order of the chain, Surplus_2, acceptance of P(. | w), of the most accepted drafter
    [2, 0.411913039647, 0.6753412521, 0.6983339849, 0.5462],
    [3, 0.784878157345, 0.5407696222, 0.571781007, 0.3736],
  ])('chain of order %i', (order, surplus, accepted, most, sure) => {
    const law = valueOf(draftLaw(nGramWords(corpus, order + 1), order - 1))
    const figures = assessDrafter(law, optimalDrafter(law, 'token'))
    expect(surplusUnder(law)).toBeCloseTo(surplus, 11)
    expect(figures.divergence).toBeCloseTo(surplus, 11)
    expect(figures.acceptance).toBeCloseTo(accepted, 9)
    expect(assessDrafter(law, mostAcceptedDrafter(law, 'token')).acceptance).toBeCloseTo(most, 9)
    expect(acceptanceBounds(surplus).sharpest).toBeCloseTo(sure, 4)
    expect(acceptanceCeiling(surplus, 27)).toBeGreaterThan(most)
  })

  it('three tokens after the order-3 chain', () => {
    const chain = chainBlockEntropies(entropies, 3)
    const words = valueOf(chainWords(valueOf(nGramKernel(corpus, 3)), 5))
    const law = valueOf(draftLaw(words, 2))
    expect(surplusUnder(law)).toBeCloseTo(1.157843275042, 11)
    expect(valueOf(informationSurplus(chain, 3, 3))).toBeCloseTo(1.157843275042, 11)
    expect(valueOf(informationSurplus(chain, 9, 2))).toBeCloseTo(0.784878157345, 11)
  })
})
