/**
 * The named ground-truth processes, and names with parameters such as `mess3(x=0.05,a=0.85)`.
 *
 * Source: the literature of computational mechanics; z1r, rrxor and mess3 as in Shai et al., "Transformers Represent Belief State
 * Geometry in their Residual Stream" (2024).
 */
import { chain, type Either, left, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { hiddenMarkovProcess, type HiddenMarkovProcess, type TransitionMatrices } from './hidden-markov.js'

/** A parameter from 0 to `most`. */
export interface ProcessParameter {
  readonly name: string
  readonly initial: number
  readonly most: number
}

/** A process for every value of its parameters. */
export interface ProcessFamily {
  readonly name: string
  /** What it is, in a phrase. */
  readonly summary: string
  readonly symbols: readonly string[]
  readonly parameters: readonly ProcessParameter[]
  /** T[w][i][j] at values in the order of the parameters. */
  readonly matrices: (values: readonly number[]) => TransitionMatrices
}

const binary = ['0', '1']
const zero = [0, 0, 0, 0, 0]

const mess3 = (x: number, a: number): TransitionMatrices => {
  const b = (1 - a) / 2
  const y = 1 - 2 * x
  // The state stays with probability y; the symbol names the state that is gone to with probability a.
  return [0, 1, 2].map((w) => [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? y : x) * (j === w ? a : b))))
}

const order2 = (ofOne: readonly number[]): TransitionMatrices =>
  // State 2 a + b after symbols a, b goes to 2 b + w on w.
  [0, 1].map((w) =>
    [0, 1, 2, 3].map((i) => {
      const one = ofOne[i]!
      return [0, 1, 2, 3].map((j) => (j === 2 * (i % 2) + w ? (w === 1 ? one : 1 - one) : 0))
    }),
  )

const cycle8 = (a: number): TransitionMatrices => {
  const nodes = [0, 1, 2, 3, 4, 5, 6, 7]
  const step = (i: number, j: number): number => {
    const distance = (j - i + 8) % 8
    return distance === 0 ? 1 - 2 * a : distance === 1 || distance === 7 ? a : 0
  }
  return nodes.map((w) => nodes.map((i) => nodes.map((j) => (j === w ? step(i, j) : 0))))
}

/** The processes that `parseProcess` knows. */
export const processFamilies: readonly ProcessFamily[] = [
  {
    name: 'golden-mean',
    summary: 'no two 1s in a row; order 1',
    symbols: binary,
    parameters: [],
    matrices: () => [
      [
        [0.5, 0],
        [1, 0],
      ],
      [
        [0, 0.5],
        [0, 0],
      ],
    ],
  },
  {
    name: 'even',
    summary: '1s come in runs of even length; of no finite order',
    symbols: binary,
    parameters: [],
    matrices: () => [
      [
        [0.5, 0],
        [0, 0],
      ],
      [
        [0, 0.5],
        [1, 0],
      ],
    ],
  },
  {
    name: 'z1r',
    summary: 'a 0, a 1, a fair coin, and again',
    symbols: binary,
    parameters: [],
    matrices: () => [
      [
        [0, 1, 0],
        [0, 0, 0],
        [0.5, 0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 1],
        [0.5, 0, 0],
      ],
    ],
  },
  {
    name: 'rrxor',
    summary: 'two fair coins and their exclusive or, and again',
    symbols: binary,
    parameters: [],
    // States S, 0, 1, T, F.
    matrices: () => [
      [[0, 0.5, 0, 0, 0], [0, 0, 0, 0, 0.5], [0, 0, 0, 0.5, 0], zero, [1, 0, 0, 0, 0]],
      [[0, 0, 0.5, 0, 0], [0, 0, 0, 0.5, 0], [0, 0, 0, 0, 0.5], [1, 0, 0, 0, 0], zero],
    ],
  },
  {
    name: 'mess3',
    summary: 'three hidden states seen through noise; of no finite order',
    symbols: ['A', 'B', 'C'],
    parameters: [
      { name: 'x', initial: 0.05, most: 0.5 },
      { name: 'a', initial: 0.85, most: 1 },
    ],
    matrices: ([x, a]) => mess3(x!, a!),
  },
  {
    name: 'order-2',
    summary: 'the chain with P(1 | a, b) = q_ab for the last two symbols a, b',
    symbols: binary,
    parameters: [
      { name: 'q00', initial: 0.9, most: 1 },
      { name: 'q01', initial: 0.2, most: 1 },
      { name: 'q10', initial: 0.6, most: 1 },
      { name: 'q11', initial: 0.1, most: 1 },
    ],
    matrices: order2,
  },
  {
    name: 'cycle8',
    summary: 'the lazy walk on a cycle of eight, a step to either side with probability a; order 1',
    symbols: ['0', '1', '2', '3', '4', '5', '6', '7'],
    parameters: [{ name: 'a', initial: 0.2, most: 0.5 }],
    matrices: ([a]) => cycle8(a!),
  },
]

