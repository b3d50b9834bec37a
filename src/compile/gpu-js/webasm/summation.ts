/** The loops of a product: how its factors are read, and what is written out of them. */
import { coefficientOf, type Factor, type Product } from './product.js'
import { advance, productOf, repeat } from './text.js'

/** Entries that a read may be beyond the last of an operand: less than gpu.js keeps free behind all of them. */
export const slack = 2 ** 14

/** A factor as one form of kernel reads it: `sums` numbers, each at an offset from a place of its own. */
export interface Reader {
  readonly name: string
  readonly places: readonly string[]
  readonly offsets: readonly number[]
  /** How far the places move with each summed index. */
  readonly steps: readonly number[]
  /** Whether all numbers are the same. */
  readonly isShared: boolean
  readonly lines: readonly string[]
}

/** How far the places of a factor move with each summed index. */
export const stepsOf = (factor: Factor, { sizes, summed }: Product): readonly number[] =>
  summed.map((_, place) => (factor.panels === undefined ? coefficientOf(factor, sizes.length + 1 + place) : 4))

/** Loops over summed indices up to this many terms are written out. */
const writtenOut = 16

/** The terms of the sums, the last index in the innermost loop, of which `unrolled` turns are written out. */
export const summation = (
  summed: readonly number[],
  readers: readonly [Reader, Reader],
  term: (offsets: readonly [number, number], mark: string) => readonly string[],
  unrolled: number,
): readonly string[] => {
  const offsetsAt = (indices: readonly number[]): readonly [number, number] => {
    const offset = ({ steps }: Reader): number => indices.reduce((sum, index, place) => sum + index * steps[place]!, 0)
    return [offset(readers[0]), offset(readers[1])]
  }
  const places = (reader: Reader): readonly string[] => [...new Set(reader.places)]
  const move = (by: (reader: Reader) => number): readonly string[] =>
    readers.flatMap((reader) => places(reader).flatMap((place) => advance(place, by(reader))))

  if (productOf(summed) <= writtenOut) {
    const all = summed.reduce<readonly (readonly number[])[]>(
      (before, size) => before.flatMap((indices) => Array.from({ length: size }, (_, index) => [...indices, index])),
      [[]],
    )
    return all.flatMap((indices, count) => term(offsetsAt(indices), `${count}`))
  }
  const depth = summed.length - 1
  const innermost = summed[depth]!
  const turns = (count: number, mark: string): readonly string[] =>
    Array.from({ length: count }, (_, k) =>
      term([k * readers[0].steps[depth]!, k * readers[1].steps[depth]!], `${mark}${k}`),
    ).flat()
  const whole = Math.floor(innermost / unrolled)
  const rest = innermost - whole * unrolled
  const inner = [
    ...repeat(`t${depth}`, whole, [...turns(unrolled, 't'), ...move(({ steps }) => unrolled * steps[depth]!)]),
    ...turns(rest, 'r'),
  ]
  const moved = whole * unrolled
  return summed.slice(0, -1).reduceRight<readonly string[]>((lines, size, place) => {
    const already = (reader: Reader): number =>
      place === depth - 1 ? moved * reader.steps[depth]! : summed[place + 1]! * reader.steps[place + 1]!
    return repeat(`t${place}`, size, [...lines, ...move((reader) => reader.steps[place]! - already(reader))])
  }, inner)
}
