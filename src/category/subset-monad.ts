/**
 * The monad of non-empty subsets.
 */
import { left, right } from 'fp-ts/lib/Either.js'

import { problem } from '../../dsl/problem.js'
import { isElement, noElement } from './finite-element.js'
import type { FiniteMonad } from './finite-monad.js'

/** The elements of a set in increasing order. */
export type Subset = readonly number[]

/** Elements as a subset has them: each once, in increasing order. */
export const subsetOf = (elements: Iterable<number>): Subset => [...new Set(elements)].sort((a, b) => a - b)

/**
 * Non-empty subsets: commutative and affine; its Kleisli category is FinSetMulti.
 *
 * Equality is exact. `validate` asks for at least one element, in increasing order.
 */
export const nonEmptySubsets: FiniteMonad<Subset> = {
  name: 'non-empty subsets',
  equality: 'exact: the same elements',
  unit: (element) => [element],
  bind: (value, f) => subsetOf(value.flatMap((x) => f(x))),
  equals: (a, b) => a.length === b.length && a.every((x, index) => x === b[index]),
  validate: (value, size, where) => {
    const wrong = (what: string, remedy: string) => left(problem('invalid-value', where, what, remedy))
    if (value.length === 0) return wrong('it is empty', 'give at least one element')
    const outside = value.findIndex((x) => !isElement(x, size))
    if (outside !== -1) return left(noElement(value[outside], [size], where))
    return value.some((x, index) => index > 0 && x <= value[index - 1]!)
      ? wrong('the elements are not in increasing order', 'name every element once, in increasing order')
      : right(value)
  },
  show: (value) => `{${value.join(', ')}}`,
}
