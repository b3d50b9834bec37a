/**
 * Symmetric strict monoidal categories: group C of the law list.
 */
import { equation, property } from '../law.js'
import { morphism, object } from '../variable.js'
import { ends } from './category.js'
import { monoidalCategories } from './monoidal.js'
import type { Theory } from './theory.js'

/**
 * Symmetric monoidal categories.
 *
 * Naturality needs factors of different sizes: a swap that is the identity matrix is natural for endomorphisms of one set, and is
 * its own inverse always.
 */
export const symmetricMonoidalCategories: Theory = {
  name: 'symmetric monoidal category',
  parents: [monoidalCategories],
  laws: [
    property({
      name: 'ends of a swap',
      group: 'A4',
      statement: 'swap[A, B] : A ⊗ B -> B ⊗ A',
      where: { A: object, B: object },
      claim: (category, { A, B }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.swap(A, B)),
        right: () => [category.tensor(A, B), category.tensor(B, A)],
      }),
    }),
    equation({
      name: 'swap is its own inverse',
      group: 'C1',
      statement: 'swap[A, B] ; swap[B, A] = id[A ⊗ B]',
      where: { A: object, B: object },
      left: ({ seq, swap }, { A, B }) => seq(swap(A, B), swap(B, A)),
      right: ({ id, tensor }, { A, B }) => id(tensor(A, B)),
    }),
    equation({
      name: 'hexagon',
      group: 'C2',
      statement: 'swap[A, B ⊗ C] = (swap[A, B] ⊗ id[C]) ; (id[B] ⊗ swap[A, C])',
      where: { A: object, B: object, C: object },
      left: ({ swap, tensor }, { A, B, C }) => swap(A, tensor(B, C)),
      right: ({ seq, par, swap, id }, { A, B, C }) => seq(par(swap(A, B), id(C)), par(id(B), swap(A, C))),
    }),
    equation({
      name: 'mirror hexagon',
      group: 'C3',
      statement: 'swap[A ⊗ B, C] = (id[A] ⊗ swap[B, C]) ; (swap[A, C] ⊗ id[B])',
      where: { A: object, B: object, C: object },
      left: ({ swap, tensor }, { A, B, C }) => swap(tensor(A, B), C),
      right: ({ seq, par, swap, id }, { A, B, C }) => seq(par(id(A), swap(B, C)), par(swap(A, C), id(B))),
    }),
    equation({
      name: 'naturality of swap',
      group: 'C4',
      statement: '(f ⊗ g) ; swap[B, D] = swap[A, C] ; (g ⊗ f)',
      where: { A: object, B: object, C: object, D: object, f: morphism('A', 'B'), g: morphism('C', 'D') },
      left: ({ seq, par, swap }, { B, D, f, g }) => seq(par(f, g), swap(B, D)),
      right: ({ seq, par, swap }, { A, C, f, g }) => seq(swap(A, C), par(g, f)),
    }),
    equation({
      name: 'swap with the unit',
      group: 'C5',
      statement: 'swap[A, I] = id[A]',
      where: { A: object },
      left: ({ swap, unit }, { A }) => swap(A, unit),
      right: ({ id }, { A }) => id(A),
    }),
  ],
}
