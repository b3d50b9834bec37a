import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chiSquared } from '../../../src/information/divergence.js'
import { kernelInformation } from '../../../src/information/mutual-information.js'
import {
  type AlignmentMoments,
  directionsOf,
  hiddenCorrelations,
  momentsOfLaw,
  momentsOfPairs,
  pillaiTrace,
  prototypeCorrelations,
} from '../../../src/language-model/alignment-moments.js'
import { lawOfData, lawOfTeacher } from '../../../src/language-model/predictive-law.js'
import { canonicalCorrelations, operatorSpectrum } from '../../../src/language-model/similarity.js'
import { generalisedEigen } from '../../../src/linear-algebra/cholesky.js'
import { identityMatrix, matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { randomPermutations } from '../../../src/linear-algebra/random-permutation.js'
import { singularValues } from '../../../src/linear-algebra/singular-values.js'
import { valueOf } from '../../support/value-of.js'
import { difference, normalMatrix, seeds } from '../linear-algebra/support.js'
import { goldenKernel, softmaxKernel } from './kernel-support.js'

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0)

const cases = fc.tuple(
  fc.integer({ min: 4, max: 30 }),
  fc.integer({ min: 2, max: 7 }),
  fc.integer({ min: 1, max: 5 }),
  seeds,
)

const momentsAt = (n: number, width: number, d: number, seed: number): AlignmentMoments =>
  valueOf(momentsOfLaw(lawOfData(softmaxKernel(n, width, seed, 'spread')), normalMatrix(n, d, seed + 1).entries))

describe('the generalised eigenproblem', () => {
  test('solutions satisfy it, with v^T Sigma_hh v = 1; another solver has the same eigenvalues', () => {
    fc.assert(
      fc.property(cases, ([n, width, d, seed]) => {
        fc.pre(d < n - 1)
        const moments = momentsAt(n, width, d, seed)
        for (const metric of ['bohning', 'chi-squared'] as const) {
          const { eigenvalues, vectors } = valueOf(directionsOf(moments, metric))
          const scaled = matrix(
            width,
            d,
            moments.byToken.entries.map(
              (entry, index) => entry * (metric === 'bohning' ? 2 : 1 / moments.tokens[Math.floor(index / d)]!),
            ),
          )
          const cross = matrixProduct(transpose(moments.byToken), scaled)
          const product = (m: typeof cross) => matrixProduct(transpose(vectors), matrixProduct(m, vectors))
          difference(product(moments.covariance), identityMatrix(vectors.columns)).entries.forEach((entry) =>
            expect(Math.abs(entry)).toBeLessThan(1e-10),
          )
          product(cross).entries.forEach((entry, index) => {
            const [i, j] = [Math.floor(index / vectors.columns), index % vectors.columns]
            expect(Math.abs(entry - (i === j ? eigenvalues[i]! : 0))).toBeLessThan(1e-10)
          })
          const direct = valueOf(generalisedEigen(cross, moments.covariance)).values
          eigenvalues.forEach((value, i) => expect(Math.abs(value - direct[i]!)).toBeLessThan(1e-10))
        }
      }),
    )
  })

  test('bounds: sum rho^2 <= sum sigma^2, term by term; <= chi-squared information; attained by one-hot contexts', () => {
    fc.assert(
      fc.property(cases, ([n, width, d, seed]) => {
        const kernel = softmaxKernel(n, width, seed, 'spread')
        const sigma = canonicalCorrelations(operatorSpectrum(kernel, 'cca'))
        const rho = valueOf(hiddenCorrelations(momentsAt(n, width, d, seed)))
        rho.forEach((value, i) => expect(value).toBeLessThanOrEqual((sigma[i] ?? 0) + 1e-9))
        expect(sumOfSquares(rho)).toBeLessThanOrEqual(
          kernelInformation(kernel.weights, kernel.next, chiSquared) + 1e-12,
        )
        // Contexts as one-hot states tell everything.
        const all = valueOf(hiddenCorrelations(valueOf(momentsOfLaw(lawOfData(kernel), identityMatrix(n).entries))))
        sigma.forEach((value, i) => expect(Math.abs(value - (all[i] ?? 0))).toBeLessThan(1e-7))
      }),
    )
    const golden = valueOf(momentsOfLaw(lawOfData(goldenKernel), identityMatrix(3).entries))
    expect(valueOf(hiddenCorrelations(golden))[0]).toBeCloseTo(0.5559853203828525, 13)
  })

  test('pairs are a law whose rows are one-hot: same correlations', () => {
    fc.assert(
      fc.property(cases, ([n, width, d, seed]) => {
        const hidden = normalMatrix(n, d, seed).entries
        const tokens = Int32Array.from({ length: n }, (_, t) => (t * 7 + (seed % 3) * t * t) % width)
        const next = new Float64Array(n * width)
        tokens.forEach((token, t) => (next[t * width + token] = 1))
        const law = lawOfTeacher('pairs', new Float64Array(n).fill(1 / n), next)
        const [first, second] = [momentsOfLaw(law, hidden), momentsOfPairs(hidden, tokens, width)].map((moments) =>
          valueOf(hiddenCorrelations(valueOf(moments))),
        )
        first!.forEach((rho, i) => expect(Math.abs(rho - second![i]!)).toBeLessThan(1e-7))
      }),
    )
  })

  test('prototypes: at most the correlations with the token, and equal where the rows of the head differ enough', () => {
    fc.assert(
      fc.property(cases, ([n, width, d, seed]) => {
        const moments = momentsAt(n, width, d, seed)
        const rho = valueOf(hiddenCorrelations(moments))
        const few = valueOf(prototypeCorrelations(moments, normalMatrix(width, 2, seed + 5).entries))
        few.forEach((value, i) => expect(value).toBeLessThanOrEqual((rho[i] ?? 0) + 1e-9))
        const full = valueOf(prototypeCorrelations(moments, identityMatrix(width).entries))
        rho.forEach((value, i) => expect(Math.abs(value - (full[i] ?? 0))).toBeLessThan(1e-7))
      }),
    )
    const moments = momentsAt(10, 4, 2, 1)
    expect(prototypeCorrelations(moments, Float64Array.of(1, 1, 1, 1))).toMatchObject({ left: { kind: 'empty-input' } })
  })

  test('invariant under invertible maps, units that differ by 1e8, offsets and repeated coordinates', () => {
    const law = lawOfData(softmaxKernel(25, 5, 2, 'spread'))
    const hidden = normalMatrix(25, 3, 1)
    const map = normalMatrix(3, 3, 9)
    expect(singularValues(map)[2]).toBeGreaterThan(0.1)
    const units = [1e-4, 1, 1e4, 1]
    const mapped = matrixProduct(hidden, map)
    const stretched = Float64Array.from({ length: 25 * 4 }, (_, index) => {
      const [x, j] = [Math.floor(index / 4), index % 4]
      return units[j]! * (mapped.entries[x * 3 + (j % 3)]! + 2)
    })
    const rho = valueOf(hiddenCorrelations(valueOf(momentsOfLaw(law, hidden.entries))))
    const other = valueOf(hiddenCorrelations(valueOf(momentsOfLaw(law, stretched))))
    expect(other.length).toBe(3)
    rho.forEach((value, i) => expect(Math.abs(value - other[i]!)).toBeLessThan(1e-10))
  })
})

