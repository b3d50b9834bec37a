/** What the four categories of finite sets say alike: what they are, what is equal, and what is wrong, by kind and to the letter. */
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, finite, id, par, type Problem, real, seq, showProblem } from '../../../dsl/index.js'
import { FinSet } from '../../../src/category/fin-set.js'
import { FinSetMulti } from '../../../src/category/fin-set-multi.js'
import { exactStochasticMatrix, FinStochExact } from '../../../src/category/fin-stoch-exact.js'
import { distance, equalityBudget, FinStoch, stochasticMatrix } from '../../../src/category/fin-stoch.js'
import { checkFiniteEnds, type FiniteEnds } from '../../../src/category/finite-ends.js'
import { readElement } from '../../../src/category/finite-element.js'
import {
  inclusionInFinSetMulti,
  inclusionInFinStoch,
  inclusionInFinStochExact,
} from '../../../src/category/functors/inclusion.js'
import { rounding } from '../../../src/category/functors/rounding.js'
import { exactSupport, floatSupport } from '../../../src/category/functors/support.js'
import { freeMarkov } from '../../../src/category/free-markov.js'
import { kleisli } from '../../../src/category/kleisli.js'
import { nearestDouble } from '../../../src/category/nearest-double.js'
import { nonEmptySubsets } from '../../../src/category/subset-monad.js'
import { valueOf } from '../../support/value-of.js'

const problemOf = <A>(result: Either<Problem, A>): readonly [kind: string, text: string] => {
  if (isRight(result)) throw new Error('expected a problem')
  return [result.left.kind, showProblem(result.left)]
}

test('each says what it is and what equality means there', () => {
  expect([FinSet, FinSetMulti, FinStochExact, FinStoch].map(({ name, equality }) => [name, equality])).toEqual([
    ['fin-set', 'exact: the same images'],
    ['fin-set-multi', 'exact: the same possibilities'],
    ['fin-stoch-exact', 'exact: the same fractions in lowest terms'],
    ['fin-stoch', 'total variation of every row at most 1e-9'],
  ])
})

test('functors say from where they come, and where to when that is not plain', () => {
  expect(
    [inclusionInFinStochExact, inclusionInFinStoch, inclusionInFinSetMulti, rounding, exactSupport, floatSupport].map(
      ({ name, source, target }) => [name, source.name, target.name],
    ),
  ).toEqual([
    ['inclusion of fin-set in fin-stoch-exact', 'fin-set', 'fin-stoch-exact'],
    ['inclusion of fin-set in fin-stoch', 'fin-set', 'fin-stoch'],
    ['inclusion of fin-set in fin-set-multi', 'fin-set', 'fin-set-multi'],
    ['rounding of fin-stoch-exact', 'fin-stoch-exact', 'fin-stoch'],
    ['support of fin-stoch-exact', 'fin-stoch-exact', 'fin-set-multi'],
    ['support of fin-stoch', 'fin-stoch', 'fin-set-multi'],
  ])
  expect([freeMarkov.name, freeMarkov.equality]).toEqual(['free-markov', 'the normal forms are the same'])
})

test('none has a set for a vector space', () => {
  for (const [category, name] of [
    [FinSet, 'FinSet'],
    [FinSetMulti, 'FinSetMulti'],
    [FinStochExact, 'FinStochExact'],
    [FinStoch, 'FinStoch'],
  ] as const)
    expect(problemOf(category.objectOf(real('Hidden', 8)))).toEqual([
      'unsupported',
      `wire Hidden (R^8): ${name} has finite sets only; use a finite wire, or a category that has real vector spaces`,
    ])
})

