/**
 * What the broken versions of FinStoch are made of.
 */
import * as fc from 'fast-check'

import { FinStoch, stochasticMap, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import type { Arbitraries } from '../../arbitraries/arbitraries.js'
import { finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import type { Mutant } from '../mutant.js'

export type FinStochMutant = Mutant<FiniteObject, StochasticMatrix>
export type FinStochArbitraries = Arbitraries<FiniteObject, StochasticMatrix>

export const matrixOf = (
  domain: FiniteObject,
  codomain: FiniteObject,
  entry: (x: number, y: number) => number,
): StochasticMatrix => {
  const columns = sizeOfObject(codomain)
  const length = sizeOfObject(domain) * columns
  return {
    domain,
    codomain,
    entries: Float64Array.from({ length }, (_, index) => entry(Math.floor(index / columns), index % columns)),
  }
}

export const rowOf = ({ codomain, entries }: StochasticMatrix, x: number): Float64Array => {
  const columns = sizeOfObject(codomain)
  return entries.subarray(x * columns, (x + 1) * columns)
}

/** The sum of each row. */
export const sumsOf = (f: StochasticMatrix): readonly number[] =>
  Array.from({ length: sizeOfObject(f.domain) }, (_, x) => rowOf(f, x).reduce((sum, entry) => sum + entry, 0))

export const withEntries = (f: StochasticMatrix, change: (entry: number) => number): StochasticMatrix => ({
  ...f,
  entries: f.entries.map((entry) => change(entry)),
})

export const withRows = (
  f: StochasticMatrix,
  change: (row: Float64Array, x: number) => Float64Array,
): StochasticMatrix => ({
  ...f,
  entries: Float64Array.from(
    Array.from({ length: sizeOfObject(f.domain) }, (_, x) => [...change(rowOf(f, x), x)]).flat(),
  ),
})

/** Every row as the point mass at its first largest entry. */
export const determinised = (f: StochasticMatrix): StochasticMatrix =>
  stochasticMap(f.domain, f.codomain, (x) => rowOf(f, x).indexOf(Math.max(...rowOf(f, x))))

export const isUnit = (object: FiniteObject): boolean => object.length === 0
export const isEndomorphism = ({ domain, codomain }: StochasticMatrix): boolean => FinStoch.sameObject(domain, codomain)

/** Objects with a single factor: what a test of the laws on generators alone would draw. */
export const atoms: FinStochArbitraries = {
  ...finStochArbitraries,
  object: fc.integer({ min: 1, max: 3 }).map((size) => [size]),
}

/** Single factors, and morphisms that often agree in part: what reaches faults of an equality. */
export const alike: FinStochArbitraries = {
  ...finStochArbitraries,
  object: fc.constantFrom([2], [3]),
  morphism: (domain, codomain) =>
    fc.oneof(finStochArbitraries.deterministic(domain, codomain), finStochArbitraries.morphism(domain, codomain)),
}

/** The arbitraries of FinStoch, with every row of every morphism changed by a random amount. */
export const changedRows = (
  amounts: fc.Arbitrary<number>,
  change: (row: Float64Array, amount: number) => Float64Array,
  { morphism, deterministic }: Pick<FinStochArbitraries, 'morphism' | 'deterministic'>,
): FinStochArbitraries => {
  const changed =
    (draw: FinStochArbitraries['morphism']): FinStochArbitraries['morphism'] =>
    (domain, codomain) => {
      const rows = sizeOfObject(domain)
      return fc
        .tuple(draw(domain, codomain), fc.array(amounts, { minLength: rows, maxLength: rows }))
        .map(([f, chosen]) => withRows(f, (row, x) => change(row, chosen[x]!)))
    }
  return { ...finStochArbitraries, morphism: changed(morphism), deterministic: changed(deterministic) }
}
