import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import {
  type Alphabet,
  alphabetOf,
  charactersOf,
  type Corpus,
  lettersAndSpace,
  readCorpus,
} from '../../../src/language-model/corpus.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { valueOf } from '../../support/value-of.js'

const spelled = ({ symbols, tokens }: Corpus): string => Array.from(tokens, (token) => symbols[token]).join('')
const reading = (text: string, alphabet?: Alphabet): string => spelled(valueOf(readCorpus('text', text, alphabet)))

describe('readCorpus', () => {
  it('lower-cases, and makes one space of every run of other characters', () => {
    expect(reading('Call me Ishmael. Some years ago--never\n\n mind')).toBe('call me ishmael some years ago never mind')
  })

  it('reads the text as a circle: separators at both ends are one', () => {
    expect(reading('  a b. ')).toBe(' a b')
    expect(reading('a b. ')).toBe('a b ')
    expect(reading(' a b')).toBe(' a b')
  })

  it('leaves other characters out where there is no separator', () => {
    expect(reading('a-b, AB', valueOf(alphabetOf('ab')))).toBe('abab')
    expect(reading('a-b, AB', valueOf(alphabetOf('abA')))).toBe('abA')
  })

  it('reads a text over its own characters as it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
        expect(reading(text, charactersOf(text))).toBe(text)
      }),
    )
  })

  it('gives only symbols, and never two separators in a row, around the circle too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '.', 'é', '\n', '😀'), minLength: 1 })
    fc.assert(
      fc.property(text, (raw) => {
        fc.pre(/[a-z]/i.test(raw))
        const read = reading(raw)
        expect(read).toMatch(/^[a-z ]+$/)
        expect(read.length === 1 || !`${read}${read}`.includes('  ')).toBe(true)
        expect(read.replaceAll(' ', '')).toBe(raw.toLowerCase().replaceAll(/[^a-z]/g, ''))
      }),
    )
  })

  it('refuses a text with nothing to read', () => {
    expect(readCorpus('note', '')).toEqual(
      left({ kind: 'empty-input', where: 'note', what: 'the text is empty', remedy: 'give a text with content' }),
    )
    for (const text of ['   ', '12. 3!', 'é'])
      expect(readCorpus('note', text)).toMatchObject(left({ kind: 'empty-input', where: 'note' }))
    expect(readCorpus('note', 'xyz', valueOf(alphabetOf('ab')))).toMatchObject(
      left({ kind: 'empty-input', remedy: 'give a text with some of: a b' }),
    )
  })
})

describe('alphabetOf', () => {
  it('lower-cases where no capital is stated, and separates by a stated space', () => {
    expect(alphabetOf('abcdefghijklmnopqrstuvwxyz ')).toEqual(right(lettersAndSpace))
    expect(valueOf(alphabetOf('aB'))).toEqual({ symbols: ['a', 'B'], lowerCase: false, separator: undefined })
  })

  it('refuses repeated characters and fewer than two', () => {
    expect(alphabetOf('aba')).toMatchObject(left({ kind: 'invalid-value', what: "'a' occurs twice" }))
    expect(alphabetOf('a')).toMatchObject(left({ kind: 'out-of-range' }))
    expect(alphabetOf('')).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('mobyDick', () => {
  it('is the whole book', () => {
    const text = mobyDick()
    expect(text).toContain('Call me Ishmael.')
    expect(text.trimEnd().endsWith('only found another orphan.')).toBe(true)
    expect(valueOf(readCorpus('Moby-Dick', text)).tokens.length).toBe(1_170_262)
  })
})
