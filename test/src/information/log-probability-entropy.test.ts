import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { categoricalEntropy } from '../../../src/information/categorical-entropy.js'
import {
  chiSquared,
  type Divergence,
  divergence,
  fDivergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  squaredHellinger,
  totalVariation,
  tsallis,
} from '../../../src/information/divergence.js'
import { exampleDivergences } from '../../../src/information/fin-stoch-enrichment.js'
import { logProbabilityEntropy, softmaxEntropy } from '../../../src/information/log-probability-entropy.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'
import { copyAndProduct, distributions, expectAgreement } from './support.js'

const triangular = fDivergence('triangular', (t) => (t - 1) ** 2 / (t + 1), { atZero: 1, slopeAtInfinity: 1 })
const all: readonly Divergence[] = [...exampleDivergences, triangular]
const named = all.map((d) => [showDivergence(d), d] as const)
const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 7 })

describe('logProbabilityEntropy', () => {
  test.each(named)('%s: the closed form in probabilities, zeros and all', (_, d) => {
    fc.assert(
      fc.property(distributions(), (p) => {
        // Within rounding of one the logarithm cannot hold what p is short of one.
        fc.pre(p.every((x) => x === 1 || x < 1 - 1e-9))
        expectAgreement(d, logProbabilityEntropy(d, p.map(Math.log)), categoricalEntropy(d, p))
      }),
      { numRuns: 300 },
    )
  })

  test.each(named)('%s: softmax against D(copy || product) on V x V', (_, d) => {
    fc.assert(
      fc.property(logits, (z) => {
        const [copy, product] = copyAndProduct(logSoftmax(z).map(Math.exp))
        // Products of two probabilities that underflow are the definition's loss, not the closed form's.
        fc.pre(product.every((x) => x > 1e-250))
        // Near a point mass the definition subtracts numbers close to one, as 1e-14 does.
        expectAgreement(d, softmaxEntropy(d, z), divergence(d, copy, product))
      }),
      { numRuns: 300 },
    )
  })

  test('golden values at (.5, .3, .2)', () => {
    const z = [0.5, 0.3, 0.2].map((x) => 7 + Math.log(x))
    const golden: readonly (readonly [Divergence, number])[] = [
      [kullbackLeibler, 1.0296530140645737],
      [totalVariation, 0.62],
      [squaredHellinger, 0.39268712305518483],
      [renyi(0.5), 0.997422345411625],
      [renyi(0), 0.9675840262617056],
      [renyi(2), 1.0986122886681098],
      [renyi(3), 1.1676874579085184],
      [renyi(Infinity), 1.6094379124341003],
      [jensenShannon, 0.29504721461960604],
      [chiSquared, 2],
    ]
    for (const [d, value] of golden) expect(softmaxEntropy(d, z)).toBeCloseTo(value, 13)
  })

  test('where probabilities round to zero or one: closed forms for two tokens e^-s apart', () => {
    for (const s of [40, 200, 600]) {
      const z = [0, -s]
      const relative = (d: Divergence, value: number): void => expect(softmaxEntropy(d, z) / value).toBeCloseTo(1, 10)
      // To first order in e = e^-s.
      relative(kullbackLeibler, (s + 1) * Math.exp(-s))
      relative(totalVariation, 2 * Math.exp(-s))
      relative(squaredHellinger, 1.5 * Math.exp(-s) - Math.exp(-1.5 * s))
      relative(jensenShannon, 1.5 * Math.LN2 * Math.exp(-s))
      relative(renyi(0.5), 3 * Math.exp(-s) - 2 * Math.exp(-1.5 * s))
    }
    // Past e^-745 a probability is zero in float64 and not in the softmax.
    expect(softmaxEntropy(renyi(Infinity), [0, -2000])).toBe(2000)
    expect(softmaxEntropy(renyi(3), [0, -2000])).toBe(1000)
    expect(softmaxEntropy(chiSquared, [0, -2000])).toBe(1)
    expect(softmaxEntropy(renyi(2), [0, -2000])).toBe(Math.LN2)
    expect(softmaxEntropy(reverseKullbackLeibler, [0, -2000])).toBe(Infinity)
    expect(softmaxEntropy(tsallis(1.5), [0, -2000])).toBeCloseTo(0, 12)
    expect(softmaxEntropy(tsallis(3), [0, -2000])).toBe(Infinity)
    expect(softmaxEntropy(kullbackLeibler, [0, -2000])).toBe(0)
    // Masked tokens are outside the support.
    expect(softmaxEntropy(chiSquared, [0, -Infinity, 0])).toBe(1)
    expect(softmaxEntropy(reverseKullbackLeibler, [0, -Infinity])).toBe(0)
    expect(softmaxEntropy(renyi(Infinity), [0, -Infinity])).toBe(0)
  })

  test('an f-divergence is given no ratio above 2^1022; an overflow is its slope at infinity', () => {
    const chi = fDivergence('chi', (t) => (t - 1) ** 2, { atZero: 1, slopeAtInfinity: Infinity })
    expect(softmaxEntropy(chi, [0, -300])).toBeCloseTo(1, 12)
    expect(softmaxEntropy(chi, [0, -2000])).toBe(Infinity)
    expect(softmaxEntropy(triangular, [0, -2000])).toBeCloseTo(0, 12)
  })

  test('half a million tokens', () => {
    const z = Float64Array.from({ length: 500_000 }, (_, w) => (w === 0 ? 5 : 0))
    const rest = 499_999 * Math.exp(-5)
    const [p, q] = [1 / (1 + rest), Math.exp(-5) / (1 + rest)]
    expect(softmaxEntropy(kullbackLeibler, z)).toBeCloseTo(-p * Math.log(p) - 499_999 * q * Math.log(q), 12)
    expect(softmaxEntropy(totalVariation, z)).toBeCloseTo(1 - p * p - 499_999 * q * q, 12)
  })
})
