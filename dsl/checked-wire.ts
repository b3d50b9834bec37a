/**
 * Wires from names and numbers that are only known at run time: the rules of `finite`, `real` and `sequence`, with the failure as a
 * value.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { legible } from './legible.js'
import type { Finite, Real, Sequence } from './object.js'
import { problem, type Problem } from './problem.js'

/**
 * A finite set with named elements, or of a size.
 *
 * Problems: `invalid-value` for an element that is named twice, `out-of-range` for a size that is no count.
 *
 * @example
 * checkedFinite('Die', 6)._tag // => 'Right'
 * checkedFinite('Coin', ['heads', 'heads'])._tag // => 'Left'
 */
export const checkedFinite = <const Name extends string, const Elements extends readonly string[] | number>(
  name: Name,
  elements: Elements,
): Either<Problem, Finite<Name, Elements>> => {
  const wire: Finite<Name, Elements> = { kind: 'finite', name, elements }
  if (typeof elements === 'number') return counted(`finite('${legible(name)}', n)`, 'size', elements, wire)
  const twice = firstRepeated(elements)
  return twice === undefined
    ? right(wire)
    : left(
        problem(
          'invalid-value',
          `finite('${legible(name)}', [...])`,
          `an element is named twice, '${legible(twice)}'`,
          'elements of a set differ',
        ),
      )
}

/**
 * The real vector space of a dimension.
 *
 * Problems: `out-of-range` for a dimension that is no count.
 *
 * @example
 * checkedReal('Hidden', 2.5)._tag // => 'Left'
 */
export const checkedReal = <const Name extends string, const Dimension extends number>(
  name: Name,
  dimension: Dimension,
): Either<Problem, Real<Name, Dimension>> =>
  counted(`real('${legible(name)}', d)`, 'dimension', dimension, { kind: 'real', name, dimension })

/**
 * Sequences of a fixed length over a finite set.
 *
 * Problems: `out-of-range` for a length that is no count.
 *
 * @example
 * checkedSequence('Context', finite('Bit', 2), 3)._tag // => 'Right'
 */
export const checkedSequence = <const Name extends string, const Symbols extends Finite, const Length extends number>(
  name: Name,
  symbols: Symbols,
  length: Length,
): Either<Problem, Sequence<Name, Symbols, Length>> =>
  counted(`sequence('${legible(name)}', symbols, n)`, 'length', length, { kind: 'sequence', name, symbols, length })

/** The wire if a number in it is a count. */
const counted = <A>(where: string, what: string, count: number, wire: A): Either<Problem, A> => {
  const refused = (why: string, remedy: string): Either<Problem, A> =>
    left(problem('out-of-range', where, `the ${what} ${why}`, remedy))
  if (!Number.isInteger(count) || count < 0)
    return refused(`must be a whole number of at least 0, not ${count}`, 'give a count')
  // Beyond this, neighbouring whole numbers are the same number.
  if (!Number.isSafeInteger(count)) return refused(`${count} is too large`, `give at most ${Number.MAX_SAFE_INTEGER}`)
  return right(wire)
}

const firstRepeated = (names: readonly string[]): string | undefined => {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}
