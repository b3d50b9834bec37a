import { existsSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { divergence, kullbackLeibler } from '../../../src/information/divergence.js'
import { headDistribution, headKullbackLeibler } from '../../../src/language-model/head-divergence.js'
import { directionMeaning } from '../../../src/language-model/head-geometry-direction.js'
import {
  headOfTokens,
  softcapDistribution,
  softcapJacobian,
  softcapLogits,
  softcapPath,
} from '../../../src/language-model/head-geometry-softcap.js'
import { enclosingBall } from '../../../src/language-model/head-geometry-curvature.js'
import { leadingPullback } from '../../../src/language-model/head-geometry-operator.js'
import {
  bohningTraceBound,
  curvatureBound,
  headDiameter,
  headKernel,
  headRank,
  pullbackMetric,
  pullbackSpectrum,
} from '../../../src/language-model/pullback.js'
import { golden, headCases } from './head-support.js'

const quadratic = (entries: Float64Array, v: Float64Array): number =>
  v.reduce((sum, x, i) => sum + v.reduce((inner, y, j) => inner + x * entries[i * v.length + j]! * y, 0), 0)

describe('logits with a soft cap', () => {
  test('the Jacobian is the derivative of the logits', () => {
    fc.assert(
      fc.property(headCases, fc.nat(), ({ head, from, dimension }, place) => {
        const [i, cap, e] = [place % dimension, 1.5, 1e-5]
        const jacobian = softcapJacobian(head, from, cap)
        const at = (step: number): Float64Array => {
          const hidden = from.slice()
          hidden[i]! += step
          const logits = head.headBias.map(
            (bias, w) => bias + hidden.reduce((sum, x, k) => sum + head.headWeights[w * dimension + k]! * x, 0),
          )
          return softcapLogits(logits, cap)
        }
        const [after, before] = [at(e), at(-e)]
        after.forEach((logit, w) =>
          expect(Math.abs((logit - before[w]!) / (2 * e) - jacobian[w * dimension + i]!)).toBeLessThan(1e-8),
        )
      }),
    )
  })

  test('with it the metric is what small steps cost', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to, symbols }) => {
        fc.pre(symbols > 1)
        const cap = 2
        const p = softcapDistribution(head, from, cap)
        const square = quadratic(pullbackMetric(softcapJacobian(head, from, cap), p).entries, to)
        fc.pre(square > 0.01)
        const cost = (e: number): number =>
          divergence(
            kullbackLeibler,
            p,
            softcapDistribution(
              head,
              from.map((x, i) => x + e * to[i]!),
              cap,
            ),
          )
        expect((cost(1e-3) + cost(-1e-3)) / (1e-6 * square)).toBeCloseTo(1, 3)
      }),
    )
  })

  test('a high cap changes nothing; a low one bounds the metric by max |W_w|^2 still', () => {
    const { head, from } = golden
    const metric = pullbackMetric(softcapJacobian(head, from, 1e8), softcapDistribution(head, from, 1e8))
    const linear = pullbackMetric(head.headWeights, headDistribution(head, from))
    metric.entries.forEach((entry, k) => expect(entry).toBeCloseTo(linear.entries[k]!, 14))
    fc.assert(
      fc.property(headCases, ({ head: other, from: hidden, symbols, dimension }) => {
        const rows = softcapJacobian(other, hidden, 0.7)
        const norms = Array.from({ length: symbols }, (_, w) =>
          Math.hypot(...other.headWeights.subarray(w * dimension, (w + 1) * dimension)),
        )
        const [largest] = pullbackSpectrum(rows, softcapDistribution(other, hidden, 0.7)).values
        expect(largest).toBeLessThanOrEqual(Math.max(...norms) ** 2 + 1e-12)
      }),
    )
  })

  test('counterexamples: rank (C W) and diam(W) say nothing any more, and the energy is not Jeffreys’ divergence', () => {
    // Equal rows: without a cap no state matters; with one they do, through the biases.
    const equal = { headWeights: Float64Array.of(1, 1), headBias: Float64Array.of(0, 2) }
    expect(headRank(equal.headWeights, 2)).toBe(0)
    expect(curvatureBound(equal.headWeights, 2)).toBe(0)
    const rows = softcapJacobian(equal, Float64Array.of(0), 1)
    expect(headRank(rows, 2)).toBe(1)
    expect(pullbackSpectrum(rows, softcapDistribution(equal, Float64Array.of(0), 1)).values[0]).toBeCloseTo(
      Math.tanh(2) ** 4 / (4 * Math.cosh(Math.tanh(2) / 2) ** 2),
      14,
    )
    const across = softcapPath(
      { headWeights: Float64Array.of(0, 4), headBias: new Float64Array(2) },
      Float64Array.of(-1),
      Float64Array.of(1),
      1,
    )
    expect(across.energy).toBeCloseTo(2.542163400847106, 12)
    expect(across.jeffreys).toBeCloseTo(0.9230872317183754, 12)
    // The other way: the cap slows the path where the metric is large.
    const into = softcapPath(
      { headWeights: Float64Array.of(0, 20), headBias: Float64Array.of(10 * Math.atanh(0.99), 0) },
      Float64Array.of(0),
      Float64Array.of(1),
      10,
    )
    expect(into.energy).toBeCloseTo(2.555371873166, 9)
    expect(into.jeffreys).toBeCloseTo(4.197196149597, 11)
  })

  test('what holds of every path: arc^2 <= length^2 <= energy', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to }) => {
        const { energy, length, fisherRao } = softcapPath(head, from, to, 1)
        expect(fisherRao ** 2).toBeLessThanOrEqual(length ** 2 + 1e-10)
        expect(length ** 2).toBeLessThanOrEqual(energy + 1e-12)
      }),
    )
    expect(() => softcapLogits(Float64Array.of(1), 0)).toThrow('not a positive number')
  })
})

