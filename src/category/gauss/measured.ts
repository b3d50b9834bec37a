/**
 * Float matrices that know how large the numbers were that they were computed from.
 *
 * The magnitude of an entry is the root of the sum of the squares of the terms that went into it, and never less than the entry. It is
 * proportional to the standard deviation of the entry's rounding error where roundings are independent, so a difference of two entries
 * is judged against it: a 1e-17 that remains of 1 - 1 has magnitude 1 and is a zero, a 1e-17 that was written down is not. Magnitudes
 * change with units as the entries do. A sum of absolute values would bound the error, but grows without need along a chain of rotations.
 *
 * Source: N. Higham and T. Mary, "A new approach to probabilistic rounding error analysis" (2019).
 */
import type { MatrixAlgebra } from './affine.js'

/** rows x columns, row-major: the entries and the magnitude of each. */
export interface Measured {
  readonly rows: number
  readonly columns: number
  readonly entries: Float64Array
  readonly magnitude: Float64Array
}

/** Entries as they were given: the magnitude of each is its own. */
export const given = (rows: number, columns: number, entries: Float64Array): Measured => ({
  rows,
  columns,
  entries,
  magnitude: entries.map(Math.abs),
})

/** No magnitude is less than its entry. */
const atLeastEntries = (entries: Float64Array, magnitude: Float64Array): Float64Array =>
  magnitude.map((size, index) => Math.max(size, Math.abs(entries[index]!)))

/** The roots of the sums over k of the squares of a_ik b_kj, without overflow or underflow on the way. */
export const rootSquareProduct = (
  rows: number,
  inner: number,
  columns: number,
  a: Float64Array,
  b: Float64Array,
): Float64Array => {
  const result = new Float64Array(rows * columns)
  const largest = new Float64Array(columns)
  const sums = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    largest.fill(0)
    sums.fill(0)
    for (let k = 0; k < inner; k++) {
      const factor = Math.abs(a[i * inner + k]!)
      if (factor !== 0)
        for (let j = 0; j < columns; j++) largest[j] = Math.max(largest[j]!, factor * Math.abs(b[k * columns + j]!))
    }
    for (let k = 0; k < inner; k++) {
      const factor = Math.abs(a[i * inner + k]!)
      if (factor === 0) continue
      for (let j = 0; j < columns; j++) {
        const term = factor * b[k * columns + j]!
        if (term !== 0) sums[j]! += (term / largest[j]!) ** 2
      }
    }
    for (let j = 0; j < columns; j++) result[i * columns + j] = largest[j]! * Math.sqrt(sums[j]!)
  }
  return result
}

const sum = (a: Measured, b: Measured): Measured => {
  const entries = a.entries.map((entry, index) => entry + b.entries[index]!)
  const magnitude = a.magnitude.map((size, index) => Math.hypot(size, b.magnitude[index]!))
  return { rows: a.rows, columns: a.columns, entries, magnitude: atLeastEntries(entries, magnitude) }
}

const product = (a: Measured, b: Measured): Measured => {
  if (a.columns !== b.rows) throw new Error(`matrix product: ${a.rows} x ${a.columns} meets ${b.rows} x ${b.columns}`)
  const entries = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.entries[i * a.columns + k]!
      if (factor === 0) continue
      for (let j = 0; j < b.columns; j++) entries[i * b.columns + j]! += factor * b.entries[k * b.columns + j]!
    }
  const magnitude = rootSquareProduct(a.rows, a.columns, b.columns, a.magnitude, b.magnitude)
  return { rows: a.rows, columns: b.columns, entries, magnitude: atLeastEntries(entries, magnitude) }
}

const transposed = (rows: number, columns: number, entries: Float64Array): Float64Array => {
  const result = new Float64Array(entries.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = entries[i * columns + j]!
  return result
}

const congruence = (a: Measured, c: Measured): Measured => {
  const turned: Measured = {
    rows: a.columns,
    columns: a.rows,
    entries: transposed(a.rows, a.columns, a.entries),
    magnitude: transposed(a.rows, a.columns, a.magnitude),
  }
  const { rows: n, entries, magnitude } = product(product(a, c), turned)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      entries[i * n + j] = entries[j * n + i]!
      magnitude[i * n + j] = magnitude[j * n + i]!
    }
  return { rows: n, columns: n, entries, magnitude }
}

/** The matrix whose parts are made, entries and magnitude alike, from those of two matrices. */
const arranged = (
  rows: number,
  columns: number,
  place: (target: Float64Array, part: 'entries' | 'magnitude') => void,
): Measured => {
  const result: Measured = {
    rows,
    columns,
    entries: new Float64Array(rows * columns),
    magnitude: new Float64Array(rows * columns),
  }
  place(result.entries, 'entries')
  place(result.magnitude, 'magnitude')
  return result
}

const setBlock = (
  target: Float64Array,
  width: number,
  top: number,
  start: number,
  source: Float64Array,
  a: Measured,
) => {
  for (let i = 0; i < a.rows; i++)
    target.set(source.subarray(i * a.columns, (i + 1) * a.columns), (top + i) * width + start)
}

/** Matrices of doubles with magnitudes. */
export const measuredAlgebra: MatrixAlgebra<Measured> = {
  whole: (rows, columns, entry) => {
    const entries = new Float64Array(rows * columns)
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) entries[i * columns + j] = entry(i, j)
    return given(rows, columns, entries)
  },
  sum,
  negative: (a) => ({ ...a, entries: a.entries.map((entry) => 0 - entry) }),
  product,
  congruence,
  directSum: (a, b) => {
    const width = a.columns + b.columns
    return arranged(a.rows + b.rows, width, (target, part) => {
      setBlock(target, width, 0, 0, a[part], a)
      setBlock(target, width, a.rows, a.columns, b[part], b)
    })
  },
  beside: (a, b) => {
    const width = a.columns + b.columns
    return arranged(a.rows, width, (target, part) => {
      setBlock(target, width, 0, 0, a[part], a)
      setBlock(target, width, 0, a.columns, b[part], b)
    })
  },
  select: (a, rows, columns) =>
    arranged(rows.length, columns.length, (target, part) => {
      rows.forEach((row, i) => {
        columns.forEach((column, j) => (target[i * columns.length + j] = a[part][row * a.columns + column]!))
      })
    }),
  residualCovariance: (residual, c) => {
    const result = congruence(given(residual.rows, residual.columns, residual.entries), c)
    // A cancellation that leaves nothing may leave a rounding error of either sign.
    for (let place = 0; place < result.entries.length; place += result.rows + 1)
      result.entries[place] = Math.max(0, result.entries[place]!)
    return result
  },
}
