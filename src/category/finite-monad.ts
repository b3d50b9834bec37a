/**
 * Monads on finite sets, as records: what a Markov category of finite sets can be made from.
 *
 * Elements are numbers and sets are not written down, so that one type T holds the values on every set: distributions, subsets. A monad
 * gives a Markov category if it is commutative and affine (T1 = 1); commutative alone, a copy-discard category.
 *
 * Source: B. Jacobs, "Affine monads and side-effect-freeness" (2016); T. Fritz, "A synthetic approach to Markov kernels, conditional
 * independence and theorems on sufficient statistics" (2020).
 */
import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'

/** A monad, as unit and bind; that it is one, and commutative and affine, is a promise that its laws check. */
export interface FiniteMonad<T> {
  readonly name: string
  /** What `equals` means. */
  readonly equality: string
  /** The value that is certain of an element. */
  readonly unit: (element: number) => T
  /** Kleisli extension: a value on M, then a value on N for each element of M, as a value on N. */
  readonly bind: (value: T, f: (element: number) => T) => T
  readonly equals: (a: T, b: T) => boolean
  /** A value on a set of a size as it is, or what is wrong with it. */
  readonly validate: (value: T, size: number, where: string) => Either<Problem, T>
  readonly show: (value: T) => string
}

/**
 * The pair of a value on M and a value on N, a set of `width` elements, as a value on M x N: that on M first.
 *
 * Pairs are numbered in row-major order.
 */
export const pairFirstToLast = <T>({ unit, bind }: FiniteMonad<T>, a: T, b: T, width: number): T =>
  bind(a, (x) => bind(b, (y) => unit(x * width + y)))

/** The same pair with the value on N first; a monad is commutative if this is no other. */
export const pairLastToFirst = <T>({ unit, bind }: FiniteMonad<T>, a: T, b: T, width: number): T =>
  bind(b, (y) => bind(a, (x) => unit(x * width + y)))
