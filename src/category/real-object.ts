/**
 * The objects of every category of real vector spaces: lists of dimensions.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { showWire, type Wire } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'

/** A real vector space, as the list of the dimensions of its summands; [] is the space with one point. */
export type RealObject = readonly number[]

/**
 * The dimension of the whole space.
 *
 * @example
 * dimensionOf([2, 3]) // => 5
 * dimensionOf([]) // => 0
 */
export const dimensionOf = (object: RealObject): number => object.reduce((sum, dimension) => sum + dimension, 0)

/** Whether two objects have the same dimensions in the same order. */
export const sameRealObject = (a: RealObject, b: RealObject): boolean =>
  a.length === b.length && a.every((dimension, index) => dimension === b[index])

/** The vector space of a real wire; finite wires have none. `category` names the category in the problem. */
export const realObjectOf =
  (category: string) =>
  (wire: Wire): Either<Problem, RealObject> =>
    wire.kind === 'real'
      ? right([wire.dimension])
      : left(
          problem(
            'unsupported',
            `wire ${showWire(wire)}`,
            `${category} has real vector spaces only`,
            'use a real wire, or a category that has finite sets',
          ),
        )
