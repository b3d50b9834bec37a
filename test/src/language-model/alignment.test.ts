import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { alignment, type AlignmentNull, randomFeatureNull } from '../../../src/language-model/alignment.js'
import { operatorSpectrum, similarities, type OperatorSpectrum } from '../../../src/language-model/similarity.js'
import { matrix, matrixProduct } from '../../../src/linear-algebra/matrix.js'
import { leadingColumns, singularValues } from '../../../src/linear-algebra/singular-values.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'
import { goldenKernel, kernelOf, softmaxKernel } from './kernel-support.js'

/** Hidden states whose centred weighted columns are the leading eigenvectors: eigenfunctions, with a constant added. */
const eigenfunctions = (spectrum: OperatorSpectrum, weights: Float64Array, count: number): Float64Array =>
  leadingColumns(spectrum.eigenvectors, count).entries.map(
    (entry, index) => entry / Math.sqrt(weights[Math.floor(index / count)]!) + 3,
  )

const nullOf = (...parameters: Parameters<typeof randomFeatureNull>): readonly AlignmentNull[] =>
  valueOf(randomFeatureNull(...parameters))

const cases = fc.tuple(
  fc.integer({ min: 8, max: 30 }),
  fc.integer({ min: 3, max: 7 }),
  fc.integer({ min: 1, max: 5 }),
  seeds,
  fc.constantFrom('uniform' as const, 'spread' as const),
  fc.constantFrom(...similarities),
)

