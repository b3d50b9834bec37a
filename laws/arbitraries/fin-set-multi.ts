/**
 * Random multivalued functions between small sets.
 */
import * as fc from 'fast-check'

import { type MultivaluedFunction, multivaluedFunction } from '../../src/category/fin-set-multi.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from './arbitraries.js'
import { finiteObjects } from './fin-stoch.js'

/** Up to `most` possible outputs of each input; they shrink to the constant function at the first element. */
const relations =
  (most: number) =>
  (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<MultivaluedFunction> => {
    const inputs = sizeOfObject(domain)
    const outputs = fc.array(fc.nat(sizeOfObject(codomain) - 1), { minLength: 1, maxLength: most })
    return fc
      .array(outputs, { minLength: inputs, maxLength: inputs })
      .map((drawn) => multivaluedFunction(domain, codomain, (x) => drawn[x]!))
  }

/** Small sets, multivalued functions with up to four possible outputs of each input, and functions. */
export const finSetMultiArbitraries: Arbitraries<FiniteObject, MultivaluedFunction> = {
  object: finiteObjects,
  morphism: relations(4),
  deterministic: relations(1),
}
