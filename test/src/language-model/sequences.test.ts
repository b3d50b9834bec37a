import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { charactersOf, readCorpus } from '../../../src/language-model/corpus.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { processSequences, textSequences } from '../../../src/language-model/sequences.js'
import { valueOf } from '../../support/value-of.js'

const corpus = valueOf(readCorpus('text', 'abcdefghij', charactersOf('abcdefghij')))

describe('textSequences', () => {
  const source = valueOf(textSequences(corpus, { sequences: 50, length: 3 }))

  it('are windows of the circle with the tokens after them, at all places alike', () => {
    const starts = new Float64Array(10)
    for (let step = 0; step < 200; step++) {
      const { tokens, next, length } = source.batch(1, step)
      expect(length).toBe(3)
      for (let index = 0; index < tokens.length; index++) {
        if (index % 3 === 0) starts[tokens[index]!]!++
        else expect(tokens[index]).toBe((tokens[index - 1]! + 1) % 10)
        expect(next[index]).toBe((tokens[index]! + 1) % 10)
      }
    }
    // 10,000 windows: five standard deviations of a count are 150.
    for (const count of starts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('are determined by seed and step', () => {
    expect(source.batch(1, 7)).toEqual(source.batch(1, 7))
    expect(source.batch(1, 8)).not.toEqual(source.batch(1, 7))
    expect(source.batch(2, 7)).not.toEqual(source.batch(1, 7))
  })

  it('refuses sizes that are none, and windows longer than the text', () => {
    expect(textSequences(corpus, { sequences: 0, length: 3 })).toMatchObject(left({ where: 'text, sequences' }))
    expect(textSequences(corpus, { sequences: 1, length: 10 })).toMatchObject(
      left({ kind: 'out-of-range', where: 'text, length', remedy: 'give at most 9' }),
    )
  })
})

describe('processSequences', () => {
  it.each(['mess3', 'rrxor', 'golden-mean'])('have the law of the process: %s', (name) => {
    const process = valueOf(parseProcess(name))
    const source = valueOf(processSequences(process, { sequences: 20000, length: 3 }))
    const { tokens, next } = source.batch(3, 0)
    const kernel = valueOf(processKernel(process, 3))
    const width = process.symbols.length
    const counts = new Map<string, number>()
    for (let sequence = 0; sequence < 20000; sequence++) {
      const word = [...tokens.subarray(3 * sequence, 3 * sequence + 3), next[3 * sequence + 2]!].join('')
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    let seen = 0
    kernel.weights.forEach((weight, context) => {
      for (let w = 0; w < width; w++) {
        const probability = weight * kernel.next[context * width + w]!
        const word = [...kernel.contexts.subarray(3 * context, 3 * context + 3), w].join('')
        const count = counts.get(word) ?? 0
        seen += count
        const deviation = Math.sqrt(20000 * probability * (1 - probability))
        expect(Math.abs(count - 20000 * probability)).toBeLessThanOrEqual(5 * deviation)
      }
    })
    expect(seen).toBe(20000)
  })
})
