/**
 * Random Gaussian maps: small numbers, and covariances of every rank.
 */
import * as fc from 'fast-check'

import type { GaussianMap } from '../../src/category/gauss.js'
import { type ExactGaussianMap } from '../../src/category/gauss-exact.js'
import { gaussRounding } from '../../src/category/functors/gauss-rounding.js'
import { type Rational, ratio, zero } from '../../src/category/rational.js'
import { dimensionOf, type RealObject } from '../../src/category/real-object.js'
import type { Arbitraries } from './arbitraries.js'

/** Spaces of up to two summands of dimension one to three. */
export const realObjects: fc.Arbitrary<RealObject> = fc
  .array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })
  .filter((object) => dimensionOf(object) <= 4)

/** Small numbers, half of them zero; they shrink to zero. */
const wholes: fc.Arbitrary<Rational> = fc.oneof(
  fc.constant(zero),
  fc.integer({ min: -2, max: 2 }).map((value) => ratio(BigInt(value))),
)
/** The same, with halves and thirds. */
const fractions: fc.Arbitrary<Rational> = fc.oneof(
  wholes,
  fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([n, d]) => ratio(BigInt(n), BigInt(d))),
)

const matrices = (rows: number, columns: number, entry: fc.Arbitrary<Rational>): fc.Arbitrary<readonly Rational[]> =>
  fc.array(entry, { minLength: rows * columns, maxLength: rows * columns })

/** L L^T of a matrix with `rank` columns, so that its rank is at most that. */
const covarianceOf = (n: number, rank: number, factor: readonly Rational[]): readonly Rational[] =>
  Array.from({ length: n * n }, (_, place) => {
    const [i, j] = [Math.floor(place / n), place % n]
    let sum = zero
    for (let k = 0; k < rank; k++) sum = sum.add(factor[i * rank + k]!.mul(factor[j * rank + k]!))
    return sum
  })

const maps =
  (entry: fc.Arbitrary<Rational>, noisy: boolean) =>
  (domain: RealObject, codomain: RealObject): fc.Arbitrary<ExactGaussianMap> => {
    const [inputs, outputs] = [dimensionOf(domain), dimensionOf(codomain)]
    const covariance = fc
      .integer({ min: 0, max: noisy ? outputs : 0 })
      .chain((rank) => matrices(outputs, rank, entry).map((factor) => covarianceOf(outputs, rank, factor)))
    return fc
      .record({ matrix: matrices(outputs, inputs, entry), shift: matrices(outputs, 1, entry), covariance })
      .map((parts) => ({ domain, codomain, ...parts }))
  }

/** Small spaces, and maps of small fractions with covariances of every rank. */
export const gaussExactArbitraries: Arbitraries<RealObject, ExactGaussianMap> = {
  object: realObjects,
  morphism: maps(fractions, true),
  deterministic: maps(fractions, false),
}

/** Small spaces, and maps of small whole numbers with covariances of every rank. */
export const gaussArbitraries: Arbitraries<RealObject, GaussianMap> = {
  object: realObjects,
  morphism: (domain, codomain) => maps(wholes, true)(domain, codomain).map(gaussRounding.onMorphism),
  deterministic: (domain, codomain) => maps(wholes, false)(domain, codomain).map(gaussRounding.onMorphism),
}
