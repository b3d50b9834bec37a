/**
 * The blocks of a text in the interchange format of Bayesian networks, each name and number with its place.
 *
 *     network NAME { }
 *     variable NAME { type discrete [ 2 ] { yes, no }; }
 *     probability ( NAME | PARENT, PARENT ) { (yes, no) 0.1, 0.9; default 0.5, 0.5; }
 *     probability ( NAME ) { table 0.1, 0.9; }
 *
 * Properties are skipped in all of them. What the names stand for is not looked at here.
 *
 * Source: F. G. Cozman, "The Interchange Format for Bayesian Networks" (1998).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../dsl/legible.js'
import type { Problem } from '../../dsl/problem.js'
import { lineAndColumn, malformed, scanner, showToken, type Token } from './bif-scanner.js'

/** A name or a number, and how many characters are before it. */
export interface Located {
  readonly text: string
  readonly at: number
}

export interface VariableBlock {
  readonly name: Located
  readonly values: readonly Located[]
}

/** Some probabilities of a block: all of them, those of one combination of the parents' values, or those of all others. */
export interface ProbabilityEntry {
  readonly kind: 'table' | 'row' | 'default'
  readonly at: number
  /** The values of the parents; empty unless it is a row. */
  readonly given: readonly Located[]
  readonly numbers: readonly Located[]
}

export interface ProbabilityBlock {
  readonly name: Located
  readonly parents: readonly Located[]
  readonly entries: readonly ProbabilityEntry[]
}

export interface BifDocument {
  readonly name: string
  readonly variables: readonly VariableBlock[]
  readonly probabilities: readonly ProbabilityBlock[]
}

const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
/** A number with more characters than this is no measurement, and would take long to compute with. */
const longestNumber = 400

