import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { box, copy, equal, finite, id, par, program, seq, state } from '../../../dsl/index.js'
import { languageModel } from '../../../examples/language-model.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { compile } from '../../../src/compile/evaluate.js'
import { divergence, kullbackLeibler, totalVariation } from '../../../src/information/divergence.js'
import { conditionalDivergence } from '../../../src/information/kernel-divergence.js'
import { interpret } from '../../../src/interpret.js'
import { type Corpus, readCorpus } from '../../../src/language-model/corpus.js'
import { meaningsOf } from '../../../src/language-model/decomposition.js'
import { draftLaw, type DraftLaw } from '../../../src/language-model/draft-law.js'
import { assessDrafter, draftLedger, mostAcceptedDrafter, optimalDrafter } from '../../../src/language-model/drafter.js'
import {
  drafterOf,
  draftingDiagrams,
  draftingMeanings,
  exactDraftingHead,
  fitDraftingHead,
  measureAcceptance,
} from '../../../src/language-model/drafting-head.js'
import { probeLogProbabilities } from '../../../src/language-model/drafting-probe.js'
import { classesOf } from '../../../src/language-model/encoding-classes.js'
import { forward } from '../../../src/language-model/forward.js'
import { initialise, modelShape } from '../../../src/language-model/initialise.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { nGramWords } from '../../../src/language-model/n-gram.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel, processWords } from '../../../src/language-model/process-law.js'
import { prefixes } from '../../../src/language-model/word-law.js'
import { valueOf } from '../../support/value-of.js'

