/** Spectra by the four methods, and of known processes. */
import { describe, expect, test } from 'vitest'

import { alignment, randomFeatureNull } from '../../../src/language-model/alignment.js'
import { lawOfData, lawOfProcess, lawOfTeacher } from '../../../src/language-model/predictive-law.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import {
  canonicalCorrelations,
  operatorSpectrum,
  predictiveSpectrum,
  quadraticTrace,
  similarities,
} from '../../../src/language-model/similarity.js'
import type { SimilarityKernel } from '../../../src/language-model/similarity-kernel.js'
import { leadingColumns } from '../../../src/linear-algebra/singular-values.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix, orthonormalityError } from '../linear-algebra/support.js'
import { goldenKernel, kernelOf, softmaxKernel } from './kernel-support.js'

const processOf = (name: string, n: number) => valueOf(processKernel(valueOf(parseProcess(name)), n))

const withoutFeatures: readonly SimilarityKernel[] = [
  { kind: 'gaussian-hellinger', rate: 1 },
  { kind: 'exponential-jensen-shannon', rate: 1 },
  { kind: 'exponential-jensen-shannon-distance', rate: 1 },
  { kind: 'total-variation' },
]

describe('golden spectra', () => {
  const pinned: readonly [SimilarityKernel, readonly number[], readonly number[]][] = [
    [
      { kind: 'gaussian-hellinger', rate: 1 },
      [0.833217807385414, 0.1419751384937171, 0.02480705412086877],
      [0.14244578655907447, 0.024985180174271166, 0],
    ],
    [
      { kind: 'exponential-jensen-shannon', rate: 1 },
      [0.9125198484053287, 0.07507123850741639, 0.012408913087254959],
      [0.07517744344982172, 0.012462567535411641, 0],
    ],
  ]
  test.each(pinned)('kernels without features, dense: %o', (kernel, uncentred, centred) => {
    const spectrum = valueOf(predictiveSpectrum(lawOfData(goldenKernel), kernel))
    expect([spectrum.method, spectrum.provenance, spectrum.rank]).toEqual(['dense', 'data', 2])
    uncentred.forEach((value, index) => expect(spectrum.uncentred[index]).toBeCloseTo(value, 14))
    centred.forEach((value, index) => expect(spectrum.centred[index]).toBeCloseTo(value, 14))
    expect(spectrum.uncentredTrace).toBeCloseTo(1, 14)
    expect(spectrum.centredTrace).toBeCloseTo(centred[0]! + centred[1]!, 14)
  })

  test('known processes', () => {
    const sigma = (name: string, n: number): Float64Array =>
      canonicalCorrelations(operatorSpectrum(processOf(name, n), 'cca'))
    expect(sigma('z1r', 6)[0]).toBeCloseTo(Math.sqrt(2 / 3), 12)
    expect(sigma('rrxor', 6)[0]).toBeCloseTo(0.460223, 6)
    expect(sigma('rrxor', 4)[0]).toBeCloseTo(0.39440532, 8)
    const mess3 = processOf('mess3(x=0.05,a=0.85)', 6)
    const correlations = canonicalCorrelations(operatorSpectrum(mess3, 'cca'))
    expect(correlations[0]).toBeCloseTo(0.569017, 6)
    expect(correlations[1]).toBeCloseTo(correlations[0]!, 12)
    const linear = operatorSpectrum(mess3, 'linear').centred
    expect(linear[0]).toBeCloseTo(0.107927, 6)
    expect(linear[1]).toBeCloseTo(linear[0]!, 12)
    const roots = operatorSpectrum(mess3, 'bhattacharyya').centred
    ;[0.074217, 0.074217, 0.000878].forEach((value, index) => expect(roots[index]).toBeCloseTo(value, 6))
  })
})

