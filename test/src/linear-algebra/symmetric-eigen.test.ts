import fc from 'fast-check'
import { EigenvalueDecomposition, Matrix as PeerMatrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'

import { frobeniusNorm, type Matrix, matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { descending, difference, normalMatrix, orthonormalityError, scaledColumns, seeds } from './support.js'

const symmetric = (n: number, seed: number): Matrix => {
  const a = normalMatrix(n, n, seed)
  const mirrored = transpose(a).entries
  return matrix(
    n,
    n,
    a.entries.map((entry, index) => entry + mirrored[index]!),
  )
}

/** Q diag(values) Q^T with the eigenvectors of another matrix. */
const withSpectrum = (values: readonly number[], seed: number): Matrix => {
  const { vectors } = symmetricEigen(symmetric(values.length, seed))
  return matrixProduct(scaledColumns(vectors, Float64Array.from(values)), transpose(vectors))
}

const expectDecomposition = (a: Matrix): void => {
  const { values, vectors } = symmetricEigen(a)
  const norm = frobeniusNorm(a)
  expect(descending(values)).toBe(true)
  expect(orthonormalityError(vectors)).toBeLessThanOrEqual(1e-12 * Math.max(1, a.rows / 10))
  const residual = frobeniusNorm(difference(matrixProduct(a, vectors), scaledColumns(vectors, values)))
  expect(residual).toBeLessThanOrEqual(1e-12 * norm)
}

describe('symmetricEigen', () => {
  test('A V = V L with orthonormal V, at sizes from 0 to 30', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), seeds, (n, seed) => {
        expectDecomposition(symmetric(n, seed))
      }),
    )
  })

  test.each([60, 127, 200])('A V = V L at n = %i', (n) => {
    expectDecomposition(symmetric(n, n))
  })

  test('eigenvalues agree with ml-matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), seeds, (n, seed) => {
        const a = symmetric(n, seed)
        const peer = new EigenvalueDecomposition(PeerMatrix.from1DArray(n, n, Array.from(a.entries)), {
          assumeSymmetric: true,
        })
        const expected = Array.from(peer.realEigenvalues).sort((x, y) => y - x)
        const scale = frobeniusNorm(a)
        symmetricEigen(a).values.forEach((value, index) =>
          expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(1e-13 * scale),
        )
      }),
    )
  })

  test('repeated eigenvalues', () => {
    const a = withSpectrum([3, 3, 3, 1, 1, 0, 0, -2], 5)
    expectDecomposition(a)
    symmetricEigen(a).values.forEach((value, index) => expect(value).toBeCloseTo([3, 3, 3, 1, 1, 0, 0, -2][index]!, 13))
  })

  test('the path Laplacian has its closed-form spectrum 2 - 2 cos(pi k / n)', () => {
    const n = 50
    const a = matrix(n, n)
    for (let i = 0; i + 1 < n; i++) {
      a.entries[i * n + i]! += 1
      a.entries[(i + 1) * n + i + 1]! += 1
      a.entries[i * n + i + 1] = -1
      a.entries[(i + 1) * n + i] = -1
    }
    symmetricEigen(a).values.forEach((value, index) =>
      expect(Math.abs(value - (2 - 2 * Math.cos((Math.PI * (n - 1 - index)) / n)))).toBeLessThanOrEqual(1e-14 * 4),
    )
  })

  test('zero matrix, one entry, diagonal in any order', () => {
    expect(Array.from(symmetricEigen(matrix(4, 4)).values)).toEqual([0, 0, 0, 0])
    expect(orthonormalityError(symmetricEigen(matrix(4, 4)).vectors)).toBe(0)
    expect(Array.from(symmetricEigen(matrix(1, 1, [-7])).values)).toEqual([-7])
    expect(Array.from(symmetricEigen(matrix(3, 3, [1, 0, 0, 0, 5, 0, 0, 0, 3])).values)).toEqual([5, 3, 1])
  })

  test('rank deficient and badly scaled matrices', () => {
    const x = normalMatrix(3, 40, 11)
    expectDecomposition(matrixProduct(transpose(x), x))
    for (const factor of [1e-300, 1e-160, 1e160, 1e300]) {
      const a = symmetric(12, 3)
      const scaled = matrix(
        12,
        12,
        a.entries.map((entry) => entry * factor),
      )
      const [values, reference] = [symmetricEigen(scaled).values, symmetricEigen(a).values]
      values.forEach((value, index) =>
        expect(Math.abs(value / factor - reference[index]!)).toBeLessThanOrEqual(1e-12 * Math.abs(reference[0]!)),
      )
    }
  })

  test('low rank at larger sizes: a block of the tridiagonal form is all rounding', () => {
    for (let seed = 0; seed < 12; seed++) {
      const x = normalMatrix(1 + (seed % 3), 120, seed)
      expectDecomposition(matrixProduct(transpose(x), x))
    }
  })

  test('a matrix that is not square or not finite throws', () => {
    expect(() => symmetricEigen(matrix(2, 3))).toThrow('not square')
    expect(() => symmetricEigen(matrix(2, 2, [1, Number.NaN, Number.NaN, 1]))).toThrow('finite')
    expect(() => symmetricEigen(matrix(1, 1, [Infinity]))).toThrow('finite')
  })
})
