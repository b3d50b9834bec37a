import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { divergence, kullbackLeibler, squaredHellinger, totalVariation } from '../../../src/information/divergence.js'
import {
  headDistribution,
  headJeffreys,
  headKullbackLeibler,
  integrateMetric,
  logPartition,
} from '../../../src/language-model/head-divergence.js'
import { golden, headCases } from './head-support.js'

describe('divergences between heads', () => {
  test('golden values', () => {
    const { head, from, to } = golden
    const expected = [0.324076354913349, 0.14561689284810017, 0.09284943023163993, 0.43745732200691084]
    headDistribution(head, from).forEach((x, w) => expect(x).toBeCloseTo(expected[w]!, 15))
    expect(logPartition(head, from)).toBeCloseTo(1.6267761276412387, 14)
    expect(headKullbackLeibler(head, from, to)).toBeCloseTo(0.7991461273876604, 14)
    expect(headJeffreys(head, from, to)).toBeCloseTo(1.5501789043077983, 14)
    // 60 Gauss-Legendre nodes.
    expect(Math.abs(integrateMetric(head, from, to) - 1.5501789043077983)).toBeLessThan(1e-12)
    expect(Math.abs(integrateMetric(head, from, to, (t) => 1 - t) - 0.7991461273876604)).toBeLessThan(1e-12)
  })

  test('Kullback-Leibler and Jeffreys: through log Z, from the distributions, and as integrals of the metric', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to }) => {
        const [p, q] = [headDistribution(head, from), headDistribution(head, to)]
        const kl = divergence(kullbackLeibler, p, q)
        const jeffreys = kl + divergence(kullbackLeibler, q, p)
        const close = (value: number, expected: number): void =>
          expect(Math.abs(value - expected)).toBeLessThan(1e-12 * Math.max(1, expected))
        close(headKullbackLeibler(head, from, to), kl)
        close(headJeffreys(head, from, to), jeffreys)
        close(headKullbackLeibler(head, from, to) + headKullbackLeibler(head, to, from), jeffreys)
        close(integrateMetric(head, from, to), jeffreys)
        close(
          integrateMetric(head, from, to, (t) => 1 - t),
          kl,
        )
      }),
    )
  })

  test('bounds: 4 arccos^2 BC <= J, and 4 TV^2 <= J <= TV times the oscillation of the step in the logits', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to, symbols, dimension }) => {
        const [p, q] = [headDistribution(head, from), headDistribution(head, to)]
        const jeffreys = headJeffreys(head, from, to)
        const variation = divergence(totalVariation, p, q)
        const angle = Math.acos(1 - divergence(squaredHellinger, p, q))
        const steps = Array.from({ length: symbols }, (_, w) =>
          from.reduce((sum, start, i) => sum + head.headWeights[w * dimension + i]! * (to[i]! - start), 0),
        )
        expect(4 * angle * angle).toBeLessThanOrEqual(jeffreys + 1e-12)
        expect(4 * variation * variation).toBeLessThanOrEqual(jeffreys + 1e-12)
        expect(jeffreys).toBeLessThanOrEqual(variation * (Math.max(...steps) - Math.min(...steps)) + 1e-12)
      }),
    )
  })

  test('close states: half the squared length, to full relative accuracy', () => {
    const { head, from } = golden
    const [v, eps] = [[0.6, -0.8], 1e-6]
    const to = from.map((start, i) => start + eps * v[i]!)
    const p = headDistribution(head, from)
    const g = [0.32383008655743717, -0.15472720477071866, 0.5460576997136899]
    const length = g[0]! * v[0]! ** 2 + 2 * g[1]! * v[0]! * v[1]! + g[2]! * v[1]! ** 2
    expect(headKullbackLeibler(head, from, to) / (0.5 * eps * eps * length)).toBeCloseTo(1, 5)
    expect(headJeffreys(head, from, to) / (eps * eps * length)).toBeCloseTo(1, 5)
    expect(headKullbackLeibler(head, from, from)).toBe(0)
    expect(headJeffreys(head, from, from)).toBe(0)
    expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 15)
  })

  test('large logits neither overflow nor turn negative', () => {
    const head = { headWeights: Float64Array.of(1, -1), headBias: Float64Array.of(0, 0) }
    const [from, to] = [Float64Array.of(2000), Float64Array.of(-2000)]
    expect(Array.from(headDistribution(head, from))).toEqual([1, 0])
    expect(headKullbackLeibler(head, from, to)).toBe(4000)
    expect(headJeffreys(head, from, to)).toBe(8000)
  })

  test('a hidden state of another dimension throws', () => {
    expect(() => headDistribution(golden.head, Float64Array.of(1))).toThrow('dimension 1')
  })
})
