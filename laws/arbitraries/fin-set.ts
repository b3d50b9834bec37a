/**
 * Random functions between small sets.
 */
import * as fc from 'fast-check'

import type { FunctionTable } from '../../src/category/fin-set.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from './arbitraries.js'
import { finiteObjects } from './fin-stoch.js'

/** They shrink to the constant function at the first element. */
const functions = (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<FunctionTable> => {
  const inputs = sizeOfObject(domain)
  return fc
    .array(fc.nat(sizeOfObject(codomain) - 1), { minLength: inputs, maxLength: inputs })
    .map((images) => ({ domain, codomain, images: Float64Array.from(images) }))
}

/** Small sets, and any function between them. */
export const finSetArbitraries: Arbitraries<FiniteObject, FunctionTable> = {
  object: finiteObjects,
  morphism: functions,
  deterministic: functions,
}
