/**
 * Supports: what is possible at all, of what is probable.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import { type ExactStochasticMatrix, FinStochExact } from '../fin-stoch-exact.js'
import { FinStoch, type StochasticMatrix } from '../fin-stoch.js'
import { FinSetMulti, type MultivaluedFunction } from '../fin-set-multi.js'
import type { FiniteObject } from '../finite-object.js'
import type { MarkovFunctor } from '../markov-functor.js'

/**
 * FinStochExact -> FinSetMulti: the outputs of positive probability.
 *
 * It preserves conditionals and Bayesian inverses exactly: the support of the uniform distribution of a null row is everything.
 */
export const exactSupport: MarkovFunctor<FiniteObject, ExactStochasticMatrix, FiniteObject, MultivaluedFunction> = {
  name: 'support of fin-stoch-exact',
  source: FinStochExact,
  target: FinSetMulti,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, rows }) => ({
    domain,
    codomain,
    entries: Uint8Array.from(rows.flatMap(({ numerators }) => numerators.map((numerator) => (numerator > 0n ? 1 : 0)))),
  }),
}

/**
 * FinStoch -> FinSetMulti: the outputs whose entry is not exactly zero.
 *
 * A functor as long as nothing underflows. A product of probabilities below 2^-1075, about 2.5e-324, is stored as zero, and then the
 * support of a composite or of a tensor product is smaller than that of its parts says. Nor does equality of FinStoch, which
 * has a budget, see supports: matrices that are equal may have different ones.
 */
export const floatSupport: MarkovFunctor<FiniteObject, StochasticMatrix, FiniteObject, MultivaluedFunction> = {
  name: 'support of fin-stoch',
  source: FinStoch,
  target: FinSetMulti,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, entries }) => ({
    domain,
    codomain,
    entries: Uint8Array.from(entries, (entry) => (entry > 0 ? 1 : 0)),
  }),
}
