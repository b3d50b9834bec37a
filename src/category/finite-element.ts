/**
 * Elements of finite sets: by number, and by one number for each factor.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type FiniteObject, sizeOfObject } from './finite-object.js'

/** An element as its number in row-major order, or as a tuple of one element number for each factor. */
export type FiniteElement = number | readonly number[]

/**
 * The number of an element of a product, from one number for each factor.
 *
 * @example
 * elementNumber([2, 3], [1, 2]) // => 5
 */
export const elementNumber = (object: FiniteObject, tuple: readonly number[]): number =>
  object.reduce((number, size, factor) => number * size + tuple[factor]!, 0)

/**
 * The element of each factor, from the number of an element of the product.
 *
 * @example
 * elementTuple([2, 3], 5) // => [1, 2]
 */
export const elementTuple = (object: FiniteObject, element: number): readonly number[] => {
  let rest = element
  return object
    .toReversed()
    .map((size) => {
      const here = rest % size
      rest = Math.floor(rest / size)
      return here
    })
    .reverse()
}

/** The number of an element that a user wrote; `invalid-value` for what is no element of the object. */
export const readElement = (element: FiniteElement, object: FiniteObject, where: string): Either<Problem, number> => {
  if (typeof element === 'number')
    return isElement(element, sizeOfObject(object)) ? right(element) : left(noElement(element, object, where))
  if (element.length !== object.length)
    return left(
      problem(
        'invalid-value',
        where,
        `the tuple has ${element.length} entries`,
        `give one element number for each of the ${object.length} factors, or the number of the element`,
      ),
    )
  const outside = object.findIndex((size, factor) => !isElement(element[factor]!, size))
  return outside === -1
    ? right(elementNumber(object, element))
    : left(noElement(element[outside]!, [object[outside]!], `${where}, factor ${outside}`))
}

/** Whether a number is that of an element of a set of a size. */
export const isElement = (number: number, size: number): boolean =>
  Number.isInteger(number) && number >= 0 && number < size

/** The problem of a number that is not that of an element. */
export const noElement = (number: number | undefined, object: FiniteObject, where: string): Problem => {
  const size = sizeOfObject(object)
  return problem(
    'invalid-value',
    where,
    size === 0 ? `${number} is no element of the empty set` : `${number} is no element of a set of ${size}`,
    size === 0 ? 'only the empty set has a map to the empty set' : `give a whole number from 0 to ${size - 1}`,
  )
}

/** An element as '2', and of a product of several factors as '(1, 2)'. */
export const showElement = (object: FiniteObject, element: number): string =>
  object.length === 1 ? String(element) : `(${elementTuple(object, element).join(', ')})`