const signature = ({ name, parameters }: ProcessFamily): string =>
  parameters.length === 0 ? name : `${name}(${parameters.map((each) => `${each.name}=${each.initial}`).join(',')})`

/** The names that exist, each with its parameters and their defaults. */
export const processSignatures: readonly string[] = processFamilies.map(signature)

const readAssignments = (text: string, where: string): Either<Problem, ReadonlyMap<string, number>> => {
  const assignments = new Map<string, number>()
  for (const part of text.trim() === '' ? [] : text.split(',')) {
    const [name = '', value = '', ...more] = part.split('=').map((side) => side.trim())
    const number = value === '' ? NaN : Number(value)
    if (more.length > 0 || name === '' || !Number.isFinite(number))
      return left(problem('malformed', where, `'${part.trim()}' sets no parameter`, 'write name=number'))
    if (assignments.has(name))
      return left(problem('malformed', where, `${name} is set twice`, 'set every parameter at most once'))
    assignments.set(name, number)
  }
  return right(assignments)
}

const valuesOf = (
  family: ProcessFamily,
  assignments: ReadonlyMap<string, number>,
  where: string,
): Either<Problem, readonly number[]> => {
  const unknown = [...assignments.keys()].find((name) => !family.parameters.some((each) => each.name === name))
  if (unknown !== undefined)
    return left(
      problem(
        'unknown-name',
        where,
        `${family.name} has no parameter '${unknown}'`,
        family.parameters.length === 0 ? `write ${family.name}` : `it is ${signature(family)}`,
      ),
    )
  const values = family.parameters.map(({ name, initial }) => assignments.get(name) ?? initial)
  const outside = family.parameters.findIndex(({ most }, index) => !(values[index]! >= 0 && values[index]! <= most))
  const parameter = family.parameters[outside]
  return parameter === undefined
    ? right(values)
    : left(
        problem(
          'out-of-range',
          where,
          `${parameter.name}=${values[outside]} is outside the process's range`,
          `give a number from 0 to ${parameter.most}`,
        ),
      )
}

/**
 * A process from its name, with parameters in brackets where it has some: `z1r`, `mess3`, `mess3(x=0.05,a=0.85)`.
 *
 * The result is named in full, so that its name gives it again. Errors list what exists: an unknown process, an unknown parameter, a
 * value out of range, values for which the stationary law is not unique.
 *
 * @example
 * const parsed = parseProcess('mess3(a=0.6)')
 * parsed._tag === 'Right' && parsed.right.name // => 'mess3(x=0.05,a=0.6)'
 */
export const parseProcess = (text: string): Either<Problem, HiddenMarkovProcess> => {
  const where = `process '${text}'`
  const [, name, bracketed = ''] = /^\s*([\w-]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? []
  if (name === undefined)
    return left(
      problem('malformed', where, 'this is no name of a process', `write one of ${processSignatures.join(', ')}`),
    )
  const family = processFamilies.find((each) => each.name === name)
  if (family === undefined)
    return left(
      problem('unknown-name', where, 'no process has this name', `write one of ${processSignatures.join(', ')}`),
    )
  return pipe(
    readAssignments(bracketed, where),
    chain((assignments) => valuesOf(family, assignments, where)),
    chain((values) =>
      hiddenMarkovProcess(
        signature({
          ...family,
          parameters: family.parameters.map((each, index) => ({ ...each, initial: values[index]! })),
        }),
        family.symbols,
        family.matrices(values),
      ),
    ),
  )
}
