/**
 * Singular values of a large matrix with one short side, through its smaller Gram matrix: one pass over the matrix instead of many.
 *
 * The price is resolution: what is below 1e-14 of the largest squared singular value is rounding.
 */
import { gramMatrix, type Matrix, matrixProduct, transpose } from './matrix.js'
import { leadingColumns, thinSvd } from './singular-values.js'
import { symmetricEigen } from './symmetric-eigen.js'

export interface GramDecomposition {
  /** A^T A or A A^T, whichever is smaller. */
  readonly gram: Matrix
  /** Its eigenvalues, the squared singular values of A, descending; rounding may leave them a little below zero. */
  readonly squares: Float64Array
  /** How many of them are above the resolution. */
  readonly rank: number
  /** rows x k and columns x k, orthonormal: the k leading singular vectors, k at most the count asked for and the rank. */
  readonly left: Matrix
  readonly right: Matrix
}

/** Below this part of the largest eigenvalue a Gram matrix has only rounding. */
export const gramResolution = 1e-14

/**
 * The squared singular values of a matrix and its `count` leading singular vectors; `floor` is what else counts as zero.
 *
 * @example
 * Array.from(gramDecomposition(matrix(3, 2, [3, 0, 0, 0, 0, 2]), 1).squares) // => [9, 4]
 */
export const gramDecomposition = (a: Matrix, count: number, floor = 0): GramDecomposition => {
  if (a.rows < a.columns) {
    const { left, right, ...rest } = gramDecomposition(transpose(a), count, floor)
    return { ...rest, left: right, right: left }
  }
  const gram = gramMatrix(a)
  const { values: squares, vectors } = symmetricEigen(gram)
  const threshold = Math.max(gramResolution * (squares[0] ?? 0), floor)
  const rank = squares.filter((value) => value > threshold).length
  const leading = leadingColumns(vectors, Math.min(rank, count))
  // A V has columns of the lengths s, orthogonal up to rounding of the largest: its own decomposition makes them so to theirs.
  const { left, right } = thinSvd(matrixProduct(a, leading))
  return { gram, squares, rank, left, right: matrixProduct(leading, right) }
}
