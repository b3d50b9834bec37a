/** Law sets: their hierarchy, and their equations read as diagrams. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { equal } from '../../dsl/index.js'
import {
  almostSureLaws,
  carrierLaws,
  causalityLaws,
  chance,
  categoryLaws,
  chanceLaws,
  copyDiscardLaws,
  determinismLaws,
  equation,
  finStochArbitraries,
  lawSet,
  type LawSet,
  markovLaws,
  monoidalLaws,
  morphism,
  object,
  positivityLaws,
  rival,
  symmetricMonoidalLaws,
} from '../../laws/index.js'
import { FinStoch } from '../../src/category/fin-stoch.js'
import { interpret } from '../../src/interpret.js'

type Laws = LawSet
const namesOf = ({ laws }: Laws): readonly string[] => laws.map(({ law }) => law.name)
const groupsOf = ({ laws }: Laws): readonly string[] => [...new Set(laws.map(({ law }) => law.group))].sort()
const of = (laws: typeof markovLaws): Laws => laws(FinStoch, finStochArbitraries)

describe('law sets', () => {
  test('each contains the laws of its parents, once', () => {
    const chain = [
      categoryLaws,
      monoidalLaws,
      symmetricMonoidalLaws,
      copyDiscardLaws,
      almostSureLaws,
      positivityLaws,
      causalityLaws,
    ].map(of)
    chain.forEach((set, index) => {
      const names = namesOf(set)
      expect(new Set(names).size).toBe(names.length)
      if (index > 0) expect(names.slice(0, namesOf(chain[index - 1]!).length)).toEqual(namesOf(chain[index - 1]!))
    })
    expect(chain.map((set) => set.laws.length)).toEqual([6, 14, 20, 30, 57, 60, 61])
  })

  test('determinism and carrier share their parent with the Markov laws', () => {
    const markov = new Set(namesOf(of(markovLaws)))
    for (const laws of [determinismLaws, carrierLaws])
      expect(namesOf(of(laws)).filter((name) => !markov.has(name))).toEqual([])
  })

  test('the groups of the list', () => {
    expect(groupsOf(of(categoryLaws))).toEqual(['A1', 'A2', 'A3', 'A4'])
    expect(groupsOf(of(symmetricMonoidalLaws)).filter((group) => group.startsWith('C'))).toEqual(
      [1, 2, 3, 4, 5].map((number) => `C${number}`),
    )
    expect(groupsOf(of(chanceLaws)).join(' ')).toBe(
      'A1 A2 A3 A4 B1 B2 B3 B4 B5 C1 C2 C3 C4 C5 D1 D2 D3 D4 E1 E2 E3 E4 F1 G1 G2 G3 G5 H1 H2 H3 ' +
        'I1 I2 I3 I4 J1 J2 J3 J4 J5 K1 K2 K3 L1 M1 M2 M3 M4 O1 O2 O3',
    )
  })
})

describe('laws as diagrams', () => {
  const core = lawSet(chance)(FinStoch, finStochArbitraries).laws
  const drawn = core.flatMap(({ law }) => (law.diagrams === undefined ? [] : [{ ...law, ...law.diagrams }]))
  const universal = drawn.filter(({ quantifier }) => quantifier === 'every')

  test('every equation of morphisms has them', () => expect(drawn.length).toBe(24))

  test.each(universal)('$group $name holds in the free Markov category', ({ left, right }) =>
    expect(equal(left, right)).toBe(true),
  )

  test('the rest does not follow from the axioms: the free Markov category has neither conditionals nor positivity', () => {
    const further = of(chanceLaws).laws.filter(({ law }) => !core.some((about) => about.law.name === law.name))
    const equal_ = further.filter(
      ({ law }) => law.diagrams !== undefined && equal(law.diagrams.left, law.diagrams.right),
    )
    expect(further.length).toBe(32)
    // Discarding a box of any name is discarding what it reads.
    expect(equal_.map(({ law }) => law.group)).toEqual(['I2'])
  })

  test('some coin is not copied in the free Markov category', () => {
    const { left, right } = drawn.find(({ group }) => group === 'G5')!
    expect(equal(left, right)).toBe(false)
  })

  test.each(universal)('$group $name holds in FinStoch, read as diagrams', ({ left, right }) => {
    // Every object has two elements, so a box is known by the sizes of its boundaries.
    const rows = (height: number, width: number, sharp: boolean): readonly (readonly number[])[] =>
      Array.from({ length: height }, (_, x) => {
        const weights = Array.from({ length: width }, (_, y) =>
          sharp ? Number(y === x % width) : 1 + ((3 * x + y) % 4),
        )
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        return weights.map((weight) => weight / total)
      })
    const meanings = Object.fromEntries(['f', 'g', 'h', 'k', 'u'].map((name) => [name, rows(2, 2, name === 'u')]))
    const [f, g] = [left, right].map(interpret(FinStoch, meanings))
    if (f === undefined || g === undefined || isLeft(f) || isLeft(g)) throw new Error('a side has no meaning')
    expect(FinStoch.equals(f.right, g.right)).toBe(true)
  })
})

describe('writing a law', () => {
  test('a variable that is not there is refused', () => {
    const write = () =>
      equation({
        name: 'typo',
        group: 'Z1',
        statement: 'f = f',
        where: { A: object, f: morphism('A', 'B') },
        left: (_, { f }) => f,
        right: (_, { f }) => f,
      })
    expect(write).toThrow("law 'typo': a variable refers to 'B', which is no variable of the right kind")
  })

  test('a rival of an object is refused', () => {
    const write = () =>
      equation({
        name: 'typo',
        group: 'Z1',
        statement: 'g = g',
        where: { A: object, g: rival('A') },
        left: (_, { g }) => g,
        right: (_, { g }) => g,
      })
    expect(write).toThrow("refers to 'A'")
  })
})
