import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { entropyOfMasses } from '../../../src/language-model/block-entropies.js'
import type { Corpus } from '../../../src/language-model/corpus.js'
import { nGramBlockEntropies, nGramKernel, nGramWords } from '../../../src/language-model/n-gram.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processBlockEntropies, processKernel, processWords } from '../../../src/language-model/process-law.js'
import { chainWords, prefixes } from '../../../src/language-model/word-law.js'
import { kernelOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'

const names = ['golden-mean', 'even', 'z1r', 'rrxor', 'mess3', 'order-2', 'cycle8'] as const
const anyCorpus: fc.Arbitrary<Corpus> = fc
  .array(fc.integer({ min: 0, max: 2 }), { minLength: 9, maxLength: 60 })
  .map((tokens) => ({ name: 'text', symbols: ['a', 'b', 'c'], tokens: Int32Array.from(tokens) }))
const sum = (masses: Float64Array): number => masses.reduce((total, mass) => total + mass, 0)

describe('processWords', () => {
  it('has the block entropies, and its prefixes are the contexts of the kernel, in order and in mass', () => {
    for (const name of names) {
      const process = valueOf(parseProcess(name))
      const words = valueOf(processWords(process, 5))
      expect(sum(words.masses)).toBeCloseTo(1, 13)
      expect(entropyOfMasses(words.masses)).toBeCloseTo(processBlockEntropies(process).of(5), 13)
      const kernel = valueOf(processKernel(process, 3))
      const { of, count } = prefixes(words, 3)
      expect(count).toBe(kernel.weights.length)
      const masses = new Float64Array(count)
      of.forEach((context, word) => {
        masses[context]! += words.masses[word]!
        expect(words.words.subarray(5 * word, 5 * word + 3)).toEqual(
          kernel.contexts.subarray(3 * context, 3 * context + 3),
        )
      })
      masses.forEach((mass, context) => expect(mass).toBeCloseTo(kernel.weights[context]!, 14))
    }
  })

  it('refuses lengths that are none', () => {
    expect(processWords(valueOf(parseProcess('mess3')), 0)).toMatchObject(left({ kind: 'out-of-range' }))
    expect(processWords(valueOf(parseProcess('mess3')), 14)).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('nGramWords', () => {
  it('has the block entropies and contexts of the text', () => {
    fc.assert(
      fc.property(anyCorpus, fc.integer({ min: 2, max: 5 }), (corpus, length) => {
        const words = nGramWords(corpus, length)
        expect(entropyOfMasses(words.masses)).toBeCloseTo(nGramBlockEntropies(corpus).of(length), 13)
        expect(prefixes(words, length - 1).count).toBe(valueOf(nGramKernel(corpus, length - 1)).weights.length)
      }),
    )
    expect(() => nGramWords({ name: 'text', symbols: ['a'], tokens: Int32Array.of(0) }, 0)).toThrow('0 is no length')
  })
})

describe('chainWords', () => {
  it('is the law of a process that is a chain of that order', () => {
    for (const [name, order] of [
      ['golden-mean', 1],
      ['order-2', 2],
      ['cycle8', 1],
    ] as const) {
      const process = valueOf(parseProcess(name))
      const chain = valueOf(chainWords(valueOf(processKernel(process, order)), 5))
      const words = valueOf(processWords(process, 5))
      expect(chain.words).toEqual(words.words)
      chain.masses.forEach((mass, word) => expect(mass).toBeCloseTo(words.masses[word]!, 14))
    }
  })

  it('of a text: its own words up to one symbol more than a context, stationary beyond', () => {
    fc.assert(
      fc.property(anyCorpus, (corpus) => {
        const kernel = valueOf(nGramKernel(corpus, 2))
        const own = nGramWords(corpus, 3)
        const chain = valueOf(chainWords(kernel, 3))
        expect(chain.words).toEqual(own.words)
        chain.masses.forEach((mass, word) => expect(mass).toBeCloseTo(own.masses[word]!, 14))
        // The last two of four symbols have the law of the first two.
        const longer = valueOf(chainWords(kernel, 4))
        const last = new Map<string, number>()
        longer.masses.forEach((mass, word) => {
          const key = longer.words.subarray(4 * word + 2, 4 * word + 4).join()
          last.set(key, (last.get(key) ?? 0) + mass)
        })
        kernel.weights.forEach((weight, context) =>
          expect(last.get(kernel.contexts.subarray(2 * context, 2 * context + 2).join())).toBeCloseTo(weight, 13),
        )
      }),
    )
  })

  it('refuses words of a context or less, and kernels that leave their contexts', () => {
    const kernel = kernelOf(2, [[0]], [1], [[0.5, 0.5]])
    expect(chainWords(kernel, 1)).toMatchObject(left({ kind: 'out-of-range' }))
    expect(valueOf(chainWords(kernel, 2)).masses).toEqual(Float64Array.of(0.5, 0.5))
    expect(chainWords(kernel, 3)).toMatchObject(
      left({ what: 'a word ends in a context that the kernel does not have' }),
    )
  })
})
