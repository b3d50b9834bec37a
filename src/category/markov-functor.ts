/**
 * Strict Markov functors: what carries the meaning of diagrams from one category to another.
 *
 * A functor preserves composition, tensor product, swaps, copy and discard; interpretations of diagrams are functors from the free
 * Markov category, and where two interpretations are related by a functor, the second is the first followed by it.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import type { MarkovStructure } from './markov-category.js'

export interface MarkovFunctor<ObjA, MorA, ObjB, MorB> {
  readonly name: string
  readonly source: MarkovStructure<ObjA, MorA>
  readonly target: MarkovStructure<ObjB, MorB>
  readonly onObject: (a: ObjA) => ObjB
  readonly onMorphism: (f: MorA) => MorB
}
