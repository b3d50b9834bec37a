/**
 * Broken instances: what shows that the laws have teeth.
 */
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import { causalityLaws, chanceLaws, type LawSet, unionOf } from '../law-set.js'

/** A category with one fault, as a function of the category without it. */
export interface Mutant<Obj, Mor> {
  readonly name: string
  readonly breaks: (category: MarkovStructure<Obj, Mor>) => MarkovStructure<Obj, Mor>
  /** The arbitraries that reach the fault, where those of the category do not. */
  readonly arbitraries?: Arbitraries<Obj, Mor>
  /** The laws that it is held against, where they are not `everyLaw`. */
  readonly laws?: (category: MarkovStructure<Obj, Mor>, arbitraries: Arbitraries<Obj, Mor>) => LawSet
  /** How many cases it takes to reach the fault, where the usual number does not. */
  readonly runs?: number
  /**
   * The groups of the laws that do not pass, all of them: a law set must reject the mutant by exactly these. A law that no case can be
   * tried of, as no case satisfies its conditions, has not passed.
   */
  readonly caughtBy: readonly string[]
  /** Groups of laws that catch it too, but in so few cases that a hundred may pass. */
  readonly rarelyCaughtBy?: readonly string[]
  /** What the fault teaches about the laws, where that is not plain. */
  readonly note?: string
}

/** A broken instance with the laws that it is held against, whatever its objects and morphisms are. */
export interface MutantCase {
  /** The name of what is broken. */
  readonly category: string
  readonly name: string
  /** Made when they are asked for: there are many mutants, and more laws. */
  readonly laws: () => LawSet
  readonly runs?: number
  readonly caughtBy: readonly string[]
  readonly rarelyCaughtBy: readonly string[]
  readonly note?: string
}

/** Groups of laws from one line of text. */
export const groups = (text: string): readonly string[] => text.split(' ')

/** A mutant of a category, under a name of its own. */
export const mutate = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  mutant: Mutant<Obj, Mor>,
): MarkovStructure<Obj, Mor> => ({ ...mutant.breaks(category), name: `${category.name} (${mutant.name})` })

/**
 * `chanceLaws`, and those of a causal Markov category: a mutant that has no conditionals is still asked whether it is positive and
 * causal.
 */
export const everyLaw = <Obj, Mor>(category: MarkovStructure<Obj, Mor>, arbitraries: Arbitraries<Obj, Mor>): LawSet =>
  unionOf('every law', chanceLaws(category, arbitraries), causalityLaws(category, arbitraries))

/** The laws of a set whose group starts with one of some letters. */
export const ofGroups = (letters: string, set: LawSet): LawSet => ({
  ...set,
  name: `${set.name}, groups ${[...letters].join(', ')}`,
  laws: set.laws.filter(({ law }) => letters.includes(law.group.slice(0, 1))),
})

/** The mutants of a category as cases. */
export const mutantCasesOf = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  arbitraries: Arbitraries<Obj, Mor>,
  mutants: readonly Mutant<Obj, Mor>[],
): readonly MutantCase[] =>
  mutants.map((mutant) => ({
    category: category.name,
    name: mutant.name,
    laws: () => (mutant.laws ?? everyLaw)(mutate(category, mutant), mutant.arbitraries ?? arbitraries),
    caughtBy: mutant.caughtBy,
    rarelyCaughtBy: mutant.rarelyCaughtBy ?? [],
    ...(mutant.runs === undefined ? {} : { runs: mutant.runs }),
    ...(mutant.note === undefined ? {} : { note: mutant.note }),
  }))
