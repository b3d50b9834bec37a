/**
 * From exact probabilities to doubles.
 */
import { type ExactStochasticMatrix, FinStochExact } from '../fin-stoch-exact.js'
import { FinStoch, type StochasticMatrix } from '../fin-stoch.js'
import type { FiniteObject } from '../finite-object.js'
import type { MarkovFunctor } from '../markov-functor.js'
import { nearestDouble } from '../nearest-double.js'

/**
 * FinStochExact -> FinStoch: every probability as the nearest double.
 *
 * It preserves composites and tensor products up to rounding, and so up to the equality of FinStoch. It does not preserve supports: a
 * probability below 2^-1075 becomes zero.
 */
export const rounding: MarkovFunctor<FiniteObject, ExactStochasticMatrix, FiniteObject, StochasticMatrix> = {
  name: 'rounding of fin-stoch-exact',
  source: FinStochExact,
  target: FinStoch,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, rows }) => ({
    domain,
    codomain,
    entries: Float64Array.from(
      rows.flatMap(({ numerators, denominator }) =>
        numerators.map((numerator) => nearestDouble(numerator, denominator)),
      ),
    ),
  }),
}