const cases: fc.Arbitrary<DraftLaw> = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 60 }),
    fc.integer({ min: 1, max: 2 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
  )
  .map(([tokens, n, labels]) => {
    const corpus: Corpus = { name: 'text', symbols: ['a', 'b', 'c'], tokens: Int32Array.from(tokens) }
    const words = nGramWords(corpus, n + 2)
    const { count } = prefixes(words, n)
    return valueOf(
      draftLaw(
        words,
        n,
        classesOf(
          Float64Array.from({ length: count }, () => Number(labels.next().value)),
          count,
        ),
      ),
    )
  })

const rowsOf = ({ codomain, entries }: StochasticMatrix): number[][] => {
  const width = codomain.reduce((product, size) => product * size, 1)
  return Array.from({ length: entries.length / width }, (_, x) =>
    Array.from(entries.subarray(x * width, (x + 1) * width)),
  )
}
/** P(. | x), P(W | x), and P(F | x, w), with a point where x and w do not meet. */
const tables = ({ contextCount, symbols, contexts, next, futures, blocks, masses, states, stateCount }: DraftLaw) => {
  const mu = new Array<number>(contextCount).fill(0)
  const first = Array.from({ length: contextCount }, () => new Array<number>(symbols).fill(0))
  const second = Array.from({ length: contextCount * symbols }, () => new Array<number>(symbols).fill(0))
  const encoder = Array.from({ length: contextCount }, () => new Array<number>(stateCount).fill(0))
  masses.forEach((mass, entry) => {
    const [x, w] = [contexts[entry]!, next[entry]!]
    mu[x]! += mass
    first[x]![w]! += mass
    second[x * symbols + w]![blocks[futures[entry]!]!]! += mass
    encoder[x]![states[entry]!] = 1
  })
  const normalised = (row: readonly number[]) => {
    const total = row.reduce((sum, mass) => sum + mass, 0)
    return total > 0 ? row.map((mass) => mass / total) : row.map((_, w) => (w === 0 ? 1 : 0))
  }
  return { mu: normalised(mu), first: first.map(normalised), second: second.map(normalised), encoder }
}

describe('k_draft as a diagram', () => {
  it.each(['state', 'token-and-state'] as const)(
    'evaluated in FinStoch has the cross-entropy, divergence and acceptance of the closed forms: %s',
    (view) => {
      fc.assert(
        fc.property(cases, (law) => {
          const { mu, first, second, encoder } = tables(law)
          const Context = finite('Context', law.contextCount)
          const Hidden = finite('Hidden', law.stateCount)
          const Token = finite('Token', law.symbols)
          const kHead = box('k_head', [Hidden], [Token])
          const { parallelHead, chainedHead } = draftingDiagrams({ Hidden, Token, kHead })
          const encode = box('encoder', [Context], [Hidden], { deterministic: true })
          const kData = box('k_data', [Context], [Token])
          const kNext = box('k_next', [Context, Token], [Token])
          const drafting = exactDraftingHead(law, view)
          const meaning = interpret(FinStoch, {
            mu: [mu],
            encoder,
            k_data: first,
            k_next: second,
            k_draft: rowsOf(drafting),
          })
          // The state on x and w, and the two kernels from there to the token after them.
          const before = valueOf(meaning(seq(state('mu', [Context]), copy(Context), par(id(Context), kData))))
          const verify = valueOf(meaning(kNext))
          const draft = valueOf(
            meaning(
              view === 'state'
                ? program([Context, Token], (x) => {
                    const [h] = encode(x)
                    return box('k_draft', [Hidden], [Token])(h)
                  })
                : seq(par(encode, id(Token)), chainedHead),
            ),
          )
          expect(parallelHead.inputs.length).toBe(1)
          const figures = assessDrafter(law, optimalDrafter(law, view))
          expect(1 - conditionalDivergence(totalVariation, before, verify, draft)).toBeCloseTo(figures.acceptance, 12)
          expect(conditionalDivergence(kullbackLeibler, before, verify, draft)).toBeCloseTo(figures.divergence, 12)
          // The same drafter, entry by entry.
          drafterOf(law, drafting).forEach((q, entry) => expect(q).toBeCloseTo(optimalDrafter(law, view)[entry]!, 13))
        }),
        { numRuns: 40 },
      )
    },
  )

  it('the parallel pair has lost I(W_t; F | H), the chained pair nothing, of the law given H', () => {
    fc.assert(
      fc.property(cases, (law) => {
        const { stateCount, symbols, states, next, futures, blocks, masses } = law
        const [Hidden, Token] = [finite('Hidden', stateCount), finite('Token', symbols)]
        const kHead = box('k_head', [Hidden], [Token])
        const { parallel, chained } = draftingDiagrams({ Hidden, Token, kHead })
        const joint = new Float64Array(stateCount * symbols * symbols)
        const heads = new Float64Array(stateCount * symbols)
        const hidden = new Float64Array(stateCount)
        masses.forEach((mass, entry) => {
          hidden[states[entry]!]! += mass
          heads[states[entry]! * symbols + next[entry]!]! += mass
          joint[(states[entry]! * symbols + next[entry]!) * symbols + blocks[futures[entry]!]!]! += mass
        })
        const kHeadRows = Array.from(hidden, (mass, h) =>
          Array.from(heads.subarray(h * symbols, (h + 1) * symbols), (each) => each / mass),
        )
        const given = (view: 'state' | 'token-and-state') =>
          interpret(FinStoch, { k_head: kHeadRows, k_draft: rowsOf(exactDraftingHead(law, view)) })
        const pairs = [valueOf(given('state')(parallel)), valueOf(given('token-and-state')(chained))]
        const [parallelLoss, chainedLoss] = pairs.map(({ entries }) =>
          hidden.reduce((sum, mass, h) => {
            const width = symbols * symbols
            const law = joint.subarray(h * width, (h + 1) * width).map((each) => each / mass)
            return sum + mass * divergence(kullbackLeibler, law, entries.subarray(h * width, (h + 1) * width))
          }, 0),
        )
        expect(parallelLoss).toBeCloseTo(draftLedger(law).parallelLoss, 12)
        expect(Math.abs(chainedLoss!)).toBeLessThan(1e-12)
      }),
      { numRuns: 40 },
    )
  })

  it('is a copy, two heads and, chained, a wire from one to the other', () => {
    const [Hidden, Token] = [finite('Hidden', 2), finite('Token', 3)]
    const kHead = box('k_head', [Hidden], [Token])
    const { parallelHead, parallel, chained } = draftingDiagrams({ Hidden, Token, kHead })
    expect(equal(parallel, seq(copy(Hidden), par(kHead, parallelHead)))).toBe(true)
    expect(equal(parallel, chained)).toBe(false)
    expect(() =>
      exactDraftingHead(valueOf(draftLaw(valueOf(processWords(valueOf(parseProcess('even')), 4)), 1)), 'state'),
    ).toThrow('it drafts one token, not 2')
  })
})

describe('a trained drafting head', () => {
  const process = valueOf(parseProcess('mess3'))
  const kernel = valueOf(processKernel(process, 4))
  const law = valueOf(draftLaw(valueOf(processWords(process, 6)), 4))
  const shape = valueOf(modelShape(kernel, { hidden: 3, width: 12, embedding: 4 }))
  const parameters = initialise(shape, 5)
  const { hidden } = forward(parameters, shape, kernel.contexts)

  it('compiled beside k_head gives what the closed form gives', async () => {
    const model = languageModel({ symbols: kernel.symbols, contextLength: 4, embedding: 16, hidden: 3 })
    const { parallel, chainedHead } = draftingDiagrams(model)
    const alone = fitDraftingHead(law, hidden, 'state')
    const meanings = { ...meaningsOf(shape, parameters), ...draftingMeanings(alone.probe) }
    const both = valueOf(await compile(seq(model.kEmb, model.kBb, parallel), meanings, { backend: 'cpu' }))
    const evaluation = valueOf(both.reference([kernel.contexts]))
    await both.dispose()
    const logs = probeLogProbabilities(alone.probe, hidden, new Int32Array(kernel.weights.length))
    const { logProbabilities } = forward(parameters, shape, kernel.contexts)
    const { entries } = evaluation.distribution!
    expect(entries.length).toBe(81 * 9)
    Array.from(entries).forEach((probability, at) => {
      const [x, w, f] = [Math.floor(at / 9), Math.floor(at / 3) % 3, at % 3]
      expect(probability).toBeCloseTo(Math.exp(logProbabilities[3 * x + w]! + logs[3 * x + f]!), 12)
    })

    const additive = fitDraftingHead(law, hidden, 'additive')
    const chained = valueOf(await compile(chainedHead, draftingMeanings(additive.probe), { backend: 'cpu' }))
    const tokens = Int32Array.from({ length: 81 }, (_, x) => x % 3)
    const after = valueOf(chained.reference([hidden, tokens]))
    await chained.dispose()
    probeLogProbabilities(additive.probe, hidden, tokens).forEach((log, at) =>
      expect(after.distribution!.entries[at]).toBeCloseTo(Math.exp(log), 12),
    )
    expect(() => draftingMeanings(fitDraftingHead(law, hidden, 'per-token').probe)).toThrow('a head for each token')
  })

  it('is between the exact optimum and the drafter of W_t alone; its acceptance keeps its bound', () => {
    const ledger = draftLedger(law)
    const [alone, additive, perToken] = (['state', 'additive', 'per-token'] as const).map((sight) =>
      fitDraftingHead(law, hidden, sight),
    )
    for (const { probe, figures } of [alone!, additive!, perToken!]) {
      expect(probe.converged).toBe(true)
      expect(figures.crossEntropy - figures.divergence).toBeCloseTo(ledger.leastCrossEntropy.context, 11)
      expect(figures.acceptance).toBeGreaterThan(figures.atLeast.sharpest)
      expect(figures.acceptance).toBeLessThan(1)
    }
    const { token, state: stateOnly, 'token-and-state': both } = ledger.leastCrossEntropy
    expect(alone!.figures.crossEntropy).toBeGreaterThan(stateOnly)
    expect(perToken!.figures.crossEntropy).toBeGreaterThan(both)
    expect(perToken!.figures.crossEntropy).toBeLessThanOrEqual(additive!.figures.crossEntropy + 1e-9)
    expect(additive!.figures.crossEntropy).toBeLessThan(token)
    expect(additive!.figures.crossEntropy).toBeLessThan(alone!.figures.crossEntropy)
    // No drafter that sees the context and w is accepted more often than always, none with their view more than the best.
    const most = assessDrafter(law, mostAcceptedDrafter(law, 'token-and-state')).acceptance
    expect(perToken!.figures.acceptance).toBeLessThanOrEqual(most + 1e-12)
  })

  it('reaches the exact optimum where the states are one-hot, with a head for each token', () => {
    const count = law.contextCount
    const oneHot = Float64Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0))
    const { figures } = fitDraftingHead(law, oneHot, 'per-token')
    expect(figures.divergence).toBeLessThan(1e-9)
    expect(figures.acceptance).toBeGreaterThan(0.99999)
  })

  it('letters of Moby-Dick, contexts of one letter and then w: figures of the heads beside their bounds', () => {
    const words = nGramWords(valueOf(readCorpus('Moby-Dick', mobyDick())), 3)
    const letters = valueOf(draftLaw(words, 1))
    const oneHot = Float64Array.from({ length: 27 * 27 }, (_, i) => (i % 28 === 0 ? 1 : 0))
    const [alone, additive] = (['state', 'additive'] as const).map((sight) =>
      fitDraftingHead(letters, oneHot, sight, { gradientTolerance: 1e-5, mostIterations: 60 }),
    )
    const exact = (view: 'token' | 'state') => assessDrafter(letters, optimalDrafter(letters, view))
    // From one-hot states the parallel head is exact; it pays 0.7568 nats for not seeing w, more than w alone pays for not seeing h.
    expect(alone!.figures.crossEntropy).toBeCloseTo(exact('state').crossEntropy, 3)
    expect(alone!.figures.acceptance).toBeCloseTo(0.5229, 3)
    expect(alone!.figures.atLeast.sharpest).toBeCloseTo(0.3848, 3)
    expect(exact('token').acceptance).toBeCloseTo(0.6753412521, 9)
    // Both together, additively: 0.7651 accepted, 0.6408 sure.
    expect(additive!.figures.crossEntropy).toBeCloseTo(2.144, 2)
    expect(additive!.figures.acceptance).toBeCloseTo(0.765, 2)
    expect(additive!.figures.atLeast.sharpest).toBeCloseTo(0.641, 2)
  })
})

