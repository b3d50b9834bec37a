/**
 * All the conditional independences between two outputs that a small diagram implies.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { connection, wireGraph } from './connection.js'
import type { Diagram } from './diagram.js'
import { normalForm } from './normal-form.js'
import { problem, type Problem } from './problem.js'

/** Output x is independent of output y given the outputs Z, by their numbers: x < y, and Z in ascending order without either. */
export interface Independence {
  readonly x: number
  readonly y: number
  readonly given: readonly number[]
}

export interface IndependenceOptions {
  /** The largest number of outputs that are given; all others if left out. */
  readonly largestCondition?: number
}

/** The largest number of questions times the wires and boxes of the normal form: 14 outputs of 14 boxes, with every condition, do. */
export const largestIndependenceSearch = 2 ** 24

/**
 * The independences x ⊥ y | Z of single outputs that the diagram implies by `separated`: ordered by x, by y, by the size of Z, and
 * lexicographically.
 *
 * Errors: `out-of-range` if the largest condition is no whole number of at least 0, or if the questions times the wires and boxes
 * exceed `largestIndependenceSearch`.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * toUnion(impliedIndependences(bloom(seq(f, f)).diagram)) // => [{ x: 0, y: 2, given: [1] }]
 */
export const impliedIndependences = (
  diagram: Diagram,
  { largestCondition = Infinity }: IndependenceOptions = {},
): Either<Problem, readonly Independence[]> => {
  const form = normalForm(diagram)
  const count = form.outputs.length
  if (!(largestCondition >= 0 && (Number.isInteger(largestCondition) || largestCondition === Infinity)))
    return left(
      problem(
        'out-of-range',
        'largestCondition',
        `it is ${largestCondition}`,
        'give a whole number of at least 0, or none',
      ),
    )
  const largest = Math.min(largestCondition, Math.max(0, count - 2))
  const fits = checkWork(count, largest, form.wires.length + form.boxes.length)
  if (isLeft(fits)) return fits

  const graph = wireGraph(form)
  const wireOf = (port: number): number => form.outputs[port]!
  const found: Independence[] = []
  for (let x = 0; x < count; x++)
    for (let y = x + 1; y < count; y++) {
      const others = form.outputs.map((_, port) => port).filter((port) => port !== x && port !== y)
      for (let size = 0; size <= largest; size++)
        for (const given of subsets(others, size)) {
          const question = { x: [wireOf(x)], y: [wireOf(y)], given: given.map(wireOf) }
          if (connection(graph, question) === undefined) found.push({ x, y, given })
        }
    }
  return right(found)
}

/**
 * An independence as text, with names for the outputs.
 *
 * @example
 * showIndependence({ x: 0, y: 2, given: [1] }, ['Cause', 'Mediator', 'Effect']) // => 'Cause ⊥ Effect | Mediator'
 */
export const showIndependence = ({ x, y, given }: Independence, names: readonly string[]): string => {
  const name = (port: number): string => names[port] ?? `output ${port}`
  const condition = given.length === 0 ? '' : ` | ${given.map(name).join(', ')}`
  return `${name(x)} ⊥ ${name(y)}${condition}`
}

const checkWork = (count: number, largest: number, size: number): Either<Problem, void> => {
  const pairs = (count * (count - 1)) / 2
  let conditions = 0
  let binomial = 1
  for (let chosen = 0; chosen <= largest; chosen++) {
    conditions += binomial
    binomial = (binomial * (count - 2 - chosen)) / (chosen + 1)
  }
  const work = pairs * conditions * size
  if (work <= largestIndependenceSearch) return right(undefined)
  return left(
    problem(
      'out-of-range',
      'impliedIndependences',
      `${pairs} pairs of outputs with up to ${largest} given, in a diagram of ${size} wires and boxes, are more than ${largestIndependenceSearch} steps`,
      'give a smaller largestCondition, or ask about fewer outputs',
    ),
  )
}

/** The subsets of a size, each in the order of the items, in lexicographic order. */
const subsets = function* <A>(items: readonly A[], size: number): Generator<readonly A[]> {
  const places = Array.from({ length: size }, (_, place) => place)
  if (size > items.length) return
  for (;;) {
    yield places.map((place) => items[place]!)
    // The last place that can move on does, and those after it follow closely.
    let moving = size - 1
    while (moving >= 0 && places[moving] === items.length - size + moving) moving -= 1
    if (moving < 0) return
    places[moving]! += 1
    for (let after = moving + 1; after < size; after++) places[after] = places[after - 1]! + 1
  }
}
