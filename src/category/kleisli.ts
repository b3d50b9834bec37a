/**
 * The Kleisli category of a monad on finite sets: morphisms A -> B are functions from A to the values on B.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020):
 * the Kleisli category of a commutative affine monad is a Markov category.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { showElement } from './finite-element.js'
import { assertComposable, checkFiniteEnds, showEnds } from './finite-ends.js'
import { type FiniteMonad, pairFirstToLast } from './finite-monad.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject, swapElement } from './finite-object.js'
import type { MarkovStructure } from './markov-category.js'

export interface KleisliMorphism<T> {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  /** The value on the codomain for each element of the domain. */
  readonly values: readonly T[]
}

/**
 * The Markov category of a commutative affine monad: FinStoch is that of distributions, FinSetMulti that of non-empty subsets.
 *
 * Equality is that of the monad on every value; `validate` asks for one valid value for each input. Of a monad that is commutative
 * but not affine it is a copy-discard category only, of one that is not commutative no monoidal one: the laws say so.
 *
 * @example
 * const relations = kleisli(nonEmptySubsets)
 * const f = { domain: [2], codomain: [2], values: [[0, 1], [1]] }
 * relations.seq(f, f).values // => [[0, 1], [1]]
 * relations.par(f, f).values // => [[0, 1, 2, 3], [1, 3], [2, 3], [3]]
 */
export const kleisli = <T>(monad: FiniteMonad<T>): MarkovStructure<FiniteObject, KleisliMorphism<T>> => {
  type Mor = KleisliMorphism<T>
  const name = `kleisli of ${monad.name}`

  const map = (domain: FiniteObject, codomain: FiniteObject, f: (element: number) => number): Mor => ({
    domain,
    codomain,
    values: Array.from({ length: sizeOfObject(domain) }, (_, x) => monad.unit(f(x))),
  })
  const copy = (a: FiniteObject): Mor => map(a, [...a, ...a], (x) => x * sizeOfObject(a) + x)

  const validate = (f: Mor): Either<Problem, Mor> => {
    const ends = checkFiniteEnds(f, name)
    if (isLeft(ends)) return ends
    const [inputs, outputs] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
    if (f.values.length !== inputs)
      return left(
        problem(
          'invalid-value',
          name,
          `it has ${f.values.length} values`,
          `give one value for each of the ${inputs} inputs`,
        ),
      )
    for (const [x, value] of f.values.entries()) {
      const checked = monad.validate(value, outputs, `${name}, input ${x}`)
      if (isLeft(checked)) return checked
    }
    return right(f)
  }

  return {
    name,
    equality: monad.equality,
    unit: [],
    tensor: (a, b) => [...a, ...b],
    sameObject: sameFiniteObject,
    domain: (f) => f.domain,
    codomain: (f) => f.codomain,
    id: (a) => map(a, a, (x) => x),
    seq: (f, g) => {
      assertComposable(`${name}, seq`, f, g)
      return {
        domain: f.domain,
        codomain: g.codomain,
        values: f.values.map((value) => monad.bind(value, (y) => g.values[y]!)),
      }
    },
    par: (f, g) => {
      const width = sizeOfObject(g.codomain)
      return {
        domain: [...f.domain, ...g.domain],
        codomain: [...f.codomain, ...g.codomain],
        values: f.values.flatMap((a) => g.values.map((b) => pairFirstToLast(monad, a, b, width))),
      }
    },
    swap: (a, b) => map([...a, ...b], [...b, ...a], (x) => swapElement(a, b, x)),
    copy,
    discard: (a) => map(a, [], () => 0),
    isDeterministic: (f) => {
      const width = sizeOfObject(f.codomain)
      return f.values.every((value) =>
        monad.equals(
          monad.bind(value, (y) => monad.unit(y * width + y)),
          pairFirstToLast(monad, value, value, width),
        ),
      )
    },
    equals: (f, g) =>
      sameFiniteObject(f.domain, g.domain) &&
      sameFiniteObject(f.codomain, g.codomain) &&
      f.values.length === g.values.length &&
      f.values.every((value, x) => monad.equals(value, g.values[x]!)),
    validate,
    show: (f) =>
      [showEnds(f), ...f.values.map((value, x) => `  ${showElement(f.domain, x)} -> ${monad.show(value)}`)].join('\n'),
  }
}
