/**
 * Random finite sets and stochastic matrices, made to be read when they turn up in a counterexample.
 */
import * as fc from 'fast-check'

import type { StochasticMatrix } from '../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from './arbitraries.js'

/** Products grow with the fourth power in the law of copying a product, so a set has at most this many elements. */
const largestSize = 6

/** Sets of up to two factors of one to three elements. */
export const finiteObjects: fc.Arbitrary<FiniteObject> = fc
  .array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })
  .filter((object) => sizeOfObject(object) <= largestSize)

/**
 * A distribution as the shares of up to `draws` draws: multiples of 1, 1/2, 1/3 or 1/4, with many zeros and point masses.
 * It shrinks to the first point mass.
 */
const shares = (columns: number, draws: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(columns - 1), { minLength: 1, maxLength: draws }).map((drawn) => {
    const counts = new Array<number>(columns).fill(0)
    for (const column of drawn) counts[column]! += 1
    return counts.map((count) => count / drawn.length)
  })

const matrices =
  (draws: number) =>
  (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<StochasticMatrix> => {
    const rows = sizeOfObject(domain)
    return fc
      .array(shares(sizeOfObject(codomain), draws), { minLength: rows, maxLength: rows })
      .map((entries) => ({ domain, codomain, entries: Float64Array.from(entries.flat()) }))
  }

/** Small sets, stochastic matrices of small fractions, and 0-1 matrices. */
export const finStochArbitraries: Arbitraries<FiniteObject, StochasticMatrix> = {
  object: finiteObjects,
  morphism: matrices(4),
  deterministic: matrices(1),
}
