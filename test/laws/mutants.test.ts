/** The laws reject broken instances, each by the laws that its fault breaks and by no other. */
import * as fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  chanceLaws,
  checkLaws,
  copyDiscardCategories,
  finStochArbitraries,
  finStochMutants,
  type LawDescription,
  type LawResult,
  markovCategories,
  mutate,
} from '../../laws/index.js'
import { FinStoch } from '../../src/category/fin-stoch.js'

// The table of mutants and laws is pinned, so the seed is.
const options = { seed: 2020, runs: 100 }

const computed = new Map<string, readonly LawResult[]>()
const resultsOf = (mutant: (typeof finStochMutants)[number]): readonly LawResult[] => {
  const known = computed.get(mutant.name)
  if (known !== undefined) return known
  const laws = chanceLaws(mutate(FinStoch, mutant), mutant.arbitraries ?? finStochArbitraries)
  const results = checkLaws(laws, options)
  computed.set(mutant.name, results)
  return results
}
const failing = (results: readonly LawResult[]): readonly LawDescription[] =>
  results.flatMap(({ kind, law }) => (kind === 'failed' ? [law] : []))

describe('broken versions of FinStoch', () => {
  test.each(finStochMutants)('$name', (mutant) => {
    const results = resultsOf(mutant)
    expect(results.filter(({ kind }) => kind === 'undecided')).toEqual([])
    const groups = new Set(failing(results).map(({ group }) => group))
    for (const group of mutant.rarelyCaughtBy ?? []) groups.delete(group)
    expect([...groups].sort()).toEqual([...mutant.caughtBy].sort())
  })

  test('have names of their own', () =>
    expect(new Set(finStochMutants.map(({ name }) => name)).size).toBe(finStochMutants.length))

  test('every law rejects one of them', () => {
    const laws = chanceLaws(FinStoch, finStochArbitraries).laws.map(({ law }) => law.name)
    const idle = (except: string): readonly string[] => {
      const others = finStochMutants.filter(({ name }) => name !== except)
      const caught = new Set(others.flatMap((mutant) => failing(resultsOf(mutant)).map(({ name }) => name)))
      return laws.filter((law) => !caught.has(law))
    }
    expect(idle('')).toEqual([])
    // An equality that refuses everything breaks all equations at once; without it still every law but reflexivity is needed.
    expect(idle('equality refuses everything')).toEqual(['equality is reflexive'])
  })

  test('some are seen by laws of a single group', () => {
    const only = (group: string): readonly string[] =>
      finStochMutants.flatMap(({ name, caughtBy }) => (caughtBy.length === 1 && caughtBy[0] === group ? [name] : []))
    expect(only('A4')).toEqual(['composition looks at sizes only'])
    expect(only('E1')).toEqual(['copy gives (a, a, b, b), checked on single factors'])
    expect(only('F1')).toEqual(['sub-stochastic morphisms are admitted'])
    expect(only('G1').length).toBe(2)
    expect(only('O1').length).toBe(2)
    expect(only('O2').length).toBe(2)
  })

  test('a sub-stochastic category is a copy-discard category, and the law that it breaks is that of Markov categories', () => {
    const mutant = finStochMutants.find(({ name }) => name === 'sub-stochastic morphisms are admitted')!
    expect(failing(resultsOf(mutant)).map(({ name }) => name)).toEqual(['naturality of discard'])
    expect(copyDiscardCategories.laws.map(({ name }) => name)).not.toContain('naturality of discard')
    expect(markovCategories.laws.map(({ name }) => name)).toEqual(['naturality of discard'])
  })

  test('signed matrices satisfy every law of a Markov category', () => {
    const mutant = finStochMutants.find(({ name }) => name === 'signed stochastic matrices')!
    expect(resultsOf(mutant).every(({ kind }) => kind === 'passed')).toBe(true)
    // And they are none of FinStoch's: the arbitraries do reach negative entries.
    const refused = fc.sample(mutant.arbitraries!.morphism([2], [3]), 100).filter((f) => isLeft(FinStoch.validate(f)))
    expect(refused.length).toBeGreaterThan(20)
  })
})
