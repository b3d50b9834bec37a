/**
 * The objects of every category of finite sets: lists of cardinalities.
 *
 * The elements of a product are numbered in row-major order (the last factor runs fastest), so elements are numbers and are compared
 * by value.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { cardinality, showWire, type Wire } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'

/** A finite set, as the list of the cardinalities of its factors; [] is the one-element set. */
export type FiniteObject = readonly number[]

/**
 * How many elements an object has.
 *
 * @example
 * sizeOfObject([2, 3]) // => 6
 * sizeOfObject([]) // => 1
 */
export const sizeOfObject = (object: FiniteObject): number => object.reduce((product, size) => product * size, 1)

/** Whether two objects have the same factors in the same order. */
export const sameFiniteObject = (a: FiniteObject, b: FiniteObject): boolean =>
  a.length === b.length && a.every((size, index) => size === b[index])

/** The function that a swap is: an element of A ⊗ B as an element of B ⊗ A. */
export const swapElement = (a: FiniteObject, b: FiniteObject, element: number): number =>
  (element % sizeOfObject(b)) * sizeOfObject(a) + Math.floor(element / sizeOfObject(b))

/** The finite set of a finite wire; real wires have none. `category` names the category in the problem. */
export const finiteObjectOf =
  (category: string) =>
  (wire: Wire): Either<Problem, FiniteObject> => {
    const size = cardinality(wire)
    return size === undefined
      ? left(
          problem(
            'unsupported',
            `wire ${showWire(wire)}`,
            `${category} has finite sets only`,
            'use a finite wire, or a category that has real vector spaces',
          ),
        )
      : right([size])
  }
