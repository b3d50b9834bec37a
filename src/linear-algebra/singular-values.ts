/**
 * The thin singular value decomposition, accurate for small singular values too, and orthonormal bases of column spaces.
 *
 * A P = Q R by Householder reflections with column pivoting, then one-sided Jacobi on the rows of R, which pivoting leaves graded:
 * plane rotations make the rows orthogonal, and their lengths are the singular values. The work in both loops is on contiguous rows.
 *
 * Source: Z. Drmac and K. Veselic, "New fast and accurate Jacobi SVD algorithm" (2008).
 */
import { frobeniusNorm, type Matrix, matrix, transpose } from './matrix.js'
import { applyReflections, type PivotedQr, pivotedQr } from './pivoted-qr.js'
import { rotateRows } from './symmetric-eigen.js'

export interface SingularValues {
  /** rows x r with orthonormal columns, where r is the smaller side of the matrix. */
  readonly left: Matrix
  /** The r singular values, the largest first. */
  readonly values: Float64Array
  /** columns x r with orthonormal columns. */
  readonly right: Matrix
}

export interface Basis {
  /** n x rank, orthonormal columns that span the columns of the matrix. */
  readonly basis: Matrix
  /** All singular values of the matrix, descending, also those that were dropped. */
  readonly singularValues: Float64Array
}

/** Below which a singular value counts as zero. */
export interface RankTolerance {
  /** As a part of the largest singular value; 1e-9 where it is not given. */
  readonly relative?: number
  /** As a number; 0 where it is not given. */
  readonly absolute?: number
}

/** Singular values below this part of the largest one are taken for zero, unless a caller says otherwise. */
export const defaultRankTolerance = 1e-9

/**
 * A = left diag(values) right^T. An entry that is not finite throws.
 *
 * @example
 * Array.from(thinSvd(matrix(3, 2, [3, 0, 0, 0, 0, 2])).values) // => [3, 2]
 */
export const thinSvd = (a: Matrix): SingularValues => {
  if (a.rows < a.columns) {
    const { left, values, right } = thinSvd(transpose(a))
    return { left: right, values, right: left }
  }
  const qr = pivotedQr(a)
  const m = a.columns
  const { rows, rotations, order, values } = orthogonaliseRows(qr)
  const right = matrix(m, m)
  order.forEach((row, column) => {
    const length = values[column]!
    if (length > 0) for (let j = 0; j < m; j++) right.entries[qr.order[j]! * m + column] = rows[row * m + j]! / length
  })
  completeColumns(right, values)
  return { left: leftColumns(qr, rotations, order), values: unscaled(values, qr), right }
}

/**
 * The singular values alone, the largest first.
 *
 * @example
 * Array.from(singularValues(matrix(2, 2, [1, 1, 1, 1]))) // => [2, 0]
 */
export const singularValues = (a: Matrix): Float64Array => {
  const qr = pivotedQr(a.rows < a.columns ? transpose(a) : a)
  return unscaled(orthogonaliseRows(qr).values, qr)
}

/** How many singular values, given in descending order, count as nonzero. */
export const rankOf = (values: Float64Array, tolerance: RankTolerance = {}): number => {
  const threshold = Math.max((tolerance.relative ?? defaultRankTolerance) * (values[0] ?? 0), tolerance.absolute ?? 0)
  let rank = 0
  while (rank < values.length && values[rank]! > threshold) rank++
  return rank
}

/**
 * An orthonormal basis of the span of the columns; singular values at or below the tolerance are dropped.
 *
 * @example
 * orthonormalBasis(matrix(3, 2, [1, 2, 1, 2, 1, 2])).basis.columns // => 1
 */
export const orthonormalBasis = (a: Matrix, tolerance: RankTolerance = {}): Basis => {
  if (a.rows < a.columns) {
    const { left, values } = thinSvd(a)
    return { basis: leadingColumns(left, rankOf(values, tolerance)), singularValues: values }
  }
  const qr = pivotedQr(a)
  const { rotations, order, values } = orthogonaliseRows(qr)
  const singularValues = unscaled(values, qr)
  const rank = rankOf(singularValues, tolerance)
  // At full rank Q itself spans the columns, and the rotations need not be applied.
  const basis =
    rank === a.columns
      ? leftColumns(
          qr,
          identityRows(rank),
          Array.from({ length: rank }, (_, index) => index),
        )
      : leftColumns(qr, rotations, order.slice(0, rank))
  return { basis, singularValues }
}

