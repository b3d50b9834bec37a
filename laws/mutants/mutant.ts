/**
 * Broken instances: what shows that the laws have teeth.
 */
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'

/** A category with one fault, as a function of the category without it. */
export interface Mutant<Obj, Mor> {
  readonly name: string
  readonly breaks: (category: MarkovStructure<Obj, Mor>) => MarkovStructure<Obj, Mor>
  /** The arbitraries that reach the fault, where those of the category do not. */
  readonly arbitraries?: Arbitraries<Obj, Mor>
  /** The groups of the laws that fail, all of them: a law set must reject the mutant by exactly these. */
  readonly caughtBy: readonly string[]
  /** Groups of laws that catch it too, but in so few cases that a hundred may pass. */
  readonly rarelyCaughtBy?: readonly string[]
  /** What the fault teaches about the laws, where that is not plain. */
  readonly note?: string
}

/** A mutant of a category, under a name of its own. */
export const mutate = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  mutant: Mutant<Obj, Mor>,
): MarkovStructure<Obj, Mor> => ({ ...mutant.breaks(category), name: `${category.name} (${mutant.name})` })
