import { describe, expect, test } from 'vitest'

import {
  centredKernelAlignment,
  debiasedKernelAlignment,
  procrustesSimilarity,
} from '../../../src/language-model/basis-dependent-scores.js'
import { lawOfData } from '../../../src/language-model/predictive-law.js'
import { operatorSpectrum, predictiveSpectrum } from '../../../src/language-model/similarity.js'
import { matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { leadingColumns, thinSvd } from '../../../src/linear-algebra/singular-values.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix, scaledColumns } from '../linear-algebra/support.js'
import { softmaxKernel } from './kernel-support.js'

const kernel = softmaxKernel(30, 5, 3, 'spread')
const { weights } = kernel
const spectrum = operatorSpectrum(kernel, 'bhattacharyya')
const dense = valueOf(predictiveSpectrum(lawOfData(kernel), { kind: 'total-variation' }))

describe('scores that depend on the basis', () => {
  test('say so in their type and at run time', () => {
    const h = normalMatrix(30, 3, 1)
    const all = [
      centredKernelAlignment(h.entries, weights, spectrum),
      valueOf(procrustesSimilarity(h.entries, weights, spectrum)),
      valueOf(debiasedKernelAlignment(h, normalMatrix(30, 2, 2))),
    ]
    expect(all.map(({ invariant }) => invariant)).toEqual([false, false, false])
    expect(all.map(({ score }) => score)).toEqual(['linear-cka', 'procrustes', 'debiased-linear-cka'])
  })

  test('orthogonal maps and one scale leave them, other maps do not', () => {
    const h = normalMatrix(30, 3, 1)
    const rotation = thinSvd(normalMatrix(3, 3, 5)).left
    const turned = matrixProduct(h, rotation).entries.map((entry) => 7 * entry + 1)
    const stretched = scaledColumns(h, Float64Array.of(1, 30, 1)).entries
    const scores = [
      (hidden: Float64Array) => centredKernelAlignment(hidden, weights, spectrum).value,
      (hidden: Float64Array) => centredKernelAlignment(hidden, weights, dense).value,
      (hidden: Float64Array) => valueOf(procrustesSimilarity(hidden, weights, spectrum)).value,
      (hidden: Float64Array) => valueOf(procrustesSimilarity(hidden, weights, dense)).value,
      (hidden: Float64Array) =>
        valueOf(debiasedKernelAlignment(matrix(30, 3, hidden), matrix(30, 5, kernel.next))).value,
    ]
    for (const score of scores) {
      expect(score(turned)).toBeCloseTo(score(h.entries), 10)
      expect(Math.abs(score(stretched) - score(h.entries))).toBeGreaterThan(0.003)
    }
  })

  test('alignment is the cosine of two kernel matrices; one where the states are the features', () => {
    const h = normalMatrix(30, 3, 1).entries
    const centre = (rows: Float64Array): ReturnType<typeof matrix> => {
      const d = rows.length / 30
      const mean = Array.from({ length: d }, (_, j) => weights.reduce((sum, mu, x) => sum + mu * rows[x * d + j]!, 0))
      return matrix(
        30,
        d,
        rows.map((entry, index) => Math.sqrt(weights[Math.floor(index / d)]!) * (entry - mean[index % d]!)),
      )
    }
    const gram = (a: ReturnType<typeof matrix>): Float64Array => matrixProduct(a, transpose(a)).entries
    const [k, l] = [gram(centre(h)), gram(centre(kernel.next.map(Math.sqrt)))]
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, entry, i) => sum + entry * b[i]!, 0)
    const expected = dot(k, l) / Math.sqrt(dot(k, k) * dot(l, l))
    expect(centredKernelAlignment(h, weights, spectrum).value).toBeCloseTo(expected, 13)
    const features = kernel.next.map(Math.sqrt)
    expect(centredKernelAlignment(features, weights, spectrum).value).toBeCloseTo(1, 13)
    expect(valueOf(procrustesSimilarity(features, weights, spectrum)).value).toBeCloseTo(1, 13)
    expect(centredKernelAlignment(new Float64Array(30), weights, spectrum).value).toBe(0)
    // The factor of a dense operator has the same singular values with the states.
    const leading = leadingColumns(dense.eigenvectors, dense.rank)
    const factors = scaledColumns(leading, dense.centred.slice(0, dense.rank).map(Math.sqrt))
    const states = factors.entries.map((entry, i) => entry / Math.sqrt(weights[Math.floor(i / dense.rank)]!))
    expect(valueOf(procrustesSimilarity(states, weights, dense)).value).toBeCloseTo(1, 9)
  })

  test('debiased: the definition by n x n matrices; one for equal samples; zero in the mean for independent ones', () => {
    const [n, x, y] = [12, normalMatrix(12, 3, 1), normalMatrix(12, 4, 2)]
    const hollow = (a: typeof x): number[][] => {
      const product = matrixProduct(a, transpose(a)).entries
      return Array.from({ length: n }, (_r, i) =>
        Array.from({ length: n }, (_c, j) => (i === j ? 0 : product[i * n + j]!)),
      )
    }
    const hsic = (a: typeof x, b: typeof x): number => {
      const [k, l] = [hollow(a), hollow(b)]
      const sum = (rows: number[][]): number => rows.flat().reduce((total, entry) => total + entry, 0)
      const trace = sum(k.map((row, i) => row.map((entry, j) => entry * l[i]![j]!)))
      const product = sum(k.map((row, i) => [sum([row]) * sum([l[i]!])]))
      return (trace + (sum(k) * sum(l)) / ((n - 1) * (n - 2)) - (2 * product) / (n - 2)) / (n * (n - 3))
    }
    const expected = hsic(x, y) / Math.sqrt(hsic(x, x) * hsic(y, y))
    expect(valueOf(debiasedKernelAlignment(x, y)).value).toBeCloseTo(expected, 12)
    expect(valueOf(debiasedKernelAlignment(x, x)).value).toBeCloseTo(1, 14)
    let [debiased, biased] = [0, 0]
    const uniform = softmaxKernel(40, 6, 1, 'uniform')
    const features = matrix(40, 6, uniform.next)
    const operator = operatorSpectrum(uniform, 'linear')
    for (let seed = 0; seed < 300; seed++) {
      const h = normalMatrix(40, 5, seed)
      debiased += valueOf(debiasedKernelAlignment(h, features)).value / 300
      biased += centredKernelAlignment(h.entries, uniform.weights, operator).value / 300
    }
    // The standard deviation of one is about 0.07.
    expect(Math.abs(debiased)).toBeLessThan(0.015)
    // By chance tr C / (|C| sqrt(N + N (N + 1) / d)), N = n - 1, for uniform weights.
    const size = Math.sqrt(operator.centred.reduce((sum, value) => sum + value * value, 0))
    expect(Math.abs(biased - operator.centredTrace / (size * Math.sqrt(39 + (39 * 40) / 5)))).toBeLessThan(0.004)
    expect(biased).toBeGreaterThan(0.1)
    expect(debiasedKernelAlignment(normalMatrix(3, 1, 1), normalMatrix(3, 1, 2))).toMatchObject({
      left: { kind: 'out-of-range' },
    })
    expect(debiasedKernelAlignment(matrix(5, 1), normalMatrix(5, 1, 2))).toMatchObject({
      left: { kind: 'invalid-value' },
    })
  })
})