describe('equality', () => {
  test('a part of a morphism is not the morphism', () => {
    const f = valueOf(FinSet.read([1, 0, 1], [3], [2], 'f'))
    const shorter = { ...f, images: f.images.subarray(0, 2) }
    expect([FinSet.equals(f, f), FinSet.equals(shorter, f), FinSet.equals(f, shorter)]).toEqual([true, false, false])
    const relation = valueOf(FinSetMulti.read([[0, 1], [1]], [2], [2], 'relation'))
    const part = { ...relation, entries: relation.entries.subarray(0, 3) }
    expect([FinSetMulti.equals(part, relation), FinSetMulti.equals(relation, part)]).toEqual([false, false])
    const exact = FinStochExact.id([2])
    const row = { ...exact, rows: exact.rows.slice(0, 1) }
    expect([FinStochExact.equals(row, exact), FinStochExact.equals(exact, row)]).toEqual([false, false])
  })

  test('of matrices in float64 holds at the budget itself', () => {
    const mass = (entry: number) => ({ domain: [], codomain: [1], entries: Float64Array.of(entry) })
    expect(distance(mass(2 * equalityBudget), mass(0))).toBe(equalityBudget)
    expect(FinStoch.equals(mass(2 * equalityBudget), mass(0))).toBe(true)
    expect(FinStoch.equals(mass(2 * equalityBudget * (1 + Number.EPSILON)), mass(0))).toBe(false)
  })

  test('the distance of matrices is that of their farthest rows, wherever they stand', () => {
    const f = valueOf(
      stochasticMatrix([
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
    )
    const at = (...masses: readonly number[]) => valueOf(stochasticMatrix(masses.map((mass) => [1 - mass, mass])))
    expect(distance(f, at(0.5, 0.25, 0.375))).toBe(0.5)
    expect(distance(f, at(0.25, 0.5, 0.375))).toBe(0.5)
    expect(distance(f, at(0.125, 0.25, 0.5))).toBe(0.5)
  })

  test('one row that is not certain is enough against determinism, wherever it stands', () => {
    const rows = [
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ]
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [0, 2, 1],
    ])
      expect(FinStoch.isDeterministic(valueOf(stochasticMatrix(order.map((x) => rows[x]!))))).toBe(false)
  })
})

describe('validation', () => {
  test('gives the morphism itself back', () => {
    const [f, g, h, k] = [FinSet.swap([2], [3]), FinSetMulti.copy([2]), FinStochExact.copy([3]), FinStoch.id([2, 2])]
    expect(valueOf(FinSet.validate(f))).toBe(f)
    expect(valueOf(FinSetMulti.validate(g))).toBe(g)
    expect(valueOf(FinStochExact.validate(h))).toBe(h)
    expect(valueOf(FinStoch.validate(k))).toBe(k)
    const subsets = kleisli(nonEmptySubsets)
    const m = subsets.copy([2])
    expect(valueOf(subsets.validate(m))).toBe(m)
  })

  test('goes on after an input that is right', () => {
    const exact = FinStochExact.id([2])
    const light = { numerators: [0n, 1n], denominator: 2n }
    expect(problemOf(FinStochExact.validate({ ...exact, rows: [exact.rows[0]!, light] }))).toEqual([
      'invalid-value',
      "exact stochastic matrix, row 1: the row sums to 1/2; make every row sum to one exactly, thirds as '1/3'",
    ])
    expect(problemOf(kleisli(nonEmptySubsets).validate({ domain: [2], codomain: [2], values: [[0], []] }))).toEqual([
      'invalid-value',
      'kleisli of non-empty subsets, input 1: it is empty; give at least one element',
    ])
    expect(problemOf(kleisli(nonEmptySubsets).validate({ domain: [2], codomain: [2], values: [[0]] }))).toEqual([
      'invalid-value',
      'kleisli of non-empty subsets: it has 1 values; give one value for each of the 2 inputs',
    ])
  })

  test('finds a negative probability also where the row sums to one and no entry exceeds it', () =>
    expect(problemOf(stochasticMatrix([[-0.25, 0.5, 0.75]]))).toEqual([
      'invalid-value',
      'stochastic matrix, row 0, column 0: -0.25 is no probability; give numbers from 0 to 1',
    ]))

  test('of entries and rows is of one kind', () => {
    const wrong = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 1) }
    expect(problemOf(FinStoch.validate(wrong))[0]).toBe('invalid-value')
    expect(problemOf(FinStoch.read([[1, 0]], [2], [2], 'f'))[0]).toBe('invalid-value')
    const entries = Uint8Array.of(1, 0, 2, 1)
    expect(problemOf(FinSetMulti.validate({ domain: [2], codomain: [2], entries }))).toEqual([
      'invalid-value',
      'multivalued function, input 1, output 0: the entry is 2; give 1 where the output is possible and 0 where it is not',
    ])
  })

  const ends = (domain: readonly number[], codomain: readonly number[]): FiniteEnds => ({ domain, codomain })

  test('ends are lists of counts whose product is a whole number that doubles can hold', () => {
    expect(problemOf(checkFiniteEnds(ends([2, -1], [2]), 'f'))).toEqual([
      'out-of-range',
      'f, domain: -1 is no count of elements; give whole numbers of at least 0',
    ])
    expect(problemOf(checkFiniteEnds(ends([2], [1.5]), 'f'))).toEqual([
      'out-of-range',
      'f, codomain: 1.5 is no count of elements; give whole numbers of at least 0',
    ])
    expect(problemOf(checkFiniteEnds(ends([2], [2 ** 30, 2 ** 30]), 'f'))).toEqual([
      'out-of-range',
      'f, codomain: it has 1152921504606847000 elements; give at most 9007199254740991',
    ])
    const large = ends([0], [Number.MAX_SAFE_INTEGER])
    expect(valueOf(checkFiniteEnds(large, 'f'))).toBe(large)
  })
})

