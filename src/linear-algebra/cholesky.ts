/**
 * The Cholesky factor of a positive definite matrix, and the generalised symmetric eigenproblem that it reduces to an ordinary one.
 */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type Matrix, matrix, transpose } from './matrix.js'
import { type Eigen, symmetricEigen } from './symmetric-eigen.js'

/**
 * The lower triangular L with A = L L^T; only the lower triangle of A is read.
 *
 * Error: `invalid-value` where A is not positive definite, which in float64 means a pivot of at most n rounding errors times the
 * diagonal entry that it started from.
 *
 * @example
 * toUnion(cholesky(matrix(1, 1, [4]))).entries[0] // => 2
 */
export const cholesky = (a: Matrix): Either<Problem, Matrix> => {
  const n = a.rows
  if (a.columns !== n) throw new Error(`cholesky: the matrix is ${a.rows} x ${a.columns}, not square`)
  const lower = matrix(n, n)
  const entries = lower.entries
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++)
      entries[i * n + j] = (a.entries[i * n + j]! - rowProduct(entries, i * n, j * n, j)) / entries[j * n + j]!
    const start = a.entries[i * n + i]!
    const pivot = start - rowProduct(entries, i * n, i * n, i)
    // Written so that a NaN is refused too.
    if (!(pivot > n * Number.EPSILON * Math.abs(start) && Number.isFinite(pivot)))
      return left(
        problem(
          'invalid-value',
          `Cholesky factor, row ${i}`,
          `the matrix is not positive definite (pivot ${pivot})`,
          'drop the dependent directions, or add a multiple of the identity',
        ),
      )
    entries[i * n + i] = Math.sqrt(pivot)
  }
  return right(lower)
}

/** X with L X = B, for a lower triangular L. */
export const solveLower = (lower: Matrix, b: Matrix): Matrix => {
  const [n, width] = [lower.rows, b.columns]
  const x = matrix(n, width, b.entries.slice())
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(x.entries, i * width, k * width, width, lower.entries[i * n + k]!)
    divideRow(x.entries, i * width, width, lower.entries[i * n + i]!)
  }
  return x
}

/** X with L^T X = B, for a lower triangular L. */
export const solveLowerTransposed = (lower: Matrix, b: Matrix): Matrix => {
  const [n, width] = [lower.rows, b.columns]
  const x = matrix(n, width, b.entries.slice())
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(x.entries, i * width, k * width, width, lower.entries[k * n + i]!)
    divideRow(x.entries, i * width, width, lower.entries[i * n + i]!)
  }
  return x
}

/**
 * The solutions of A v = lambda B v for a symmetric A and a positive definite B: eigenvalues descending, eigenvectors in the
 * columns with v_i^T B v_j = 1 if i = j and 0 otherwise.
 *
 * Error: `invalid-value` where B is not positive definite. The accuracy of small eigenvalues falls with the condition of B.
 *
 * @example
 * toUnion(generalisedEigen(matrix(1, 1, [6]), matrix(1, 1, [2]))).values[0] // => 3
 */
export const generalisedEigen = (a: Matrix, b: Matrix): Either<Problem, Eigen> => {
  if (a.rows !== b.rows || a.columns !== a.rows)
    throw new Error(
      `generalisedEigen: ${a.rows} x ${a.columns} and ${b.rows} x ${b.columns} are not square of one size`,
    )
  return pipe(
    cholesky(b),
    map((lower) => {
      const reduced = solveLower(lower, transpose(solveLower(lower, a)))
      const { values, vectors } = symmetricEigen(reduced)
      return { values, vectors: solveLowerTransposed(lower, vectors) }
    }),
  )
}

const rowProduct = (entries: Float64Array, x: number, y: number, length: number): number => {
  let sum = 0
  for (let k = 0; k < length; k++) sum += entries[x + k]! * entries[y + k]!
  return sum
}

const subtractRow = (entries: Float64Array, target: number, source: number, length: number, factor: number): void => {
  for (let j = 0; j < length; j++) entries[target + j]! -= factor * entries[source + j]!
}

const divideRow = (entries: Float64Array, start: number, length: number, divisor: number): void => {
  for (let j = 0; j < length; j++) entries[start + j]! /= divisor
}