describe('the Pillai trace of pairs', () => {
  test('its mean under permutations of the tokens is d (V_seen - 1) / (N - 1), and the corrected one is zero in the mean', () => {
    const [count, d, symbols, draws] = [60, 3, 6, 1500]
    const hidden = normalMatrix(count, d, 3).entries
    const tokens = Int32Array.from({ length: count }, (_, t) => Math.min(4, (t * t) % 7))
    const permutations = randomPermutations(8)
    let [raw, corrected] = [0, 0]
    for (let draw = 0; draw < draws; draw++) {
      const order = permutations(count)
      const trace = valueOf(
        pillaiTrace(
          hidden,
          tokens.map((_, t) => tokens[order[t]!]!),
          symbols,
        ),
      )
      raw += trace.raw / draws
      corrected += trace.corrected / draws
    }
    const seen = new Set(tokens).size
    const chance = (d * (seen - 1)) / (count - 1)
    // The standard deviation of one trace is about 0.06.
    expect(Math.abs(raw - chance)).toBeLessThan(0.007)
    expect(Math.abs(corrected)).toBeLessThan(0.007)
    expect(valueOf(pillaiTrace(hidden, tokens, symbols))).toMatchObject({ chance, most: 3, invariant: true })
  })

  test('states that determine the token reach the most, raw and corrected', () => {
    const tokens = Int32Array.from({ length: 30 }, (_, t) => t % 3)
    const hidden = Float64Array.from({ length: 60 }, (_, index) =>
      Math.cos(tokens[Math.floor(index / 2)]! + (index % 2)),
    )
    const trace = valueOf(pillaiTrace(hidden, tokens, 3))
    expect(trace.raw).toBeCloseTo(2, 10)
    expect(trace.corrected).toBeCloseTo(2, 10)
    expect(trace.most).toBe(2)
  })

  test('the raw trace is biased upwards at few pairs, the corrected one is not', () => {
    // One direction is the sign of the token, seven are noise: the population trace is rho^2 = 1 / 1.25.
    const trace = (count: number, seed: number) => {
      const noise = normalMatrix(count, 8, seed).entries
      const tokens = Int32Array.from({ length: count }, (_, t) => (noise[8 * t + 7]! > 0 ? 1 : 0))
      const hidden = noise.map((entry, index) =>
        index % 8 === 0 ? (2 * tokens[index >> 3]! - 1 + entry / 2) / 1 : index % 8 === 7 ? Math.sin(index) : entry,
      )
      return valueOf(pillaiTrace(hidden, tokens, 2))
    }
    let [raw, corrected] = [0, 0]
    for (let seed = 0; seed < 60; seed++) {
      const result = trace(40, seed)
      raw += result.raw / 60
      corrected += result.corrected / 60
    }
    expect(raw).toBeGreaterThan(0.82)
    expect(Math.abs(corrected - 0.8)).toBeLessThan(0.02)
  })

  test('what cannot be said is a problem', () => {
    expect(pillaiTrace(Float64Array.of(1, 2, 3, 4), Int32Array.of(0, 1), 2)).toMatchObject({
      left: { kind: 'out-of-range' },
    })
    expect(pillaiTrace(Float64Array.of(1, 2, 3), Int32Array.of(0, 0, 0), 2)).toMatchObject({
      left: { kind: 'out-of-range' },
    })
    expect(momentsOfPairs(Float64Array.of(1), Int32Array.of(0), 2)).toMatchObject({ left: { kind: 'empty-input' } })
    expect(momentsOfPairs(Float64Array.of(1, 2), Int32Array.of(0, 2), 2)).toMatchObject({
      left: { kind: 'invalid-value', where: 'pair 1' },
    })
    expect(momentsOfPairs(Float64Array.of(1, NaN), Int32Array.of(0, 1), 2)).toMatchObject({
      left: { kind: 'invalid-value' },
    })
    expect(pillaiTrace(Float64Array.of(2, 2, 2, 2), Int32Array.of(0, 1, 0, 1), 2)).toMatchObject({
      left: { kind: 'empty-input' },
    })
  })
})
