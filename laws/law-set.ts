/**
 * Law sets: the laws of a theory, about one category, with the arbitraries to check them with.
 */
import type { Arbitraries } from './arbitraries/arbitraries.js'
import type { Law } from './law.js'
import type { MarkovStructure } from '../src/category/markov-category.js'
import { carrier } from './theories/carrier.js'
import { categories } from './theories/category.js'
import { copyDiscardCategories } from './theories/copy-discard.js'
import { chance } from './theories/chance.js'
import { determinism } from './theories/determinism.js'
import { markovCategories } from './theories/markov.js'
import { monoidalCategories } from './theories/monoidal.js'
import { symmetricMonoidalCategories } from './theories/symmetric-monoidal.js'
import { lawsOf, type Theory } from './theories/theory.js'

/** A law about one category. */
export interface LawAbout<Obj, Mor> {
  readonly law: Law
  readonly category: MarkovStructure<Obj, Mor>
  readonly arbitraries: Arbitraries<Obj, Mor>
}

export interface LawSet<Obj, Mor> {
  readonly name: string
  readonly category: MarkovStructure<Obj, Mor>
  readonly laws: readonly LawAbout<Obj, Mor>[]
}

type LawsOf = <Obj, Mor>(category: MarkovStructure<Obj, Mor>, arbitraries: Arbitraries<Obj, Mor>) => LawSet<Obj, Mor>

/** The laws of a theory and its ancestors, about a category. */
export const lawSet =
  (theory: Theory): LawsOf =>
  (category, arbitraries) => ({
    name: theory.name,
    category,
    laws: lawsOf(theory).map((law) => ({ law, category, arbitraries })),
  })

/** Groups A1 to A4: categories. */
export const categoryLaws: LawsOf = lawSet(categories)
/** Group B, and A: strict monoidal categories. */
export const monoidalLaws: LawsOf = lawSet(monoidalCategories)
/** Group C, and A, B: symmetric monoidal categories. */
export const symmetricMonoidalLaws: LawsOf = lawSet(symmetricMonoidalCategories)
/** Groups D and E, and A to C: copy-discard (gs-monoidal) categories. */
export const copyDiscardLaws: LawsOf = lawSet(copyDiscardCategories)
/** Groups G1 to G3, and A to E: what it means that a morphism is deterministic. */
export const determinismLaws: LawsOf = lawSet(determinism)
/** Groups O1 and O2, and A to E: equality and validity of what the morphisms are made of. */
export const carrierLaws: LawsOf = lawSet(carrier)
/**
 * Every law of a Markov category: groups A to F, G1 to G3, O1 and O2.
 *
 * @example
 * markovLaws(FinStoch, finStochArbitraries).laws.map(({ law }) => law.group).includes('F1') // => true
 */
export const markovLaws: LawsOf = lawSet(markovCategories)
/** G5, and every law of a Markov category: it is not cartesian. A category of functions does not satisfy G5, and need not. */
export const chanceLaws: LawsOf = lawSet(chance)