/** The first columns of a matrix. */
export const leadingColumns = (a: Matrix, count: number): Matrix => {
  if (count === a.columns) return a
  const result = matrix(a.rows, count)
  for (let i = 0; i < a.rows; i++)
    result.entries.set(a.entries.subarray(i * a.columns, i * a.columns + count), i * count)
  return result
}

interface OrthogonalRows {
  /** J R, with orthogonal rows. */
  readonly rows: Float64Array
  /** J, a product of plane rotations. */
  readonly rotations: Float64Array
  /** The rows by descending length. */
  readonly order: readonly number[]
  /** Their lengths in that order. */
  readonly values: Float64Array
}

/** Jacobi converges quadratically; five to ten sweeps are usual. */
const mostSweeps = 60
/** Squared lengths below this are zero beside the scaled matrix's, which are of the order of one. */
const negligible = 1e-200

const orthogonaliseRows = ({ columns: m, triangle }: PivotedQr): OrthogonalRows => {
  const rows = triangle.slice()
  const rotations = identityRows(m)
  const tolerance = Math.sqrt(m) * Number.EPSILON
  for (let sweep = 0, turned = true; turned; sweep++) {
    if (sweep === mostSweeps) throw new Error(`singular values: the rotations of ${m} rows did not converge`)
    turned = false
    for (let i = 0; i + 1 < m; i++)
      for (let j = i + 1; j < m; j++) {
        let [squareI, squareJ, product] = [0, 0, 0]
        for (let k = 0; k < m; k++) {
          const [x, y] = [rows[i * m + k]!, rows[j * m + k]!]
          squareI += x * x
          squareJ += y * y
          product += x * y
        }
        if (Math.min(squareI, squareJ) < negligible) continue
        if (Math.abs(product) <= tolerance * Math.sqrt(squareI) * Math.sqrt(squareJ)) continue
        turned = true
        const half = (squareI - squareJ) / (2 * product)
        const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(1, half))
        const cosine = 1 / Math.hypot(1, tangent)
        rotateRows(rows, i * m, j * m, m, cosine, cosine * tangent)
        rotateRows(rotations, i * m, j * m, m, cosine, cosine * tangent)
      }
  }
  const lengths = Float64Array.from({ length: m }, (_, i) => {
    let square = 0
    for (let k = 0; k < m; k++) square += rows[i * m + k]! ** 2
    return square < negligible ? 0 : Math.sqrt(square)
  })
  const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!)
  return { rows, rotations, order, values: Float64Array.from(order, (row) => lengths[row]!) }
}

const unscaled = (values: Float64Array, { scale }: PivotedQr): Float64Array => values.map((value) => value / scale)

/** The columns of Q J^T that belong to these rows of J. */
const leftColumns = (qr: PivotedQr, rotations: Float64Array, rows: readonly number[]): Matrix => {
  const result = matrix(qr.rows, rows.length)
  const column = new Float64Array(qr.rows)
  rows.forEach((row, index) => {
    column.fill(0)
    column.set(rotations.subarray(row * qr.columns, (row + 1) * qr.columns))
    applyReflections(qr, column)
    for (let i = 0; i < qr.rows; i++) result.entries[i * rows.length + index] = column[i]!
  })
  return result
}

const identityRows = (m: number): Float64Array => {
  const rows = new Float64Array(m * m)
  for (let i = 0; i < m; i++) rows[i * m + i] = 1
  return rows
}

/** Fills the columns of singular value zero so that all columns are orthonormal: unit vectors, made orthogonal twice over. */
const completeColumns = (a: Matrix, values: Float64Array): void => {
  const { rows, columns, entries } = a
  let next = 0
  for (let column = 0; column < columns; column++) {
    if (values[column]! > 0) continue
    for (; ; next++) {
      if (next === rows) throw new Error('thinSvd: no direction is left to complete the basis')
      const candidate = new Float64Array(rows)
      candidate[next] = 1
      for (let pass = 0; pass < 2; pass++)
        for (let other = 0; other < columns; other++) {
          if (values[other]! === 0 && other >= column) continue
          let product = 0
          for (let i = 0; i < rows; i++) product += candidate[i]! * entries[i * columns + other]!
          for (let i = 0; i < rows; i++) candidate[i]! -= product * entries[i * columns + other]!
        }
      const length = frobeniusNorm({ rows, columns: 1, entries: candidate })
      // Some unit vector keeps at least this length while a direction is missing.
      if (length < 1 / (2 * Math.sqrt(rows))) continue
      for (let i = 0; i < rows; i++) entries[i * columns + column] = candidate[i]! / length
      break
    }
  }
}
