/** The laws reject broken versions of other categories, and of monads, functors, divergences, samplers and interpreters. */
import { map } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  checkLaws,
  checkMutant,
  everyLaw,
  exactLaws,
  finSetMultiArbitraries,
  finStochExactArbitraries,
  gaussArbitraries,
  gaussExactArbitraries,
  identityKeyed,
  type MutantCase,
  mutantCases,
  type MutantOutcome,
  mutantOptions,
  samplerArbitraries,
  samplerLaws,
  samplerMutantCases,
  samplerMutants,
  unionOf,
} from '../../laws/index.js'
import { interpretationMutants } from '../../laws/mutants/interpretations.js'
import { FinSetMulti } from '../../src/category/fin-set-multi.js'
import { FinStoch } from '../../src/category/fin-stoch.js'
import { FinStochExact } from '../../src/category/fin-stoch-exact.js'
import { Gauss } from '../../src/category/gauss.js'
import { GaussExact } from '../../src/category/gauss-exact.js'
import { sample } from '../../src/category/sampler/run.js'
import { exactLaw } from '../../src/inference/exact-law.js'
import { interpret } from '../../src/interpret.js'

const lawOfDraws: NonNullable<Parameters<typeof samplerMutantCases>[0]> = (f) =>
  map(({ entries }: { readonly entries: Float64Array }) => entries)(exactLaw(f))

const cases: readonly MutantCase[] = [
  ...mutantCases.filter(({ category }) => category !== FinStoch.name && category !== 'sampler'),
  ...samplerMutantCases(lawOfDraws),
  ...interpretationMutants(interpret),
]

const computed = new Map<MutantCase, MutantOutcome>()
const outcomeOf = (mutant: MutantCase): MutantOutcome => {
  const outcome = computed.get(mutant) ?? checkMutant(mutant)
  computed.set(mutant, outcome)
  return outcome
}

describe('broken instances', () => {
  test.each(cases)('$category: $name', (mutant) => {
    const { caught } = outcomeOf(mutant)
    expect(caught.filter((group) => !mutant.rarelyCaughtBy.includes(group))).toEqual([...mutant.caughtBy].sort())
  })

  test('have names of their own', () => {
    const names = mutantCases.map(({ category, name }) => `${category}: ${name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the same cases find no fault', () => {
  const faults = (set: ReturnType<typeof exactLaws>): readonly string[] =>
    checkLaws(set, mutantOptions).flatMap(({ kind, law }) => (kind === 'passed' ? [] : [`${law.group} ${law.name}`]))

  test('in FinStochExact, whose equality is transitive', () =>
    expect(
      faults(
        unionOf(
          'all',
          everyLaw(FinStochExact, finStochExactArbitraries),
          exactLaws(FinStochExact, finStochExactArbitraries),
        ),
      ),
    ).toEqual([]))

  test('in FinSetMulti', () => expect(faults(everyLaw(FinSetMulti, finSetMultiArbitraries))).toEqual([]))

  test('in Gauss', () => expect(faults(everyLaw(Gauss, gaussArbitraries))).toEqual([]))

  test('in GaussExact', () => expect(faults(everyLaw(GaussExact, gaussExactArbitraries))).toEqual([]))

  test('in the sampler', () =>
    expect(faults(samplerLaws({ name: 'sampler', draw: sample, exactLaw: lawOfDraws }, samplerArbitraries))).toEqual(
      [],
    ))
})

describe('faults of other libraries', () => {
  const caughtBy = (category: string, name: string): readonly string[] => {
    const mutant = cases.find((other) => other.category === category && other.name === name)
    if (mutant === undefined) throw new Error(`there is no mutant '${category}: ${name}'`)
    return outcomeOf(mutant).caught
  }

  test('a singular covariance that is inverted gives no valid conditional', () =>
    expect(caughtBy('gauss', 'conditional inverts the covariance')).toEqual(expect.arrayContaining(['I1', 'I2'])))

  test('asymmetric covariances are refused by validate', () =>
    expect(caughtBy('gauss', 'covariances of composites are filled above the diagonal only')).toContain('O2'))

  test('an absolute tolerance is no congruence where there are units, and not transitive anywhere', () => {
    expect(caughtBy('gauss', 'equality that does not know units')).toContain('O1')
    expect(caughtBy('fin-stoch-exact', 'equality by absolute tolerance')).toEqual(['H1', 'O1'])
  })

  test('noise that is not pushed through the next map breaks associativity or the identity', () => {
    expect(caughtBy('gauss', 'composition forgets the noise of the first map')).toContain('A2')
    expect(caughtBy('gauss', 'composition adds noises as they are')).toContain('A3')
  })
})

describe('maps keyed by identity', () => {
  test('give a coin that is discarded two entries', () => {
    const [zero, one] = [[0], [1]]
    const coin = {
      domain: [],
      codomain: [2],
      at: [
        new Map([
          [zero, 0.5],
          [one, 0.5],
        ]),
      ],
    }
    const discarded = identityKeyed.seq(coin, identityKeyed.discard([2]))
    expect([...discarded.at[0]!]).toEqual([
      [[], 0.5],
      [[], 0.5],
    ])
    expect(identityKeyed.equals(discarded, identityKeyed.discard([]))).toBe(false)
  })
})

describe('broken samplers', () => {
  test('every law of samplers refutes one of them', () => {
    const samplers = cases.filter(({ category }) => category === 'sampler')
    const refuted = samplers.flatMap((mutant) =>
      outcomeOf(mutant).results.flatMap(({ kind, law }) => (kind === 'failed' ? [law.name] : [])),
    )
    const laws = samplerLaws({ name: 'sampler', draw: sample, exactLaw: lawOfDraws }, samplerArbitraries).laws
    expect(laws.map(({ law }) => law.name).filter((name) => !refuted.includes(name))).toEqual([])
  })

  test('without an exact law only those are asked that another law shows', () => {
    expect(samplerMutants.length).toBe(4)
    expect(samplerMutantCases().map(({ caughtBy }) => caughtBy)).toEqual([['Q2'], ['Q1'], ['Q1']])
  })
})