describe('measureAcceptance', () => {
  test('is the acceptance of the closed form where the places are the law’s, and keeps its bound at every sample', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 1000 }), (law, seed) => {
        const { second } = tables(law)
        const drafting = exactDraftingHead(law, 'token-and-state')
        const pairs = Array.from(law.masses, (_, entry) => entry)
        const verifier = Float64Array.from(pairs.flatMap((e) => second[law.contexts[e]! * law.symbols + law.next[e]!]!))
        const drafter = Float64Array.from(
          pairs.flatMap((e) => {
            const row = law.states[e]! * law.symbols + law.next[e]!
            return Array.from(drafting.entries.subarray(row * law.symbols, (row + 1) * law.symbols))
          }),
        )
        const { acceptance, interval, atLeast } = measureAcceptance(verifier, drafter, law.symbols, { seed, draws: 40 })
        expect(acceptance).toBeGreaterThanOrEqual(atLeast.sharpest - 1e-12)
        expect(interval.lower).toBeLessThanOrEqual(interval.upper)
        expect(acceptance).toBeLessThanOrEqual(1 + 1e-12)
      }),
      { numRuns: 30 },
    )
    const [p, q] = [Float64Array.of(1, 0, 0.5, 0.5), Float64Array.of(0.5, 0.5, 0.5, 0.5)]
    expect(measureAcceptance(p, q, 2, { seed: 1 }).acceptance).toBe(0.75)
    expect(measureAcceptance(p, q, 2, { seed: 1, documents: [3, 3] }).interval).toMatchObject({
      lower: 0.75,
      upper: 0.75,
    })
    expect(() => measureAcceptance(p, q.subarray(2), 2, { seed: 1 })).toThrow('probabilities on 2 symbols')
  })
})
