/**
 * The tokens of a text in the interchange format of Bayesian networks.
 *
 * Blanks, commas and bars separate tokens and mean nothing else, as do comments of both kinds of C. A word goes on to the next
 * separator, bracket, semicolon or quotation mark, so that names like `<5`, `12+` and `Asy/Patch` are words; every other name is
 * written between double quotation marks, on one line.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'mark' | 'end'
  /** The word, the name between the quotation marks, the mark, or nothing at the end. */
  readonly text: string
  /** Where it begins: the number of characters before it. */
  readonly at: number
}

export interface Scanner {
  /** The next token, which the one after it is then the next after. */
  readonly take: () => Either<Problem, Token>
  /** Goes on after the next semicolon that is not between quotation marks. */
  readonly skipStatement: () => Either<Problem, void>
}

const marks = '{}()[];'
/** What JavaScript holds for white space, and the two characters that the format ignores. */
const separator = /[\s,|]/u
const asciiSeparators = Array.from({ length: 128 }, (_, code) => separator.test(String.fromCharCode(code)))
const isSeparator = (text: string, at: number): boolean =>
  asciiSeparators[text.charCodeAt(at)] ?? separator.test(text[at]!)

/** A place in a text as people count it. */
export const lineAndColumn = (text: string, at: number): string => {
  const before = text.slice(0, at).split(/\r\n|\r|\n/)
  return `line ${before.length}, column ${before[before.length - 1]!.length + 1}`
}

/** The problem of a text that does not follow the format at a place. */
export const malformed = (text: string, at: number, what: string, remedy: string): Problem =>
  problem('malformed', lineAndColumn(text, at), what, remedy)

/** A token as it is shown in messages. */
export const showToken = ({ kind, text }: Token): string => {
  switch (kind) {
    case 'end':
      return 'the end of the text'
    case 'quoted':
      return `the name "${legible(text)}"`
    case 'word':
    case 'mark':
      return `'${legible(text)}'`
  }
}

/** Whether a name can be written without quotation marks. */
export const isWord = (name: string): boolean => name !== '' && wordEnd(name, 0) === name.length

const wordEnd = (text: string, start: number): number => {
  let end = start
  while (end < text.length) {
    const character = text[end]!
    if (character === '"' || marks.includes(character) || isSeparator(text, end)) break
    if (character === '/' && (text[end + 1] === '/' || text[end + 1] === '*')) break
    end += 1
  }
  return end
}

export const scanner = (text: string): Scanner => {
  let next = 0
  const wrong = (at: number, what: string, remedy: string): Either<Problem, never> =>
    left(malformed(text, at, what, remedy))

  /** Goes on to the next token; undefined is fine. */
  const skipBlank = (): Either<Problem, never> | undefined => {
    while (next < text.length) {
      if (isSeparator(text, next)) next += 1
      else if (text.startsWith('//', next)) {
        while (next < text.length && text[next] !== '\n' && text[next] !== '\r') next += 1
      } else if (text.startsWith('/*', next)) {
        const end = text.indexOf('*/', next + 2)
        if (end === -1) return wrong(next, 'a comment is not closed', 'close it with */')
        next = end + 2
      } else return undefined
    }
    return undefined
  }

  const quoted = (): Either<Problem, Token> => {
    const start = next
    for (let end = start + 1; end < text.length; end++) {
      const character = text[end]!
      if (character === '\n' || character === '\r') break
      if (character !== '"') continue
      next = end + 1
      return right({ kind: 'quoted', text: text.slice(start + 1, end), at: start })
    }
    return wrong(start, 'a quotation mark is not closed', 'close it with " on the same line')
  }

  const take = (): Either<Problem, Token> => {
    const unclosed = skipBlank()
    if (unclosed !== undefined) return unclosed
    const start = next
    const character = text[start]
    if (character === undefined) return right({ kind: 'end', text: '', at: start })
    if (character === '"') return quoted()
    if (marks.includes(character)) {
      next += 1
      return right({ kind: 'mark', text: character, at: start })
    }
    next = wordEnd(text, start)
    return right({ kind: 'word', text: text.slice(start, next), at: start })
  }

  return {
    take,
    skipStatement: () => {
      const start = next
      const unclosed = skipBlank()
      if (unclosed !== undefined) return unclosed
      if (text[next] === '"') {
        const string = quoted()
        if (string._tag === 'Left') return string
      }
      const end = text.indexOf(';', next)
      if (end === -1) return wrong(start, 'a property is not closed', 'close it with ;')
      next = end + 1
      return right(undefined)
    },
  }
}
