/** From the uniform numbers at an address to what is drawn: normal numbers in pairs, columns at the borders of a row. */
import { describe, expect, test } from 'vitest'

import { normalsAt, uniformAt } from '../../../../src/category/sampler/addressed-randomness.js'
import { invert } from '../../../../src/category/sampler/step.js'

test('normal numbers come in pairs, one radius and one angle for both; an odd one is the first of its pair', () => {
  const [seed, place, draw] = [7, 3, 11]
  const wanted = [0, 2].flatMap((index) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(seed, place, draw, index)))
    const angle = 2 * Math.PI * uniformAt(seed, place, draw, index + 1)
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  for (const length of [0, 1, 2, 3, 4]) {
    const target = new Float64Array(length)
    normalsAt(seed, place, draw, target)
    expect([...target]).toEqual(wanted.slice(0, length))
  }
})

describe('the column of a row that a uniform number picks', () => {
  // Two rows, the first of which would give other answers: each column of the second has the same share.
  const rowsOf = (width: number): Float64Array =>
    Float64Array.from({ length: 2 * width }, (_, place) => {
      if (place % width === width - 1) return Infinity
      return place < width ? 0 : (place - width + 1) / width
    })

  test.each([1, 2, 4, 8, 16, 64])('of %d columns: a number on a border belongs to the column after it', (width) => {
    const rows = rowsOf(width)
    for (let column = 0; column < width; column++) {
      expect(invert(rows, width, width, column / width)).toBe(column)
      expect(invert(rows, width, width, (column + 0.5) / width)).toBe(column)
      expect(invert(rows, width, width, (column + 1) / width - 2 ** -53)).toBe(column)
      expect(invert(rows, 0, width, column / width)).toBe(width - 1)
    }
  })

  test('passes over columns without a share', () => {
    const sums = Float64Array.of(0, 0, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.75, 0.75, Infinity, Infinity)
    expect([0, 0.2, 0.25, 0.4, 0.5, 0.74, 0.75, 0.99].map((level) => invert(sums, 0, 12, level))).toEqual([
      2, 2, 5, 5, 8, 8, 10, 10,
    ])
  })
})
