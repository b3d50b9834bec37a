/** Pivoted factors of semidefinite matrices: they put the matrix together again, and decide ranks without regard to units. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Matrix, matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { pivotedCholesky, pivotedLdl, solveLdl } from '../../../src/linear-algebra/pivoted-cholesky.js'

/** Units, and small whole numbers times a factor with fewer columns than rows. */
const semidefinite = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.integer({ min: 0, max: n }).chain((rank) =>
    fc.record({
      n: fc.constant(n),
      rank: fc.constant(rank),
      factor: fc
        .array(fc.integer({ min: -3, max: 3 }), { minLength: n * rank, maxLength: n * rank })
        .map((entries) => matrix(n, rank, entries)),
      units: fc.array(fc.constantFrom(1e-6, 1e-3, 1, 1e3, 1e6), { minLength: n, maxLength: n }),
    }),
  ),
)
const squareOf = (factor: Matrix): Matrix => matrixProduct(factor, transpose(factor))
const diagonalOf = ({ rows, entries }: Matrix): readonly number[] =>
  Array.from({ length: rows }, (_, i) => entries[i * (rows + 1)]!)
const largest = (entries: Float64Array): number => entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)

describe('L D L^T', () => {
  test('by hand', () => {
    // 4 is the larger part of its size: all of it, as 9 is of 9; then 9 - 6^2 / 4 = 0 is left.
    const { pivots, rest, lower, diagonal, remainder } = pivotedLdl(matrix(2, 2, [4, 6, 6, 9]), [4, 9], 1e-12)
    expect([pivots, rest, [...lower.entries], [...diagonal], [...remainder.entries]]).toEqual([[0], [1], [1], [4], [0]])
    const full = pivotedLdl(matrix(2, 2, [4, 2, 2, 3]), [4, 3], 1e-12)
    expect([full.pivots, [...full.lower.entries], [...full.diagonal]]).toEqual([
      [0, 1],
      [1, 0, 0.5, 1],
      [4, 2],
    ])
    // 4 x + 2 y = 8, 2 x + 3 y = 10.
    expect([...solveLdl(full, matrix(2, 1, [8, 10])).entries]).toEqual([0.5, 3])
  })

  test('the pivots explain the whole matrix', () =>
    fc.assert(
      fc.property(semidefinite, ({ n, rank, factor }) => {
        const a = squareOf(factor)
        const { pivots, rest, lower, diagonal, remainder } = pivotedLdl(a, diagonalOf(a), 1e-12)
        expect(pivots.length).toBeLessThanOrEqual(rank)
        expect([...pivots, ...rest].sort((i, j) => i - j)).toEqual(Array.from({ length: n }, (_, i) => i))
        expect(largest(remainder.entries)).toBeLessThan(1e-11)
        const scaled = matrix(
          lower.rows,
          lower.columns,
          lower.entries.map((entry, place) => entry * diagonal[place % lower.columns]!),
        )
        const block = matrixProduct(scaled, transpose(lower))
        pivots.forEach((i, row) => {
          pivots.forEach((j, column) =>
            expect(block.entries[row * pivots.length + column]).toBeCloseTo(a.entries[i * n + j]!, 10),
          )
        })
      }),
      { numRuns: 500 },
    ))

  test('units change neither the rank nor the pivots', () =>
    fc.assert(
      fc.property(semidefinite, ({ n, factor, units }) => {
        const a = squareOf(factor)
        const b = matrix(
          n,
          n,
          a.entries.map((entry, at) => entry * units[Math.floor(at / n)]! * units[at % n]!),
        )
        expect(pivotedLdl(b, diagonalOf(b), 1e-12).pivots).toEqual(pivotedLdl(a, diagonalOf(a), 1e-12).pivots)
      }),
      { numRuns: 500 },
    ))

  test('a coordinate without size is no pivot, and a misshapen matrix is an error', () => {
    expect(pivotedLdl(matrix(2, 2, [1, 0, 0, 1]), [0, 1], 1e-12).pivots).toEqual([1])
    expect(pivotedLdl(matrix(0, 0), [], 1e-12)).toMatchObject({ pivots: [], rest: [] })
    expect(() => pivotedLdl(matrix(1, 2), [1], 1e-12)).toThrow('pivotedLdl: the matrix is 1 x 2, not square')
  })

  test('nearly equal pivots are taken in order', () => {
    const nearly = (gap: number) => pivotedLdl(matrix(2, 2, [1, 0, 0, 1 + gap]), [1, 1], 1e-12).pivots
    expect(nearly(1e-7)).toEqual([0, 1])
    expect(nearly(1e-5)).toEqual([1, 0])
  })
})

test('the Cholesky factor is that of L D L^T with the roots of D', () =>
  fc.assert(
    fc.property(semidefinite, ({ n, factor }) => {
      const a = squareOf(factor)
      const { pivots, lower } = pivotedCholesky(a, 1e-9)
      const block = matrixProduct(lower, transpose(lower))
      pivots.forEach((i, row) => {
        pivots.forEach((j, column) =>
          expect(block.entries[row * pivots.length + column]).toBeCloseTo(a.entries[i * n + j]!, 10),
        )
      })
    }),
    { numRuns: 200 },
  ))
