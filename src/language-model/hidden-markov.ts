/**
 * Hidden Markov processes: a finite hidden state that emits a symbol and moves, at its stationary distribution.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'

/** A stationary process on V symbols with S hidden states. */
export interface HiddenMarkovProcess {
  readonly name: string
  readonly symbols: readonly string[]
  readonly states: number
  /** V x S x S, row-major: T[w][i][j] = P(emit w, go to j | state i). */
  readonly transitions: Float64Array
  /** S: the one stationary distribution of the hidden state. */
  readonly stationary: Float64Array
}

/** T[w][i][j] as nested lists. */
export type TransitionMatrices = readonly (readonly (readonly number[])[])[]

const rowTolerance = 1e-12

/** reach[i * S + j]: a path of positive probability leads from i to j; a state reaches itself. */
const reachability = (chain: Float64Array, states: number): boolean[] => {
  const reach = Array.from(chain, (probability, index) => probability > 0 || index % (states + 1) === 0)
  for (let via = 0; via < states; via++)
    for (let i = 0; i < states; i++)
      if (reach[i * states + via]) for (let j = 0; j < states; j++) reach[i * states + j] ||= reach[via * states + j]!
  return reach
}

/** The states to which everything they reach can return, one list for each class. */
const recurrentClasses = (chain: Float64Array, states: number): readonly (readonly number[])[] => {
  const reach = reachability(chain, states)
  const all = Array.from({ length: states }, (_, state) => state)
  const classOf = (i: number): readonly number[] => all.filter((j) => reach[i * states + j])
  return all
    .filter((i) => classOf(i).every((j) => reach[j * states + i]))
    .map(classOf)
    .filter((members, index, classes) => classes.findIndex((other) => other[0] === members[0]) === index)
}

/**
 * The stationary distribution of an irreducible chain by state reduction: no subtraction, so every entry has full relative accuracy.
 *
 * Source: Grassmann, Taksar and Heyman, "Regenerative analysis and steady state distributions for Markov chains" (1985).
 */
const stationaryOf = (matrix: Float64Array, states: number): Float64Array => {
  const a = matrix.slice()
  for (let last = states - 1; last > 0; last--) {
    let leave = 0
    for (let j = 0; j < last; j++) leave += a[last * states + j]!
    for (let i = 0; i < last; i++) {
      const share = (a[i * states + last]! /= leave)
      for (let j = 0; j < last; j++) a[i * states + j]! += share * a[last * states + j]!
    }
  }
  const result = new Float64Array(states)
  result[0] = 1
  let total = 1
  for (let j = 1; j < states; j++) {
    for (let i = 0; i < j; i++) result[j]! += result[i]! * a[i * states + j]!
    total += result[j]!
  }
  return result.map((mass) => mass / total)
}

/**
 * A process from its matrices T[w][i][j] = P(emit w, go to j | state i).
 *
 * Errors: matrices of the wrong shape; a number that is no probability; a state whose row does not sum to one; hidden states that fall
 * into several classes that never meet, so that the stationary law is not unique.
 */
export const hiddenMarkovProcess = (
  name: string,
  symbols: readonly string[],
  matrices: TransitionMatrices,
): Either<Problem, HiddenMarkovProcess> => {
  const states = matrices[0]?.length ?? 0
  const square = matrices.every((rows) => rows.length === states && rows.every((row) => row.length === states))
  if (matrices.length !== symbols.length || states === 0 || !square)
    return left(
      problem('invalid-value', name, 'the matrices have other shapes', 'give one square matrix for each symbol'),
    )
  const transitions = Float64Array.from(matrices.flat(2))
  if (!transitions.every((probability) => probability >= 0 && probability <= 1))
    return left(problem('invalid-value', name, 'an entry is no probability', 'give numbers from 0 to 1'))
  const chain = new Float64Array(states * states)
  transitions.forEach((probability, index) => {
    chain[index % chain.length]! += probability
  })
  for (let state = 0; state < states; state++) {
    const sum = chain.subarray(state * states, (state + 1) * states).reduce((total, entry) => total + entry, 0)
    if (!(Math.abs(sum - 1) <= rowTolerance))
      return left(
        problem(
          'invalid-value',
          `${name}, state ${state}`,
          `its probabilities sum to ${sum}`,
          'make them sum to one over symbols and next states',
        ),
      )
  }
  const classes = recurrentClasses(chain, states)
  const members = classes[0]!
  if (classes.length > 1)
    return left(
      problem(
        'invalid-value',
        name,
        `its hidden states fall into ${classes.length} classes that never meet, so it has many stationary laws`,
        'choose parameters for which every state can be reached',
      ),
    )
  const within = Float64Array.from(members.flatMap((i) => members.map((j) => chain[i * states + j]!)))
  const stationary = new Float64Array(states)
  stationaryOf(within, members.length).forEach((mass, index) => {
    stationary[members[index]!] = mass
  })
  return right({ name, symbols, states, transitions, stationary })
}
