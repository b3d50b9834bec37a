/**
 * Bayesian networks over finite variables, as data: for each variable its values, its parents, and how it depends on them.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible, showSome } from '../../dsl/legible.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { elementTuple } from '../category/finite-element.js'
import { sizeOfObject } from '../category/finite-object.js'
import type { RationalText } from '../category/rational.js'
import { ancestralOrder } from './ancestral-order.js'
import { distributionOf } from './distribution.js'

export interface NetworkVariable {
  readonly name: string
  readonly values: readonly string[]
  /** The names of the variables that this one depends on directly. */
  readonly parents: readonly string[]
  /**
   * The probabilities of the values as they were written: one row for each combination of the parents' values, in row-major order
   * (the last parent runs fastest). A row is read as its numbers divided by their sum, which is one but for printed rounding.
   */
  readonly rows: readonly (readonly RationalText[])[]
}

export interface BayesianNetwork {
  readonly name: string
  /** In the order in which they were declared, which need not be that of the arrows. */
  readonly variables: readonly NetworkVariable[]
}

/** What of a variable a flaw is about, and which of several. */
export interface NetworkPlace {
  /** The number of the variable. */
  readonly variable: number
  readonly part: 'name' | 'value' | 'parent' | 'row' | 'rows'
  readonly index?: number
}

/** A problem of a network, before it is known how its place is called. */
export interface NetworkFlaw {
  readonly kind: Problem['kind']
  readonly place: NetworkPlace
  readonly what: string
  readonly remedy: string
}

/**
 * A Bayesian network from its variables.
 *
 * Errors: `invalid-value` for variables, values or parents that are named twice, a variable without values, a cycle, rows of the wrong
 * number or length, and rows that are no distribution: a number that is none, is negative or is above one, or a sum that differs from
 * one by more than a thousandth; `unknown-name` for a parent that is no variable.
 *
 * @example
 * const rain = { name: 'Rain', values: ['yes', 'no'], parents: [], rows: [['0.2', '0.8']] }
 * const grass = { name: 'Grass', values: ['wet', 'dry'], parents: ['Rain'], rows: [['0.9', '0.1'], ['0.1', '0.9']] }
 * isRight(bayesianNetwork('garden', [grass, rain])) // => true
 * isRight(bayesianNetwork('garden', [grass])) // => false
 */
export const bayesianNetwork = (
  name: string,
  variables: readonly NetworkVariable[],
): Either<Problem, BayesianNetwork> => {
  const flaw = flawOf(variables)
  if (flaw === undefined) return right({ name, variables })
  const { variable, part, index = 0 } = flaw.place
  const owner = `variable '${legible(variables[variable]!.name)}'`
  const where = part === 'name' || part === 'rows' ? owner : `${owner}, ${part} ${index}`
  return left(problem(flaw.kind, where, flaw.what, flaw.remedy))
}

/** The first thing that is wrong with the variables of a network. */
export const flawOf = (variables: readonly NetworkVariable[]): NetworkFlaw | undefined => {
  const numbers = new Map<string, number>()
  for (const [variable, { name, values }] of variables.entries()) {
    const flaw = (part: NetworkPlace['part'], index: number, what: string, remedy: string): NetworkFlaw =>
      invalid({ variable, part, index }, what, remedy)
    if (numbers.has(name))
      return flaw('name', 0, `there are two variables '${legible(name)}'`, 'give each variable a name of its own')
    numbers.set(name, variable)
    if (values.length === 0)
      return flaw('name', 0, `'${legible(name)}' has no values`, 'give a variable one value at least')
    const twice = firstRepeated(values)
    if (twice !== -1)
      return flaw(
        'value',
        twice,
        `the value '${legible(values[twice]!)}' is named twice`,
        'values of a variable differ',
      )
  }
  for (const [variable, { name, parents }] of variables.entries()) {
    const unknown = parents.findIndex((parent) => !numbers.has(parent))
    if (unknown !== -1)
      return {
        kind: 'unknown-name',
        place: { variable, part: 'parent', index: unknown },
        what: `'${legible(name)}' depends on '${legible(parents[unknown]!)}', which is no variable`,
        remedy: `the variables are ${showSome([...numbers.keys()], legible)}`,
      }
    const twice = firstRepeated(parents)
    if (twice !== -1)
      return invalid(
        { variable, part: 'parent', index: twice },
        `'${legible(name)}' has the parent '${legible(parents[twice]!)}' twice`,
        'name each parent once',
      )
  }
  const order = ancestralOrder(variables)
  if (isLeft(order)) {
    const circle = [...order.left, order.left[0]!].map((variable) => `'${legible(variables[variable]!.name)}'`)
    return invalid(
      { variable: order.left[0]!, part: 'name' },
      `the arrows run in a circle: ${showSome(circle, (name) => name, ' -> ')}`,
      'a variable must not depend on itself, directly or through others',
    )
  }
  for (let variable = 0; variable < variables.length; variable++) {
    const flaw = flawOfRows(variables, variable, (name) => numbers.get(name)!)
    if (flaw !== undefined) return flaw
  }
  return undefined
}

const flawOfRows = (
  variables: readonly NetworkVariable[],
  variable: number,
  numberOf: (name: string) => number,
): NetworkFlaw | undefined => {
  const { name, values, parents, rows } = variables[variable]!
  const owners = parents.map((parent) => variables[numberOf(parent)]!)
  const sizes = owners.map((owner) => owner.values.length)
  const height = sizeOfObject(sizes)
  if (rows.length !== height)
    return invalid(
      { variable, part: 'rows' },
      `'${legible(name)}' has ${rows.length} rows of probabilities`,
      `give one for each of the ${height} combinations of its parents' values`,
    )
  for (const [index, row] of rows.entries()) {
    const place: NetworkPlace = { variable, part: 'row', index }
    const given = elementTuple(sizes, index).map((value, parent) => owners[parent]!.values[value]!)
    const who = `the row of '${legible(name)}'${given.length === 0 ? '' : ` given (${showSome(given, legible)})`}`
    if (row.length !== values.length)
      return invalid(
        place,
        `${who} has ${row.length} probabilities`,
        `give one for each of the ${values.length} values`,
      )
    const distribution = distributionOf(row)
    if (isLeft(distribution)) return invalid(place, `${who} ${distribution.left.what}`, distribution.left.remedy)
  }
  return undefined
}

const invalid = (place: NetworkPlace, what: string, remedy: string): NetworkFlaw => ({
  kind: 'invalid-value',
  place,
  what,
  remedy,
})

const firstRepeated = (names: readonly string[]): number => {
  const seen = new Set<string>()
  return names.findIndex((name) => {
    if (seen.has(name)) return true
    seen.add(name)
    return false
  })
}
