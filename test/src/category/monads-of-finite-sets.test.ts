/** Distributions and subsets by themselves: what is the same value, what is none, and in which words. */
import { isRight, type Either } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { type Problem, showProblem } from '../../../dsl/index.js'
import { type ExactDistribution, exactDistributions, gathered } from '../../../src/category/distribution-monad.js'
import { kleisli } from '../../../src/category/kleisli.js'
import { one, ratio, zero } from '../../../src/category/rational.js'
import { nonEmptySubsets, subsetOf } from '../../../src/category/subset-monad.js'

const half = ratio(1n, 2n)
const third = ratio(1n, 3n)

const messageOf = <A>(result: Either<Problem, A>): string => {
  if (isRight(result)) throw new Error('expected a problem')
  expect(result.left.kind).toBe('invalid-value')
  return showProblem(result.left)
}

describe('distributions', () => {
  const { equals, validate, show } = exactDistributions

  test('are the same when elements and probabilities are', () => {
    const coin: ExactDistribution = [
      [0, half],
      [1, half],
    ]
    expect(
      equals(
        coin,
        gathered([
          [1, ratio(2n, 4n)],
          [0, half],
        ]),
      ),
    ).toBe(true)
    // Other elements, other probabilities of the same elements, one of two.
    expect(
      equals(coin, [
        [0, half],
        [2, half],
      ]),
    ).toBe(false)
    expect(
      equals(coin, [
        [0, third],
        [1, ratio(2n, 3n)],
      ]),
    ).toBe(false)
    expect(
      equals(coin, [
        [0, half],
        [1, third],
      ]),
    ).toBe(false)
    expect(equals([[0, one]], [[1, one]])).toBe(false)
    // A part is not the whole, on either side.
    expect(equals([[0, half]], coin)).toBe(false)
    expect(equals(coin, [[0, half]])).toBe(false)
  })

  test('weights are gathered in the order of the elements, and none that is zero', () => {
    const weights = [
      [10, third],
      [2, half],
      [10, third],
      [3, half],
      [3, half.neg()],
    ] as const
    expect(show(gathered(weights))).toBe('{2: 1/2, 10: 2/3}')
  })

  test('have positive probabilities that sum to one, each element once and in order', () => {
    const checked = (value: ExactDistribution): string => messageOf(validate(value, 3, 'input 0'))
    expect(
      isRight(
        validate(
          [
            [0, half],
            [2, half],
          ],
          3,
          'input 0',
        ),
      ),
    ).toBe(true)
    expect(
      checked([
        [0, one],
        [1, zero],
      ]),
    ).toBe('input 0: element 1 has probability 0; keep positive probabilities only')
    expect(
      checked([
        [1, half],
        [0, half],
      ]),
    ).toBe('input 0: the elements are not in increasing order; name every element once, in increasing order')
    expect(
      checked([
        [0, third],
        [2, half],
        [2, ratio(1n, 6n)],
      ]),
    ).toContain('not in increasing order')
    expect(
      checked([
        [0, half],
        [1, half],
        [2, half],
      ]),
    ).toBe('input 0: it sums to 3/2; make it sum to one')
    expect(checked([[0.5, one]])).toBe('input 0: 0.5 is no element of a set of 3; give a whole number from 0 to 2')
  })
})

describe('subsets', () => {
  const { equals, validate, show, unit } = nonEmptySubsets

  test('are the same when their elements are', () => {
    expect(equals([0, 2], subsetOf([2, 0, 2]))).toBe(true)
    expect(equals([0, 2], [1, 2])).toBe(false)
    expect(equals([0, 2], [0, 1])).toBe(false)
    expect(equals([0], [0, 2])).toBe(false)
    expect(equals([0, 2], [0])).toBe(false)
  })

  test('elements are numbers, not texts: 2 comes before 10', () => {
    expect(subsetOf([10, 2, 10, 1])).toEqual([1, 2, 10])
    expect(show(unit(7))).toBe('{7}')
    expect(show([1, 2, 10])).toBe('{1, 2, 10}')
  })

  test('have an element, each once and in order', () => {
    const checked = (value: readonly number[]): string => messageOf(validate(value, 3, 'input 0'))
    expect(isRight(validate([0, 1, 2], 3, 'input 0'))).toBe(true)
    expect(checked([])).toBe('input 0: it is empty; give at least one element')
    expect(checked([0, 0])).toBe(
      'input 0: the elements are not in increasing order; name every element once, in increasing order',
    )
    expect(checked([0, 2, 1])).toContain('not in increasing order')
    expect(checked([0, 3])).toBe('input 0: 3 is no element of a set of 3; give a whole number from 0 to 2')
  })
})

describe('morphisms of a Kleisli category', () => {
  const subsets = kleisli(nonEmptySubsets)
  const f = { domain: [2], codomain: [2], values: [[0], [0, 1]] }

  test('are equal when ends and values are', () => {
    expect(subsets.equals(f, { ...f, values: [[0], [0, 1]] })).toBe(true)
    expect(subsets.equals(f, { ...f, values: [[0], [1]] })).toBe(false)
    expect(subsets.equals(f, { ...f, domain: [2, 1] })).toBe(false)
    expect(subsets.equals(f, { ...f, codomain: [1, 2] })).toBe(false)
    expect(subsets.equals({ ...f, values: [[0]] }, f)).toBe(false)
    expect(subsets.equals(f, { ...f, values: [[0]] })).toBe(false)
  })

  test('are deterministic when every value is', () => {
    expect(subsets.isDeterministic(f)).toBe(false)
    expect(subsets.isDeterministic({ ...f, values: [[0], [1]] })).toBe(true)
  })

  test('say what they are', () => {
    expect([subsets.name, subsets.equality]).toEqual(['kleisli of non-empty subsets', 'exact: the same elements'])
    expect(kleisli(exactDistributions).equality).toBe('exact: the same probabilities')
  })
})
