import fc from 'fast-check'
import { Matrix as PeerMatrix, SingularValueDecomposition } from 'ml-matrix'
import { describe, expect, test } from 'vitest'

import {
  crossProduct,
  frobeniusNorm,
  type Matrix,
  matrix,
  matrixProduct,
  transpose,
} from '../../../src/linear-algebra/matrix.js'
import { orthonormalBasis, rankOf, singularValues, thinSvd } from '../../../src/linear-algebra/singular-values.js'
import { descending, difference, normalMatrix, orthonormalityError, scaledColumns, seeds } from './support.js'

const expectDecomposition = (a: Matrix): void => {
  const { left, values, right } = thinSvd(a)
  expect(descending(values)).toBe(true)
  expect(values.every((value) => value >= 0)).toBe(true)
  expect(orthonormalityError(left)).toBeLessThanOrEqual(1e-12)
  expect(orthonormalityError(right)).toBeLessThanOrEqual(1e-12)
  const rebuilt = matrixProduct(scaledColumns(left, values), transpose(right))
  expect(frobeniusNorm(difference(rebuilt, a))).toBeLessThanOrEqual(1e-13 * frobeniusNorm(a))
  singularValues(a).forEach((value, index) =>
    expect(Math.abs(value - values[index]!)).toBeLessThanOrEqual(1e-14 * values[0]!),
  )
}

const shapes = fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 12 }))

describe('thinSvd', () => {
  test('A = U S V^T with orthonormal U and V, tall, square and wide', () => {
    fc.assert(
      fc.property(shapes, seeds, ([rows, columns], seed) => {
        expectDecomposition(normalMatrix(rows, columns, seed))
      }),
    )
  })

  test('rank-deficient matrices, of every rank down to zero', () => {
    fc.assert(
      fc.property(shapes, fc.nat(5), seeds, ([rows, columns], rank, seed) => {
        const a = matrixProduct(normalMatrix(rows, rank, seed), normalMatrix(rank, columns, seed + 1))
        expectDecomposition(a)
        expect(rankOf(thinSvd(a).values)).toBe(Math.min(rank, rows, columns))
      }),
    )
  })

  test('exactly dependent columns and rows of zeros complete to orthonormal factors', () => {
    expectDecomposition(matrix(4, 3, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]))
    expectDecomposition(matrix(4, 3, [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]))
    expectDecomposition(matrix(3, 3))
    expectDecomposition(matrix(2, 4, [0, 0, 0, 1, 0, 0, 0, 1]))
  })

  test.each([
    [700, 27],
    [200, 200],
  ])('%i x %i', (rows, columns) => {
    expectDecomposition(normalMatrix(rows, columns, rows))
  })

  test('singular values agree with ml-matrix', () => {
    fc.assert(
      fc.property(shapes, seeds, ([rows, columns], seed) => {
        const a = normalMatrix(rows, columns, seed)
        const peer = new SingularValueDecomposition(PeerMatrix.from1DArray(rows, columns, Array.from(a.entries)), {
          autoTranspose: true,
        }).diagonal
        singularValues(a).forEach((value, index) =>
          expect(Math.abs(value - peer[index]!)).toBeLessThanOrEqual(1e-13 * peer[0]!),
        )
      }),
    )
  })

  test('small singular values of a column-scaled matrix keep their relative accuracy', () => {
    // A = Q diag(1, 1e-5, 1e-10, 1e-15) with orthonormal Q: a method that squares the matrix sees two of the four.
    const { basis } = orthonormalBasis(normalMatrix(60, 4, 8))
    const expected = Float64Array.from([1, 1e-5, 1e-10, 1e-15])
    singularValues(scaledColumns(basis, expected)).forEach((value, index) =>
      expect(value / expected[index]!).toBeCloseTo(1, 12),
    )
  })

  test('scale passes through exactly, at the ends of the range', () => {
    const a = normalMatrix(9, 4, 2)
    const reference = singularValues(a)
    for (const exponent of [-900, -500, 500, 900]) {
      const scaled = matrix(
        9,
        4,
        a.entries.map((entry) => entry * 2 ** exponent),
      )
      expect(Array.from(singularValues(scaled))).toEqual(Array.from(reference, (value) => value * 2 ** exponent))
    }
  })

  test('an entry that is not finite throws', () => {
    expect(() => thinSvd(matrix(2, 1, [1, Number.NaN]))).toThrow('finite')
  })
})

describe('orthonormalBasis', () => {
  test('it spans the columns: the projection leaves them as they are', () => {
    fc.assert(
      fc.property(shapes, fc.nat(6), seeds, ([rows, columns], rank, seed) => {
        const a = matrixProduct(normalMatrix(rows, rank, seed), normalMatrix(rank, columns, seed + 1))
        const { basis, singularValues: values } = orthonormalBasis(a)
        expect(basis.columns).toBe(Math.min(rank, rows, columns))
        expect(values.length).toBe(Math.min(rows, columns))
        expect(orthonormalityError(basis)).toBeLessThanOrEqual(1e-12)
        const projected = matrixProduct(basis, crossProduct(basis, a))
        expect(frobeniusNorm(difference(projected, a))).toBeLessThanOrEqual(1e-12 * frobeniusNorm(a))
      }),
    )
  })

  test('the tolerances drop what they say', () => {
    const a = matrix(3, 3, [1, 0, 0, 0, 1e-8, 0, 0, 0, 1e-10])
    expect(orthonormalBasis(a).basis.columns).toBe(2)
    expect(orthonormalBasis(a, { relative: 1e-12 }).basis.columns).toBe(3)
    expect(orthonormalBasis(a, { absolute: 1e-7 }).basis.columns).toBe(1)
    expect(orthonormalBasis(matrix(3, 2)).basis.columns).toBe(0)
  })
})
