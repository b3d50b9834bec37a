/**
 * Triangular factors of positive semidefinite matrices, by the largest pivot first: which coordinates the others depend on.
 *
 * Source: N. Higham, "Analysis of the Cholesky decomposition of a semi-definite matrix" (1990).
 */
import { solveLower, solveLowerTransposed } from './cholesky.js'
import { type Matrix, matrix } from './matrix.js'

interface Pivots {
  /** The coordinates whose block is positive definite, in the order in which they were chosen; the rank is their number. */
  readonly pivots: readonly number[]
  /** The other coordinates, ascending. */
  readonly rest: readonly number[]
  /** What is left of A[rest, rest] after the pivots: zero up to the tolerance if A is positive semidefinite. */
  readonly remainder: Matrix
}
export interface PivotedLdl extends Pivots {
  /** The lower triangular L, ones on its diagonal, with A[pivots, pivots] = L diag(d) L^T. */
  readonly lower: Matrix
  /** d, all positive. */
  readonly diagonal: Float64Array
}
export interface PivotedCholesky extends Pivots {
  /** The lower triangular L with A[pivots, pivots] = L L^T. */
  readonly lower: Matrix
}

/** Pivots that differ by less than this part are taken in the order of the coordinates, so that rounding does not choose. */
export const pivotSlack = 1e-6

/**
 * The pivots of a symmetric matrix and their factor L D L^T, without roots.
 *
 * A coordinate's pivot is compared with a size of its own, so that the choice does not depend on units: coordinates are taken while a
 * pivot is more than `tolerance` of the coordinate's size, the largest part first.
 *
 * @example
 * pivotedLdl(matrix(2, 2, [1, 2, 2, 4]), [1, 4], 1e-12).pivots // => [0]
 */
export const pivotedLdl = (a: Matrix, sizes: ArrayLike<number>, tolerance: number): PivotedLdl => {
  const n = a.rows
  if (a.columns !== n) throw new Error(`pivotedLdl: the matrix is ${a.rows} x ${a.columns}, not square`)
  const work = a.entries.slice()
  const part = (i: number): number => (sizes[i]! > 0 ? work[i * n + i]! / sizes[i]! : 0)
  const columns: Float64Array[] = []
  const pivots: number[] = []
  const rest = Array.from({ length: n }, (_, index) => index)
  for (;;) {
    const largest = rest.reduce((most, i) => Math.max(most, part(i)), 0)
    if (!(largest > tolerance)) break
    const pivot = rest.find((i) => part(i) >= (1 - pivotSlack) * largest)!
    rest.splice(rest.indexOf(pivot), 1)
    pivots.push(pivot)
    const column = new Float64Array(n)
    column[pivot] = 1
    for (const i of rest) column[i] = work[i * n + pivot]! / work[pivot * n + pivot]!
    for (const i of rest) for (const j of rest) work[i * n + j]! -= column[i]! * work[j * n + pivot]!
    columns.push(column)
  }
  const rank = pivots.length
  const lower = matrix(rank, rank)
  for (let i = 0; i < rank; i++) for (let j = 0; j <= i; j++) lower.entries[i * rank + j] = columns[j]![pivots[i]!]!
  const left = Float64Array.from(rest.flatMap((i) => rest.map((j) => work[i * n + j]!)))
  return {
    pivots,
    rest,
    lower,
    diagonal: Float64Array.from(pivots, (pivot) => work[pivot * n + pivot]!),
    remainder: matrix(rest.length, rest.length, left),
  }
}

/** X with L diag(d) L^T X = B. */
export const solveLdl = ({ lower, diagonal }: Pick<PivotedLdl, 'lower' | 'diagonal'>, b: Matrix): Matrix => {
  const forward = solveLower(lower, b)
  for (let place = 0; place < forward.entries.length; place++)
    forward.entries[place]! /= diagonal[Math.floor(place / b.columns)]!
  return solveLowerTransposed(lower, forward)
}

/**
 * The pivots of a symmetric matrix that exceed a tolerance, with their Cholesky factor; the matrix is expected in units in which one
 * tolerance fits all its coordinates.
 *
 * @example
 * pivotedCholesky(matrix(2, 2, [1, 2, 2, 4]), 1e-12).pivots // => [1]
 */
export const pivotedCholesky = (a: Matrix, tolerance: number): PivotedCholesky => {
  const { pivots, rest, remainder, lower, diagonal } = pivotedLdl(a, new Float64Array(a.rows).fill(1), tolerance)
  const roots = diagonal.map(Math.sqrt)
  const scaled = lower.entries.map((entry, place) => entry * roots[place % roots.length]!)
  return { pivots, rest, remainder, lower: { ...lower, entries: scaled } }
}