describe('alignment', () => {
  test('both scores lie in [0, 1] and agree with the definition by projections', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, weighting, similarity]) => {
        const kernel = softmaxKernel(n, width, seed, weighting)
        const spectrum = operatorSpectrum(kernel, similarity)
        const hidden = normalMatrix(n, dimension, seed + 1).entries
        const result = valueOf(alignment(hidden, kernel.weights, spectrum))
        expect(result.eigenvectors).toBe(Math.min(dimension, spectrum.rank))
        expect(result.directions).toBe(Math.min(dimension, n - 1))
        expect(result.overlap).toBeGreaterThanOrEqual(0)
        expect(result.overlap).toBeLessThanOrEqual(1)
        expect(result.captured).toBeGreaterThanOrEqual(0)
        expect(result.captured).toBeLessThanOrEqual(1)
        // The overlap is the mean squared cosine of the principal angles.
        const cosines = result.principalAngles.reduce((sum, angle) => sum + Math.cos(angle) ** 2, 0)
        expect(Math.abs(cosines / result.eigenvectors - result.overlap)).toBeLessThan(1e-12)
      }),
    )
  })

  test('by hand: one hidden dimension on the golden kernel', () => {
    const { weights, next } = goldenKernel
    const hidden = Float64Array.of(1, -1, 2)
    const spectrum = operatorSpectrum(goldenKernel, 'linear')
    // The unit vector of the centred, weighted hidden state.
    const mean = weights.reduce((sum, mu, x) => sum + mu * hidden[x]!, 0)
    const column = Array.from(weights, (mu, x) => Math.sqrt(mu) * (hidden[x]! - mean))
    const length = Math.hypot(...column)
    const q = column.map((entry) => entry / length)
    const cosine = q.reduce((sum, entry, x) => sum + entry * spectrum.eigenvectors.entries[x * 2]!, 0)
    // q^T M q = | sum q sqrt(mu) (P - u) |^2.
    let energy = 0
    for (let w = 0; w < 3; w++) {
      const u = weights.reduce((sum, mu, x) => sum + mu * next[x * 3 + w]!, 0)
      energy += q.reduce((sum, entry, x) => sum + entry * Math.sqrt(weights[x]!) * (next[x * 3 + w]! - u), 0) ** 2
    }
    const result = valueOf(alignment(hidden, weights, spectrum))
    expect(result.overlap).toBeCloseTo(cosine * cosine, 14)
    expect(result.captured).toBeCloseTo(energy / spectrum.centred[0]!, 14)
    expect(result.principalAngles[0]).toBeCloseTo(Math.acos(Math.abs(cosine)), 14)
    expect(result.gap).toBeCloseTo(0.113806666203768 - 0.01779333379623202, 14)
  })

  test('scores do not change under an invertible linear map of the hidden space, or an offset', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, weighting, similarity]) => {
        const kernel = softmaxKernel(n, width, seed, weighting)
        const spectrum = operatorSpectrum(kernel, similarity)
        const hidden = normalMatrix(n, dimension, seed + 1)
        const map = normalMatrix(dimension, dimension, seed + 2)
        const stretched = singularValues(map)
        fc.pre(stretched[dimension - 1]! > 1e-3 * stretched[0]!)
        const offset = normalMatrix(1, dimension, seed + 3).entries
        const mapped = matrixProduct(hidden, map).entries.map((entry, index) => entry + offset[index % dimension]!)
        const before = valueOf(alignment(hidden.entries, kernel.weights, spectrum))
        const after = valueOf(alignment(mapped, kernel.weights, spectrum))
        expect(Math.abs(after.overlap - before.overlap)).toBeLessThan(1e-9)
        expect(Math.abs(after.captured - before.captured)).toBeLessThan(1e-9)
        after.principalAngles.forEach((angle, index) =>
          expect(Math.abs(angle - before.principalAngles[index]!)).toBeLessThan(1e-9),
        )
      }),
    )
  })

  test('both are one exactly where the hidden states span the leading eigenspace', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, weighting, similarity]) => {
        const kernel = softmaxKernel(n, width, seed, weighting)
        const spectrum = operatorSpectrum(kernel, similarity)
        const count = Math.min(dimension, spectrum.rank)
        const hidden = eigenfunctions(spectrum, kernel.weights, count)
        const result = valueOf(alignment(hidden, kernel.weights, spectrum))
        expect(result.overlap).toBeCloseTo(1, 12)
        expect(result.captured).toBeCloseTo(1, 12)
        result.principalAngles.forEach((angle) => expect(angle).toBeLessThan(1e-11))
      }),
    )
  })

  test('the trailing eigenfunctions have overlap zero with the leading ones, at a right angle', () => {
    const kernel = softmaxKernel(40, 6, 9, 'spread')
    const spectrum = operatorSpectrum(kernel, 'bhattacharyya')
    const functions = eigenfunctions(spectrum, kernel.weights, 5)
    const trailing = Float64Array.from(
      { length: 40 * 2 },
      (_, index) => functions[Math.floor(index / 2) * 5 + 3 + (index % 2)]!,
    )
    const result = valueOf(alignment(trailing, kernel.weights, spectrum))
    expect(result.overlap).toBeLessThan(1e-24)
    result.principalAngles.forEach((angle) => expect(angle).toBeCloseTo(Math.PI / 2, 12))
    const [first, second, , fourth, fifth] = spectrum.centred
    expect(result.captured).toBeCloseTo((fourth! + fifth!) / (first! + second!), 12)
  })

  test('dependent and constant hidden dimensions add no direction', () => {
    const kernel = softmaxKernel(20, 5, 1, 'spread')
    const spectrum = operatorSpectrum(kernel, 'cca')
    const column = normalMatrix(20, 1, 2).entries
    const hidden = Float64Array.from({ length: 60 }, (_, index) => [column[Math.floor(index / 3)]!, 7, 1e3][index % 3]!)
    const result = valueOf(alignment(hidden, kernel.weights, spectrum))
    expect(result.directions).toBe(1)
    expect(result.eigenvectors).toBe(3)
    expect(result.principalAngles.length).toBe(1)
    const constant = valueOf(alignment(new Float64Array(20).fill(0.1), kernel.weights, spectrum))
    expect([constant.directions, constant.overlap, constant.captured]).toEqual([0, 0, 0])
  })

  test('what cannot be scored is a problem; shapes that do not fit throw', () => {
    const { weights } = goldenKernel
    const spectrum = operatorSpectrum(goldenKernel, 'linear')
    expect(alignment(Float64Array.of(1, 2, 1, Number.NaN, 0, 0), weights, spectrum)).toMatchObject({
      left: { kind: 'invalid-value', where: 'hidden state of context 1' },
    })
    const flat = operatorSpectrum(kernelOf([0.5, 0.5], [0.3, 0.7, 0.3, 0.7]), 'linear')
    const half = Float64Array.of(0.5, 0.5)
    expect(alignment(Float64Array.of(1, 2), half, flat)).toMatchObject({ left: { kind: 'empty-input' } })
    expect(isLeft(randomFeatureNull(half, 1, [flat], { seed: 1 }))).toBe(true)
    expect(() => alignment(Float64Array.of(1, 2), weights, spectrum)).toThrow('dimension')
    expect(() => alignment(Float64Array.of(1, 2), half, spectrum)).toThrow('3 contexts')
    expect(() => randomFeatureNull(weights, 1, [spectrum], { seed: 1, draws: 0 })).toThrow('at least one draw')
  })
})

