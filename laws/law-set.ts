/**
 * Law sets: the laws of a theory, about one category, with the random cases to check them with.
 */
import type * as fc from 'fast-check'

import type { MarkovStructure } from '../src/category/markov-category.js'
import { type Arbitraries, arbitraryValues } from './arbitraries/arbitraries.js'
import type { BindingText } from './binding-text.js'
import { bindingTexts } from './binding-text.js'
import { initialLaws } from './initial-laws.js'
import { type Judgement, judge } from './judge.js'
import type { Law, LawDescription } from './law.js'
import { almostSureEquality } from './theories/almost-sure.js'
import { carrier } from './theories/carrier.js'
import { categories } from './theories/category.js'
import { causality } from './theories/causality.js'
import { chance } from './theories/chance.js'
import { conditionalIndependence } from './theories/conditional-independence.js'
import { conditionals } from './theories/conditionals.js'
import { copyDiscardCategories } from './theories/copy-discard.js'
import { determinism } from './theories/determinism.js'
import { inversion } from './theories/inversion.js'
import { exactEquality } from './theories/exact-equality.js'
import { monoidalCategories } from './theories/monoidal.js'
import { positivity } from './theories/positivity.js'
import { symmetricMonoidalCategories } from './theories/symmetric-monoidal.js'
import { lawsOf, type Theory } from './theories/theory.js'

/** One case of a law: what its variables stand for, and how the law fares. */
export interface LawCase {
  readonly judgement: () => Judgement
  readonly bindings: () => readonly BindingText[]
}

/** A law about one category, whatever its objects and morphisms are. */
export interface LawAbout {
  readonly law: LawDescription & Pick<Law, 'diagrams'>
  /** The name of what it is about. */
  readonly category: string
  readonly cases: fc.Arbitrary<LawCase>
}

export interface LawSet {
  readonly name: string
  readonly category: string
  readonly laws: readonly LawAbout[]
}

type LawsOf = <Obj, Mor>(category: MarkovStructure<Obj, Mor>, arbitraries: Arbitraries<Obj, Mor>) => LawSet

/** A law about a category, on random cases. */
export const lawAbout = <Obj, Mor>(
  law: Law,
  category: MarkovStructure<Obj, Mor>,
  arbitraries: Arbitraries<Obj, Mor>,
): LawAbout => ({
  law,
  category: category.name,
  cases: arbitraryValues(law.variables, category, arbitraries).map((values) => ({
    judgement: () =>
      law.distinct.some(([a, b]) => category.sameObject(values.objects[a]!, values.objects[b]!))
        ? { verdict: 'idle', left: () => '', right: () => '' }
        : judge(category, law.claim(category, values)),
    bindings: () => bindingTexts(law.variables, values, category),
  })),
})

/** The laws of a theory and its ancestors, about a category. */
export const lawSet =
  (theory: Theory): LawsOf =>
  (category, arbitraries) => ({
    name: theory.name,
    category: category.name,
    laws: lawsOf(theory).map((law) => lawAbout(law, category, arbitraries)),
  })

/** Several sets about one category as one; a law that several have is checked once. */
export const unionOf = (name: string, ...sets: readonly LawSet[]): LawSet => {
  const known = new Set<string>()
  const laws = sets
    .flatMap((set) => set.laws)
    .filter(({ law, category }) => {
      const key = JSON.stringify([law.group, law.name, category])
      return known.has(key) ? false : known.add(key)
    })
  return { name, category: sets[0]?.category ?? '', laws }
}

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
/** Groups O1 and O2 with transitivity, and A to E: for categories whose equality is exact. */
export const exactLaws: LawsOf = lawSet(exactEquality)
/** Group H, and those of a Markov category: almost sure equality. */
export const almostSureLaws: LawsOf = lawSet(almostSureEquality)
/** Group K, and those of a Markov category. Not every Markov category is positive. */
export const positivityLaws: LawsOf = lawSet(positivity)
/** Group L, and positivity. Not every Markov category is causal, and not every positive one is. */
export const causalityLaws: LawsOf = lawSet(causality)
/** Groups I, J, K, L and M: what a category with `conditional` and `inverse` satisfies. */
export const conditionalLaws: LawsOf = (category, arbitraries) =>
  unionOf(
    'Markov category with conditionals',
    ...[conditionals, inversion, causality, conditionalIndependence].map((theory) =>
      lawSet(theory)(category, arbitraries),
    ),
  )
/**
 * Every law that a category claims to satisfy: those of a Markov category (groups A to F, G1 to G3, H, O1 and O2); where it has the
 * operation `conditional`, those of a Markov category with conditionals (groups I to M); where it has an empty object, O3.
 *
 * @example
 * markovLaws(FinStoch, finStochArbitraries).laws.map(({ law }) => law.group).includes('I1') // => true
 */
export const markovLaws: LawsOf = (category, arbitraries) => {
  const { conditional, initial } = category
  const laws =
    conditional === undefined ? almostSureLaws(category, arbitraries) : conditionalLaws(category, arbitraries)
  return initial === undefined ? laws : unionOf(laws.name, laws, initialLaws(category, initial, arbitraries))
}
/** G5, and `markovLaws`: the category is not cartesian. A category of functions does not satisfy G5, and need not. */
export const chanceLaws: LawsOf = (category, arbitraries) => {
  const laws = markovLaws(category, arbitraries)
  return unionOf(`${laws.name} with chance`, laws, lawSet(chance)(category, arbitraries))
}
