/**
 * Broken versions of FinStoch: faults seen in instances of others, and more until every law catches one.
 */
import { carrierMutants } from './carrier.js'
import { conditioningMutants } from './conditioning.js'
import type { FinStochMutant } from './matrix.js'
import { membershipMutants } from './membership.js'
import { structureMutants } from './structure.js'

/** Broken versions of FinStoch, each with the groups of the laws that reject it. */
export const finStochMutants: readonly FinStochMutant[] = [
  ...structureMutants,
  ...conditioningMutants,
  ...membershipMutants,
  ...carrierMutants,
]
