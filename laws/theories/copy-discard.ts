/**
 * Copy-discard categories, also called gs-monoidal: groups D and E of the law list.
 */
import { equation, property } from '../law.js'
import { object } from '../variable.js'
import { ends } from './category.js'
import { symmetricMonoidalCategories } from './symmetric-monoidal.js'
import type { Theory } from './theory.js'

/** Copy-discard categories: every object is a commutative comonoid, compatibly with the tensor product. */
export const copyDiscardCategories: Theory = {
  name: 'copy-discard category',
  parents: [symmetricMonoidalCategories],
  laws: [
    property({
      name: 'ends of a copy',
      group: 'A4',
      statement: 'copy[A] : A -> A ⊗ A',
      where: { A: object },
      claim: (category, { A }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.copy(A)),
        right: () => [A, category.tensor(A, A)],
      }),
    }),
    property({
      name: 'ends of a discard',
      group: 'A4',
      statement: 'discard[A] : A -> I',
      where: { A: object },
      claim: (category, { A }) => ({
        kind: 'same-objects',
        left: () => ends(category, category.discard(A)),
        right: () => [A, category.unit],
      }),
    }),
    equation({
      name: 'coassociativity of copy',
      group: 'D1',
      statement: 'copy[A] ; (copy[A] ⊗ id[A]) = copy[A] ; (id[A] ⊗ copy[A])',
      where: { A: object },
      left: ({ seq, par, copy, id }, { A }) => seq(copy(A), par(copy(A), id(A))),
      right: ({ seq, par, copy, id }, { A }) => seq(copy(A), par(id(A), copy(A))),
    }),
    equation({
      name: 'left counit',
      group: 'D2',
      statement: 'copy[A] ; (discard[A] ⊗ id[A]) = id[A]',
      where: { A: object },
      left: ({ seq, par, copy, discard, id }, { A }) => seq(copy(A), par(discard(A), id(A))),
      right: ({ id }, { A }) => id(A),
    }),
    equation({
      name: 'right counit',
      group: 'D3',
      statement: 'copy[A] ; (id[A] ⊗ discard[A]) = id[A]',
      where: { A: object },
      left: ({ seq, par, copy, discard, id }, { A }) => seq(copy(A), par(id(A), discard(A))),
      right: ({ id }, { A }) => id(A),
    }),
    equation({
      name: 'commutativity of copy',
      group: 'D4',
      statement: 'copy[A] ; swap[A, A] = copy[A]',
      where: { A: object },
      left: ({ seq, copy, swap }, { A }) => seq(copy(A), swap(A, A)),
      right: ({ copy }, { A }) => copy(A),
    }),
    equation({
      name: 'copy of a tensor product',
      group: 'E1',
      statement: 'copy[A ⊗ B] = (copy[A] ⊗ copy[B]) ; (id[A] ⊗ swap[A, B] ⊗ id[B])',
      where: { A: object, B: object },
      left: ({ copy, tensor }, { A, B }) => copy(tensor(A, B)),
      right: ({ seq, par, copy, swap, id }, { A, B }) => seq(par(copy(A), copy(B)), par(par(id(A), swap(A, B)), id(B))),
    }),
    equation({
      name: 'discard of a tensor product',
      group: 'E2',
      statement: 'discard[A ⊗ B] = discard[A] ⊗ discard[B]',
      where: { A: object, B: object },
      left: ({ discard, tensor }, { A, B }) => discard(tensor(A, B)),
      right: ({ par, discard }, { A, B }) => par(discard(A), discard(B)),
    }),
    equation({
      name: 'copy of the unit',
      group: 'E3',
      statement: 'copy[I] = id[I]',
      where: {},
      left: ({ copy, unit }) => copy(unit),
      right: ({ id, unit }) => id(unit),
    }),
    equation({
      name: 'discard of the unit',
      group: 'E4',
      statement: 'discard[I] = id[I]',
      where: {},
      left: ({ discard, unit }) => discard(unit),
      right: ({ id, unit }) => id(unit),
    }),
  ],
}
