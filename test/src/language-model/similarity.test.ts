import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chiSquared } from '../../../src/information/divergence.js'
import { kernelInformation } from '../../../src/information/mutual-information.js'
import {
  canonicalCorrelations,
  operatorSpectrum,
  similarities,
  type Similarity,
  spectralGap,
} from '../../../src/language-model/similarity.js'
import { frobeniusNorm, matrix, matrixProduct } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { difference, orthonormalityError, scaledColumns } from '../linear-algebra/support.js'
import { goldenKernel, kernelOf, kernels } from './kernel-support.js'

/** sqrt(mu) K sqrt(mu) as an n x n matrix, and the same centred: what the library never forms. */
const operators = (
  similarity: Similarity,
  weights: Float64Array,
  next: Float64Array,
): { readonly plain: Float64Array; readonly centred: Float64Array } => {
  const n = weights.length
  const width = next.length / n
  const output = Array.from({ length: width }, (_, w) =>
    weights.reduce((sum, mu, x) => sum + mu * next[x * width + w]!, 0),
  )
  const kernel = (x: number, y: number): number => {
    let sum = 0
    for (let w = 0; w < width; w++) {
      const product = next[x * width + w]! * next[y * width + w]!
      if (product === 0) continue
      sum +=
        similarity === 'bhattacharyya' ? Math.sqrt(product) : similarity === 'linear' ? product : product / output[w]!
    }
    return sum
  }
  const k = Array.from({ length: n }, (_x, x) => Array.from({ length: n }, (_y, y) => kernel(x, y)))
  const rowMeans = k.map((row) => row.reduce((sum, entry, y) => sum + weights[y]! * entry, 0))
  const mean = rowMeans.reduce((sum, entry, x) => sum + weights[x]! * entry, 0)
  const flat = (f: (x: number, y: number) => number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, index) => {
      const [x, y] = [Math.floor(index / n), index % n]
      return Math.sqrt(weights[x]! * weights[y]!) * f(x, y)
    })
  return { plain: flat((x, y) => k[x]![y]!), centred: flat((x, y) => k[x]![y]! - rowMeans[x]! - rowMeans[y]! + mean) }
}

