import { existsSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'

import { charactersOf, type Corpus, readCorpus } from '../../../src/language-model/corpus.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { nGramBlockEntropies, nGramCounts, nGramKernel } from '../../../src/language-model/n-gram.js'
import { conditionalEntropy } from '../../../src/language-model/nll-identities.js'
import { informationSurplus } from '../../../src/language-model/surplus.js'
import { valueOf } from '../../support/value-of.js'

const corpusOf = (tokens: readonly number[]): Corpus => ({
  name: 'tokens',
  symbols: ['a', 'b', 'c'],
  tokens: Int32Array.from(tokens),
})
const anyCorpus = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 60 }).map(corpusOf)

/** The counts by their definition: every place starts one gram. */
const counted = ({ tokens }: Corpus, length: number): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  tokens.forEach((_, place) => {
    const gram = Array.from({ length }, (_, index) => tokens[(place + index) % tokens.length]).join(',')
    counts.set(gram, (counts.get(gram) ?? 0) + 1)
  })
  return counts
}
const tabulated = (corpus: Corpus, k: number): ReadonlyMap<string, number> => {
  const { length, grams, counts } = nGramCounts(corpus, k)
  return new Map(
    Array.from(counts, (count, gram) => [grams.subarray(gram * length, (gram + 1) * length).join(','), count]),
  )
}
const marginal = (counts: ReadonlyMap<string, number>, part: (gram: string[]) => string[]): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const [gram, count] of counts) {
    const kept = part(gram.split(',')).join(',')
    sums.set(kept, (sums.get(kept) ?? 0) + count)
  }
  return sums
}

describe('nGramCounts', () => {
  it('counts every place of the circle once, lengths beyond the text included', () => {
    fc.assert(
      fc.property(anyCorpus, fc.integer({ min: 1, max: 9 }), (corpus, length) => {
        expect(tabulated(corpus, length)).toEqual(counted(corpus, length))
      }),
    )
  })

  it('lists the grams in lexicographic order', () => {
    const { grams, counts } = nGramCounts(corpusOf([2, 0, 1, 0, 1]), 2)
    expect(Array.from(grams)).toEqual([0, 1, 1, 0, 1, 2, 2, 0])
    expect(Array.from(counts)).toEqual([2, 1, 1, 1])
  })

  it('is stationary: the k-grams are both marginals of the (k+1)-grams, exactly', () => {
    fc.assert(
      fc.property(anyCorpus, fc.integer({ min: 1, max: 6 }), (corpus, length) => {
        const longer = tabulated(corpus, length + 1)
        const shorter = tabulated(corpus, length)
        expect(marginal(longer, (gram) => gram.slice(0, -1))).toEqual(shorter)
        expect(marginal(longer, (gram) => gram.slice(1))).toEqual(shorter)
      }),
    )
  })
})

describe('nGramKernel', () => {
  it('is the law of the next symbol given the last N', () => {
    const kernel = valueOf(nGramKernel(corpusOf([0, 0, 1, 0, 0, 2, 1, 1]), 1))
    expect(Array.from(kernel.contexts)).toEqual([0, 1, 2])
    expect(Array.from(kernel.weights)).toEqual([4 / 8, 3 / 8, 1 / 8])
    expect(Array.from(kernel.next)).toEqual([2 / 4, 1 / 4, 1 / 4, 2 / 3, 1 / 3, 0, 0, 1, 0])
  })

  it('has the entropies of its blocks: H(W | X) = H(N + 1) - H(N)', () => {
    fc.assert(
      fc.property(anyCorpus, fc.integer({ min: 1, max: 5 }), (corpus, length) => {
        fc.pre(corpus.tokens.length > length)
        const kernel = valueOf(nGramKernel(corpus, length))
        const entropies = nGramBlockEntropies(corpus)
        expect(kernel.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
        expect(conditionalEntropy(kernel)).toBeCloseTo(entropies.of(length + 1) - entropies.of(length), 12)
      }),
    )
  })

  it('refuses a context that the text does not exceed, and lengths that are none', () => {
    const corpus = corpusOf([0, 1, 2])
    expect(nGramKernel(corpus, 3)).toMatchObject(
      left({ kind: 'out-of-range', remedy: 'give a text with more than 3 symbols, or shorter contexts' }),
    )
    expect(valueOf(nGramKernel(corpus, 2)).weights.length).toBe(3)
    for (const length of [0, -1, 1.5, NaN])
      expect(nGramKernel(corpus, length)).toMatchObject(left({ kind: 'out-of-range', what: 'this is no length' }))
  })

  it('refuses more contexts than memory is allowed for', () => {
    let state = 1
    const draw = () => (state = (state * 48_271) % 2_147_483_647)
    const corpus: Corpus = {
      name: 'wide',
      symbols: Array.from({ length: 500 }, (_, symbol) => String(symbol)),
      tokens: Int32Array.from({ length: 70_000 }, () => draw() % 500),
    }
    expect(nGramKernel(corpus, 3)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('nGramBlockEntropies', () => {
  it('knows the entropies of a text up to its length, and no further', () => {
    const entropies = nGramBlockEntropies(corpusOf([0, 1, 0, 2]))
    expect(entropies.longest).toBe(4)
    expect(entropies.of(0)).toBe(0)
    expect(entropies.of(1)).toBeCloseTo(1.5 * Math.LN2, 14)
    expect(entropies.of(4)).toBeCloseTo(Math.log(4), 14)
    expect(() => entropies.of(5)).toThrow('length 5')
  })

  it('of a periodic text stop growing at the period', () => {
    const entropies = nGramBlockEntropies(corpusOf(Array.from({ length: 300 }, (_, place) => place % 3)))
    for (const length of [1, 2, 7]) expect(entropies.of(length)).toBeCloseTo(Math.log(3), 13)
  })
})

describe('Moby-Dick over letters and space', () => {
  const corpus = valueOf(readCorpus('Moby-Dick', mobyDick()))
  const entropies = nGramBlockEntropies(corpus)

  it('has these block entropies in nats', () => {
    const expected = [2.8355513428, 5.133755625, 7.0200468676, 8.5333729924, 9.7926100122, 10.8524729612]
    expected.forEach((value, index) => {
      expect(entropies.of(index + 1)).toBeCloseTo(value, 9)
    })
  })

  it('has 532 contexts of two letters, which tell 0.9493 nats of the next', () => {
    const kernel = valueOf(nGramKernel(corpus, 2))
    expect(kernel.weights.length).toBe(532)
    expect(entropies.of(1) - conditionalEntropy(kernel)).toBeCloseTo(0.9492601003, 9)
    expect(valueOf(informationSurplus(entropies, 1, 2))).toBeCloseTo(0.411913039647, 9)
    expect(valueOf(informationSurplus(entropies, 2, 2))).toBeCloseTo(0.784878, 6)
  })
})

const shakespeare = '../shared/data/text/tinyshakespeare.txt'

test.skipIf(!existsSync(shakespeare))(
  `plug-in entropies of tinyshakespeare over its 65 characters (skipped without ${shakespeare})`,
  () => {
    const text = readFileSync(shakespeare, 'utf8')
    const corpus = valueOf(readCorpus('tinyshakespeare', text, charactersOf(text)))
    expect(corpus.symbols.length).toBe(65)
    expect(corpus.tokens.length).toBe(1_115_394)
    const entropies = nGramBlockEntropies(corpus)
    const bits = [4.779, 3.538, 2.752, 2.161]
    bits.forEach((value, order) => {
      expect((entropies.of(order + 1) - entropies.of(order)) / Math.LN2).toBeCloseTo(value, 3)
    })
  },
)
