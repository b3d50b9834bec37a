/**
 * Deterministic morphisms: group G of the law list.
 */
import { equation, property } from '../law.js'
import { deterministic, morphism, object } from '../variable.js'
import { copyDiscardCategories } from './copy-discard.js'
import type { Theory } from './theory.js'

/** The deterministic morphisms of a copy-discard category: those that copy is natural for. */
export const determinism: Theory = {
  name: 'deterministic morphisms',
  parents: [copyDiscardCategories],
  laws: [
    property({
      name: 'what isDeterministic decides',
      group: 'G1',
      statement: 'isDeterministic(f) if and only if f ; copy[B] = copy[A] ; (f ⊗ f)',
      where: { A: object, B: object, f: morphism('A', 'B') },
      claim: ({ isDeterministic, equals, seq, par, copy }, { A, B, f }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(f),
        right: () => equals(seq(f, copy(B)), seq(copy(A), par(f, f))),
      }),
    }),
    equation({
      name: 'naturality of copy for deterministic morphisms',
      group: 'G1',
      statement: 'u ; copy[B] = copy[A] ; (u ⊗ u)',
      where: { A: object, B: object, u: deterministic('A', 'B') },
      left: ({ seq, copy }, { B, u }) => seq(u, copy(B)),
      right: ({ seq, par, copy }, { A, u }) => seq(copy(A), par(u, u)),
    }),
    property({
      name: 'identities are deterministic',
      group: 'G2',
      statement: 'isDeterministic(id[A])',
      where: { A: object },
      claim: ({ isDeterministic, id }, { A }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(id(A)),
        right: () => true,
      }),
    }),
    property({
      name: 'swaps are deterministic',
      group: 'G2',
      statement: 'isDeterministic(swap[A, B])',
      where: { A: object, B: object },
      claim: ({ isDeterministic, swap }, { A, B }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(swap(A, B)),
        right: () => true,
      }),
    }),
    property({
      name: 'copies are deterministic',
      group: 'G2',
      statement: 'isDeterministic(copy[A])',
      where: { A: object },
      claim: ({ isDeterministic, copy }, { A }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(copy(A)),
        right: () => true,
      }),
    }),
    property({
      name: 'discards are deterministic',
      group: 'G2',
      statement: 'isDeterministic(discard[A])',
      where: { A: object },
      claim: ({ isDeterministic, discard }, { A }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(discard(A)),
        right: () => true,
      }),
    }),
    property({
      name: 'deterministic morphisms compose',
      group: 'G3',
      statement: 'isDeterministic(u ; v)',
      where: { A: object, B: object, C: object, u: deterministic('A', 'B'), v: deterministic('B', 'C') },
      claim: ({ isDeterministic, seq }, { u, v }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(seq(u, v)),
        right: () => true,
      }),
    }),
    property({
      name: 'tensor products of deterministic morphisms',
      group: 'G3',
      statement: 'isDeterministic(u ⊗ v)',
      where: { A: object, B: object, C: object, D: object, u: deterministic('A', 'B'), v: deterministic('C', 'D') },
      claim: ({ isDeterministic, par }, { u, v }) => ({
        kind: 'same-truth',
        left: () => isDeterministic(par(u, v)),
        right: () => true,
      }),
    }),
  ],
}
