/**
 * Functions as kernels: the inclusions of FinSet, on the same objects.
 *
 * A Markov category of finite sets has FinSet as its deterministic morphisms; the inclusions are faithful.
 */
import { type ExactStochasticMatrix, exactStochasticMap, FinStochExact } from '../fin-stoch-exact.js'
import { FinStoch, stochasticMap, type StochasticMatrix } from '../fin-stoch.js'
import { FinSetMulti, type MultivaluedFunction, multivaluedFunction } from '../fin-set-multi.js'
import { FinSet, type FunctionTable } from '../fin-set.js'
import type { FiniteObject } from '../finite-object.js'
import type { MarkovFunctor } from '../markov-functor.js'

/** FinSet -> FinStochExact: a function as the point masses at its images. */
export const inclusionInFinStochExact: MarkovFunctor<FiniteObject, FunctionTable, FiniteObject, ExactStochasticMatrix> =
  {
    name: 'inclusion of fin-set in fin-stoch-exact',
    source: FinSet,
    target: FinStochExact,
    onObject: (a) => a,
    onMorphism: ({ domain, codomain, images }) => exactStochasticMap(domain, codomain, (x) => images[x]!),
  }

/** FinSet -> FinStoch: a function as the matrix of zeros and ones; exact, as no rounding happens to zeros and ones. */
export const inclusionInFinStoch: MarkovFunctor<FiniteObject, FunctionTable, FiniteObject, StochasticMatrix> = {
  name: 'inclusion of fin-set in fin-stoch',
  source: FinSet,
  target: FinStoch,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, images }) => stochasticMap(domain, codomain, (x) => images[x]!),
}

/** FinSet -> FinSetMulti: a function as the relation that is its graph. */
export const inclusionInFinSetMulti: MarkovFunctor<FiniteObject, FunctionTable, FiniteObject, MultivaluedFunction> = {
  name: 'inclusion of fin-set in fin-set-multi',
  source: FinSet,
  target: FinSetMulti,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, images }) => multivaluedFunction(domain, codomain, (x) => [images[x]!]),
}
