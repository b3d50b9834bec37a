/**
 * Checking laws: random cases, and for a law that fails the smallest case found.
 */
import * as fc from 'fast-check'

import { arbitraryValues } from './arbitraries/arbitraries.js'
import { judge } from './judge.js'
import type { Law, LawDescription } from './law.js'
import type { LawAbout, LawSet } from './law-set.js'
import type { Values } from './variable.js'

export interface CheckOptions {
  /** How many cases; 100 unless told. */
  readonly runs?: number
  /** Where the random numbers start; a fresh seed unless told. A failure names the seed and the path that lead back to it. */
  readonly seed?: number
  readonly path?: string
}

/** What a variable stands for, as text. */
export interface BindingText {
  readonly name: string
  readonly value: string
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
export const checkLaw = <Obj, Mor>(
  { law, category, arbitraries }: LawAbout<Obj, Mor>,
  options: CheckOptions = {},
): LawResult => {
  const { name, group, statement, quantifier } = law
  const description: LawDescription = { name, group, statement, quantifier }
  const undecided = (reason: string): LawResult => ({
    kind: 'undecided',
    law: description,
    category: category.name,
    reason,
  })
  const judgementOf = (values: Values<Obj, Mor>) => judge(category, law.claim(category, values))

  const search = fc.property(arbitraryValues(law.variables, category, arbitraries), (values) => {
    for (const [a, b] of law.distinct) fc.pre(!category.sameObject(values.objects[a]!, values.objects[b]!))
    // What is searched for: a counterexample, or for an existence law a witness.
    return judgementOf(values).holds === (quantifier === 'every')
  })
  try {
    const details = fc.check(search, {
      numRuns: options.runs ?? 100,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.path === undefined ? {} : { path: options.path }),
    })
    if (details.failed && details.counterexample === null)
      return undecided(`no case satisfied the conditions of the law; seed ${details.seed}`)
    const found = details.counterexample?.[0]
    if ((found === undefined) === (quantifier === 'every'))
      return { kind: 'passed', law: description, runs: details.numRuns }
    const judgement = found === undefined ? undefined : judgementOf(found)
    return {
      kind: 'failed',
      law: description,
      counterexample: {
        ...description,
        category: category.name,
        left: judgement?.left() ?? '',
        right: judgement?.right() ?? '',
        where: found === undefined ? [] : bindingTexts(law, found, category.show),
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
export const checkLaws = <Obj, Mor>(set: LawSet<Obj, Mor>, options: CheckOptions = {}): readonly LawResult[] =>
  set.laws.map((law) => checkLaw(law, options))

const bindingTexts = <Obj, Mor>(
  law: Law,
  { objects, morphisms }: Values<Obj, Mor>,
  show: (f: Mor) => string,
): readonly BindingText[] =>
  Object.entries(law.variables).map(([name, { kind }]) => ({
    name,
    value: kind === 'object' ? fc.stringify(objects[name]) : show(morphisms[name]!),
  }))
