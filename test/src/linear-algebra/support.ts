import fc from 'fast-check'

import { crossProduct, frobeniusNorm, identityMatrix, type Matrix, matrix } from '../../../src/linear-algebra/matrix.js'
import { standardNormals } from '../../../src/linear-algebra/standard-normal.js'

/** Matrices of a shape with independent standard normal entries. */
export const normalMatrix = (rows: number, columns: number, seed: number): Matrix => {
  const entries = new Float64Array(rows * columns)
  standardNormals(seed)(entries)
  return matrix(rows, columns, entries)
}

export const seeds = fc.integer({ min: 0, max: 0x7fffffff })

export const difference = (a: Matrix, b: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.entries.map((entry, index) => entry - b.entries[index]!),
  )

/** A diag(values). */
export const scaledColumns = (a: Matrix, values: Float64Array): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.entries.map((entry, index) => entry * values[index % a.columns]!),
  )

/** |A^T A - 1|. */
export const orthonormalityError = (a: Matrix): number =>
  frobeniusNorm(difference(crossProduct(a, a), identityMatrix(a.columns)))

export const descending = (values: Float64Array): boolean =>
  values.every((value, index) => index === 0 || value <= values[index - 1]!)
