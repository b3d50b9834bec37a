/**
 * Broken versions of Gauss: noise that is lost, made up, or divided by where there is none.
 */
import * as fc from 'fast-check'

import type { GaussianMap } from '../../src/category/gauss.js'
import { inverseByConditional } from '../../src/category/inversion.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import { dimensionOf, type RealObject } from '../../src/category/real-object.js'
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import { groups, type Mutant } from './mutant.js'

type Gaussians = MarkovStructure<RealObject, GaussianMap>
type GaussMutant = Mutant<RealObject, GaussianMap>

const matrixOf = (rows: number, columns: number, entry: (row: number, column: number) => number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, place) => entry(Math.floor(place / columns), place % columns))

const linear = (
  domain: RealObject,
  codomain: RealObject,
  entry: (row: number, column: number) => number,
): GaussianMap => {
  const [columns, rows] = [dimensionOf(domain), dimensionOf(codomain)]
  return {
    domain,
    codomain,
    matrix: matrixOf(rows, columns, entry),
    shift: new Float64Array(rows),
    covariance: new Float64Array(rows * rows),
  }
}

/** A map with another covariance, given as it is. */
const withCovariance = ({ domain, codomain, matrix, shift }: GaussianMap, covariance: Float64Array): GaussianMap => ({
  domain,
  codomain,
  matrix,
  shift,
  covariance,
})

const noiseless = (f: GaussianMap): GaussianMap =>
  withCovariance(
    f,
    f.covariance.map(() => 0),
  )

/** The inverse by Gauss and Jordan, without a look at the pivots: a singular matrix has one of NaN and infinities. */
const plainInverse = (n: number, matrix: Float64Array): Float64Array => {
  const [work, result] = [matrix.slice(), matrixOf(n, n, (i, j) => (i === j ? 1 : 0))]
  for (let k = 0; k < n; k++) {
    const pivot = work[k * n + k]!
    for (const part of [work, result]) for (let j = 0; j < n; j++) part[k * n + j]! /= pivot
    for (let i = 0; i < n; i++) {
      const factor = work[i * n + k]!
      if (i !== k)
        for (const part of [work, result]) for (let j = 0; j < n; j++) part[i * n + j]! -= factor * part[k * n + j]!
    }
  }
  return result
}

/** C_YX C_XX^-1, by the inverse. */
const plainSlope = (f: GaussianMap, x: RealObject, y: RealObject): Float64Array => {
  const [m, n] = [dimensionOf(x), dimensionOf(y)]
  const entry = (i: number, j: number): number => f.covariance[i * (m + n) + j]!
  const inverse = plainInverse(m, matrixOf(m, m, entry))
  return matrixOf(n, m, (i, j) => {
    let sum = 0
    for (let k = 0; k < m; k++) sum += entry(m + i, k) * inverse[k * m + j]!
    return sum
  })
}

/** The map (x, a) to D x + r(a), for r(a) = f(a)_Y - D f(a)_X. */
const conditionalBySlope = (
  { seq, par }: Gaussians,
  f: GaussianMap,
  x: RealObject,
  y: RealObject,
  slope: Float64Array,
): GaussianMap => {
  const [m, n] = [dimensionOf(x), dimensionOf(y)]
  const regression = linear(x, y, (i, j) => slope[i * m + j]!)
  const residual = linear([...x, ...y], y, (i, j) => (j < m ? -slope[i * m + j]! : j - m === i ? 1 : 0))
  const sum = linear([...y, ...y], y, (i, j) => (j % n === i ? 1 : 0))
  return seq(par(regression, seq(f, residual)), sum)
}

/** A category with another conditional, and the inverses that follow from it. */
const withConditional = (
  category: Gaussians,
  conditional: (f: GaussianMap, x: RealObject, y: RealObject) => GaussianMap,
): Gaussians => ({
  ...category,
  conditional,
  inverse: (prior, f) => inverseByConditional({ ...category, conditional }, prior, f),
})

/** The right conditional with something changed. */
const changedConditional = (
  category: Gaussians,
  change: (right: GaussianMap, f: GaussianMap, x: RealObject, y: RealObject) => GaussianMap,
): Gaussians => {
  const { conditional } = category
  if (conditional === undefined) throw new Error(`${category.name} has no conditionals to break`)
  return withConditional(category, (f, x, y) => change(conditional(f, x, y), f, x, y))
}