describe('rows that are no tokens', () => {
  test('dropping them gives the predictions given that one of the tokens comes next, and their rank', () => {
    const { head, from } = golden
    const padded = {
      headWeights: Float64Array.of(...head.headWeights, 5, 0, 0, 0),
      headBias: Float64Array.of(...head.headBias, 0, 0),
    }
    const real = headOfTokens(padded, 4)
    expect(Array.from(headDistribution(real, from))).toEqual(Array.from(headDistribution(head, from)))
    const p = headDistribution(padded, from)
    const mass = p.slice(0, 4).reduce((sum, x) => sum + x, 0)
    // The surplus rows take most of the probability, and stretch the metric.
    expect(mass).toBeLessThan(0.4)
    headDistribution(real, from).forEach((x, w) => expect(x).toBeCloseTo(p[w]! / mass, 14))
    expect(pullbackSpectrum(padded.headWeights, p).values[0]! / 0.6254348008147521).toBeGreaterThan(5)
    expect(real.headWeights.buffer).toBe(padded.headWeights.buffer)
    const chosen = headOfTokens(padded, [3, 0])
    expect(Array.from(chosen.headWeights)).toEqual([0.5, -1, 1, 0])
    expect(Array.from(chosen.headBias)).toEqual([0.3, 0.1])
    // Zero rows add a direction to the centred weights.
    expect(headRank(Float64Array.of(1, 2, 1, 2), 2)).toBe(0)
    expect(headRank(Float64Array.of(1, 2, 1, 2, 0, 0), 3)).toBe(1)
    expect(() => headOfTokens(padded, 7)).toThrow('the first 7 of 6')
    expect(() => headOfTokens(padded, [6])).toThrow('from 0 to 5')
  })
})

