/**
 * Conditional independence of the outputs of a morphism, in a Markov category with conditionals.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import type { ConditionalStructure } from './markov-category.js'

/** The three parts of the codomain of a morphism A -> X ⊗ Y ⊗ Z. */
export interface Parts<Obj> {
  readonly x: Obj
  readonly y: Obj
  readonly z: Obj
}

/**
 * The morphism A -> X ⊗ Y ⊗ Z that draws Z as p does, and then X and Y independently, each from Z and the input as in p.
 */
export const independentGiven =
  <Obj, Mor>(category: ConditionalStructure<Obj, Mor>) =>
  (p: Mor, { x, y, z }: Parts<Obj>): Mor => {
    const { seq, par, copy, swap, discard, id, tensor, domain, conditional } = category
    const a = domain(p)
    const za = tensor(z, a)
    const withX = seq(seq(p, par(par(id(x), discard(y)), id(z))), swap(x, z))
    const withY = seq(seq(p, par(par(discard(x), id(y)), id(z))), swap(y, z))
    const ofZ = seq(p, par(discard(tensor(x, y)), id(z)))
    const known = seq(copy(a), par(ofZ, id(a)))
    const yAndZ = seq(copy(za), par(conditional(withY, z, y), par(id(z), discard(a))))
    return seq(seq(known, copy(za)), par(conditional(withX, z, x), yAndZ))
  }

/**
 * Whether p : A -> X ⊗ Y ⊗ Z displays the independence of X and Y given Z, at every input: p is the morphism that `independentGiven`
 * makes of it. As exact as the category's equality.
 *
 * @example
 * const collider = toUnion(FinStoch.read([[0.25, 0, 0, 0.25, 0, 0.25, 0.25, 0]], [], [2, 2, 2], 'two coins and whether they differ'))
 * const independent = conditionallyIndependent(FinStoch)
 * independent(collider, { x: [2], y: [2], z: [2] }) // => false
 * independent(FinStoch.seq(collider, FinStoch.par(FinStoch.id([2, 2]), FinStoch.discard([2]))), { x: [2], y: [2], z: [] }) // => true
 */
export const conditionallyIndependent =
  <Obj, Mor>(category: ConditionalStructure<Obj, Mor>) =>
  (p: Mor, parts: Parts<Obj>): boolean =>
    category.equals(p, independentGiven(category)(p, parts))
