import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  crossProduct,
  gramMatrix,
  type Matrix,
  matrix,
  matrixProduct,
  transpose,
} from '../../../src/linear-algebra/matrix.js'
import { gramDecomposition } from '../../../src/linear-algebra/gram-decomposition.js'
import { randomPermutations } from '../../../src/linear-algebra/random-permutation.js'
import { singularValues, thinSvd } from '../../../src/linear-algebra/singular-values.js'
import { leadingEigen } from '../../../src/linear-algebra/subspace-iteration.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { difference, normalMatrix, orthonormalityError, scaledColumns, seeds } from './support.js'

const symmetric = (n: number, seed: number): Matrix => {
  const a = normalMatrix(n, n, seed)
  const b = transpose(a)
  return matrix(
    n,
    n,
    a.entries.map((entry, index) => entry + b.entries[index]!),
  )
}

describe('leadingEigen', () => {
  test('agrees with the dense solution, for indefinite matrices too: the largest, not the largest in magnitude', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 1, max: 5 }), seeds, (n, count, seed) => {
        const a = symmetric(n, seed)
        const { values, vectors, residuals, converged } = leadingEigen((block) => matrixProduct(a, block), n, count)
        expect(converged).toBe(true)
        const dense = symmetricEigen(a).values
        const scale = Math.max(Math.abs(dense[0]!), Math.abs(dense[n - 1]!))
        values.forEach((value, index) => expect(Math.abs(value - dense[index]!)).toBeLessThan(1e-12 * scale * n))
        residuals.forEach((residual) => expect(residual).toBeLessThanOrEqual(1e-10 * scale))
        expect(orthonormalityError(vectors)).toBeLessThan(1e-12)
      }),
      { numRuns: 30 },
    )
  })

  test('repeated eigenvalues come with their multiplicity', () => {
    // One, three times five, and a hundred zeros.
    const n = 104
    const basis = thinSvd(normalMatrix(n, 4, 3)).left
    const a = crossProduct(transpose(scaledColumns(basis, Float64Array.of(1, 5, 5, 5))), transpose(basis))
    const { values, converged } = leadingEigen((block) => matrixProduct(a, block), n, 5)
    expect(converged).toBe(true)
    ;[5, 5, 5, 1, 0].forEach((expected, index) => expect(values[index]).toBeCloseTo(expected, 12))
  })

  test('too few iterations are admitted; a count that does not fit throws', () => {
    const a = symmetric(200, 4)
    const { converged, iterations } = leadingEigen((block) => matrixProduct(a, block), 200, 10, { mostIterations: 1 })
    expect([converged, iterations]).toEqual([false, 1])
    expect(() => leadingEigen((block) => block, 3, 4)).toThrow('4 eigenvalues of an operator on 3 dimensions')
  })
})

describe('gramDecomposition', () => {
  test('squares are the squared singular values, vectors are singular vectors, for tall and wide matrices', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), seeds, (n, m, seed) => {
        const a = normalMatrix(n, m, seed)
        const count = Math.min(3, n, m)
        const { squares, rank, left, right, gram } = gramDecomposition(a, count)
        expect(gram.rows).toBe(Math.min(n, m))
        const values = singularValues(a)
        squares.forEach((square, index) =>
          expect(Math.abs(square - values[index]! ** 2)).toBeLessThan(1e-13 * values[0]! ** 2),
        )
        expect(left.columns).toBe(Math.min(count, rank))
        expect(orthonormalityError(left)).toBeLessThan(1e-13)
        expect(orthonormalityError(right)).toBeLessThan(1e-12)
        // A v = s u.
        const image = difference(matrixProduct(a, right), scaledColumns(left, values))
        image.entries.forEach((entry) => expect(Math.abs(entry)).toBeLessThan(1e-11 * values[0]!))
      }),
    )
  })
})

describe('gramMatrix', () => {
  test('is A^T A, symmetric bit for bit, for widths and heights that are no multiples of its tiles', () => {
    for (const [n, m] of [
      [1, 1],
      [3, 5],
      [64, 4],
      [65, 7],
      [200, 9],
    ] as const) {
      const a = normalMatrix(n, m, n + m)
      const gram = gramMatrix(a)
      difference(gram, matrixProduct(transpose(a), a)).entries.forEach((entry) =>
        expect(Math.abs(entry)).toBeLessThan(1e-12),
      )
      expect(transpose(gram)).toEqual(gram)
    }
  })
})

describe('randomPermutations', () => {
  test('every entry once; all orders of three are equally likely; the seed decides', () => {
    const draw = randomPermutations(5)
    const counts = new Map<string, number>()
    for (let k = 0; k < 6000; k++) {
      const key = draw(3).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['0,1,2', '0,2,1', '1,0,2', '1,2,0', '2,0,1', '2,1,0'])
    // Standard deviation 29 about 1000.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(randomPermutations(5)(50)).toEqual(randomPermutations(5)(50))
    expect(randomPermutations(5)(50)).not.toEqual(randomPermutations(6)(50))
  })
})