/** Lines, and maps of very small and very large numbers. */
const scales: Arbitraries<RealObject, GaussianMap> = {
  object: fc.constantFrom([1], [1], [1], []),
  morphism: (domain, codomain) =>
    fc
      .tuple(fc.constantFrom(0, 5e-9, 1e9), fc.constantFrom(0, 5e-9), fc.constantFrom(0, 1, 1))
      .map(([slope, shift, variance]) => ({
        ...linear(domain, codomain, () => slope),
        shift: matrixOf(dimensionOf(codomain), 1, () => shift),
        covariance: matrixOf(dimensionOf(codomain), dimensionOf(codomain), () => variance),
      })),
  deterministic: (domain, codomain) =>
    fc.constantFrom(0, 5e-9, 1, 1e9).map((slope) => linear(domain, codomain, () => slope)),
}

const near = (a: Float64Array, b: Float64Array): boolean =>
  a.every((entry, place) => Math.abs(entry - b[place]!) <= 1e-8)

/** Broken versions of Gauss, each with the groups of the laws that reject it. */
export const gaussMutants: readonly GaussMutant[] = [
  {
    name: 'composition forgets the noise of the first map',
    breaks: (category) => ({ ...category, seq: (f, g) => category.seq(noiseless(f), g) }),
    caughtBy: groups('A2 C4 I1 J1 J2 J4 K1 K2 M1'),
    note: 'The term G C G^T is missing.',
  },
  {
    name: 'composition adds noises as they are',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => {
        const composite = category.seq(noiseless(f), g)
        return dimensionOf(f.codomain) === dimensionOf(g.codomain)
          ? withCovariance(
              composite,
              g.covariance.map((entry, place) => entry + f.covariance[place]!),
            )
          : category.seq(f, g)
      },
    }),
    caughtBy: groups('A3 B1 C4 J1 J2 J4 J5 L1 M1 M3'),
    rarelyCaughtBy: groups('H3 I1 J3 M2 M4'),
    note: 'The noise of the first is not pushed through the matrix of the second.',
  },
  {
    name: 'covariances of composites are filled above the diagonal only',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => {
        const composite = category.seq(f, g)
        const n = dimensionOf(g.codomain)
        return withCovariance(
          composite,
          composite.covariance.map((entry, place) => (place % n < Math.floor(place / n) ? 0 : entry)),
        )
      },
    }),
    caughtBy: groups('A1 A2 A3 I1 I3 I4 J1 J2 J4 J5 K2 M1 M3 O2'),
    rarelyCaughtBy: groups('H2 J3 K1'),
  },
  {
    name: 'copy adds noise to its second leg',
    breaks: (category) => ({
      ...category,
      copy: (a) => {
        const n = dimensionOf(a)
        return withCovariance(
          category.copy(a),
          matrixOf(2 * n, 2 * n, (i, j) => (i === j && i >= n ? 1 : 0)),
        )
      },
    }),
    caughtBy: groups('D1 D2 D4 G1 G2 H2 I1 I3 I4 J1 J2 J3 J5 K1 K2 M1 M3'),
    rarelyCaughtBy: groups('J4 L1'),
  },
  {
    name: 'conditional inverts the covariance',
    breaks: (category) =>
      withConditional(category, (f, x, y) => conditionalBySlope(category, f, x, y, plainSlope(f, x, y))),
    caughtBy: groups('I1 I2 I3 I4 J1 J2 J3 J4 J5 M1 M3'),
    note: 'A coordinate without variance makes NaN of it; any generalised inverse would do.',
  },
  {
    name: 'conditional keeps all of the noise',
    breaks: (category) =>
      changedConditional(category, (right, f, x, y) => {
        const [m, n] = [dimensionOf(x), dimensionOf(y)]
        return withCovariance(
          right,
          matrixOf(n, n, (i, j) => f.covariance[(m + i) * (m + n) + m + j]!),
        )
      }),
    caughtBy: groups('I1 I3 J1 J2 J3 J4 J5 M1 M3'),
    rarelyCaughtBy: groups('I4'),
  },
  {
    name: 'conditional does not take the mean of the evidence off',
    breaks: (category) =>
      changedConditional(category, (right, f, x) => ({
        ...withCovariance(right, right.covariance),
        shift: f.shift.slice(dimensionOf(x)),
      })),
    caughtBy: groups('I1 I3 J1 J2 J3 J4 J5 M1 M3'),
    rarelyCaughtBy: groups('I2 I4'),
  },
  {
    name: 'equality that does not know units',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.sameObject(f.domain, g.domain) &&
        category.sameObject(f.codomain, g.codomain) &&
        near(f.matrix, g.matrix) &&
        near(f.shift, g.shift) &&
        near(f.covariance, g.covariance),
    }),
    arbitraries: scales,
    runs: 250,
    caughtBy: groups('H3 J1 J2 J4 M3 O1'),
    note: 'An absolute tolerance: what composition after magnifies was equal before.',
  },
]
