/**
 * Bayesian inversion from conditionals.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import type { MarkovStructure } from './markov-category.js'

/** What a category needs to have Bayesian inverses by this construction. */
type WithConditional<Obj, Mor> = Pick<
  MarkovStructure<Obj, Mor>,
  'domain' | 'codomain' | 'id' | 'seq' | 'par' | 'copy'
> & {
  readonly conditional: (f: Mor, x: Obj, y: Obj) => Mor
}

/**
 * The joint morphism p ; copy ; (f ⊗ id) : A -> Y ⊗ X of a prior p : A -> X and f : X -> Y.
 */
export const jointOf = <Obj, Mor>(
  { seq, par, copy, id, codomain }: Pick<MarkovStructure<Obj, Mor>, 'codomain' | 'id' | 'seq' | 'par' | 'copy'>,
  prior: Mor,
  f: Mor,
): Mor => {
  const x = codomain(prior)
  return seq(seq(prior, copy(x)), par(f, id(x)))
}

/** f† : Y ⊗ A -> X as the conditional on Y of the joint morphism; unique up to almost sure equality, as conditionals are. */
export const inverseByConditional = <Obj, Mor>(category: WithConditional<Obj, Mor>, prior: Mor, f: Mor): Mor =>
  category.conditional(jointOf(category, prior, f), category.codomain(f), category.codomain(prior))
