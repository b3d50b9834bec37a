/**
 * Factors of covariance matrices, singular ones too.
 *
 * Variances of very different size are no reason to drop the small ones, so that every coordinate is measured in a standard deviation
 * of its own before a rank is decided on.
 */
import { solveLower } from '../../linear-algebra/cholesky.js'
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'
import { pivotedCholesky } from '../../linear-algebra/pivoted-cholesky.js'

/** The roots of the diagonal. */
export const deviationsOf = ({ rows, entries }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => Math.sqrt(entries[i * rows + i]!))

/**
 * F with F F^T = C for a symmetric C that is positive semidefinite up to rounding; F has as many columns as C has rank. What is within
 * a few n rounding errors of zero, beside the squares of the deviations, counts as zero.
 */
export const covarianceFactor = (covariance: Matrix, deviations = deviationsOf(covariance)): Matrix => {
  const n = covariance.rows
  const scaled = covariance.entries.map((entry, place) =>
    entry === 0 ? 0 : entry / deviations[Math.floor(place / n)]! / deviations[place % n]!,
  )
  const { pivots, rest, lower } = pivotedCholesky(matrix(n, n, scaled), 16 * n * Number.EPSILON)
  const rank = pivots.length
  const target = matrix(
    rank,
    rest.length,
    pivots.flatMap((i) => rest.map((j) => scaled[i * n + j]!)),
  )
  const solved = solveLower(lower, target)
  const factor = matrix(n, rank)
  for (let k = 0; k < rank; k++) {
    pivots.forEach((i, row) => (factor.entries[i * rank + k] = lower.entries[row * rank + k]! * deviations[i]!))
    rest.forEach(
      (i, column) => (factor.entries[i * rank + k] = solved.entries[k * rest.length + column]! * deviations[i]!),
    )
  }
  return factor
}
