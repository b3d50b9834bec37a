/**
 * The ends of a morphism between finite sets: that they are finite sets at all, and that they meet where morphisms are composed.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from './finite-object.js'

/** What every morphism between finite sets has. */
export interface FiniteEnds {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
}

/** An object as '[2, 3]'. */
export const showFiniteObject = (object: FiniteObject): string => `[${object.join(', ')}]`

/** The first line of a morphism that is shown: '[2] -> [2, 3]'. */
export const showEnds = ({ domain, codomain }: FiniteEnds): string =>
  `${showFiniteObject(domain)} -> ${showFiniteObject(codomain)}`

/** Domain and codomain are lists of counts, and their elements can be numbered by doubles; `out-of-range` otherwise. */
export const checkFiniteEnds = <Mor extends FiniteEnds>(f: Mor, where: string): Either<Problem, Mor> => {
  for (const [end, object] of [
    ['domain', f.domain],
    ['codomain', f.codomain],
  ] as const) {
    // `findIndex` visits the holes of a list too, which are no counts either.
    const wrong = object.findIndex((size) => !(Number.isInteger(size) && size >= 0))
    if (wrong !== -1)
      return left(
        problem(
          'out-of-range',
          `${where}, ${end}`,
          `${object[wrong]} is no count of elements`,
          'give whole numbers of at least 0',
        ),
      )
    if (!Number.isSafeInteger(sizeOfObject(object)))
      return left(
        problem(
          'out-of-range',
          `${where}, ${end}`,
          `it has ${sizeOfObject(object)} elements`,
          `give at most ${Number.MAX_SAFE_INTEGER}`,
        ),
      )
  }
  return right(f)
}

/** Throws unless g starts where f ends. */
export const assertComposable = (operation: string, f: FiniteEnds, g: FiniteEnds): void => {
  if (!sameFiniteObject(f.codomain, g.domain))
    throw new Error(`${operation}: codomain ${showFiniteObject(f.codomain)} meets domain ${showFiniteObject(g.domain)}`)
}

/** Throws unless f ends in X ⊗ Y. */
export const assertEndsIn = (operation: string, f: FiniteEnds, x: FiniteObject, y: FiniteObject): void => {
  if (!sameFiniteObject(f.codomain, [...x, ...y]))
    throw new Error(
      `${operation}: codomain ${showFiniteObject(f.codomain)} is not ${showFiniteObject(x)} ⊗ ${showFiniteObject(y)}`,
    )
}
