/**
 * From exact Gaussian maps to float ones: every rational number as its nearest double.
 */
import { Gauss, type GaussianMap } from '../gauss.js'
import { type ExactGaussianMap, GaussExact } from '../gauss-exact.js'
import type { MarkovFunctor } from '../markov-functor.js'
import { type Rational, toNumber } from '../rational.js'
import type { RealObject } from '../real-object.js'

const rounded = (entries: readonly Rational[]): Float64Array => Float64Array.from(entries, toNumber)

/** The rounding functor; it preserves composition up to the budget of float equality. */
export const gaussRounding: MarkovFunctor<RealObject, ExactGaussianMap, RealObject, GaussianMap> = {
  name: 'rounding of Gaussian maps',
  source: GaussExact,
  target: Gauss,
  onObject: (a) => a,
  onMorphism: ({ domain, codomain, matrix, shift, covariance }) => ({
    domain,
    codomain,
    matrix: rounded(matrix),
    shift: rounded(shift),
    covariance: rounded(covariance),
  }),
}
