/**
 * Strict monoidal categories: group B of the law list.
 */
import { equation, property } from '../law.js'
import { morphism, object } from '../variable.js'
import { categories, ends } from './category.js'
import type { Theory } from './theory.js'

/** Strict monoidal categories: objects are lists, so there are no associators and unitors to satisfy anything. */
export const monoidalCategories: Theory = {
  name: 'monoidal category',
  parents: [categories],
  laws: [
    property({
      name: 'ends of a tensor product',
      group: 'A4',
      statement: 'f ⊗ g : A ⊗ C -> B ⊗ D',
      where: { A: object, B: object, C: object, D: object, f: morphism('A', 'B'), g: morphism('C', 'D') },
      claim: (category, { A, B, C, D, f, g }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.par(f, g)),
        right: () => [category.tensor(A, C), category.tensor(B, D)],
      }),
    }),
    equation({
      name: 'interchange',
      group: 'B1',
      statement: '(f ; g) ⊗ (h ; k) = (f ⊗ h) ; (g ⊗ k)',
      where: {
        A: object,
        B: object,
        C: object,
        D: object,
        E: object,
        F: object,
        f: morphism('A', 'B'),
        g: morphism('B', 'C'),
        h: morphism('D', 'E'),
        k: morphism('E', 'F'),
      },
      left: ({ seq, par }, { f, g, h, k }) => par(seq(f, g), seq(h, k)),
      right: ({ seq, par }, { f, g, h, k }) => seq(par(f, h), par(g, k)),
    }),
    equation({
      name: 'tensor of identities',
      group: 'B2',
      statement: 'id[A] ⊗ id[B] = id[A ⊗ B]',
      where: { A: object, B: object },
      left: ({ par, id }, { A, B }) => par(id(A), id(B)),
      right: ({ tensor, id }, { A, B }) => id(tensor(A, B)),
    }),
    equation({
      name: 'tensor associativity',
      group: 'B3',
      statement: '(f ⊗ g) ⊗ h = f ⊗ (g ⊗ h)',
      where: {
        A: object,
        B: object,
        C: object,
        D: object,
        E: object,
        F: object,
        f: morphism('A', 'B'),
        g: morphism('C', 'D'),
        h: morphism('E', 'F'),
      },
      left: ({ par }, { f, g, h }) => par(par(f, g), h),
      right: ({ par }, { f, g, h }) => par(f, par(g, h)),
    }),
    equation({
      name: 'left unit of the tensor',
      group: 'B4',
      statement: 'id[I] ⊗ f = f',
      where: { A: object, B: object, f: morphism('A', 'B') },
      left: ({ par, id, unit }, { f }) => par(id(unit), f),
      right: (_, { f }) => f,
    }),
    equation({
      name: 'right unit of the tensor',
      group: 'B4',
      statement: 'f ⊗ id[I] = f',
      where: { A: object, B: object, f: morphism('A', 'B') },
      left: ({ par, id, unit }, { f }) => par(f, id(unit)),
      right: (_, { f }) => f,
    }),
    property({
      name: 'object associativity',
      group: 'B5',
      statement: '(A ⊗ B) ⊗ C = A ⊗ (B ⊗ C)',
      where: { A: object, B: object, C: object },
      claim: ({ tensor }, { A, B, C }) => ({
        kind: 'same-objects',
        left: () => [tensor(tensor(A, B), C)],
        right: () => [tensor(A, tensor(B, C))],
      }),
    }),
    property({
      name: 'object units',
      group: 'B5',
      statement: 'I ⊗ A = A and A ⊗ I = A',
      where: { A: object },
      claim: ({ tensor, unit }, { A }) => ({
        kind: 'same-objects',
        left: () => [tensor(unit, A), tensor(A, unit)],
        right: () => [A, A],
      }),
    }),
  ],
}
