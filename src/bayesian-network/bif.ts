/**
 * Bayesian networks in the interchange format (BIF).
 *
 * Source: F. G. Cozman, "The Interchange Format for Bayesian Networks" (1998).
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible, showSome } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { elementNumber, elementTuple } from '../category/finite-element.js'
import { sizeOfObject } from '../category/finite-object.js'
import {
  type BifDocument,
  type Located,
  type ProbabilityBlock,
  readBlocks,
  type VariableBlock,
} from './bif-document.js'
import { lineAndColumn, malformed } from './bif-scanner.js'
import { type BayesianNetwork, flawOf, type NetworkPlace, type NetworkVariable } from './network.js'

/** Tables of more probabilities than this are refused: a default row can stand for any number of them. */
const largestTable = 2 ** 22

/**
 * The Bayesian network that a text in the interchange format describes; its numbers are kept as they are written.
 *
 * A table lists the probabilities of the first value for all combinations of the parents' values, then those of the second value, and
 * so on; of the parents the last runs fastest. Where rows are left out, the default row stands for them. Properties are skipped, and
 * nothing but blocks and comments may stand in the text.
 *
 * Errors, each at a line and a column counted from 1: `empty-input`; `malformed` for what is not in the format, two probability
 * blocks of a variable, or none; `unknown-name`; `unsupported` for variables that are not discrete and tables of more than four
 * million numbers; `invalid-value` for what `bayesianNetwork` refuses.
 *
 * @example
 * const text = `network garden { }
 * variable Rain { type discrete [ 2 ] { yes, no }; }
 * variable Grass { type discrete [ 2 ] { wet, dry }; }
 * probability ( Rain ) { table 0.2, 0.8; }
 * probability ( Grass | Rain ) { (yes) 0.9, 0.1; (no) 0.1, 0.9; }`
 * toUnion(parseBif(text)).variables[1].rows // => [['0.9', '0.1'], ['0.1', '0.9']]
 * toUnion(parseBif('network garden {')).where // => 'line 1, column 17'
 */
export const parseBif = (text: string): Either<Problem, BayesianNetwork> => {
  if (text.trim() === '')
    return left(problem('empty-input', lineAndColumn(text, 0), 'the text is empty', "begin with 'network NAME { }'"))
  const document = readBlocks(text)
  return isLeft(document) ? document : networkOf(text, document.right)
}

/** A variable, and where its rows were written. */
interface PlacedVariable {
  readonly variable: NetworkVariable
  readonly block: ProbabilityBlock
  readonly rowPlaces: readonly number[]
}

const networkOf = (text: string, { name, variables, probabilities }: BifDocument): Either<Problem, BayesianNetwork> => {
  const declared = new Map<string, VariableBlock>()
  for (const block of variables) if (!declared.has(block.name.text)) declared.set(block.name.text, block)
  const blocks = new Map<string, ProbabilityBlock>()
  for (const block of probabilities) {
    for (const known of [block.name, ...block.parents])
      if (!declared.has(known.text)) return left(unknownName(text, known, 'variable', [...declared.keys()]))
    const { text: owner, at } = block.name
    if (blocks.has(owner))
      return left(malformed(text, at, `'${legible(owner)}' has a second probability block`, 'give each variable one'))
    blocks.set(owner, block)
  }

  const placed: PlacedVariable[] = []
  for (const { name: owner, values } of variables) {
    const block = blocks.get(owner.text)
    if (block === undefined)
      return left(
        malformed(
          text,
          owner.at,
          `'${legible(owner.text)}' has no probability block`,
          `write 'probability ( ${legible(owner.text)} ) { ... }'`,
        ),
      )
    const parents = block.parents.map((parent) => declared.get(parent.text)!)
    const table = tableOf(text, block, values.length, parents)
    if (isLeft(table)) return table
    const { rows, places } = table.right
    placed.push({
      variable: {
        name: owner.text,
        values: values.map((value) => value.text),
        parents: block.parents.map((parent) => parent.text),
        rows,
      },
      block,
      rowPlaces: places,
    })
  }

  const network = { name, variables: placed.map(({ variable }) => variable) }
  const flaw = flawOf(network.variables)
  if (flaw === undefined) return right(network)
  const at = offsetOf(variables, placed, flaw.place)
  return left(problem(flaw.kind, lineAndColumn(text, at), flaw.what, flaw.remedy))
}

