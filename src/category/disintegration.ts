/**
 * Disintegration: a joint morphism as a marginal and a conditional, and back.
 *
 * Source: K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import type { ConditionalStructure, MarkovStructure } from './markov-category.js'

/** The two parts of a morphism f : A -> X ⊗ Y. */
export interface Disintegration<Mor> {
  /** f_X : A -> X. */
  readonly marginal: Mor
  /** f|_X : X ⊗ A -> Y. */
  readonly conditional: Mor
}

/**
 * The marginal f ; (id[X] ⊗ discard[Y]) of a morphism f : A -> X ⊗ Y, and a conditional of it.
 *
 * @example
 * const joint = toUnion(FinStoch.read([[0.1, 0.3, 0.6, 0]], [], [2, 2], 'joint'))
 * const { marginal, conditional } = disintegrate(FinStoch)(joint, [2], [2])
 * Array.from(marginal.entries) // => [0.4, 0.6]
 * Array.from(conditional.entries) // => [0.25, 0.75, 1, 0]
 */
export const disintegrate =
  <Obj, Mor>(category: ConditionalStructure<Obj, Mor>) =>
  (f: Mor, x: Obj, y: Obj): Disintegration<Mor> => ({
    marginal: category.seq(f, category.par(category.id(x), category.discard(y))),
    conditional: category.conditional(f, x, y),
  })

/**
 * copy[A] ; (f_X ; copy[X] ⊗ id[A]) ; (id[X] ⊗ f|_X) : A -> X ⊗ Y, the morphism that disintegrates into these parts.
 *
 * @example
 * const joint = toUnion(FinStoch.read([[0.1, 0.3, 0.6, 0]], [], [2, 2], 'joint'))
 * FinStoch.equals(reassemble(FinStoch)(disintegrate(FinStoch)(joint, [2], [2])), joint) // => true
 */
export const reassemble =
  <Obj, Mor>(category: Pick<MarkovStructure<Obj, Mor>, 'domain' | 'codomain' | 'id' | 'seq' | 'par' | 'copy'>) =>
  ({ marginal, conditional }: Disintegration<Mor>): Mor => {
    const { seq, par, copy, id, domain, codomain } = category
    const [a, x] = [domain(marginal), codomain(marginal)]
    const kept = par(seq(marginal, copy(x)), id(a))
    return seq(seq(copy(a), kept), par(id(x), conditional))
  }
