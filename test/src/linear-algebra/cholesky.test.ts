import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { cholesky, generalisedEigen, solveLower, solveLowerTransposed } from '../../../src/linear-algebra/cholesky.js'
import {
  frobeniusNorm,
  gramMatrix,
  identityMatrix,
  matrix,
  matrixProduct,
  transpose,
} from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { valueOf } from '../../support/value-of.js'
import { difference, normalMatrix, scaledColumns, seeds } from './support.js'

describe('cholesky', () => {
  test('L L^T = A, and the two triangular solves invert L and L^T', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), seeds, (n, seed) => {
        const a = gramMatrix(normalMatrix(n + 5, n, seed))
        const lower = valueOf(cholesky(a))
        expect(frobeniusNorm(difference(matrixProduct(lower, transpose(lower)), a))).toBeLessThanOrEqual(
          1e-13 * frobeniusNorm(a),
        )
        const b = normalMatrix(n, 3, seed + 1)
        const scale = frobeniusNorm(b)
        // Backward error: L X - B beside |L||X|.
        const x = solveLower(lower, b)
        expect(frobeniusNorm(difference(matrixProduct(lower, x), b))).toBeLessThanOrEqual(
          1e-13 * (scale + frobeniusNorm(lower) * frobeniusNorm(x)),
        )
        const y = solveLowerTransposed(lower, b)
        expect(frobeniusNorm(difference(matrixProduct(transpose(lower), y), b))).toBeLessThanOrEqual(
          1e-13 * (scale + frobeniusNorm(lower) * frobeniusNorm(y)),
        )
      }),
    )
  })

  test('matrices that are not positive definite are refused', () => {
    expect(isLeft(cholesky(matrix(2, 2, [1, 2, 2, 1])))).toBe(true)
    expect(isLeft(cholesky(matrix(2, 2, [1, 1, 1, 1])))).toBe(true)
    expect(isLeft(cholesky(matrix(2, 2)))).toBe(true)
    expect(isLeft(cholesky(matrix(1, 1, [Number.NaN])))).toBe(true)
    expect(isRight(cholesky(matrix(0, 0)))).toBe(true)
  })
})

describe('generalisedEigen', () => {
  test('A V = B V L and V^T B V = 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), seeds, (n, seed) => {
        const x = normalMatrix(n, n, seed)
        const a = difference(
          x,
          matrix(
            n,
            n,
            transpose(x).entries.map((entry) => -entry),
          ),
        )
        const b = gramMatrix(normalMatrix(2 * n + 5, n, seed + 1))
        const { values, vectors } = valueOf(generalisedEigen(a, b))
        const left = matrixProduct(a, vectors)
        const right = scaledColumns(matrixProduct(b, vectors), values)
        expect(frobeniusNorm(difference(left, right))).toBeLessThanOrEqual(1e-11 * frobeniusNorm(left))
        const metric = matrixProduct(transpose(vectors), matrixProduct(b, vectors))
        expect(frobeniusNorm(difference(metric, identityMatrix(n)))).toBeLessThanOrEqual(1e-11 * n)
      }),
    )
  })

  test('B = 1 is the ordinary problem; A = B has all eigenvalues one', () => {
    const a = gramMatrix(normalMatrix(9, 6, 4))
    const generalised = valueOf(generalisedEigen(a, identityMatrix(6)))
    symmetricEigen(a).values.forEach((value, index) => expect(generalised.values[index]).toBeCloseTo(value, 12))
    valueOf(generalisedEigen(a, a)).values.forEach((value) => expect(value).toBeCloseTo(1, 12))
  })

  test('a singular B is a problem that says what to do', () => {
    const result = generalisedEigen(identityMatrix(2), matrix(2, 2, [1, 1, 1, 1]))
    expect(result).toMatchObject({ left: { kind: 'invalid-value', where: 'Cholesky factor, row 1' } })
  })
})
