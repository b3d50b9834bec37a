import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { lanczos } from '../../../src/linear-algebra/lanczos.js'
import { gramMatrix, type Matrix, matrixProduct } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { descending, normalMatrix, orthonormalityError, scaledColumns, seeds } from './support.js'

const productWith =
  ({ rows, entries }: Matrix) =>
  (x: Float64Array): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => x.reduce((sum, entry, j) => sum + entries[i * rows + j]! * entry, 0))

/** X diag(values) X^T for an orthogonal X. */
const withSpectrum = (values: Float64Array, seed: number): Matrix => {
  const { vectors } = symmetricEigen(gramMatrix(normalMatrix(values.length, values.length, seed)))
  return matrixProduct(scaledColumns(vectors, values), {
    ...vectors,
    entries: Float64Array.from(vectors.entries, (_, index) => {
      const [i, j] = [Math.floor(index / values.length), index % values.length]
      return vectors.entries[j * values.length + i]!
    }),
  })
}

describe('lanczos', () => {
  test('it agrees with the dense solver, and its residuals are what they say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), seeds, (n, wanted, seed) => {
        const a = gramMatrix(normalMatrix(n + 3, n, seed))
        const count = 1 + (wanted % n)
        const dense = symmetricEigen(a)
        const found = lanczos(productWith(a), n, count, { seed })
        expect(found.converged).toBe(true)
        expect(descending(found.values)).toBe(true)
        expect(orthonormalityError(found.vectors)).toBeLessThan(1e-12)
        for (let j = 0; j < count; j++) {
          expect(Math.abs(found.values[j]! - dense.values[j]!)).toBeLessThan(1e-12 * dense.values[0]!)
          expect(found.residuals[j]!).toBeLessThan(1.1e-10 * dense.values[0]!)
          const vector = Float64Array.from({ length: n }, (_, i) => found.vectors.entries[i * count + j]!)
          const image = productWith(a)(vector)
          const residual = Math.hypot(...image.map((entry, i) => entry - found.values[j]! * vector[i]!))
          expect(Math.abs(residual - found.residuals[j]!)).toBeLessThan(1e-12 * dense.values[0]!)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('stopped early: Ritz values are below the eigenvalues of their rank, and each residual holds an eigenvalue', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 3, max: 12 }), (seed, mostSteps) => {
        const a = gramMatrix(normalMatrix(40, 40, seed))
        const dense = symmetricEigen(a)
        const { values, residuals, steps, converged } = lanczos(productWith(a), 40, 3, { seed, mostSteps })
        expect(steps).toBe(mostSteps)
        expect(converged).toBe(false)
        values.forEach((value, j) => {
          expect(value).toBeLessThanOrEqual(dense.values[j]! * (1 + 1e-13))
          const nearest = Math.min(...dense.values.map((exact) => Math.abs(exact - value)))
          expect(nearest).toBeLessThanOrEqual(residuals[j]! * (1 + 1e-9))
        })
      }),
      { numRuns: 30 },
    )
  })

  test('repeated eigenvalues of an operator with few different ones, and of the identity and of zero', () => {
    const repeated = withSpectrum(Float64Array.of(3, 3, 3, 1, 1, 1, 1, 1, 0, 0), 5)
    const { values, steps, vectors } = lanczos(productWith(repeated), 10, 5, { seed: 1 })
    ;[3, 3, 3, 1, 1].forEach((expected, j) => expect(values[j]).toBeCloseTo(expected, 13))
    expect(steps).toBeLessThanOrEqual(10)
    expect(orthonormalityError(vectors)).toBeLessThan(1e-13)
    expect(Array.from(lanczos((x) => x, 6, 4).values, (value) => Number(value.toFixed(14)))).toEqual([1, 1, 1, 1])
    expect(Array.from(lanczos((x) => x.map(() => 0), 6, 4).values)).toEqual([0, 0, 0, 0])
  })

  test('the largest eigenvalues are meant, not the largest magnitudes', () => {
    const a = withSpectrum(Float64Array.of(1, 0.5, 0, -5, -7), 2)
    const { values } = lanczos(productWith(a), 5, 2)
    expect(values[0]).toBeCloseTo(1, 13)
    expect(values[1]).toBeCloseTo(0.5, 13)
  })

  test('a seed determines every digit; another one gives the same eigenvalues', () => {
    const a = gramMatrix(normalMatrix(60, 50, 3))
    const run = (seed: number): readonly number[] => Array.from(lanczos(productWith(a), 50, 4, { seed }).values)
    expect(run(7)).toEqual(run(7))
    run(8).forEach((value, j) => expect(Math.abs(value / run(7)[j]! - 1)).toBeLessThan(1e-12))
  })

  test('ghosts do not appear: an isolated eigenvalue comes once however long it has converged', () => {
    const spectrum = Float64Array.from({ length: 120 }, (_, i) => (i === 0 ? 1e6 : 1 + i / 120))
    const { values, residuals } = lanczos((x) => x.map((entry, i) => spectrum[i]! * entry), 120, 3, {
      tolerance: 1e-14,
    })
    expect(values[0]).toBeCloseTo(1e6, 7)
    expect(values[1]).toBeCloseTo(1 + 119 / 120, 7)
    expect(values[2]).toBeCloseTo(1 + 118 / 120, 7)
    expect(Math.max(...residuals)).toBeLessThan(1e-7)
  })

  test('what does not make sense throws', () => {
    expect(() => lanczos((x) => x, 3, 4)).toThrow('4 eigenvalues of an operator on 3 dimensions')
    expect(() => lanczos((x) => x, 5, 3, { mostSteps: 2 })).toThrow('2 steps for 3 eigenvalues')
    expect(() => lanczos((x) => x.map(() => NaN), 3, 1)).toThrow('not finite')
    expect(() => lanczos(() => new Float64Array(2), 3, 1)).toThrow('has 2')
  })
})
