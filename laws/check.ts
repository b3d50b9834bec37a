/**
 * Checking laws: random cases, and for a law that fails the smallest case found.
 */
import * as fc from 'fast-check'

import type { BindingText } from './binding-text.js'
import type { Law, LawDescription } from './law.js'
import type { LawAbout, LawSet } from './law-set.js'

export interface CheckOptions {
  /** How many cases; 100 unless told. */
  readonly runs?: number
  /** Where the random numbers start; a fresh seed unless told. A failure names the seed and the path that lead back to it. */
  readonly seed?: number
  readonly path?: string
  /** Whether a failing case is made smaller before it is shown, which costs most of the time; yes unless told. */
  readonly shrink?: boolean
  /** How many cases that do not satisfy the conditions of a law are passed over for each one that is wanted; 30 unless told. */
  readonly skips?: number
}

export interface Counterexample extends LawDescription {
  readonly category: string
  readonly left: string
  readonly right: string
  readonly where: readonly BindingText[]
  /** The two sides over boxes named as in `where`, to be drawn, where the law is an equation of diagrams. */
  readonly diagrams: Law['diagrams']
  readonly seed: number
  readonly path: string
  /** How many cases were tried, and how often the failing one was then made smaller. */
  readonly runs: number
  readonly shrinks: number
}

export type LawResult =
  | { readonly kind: 'passed'; readonly law: LawDescription; readonly runs: number }
  | { readonly kind: 'failed'; readonly law: LawDescription; readonly counterexample: Counterexample }
  /** Nothing could be decided: no case satisfied the conditions of the law, or the arbitraries or the law itself threw. */
  | { readonly kind: 'undecided'; readonly law: LawDescription; readonly category: string; readonly reason: string }

/**
 * Checks one law of a category on random cases.
 *
 * A law that says that something exists passes when a case is found in which it does.
 *
 * @example
 * markovLaws(FinStoch, finStochArbitraries).laws.map((law) => checkLaw(law).kind).every((kind) => kind === 'passed') // => true
 */
export const checkLaw = ({ law, category, cases }: LawAbout, options: CheckOptions = {}): LawResult => {
  const { name, group, statement, quantifier } = law
  const description: LawDescription = { name, group, statement, quantifier }
  const undecided = (reason: string): LawResult => ({ kind: 'undecided', law: description, category, reason })

  // What is searched for: a counterexample, or for an existence law a witness.
  const wanted = quantifier === 'every' ? 'fails' : 'holds'
  const search = fc.property(cases, ({ judgement }) => {
    const { verdict } = judgement()
    fc.pre(verdict !== 'idle')
    return verdict !== wanted
  })
  try {
    const details = fc.check(search, {
      numRuns: options.runs ?? 100,
      endOnFailure: options.shrink === false,
      maxSkipsPerRun: options.skips ?? 30,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.path === undefined ? {} : { path: options.path }),
    })
    if (details.failed && details.counterexample === null)
      return details.numRuns > 0 && quantifier === 'every'
        ? { kind: 'passed', law: description, runs: details.numRuns }
        : undecided(`no case satisfied the conditions of the law; seed ${details.seed}`)
    const found = details.counterexample?.[0]
    if ((found === undefined) === (quantifier === 'every'))
      return { kind: 'passed', law: description, runs: details.numRuns }
    const judgement = found?.judgement()
    return {
      kind: 'failed',
      law: description,
      counterexample: {
        ...description,
        category,
        left: judgement?.left() ?? '',
        right: judgement?.right() ?? '',
        where: found?.bindings() ?? [],
        diagrams: law.diagrams,
        seed: details.seed,
        path: details.counterexamplePath ?? '',
        runs: details.numRuns,
        shrinks: details.numShrinks,
      },
    }
  } catch (error) {
    return undecided(`the arbitraries or the law threw: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Checks every law of a set. */
export const checkLaws = (set: LawSet, options: CheckOptions = {}): readonly LawResult[] =>
  set.laws.map((law) => checkLaw(law, options))