/** Reads the blocks of a text. Errors: `malformed` and `unsupported`, with line and column. */
export const readBlocks = (text: string): Either<Problem, BifDocument> => {
  const { take, skipStatement } = scanner(text)
  const wrong = (at: number, what: string, remedy: string): Either<Problem, never> =>
    left(malformed(text, at, what, remedy))
  const unexpected = (token: Token, remedy: string): Either<Problem, never> =>
    wrong(token.at, `${showToken(token)} does not belong here`, remedy)

  const isMark = ({ kind, text: found }: Token, mark: string): boolean => kind === 'mark' && found === mark
  const isWord = ({ kind, text: found }: Token, word: string): boolean => kind === 'word' && found === word
  const isName = ({ kind }: Token): boolean => kind === 'word' || kind === 'quoted'
  const expect = (fits: (token: Token) => boolean, remedy: string): Either<Problem, Token> => {
    const token = take()
    return isLeft(token) || fits(token.right) ? token : unexpected(token.right, remedy)
  }
  const mark = (wanted: string, remedy = `write ${wanted} here`): Either<Problem, Token> =>
    expect((token) => isMark(token, wanted), remedy)
  /** Names up to a closing mark. */
  const listUpTo = (closing: string, what: string): Either<Problem, readonly Located[]> => {
    const items: Located[] = []
    for (;;) {
      const token = expect(
        (found) => isName(found) || isMark(found, closing),
        `write ${what}, and ${closing} after them`,
      )
      if (isLeft(token)) return token
      if (token.right.kind === 'mark') return right(items)
      items.push(token.right)
    }
  }
  /** The statements of a block from { to }, without its properties: `statement` reads on from the first token of one. */
  const statements = (statement: (first: Token) => Either<Problem, unknown>): Either<Problem, unknown> => {
    const opened = mark('{')
    if (isLeft(opened)) return opened
    for (;;) {
      const first = take()
      if (isLeft(first)) return first
      if (isMark(first.right, '}')) return first
      if (first.right.kind === 'end')
        return wrong(
          first.right.at,
          `the block opened at ${lineAndColumn(text, opened.right.at)} is not closed`,
          'write } here',
        )
      const done = isWord(first.right, 'property') ? skipStatement() : statement(first.right)
      if (isLeft(done)) return done
    }
  }

  const variableBlock = (): Either<Problem, VariableBlock> => {
    const name = expect(isName, 'give the variable a name')
    if (isLeft(name)) return name
    let values: readonly Located[] | undefined
    const body = statements((first) => {
      if (!isWord(first, 'type')) return unexpected(first, "write 'type discrete [ 2 ] { yes, no };' here, or }")
      if (values !== undefined) return wrong(first.at, 'the variable has a second type', 'give it one')
      const discrete = expect(isName, "write 'discrete' here")
      if (isLeft(discrete)) return discrete
      if (!isWord(discrete.right, 'discrete'))
        return left({
          ...malformed(
            text,
            discrete.right.at,
            `the type '${legible(discrete.right.text)}' is not read`,
            "use 'discrete'",
          ),
          kind: 'unsupported',
        })
      const opened = mark('[')
      if (isLeft(opened)) return opened
      const count = expect(
        ({ kind, text: digits }) => kind === 'word' && /^\d+$/.test(digits),
        'write the number of values here',
      )
      if (isLeft(count)) return count
      for (const bracket of [']', '{']) {
        const found = mark(bracket)
        if (isLeft(found)) return found
      }
      const names = listUpTo('}', 'the names of the values')
      if (isLeft(names)) return names
      if (names.right.length !== Number(count.right.text))
        return wrong(
          count.right.at,
          `${legible(count.right.text)} values are announced, and ${names.right.length} are named`,
          'make the two agree',
        )
      values = names.right
      return mark(';')
    })
    if (isLeft(body)) return body
    return values === undefined
      ? wrong(
          name.right.at,
          `the variable '${legible(name.right.text)}' has no type`,
          "write 'type discrete [ 2 ] { yes, no };' in it",
        )
      : right({ name: name.right, values })
  }

  const numbersOf = (): Either<Problem, readonly Located[]> => {
    const numbers = listUpTo(';', 'probabilities')
    if (isLeft(numbers)) return numbers
    const bad = numbers.right.find((number) => number.text.length > longestNumber || !numberText.test(number.text))
    return bad === undefined
      ? numbers
      : wrong(bad.at, `'${legible(bad.text)}' is no number`, 'write decimal numbers, like 0.25')
  }
  const probabilityBlock = (): Either<Problem, ProbabilityBlock> => {
    const opened = mark('(')
    if (isLeft(opened)) return opened
    const names = listUpTo(')', 'the variable, then its parents')
    if (isLeft(names)) return names
    const [name, ...parents] = names.right
    if (name === undefined) return wrong(opened.right.at, 'no variable is named', 'name the variable, then its parents')
    const entries: ProbabilityEntry[] = []
    const body = statements((first) => {
      const kind = isMark(first, '(')
        ? 'row'
        : isWord(first, 'table')
          ? 'table'
          : isWord(first, 'default')
            ? 'default'
            : ''
      if (kind === '')
        return unexpected(
          first,
          "write 'table', 'default' or the values of the parents in ( ) here, and probabilities after them",
        )
      const given = kind === 'row' ? listUpTo(')', 'the values of the parents') : right([])
      if (isLeft(given)) return given
      const numbers = numbersOf()
      if (isLeft(numbers)) return numbers
      return right(entries.push({ kind, at: first.at, given: given.right, numbers: numbers.right }))
    })
    return isLeft(body) ? body : right({ name, parents, entries })
  }

  let name: string | undefined
  const variables: VariableBlock[] = []
  const probabilities: ProbabilityBlock[] = []
  for (;;) {
    const first = take()
    if (isLeft(first)) return first
    const token = first.right
    if (token.kind === 'end') {
      return name === undefined
        ? wrong(token.at, 'there is no network block', "begin with 'network NAME { }'")
        : right({ name, variables, probabilities })
    }
    if (isWord(token, 'network')) {
      if (name !== undefined) return wrong(token.at, 'there is a second network block', 'keep one network in a text')
      const named = expect(isName, 'give the network a name')
      if (isLeft(named)) return named
      const body = statements((statement) => unexpected(statement, 'write properties only, or }'))
      if (isLeft(body)) return body
      name = named.right.text
    } else if (isWord(token, 'variable')) {
      const block = variableBlock()
      if (isLeft(block)) return block
      variables.push(block.right)
    } else if (isWord(token, 'probability')) {
      const block = probabilityBlock()
      if (isLeft(block)) return block
      probabilities.push(block.right)
    } else return unexpected(token, "begin a block here with 'network', 'variable' or 'probability'")
  }
}
