/**
 * Sums that do not depend on the order of what is added: lists of numbers, each the exact sum of what was added to it, where every
 * addend has first been rounded to a multiple of 2^-78.
 *
 * An addend is cut into whole multiples of 2^12, 2^-18, 2^-48 and 2^-78, which are added up apart. All of these are whole numbers below
 * 2^53, so each addition is exact, and addition of sums is associative and commutative to the last bit. Source: the idea of J. Demmel
 * and H. D. Nguyen, "Fast reproducible floating-point summation" (2013), with fixed bins.
 */

export interface ExactSums {
  /** How many sums. */
  readonly length: number
  /** How many times something was added: at most 2^23. */
  readonly addends: number
  /** For each unit the multiples of it: units x length. */
  readonly multiples: Float64Array
}

const units = [2 ** 12, 2 ** -18, 2 ** -48, 2 ** -78] as const

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
        if (!(Math.abs(rest) < 2 ** 40)) throw new Error(`exact sums: ${rest} is no number below 2^40`)
        for (let level = 0; level < units.length; level++) {
          const multiple = Math.round(rest / units[level]!)
          multiples[level * length + place]! += multiple
          rest -= multiple * units[level]!
        }
      }
    },
    sums: () => ({ length, addends: count, multiples: multiples.slice() }),
  }
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
