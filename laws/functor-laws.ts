/**
 * The laws of strict Markov functors: a functor preserves what a Markov category is made of.
 *
 * Three kinds of functor are meant. A lift of functions into a category (group G4: every image is deterministic); an interpretation
 * of diagrams (group N); and a comparison of two categories, as that of a stochastic matrix with its support.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import * as fc from 'fast-check'

import type { MarkovFunctor } from '../src/category/markov-functor.js'
import type { Arbitraries } from './arbitraries/arbitraries.js'
import { lawOn } from './law-on.js'
import type { LawSet } from './law-set.js'
import { deterministic, morphism, object } from './variable.js'

/**
 * The laws of a functor, on morphisms of its source; a functor drawn at random, as the interpretation by random meanings, is an
 * arbitrary of functors between the same two categories.
 */
export const functorLaws = <ObjA, MorA, ObjB, MorB>(
  functor: MarkovFunctor<ObjA, MorA, ObjB, MorB> | fc.Arbitrary<MarkovFunctor<ObjA, MorA, ObjB, MorB>>,
  arbitraries: Arbitraries<ObjA, MorA>,
  options: { readonly group?: string; readonly name?: string } = {},
): LawSet => {
  const functors = functor instanceof fc.Arbitrary ? functor : fc.constant(functor)
  const name = options.name ?? (functor instanceof fc.Arbitrary ? 'functor' : functor.name)
  const group = options.group ?? 'N1'
  const about = lawOn<MarkovFunctor<ObjA, MorA, ObjB, MorB>, ObjA, MorA, ObjB, MorB>({
    name,
    subjects: functors,
    source: ({ source }) => source,
    target: ({ target }) => target,
    arbitraries,
    show: (drawn) => [{ name: 'F', value: drawn.name }],
  })
  return {
    name: 'strict Markov functor',
    category: name,
    laws: [
      about({
        group,
        name: 'a functor preserves ends',
        statement: 'F(f) : F(A) -> F(B)',
        where: { A: object, B: object, f: morphism('A', 'B') },
        claim: ({ onMorphism, onObject, target }, { A, B, f }) => ({
          kind: 'same-objects',
          left: () => [target.domain(onMorphism(f)), target.codomain(onMorphism(f))],
          right: () => [onObject(A), onObject(B)],
        }),
      }),
      about({
        group,
        name: 'a functor preserves tensor products of objects',
        statement: 'F(A ⊗ B) = F(A) ⊗ F(B), F(I) = I',
        where: { A: object, B: object },
        claim: ({ onObject, source, target }, { A, B }) => ({
          kind: 'same-objects',
          left: () => [onObject(source.tensor(A, B)), onObject(source.unit)],
          right: () => [target.tensor(onObject(A), onObject(B)), target.unit],
        }),
      }),
      about({
        group,
        name: 'a functor preserves identities',
        statement: 'F(id[A]) = id[F(A)]',
        where: { A: object },
        claim: ({ onMorphism, onObject, source, target }, { A }) => ({
          kind: 'equal',
          left: () => onMorphism(source.id(A)),
          right: () => target.id(onObject(A)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves composition',
        statement: 'F(f ; g) = F(f) ; F(g)',
        where: { A: object, B: object, C: object, f: morphism('A', 'B'), g: morphism('B', 'C') },
        claim: ({ onMorphism, source, target }, { f, g }) => ({
          kind: 'equal',
          left: () => onMorphism(source.seq(f, g)),
          right: () => target.seq(onMorphism(f), onMorphism(g)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves tensor products',
        statement: 'F(f ⊗ g) = F(f) ⊗ F(g)',
        where: { A: object, B: object, C: object, D: object, f: morphism('A', 'B'), g: morphism('C', 'D') },
        claim: ({ onMorphism, source, target }, { f, g }) => ({
          kind: 'equal',
          left: () => onMorphism(source.par(f, g)),
          right: () => target.par(onMorphism(f), onMorphism(g)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves swaps',
        statement: 'F(swap[A, B]) = swap[F(A), F(B)]',
        where: { A: object, B: object },
        claim: ({ onMorphism, onObject, source, target }, { A, B }) => ({
          kind: 'equal',
          left: () => onMorphism(source.swap(A, B)),
          right: () => target.swap(onObject(A), onObject(B)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves copies',
        statement: 'F(copy[A]) = copy[F(A)]',
        where: { A: object },
        claim: ({ onMorphism, onObject, source, target }, { A }) => ({
          kind: 'equal',
          left: () => onMorphism(source.copy(A)),
          right: () => target.copy(onObject(A)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves discards',
        statement: 'F(discard[A]) = discard[F(A)]',
        where: { A: object },
        claim: ({ onMorphism, onObject, source, target }, { A }) => ({
          kind: 'equal',
          left: () => onMorphism(source.discard(A)),
          right: () => target.discard(onObject(A)),
        }),
      }),
      about({
        group,
        name: 'a functor preserves determinism',
        statement: 'if u is deterministic, F(u) is',
        where: { A: object, B: object, u: deterministic('A', 'B') },
        claim: ({ onMorphism, target }, { u }) => ({
          kind: 'same-truth',
          left: () => target.isDeterministic(onMorphism(u)),
          right: () => true,
        }),
      }),
      about({
        group,
        name: 'the image of a morphism is valid',
        statement: 'validate accepts F(f)',
        where: { A: object, B: object, f: morphism('A', 'B') },
        claim: ({ onMorphism }, { f }) => ({ kind: 'valid', morphism: () => onMorphism(f) }),
      }),
    ],
  }
}
