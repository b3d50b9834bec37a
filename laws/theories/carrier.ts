/**
 * The carrier of an instance, what its morphisms are made of: group O of the law list.
 *
 * Equality up to a budget is not transitive, so transitivity is no law here; the category states its metric and budget.
 */
import { property } from '../law.js'
import { morphism, object, rival } from '../variable.js'
import { copyDiscardCategories } from './copy-discard.js'
import type { Theory } from './theory.js'

const pair = { A: object, B: object, f: morphism('A', 'B'), g: rival('f') }

/** Equality is a congruence, and every operation gives what `validate` accepts. */
export const carrier: Theory = {
  name: 'carrier',
  parents: [copyDiscardCategories],
  laws: [
    property({
      name: 'equality is reflexive',
      group: 'O1',
      statement: 'f equals f',
      where: { A: object, B: object, f: morphism('A', 'B') },
      claim: ({ equals }, { f }) => ({ kind: 'same-truth', left: () => equals(f, f), right: () => true }),
    }),
    property({
      name: 'equality is symmetric',
      group: 'O1',
      statement: 'f equals g if and only if g equals f',
      where: pair,
      claim: ({ equals }, { f, g }) => ({
        kind: 'same-truth',
        left: () => equals(f, g),
        right: () => equals(g, f),
      }),
    }),
    property({
      name: 'equality survives composition before',
      group: 'O1',
      statement: 'if f equals g, then h ; f equals h ; g',
      where: { ...pair, X: object, h: morphism('X', 'A') },
      claim: ({ equals, seq }, { f, g, h }) => ({
        kind: 'implies',
        left: () => equals(f, g),
        right: () => equals(seq(h, f), seq(h, g)),
      }),
    }),
    property({
      name: 'equality survives composition after',
      group: 'O1',
      statement: 'if f equals g, then f ; h equals g ; h',
      where: { ...pair, X: object, h: morphism('B', 'X') },
      claim: ({ equals, seq }, { f, g, h }) => ({
        kind: 'implies',
        left: () => equals(f, g),
        right: () => equals(seq(f, h), seq(g, h)),
      }),
    }),
    property({
      name: 'equality survives the tensor product',
      group: 'O1',
      statement: 'if f equals g, then f ⊗ h equals g ⊗ h, and h ⊗ f equals h ⊗ g',
      where: { ...pair, X: object, Y: object, h: morphism('X', 'Y') },
      claim: ({ equals, par }, { f, g, h }) => ({
        kind: 'implies',
        left: () => equals(f, g),
        right: () => equals(par(f, h), par(g, h)) && equals(par(h, f), par(h, g)),
      }),
    }),
    property({
      name: 'equality tells ends apart',
      group: 'O1',
      statement: 'f : A -> B and g : C -> B do not equal unless A = C',
      where: { A: object, B: object, C: object, f: morphism('A', 'B'), g: morphism('C', 'B') },
      distinct: [['A', 'C']],
      claim: ({ equals }, { f, g }) => ({ kind: 'same-truth', left: () => equals(f, g), right: () => false }),
    }),
    property({
      name: 'identities are valid',
      group: 'O2',
      statement: 'validate accepts id[A]',
      where: { A: object },
      claim: ({ id }, { A }) => ({ kind: 'valid', morphism: () => id(A) }),
    }),
    property({
      name: 'composites are valid',
      group: 'O2',
      statement: 'validate accepts f ; g',
      where: { A: object, B: object, C: object, f: morphism('A', 'B'), g: morphism('B', 'C') },
      claim: ({ seq }, { f, g }) => ({ kind: 'valid', morphism: () => seq(f, g) }),
    }),
    property({
      name: 'tensor products are valid',
      group: 'O2',
      statement: 'validate accepts f ⊗ g',
      where: { A: object, B: object, C: object, D: object, f: morphism('A', 'B'), g: morphism('C', 'D') },
      claim: ({ par }, { f, g }) => ({ kind: 'valid', morphism: () => par(f, g) }),
    }),
    property({
      name: 'swaps are valid',
      group: 'O2',
      statement: 'validate accepts swap[A, B]',
      where: { A: object, B: object },
      claim: ({ swap }, { A, B }) => ({ kind: 'valid', morphism: () => swap(A, B) }),
    }),
    property({
      name: 'copies are valid',
      group: 'O2',
      statement: 'validate accepts copy[A]',
      where: { A: object },
      claim: ({ copy }, { A }) => ({ kind: 'valid', morphism: () => copy(A) }),
    }),
    property({
      name: 'discards are valid',
      group: 'O2',
      statement: 'validate accepts discard[A]',
      where: { A: object },
      claim: ({ discard }, { A }) => ({ kind: 'valid', morphism: () => discard(A) }),
    }),
  ],
}
