import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  centredRayleigh,
  dirichletEnergy,
  dirichletEnergyByPairs,
  dirichletEnergyOfFeatures,
} from '../../../src/language-model/dirichlet.js'
import { lawOfData } from '../../../src/language-model/predictive-law.js'
import { operatorSpectrum, predictiveSpectrum } from '../../../src/language-model/similarity.js'
import {
  kernelFeatures,
  type SimilarityKernel,
  similarityMatrix,
} from '../../../src/language-model/similarity-kernel.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'
import { goldenKernel, softmaxKernel } from './kernel-support.js'

const phi = Float64Array.of(1, -1, 2)

describe('dirichletEnergy', () => {
  const golden: readonly [SimilarityKernel, number][] = [
    [{ kind: 'bhattacharyya' }, 1.06073228311792],
    [{ kind: 'gaussian-hellinger', rate: 1 }, 0.9381002694203345],
    [{ kind: 'linear' }, 0.335],
    [{ kind: 'exponential-jensen-shannon', rate: 1 }, 1.081938080616272],
  ]
  test.each(golden)('golden %o', (kernel, expected) => {
    const similarities = valueOf(similarityMatrix(kernel, goldenKernel))
    expect(dirichletEnergy(similarities, goldenKernel.weights, phi).raw).toBeCloseTo(expected, 14)
    expect(dirichletEnergyByPairs(similarities, goldenKernel.weights, phi)).toBeCloseTo(expected, 14)
  })

  test('the centred kernel of canonical correlation gives a negative energy: golden -0.158', () => {
    const { rows, columns, entries } = valueOf(similarityMatrix({ kind: 'cca' }, goldenKernel))
    const centred = matrix(
      rows,
      columns,
      entries.map((entry) => entry - 1),
    )
    expect(dirichletEnergy(centred, goldenKernel.weights, phi).raw).toBeCloseTo(-0.1581113460183228, 14)
  })

  const cases = fc.tuple(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 1, max: 4 }), seeds)

  test('both forms agree, with features too, for functions with an offset', () => {
    fc.assert(
      fc.property(cases, ([n, d, seed]) => {
        const law = softmaxKernel(n, 5, seed, 'spread')
        const functions = normalMatrix(n, d, seed + 1).entries.map((entry) => entry + 3)
        for (const kind of ['bhattacharyya', 'linear', 'cca', 'log-ratio'] as const) {
          const similarities = valueOf(similarityMatrix({ kind }, law))
          const energy = dirichletEnergy(similarities, law.weights, functions)
          const pairs = dirichletEnergyByPairs(similarities, law.weights, functions)
          const scale = 1 + Math.abs(pairs)
          expect(Math.abs(energy.raw - pairs)).toBeLessThan(1e-12 * scale)
          const features = valueOf(kernelFeatures({ kind }, law))
          const other = dirichletEnergyOfFeatures(features, law.weights, functions)
          expect(Math.abs(other.raw - pairs)).toBeLessThan(1e-12 * scale)
          if (kind === 'log-ratio') continue
          expect(other.normalised).toBeCloseTo(energy.normalised, 10)
          expect(other.randomWalk).toBeCloseTo(energy.randomWalk, 10)
        }
      }),
    )
  })

  test('bounds: at least 0 where K is, and the random walk of a positive semidefinite K gives at most 1', () => {
    fc.assert(
      fc.property(cases, ([n, d, seed]) => {
        const law = softmaxKernel(n, 4, seed, 'spread')
        const functions = normalMatrix(n, d, seed + 1).entries
        for (const kernel of [{ kind: 'linear' }, { kind: 'total-variation' }] as const) {
          const energy = dirichletEnergy(valueOf(similarityMatrix(kernel, law)), law.weights, functions)
          expect(energy.raw).toBeGreaterThanOrEqual(0)
          expect(energy.randomWalk).toBeLessThanOrEqual(1 + 1e-12)
        }
      }),
    )
    // Attained: two contexts of one prediction have a function of walk eigenvalue 0; without semidefiniteness the most is 2.
    const half = Float64Array.of(0.5, 0.5)
    const difference = Float64Array.of(1, -1)
    expect(dirichletEnergy(matrix(2, 2, [1, 1, 1, 1]), half, difference).randomWalk).toBe(1)
    expect(dirichletEnergy(matrix(2, 2, [0, 1, 1, 0]), half, difference).randomWalk).toBe(2)
  })

  test('the raw energy grows with |h|^2, the scaled ones do not change (Proposition 7.4)', () => {
    const law = softmaxKernel(20, 4, 1, 'spread')
    const k = valueOf(similarityMatrix({ kind: 'bhattacharyya' }, law))
    const h = normalMatrix(20, 2, 2).entries
    const [once, tenfold] = [h, h.map((entry) => 10 * entry)].map((each) => dirichletEnergy(k, law.weights, each))
    expect(tenfold!.raw / once!.raw).toBeCloseTo(100, 10)
    expect(tenfold!.normalised).toBeCloseTo(once!.normalised, 12)
    expect(tenfold!.randomWalk).toBeCloseTo(once!.randomWalk, 12)
  })

  test('a constant kernel: the energy is the variance, all scaled forms are one', () => {
    const weights = Float64Array.of(0.2, 0.3, 0.5)
    const constant = matrix(3, 3, new Array<number>(9).fill(0.7))
    const { raw, normalised, randomWalk } = dirichletEnergy(constant, weights, phi)
    const mean = 0.2 - 0.3 + 1
    const variance = 0.2 * (1 - mean) ** 2 + 0.3 * (-1 - mean) ** 2 + 0.5 * (2 - mean) ** 2
    expect(raw).toBeCloseTo(0.7 * variance, 14)
    expect(normalised).toBeCloseTo(1, 14)
    expect(randomWalk).toBeCloseTo(1, 14)
  })
})

describe('centredRayleigh', () => {
  test('one at the leading eigenfunction, lambda_k / lambda_1 at the others, at most one anywhere', () => {
    const kernel = softmaxKernel(30, 5, 7, 'spread')
    const spectra = [
      operatorSpectrum(kernel, 'bhattacharyya'),
      valueOf(predictiveSpectrum(lawOfData(kernel), { kind: 'total-variation' })),
    ]
    for (const spectrum of spectra) {
      for (let k = 0; k < 3; k++) {
        const functions = kernel.weights.map(
          (weight, x) => spectrum.eigenvectors.entries[x * spectrum.eigenvectors.columns + k]! / Math.sqrt(weight) + 2,
        )
        expect(centredRayleigh(functions, kernel.weights, spectrum)).toBeCloseTo(
          spectrum.centred[k]! / spectrum.centred[0]!,
          11,
        )
      }
      for (let seed = 0; seed < 20; seed++) {
        const value = centredRayleigh(normalMatrix(30, 3, seed).entries, kernel.weights, spectrum)
        expect(value).toBeGreaterThan(0)
        expect(value).toBeLessThanOrEqual(1)
      }
      expect(centredRayleigh(new Float64Array(30).fill(2), kernel.weights, spectrum)).toBe(0)
    }
  })
})
