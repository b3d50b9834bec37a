/**
 * Sums that do not depend on the order of what is added: lists of numbers, each the exact sum of what was added to it, where every
 * addend has first been rounded to a multiple of 2^-78.
 *
 * An addend is cut into whole multiples of 2^12, 2^-18, 2^-48 and 2^-78, which are added up apart. All of these are whole numbers below
 * 2^53, so each addition is exact, and addition of sums is associative and commutative to the last bit. Source: the idea of J. Demmel
 * and H. D. Nguyen, "Fast reproducible floating-point summation" (2013), with fixed bins.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'

export interface ExactSums {
  /** How many sums. */
  readonly length: number
  /** How many times something was added: at most 2^23. */
  readonly addends: number
  /** For each unit the multiples of it: units x length. */
  readonly multiples: Float64Array
}

const units = [2 ** 12, 2 ** -18, 2 ** -48, 2 ** -78] as const

/** Addends are smaller than this in absolute value. */
export const largestAddend = 2 ** 40

const scales = units.map((unit) => 1 / unit)

/** How many units there are, and so how many multiples each sum has. */
export const unitCount = units.length

/** No addend has more multiples of a unit. */
const mostMultiple = 2 ** 29

/** Below this the multiples of the smaller units stay whole numbers that a double holds. */
const mostAddends = 2 ** 23

/** Sums of nothing. */
export const noSums = (length: number): ExactSums => ({
  length,
  addends: 0,
  multiples: new Float64Array(units.length * length),
})

/**
 * Sums of one addend each: numbers below 2^40 in absolute value.
 *
 * @example
 * const [large, small] = [1e10, 2 ** -30].map((x) => exactly([x]))
 * Array.from(sumsOf(addSums(addSums(large, small), exactly([-1e10])))) // => [9.313225746154785e-10]
 */
export const exactly = (addends: ArrayLike<number>): ExactSums => {
  const accumulator = exactAccumulator(addends.length)
  accumulator.add(addends)
  return accumulator.sums()
}

/** Sums that are added to in place, for many addends. */
export interface ExactAccumulator {
  readonly add: (addends: ArrayLike<number>) => void
  /** What has been added up to now; what is added later does not change it. */
  readonly sums: () => ExactSums
}

export const exactAccumulator = (length: number): ExactAccumulator => {
  const multiples = new Float64Array(units.length * length)
  let count = 0
  return {
    add: (addends) => {
      if (addends.length !== length) throw new Error(`exact sums: ${addends.length} addends for ${length} sums`)
      if (++count > mostAddends) throw new Error(`exact sums: more than ${mostAddends} addends`)
      for (let place = 0; place < length; place++) {
        let rest = addends[place]!
        // Sums by token are of many tokens, and few of them occur in a chunk.
        if (rest === 0) continue
        if (!(Math.abs(rest) < largestAddend)) throw new Error(`exact sums: ${rest} is no number below 2^40`)
        for (let level = 0, at = place; level < units.length; level++, at += length) {
          // The scale is a power of two, so that nothing is rounded but where it is said.
          const multiple = Math.floor(rest * scales[level]! + 0.5)
          if (multiple === 0) continue
          multiples[at]! += multiple
          rest -= multiple * units[level]!
        }
      }
    },
    sums: () => ({ length, addends: count, multiples: multiples.slice() }),
  }
}

/**
 * Sums from their multiples, which came from outside.
 *
 * Errors: `malformed` for another number of multiples, for multiples that are no whole numbers, or larger than so many addends make them.
 *
 * @example
 * const { length, addends, multiples } = exactly([0.5, 3])
 * Array.from(sumsOf(toUnion(checkedSums(length, addends, multiples)))) // => [0.5, 3]
 */
export const checkedSums = (length: number, addends: number, multiples: Float64Array): Either<Problem, ExactSums> => {
  const wrong = (what: string): Either<Problem, never> =>
    left(problem('malformed', 'exact sums', what, 'give sums as they were printed'))
  if (!(Number.isInteger(addends) && addends >= 0 && addends <= mostAddends))
    return wrong(`they have ${addends} addends`)
  if (multiples.length !== units.length * length)
    return wrong(`${multiples.length} multiples are no ${units.length} for each of ${length} sums`)
  const place = multiples.findIndex((multiple) => !(Math.abs(multiple) <= addends * mostMultiple && multiple % 1 === 0))
  return place === -1
    ? right({ length, addends, multiples })
    : wrong(`multiple ${place} is ${multiples[place]}, of ${addends} addends`)
}

/** The sums of all that was added to either. */
export const addSums = (a: ExactSums, b: ExactSums): ExactSums => {
  if (a.length !== b.length) throw new Error(`addSums: ${a.length} sums meet ${b.length}`)
  const addends = a.addends + b.addends
  if (addends > mostAddends) throw new Error(`addSums: more than ${mostAddends} addends`)
  return { length: a.length, addends, multiples: a.multiples.map((multiple, place) => multiple + b.multiples[place]!) }
}

/** The sums as doubles. */
export const sumsOf = ({ length, multiples }: ExactSums): Float64Array =>
  Float64Array.from({ length }, (_, place) =>
    units.reduceRight((sum, unit, level) => sum + multiples[level * length + place]! * unit, 0),
  )
