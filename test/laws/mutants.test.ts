/** The laws reject broken versions of FinStoch, each by the laws that its fault breaks and by no other. */
import * as fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  almostSureLaws,
  checkLaws,
  checkMutant,
  copyDiscardCategories,
  chanceLaws,
  everyLaw,
  finStochArbitraries,
  finStochMutants,
  type LawDescription,
  markovCategories,
  mutantCases,
  type MutantOutcome,
  mutantOptions,
  mutate,
} from '../../laws/index.js'
import { alike, atoms, matrixOf } from '../../laws/mutants/fin-stoch/matrix.js'
import { almostSurelyEqual, jointWithOutput } from '../../src/category/almost-sure.js'
import { FinStoch } from '../../src/category/fin-stoch.js'

const cases = mutantCases.filter(({ category }) => category === FinStoch.name)

const computed = new Map<string, MutantOutcome>()
const outcomeOf = (name: string): MutantOutcome => {
  const known = computed.get(name)
  if (known !== undefined) return known
  const mutant = cases.find((other) => other.name === name)
  if (mutant === undefined) throw new Error(`there is no mutant '${name}'`)
  const outcome = checkMutant(mutant)
  computed.set(name, outcome)
  return outcome
}
/** Laws with a counterexample; one that no case could be tried of is not among them. */
const refuted = (name: string): readonly LawDescription[] =>
  outcomeOf(name).results.flatMap(({ kind, law }) => (kind === 'failed' ? [law] : []))

