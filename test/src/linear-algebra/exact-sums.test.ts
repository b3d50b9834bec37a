import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  addSums,
  checkedSums,
  exactAccumulator,
  exactly,
  noSums,
  sumsOf,
} from '../../../src/linear-algebra/exact-sums.js'

const number = fc.double({ min: -1e9, max: 1e9, noNaN: true })
const list = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 40 })
const total = (addends: readonly (readonly number[])[]) => addends.map(exactly).reduce(addSums, noSums(2))

describe('exact sums', () => {
  test('are associative and commutative to the last bit, with the empty sum as the unit', () => {
    fc.assert(
      fc.property(list, fc.infiniteStream(fc.nat()), (addends, picks) => {
        const inOrder = total(addends)
        const left = [...addends]
        const shuffled: (readonly number[])[] = []
        while (left.length > 0) shuffled.push(...left.splice(picks.next().value % left.length, 1))
        expect(total(shuffled)).toEqual(inOrder)
        const cut = picks.next().value % (addends.length + 1)
        expect(addSums(total(addends.slice(0, cut)), total(addends.slice(cut)))).toEqual(inOrder)
        expect(addSums(noSums(2), inOrder)).toEqual(inOrder)
        const inPlace = exactAccumulator(2)
        addends.forEach(inPlace.add)
        expect(inPlace.sums()).toEqual(inOrder)
      }),
    )
  })

  test('are the sums, in whole numbers of 2^-78', () => {
    fc.assert(
      fc.property(list, (addends) => {
        const exact = (place: number): bigint => addends.reduce((sum, pair) => sum + scaled(pair[place]!), 0n)
        const found = sumsOf(total(addends))
        for (const place of [0, 1]) {
          const wanted = Number(exact(place)) * 2 ** -78
          expect(Math.abs(found[place]! - wanted)).toBeLessThanOrEqual(
            2 ** -52 * Math.abs(wanted) + addends.length * 2 ** -78,
          )
        }
      }),
    )
  })

  test('what cancels leaves what is small', () => {
    const sums = [[1e10], [1e-9], [-1e10], [2 ** -70]].map(exactly).reduce(addSums)
    // 1e-9 is rounded to a multiple of 2^-78, which is below a part in 10^14 of it.
    expect(Math.abs(sumsOf(sums)[0]! / (1e-9 + 2 ** -70) - 1)).toBeLessThan(1e-14)
    expect(() => exactly([Number.NaN])).toThrow('NaN')
    expect(() => exactly([2 ** 41])).toThrow()
    expect(() => addSums(noSums(1), noSums(2))).toThrow('1 sums meet 2')
  })

  test('from outside are what some addends make, or refused', () => {
    fc.assert(
      fc.property(list, (addends) => {
        const { length, addends: count, multiples } = total(addends)
        expect(checkedSums(length, count, multiples)).toEqual(right({ length, addends: count, multiples }))
      }),
    )
    const sums = (count: number, entries: readonly number[]) => checkedSums(1, count, Float64Array.from(entries))
    expect(sums(1, [0, 2 ** 29, -(2 ** 29), 0])).toMatchObject(right({ addends: 1 }))
    expect(sums(1, [0, 2 ** 29 + 1, 0, 0])).toMatchObject(left({ what: 'multiple 1 is 536870913, of 1 addends' }))
    expect(sums(0, [0, 0, 0, 1])).toMatchObject(left({ what: 'multiple 3 is 1, of 0 addends' }))
    expect(sums(1, [0, 0.5, 0, 0])).toMatchObject(left({ what: 'multiple 1 is 0.5, of 1 addends' }))
    expect(sums(1, [NaN, 0, 0, 0])).toMatchObject(left({ what: 'multiple 0 is NaN, of 1 addends' }))
    expect(sums(1, [0, 0, 0])).toMatchObject(left({ what: '3 multiples are no 4 for each of 1 sums' }))
    expect(sums(2 ** 23 + 1, [0, 0, 0, 0])).toMatchObject(left({ what: 'they have 8388609 addends' }))
  })
})

/** A double in whole numbers of 2^-78, rounded. */
const scaled = (x: number): bigint => {
  const whole = Math.trunc(x)
  return BigInt(whole) * 2n ** 78n + BigInt(Math.round((x - whole) * 2 ** 78))
}
