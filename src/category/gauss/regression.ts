/**
 * Regression on coordinates whose covariance may be singular, in float64: the rank decision.
 *
 * What the coordinates seen so far leave of a coordinate's variance is compared with the magnitude of that variance, so that no decision
 * depends on units. The coordinates of which the largest part is left are taken as pivots until no part exceeds the tolerance.
 *
 * Source: N. Higham, "Accuracy and Stability of Numerical Algorithms", sections 7.2 on componentwise error of linear systems and 10.3
 * on semidefinite matrices.
 */
import { identityMatrix, matrix, transpose } from '../../linear-algebra/matrix.js'
import { pivotedLdl, type PivotedLdl, solveLdl } from '../../linear-algebra/pivoted-cholesky.js'
import { range } from './affine.js'
import type { Departure, Regression } from './conditioning.js'
import { type Measured, measuredAlgebra, rootSquareProduct } from './measured.js'

/** Two maps are equal where no entry differs by more than this part of its magnitude. */
export const gaussEqualityBudget = 1e-9

/**
 * A direction counts as one without variance where the variance that the directions before it leave is at most this part of the magnitude
 * of its variance; in standard deviations that is one part in a million.
 *
 * To drop a direction of which a part p is left misses the root of p; to keep it magnifies rounding by 1/p in what is put together again.
 */
export const gaussRankTolerance = 1e-12

/** The variances of a covariance by their magnitudes: what its pivots are compared with. */
export const variancesOf = ({ rows: n, magnitude }: Measured): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => magnitude[i * (n + 1)]!)

/** The pivoted factor of a covariance. */
export const factorOf = (covariance: Measured, tolerance: number): PivotedLdl =>
  pivotedLdl(matrix(covariance.rows, covariance.rows, covariance.entries), variancesOf(covariance), tolerance)

/** The regression of the later coordinates of a covariance on its first `count`. */
export const regress =
  (tolerance: number) =>
  (covariance: Measured, count: number): Regression<Measured> => {
    const { select, sum, negative, product } = measuredAlgebra
    const all = range(0, count)
    const others = range(count, covariance.rows - count)
    const factor = factorOf(select(covariance, all, all), tolerance)
    const { pivots, rest } = factor
    const rank = pivots.length
    const atPivots = select(covariance, pivots, pivots)
    const inverse = solveLdl(factor, identityMatrix(rank)).entries
    const variances = variancesOf(covariance)

    /** C[rows, pivots] C[pivots, pivots]^-1. */
    const coefficientsOf = (rows: readonly number[]): Measured => {
      const target = select(covariance, rows, pivots)
      const right = transpose(matrix(rows.length, rank, target.entries))
      const { entries } = transpose(solveLdl(factor, right))
      // An error of the covariance moves D by (error of C_YX - D error of C_XX) C_XX^-1.
      const propagated = rootSquareProduct(rows.length, rank, rank, entries, atPivots.magnitude)
      const moved = target.magnitude.map((size, place) => Math.hypot(size, propagated[place]!))
      const magnitude = rootSquareProduct(rows.length, rank, rank, moved, inverse)
      return {
        rows: rows.length,
        columns: rank,
        entries,
        magnitude: magnitude.map((size, place) => Math.max(size, Math.abs(entries[place]!))),
      }
    }

    const offSupport = (deviation: Measured): Departure | undefined => {
      const explained = product(coefficientsOf(rest), select(deviation, pivots, [0]))
      const left = sum(select(deviation, rest, [0]), negative(explained))
      let worst: { readonly row: number; readonly excess: number } | undefined
      rest.forEach((coordinate, row) => {
        const allowed = gaussEqualityBudget * left.magnitude[row]! + Math.sqrt(tolerance * variances[coordinate]!)
        const excess = Math.abs(left.entries[row]!) / allowed
        // Zero against zero is no departure.
        if (excess > (worst?.excess ?? 1)) worst = { row, excess }
      })
      return worst === undefined
        ? undefined
        : { coordinate: rest[worst.row]!, residual: String(Number(left.entries[worst.row]!.toPrecision(6))) }
    }

    return { slope: spread(coefficientsOf(others), pivots, count), rank, offSupport }
  }

/** Columns put at their places among `count`, zeros between. */
const spread = (a: Measured, places: readonly number[], count: number): Measured => {
  const put = (source: Float64Array): Float64Array => {
    const target = new Float64Array(a.rows * count)
    for (let i = 0; i < a.rows; i++)
      places.forEach((place, j) => (target[i * count + place] = source[i * a.columns + j]!))
    return target
  }
  return { rows: a.rows, columns: count, entries: put(a.entries), magnitude: put(a.magnitude) }
}