/** Where the text says what is wrong. */
const offsetOf = (
  variables: readonly VariableBlock[],
  placed: readonly PlacedVariable[],
  { variable, part, index = 0 }: NetworkPlace,
): number => {
  const { name, values } = variables[variable]!
  const { block, rowPlaces } = placed[variable]!
  switch (part) {
    case 'name':
      return name.at
    case 'value':
      return values[index]!.at
    case 'parent':
      return block.parents[index]!.at
    case 'row':
      return rowPlaces[index]!
    case 'rows':
      return block.name.at
  }
}

interface PlacedTable {
  readonly rows: readonly (readonly string[])[]
  /** Where each row was written. */
  readonly places: readonly number[]
}

/** The rows of a block, one for each combination of the parents' values. */
const tableOf = (
  text: string,
  { name, entries }: ProbabilityBlock,
  width: number,
  parents: readonly VariableBlock[],
): Either<Problem, PlacedTable> => {
  const wrong = (at: number, what: string, remedy: string): Either<Problem, never> =>
    left(malformed(text, at, what, remedy))
  const sizes = parents.map(({ values }) => values.length)
  const height = sizeOfObject(sizes)
  if (height * width > largestTable)
    return left(
      problem(
        'unsupported',
        lineAndColumn(text, name.at),
        `the table of '${legible(name.text)}' has ${height * width} probabilities`,
        `at most ${largestTable} are read; give it fewer parents`,
      ),
    )

  const [first, second] = entries
  const table = entries.find(({ kind }) => kind === 'table')
  if (table !== undefined) {
    if (first !== undefined && second !== undefined)
      return wrong(second.at, 'there is more than one table', 'give one table, or rows without a table')
    const numbers = table.numbers.map((number) => number.text)
    if (numbers.length !== height * width)
      return wrong(table.at, `the table has ${numbers.length} probabilities`, `give ${height} x ${width}`)
    return right({
      rows: Array.from({ length: height }, (_, row) =>
        Array.from({ length: width }, (_, value) => numbers[value * height + row]!),
      ),
      places: Array.from({ length: height }, () => table.at),
    })
  }

  const written = new Array<readonly string[] | undefined>(height).fill(undefined)
  const places = new Array<number>(height).fill(name.at)
  let others: { readonly row: readonly string[]; readonly at: number } | undefined
  for (const { kind, at, given, numbers } of entries) {
    const row = numbers.map((number) => number.text)
    if (kind === 'default') {
      if (others !== undefined) return wrong(at, 'there is a second default row', 'give one')
      others = { row, at }
      continue
    }
    if (given.length !== parents.length)
      return wrong(at, `the row names ${given.length} values`, `name one for each of the ${parents.length} parents`)
    const elements: number[] = []
    for (const [parent, value] of given.entries()) {
      const { name: owner, values } = parents[parent]!
      const element = values.findIndex((candidate) => candidate.text === value.text)
      if (element === -1)
        return left(
          unknownName(
            text,
            value,
            `value of '${legible(owner.text)}'`,
            values.map((known) => known.text),
          ),
        )
      elements.push(element)
    }
    const number = elementNumber(sizes, elements)
    if (written[number] !== undefined)
      return wrong(at, 'these values have a row already', 'give each combination one row')
    written[number] = row
    places[number] = at
  }
  const rows: (readonly string[])[] = []
  for (const [number, row] of written.entries()) {
    const found = row ?? others?.row
    if (found === undefined) {
      const missing = elementTuple(sizes, number).map((value, parent) => parents[parent]!.values[value]!.text)
      const which = missing.length === 0 ? 'are no probabilities' : `is no row for (${showSome(missing, legible)})`
      return wrong(name.at, `there ${which} of '${legible(name.text)}'`, 'give a row for it, or a default row')
    }
    if (row === undefined) places[number] = others!.at
    rows.push(found)
  }
  return right({ rows, places })
}

const unknownName = (text: string, { text: name, at }: Located, what: string, known: readonly string[]): Problem =>
  problem(
    'unknown-name',
    lineAndColumn(text, at),
    `'${legible(name)}' is no ${what}`,
    known.length === 0 ? 'there are none' : `use one of ${showSome(known, legible)}`,
  )