describe('methods', () => {
  test('the Gram route gives what the singular values give, for many and for few tokens', () => {
    // Both just over the limit of work, 5e8 multiplications; the smaller side is 130 once as tokens, once as contexts.
    for (const [n, width] of [
      [30_000, 130],
      [130, 30_000],
    ] as const) {
      const small = normalMatrix(n, 4, 1)
      const loadings = normalMatrix(4, width, 2)
      const next = new Float64Array(n * width)
      for (let x = 0; x < n; x++) {
        let total = 0
        for (let w = 0; w < width; w++) {
          let logit = 0
          for (let j = 0; j < 4; j++) logit += 0.3 * small.entries[x * 4 + j]! * loadings.entries[j * width + w]!
          next[x * width + w] = Math.exp(logit)
          total += next[x * width + w]!
        }
        for (let w = 0; w < width; w++) next[x * width + w]! /= total
      }
      const kernel = kernelOf(new Float64Array(n).fill(1 / n), next)
      const start = performance.now()
      const spectrum = operatorSpectrum(kernel, 'cca', { eigenvectors: 6 })
      expect(performance.now() - start).toBeLessThan(60_000)
      expect(spectrum.method).toBe('gram')
      expect(spectrum.centred.length).toBe(130)
      expect(spectrum.uncentred[0]).toBeCloseTo(1, 12)
      const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
      expect(Math.abs(sum(spectrum.centred) / spectrum.centredTrace - 1)).toBeLessThan(1e-12)
      expect(Math.abs(sum(spectrum.uncentred) / spectrum.uncentredTrace - 1)).toBeLessThan(1e-12)
      expect(spectrum.eigenvectors.columns).toBe(6)
      expect(orthonormalityError(spectrum.eigenvectors)).toBeLessThan(1e-12)
      for (let k = 1; k <= 6; k++) {
        const captured = quadraticTrace(spectrum.operator, leadingColumns(spectrum.eigenvectors, k))
        expect(Math.abs(captured / sum(spectrum.centred.slice(0, k)) - 1)).toBeLessThan(1e-11)
      }
    }
  })

  test('Gram and singular values agree on one kernel', () => {
    const kernel = softmaxKernel(2500, 450, 5, 'spread')
    const gram = operatorSpectrum(kernel, 'bhattacharyya')
    expect(gram.method).toBe('gram')
    expect(gram.eigenvectors.columns).toBe(64)
    // The same contexts in two halves of the tokens' order change nothing; fewer contexts go by singular values.
    const few = { ...kernel, weights: kernel.weights.slice(0, 400), next: kernel.next.slice(0, 400 * 450) }
    const total = few.weights.reduce((sum, weight) => sum + weight, 0)
    const padded = {
      ...kernel,
      weights: kernel.weights.map((weight, x) => (x < 400 ? weight / total : 0)),
    }
    const direct = operatorSpectrum({ ...few, weights: few.weights.map((weight) => weight / total) }, 'bhattacharyya')
    const through = operatorSpectrum(padded, 'bhattacharyya')
    expect([direct.method, through.method]).toEqual(['svd', 'gram'])
    direct.centred.forEach((value, index) =>
      expect(Math.abs(value - through.centred[index]!)).toBeLessThan(1e-14 * direct.centred[0]! * 10),
    )
    direct.uncentred.forEach((value, index) =>
      expect(Math.abs(value - through.uncentred[index]!)).toBeLessThan(1e-14 * direct.uncentred[0]! * 10),
    )
  })

  test('iteration gives the leading part of the dense spectrum, and the same scores', () => {
    const kernel = softmaxKernel(150, 4, 8, 'spread')
    const law = lawOfData(kernel)
    const hidden = normalMatrix(150, 2, 3).entries
    for (const similarity of withoutFeatures) {
      const dense = valueOf(predictiveSpectrum(law, similarity))
      const leading = valueOf(predictiveSpectrum(law, similarity, { denseLimit: 100, eigenvectors: 3 }))
      expect([dense.method, leading.method, leading.centred.length]).toEqual(['dense', 'iteration', 3])
      leading.centred.forEach((value, index) => expect(Math.abs(value - dense.centred[index]!)).toBeLessThan(1e-13))
      leading.uncentred.forEach((value, index) => expect(Math.abs(value - dense.uncentred[index]!)).toBeLessThan(1e-13))
      const [first, second] = [dense, leading].map((spectrum) => valueOf(alignment(hidden, kernel.weights, spectrum)))
      expect(first!.overlap).toBeCloseTo(second!.overlap, 9)
      expect(first!.captured).toBeCloseTo(second!.captured, 12)
      // More directions than eigenvectors were kept.
      const wide = alignment(normalMatrix(150, 8, 3).entries, kernel.weights, leading)
      expect(wide._tag === 'Right' ? wide.right.eigenvectors : wide.left.kind).toBe(3)
    }
  })

  test('fewer kept eigenvectors than the states have dimensions is a problem', () => {
    const kernel = softmaxKernel(2500, 450, 5, 'uniform')
    const spectrum = operatorSpectrum(kernel, 'linear', { eigenvectors: 2 })
    const hidden = normalMatrix(2500, 3, 1).entries
    expect(alignment(hidden, kernel.weights, spectrum)).toMatchObject({ left: { kind: 'out-of-range' } })
    expect(randomFeatureNull(kernel.weights, 3, [spectrum], { seed: 1 })).toMatchObject({
      left: { kind: 'out-of-range' },
    })
  })

  test('kernels without a theorem: a negative eigenvalue of the operator is shown, not hidden', () => {
    const law = lawOfTeacher(
      'Bernoulli',
      new Float64Array(3).fill(1 / 3),
      Float64Array.of(0.001, 0.999, 0.05, 0.95, 0.5, 0.5),
    )
    const spectrum = valueOf(predictiveSpectrum(law, { kind: 'exponential-jeffreys', rate: 0.2 }))
    expect(spectrum.uncentred[2]).toBeCloseTo(-0.019327874455768 / 3, 13)
    expect(spectrum.centred[2]).toBeLessThan(-0.001)
    expect(spectrum.rank).toBe(1)
  })

  test('features and matrix of one kernel have one spectrum', () => {
    // 1 - TV of two tokens is 1 - |p - p'|; the linear kernel has features, and both ways of its trace agree.
    const law = lawOfProcess(softmaxKernel(40, 2, 2, 'spread'))
    const spectrum = valueOf(predictiveSpectrum(law, { kind: 'linear' }))
    expect(spectrum.provenance).toBe('process')
    const x = normalMatrix(40, 3, 4)
    expect(quadraticTrace(spectrum.operator, x)).toBeGreaterThan(0)
    for (const similarity of similarities)
      expect(valueOf(predictiveSpectrum(law, { kind: similarity })).centred).toEqual(
        operatorSpectrum(softmaxKernel(40, 2, 2, 'spread'), similarity).centred,
      )
  })
})