describe('directionMeaning', () => {
  test('slopes are derivatives of log-probabilities, zero in the mean, with g*(u, u) as their mean square', () => {
    fc.assert(
      fc.property(headCases, fc.constantFrom(undefined, 2), ({ head, from, to, symbols }, softcap) => {
        const settings = softcap === undefined ? {} : { softcap }
        const { rising, falling, squaredLength } = directionMeaning(head, from, to, { count: symbols, ...settings })
        const moves = [...rising, ...falling]
        expect(Math.abs(moves.reduce((sum, { flow }) => sum + flow, 0))).toBeLessThan(1e-12)
        const second = moves.reduce((sum, { flow, slope }) => sum + flow * slope, 0)
        expect(Math.abs(second - squaredLength)).toBeLessThan(1e-12 * Math.max(1, squaredLength))
        const lawAt = (hidden: Float64Array): Float64Array =>
          softcap === undefined ? headDistribution(head, hidden) : softcapDistribution(head, hidden, softcap)
        const norm = Math.hypot(...to)
        const [after, before] = [1e-5, -1e-5].map((e) => lawAt(from.map((x, i) => x + (e * to[i]!) / norm)))
        for (const { token, slope, probability } of moves) {
          expect(Math.abs(Math.log(after![token]! / before![token]!) / 2e-5 - slope)).toBeLessThan(1e-7)
          expect(Math.abs(lawAt(from)[token]! - probability)).toBeLessThan(1e-15)
        }
        const slopes = rising.map(({ slope }) => slope)
        expect(slopes).toEqual([...slopes].sort((a, b) => b - a))
        const losses = falling.map(({ slope }) => slope)
        expect(losses).toEqual([...losses].sort((a, b) => a - b))
      }),
    )
  })

  test('the cost of a unit step is the divergence that it makes', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to, symbols }) => {
        const { cost } = directionMeaning(head, from, to)
        const norm = Math.hypot(...to)
        const after = from.map((x, i) => x + to[i]! / norm)
        const expected = headKullbackLeibler(head, from, after)
        expect(Math.abs(cost - expected)).toBeLessThan(1e-12 * Math.max(1, expected))
        expect(cost).toBeLessThanOrEqual(curvatureBound(head.headWeights, symbols) / 2 + 1e-12)
        const capped = directionMeaning(head, from, to, { softcap: 1.3 }).cost
        const direct = divergence(
          kullbackLeibler,
          softcapDistribution(head, from, 1.3),
          softcapDistribution(head, after, 1.3),
        )
        expect(Math.abs(capped - direct)).toBeLessThan(1e-12)
      }),
    )
  })

  test('by slope and by flow: a rare token has the steepest slope, and a frequent one the largest flow', () => {
    const head = { headWeights: Float64Array.of(0, 1, 5), headBias: Float64Array.of(5, 4, -10) }
    const bySlope = directionMeaning(head, Float64Array.of(0), Float64Array.of(3), { count: 1 })
    const byFlow = directionMeaning(head, Float64Array.of(0), Float64Array.of(3), { count: 1, by: 'flow' })
    expect(bySlope.rising[0]!.token).toBe(2)
    expect(byFlow.rising[0]!.token).toBe(1)
    expect(bySlope.falling[0]!.token).toBe(0)
    expect(() => directionMeaning(head, Float64Array.of(0), Float64Array.of(0))).toThrow('length 0')
  })
})

const stories = '../shared/data/models/stories260K/stories260K.bin'
const absent = !existsSync(stories)

test.skipIf(absent)(
  `the head of a trained model of 512 tokens in 64 dimensions${absent ? ` (skipped: ${stories} is not there)` : ''}`,
  () => {
    // Seven numbers, then the embedding, which is the head too.
    const file = readFileSync(stories)
    const [dimension, symbols] = [file.readInt32LE(0), Math.abs(file.readInt32LE(20))]
    expect([dimension, symbols]).toEqual([64, 512])
    const headWeights = Float64Array.from({ length: symbols * dimension }, (_, k) => file.readFloatLE(28 + 4 * k))
    // Full rank, though there are eight times as many tokens: the metric is not degenerate at any hidden state.
    expect(headRank(headWeights, symbols)).toBe(64)
    expect(headKernel(headWeights, symbols).columns).toBe(0)
    const head = { headWeights, headBias: new Float64Array(symbols) }
    const p = headDistribution(
      head,
      Float64Array.from({ length: dimension }, (_, i) => Math.cos(i)),
    )
    const dense = pullbackSpectrum(headWeights, p)
    const { values, rest, converged } = leadingPullback(headWeights, p, 3)
    expect(converged).toBe(true)
    values.forEach((value, j) => expect(Math.abs(value / dense.values[j]! - 1)).toBeLessThan(1e-11))
    expect(dense.values[3]!).toBeLessThan(rest)
    expect(dense.values[63]!).toBeGreaterThan(0)
    const { radius, lowerRadius, lowerDiameter } = enclosingBall(headWeights, symbols)
    const diameter = headDiameter(headWeights, symbols)
    expect(lowerDiameter).toBeLessThanOrEqual(diameter)
    expect(diameter).toBeLessThanOrEqual(2 * radius)
    expect(dense.values[0]!).toBeLessThan(diameter ** 2 / 4)
    expect(dense.trace).toBeLessThan(radius ** 2)
    expect(radius / lowerRadius).toBeLessThan(1.001)
    // In order: the metric, against numpy; half of the diameter, the ball, and Bohning's bound on the trace, squared where they are lengths.
    const figures = [dense.values[0]!, dense.values[63]!, dense.trace, diameter ** 2 / 4, radius ** 2]
    ;[0.4214809118, 0.0023863249, 3.9102343539, 4.6685793462].forEach((expected, k) =>
      expect(figures[k]! / expected).toBeCloseTo(1, 7),
    )
    expect(figures[4]).toBeCloseTo(6.29, 2)
    expect(bohningTraceBound(headWeights, symbols)).toBeCloseTo(978.31443, 4)
  },
)
