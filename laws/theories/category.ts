/**
 * Categories: group A of the law list, as far as it is about composition.
 */
import { equation, property } from '../law.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import { morphism, object } from '../variable.js'
import type { Theory } from './theory.js'

/** The two ends of a morphism, as the side of a claim. */
export const ends = <Obj, Mor>(category: MarkovStructure<Obj, Mor>, f: Mor): readonly Obj[] => [
  category.domain(f),
  category.codomain(f),
]

/** Categories. */
export const categories: Theory = {
  name: 'category',
  parents: [],
  laws: [
    equation({
      name: 'left identity',
      group: 'A1',
      statement: 'id[A] ; f = f',
      where: { A: object, B: object, f: morphism('A', 'B') },
      left: ({ id, seq }, { A, f }) => seq(id(A), f),
      right: (_, { f }) => f,
    }),
    equation({
      name: 'right identity',
      group: 'A2',
      statement: 'f ; id[B] = f',
      where: { A: object, B: object, f: morphism('A', 'B') },
      left: ({ id, seq }, { B, f }) => seq(f, id(B)),
      right: (_, { f }) => f,
    }),
    equation({
      name: 'associativity',
      group: 'A3',
      statement: '(f ; g) ; h = f ; (g ; h)',
      where: {
        A: object,
        B: object,
        C: object,
        D: object,
        f: morphism('A', 'B'),
        g: morphism('B', 'C'),
        h: morphism('C', 'D'),
      },
      left: ({ seq }, { f, g, h }) => seq(seq(f, g), h),
      right: ({ seq }, { f, g, h }) => seq(f, seq(g, h)),
    }),
    property({
      name: 'ends of an identity',
      group: 'A4',
      statement: 'id[A] : A -> A',
      where: { A: object },
      claim: (category, { A }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.id(A)),
        right: () => [A, A],
      }),
    }),
    property({
      name: 'ends of a composite',
      group: 'A4',
      statement: 'f ; g : A -> C',
      where: { A: object, B: object, C: object, f: morphism('A', 'B'), g: morphism('B', 'C') },
      claim: (category, { A, C, f, g }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.seq(f, g)),
        right: () => [A, C],
      }),
    }),
    property({
      name: 'a misfit is rejected',
      group: 'A4',
      statement: 'f : A -> B and g : C -> D do not compose unless B = C',
      where: { A: object, B: object, C: object, D: object, f: morphism('A', 'B'), g: morphism('C', 'D') },
      distinct: [['B', 'C']],
      claim: (category, { f, g }) => ({ kind: 'rejected', morphism: () => category.seq(f, g) }),
    }),
  ],
}
