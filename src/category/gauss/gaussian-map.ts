/**
 * Gaussian maps in float64 as data.
 */
import { type RealObject, dimensionOf } from '../real-object.js'
import type { AffineParts, GaussianKind } from './affine.js'
import type { AffineMeaning } from './meaning.js'
import { given, type Measured, measuredAlgebra } from './measured.js'

/** y = M x + s + N(0, C); all flat arrays are row-major. */
export interface GaussianMap {
  readonly domain: RealObject
  readonly codomain: RealObject
  /** M, dimension(codomain) x dimension(domain). */
  readonly matrix: Float64Array
  /** s, dimension(codomain). */
  readonly shift: Float64Array
  /** C, dimension(codomain) squared, symmetric positive semidefinite. */
  readonly covariance: Float64Array
  /** How large the numbers were that each entry was computed from; where it is left out, the entries were given as they are. */
  readonly magnitude?: GaussianMagnitude
}
export interface GaussianMagnitude {
  readonly matrix: Float64Array
  readonly shift: Float64Array
  readonly covariance: Float64Array
}

/** What a user writes for a Gaussian map; parts that are left out are zero. */
export type GaussianMeaning = AffineMeaning<number>

const measured = (rows: number, columns: number, entries: Float64Array, magnitude?: Float64Array): Measured =>
  magnitude === undefined ? given(rows, columns, entries) : { rows, columns, entries, magnitude }

/** The matrices of a map, each with its magnitudes. */
export const partsOf = (f: GaussianMap): AffineParts<Measured> => {
  const [inputs, outputs] = [dimensionOf(f.domain), dimensionOf(f.codomain)]
  return {
    matrix: measured(outputs, inputs, f.matrix, f.magnitude?.matrix),
    shift: measured(outputs, 1, f.shift, f.magnitude?.shift),
    covariance: measured(outputs, outputs, f.covariance, f.magnitude?.covariance),
  }
}

export const floatKind: GaussianKind<GaussianMap, Measured> = {
  category: 'Gauss',
  algebra: measuredAlgebra,
  partsOf,
  mapOf: (domain, codomain, { matrix, shift, covariance }) => ({
    domain,
    codomain,
    matrix: matrix.entries,
    shift: shift.entries,
    covariance: covariance.entries,
    magnitude: { matrix: matrix.magnitude, shift: shift.magnitude, covariance: covariance.magnitude },
  }),
}