describe('randomFeatureNull', () => {
  test('uniform weights: the mean overlap is D/N and the mean captured fraction (D/N) tr M / sum of the top, N = n - 1', () => {
    const [n, dimension, draws] = [60, 4, 2000]
    const kernel = softmaxKernel(n, 8, 3, 'uniform')
    const spectra = similarities.map((similarity) => operatorSpectrum(kernel, similarity))
    nullOf(kernel.weights, dimension, spectra, { draws, seed: 11 }).forEach((band, index) => {
      const { centred, centredTrace } = spectra[index]!
      const chance = dimension / (n - 1)
      // The standard error of the mean is below 0.0007 for both.
      expect(Math.abs(band.overlap.mean - chance)).toBeLessThan(0.004)
      const top = centred.slice(0, dimension).reduce((sum, value) => sum + value, 0)
      expect(Math.abs(band.captured.mean - (chance * centredTrace) / top)).toBeLessThan(0.004)
    })
  })

  test('other weights: chance is far above the closed form, and a random hidden state lies within the band', () => {
    const [n, dimension] = [60, 4]
    const kernel = softmaxKernel(n, 8, 3, 'spread')
    const spectrum = operatorSpectrum(kernel, 'bhattacharyya')
    const [band] = nullOf(kernel.weights, dimension, [spectrum], { draws: 500, seed: 11 })
    expect(band!.overlap.mean).toBeGreaterThan((1.3 * dimension) / (n - 1))
    let inside = 0
    for (let seed = 0; seed < 200; seed++) {
      const hidden = normalMatrix(n, dimension, 1000 + seed).entries
      const { overlap } = valueOf(alignment(hidden, kernel.weights, spectrum))
      if (overlap >= band!.overlap.lower && overlap <= band!.overlap.upper) inside += 1
    }
    // 95% of 200 with a standard deviation of 3.1, five of them either way, and the error of the band itself.
    expect(inside).toBeGreaterThan(170)
    expect(inside).toBeLessThan(200)
  })

  test('the band is ordered, holds its mean, counts its draws; the seed decides it', () => {
    const kernel = softmaxKernel(30, 5, 4, 'spread')
    const spectra = similarities.map((similarity) => operatorSpectrum(kernel, similarity))
    const bands = nullOf(kernel.weights, 3, spectra, { seed: 5 })
    expect(bands.map(({ similarity }) => similarity)).toEqual([...similarities])
    for (const { overlap, captured } of bands)
      for (const band of [overlap, captured]) {
        expect(band.draws).toBe(200)
        expect(band.lower).toBeGreaterThan(0)
        expect(band.lower).toBeLessThan(band.mean)
        expect(band.mean).toBeLessThan(band.upper)
        expect(band.upper).toBeLessThan(1)
      }
    expect(nullOf(kernel.weights, 3, spectra, { seed: 5 })).toEqual(bands)
    expect(nullOf(kernel.weights, 3, spectra, { seed: 6 })).not.toEqual(bands)
  })

  test('all operators see the same draws: one alone gets the same band as among others', () => {
    const kernel = softmaxKernel(30, 5, 4, 'spread')
    const spectra = similarities.map((similarity) => operatorSpectrum(kernel, similarity))
    const together = nullOf(kernel.weights, 3, spectra, { seed: 5, draws: 20 })
    spectra.forEach((spectrum, index) =>
      expect(nullOf(kernel.weights, 3, [spectrum], { seed: 5, draws: 20 })).toEqual([together[index]]),
    )
  })

  test('one draw: the band is that draw', () => {
    const [band] = nullOf(goldenKernel.weights, 1, [operatorSpectrum(goldenKernel, 'cca')], { seed: 2, draws: 1 })
    expect([band!.overlap.lower, band!.overlap.upper]).toEqual([band!.overlap.mean, band!.overlap.mean])
    expect(matrix(1, 1, [band!.captured.draws]).entries[0]).toBe(1)
  })
})