describe('elements', () => {
  test.each<[number | readonly number[], string]>([
    [6, 'x: 6 is no element of a set of 6; give a whole number from 0 to 5'],
    [-1, 'x: -1 is no element of a set of 6; give a whole number from 0 to 5'],
    [0.5, 'x: 0.5 is no element of a set of 6; give a whole number from 0 to 5'],
    [[2, 0], 'x, factor 0: 2 is no element of a set of 2; give a whole number from 0 to 1'],
    [[1, -1], 'x, factor 1: -1 is no element of a set of 3; give a whole number from 0 to 2'],
    [
      [1, 2, 0],
      'x: the tuple has 3 entries; give one element number for each of the 2 factors, or the number of the element',
    ],
  ])('%j is none of 2 x 3', (element, text) =>
    expect(problemOf(readElement(element, [2, 3], 'x'))).toEqual(['invalid-value', text]),
  )

  test('are numbered in row-major order', () => {
    const numbers = [0, 1].flatMap((a) => [0, 1, 2].map((b) => valueOf(readElement([a, b], [2, 3], 'x'))))
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5])
    expect(numbers.map((number) => valueOf(readElement(number, [2, 3], 'x')))).toEqual(numbers)
  })
})

test('a matrix without rows is the one from the empty set to itself', () => {
  expect(FinStoch.equals(valueOf(stochasticMatrix([])), FinStoch.id([0]))).toBe(true)
  expect(FinStochExact.equals(valueOf(exactStochasticMatrix([])), FinStochExact.id([0]))).toBe(true)
  expect(problemOf(exactStochasticMatrix([['1/2']]))[1]).toMatch(
    /^exact stochastic matrix, row 0: the row sums to 1\/2/,
  )
})

test('what lies just beyond a tie is rounded up, also in numerators of more bits than are kept', () => {
  const tie = (2n ** 53n + 1n) * 2n ** 100n
  expect(nearestDouble(tie, 1n)).toBe(2 ** 153)
  expect(nearestDouble(tie + 1n, 1n)).toBe((2 ** 53 + 2) * 2 ** 100)
  expect(nearestDouble(tie - 1n, 1n)).toBe(2 ** 153)
})

test('a matrix of several factors is shown with its ends', () =>
  expect(FinStoch.show(FinStoch.swap([1], [1, 2]))).toBe('[1, 1, 2] -> [1, 2, 1]\n  [1, 0]\n  [0, 1]'))

test('a diagram with several wires is shown wire by wire', () => {
  const [A, B] = [finite('A', 2), finite('B', 3)]
  const f = seq(par(box('split', [A, B], [B, A]), id(A)), par(id(B), box('join', [A, A], [B])))
  expect(freeMarkov.show(f)).toBe(
    ['A ⊗ B ⊗ A -> B ⊗ B', '  takes 0, 1, 2', '  3, 4 = split(0, 1)', '  5 = join(4, 2)', '  gives 3, 5'].join('\n'),
  )
})
