/**
 * Matrices of rational numbers.
 */
import { one, type Rational, ratio, zero } from '../rational.js'
import type { MatrixAlgebra } from './affine.js'

/** rows x columns, row-major. */
export interface ExactMatrix {
  readonly rows: number
  readonly columns: number
  readonly entries: readonly Rational[]
}

export const isZero = (value: Rational): boolean => value.n === 0n

/** A matrix by its entries. */
const filled = (rows: number, columns: number, entry: (row: number, column: number) => Rational): ExactMatrix => ({
  rows,
  columns,
  entries: Array.from({ length: rows * columns }, (_, place) => entry(Math.floor(place / columns), place % columns)),
})

const product = (a: ExactMatrix, b: ExactMatrix): ExactMatrix => {
  if (a.columns !== b.rows) throw new Error(`matrix product: ${a.rows} x ${a.columns} meets ${b.rows} x ${b.columns}`)
  const entries = new Array<Rational>(a.rows * b.columns).fill(zero)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.entries[i * a.columns + k]!
      if (isZero(factor)) continue
      for (let j = 0; j < b.columns; j++) {
        const term = b.entries[k * b.columns + j]!
        if (!isZero(term)) entries[i * b.columns + j] = entries[i * b.columns + j]!.add(factor.mul(term))
      }
    }
  return { rows: a.rows, columns: b.columns, entries }
}

const transpose = (a: ExactMatrix): ExactMatrix => filled(a.columns, a.rows, (i, j) => a.entries[j * a.columns + i]!)

const congruence = (a: ExactMatrix, c: ExactMatrix): ExactMatrix => product(product(a, c), transpose(a))

/** Two matrices corner to corner, zeros beside them. */
const cornered = (a: ExactMatrix, b: ExactMatrix, top: number): ExactMatrix =>
  filled(top + b.rows, a.columns + b.columns, (i, j) => {
    if (j < a.columns) return i < a.rows ? a.entries[i * a.columns + j]! : zero
    return i >= top ? b.entries[(i - top) * b.columns + j - a.columns]! : zero
  })

/** Matrices of rational numbers. */
export const exactAlgebra: MatrixAlgebra<ExactMatrix> = {
  whole: (rows, columns, entry) =>
    filled(rows, columns, (i, j) => {
      const value = entry(i, j)
      return value === 0 ? zero : value === 1 ? one : ratio(BigInt(value))
    }),
  sum: (a, b) => ({ ...a, entries: a.entries.map((entry, place) => entry.add(b.entries[place]!)) }),
  negative: (a) => ({ ...a, entries: a.entries.map((entry) => (isZero(entry) ? zero : entry.neg())) }),
  product,
  congruence,
  directSum: (a, b) => cornered(a, b, a.rows),
  beside: (a, b) => cornered(a, b, 0),
  select: (a, rows, columns) =>
    filled(rows.length, columns.length, (i, j) => a.entries[rows[i]! * a.columns + columns[j]!]!),
  residualCovariance: congruence,
}
