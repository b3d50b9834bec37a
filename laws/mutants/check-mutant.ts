/**
 * Holding a broken instance against its laws.
 */
import { checkLaws, type CheckOptions, type LawResult } from '../check.js'
import type { MatrixRow } from '../law-matrix.js'
import type { MutantCase } from './mutant.js'

/** What became of a broken instance. */
export interface MutantOutcome extends MatrixRow {
  readonly mutant: MutantCase
  readonly results: readonly LawResult[]
  /** The groups with a law that did not pass, in order. */
  readonly caught: readonly string[]
  /** Groups that were to catch it, and did not. */
  readonly missing: readonly string[]
  /** Groups that caught it, and are not known to. */
  readonly unexpected: readonly string[]
}

/** The options that the groups of laws of mutants are stated for: the same cases each time, and counterexamples as they are found. */
export const mutantOptions: CheckOptions = { seed: 2020, runs: 60, shrink: false, skips: 5 }

/** Checks the laws of a mutant; `mutantOptions` where nothing else is asked for. */
export const checkMutant = (mutant: MutantCase, options: CheckOptions = {}): MutantOutcome => {
  const results = checkLaws(mutant.laws(), {
    ...mutantOptions,
    ...(mutant.runs === undefined ? {} : { runs: mutant.runs }),
    ...options,
  })
  const caught = [...new Set(results.flatMap(({ kind, law }) => (kind === 'passed' ? [] : [law.group])))].sort()
  const known = new Set([...mutant.caughtBy, ...mutant.rarelyCaughtBy])
  return {
    name: `${mutant.category}: ${mutant.name}`,
    mutant,
    results,
    caught,
    missing: mutant.caughtBy.filter((group) => !caught.includes(group)),
    unexpected: caught.filter((group) => !known.has(group)),
  }
}
