/** Sweeping, by the closed form of what it makes, and the order in which pivots are taken. */
import { describe, expect, test } from 'vitest'

import { exactAlgebra, type ExactMatrix } from '../../../../src/category/gauss/exact-matrix.js'
import { regressExactly, sweepFirst } from '../../../../src/category/gauss/exact-regression.js'
import { type RationalText, readRational, showRational } from '../../../../src/category/rational.js'
import { valueOf } from '../../../support/value-of.js'

const exact = (rows: readonly (readonly RationalText[])[]): ExactMatrix => ({
  rows: rows.length,
  columns: rows[0]!.length,
  entries: rows.flat().map((entry) => valueOf(readRational(entry, 'entry'))),
})
const textOf = ({ rows, columns, entries }: ExactMatrix): readonly (readonly string[])[] =>
  Array.from({ length: rows }, (_, i) => entries.slice(i * columns, (i + 1) * columns).map(showRational))

describe('sweeping', () => {
  const covariance = exact([
    [4, 2, 2],
    [2, 3, 1],
    [2, 1, 5],
  ])

  test('one coordinate: minus the inverse, the slope on either side, and what is left', () => {
    const { matrix, pivots, rest } = sweepFirst(covariance, 1)
    expect([pivots, rest]).toEqual([[0], []])
    expect(textOf(matrix)).toEqual([
      ['-1/4', '1/2', '1/2'],
      ['1/2', '2', '0'],
      ['1/2', '0', '4'],
    ])
  })

  test('two coordinates: the inverse of [4, 2; 2, 3] is [3, -2; -2, 4] / 8', () => {
    const { matrix, pivots } = sweepFirst(covariance, 2)
    expect(pivots).toEqual([0, 1])
    expect(textOf(matrix)).toEqual([
      ['-3/8', '1/4', '1/2'],
      ['1/4', '-1/2', '0'],
      ['1/2', '0', '4'],
    ])
  })

  test('all: minus the inverse', () => {
    const { matrix, rest } = sweepFirst(covariance, 3)
    expect(rest).toEqual([])
    const identity = exactAlgebra.product(exactAlgebra.negative(matrix), covariance)
    expect(textOf(identity)).toEqual([
      ['1', '0', '0'],
      ['0', '1', '0'],
      ['0', '0', '1'],
    ])
  })

  test('what the others determine, and what has no variance, is never a pivot', () => {
    const singular = exact([
      [0, 0, 0, 0],
      [0, 1, 2, 3],
      [0, 2, 4, 6],
      [0, 3, 6, 9],
    ])
    const { matrix, pivots, rest } = sweepFirst(singular, 4)
    expect([pivots, rest]).toEqual([[1], [0, 2, 3]])
    expect(textOf(matrix)).toEqual([
      ['0', '0', '0', '0'],
      ['0', '-1', '2', '3'],
      ['0', '2', '0', '0'],
      ['0', '3', '0', '0'],
    ])
  })

  test('of what is no covariance nothing negative is swept', () => {
    const { pivots, rest } = sweepFirst(
      exact([
        [-1, 0],
        [0, 2],
      ]),
      2,
    )
    expect([pivots, rest]).toEqual([[1], [0]])
  })
})

describe('the order of the pivots', () => {
  /** Coordinate 0 leaves 3/4 of coordinate 1, and all of coordinate 2. */
  const withPart = (part: string): ExactMatrix =>
    exact([
      [1, '1/2', 0],
      ['1/2', 1, 0],
      [0, 0, part],
    ])

  test('is that of the largest parts, whatever the units', () => {
    for (const part of ['1/1000', '1', '1000']) expect(sweepFirst(withPart(part), 3).pivots).toEqual([0, 2, 1])
  })

  test('and where parts nearly agree that of the coordinates', () => {
    const nearly = (variance: string): ExactMatrix =>
      exact([
        [2, 1, 1, 0],
        [1, 2, '1/2', 0],
        [1, '1/2', variance, 0],
        [0, 0, 0, 1],
      ])
    // Coordinate 3 has all left and is second; then 2 with 1 - 1 / (2 d), and 1 with 3/4.
    expect(sweepFirst(nearly('2.0000000000001'), 4).pivots).toEqual([0, 3, 1, 2])
    expect(sweepFirst(nearly('2.1'), 4).pivots).toEqual([0, 3, 2, 1])
  })
})

test('a regression reads the slope and the rank off', () => {
  const { slope, rank } = regressExactly(
    exact([
      [4, 2, 2],
      [2, 3, 1],
      [2, 1, 5],
    ]),
    2,
  )
  expect([textOf(slope), rank]).toEqual([[['1/2', '0']], 2])
})

test('factors that do not meet throw', () =>
  expect(() => exactAlgebra.product(exact([[1, 2]]), exact([[1, 2]]))).toThrow('matrix product: 1 x 2 meets 1 x 2'))
