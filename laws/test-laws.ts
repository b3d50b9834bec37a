/**
 * Law sets as tests of any runner that has `describe` and `test`.
 */
import { checkLaw, type CheckOptions } from './check.js'
import type { LawSet } from './law-set.js'
import { showLawResult } from './show-result.js'

type Register = (name: string, body: () => void) => unknown

/** The runner's own functions, handed in so that the law kit depends on no runner. */
export type TestRunner = { readonly describe: Register } & ({ readonly test: Register } | { readonly it: Register })

/**
 * Registers one test for each law: `testLaws(markovLaws(mine, myArbitraries), { describe, test })`.
 */
export const testLaws = (set: LawSet, runner: TestRunner, options: CheckOptions = {}): void => {
  const test = 'test' in runner ? runner.test : runner.it
  runner.describe(`${set.category}, the laws of a ${set.name}`, () => {
    for (const about of set.laws)
      test(`${about.law.group} ${about.law.name}: ${about.law.statement}`, () => {
        const result = checkLaw(about, options)
        if (result.kind !== 'passed') throw new Error(showLawResult(result))
      })
  })
}