describe('broken versions of FinStoch', () => {
  test.each(cases)('$name', ({ name, caughtBy, rarelyCaughtBy }) => {
    const caught = outcomeOf(name).caught.filter((group) => !rarelyCaughtBy.includes(group))
    expect(caught).toEqual([...caughtBy].sort())
  })

  test('have names of their own', () => {
    expect(cases.length).toBe(finStochMutants.length)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  test('the same cases find no fault in FinStoch', () => {
    for (const arbitraries of [finStochArbitraries, atoms, alike]) {
      const results = checkLaws(everyLaw(FinStoch, arbitraries), mutantOptions)
      expect(results.filter(({ kind }) => kind === 'failed')).toEqual([])
    }
    const all = checkLaws(everyLaw(FinStoch, finStochArbitraries), mutantOptions)
    expect(all.filter(({ kind }) => kind !== 'passed')).toEqual([])
  })

  test('every law refutes one of them', () => {
    const names = (except: string): ReadonlySet<string> =>
      new Set(cases.flatMap(({ name }) => (name === except ? [] : refuted(name).map((law) => law.name))))
    const laws = chanceLaws(FinStoch, finStochArbitraries).laws.map(({ law }) => law.name)
    const idle = (except: string): readonly string[] => laws.filter((law) => !names(except).has(law))
    expect(laws.length).toBeGreaterThan(75)
    expect(idle('')).toEqual([])
    // An equality that refuses everything breaks all equations at once; without it still every law but reflexivity is needed.
    expect(idle('equality refuses everything')).toEqual(['equality is reflexive'])
  })

  test('some are seen by laws of a single group', () => {
    const alone = cases.flatMap(({ name }) => {
      const { caught } = outcomeOf(name)
      return caught.length === 1 ? [[caught[0], name]] : []
    })
    expect(alone).toEqual([
      ['E1', 'copy gives (a, a, b, b), checked on single factors'],
      ['A4', 'composition looks at sizes only'],
      ['I2', 'conditional leaves null rows zero'],
      ['J1', 'inverse leaves null rows zero'],
      ['J1', 'inverse forgets the parameter of the prior'],
      ['F1', 'sub-stochastic morphisms are admitted'],
      ['O1', 'equality forgets the ends'],
      ['O3', 'the map from the empty set forgets the factors'],
      ['O3', 'the map from the empty set has a row'],
    ])
  })

  test('some are seen by one kind of law: conditionals, inverses, positivity', () => {
    const letters = (name: string): string => [...new Set(outcomeOf(name).caught.map((group) => group[0]))].join('')
    expect(letters('conditional forgets the parameter')).toBe('I')
    expect(letters('conditional with the input in front')).toBe('I')
    expect(letters('inverse for the uniform prior')).toBe('J')
    expect(letters('signed stochastic matrices')).toBe('K')
  })

  // The groups that a list of known faults names for each; others see most of these faults too.
  test.each([
    ['tensor of morphisms in the other index order', 'C2 C4 E1 I1'],
    ['swap is the identity matrix', 'C4 E1'],
    ['swap is the identity when A = B', 'C2 C4 E1'],
    ['copy gives (a, a, b, b), checked on single factors', 'E1'],
    ['copy resamples its second leg, checked on fair coins', 'D2 D4 G5 I1'],
    ['copy has a constant second leg', 'D2 D4 I1 K1 K2'],
    ['discard is not normalised', 'D2 D3 F1 I1'],
    ['sub-stochastic morphisms are admitted', 'F1'],
    ['identity with jitter', 'A1 C1 C2 D1 E1 I1 K1 K2'],
    ['composition in the other order on endomorphisms', 'A3 B1 C2'],
    ['conditional leaves null rows zero', 'I2'],
    ['conditional forgets the parameter', 'I1'],
    ['signed stochastic matrices', 'K1 K2 K3'],
    ['morphisms are silently determinised', 'A1 A3 G5 I1 K1 K2 K3'],
    ['inverse for the uniform prior', 'J2'],
  ])('%s: caught by %s at least', (name, groups) =>
    expect(outcomeOf(name).caught).toEqual(expect.arrayContaining(groups.split(' '))),
  )

  test('a copy that is wrong on products only is seen by laws that copy a product, and by no other', () => {
    const mutant = finStochMutants.find(({ name }) => name === 'copy gives (a, a, b, b), checked on single factors')!
    const results = checkLaws(everyLaw(mutate(FinStoch, mutant), atoms), mutantOptions)
    expect([...new Set(results.flatMap(({ kind, law }) => (kind === 'passed' ? [] : [law.group])))].sort()).toEqual([
      'E1',
      'H3',
      'J5',
      'M3',
    ])
  })

  test('a swap that is the identity matrix passes both laws of a symmetry that look at swaps alone', () => {
    const { caught } = outcomeOf('swap is the identity matrix')
    for (const group of ['C1', 'C2', 'C3']) expect(caught).not.toContain(group)
  })

  test('a sub-stochastic category is a copy-discard category, and the law that it breaks is that of Markov categories', () => {
    expect(refuted('sub-stochastic morphisms are admitted').map(({ name }) => name)).toEqual(['naturality of discard'])
    expect(copyDiscardCategories.laws.map(({ name }) => name)).not.toContain('naturality of discard')
    expect(markovCategories.laws.map(({ name }) => name)).toEqual(['naturality of discard'])
  })

  test('silent normalisation makes discard natural, at the price of composition', () => {
    const { caught } = outcomeOf('rows without mass become uniform when composed')
    expect(caught).not.toContain('F1')
    expect(caught).toEqual(expect.arrayContaining(['A1', 'A2', 'A3']))
  })
})

describe('signed stochastic matrices', () => {
  const mutant = finStochMutants.find(({ name }) => name === 'signed stochastic matrices')!
  const arbitraries = mutant.arbitraries!
  const signed = mutate(FinStoch, mutant)

  test('satisfy every law of a Markov category, and none of positivity', () => {
    const results = checkLaws(almostSureLaws(signed, arbitraries), mutantOptions)
    expect(results.length).toBeGreaterThan(55)
    expect(results.filter(({ kind }) => kind !== 'passed')).toEqual([])
    expect(refuted(mutant.name).map(({ name }) => name)).toEqual([
      'positivity',
      'a deterministic marginal is independent of the rest',
      'isomorphisms are deterministic',
    ])
  })

  test('are none of FinStoch: the arbitraries reach negative entries', () => {
    const refused = fc.sample(arbitraries.morphism([2], [3]), 100).filter((f) => isLeft(FinStoch.validate(f)))
    expect(refused.length).toBeGreaterThan(20)
  })

  test('are not causal: what cancels hides a difference that the past reveals', () => {
    const { par, id } = signed
    // The outcome 1 of g has mass zero in the image of f, as 1/2 - 1/2, and h and k differ there.
    const f = matrixOf([], [2], () => 0.5)
    const g = matrixOf([2], [2], (x, y) => [0.5, 0.5, 1.5, -0.5][x * 2 + y]!)
    const [h, k] = [matrixOf([2], [2], (_, y) => 1 - y), matrixOf([2], [2], (x, y) => (x === y ? 1 : 0))]
    expect(Array.from(signed.seq(f, g).entries)).toEqual([1, 0])
    expect(almostSurelyEqual(signed)(signed.seq(f, g), h, k)).toBe(true)
    const kept = signed.seq(f, jointWithOutput(signed)(id([2]), g))
    expect(almostSurelyEqual(signed)(kept, par(id([2]), h), par(id([2]), k))).toBe(false)
  })
})
