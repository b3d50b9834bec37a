/**
 * From Bayesian networks to diagrams and the meanings of their boxes.
 *
 * A variable is a wire with its values as elements, and a box of the same name that reads its parents. The arrows of a network are all
 * in its diagram, the probabilities are all in the meanings.
 *
 * Source: T. Fritz and A. Klingler, "The d-separation criterion in categorical probability" (2023), on Bayesian networks as diagrams
 * in which every wire is an output.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { checkedBox, checkedFinite, checkedProgram } from '../../dsl/checked.js'
import type { Program, ProgramStep } from '../../dsl/diagram.js'
import { legible, showSome } from '../../dsl/legible.js'
import { normalForm } from '../../dsl/normal-form.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import { diagramOf } from '../../dsl/wiring.js'
import type { Rows } from '../category/fin-stoch.js'
import { type Rational, type RationalText, showRational, toNumber } from '../category/rational.js'
import type { Meanings } from '../interpret.js'
import { ancestralOrder } from './ancestral-order.js'
import { distributionOf } from './distribution.js'
import type { BayesianNetwork } from './network.js'

/**
 * The diagram of a network in pure bloom form: one box a variable, and every variable once as an output, in declared order.
 *
 * Throws for a record that `bayesianNetwork` refuses.
 *
 * @example
 * const rain = { name: 'Rain', values: ['yes', 'no'], parents: [], rows: [[0.2, 0.8]] }
 * const grass = { name: 'Grass', values: ['wet', 'dry'], parents: ['Rain'], rows: [[0.9, 0.1], [0.1, 0.9]] }
 * const garden = toUnion(bayesianNetwork('garden', [grass, rain]))
 * showWires(networkDiagram(garden).outputs) // => 'Grass ⊗ Rain'
 */
export const networkDiagram = (network: BayesianNetwork): Program =>
  programOf(
    network,
    network.variables.map((_, variable) => variable),
  )

/**
 * The diagram of the joint marginal of some variables, in the order in which they are named: only the boxes of these and of their
 * ancestors are in it.
 *
 * Errors: `unknown-name` for what is no variable.
 *
 * @example
 * const rain = { name: 'Rain', values: ['yes', 'no'], parents: [], rows: [[0.2, 0.8]] }
 * const grass = { name: 'Grass', values: ['wet', 'dry'], parents: ['Rain'], rows: [[0.9, 0.1], [0.1, 0.9]] }
 * const garden = toUnion(bayesianNetwork('garden', [grass, rain]))
 * toUnion(marginalDiagram(garden, ['Rain'])).steps.length // => 1
 */
export const marginalDiagram = (network: BayesianNetwork, names: readonly string[]): Either<Problem, Program> => {
  const variables: number[] = []
  for (const name of names) {
    const variable = variableNamed(network, name)
    if (isLeft(variable)) return variable
    variables.push(variable.right)
  }
  return right(diagramOf(normalForm(programOf(network, variables))))
}

/** The number of the variable of a name, or the problem `unknown-name`. */
export const variableNamed = ({ variables }: BayesianNetwork, name: string): Either<Problem, number> => {
  const variable = variables.findIndex((candidate) => candidate.name === name)
  return variable === -1
    ? left(
        problem(
          'unknown-name',
          `variable '${legible(name)}'`,
          'the network has no such variable',
          `its variables are ${showSome(variables, (candidate) => legible(candidate.name))}`,
        ),
      )
    : right(variable)
}

/** The boxes of a network in the order of its arrows, with some variables as outputs. */
const programOf = ({ name, variables }: BayesianNetwork, outputs: readonly number[]): Program => {
  const order = ancestralOrder(variables)
  if (isLeft(order)) throw new Error(`Bayesian network '${name}': the arrows run in a circle`)
  const wires = new Map(
    variables.map((variable) => [variable.name, valueOrThrow(checkedFinite(variable.name, variable.values))]),
  )
  const places = new Map(order.right.map((variable, place) => [variables[variable]!.name, place]))
  const steps = order.right.map((variable): ProgramStep => {
    const { name, parents } = variables[variable]!
    const inputs = parents.map((parent) => wires.get(parent)!)
    return {
      diagram: valueOrThrow(checkedBox(name, inputs, [wires.get(name)!])),
      reads: parents.map((parent) => places.get(parent)!),
    }
  })
  return valueOrThrow(
    checkedProgram(
      [],
      steps,
      outputs.map((variable) => places.get(variables[variable]!.name)!),
    ),
  )
}

/**
 * The meaning of each box of a network in FinStoch: rows of doubles, by the name of the variable. They are the exact probabilities, the
 * printed numbers divided by the sum of their row, as doubles.
 *
 * Throws for a record that `bayesianNetwork` refuses.
 */
export const networkMeanings = (network: BayesianNetwork): Meanings<Rows> => meanings(network, toNumber)

/**
 * The meaning of each box of a network in FinStochExact: rows of fractions that sum to one exactly, by the name of the variable.
 *
 * Throws for a record that `bayesianNetwork` refuses.
 *
 * @example
 * const die = { name: 'Die', values: ['low', 'middle', 'high'], parents: [], rows: [['0.333', '0.333', '0.333']] }
 * exactNetworkMeanings(toUnion(bayesianNetwork('die', [die]))) // => { Die: [['1/3', '1/3', '1/3']] }
 */
export const exactNetworkMeanings = (network: BayesianNetwork): Meanings<readonly (readonly RationalText[])[]> =>
  meanings(network, showRational)

const meanings = <A>(
  { variables }: BayesianNetwork,
  write: (probability: Rational) => A,
): Meanings<readonly (readonly A[])[]> =>
  Object.fromEntries(
    variables.map(({ name, rows }) => [
      name,
      rows.map((row) => {
        const distribution = distributionOf(row)
        if (isLeft(distribution)) throw new Error(`variable '${name}': a row ${distribution.left.what}`)
        return distribution.right.map(write)
      }),
    ]),
  )