describe('operatorSpectrum', () => {
  // Computed with numpy in float64; the uncentred values of cca are those of the centred kernel beside the trivial eigenvalue one.
  const golden: readonly [Similarity, readonly number[], readonly number[]][] = [
    [
      'bhattacharyya',
      [0.9005316876424196, 0.08721144348954159, 0.012256868868038796],
      [0.08734712032088718, 0.012361779642588725, 0],
    ],
    [
      'linear',
      [0.35772888547401493, 0.10776104025336002, 0.017510074272625117],
      [0.113806666203768, 0.01779333379623202, 0],
    ],
    ['cca', [1, 0.3091196764812234, 0.0641185194313912], [0.3091196764812234, 0.06411851943139119, 0]],
  ]
  test.each(golden)('golden spectrum of 3 contexts and 3 tokens: %s', (similarity, uncentred, centred) => {
    const spectrum = operatorSpectrum(goldenKernel, similarity)
    expect(spectrum.uncentred.length).toBe(3)
    spectrum.uncentred.forEach((value, index) => expect(value).toBeCloseTo(uncentred[index]!, 14))
    spectrum.centred.forEach((value, index) => expect(value).toBeCloseTo(centred[index]!, 14))
    expect(spectrum.centred[2]).toBe(0)
    expect(spectrum.rank).toBe(2)
    expect(spectralGap(spectrum, 1)).toBeCloseTo(centred[0]! - centred[1]!, 14)
    expect(spectralGap(spectrum, 2)).toBeCloseTo(centred[1]!, 14)
    expect(spectralGap(spectrum, 9)).toBeCloseTo(centred[1]!, 14)
  })

  test('golden canonical correlations', () => {
    const [first, second, third] = canonicalCorrelations(operatorSpectrum(goldenKernel, 'cca'))
    expect(first).toBeCloseTo(0.5559853203828525, 14)
    expect(second).toBeCloseTo(0.25321634906022794, 14)
    expect(third).toBe(0)
  })

  test('golden mean process, one symbol of context: closed-form spectra', () => {
    // P(.|0) = (1/2, 1/2), P(.|1) = (1, 0), stationary weights (2/3, 1/3).
    const kernel = kernelOf([2 / 3, 1 / 3], [0.5, 0.5, 1, 0])
    const [first, second] = canonicalCorrelations(operatorSpectrum(kernel, 'cca'))
    expect(first).toBeCloseTo(0.5, 15)
    expect(second).toBe(0)
    const linear = operatorSpectrum(kernel, 'linear')
    expect(linear.centred[0]).toBeCloseTo(1 / 9, 15)
    expect(linear.uncentred[0]).toBeCloseTo(0.5690355937288492, 14)
    expect(operatorSpectrum(kernel, 'bhattacharyya').centred[0]).toBeCloseTo(0.13017476391709, 13)
  })

  test('lazy walk on a cycle of 8: canonical correlations |1 - 2a + 2a cos(2 pi k / 8)|', () => {
    const [size, a] = [8, 0.2]
    const next = new Float64Array(size * size)
    for (let x = 0; x < size; x++) {
      next[x * size + x] = 1 - 2 * a
      next[x * size + ((x + 1) % size)] = a
      next[x * size + ((x + size - 1) % size)] = a
    }
    const kernel = kernelOf(new Array<number>(size).fill(1 / size), next)
    const expected = [1, 1, 2, 2, 3, 3, 4].map((k) => Math.abs(1 - 2 * a + 2 * a * Math.cos((2 * Math.PI * k) / 8)))
    const spectrum = operatorSpectrum(kernel, 'cca')
    canonicalCorrelations(spectrum).forEach((sigma, index) => expect(sigma).toBeCloseTo(expected[index] ?? 0, 14))
    // Ties: the leading eigenspace of dimension 1 is not unique, that of dimension 2 is.
    expect(spectralGap(spectrum, 1)).toBeLessThan(1e-14)
    expect(spectralGap(spectrum, 2)).toBeGreaterThan(0.4)
    operatorSpectrum(kernel, 'linear').centred.forEach((value, index) =>
      expect(value).toBeCloseTo((expected[index] ?? 0) ** 2 / 8, 14),
    )
  })

  test.each(similarities.map((similarity) => [similarity]))(
    '%s: the spectra are those of the n x n operators, the eigenvectors solve them',
    (similarity) => {
      fc.assert(
        fc.property(kernels, (kernel) => {
          const { weights, next } = kernel
          const n = weights.length
          const spectrum = operatorSpectrum(kernel, similarity)
          const { plain, centred } = operators(similarity, weights, next)
          const compare = (values: Float64Array, dense: Float64Array): void =>
            symmetricEigen(matrix(n, n, dense)).values.forEach((value, index) =>
              expect(Math.abs(value - (values[index] ?? 0))).toBeLessThan(1e-13),
            )
          compare(spectrum.uncentred, plain)
          compare(spectrum.centred, centred)

          const { eigenvectors, rank } = spectrum
          expect(eigenvectors.columns).toBe(rank)
          expect(spectrum.centred.filter((value) => value > 0).length).toBe(rank)
          expect(orthonormalityError(eigenvectors)).toBeLessThan(1e-12)
          const image = matrixProduct(matrix(n, n, centred), eigenvectors)
          const scaled = scaledColumns(eigenvectors, spectrum.centred.slice(0, rank))
          expect(frobeniusNorm(difference(image, scaled))).toBeLessThan(1e-13)
          // Centred eigenfunctions have mean zero: in these coordinates they are orthogonal to sqrt(mu).
          for (let j = 0; j < rank; j++) {
            const mean = weights.reduce((sum, mu, x) => sum + Math.sqrt(mu) * eigenvectors.entries[x * rank + j]!, 0)
            expect(Math.abs(mean)).toBeLessThan(1e-6)
          }
        }),
      )
    },
  )

  test('traces: sum of eigenvalues, sum mu K(x, x), and for cca the chi-squared information', () => {
    fc.assert(
      fc.property(kernels, (kernel) => {
        for (const similarity of similarities) {
          const { uncentred, uncentredTrace, centred, centredTrace } = operatorSpectrum(kernel, similarity)
          const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
          expect(Math.abs(sum(uncentred) - uncentredTrace)).toBeLessThan(1e-12)
          expect(Math.abs(sum(centred) - centredTrace)).toBeLessThan(1e-12)
        }
        expect(operatorSpectrum(kernel, 'bhattacharyya').uncentredTrace).toBeCloseTo(1, 12)
        const chi = kernelInformation(kernel.weights, kernel.next, chiSquared)
        expect(Math.abs(operatorSpectrum(kernel, 'cca').centredTrace - chi)).toBeLessThan(1e-11)
      }),
    )
    expect(operatorSpectrum(goldenKernel, 'cca').centredTrace).toBeCloseTo(0.37323819591261437, 14)
  })

  test('cca: the uncentred spectrum is one beside the centred one, and correlations are from 0 to 1', () => {
    fc.assert(
      fc.property(kernels, (kernel) => {
        const spectrum = operatorSpectrum(kernel, 'cca')
        expect(spectrum.uncentred[0]).toBeCloseTo(1, 12)
        spectrum.uncentred
          .slice(1)
          .forEach((value, index) => expect(Math.abs(value - spectrum.centred[index]!)).toBeLessThan(1e-12))
        expect(canonicalCorrelations(spectrum).every((sigma) => sigma >= 0 && sigma <= 1)).toBe(true)
      }),
    )
  })

  test('a deterministic kernel has correlations exactly up to one, not above', () => {
    const kernel = kernelOf([0.3, 0.3, 0.4], [1, 0, 0, 0, 1, 0, 0, 1, 0])
    const [first, second] = canonicalCorrelations(operatorSpectrum(kernel, 'cca'))
    expect(first).toBeLessThanOrEqual(1)
    expect(first).toBeCloseTo(1, 15)
    // The third token has no mass and is dropped: two columns are left.
    expect(second).toBe(0)
    expect(operatorSpectrum(kernel, 'cca').centred.length).toBe(2)
  })

  test('contexts that all predict the same have a centred operator of rank zero, exactly', () => {
    const row = [0.1, 0.2, 0.7]
    const kernel = kernelOf([0.3, 0.3, 0.4], [...row, ...row, ...row])
    for (const similarity of similarities) {
      const spectrum = operatorSpectrum(kernel, similarity)
      expect(spectrum.rank).toBe(0)
      expect(Array.from(spectrum.centred)).toEqual([0, 0, 0])
      expect(spectrum.eigenvectors.columns).toBe(0)
      expect(spectralGap(spectrum, 2)).toBe(0)
    }
  })
})
