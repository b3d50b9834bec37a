/**
 * Almost sure equality: morphisms that agree as far as a given morphism can tell.
 *
 * Source: K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019); T. Fritz, "A synthetic approach to
 * Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import type { MarkovStructure } from './markov-category.js'

/** p ; copy[X] ; (id[X] ⊗ f) : A -> X ⊗ Y of p : A -> X and f : X -> Y: what goes into f beside what comes out. */
export const jointWithOutput =
  <Obj, Mor>({
    codomain,
    seq,
    par,
    copy,
    id,
  }: Pick<MarkovStructure<Obj, Mor>, 'codomain' | 'seq' | 'par' | 'copy' | 'id'>) =>
  (p: Mor, f: Mor): Mor => {
    const x = codomain(p)
    return seq(seq(p, copy(x)), par(id(x), f))
  }

/**
 * copy[A] ; (p ⊗ id[A]) : A -> X ⊗ A of p : A -> X. Two conditionals X ⊗ A -> Y of one morphism agree almost surely with respect to
 * this, p being its marginal.
 */
export const keepInput =
  <Obj, Mor>({
    domain,
    seq,
    par,
    copy,
    id,
  }: Pick<MarkovStructure<Obj, Mor>, 'domain' | 'seq' | 'par' | 'copy' | 'id'>) =>
  (p: Mor): Mor => {
    const a = domain(p)
    return seq(copy(a), par(p, id(a)))
  }

/**
 * Whether f = g almost surely with respect to p: the joint morphisms p ; copy ; (id ⊗ f) and p ; copy ; (id ⊗ g) are equal.
 *
 * It is as exact as the category's equality: with a budget, f and g may differ where p gives less than the budget.
 *
 * @example
 * const [p, f, g] = [[[1, 0]], [[0.5, 0.5], [1, 0]], [[0.5, 0.5], [0, 1]]].map((rows) => toUnion(stochasticMatrix(rows)))
 * FinStoch.equals(f, g) // => false
 * almostSurelyEqual(FinStoch)({ ...p, domain: [] }, f, g) // => true
 */
export const almostSurelyEqual =
  <Obj, Mor>(category: MarkovStructure<Obj, Mor>) =>
  (p: Mor, f: Mor, g: Mor): boolean => {
    const joint = jointWithOutput(category)
    return category.equals(joint(p, f), joint(p, g))
  }
