/**
 * `markovcat laws`: the laws of the library's categories checked on random cases, and the broken instances that they must catch.
 */
import { Command, Option } from 'commander'
import { isLeft, right } from 'fp-ts/lib/Either.js'

import {
  checkLaw,
  checkMutant,
  type CheckOptions,
  interpretationMutants,
  type LawAbout,
  lawMatrix,
  type LawResult,
  type LawSet,
  type MatrixRow,
  mutantCases,
  mutantMatrix,
  samplerMutantCases,
  showLawResult,
} from '../../laws/index.js'
import { interpret } from '../interpret.js'
import { type CategoryName, categoryNames, lawOfDraws, lawSetsOf } from './category-laws.js'
import { wholeNumber } from './law.js'
import type { Outcome } from './outcome.js'

interface LawsOptions {
  readonly category?: readonly CategoryName[]
  readonly runs?: string
  readonly seed?: string
  readonly mutants?: true
}

export const lawsCommand = (finish: (outcome: Outcome) => void): Command =>
  new Command('laws')
    .description('check the laws of the categories, or of broken ones')
    .addOption(
      new Option('--category <names...>', 'whose laws are checked (default: all)')
        .choices(categoryNames)
        .conflicts('mutants'),
    )
    .option('--runs <n>', 'random cases for each law (default: 100; those of each mutant)')
    .option(
      '--seed <n>',
      'where the random numbers start (default: a fresh one, which is printed; that of the mutants)',
    )
    .option('--mutants', 'print which laws catch which broken instance')
    .action((options: LawsOptions) => finish(runLaws(options)))

const runLaws = (options: LawsOptions): Outcome => {
  const runs = wholeNumber('--runs', options.runs ?? '100', 1, 1_000_000)
  if (isLeft(runs)) return runs
  const seed = wholeNumber('--seed', options.seed ?? String(Math.floor(Math.random() * 2 ** 31)), 0, 2 ** 31 - 1)
  if (isLeft(seed)) return seed
  if (options.mutants === true)
    // Which laws catch a mutant is stated for certain cases; others are tried where they are asked for.
    return right(
      mutantsCaught({
        ...(options.runs === undefined ? {} : { runs: runs.right }),
        ...(options.seed === undefined ? {} : { seed: seed.right }),
      }),
    )
  console.log(`seed ${seed.right}, ${runs.right} cases for each law`)
  const categories = (options.category ?? categoryNames).map((name) => ({ name, sets: lawSetsOf[name]() }))
  return right(lawsHold(categories, { runs: runs.right, seed: seed.right }))
}

interface Settings {
  readonly runs: number
  readonly seed: number
}

/** Checks the laws of each category and says what it finds; 1 if a law failed. */
export const lawsHold = (
  categories: readonly { readonly name: string; readonly sets: readonly LawSet[] }[],
  settings: Settings,
): 0 | 1 => {
  const rows = categories.map(({ name, sets }): MatrixRow => {
    const results = sets.flatMap((set) => {
      console.log(`\n${set.category}, the laws of a ${set.name}`)
      return set.laws.map((law) => reported(law, settings))
    })
    return { name, results }
  })
  console.log(`\n${lawMatrix(rows)}\n\n· passed   × failed   blank: the category does not have the law\n`)
  const failed = rows.map(({ name, results }) => ({
    name,
    count: results.filter(({ kind }) => kind !== 'passed').length,
  }))
  for (const [index, { name, count }] of failed.entries())
    console.log(`${name}: ${rows[index]!.results.length} laws checked, ${count} failed`)
  return failed.every(({ count }) => count === 0) ? 0 : 1
}

const reported = (law: LawAbout, settings: Settings): LawResult => {
  const result = checkLaw(law, settings)
  console.log(`  ${showLawResult(result).split('\n').join('\n  ')}`)
  return result
}

const mutantsCaught = (options: CheckOptions): 0 | 1 => {
  // Only here are the interpreter and the exact laws of samplers at hand: the law kit itself knows neither.
  const cases = [
    ...mutantCases.filter(({ category }) => category !== 'sampler'),
    ...samplerMutantCases(lawOfDraws),
    ...interpretationMutants(interpret),
  ]
  const outcomes = cases.map((mutant) => checkMutant(mutant, options))
  console.log(`${mutantMatrix(outcomes)}\n`)
  const missed = outcomes.filter(({ missing }) => missing.length > 0)
  for (const { name, missing } of missed) console.log(`${name}: not caught by ${missing.join(', ')}`)
  console.log(
    `${outcomes.length} mutants, ${outcomes.length - missed.length} caught by every law that is named for them`,
  )
  return missed.length === 0 ? 0 : 1
}
