/** Entries of a document by number: a number names an entry before the one that it stands in. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../problem.js'

/** The entries with these numbers, each of which stands in `[]` of the field. */
export const lookUpAll = <A>(
  field: string,
  what: 'wire' | 'node',
  entries: readonly A[],
  numbers: readonly number[],
): Either<Problem, readonly A[]> => {
  const found: A[] = []
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!
    const entry = entries[number]
    if (entry === undefined) return absent(field.replace('[]', `[${at}]`), what, entries, number)
    found.push(entry)
  }
  return right(found)
}

/** The entry with a number. */
export const lookUp = <A>(
  field: string,
  what: 'wire' | 'node',
  entries: readonly A[],
  number: number,
): Either<Problem, A> => {
  const entry = entries[number]
  return entry === undefined ? absent(field, what, entries, number) : right(entry)
}

const absent = (
  field: string,
  what: 'wire' | 'node',
  { length }: readonly unknown[],
  number: number,
): Either<Problem, never> =>
  left(
    problem(
      'malformed',
      field,
      `there is no ${what} ${number} before this`,
      length === 0 ? `there are no ${what}s to name here` : `name ${what}s from 0 to ${length - 1} here`,
    ),
  )
