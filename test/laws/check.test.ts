/** What a check says: counterexamples that can be read and seen again, witnesses, and tests by name. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { equal } from '../../dsl/index.js'
import {
  type Arbitraries,
  chanceLaws,
  checkLaw,
  checkLaws,
  type Counterexample,
  equation,
  finiteObjects,
  finStochArbitraries,
  finStochMutants,
  type LawAbout,
  lawSet,
  markovLaws,
  morphism,
  mutate,
  object,
  property,
  showLawResult,
  testLaws,
} from '../../laws/index.js'
import { FinStoch, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../src/category/finite-object.js'

type FinStochLaw = LawAbout

const mutant = (name: string) =>
  mutate(
    FinStoch,
    finStochMutants.find((candidate) => candidate.name === name)!,
  )
const lawOf = (category: typeof FinStoch | ReturnType<typeof mutant>, name: string): FinStochLaw =>
  chanceLaws(category, finStochArbitraries).laws.find(({ law }) => law.name === name)!
const counterexampleOf = (about: FinStochLaw, options = {}): Counterexample => {
  const result = checkLaw(about, options)
  if (result.kind !== 'failed') throw new Error(`expected a failure, got: ${showLawResult(result)}`)
  return result.counterexample
}

describe('a counterexample', () => {
  const flipped = lawOf(mutant('composition in the other order on endomorphisms'), 'associativity')

  test('shows the law, both sides, and what the variables stand for', () => {
    const counterexample = counterexampleOf(lawOf(mutant('swap is the identity matrix'), 'naturality of swap'), {
      seed: 7,
    })
    expect(showLawResult({ kind: 'failed', law: counterexample, counterexample })).toMatchInlineSnapshot(`
      "C4 naturality of swap does not hold in fin-stoch (swap is the identity matrix)
        law    (f ⊗ g) ; swap[B, D] = swap[A, C] ; (g ⊗ f)
        left            ┌─ D
               A ──[f]──┼─ B
               C ──[g]──┘
        =      [] -> [2, 2]
                 [0, 1, 0, 0]
        right      ┌─[g]── D
               A ──┼─[f]── B
               C ──┘
        =      [] -> [2, 2]
                 [0, 0, 1, 0]
        where  A = []
               B = [2]
               C = []
               D = [2]
               f = [] -> [2]
                 [1, 0]
               g = [] -> [2]
                 [0, 1]
      found in case 2, made smaller 8 times; to see it again: seed 7, path '1:0:2:2:4:0:1:0:0'"
    `)
  })

  test('comes back from its seed and path at once', () => {
    const first = counterexampleOf(flipped, { runs: 1000 })
    const again = counterexampleOf(flipped, { seed: first.seed, path: first.path })
    expect({ ...again, runs: 0, shrinks: 0, path: '' }).toEqual({ ...first, runs: 0, shrinks: 0, path: '' })
    expect(again.runs).toBe(1)
  })

  test('has diagrams over boxes with the names of its variables', () => {
    const { diagrams, where } = counterexampleOf(flipped, { runs: 1000 })
    expect(where.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D', 'f', 'g', 'h'])
    expect(diagrams?.left.inputs.map(({ name }) => name)).toEqual(['A'])
    expect(diagrams?.right.outputs.map(({ name }) => name)).toEqual(['D'])
    expect(JSON.parse(JSON.stringify(diagrams?.left))).toMatchObject({
      kind: 'seq',
      parts: [{ kind: 'seq' }, { name: 'h' }],
    })
  })

  test('is smaller than the case that was drawn', () => {
    // Pinned: from any start it gets small, but not always to the very smallest.
    const about = lawOf(mutant('swap is the identity when A = B'), 'naturality of swap')
    const { where, shrinks } = counterexampleOf(about, { seed: 11 })
    const sizes = where.flatMap(({ value }) =>
      /^\[[\d,]*\]$/.test(value)
        ? [(value.match(/\d+/g) ?? []).reduce((product, size) => product * Number(size), 1)]
        : [],
    )
    expect(sizes.length).toBe(4)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3)
    expect(shrinks).toBeGreaterThan(0)
  })

  test('shows a side that throws', () => {
    const { left, right } = counterexampleOf(lawOf(mutant('swap forgets to swap the ends'), 'hexagon'), { runs: 1000 })
    expect(left).toMatch(/^\[.*\] -> \[.*\]\n/)
    expect(right).toMatch(/^throws: FinStoch\.seq: codomain \[.*\] meets domain \[.*\]$/)
  })

  test('shows a composite that should not be there', () => {
    const { left, right } = counterexampleOf(lawOf(mutant('composition looks at sizes only'), 'a misfit is rejected'), {
      runs: 1000,
    })
    expect(left).toMatch(/^\[.*\] -> \[.*\]\n/)
    expect(right).toBe('an error')
  })

  test('shows what validate says', () => {
    const { right } = counterexampleOf(lawOf(mutant('discard is not normalised'), 'discards are valid'))
    expect(right).toMatch(/^stochastic matrix, row 0: the row sums to 0\.\d+; make every row sum to one$/)
  })
})

describe('existence', () => {
  test('passes at the first witness', () => {
    const result = checkLaw(lawOf(FinStoch, 'some coin is not copied'))
    expect(result.kind).toBe('passed')
    expect(result.kind === 'passed' && result.runs).toBeLessThan(100)
  })

  test('fails for want of a witness, and says so', () => {
    const sure: Arbitraries<FiniteObject, StochasticMatrix> = {
      ...finStochArbitraries,
      morphism: finStochArbitraries.deterministic,
    }
    const about = chanceLaws(FinStoch, sure).laws.find(({ law }) => law.group === 'G5')!
    expect(showLawResult(checkLaw(about, { seed: 3, runs: 50 }))).toBe(
      [
        'G5 some coin is not copied does not hold in fin-stoch',
        '  law    coin ; copy[A] ≠ coin ⊗ coin for some coin',
        'no case in 50 satisfies it; seed 3',
      ].join('\n'),
    )
  })
})

describe('what cannot be decided', () => {
  test('no case satisfies the conditions', () => {
    const single = { ...finStochArbitraries, object: fc.constant<FiniteObject>([2]) }
    const about = markovLaws(FinStoch, single).laws.find(({ law }) => law.name === 'a misfit is rejected')!
    const result = checkLaw(about, { seed: 5 })
    expect(showLawResult(result)).toBe(
      'A4 a misfit is rejected: not decided in fin-stoch; no case satisfied the conditions of the law; seed 5',
    )
  })

  test('the arbitraries throw', () => {
    const broken = {
      ...finStochArbitraries,
      object: finiteObjects.map((): FiniteObject => {
        throw new Error('no objects today')
      }),
    }
    const result = checkLaws(markovLaws(FinStoch, broken))[0]!
    expect(result).toMatchObject({ kind: 'undecided', reason: 'the arbitraries or the law threw: no objects today' })
  })
})

describe('a law of one’s own', () => {
  const idempotent = equation({
    name: 'idempotence',
    group: 'Z1',
    statement: 'e ; e = e',
    where: { A: object, e: morphism('A', 'A') },
    left: ({ seq }, { e }) => seq(e, e),
    right: (_, { e }) => e,
  })
  const notTwice = property({
    name: 'sets differ',
    group: 'Z2',
    statement: 'A and B are the same',
    where: { A: object, B: object },
    distinct: [['A', 'B']],
    claim: (_, { A, B }) => ({ kind: 'same-objects', left: () => [A], right: () => [B] }),
  })
  const set = lawSet({ name: 'world of one’s own', parents: [], laws: [idempotent, notTwice] })

  test('is checked like the others', () => {
    const [first, second] = checkLaws(set(FinStoch, finStochArbitraries), { runs: 300 })
    expect(first?.kind).toBe('failed')
    expect(second?.kind).toBe('failed')
    expect(idempotent.diagrams !== undefined && equal(idempotent.diagrams.left, idempotent.diagrams.right)).toBe(false)
  })

  test('becomes a test of any runner', () => {
    const registered: { readonly name: string; readonly body: () => void }[] = []
    const suites: string[] = []
    testLaws(
      set(FinStoch, finStochArbitraries),
      {
        describe: (name, body) => {
          suites.push(name)
          body()
        },
        it: (name, body) => registered.push({ name, body }),
      },
      { runs: 300 },
    )
    expect(suites).toEqual(['fin-stoch, the laws of a world of one’s own'])
    expect(registered.map(({ name }) => name)).toEqual([
      'Z1 idempotence: e ; e = e',
      'Z2 sets differ: A and B are the same',
    ])
    expect(registered[0]!.body).toThrow(
      /^Z1 idempotence does not hold in fin-stoch\n {2}law {4}e ; e = e\n {2}left {3}A ──\[e\]── A ──\[e\]── A\n {2}= {6}\[/,
    )
    expect(registered[1]!.body).toThrow(/left {3}\[[\d,]*\]\n {2}right {2}\[[\d,]*\]\n {2}where {2}A = /)
  })
})
