/** The Kleisli categories of distributions and of non-empty subsets are FinStochExact and FinSetMulti. */
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { type Problem, showProblem } from '../../../dsl/index.js'
import { finSetMultiArbitraries, finStochExactArbitraries, testLaws } from '../../../laws/index.js'
import { functorLaws } from '../../../laws/functor-laws.js'
import { type ExactDistribution, exactDistributions, gathered } from '../../../src/category/distribution-monad.js'
import { FinSetMulti, type MultivaluedFunction, possibleOutputs } from '../../../src/category/fin-set-multi.js'
import { exactProbability, FinStochExact, type ExactStochasticMatrix } from '../../../src/category/fin-stoch-exact.js'
import { pairFirstToLast, pairLastToFirst } from '../../../src/category/finite-monad.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import { kleisli, type KleisliMorphism } from '../../../src/category/kleisli.js'
import type { MarkovFunctor } from '../../../src/category/markov-functor.js'
import { one, ratio } from '../../../src/category/rational.js'
import { nonEmptySubsets, type Subset } from '../../../src/category/subset-monad.js'

const distributions = kleisli(exactDistributions)
const subsets = kleisli(nonEmptySubsets)

const fromMatrices: MarkovFunctor<
  FiniteObject,
  ExactStochasticMatrix,
  FiniteObject,
  KleisliMorphism<ExactDistribution>
> = {
  name: 'rows of exact matrices as distributions',
  source: FinStochExact,
  target: distributions,
  onObject: (a) => a,
  onMorphism: (f) => ({
    domain: f.domain,
    codomain: f.codomain,
    values: f.rows.map(({ numerators }, x) => gathered(numerators.map((_, y) => [y, exactProbability(f, x, y)]))),
  }),
}
const fromRelations: MarkovFunctor<FiniteObject, MultivaluedFunction, FiniteObject, KleisliMorphism<Subset>> = {
  name: 'rows of relations as subsets',
  source: FinSetMulti,
  target: subsets,
  onObject: (a) => a,
  onMorphism: (f) => ({
    domain: f.domain,
    codomain: f.codomain,
    values: Array.from({ length: sizeOfObject(f.domain) }, (_, x) => possibleOutputs(f, x)),
  }),
}

// Strict functors that are bijective on objects and, a row being its numbers, on morphisms: the categories are the same.
testLaws(functorLaws(fromMatrices, finStochExactArbitraries), { describe, test })
testLaws(functorLaws(fromRelations, finSetMultiArbitraries), { describe, test })

const messageOf = <A>(result: Either<Problem, A>): string => {
  if (isRight(result)) throw new Error('expected a problem')
  return showProblem(result.left)
}

describe('known numbers', () => {
  const coin: ExactDistribution = [
    [0, ratio(1n, 3n)],
    [1, ratio(2n, 3n)],
  ]

  test('bind is the law of total probability', () => {
    const value = exactDistributions.bind(coin, (x) => (x === 0 ? coin : [[2, one]]))
    expect(exactDistributions.show(value)).toBe('{0: 1/9, 1: 2/9, 2: 2/3}')
    expect(nonEmptySubsets.bind([0, 2], (x) => [x + 1, 0])).toEqual([0, 1, 3])
  })

  test('a pair is that of independent values in either order', () => {
    expect(exactDistributions.show(pairFirstToLast(exactDistributions, coin, coin, 2))).toBe(
      '{0: 1/9, 1: 2/9, 2: 2/9, 3: 4/9}',
    )
    expect(pairLastToFirst(nonEmptySubsets, [0, 1], [0, 2], 3)).toEqual([0, 2, 3, 5])
  })

  test('a morphism is shown by its values', () => {
    const f = { domain: [2], codomain: [2], values: [coin, exactDistributions.unit(1)] }
    expect(distributions.show(f)).toBe('[2] -> [2]\n  0 -> {0: 1/3, 1: 2/3}\n  1 -> {1: 1}')
    expect(distributions.isDeterministic(f)).toBe(false)
    expect(distributions.isDeterministic(distributions.copy([2, 3]))).toBe(true)
    expect(() => distributions.seq(f, distributions.id([3]))).toThrow(
      'kleisli of exact distributions, seq: codomain [2] meets domain [3]',
    )
  })
})

describe('validation', () => {
  const state = <T>(...values: readonly T[]): KleisliMorphism<T> => ({ domain: [], codomain: [2], values })

  test.each<[KleisliMorphism<ExactDistribution>, string]>([
    [state(), ': it has 0 values; give one value for each of the 1 inputs'],
    [
      { ...state([[0, one]]), codomain: [0.5] },
      ', codomain: 0.5 is no count of elements; give whole numbers of at least 0',
    ],
    [state([[2, one]]), ', input 0: 2 is no element of a set of 2; give a whole number from 0 to 1'],
    [
      state([
        [0, ratio(1n, 2n)],
        [0, ratio(1n, 2n)],
      ]),
      ', input 0: the elements are not in increasing order; name every element once, in increasing order',
    ],
    [
      state([
        [0, ratio(3n, 2n)],
        [1, ratio(-1n, 2n)],
      ]),
      ', input 0: element 1 has probability -1/2; keep positive probabilities only',
    ],
    [state([[1, ratio(1n, 3n)]]), ', input 0: it sums to 1/3; make it sum to one'],
    [state([]), ', input 0: it sums to 0; make it sum to one'],
  ])('of distributions, %#', (f, message) =>
    expect(messageOf(distributions.validate(f))).toBe(`kleisli of exact distributions${message}`),
  )

  test.each<[KleisliMorphism<Subset>, string]>([
    [state([]), ', input 0: it is empty; give at least one element'],
    [state([0, 2]), ', input 0: 2 is no element of a set of 2; give a whole number from 0 to 1'],
    [
      state([1, 0]),
      ', input 0: the elements are not in increasing order; name every element once, in increasing order',
    ],
  ])('of subsets, %#', (f, message) =>
    expect(messageOf(subsets.validate(f))).toBe(`kleisli of non-empty subsets${message}`),
  )
})
