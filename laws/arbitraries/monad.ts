/**
 * Random values of monads on finite sets, and the random morphisms of their Kleisli categories.
 */
import * as fc from 'fast-check'

import { type ExactDistribution, gathered } from '../../src/category/distribution-monad.js'
import type { FiniteMonad } from '../../src/category/finite-monad.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { KleisliMorphism } from '../../src/category/kleisli.js'
import { ratio } from '../../src/category/rational.js'
import { type Subset, subsetOf } from '../../src/category/subset-monad.js'
import type { Arbitraries } from './arbitraries.js'
import { finiteObjects } from './fin-stoch.js'

/** What an instance gives to have the laws of its monad checked: random values on a set of a size, at least one. */
export type ArbitraryValue<T> = (size: number) => fc.Arbitrary<T>

/** Up to `most` elements of a set of a size, in any order. */
export const draws = (size: number, most: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(size - 1), { minLength: 1, maxLength: most })

/** Distributions of fractions with denominators up to 7. */
export const arbitraryDistribution: ArbitraryValue<ExactDistribution> = (size) =>
  draws(size, 7).map((drawn) => gathered(drawn.map((element) => [element, ratio(1n, BigInt(drawn.length))])))

/** Subsets of up to four elements. */
export const arbitrarySubset: ArbitraryValue<Subset> = (size) => draws(size, 4).map(subsetOf)

/** Small sets and Kleisli morphisms of random values; the units of the monad are the deterministic ones. */
export const kleisliArbitraries = <T>(
  { unit }: FiniteMonad<T>,
  value: ArbitraryValue<T>,
): Arbitraries<FiniteObject, KleisliMorphism<T>> => {
  const morphisms =
    (drawn: ArbitraryValue<T>) =>
    (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<KleisliMorphism<T>> => {
      const inputs = sizeOfObject(domain)
      return fc
        .array(drawn(sizeOfObject(codomain)), { minLength: inputs, maxLength: inputs })
        .map((values) => ({ domain, codomain, values }))
    }
  return {
    object: finiteObjects,
    morphism: morphisms(value),
    deterministic: morphisms((size) => fc.nat(size - 1).map(unit)),
  }
}
