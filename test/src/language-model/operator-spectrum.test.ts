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
import { goldenKernel, softmaxKernel } from './kernel-support.js'

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
  test('the Gram route gives what the singular values give, for few tokens and for few contexts', () => {
    for (const [n, width] of [
      [90, 20],
      [20, 90],
    ] as const) {
      const kernel = softmaxKernel(n, width, 5, 'spread')
      for (const similarity of similarities) {
        const direct = operatorSpectrum(kernel, similarity)
        const gram = operatorSpectrum(kernel, similarity, { decompositionLimit: 0, eigenvectors: 6 })
        expect([direct.method, gram.method, gram.eigenvectors.columns]).toEqual(['svd', 'gram', 6])
        expect(gram.rank).toBe(direct.rank)
        expect(gram.rank).toBeGreaterThanOrEqual(19)
        for (const part of ['centred', 'uncentred'] as const) {
          expect(gram[part].length).toBe(20)
          gram[part].forEach((value, index) =>
            expect(Math.abs(value - direct[part][index]!)).toBeLessThan(1e-13 * direct[part][0]!),
          )
          expect(Math.abs(gram[`${part}Trace`] - direct[`${part}Trace`])).toBeLessThan(1e-13)
        }
        expect(orthonormalityError(gram.eigenvectors)).toBeLessThan(1e-13)
        for (let k = 1; k <= 6; k++) {
          const captured = quadraticTrace(gram.operator, leadingColumns(gram.eigenvectors, k))
          const best = direct.centred.slice(0, k).reduce((total, value) => total + value, 0)
          expect(Math.abs(captured / best - 1)).toBeLessThan(1e-12)
        }
        const hidden = normalMatrix(n, 3, 2).entries
        const [first, second] = [direct, gram].map((each) => valueOf(alignment(hidden, kernel.weights, each)))
        expect(Math.abs(first!.overlap - second!.overlap)).toBeLessThan(1e-12)
        expect(Math.abs(first!.captured - second!.captured)).toBeLessThan(1e-12)
      }
    }
  })

  test('the size of the features decides: 2500 contexts by 450 tokens take the Gram route', () => {
    const spectrum = operatorSpectrum(softmaxKernel(2500, 450, 5, 'uniform'), 'linear')
    expect([spectrum.method, spectrum.eigenvectors.columns, spectrum.rank]).toEqual(['gram', 64, 449])
    const total = spectrum.centred.reduce((sum, value) => sum + value, 0)
    expect(Math.abs(total / spectrum.centredTrace - 1)).toBeLessThan(1e-12)
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
    const kernel = softmaxKernel(50, 6, 5, 'uniform')
    const spectrum = operatorSpectrum(kernel, 'linear', { decompositionLimit: 0, eigenvectors: 2 })
    const hidden = normalMatrix(50, 3, 1).entries
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
