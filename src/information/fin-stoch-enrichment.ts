/**
 * FinStoch enriched in each divergence: D of two kernels is the supremum over their inputs.
 */
import type { DivergenceEnrichment } from '../category/divergence-enrichment.js'
import type { StochasticMatrix } from '../category/fin-stoch.js'
import { additiveEnrichment } from './additive-enrichment.js'
import {
  chiSquared,
  type Divergence,
  hellingerDistance,
  jensenShannon,
  jensenShannonDistance,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  squaredHellinger,
  totalVariation,
  tsallis,
} from './divergence.js'
import { kernelDivergence } from './kernel-divergence.js'

/**
 * A divergence as an enrichment of FinStoch.
 *
 * @example
 * finStochEnrichment(totalVariation).divergence(FinStoch.id([2]), FinStoch.id([2])) // => 0
 * finStochEnrichment(tsallis(2)).additive // => false
 */
export const finStochEnrichment = (d: Divergence): DivergenceEnrichment<StochasticMatrix> => ({
  name: showDivergence(d),
  divergence: (f, g) => kernelDivergence(d, f, g).supremum,
  additive: additiveEnrichment(d).kind === 'additive',
})

/** The divergences of the library, with some orders of the two families. */
export const exampleDivergences: readonly Divergence[] = [
  kullbackLeibler,
  reverseKullbackLeibler,
  totalVariation,
  squaredHellinger,
  hellingerDistance,
  jensenShannon,
  jensenShannonDistance,
  chiSquared,
  ...[0, 0.5, 1, 2, 3, Infinity].map(renyi),
  ...[0, 0.5, 1, 1.5, 2].map(tsallis),
]
