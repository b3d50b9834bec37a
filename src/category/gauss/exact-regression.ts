/**
 * Regression on coordinates whose covariance may be singular, over the rational numbers: no tolerance, and the rank is the rank.
 *
 * Sweeping a coordinate of a symmetric matrix is one step of symmetric elimination (L D L^T) in place. With the coordinates P swept and
 * the others R not, the matrix is [-A_PP^-1, A_PP^-1 A_PR; A_RP A_PP^-1, A_RR - A_RP A_PP^-1 A_PR]: a regression can be read off.
 *
 * Source: J. Goodnight, "A tutorial on the SWEEP operator" (1979).
 */
import { pivotSlack } from '../../linear-algebra/pivoted-cholesky.js'
import { type Rational, ratio, showRational, zero } from '../rational.js'
import { range } from './affine.js'
import type { Departure, Regression } from './conditioning.js'
import { exactAlgebra, type ExactMatrix, isZero } from './exact-matrix.js'

/** A matrix, some of whose first coordinates are swept. */
interface Swept {
  readonly matrix: ExactMatrix
  readonly pivots: readonly number[]
  /** Those of the first coordinates that are not swept. */
  readonly rest: readonly number[]
}

/** The float category takes pivots in the order of the coordinates where they nearly agree; so that both choose alike, this one does. */
const slack = ratio(1n).sub(ratio(BigInt(Math.round(pivotSlack * 1e9)), 10n ** 9n))

/** Sweeps the first `count` coordinates of a symmetric matrix while one of them has a positive variance left, the largest part first. */
export const sweepFirst = (a: ExactMatrix, count: number): Swept => {
  const n = a.rows
  const work = [...a.entries]
  const pivots: number[] = []
  const rest = [...range(0, count)]
  for (;;) {
    const parts = rest.map((i) => {
      const left = work[i * n + i]!
      return left.s > 0n && !isZero(left) ? left.div(a.entries[i * n + i]!) : zero
    })
    const largest = parts.reduce((most, part) => (part.compare(most) > 0 ? part : most), zero)
    if (isZero(largest)) return { matrix: { ...a, entries: work }, pivots, rest }
    const enough = largest.mul(slack)
    const place = parts.findIndex((part) => part.compare(enough) >= 0)
    sweep(work, n, rest[place]!)
    pivots.push(...rest.splice(place, 1))
  }
}

const sweep = (work: Rational[], n: number, pivot: number): void => {
  const inverse = work[pivot * n + pivot]!.inverse()
  const row = Array.from({ length: n }, (_, j) => work[pivot * n + j]!)
  const scaled = row.map((entry) => (isZero(entry) ? zero : entry.mul(inverse)))
  for (let i = 0; i < n; i++) {
    if (i === pivot || isZero(row[i]!)) continue
    for (let j = 0; j < n; j++)
      if (j !== pivot && !isZero(scaled[j]!)) work[i * n + j] = work[i * n + j]!.sub(row[i]!.mul(scaled[j]!))
  }
  for (let j = 0; j < n; j++) work[pivot * n + j] = work[j * n + pivot] = scaled[j]!
  work[pivot * n + pivot] = inverse.neg()
}

/** The regression of the later coordinates of a covariance on its first `count`. */
export const regressExactly = (covariance: ExactMatrix, count: number): Regression<ExactMatrix> => {
  const { select, sum, negative, product } = exactAlgebra
  const n = covariance.rows
  const { matrix, pivots, rest } = sweepFirst(covariance, count)
  const chosen = new Set(pivots)
  const columns = range(0, count)
  const whole = select(matrix, range(count, n - count), columns)
  const slope = { ...whole, entries: whole.entries.map((entry, place) => (chosen.has(place % count) ? entry : zero)) }
  const offSupport = (deviation: ExactMatrix): Departure | undefined => {
    const explained = product(select(matrix, rest, pivots), select(deviation, pivots, [0]))
    const left = sum(select(deviation, rest, [0]), negative(explained))
    const row = left.entries.findIndex((entry) => !isZero(entry))
    return row === -1 ? undefined : { coordinate: rest[row]!, residual: showRational(left.entries[row]!) }
  }
  return { slope, rank: pivots.length, offSupport }
}
