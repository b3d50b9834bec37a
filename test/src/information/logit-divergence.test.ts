import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { divergence, kullbackLeibler } from '../../../src/information/divergence.js'
import { logitJeffreys, logitKullbackLeibler } from '../../../src/information/logit-divergence.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'

describe('divergences from logits', () => {
  test('they are those of the distributions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.constantFrom(0.1, 1, 4), seeds, (symbols, scale, seed) => {
        const logits = normalMatrix(1, symbols, seed).entries
        const steps = normalMatrix(1, symbols, seed + 1).entries.map((x) => scale * x)
        const before = logSoftmax(logits)
        const after = logSoftmax(logits.map((z, w) => z + steps[w]!))
        const [p, q] = [before.map(Math.exp), after.map(Math.exp)]
        const kl = divergence(kullbackLeibler, p, q)
        expect(Math.abs(logitKullbackLeibler(before, steps) - kl)).toBeLessThan(1e-12 * Math.max(1, kl))
        const jeffreys = kl + divergence(kullbackLeibler, q, p)
        expect(Math.abs(logitJeffreys(before, steps) - jeffreys)).toBeLessThan(1e-12 * Math.max(1, jeffreys))
        const back = steps.map((step) => -step)
        expect(Math.abs(logitJeffreys(after, back) - jeffreys)).toBeLessThan(1e-12 * Math.max(1, jeffreys))
        // A common shift of all logits changes nothing.
        const shifted = steps.map((step) => step + 3)
        expect(Math.abs(logitKullbackLeibler(before, shifted) - kl)).toBeLessThan(1e-12 * Math.max(1, kl))
      }),
    )
  })

  test('close laws keep their digits: two tokens, where both have closed forms', () => {
    const half = [Math.log(0.5), Math.log(0.5)]
    for (const e of [1e-2, 1e-5, 1e-9, 1e-100]) {
      // KL = log cosh (e/2), J = (e/2) tanh (e/2).
      const x = e / 2
      const logCosh = x < 1e-2 ? (x * x) / 2 - x ** 4 / 12 + x ** 6 / 45 : Math.log(Math.cosh(x))
      expect(logitKullbackLeibler(half, [0, e]) / logCosh).toBeCloseTo(1, 13)
      expect(logitJeffreys(half, [0, e]) / (x * Math.tanh(x))).toBeCloseTo(1, 13)
    }
  })

  test('far laws do not overflow, and a token too rare for a double still counts', () => {
    expect(logitKullbackLeibler([0, -4000], [-4000, 4000])).toBe(4000)
    expect(logitJeffreys([0, -4000], [-4000, 4000])).toBe(8000)
    // exp(-800) is zero in float64; after the step the token has exp(-10).
    const rare = [0, -800]
    expect(logitKullbackLeibler(rare, [0, 790])).toBeCloseTo(Math.log1p(Math.exp(-10)), 15)
    expect(logitJeffreys(rare, [0, 790]) / ((790 * Math.exp(-10)) / (1 + Math.exp(-10)))).toBeCloseTo(1, 12)
  })

  test('a token that cannot occur does not count; sizes that differ throw', () => {
    const third = [Math.log(0.5), Math.log(0.5), -Infinity]
    expect(logitKullbackLeibler(third, [0, 1, 1000])).toBe(logitKullbackLeibler(third.slice(0, 2), [0, 1]))
    expect(logitJeffreys(third, [0, 1, 1000])).toBe(logitJeffreys(third.slice(0, 2), [0, 1]))
    expect(() => logitJeffreys([0], [0, 1])).toThrow('1 log-probabilities and 2 steps')
  })
})
