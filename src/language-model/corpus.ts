/**
 * A text as a sequence of symbols of a stated alphabet.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'

/** Which characters are symbols, and what becomes of the others. */
export interface Alphabet {
  /** Single characters, all different; a token is an index into them. */
  readonly symbols: readonly string[]
  /** Whether the text is lower-cased before it is read. */
  readonly lowerCase: boolean
  /**
   * The symbol that stands for every run of characters that are this symbol or no symbol at all; where it is undefined the characters
   * that are no symbols are left out.
   */
  readonly separator: string | undefined
}

/** A text, as tokens. */
export interface Corpus {
  readonly name: string
  readonly symbols: readonly string[]
  /** One index into `symbols` for each place of the text. */
  readonly tokens: Int32Array
}

/** The default: 26 letters and space; the text is lower-cased, and every run of other characters becomes one space. */
export const lettersAndSpace: Alphabet = {
  symbols: Array.from('abcdefghijklmnopqrstuvwxyz '),
  lowerCase: true,
  separator: ' ',
}

/** Every character that a text has, in code-point order: nothing is lower-cased, merged or left out. */
export const charactersOf = (text: string): Alphabet => ({
  symbols: Array.from(new Set(text)).sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!),
  lowerCase: false,
  separator: undefined,
})

/**
 * The alphabet of stated characters: the text is lower-cased where none of them is a capital, and runs of other characters become one
 * space where the space is among them and are left out where it is not.
 *
 * Errors: fewer than two characters; a character twice.
 */
export const alphabetOf = (characters: string): Either<Problem, Alphabet> => {
  const symbols = Array.from(characters)
  const repeated = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index)
  if (repeated !== undefined)
    return left(problem('invalid-value', 'alphabet', `'${repeated}' occurs twice`, 'give every character once'))
  if (symbols.length < 2)
    return left(
      problem('out-of-range', 'alphabet', `it has ${symbols.length} symbols`, 'give at least two different characters'),
    )
  return right({
    symbols,
    lowerCase: characters === characters.toLowerCase(),
    separator: symbols.includes(' ') ? ' ' : undefined,
  })
}

/**
 * The tokens of a text.
 *
 * The text is read as a circle, the way that its n-grams are counted: separators at its two ends are one separator.
 * Errors: no text; a text without a symbol of the alphabet beside the separator.
 *
 * @example
 * readCorpus('note', '2026!')
 * // => { _tag: 'Left', left: { kind: 'empty-input', where: 'note', what: 'the text has no symbol of the alphabet', remedy: 'give a text with some of: a b c d e f g h i j k l m n o p q r s t u v w x y z' } }
 */
export const readCorpus = (
  name: string,
  text: string,
  { symbols, lowerCase, separator }: Alphabet = lettersAndSpace,
): Either<Problem, Corpus> => {
  if (text.length === 0) return left(problem('empty-input', name, 'the text is empty', 'give a text with content'))
  const tokenOf = new Map(symbols.map((symbol, token) => [symbol, token]))
  const separatorToken = separator === undefined ? undefined : tokenOf.get(separator)
  const read = lowerCase ? text.toLowerCase() : text
  const tokens = new Int32Array(read.length)
  let length = 0
  let separators = 0
  for (const character of read) {
    const token = tokenOf.get(character) ?? separatorToken
    if (token === undefined) continue
    if (token === separatorToken) {
      if (length > 0 && tokens[length - 1] === token) continue
      separators++
    }
    tokens[length++] = token
  }
  if (length === separators) {
    const wanted = symbols.filter((symbol) => symbol !== separator).join(' ')
    return left(
      problem('empty-input', name, 'the text has no symbol of the alphabet', `give a text with some of: ${wanted}`),
    )
  }
  const closed = separatorToken !== undefined && tokens[0] === separatorToken && tokens[length - 1] === separatorToken
  return right({ name, symbols, tokens: tokens.slice(0, closed ? length - 1 : length) })
}
