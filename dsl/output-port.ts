/**
 * The outputs of a diagram, referred to by number or by name.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from './diagram.js'
import { problem, type Problem } from './problem.js'

/** An output of a diagram: its number, or a name that no other output has. */
export type OutputReference = number | string

/** How many known names a problem lists. */
const listed = 12

/**
 * The numbers of the outputs that are referred to. The names are those of the outputs' wires unless others are given.
 *
 * Errors: `unknown-name` for a name that no output has, or more than one; `out-of-range` for a number that no output has;
 * `invalid-value` if there is not one name for each output.
 *
 * @example
 * const [Rain, Wet] = [finite('Rain', 2), finite('Wet', 2)]
 * toUnion(outputPorts(id(Rain, Wet), ['Wet', 0])) // => [1, 0]
 */
export const outputPorts = (
  { outputs }: Diagram,
  references: readonly OutputReference[],
  names: readonly string[] = outputs.map(({ name }) => name),
): Either<Problem, readonly number[]> => {
  if (names.length !== outputs.length)
    return left(
      problem(
        'invalid-value',
        'names of outputs',
        `there are ${names.length}`,
        `give one for each of the ${outputs.length} outputs`,
      ),
    )
  const carriers = new Map<string, number[]>()
  names.forEach((name, port) => {
    const known = carriers.get(name)
    if (known === undefined) carriers.set(name, [port])
    else known.push(port)
  })
  const ports: number[] = []
  for (const reference of references) {
    const candidates = typeof reference === 'string' ? (carriers.get(reference) ?? []) : [reference]
    const [port] = candidates
    if (port === undefined)
      return left(
        problem('unknown-name', `output '${reference}'`, 'no output has this name', `the names are ${list(names)}`),
      )
    if (candidates.length > 1)
      return left(
        problem(
          'unknown-name',
          `output '${reference}'`,
          `the outputs ${list(candidates)} have this name`,
          'give the number of the output that is meant, or names that differ',
        ),
      )
    if (!Number.isInteger(port) || port < 0 || port >= outputs.length)
      return left(
        problem(
          'out-of-range',
          `output ${port}`,
          `the diagram has ${outputs.length} outputs`,
          outputs.length === 0 ? 'refer to none' : `give a whole number from 0 to ${outputs.length - 1}`,
        ),
      )
    ports.push(port)
  }
  return right(ports)
}

const list = (items: readonly (string | number)[]): string => {
  const shown = items.slice(0, listed).join(', ')
  return items.length > listed ? `${shown} and ${items.length - listed} more` : shown
}
