/**
 * Bayesian networks as text in the interchange format (BIF).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { elementTuple } from '../category/finite-element.js'
import { type RationalText, readRational } from '../category/rational.js'
import { isWord } from './bif-scanner.js'
import type { BayesianNetwork, NetworkVariable } from './network.js'

/**
 * A network in the interchange format, which `parseBif` reads as the same network, numbers as they are written.
 *
 * Names that are no single words are quoted. Errors: `unsupported` for what the format cannot say, which is a name with a quotation
 * mark or a line break and a fraction that is no decimal number.
 *
 * @example
 * const coin = { name: 'Coin', values: ['heads', 'tails'], parents: [], rows: [['0.5', '1/2']] }
 * toUnion(printBif(toUnion(bayesianNetwork('toss', [coin])))).split('\n').slice(-4)
 * // => ['probability ( Coin ) {', '  table 0.5, 0.5;', '}', '']
 */
export const printBif = ({ name, variables }: BayesianNetwork): Either<Problem, string> => {
  const names = [name, ...variables.flatMap((variable) => [variable.name, ...variable.values])]
  const unwritable = names.find((candidate) => /["\r\n]/.test(candidate))
  if (unwritable !== undefined)
    return left(
      problem(
        'unsupported',
        `name '${legible(unwritable)}'`,
        'the interchange format has no quotation marks or line breaks in names',
        'use another name',
      ),
    )
  const lines = [`network ${word(name)} {`, '}']
  for (const variable of variables)
    lines.push(
      `variable ${word(variable.name)} {`,
      `  type discrete [ ${variable.values.length} ] { ${variable.values.map(word).join(', ')} };`,
      '}',
    )
  const owners = new Map(variables.map((variable) => [variable.name, variable]))
  for (const variable of variables) {
    const parents = variable.parents.map((parent) => owners.get(parent)!)
    const rows = rowLines(variable, parents)
    if (isLeft(rows)) return rows
    const given = parents.length === 0 ? '' : ` | ${variable.parents.map(word).join(', ')}`
    lines.push(`probability ( ${word(variable.name)}${given} ) {`, ...rows.right, '}')
  }
  return right(`${lines.join('\n')}\n`)
}

const rowLines = (
  { name, rows }: NetworkVariable,
  parents: readonly NetworkVariable[],
): Either<Problem, readonly string[]> => {
  const sizes = parents.map(({ values }) => values.length)
  const lines: string[] = []
  for (const [index, row] of rows.entries()) {
    const numbers: string[] = []
    for (const text of row) {
      const number = decimalText(text)
      if (number === undefined)
        return left(
          problem(
            'unsupported',
            `variable '${legible(name)}', row ${index}`,
            `${legible(String(text))} is no decimal number`,
            'the interchange format has decimal numbers only; write it with as many digits as matter',
          ),
        )
      numbers.push(number)
    }
    const given = elementTuple(sizes, index).map((value, parent) => word(parents[parent]!.values[value]!))
    lines.push(`  ${parents.length === 0 ? 'table' : `(${given.join(', ')})`} ${numbers.join(', ')};`)
  }
  return right(lines)
}

const word = (name: string): string => (isWord(name) ? name : `"${name}"`)

/** A number as it was written, or as a decimal number where it was written as a fraction that is one. */
const decimalText = (written: RationalText): string | undefined => {
  if (typeof written !== 'object' && !String(written).includes('/')) return String(written).trim()
  const value = readRational(written, '')
  if (isLeft(value)) return undefined
  const { n, d } = value.right
  // A fraction in lowest terms is a decimal number when no prime but 2 and 5 divides its denominator.
  let [rest, places] = [d, 0]
  for (; rest !== 1n; places++) {
    const factor = [10n, 5n, 2n].find((divisor) => rest % divisor === 0n)
    if (factor === undefined) return undefined
    rest /= factor
  }
  const digits = String((n * 10n ** BigInt(places)) / d).padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}
