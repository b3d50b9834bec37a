/**
 * What a user writes for a Gaussian map: nested arrays, over any kind of numbers.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'

/**
 * y = M x + s + N(0, C) by its parts. A shift or a covariance that is left out is zero; a matrix may be left out where there is no input
 * or no output.
 */
export interface AffineMeaning<Entry> {
  /** M, a row for each output coordinate. */
  readonly matrix?: readonly (readonly Entry[])[]
  /** s, the mean where the input is zero. */
  readonly shift?: readonly Entry[]
  /** C, the covariance of the noise: a row for each output coordinate. */
  readonly covariance?: readonly (readonly Entry[])[]
}

/** The same, row-major and complete. */
export interface FlatParts<Value> {
  readonly matrix: readonly Value[]
  readonly shift: readonly Value[]
  readonly covariance: readonly Value[]
}

const known = ['matrix', 'shift', 'covariance']

/** The parts of a meaning for `inputs` and `outputs` coordinates, each entry read by `readEntry`. */
export const readParts = <Entry, Value>(
  meaning: AffineMeaning<Entry>,
  inputs: number,
  outputs: number,
  where: string,
  zero: Value,
  readEntry: (entry: Entry, where: string) => Either<Problem, Value>,
): Either<Problem, FlatParts<Value>> => {
  const stranger = Object.keys(meaning).find((key) => !known.includes(key))
  if (stranger !== undefined)
    return left(
      problem('unknown-name', where, `it has a part '${stranger}'`, `give some of the parts ${known.join(', ')}`),
    )
  if (meaning.matrix === undefined && inputs > 0 && outputs > 0)
    return left(
      problem(
        'invalid-value',
        where,
        'it has no matrix',
        `give ${outputs} rows of ${inputs} numbers, zeros where an output does not depend on an input`,
      ),
    )
  const numbers = (
    rows: readonly (readonly Entry[])[] | undefined,
    height: number,
    width: number,
    part: string,
  ): Either<Problem, readonly Value[]> => {
    if (rows === undefined) return right(new Array<Value>(height * width).fill(zero))
    const wrongShape = (place: string, what: string): Either<Problem, readonly Value[]> =>
      left(problem('invalid-value', `${where}, ${place}`, what, `give ${height} rows of ${width} numbers`))
    if (rows.length !== height) return wrongShape(part, `it has ${rows.length} rows`)
    const values: Value[] = []
    for (const [i, row] of rows.entries()) {
      if (row.length !== width) return wrongShape(`${part}, row ${i}`, `it has ${row.length} numbers`)
      for (const [j, entry] of row.entries()) {
        const value = readEntry(entry, `${where}, ${part}, row ${i}, column ${j}`)
        if (isLeft(value)) return value
        values.push(value.right)
      }
    }
    return right(values)
  }
  const matrix = numbers(meaning.matrix, outputs, inputs, 'matrix')
  if (isLeft(matrix)) return matrix
  const shift =
    meaning.shift === undefined
      ? right(new Array<Value>(outputs).fill(zero))
      : readColumn(meaning.shift, outputs, `${where}, shift`, readEntry)
  if (isLeft(shift)) return shift
  const covariance = numbers(meaning.covariance, outputs, outputs, 'covariance')
  return isLeft(covariance)
    ? covariance
    : right({ matrix: matrix.right, shift: shift.right, covariance: covariance.right })
}

/** As many numbers as there are coordinates. */
export const readColumn = <Entry, Value>(
  entries: readonly Entry[],
  length: number,
  where: string,
  readEntry: (entry: Entry, where: string) => Either<Problem, Value>,
): Either<Problem, readonly Value[]> => {
  if (entries.length !== length)
    return left(problem('invalid-value', where, `it has ${entries.length} numbers`, `give ${length} numbers`))
  const values: Value[] = []
  for (const [place, entry] of entries.entries()) {
    const value = readEntry(entry, `${where}, coordinate ${place}`)
    if (isLeft(value)) return value
    values.push(value.right)
  }
  return right(values)
}

/** The problem of a covariance that is no covariance. */
export const noCovariance = (where: string, what: string): Problem =>
  problem('invalid-value', `${where}, covariance`, what, 'give a symmetric positive semidefinite matrix, as L L^T is')
