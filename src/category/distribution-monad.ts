/**
 * The monad of distributions with exact rational probabilities.
 */
import { left, right } from 'fp-ts/lib/Either.js'

import { problem } from '../../dsl/problem.js'
import { isElement, noElement } from './finite-element.js'
import type { FiniteMonad } from './finite-monad.js'
import { one, type Rational, showRational, zero } from './rational.js'

/** Elements of positive probability in increasing order, each with its probability. */
export type ExactDistribution = readonly (readonly [element: number, probability: Rational])[]

/**
 * Weights as a distribution has them: every element once, in increasing order, none without weight.
 *
 * @example
 * gathered([[1, ratio(1n, 2n)], [0, ratio(1n, 3n)], [1, ratio(1n, 6n)]]).map(([y, p]) => [y, showRational(p)])
 * // => [[0, '1/3'], [1, '2/3']]
 */
export const gathered = (weights: Iterable<readonly [element: number, weight: Rational]>): ExactDistribution => {
  const sums = new Map<number, Rational>()
  for (const [element, weight] of weights) sums.set(element, (sums.get(element) ?? zero).add(weight))
  return [...sums].filter(([, weight]) => weight.n !== 0n).sort(([a], [b]) => a - b)
}

/** The sum of f(x) with weight p(x). */
const bind = (value: ExactDistribution, f: (element: number) => ExactDistribution): ExactDistribution =>
  gathered(value.flatMap(([x, p]) => f(x).map(([y, q]) => [y, p.mul(q)] as const)))

/**
 * Distributions: commutative (Fubini's theorem) and affine; its Kleisli category is FinStoch in exact rationals.
 *
 * Equality is exact. `validate` asks for elements of the set in increasing order, and positive probabilities that sum to one.
 */
export const exactDistributions: FiniteMonad<ExactDistribution> = {
  name: 'exact distributions',
  equality: 'exact: the same probabilities',
  unit: (element) => [[element, one]],
  bind,
  equals: (a, b) => a.length === b.length && a.every(([x, p], index) => x === b[index]![0] && p.equals(b[index]![1])),
  validate: (value, size, where) => {
    const wrong = (what: string, remedy: string) => left(problem('invalid-value', where, what, remedy))
    const outside = value.find(([x]) => !isElement(x, size))
    if (outside !== undefined) return left(noElement(outside[0], [size], where))
    if (value.some(([x], index) => index > 0 && x <= value[index - 1]![0]))
      return wrong('the elements are not in increasing order', 'name every element once, in increasing order')
    const light = value.find(([, p]) => p.compare(zero) <= 0)
    if (light !== undefined)
      return wrong(`element ${light[0]} has probability ${showRational(light[1])}`, 'keep positive probabilities only')
    const sum = value.reduce((total, [, p]) => total.add(p), zero)
    return sum.equals(one) ? right(value) : wrong(`it sums to ${showRational(sum)}`, 'make it sum to one')
  },
  show: (value) => `{${value.map(([x, p]) => `${x}: ${showRational(p)}`).join(', ')}}`,
}
