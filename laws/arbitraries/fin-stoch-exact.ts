/**
 * Random exact stochastic matrices of small fractions, made to be read when they turn up in a counterexample.
 */
import * as fc from 'fast-check'

import { type ExactRow, normalised } from '../../src/category/exact-row.js'
import type { ExactStochasticMatrix } from '../../src/category/fin-stoch-exact.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from './arbitraries.js'
import { finiteObjects } from './fin-stoch.js'

/**
 * The shares of up to `draws` draws: fractions with denominators up to that, with many zeros and point masses. It shrinks to the first
 * point mass.
 */
const shares = (columns: number, draws: number): fc.Arbitrary<ExactRow> =>
  fc.array(fc.nat(columns - 1), { minLength: 1, maxLength: draws }).map((drawn) => {
    const counts = new Array<bigint>(columns).fill(0n)
    for (const column of drawn) counts[column]! += 1n
    return normalised(counts)
  })

const matrices =
  (draws: number) =>
  (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<ExactStochasticMatrix> => {
    const rows = sizeOfObject(domain)
    return fc
      .array(shares(sizeOfObject(codomain), draws), { minLength: rows, maxLength: rows })
      .map((drawn) => ({ domain, codomain, rows: drawn }))
  }

/** Small sets, stochastic matrices of fractions with denominators up to 7, and matrices of zeros and ones. */
export const finStochExactArbitraries: Arbitraries<FiniteObject, ExactStochasticMatrix> = {
  object: finiteObjects,
  morphism: matrices(7),
  deterministic: matrices(1),
}
