import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { shannonEntropy } from '../../../src/information/categorical-entropy.js'
import { chiSquared, kullbackLeibler, renyi, totalVariation } from '../../../src/information/divergence.js'
import { kernelEntropy } from '../../../src/information/kernel-entropy.js'
import {
  kernelInformation,
  mutualInformation,
  outputDistribution,
} from '../../../src/information/mutual-information.js'
import { distributionsOn } from './support.js'

// The golden kernel of three contexts and three tokens of the specification of the numbers.
const weights = Float64Array.of(0.5, 0.3, 0.2)
const next = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.25, 0.25, 0.5)

const kernels = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([n, width]) =>
  fc.tuple(
    distributionsOn(n),
    fc.array(distributionsOn(width), { minLength: n, maxLength: n }).map((rows) => {
      const flat = new Float64Array(n * width)
      rows.forEach((row, x) => flat.set(row, x * width))
      return flat
    }),
  ),
)

describe('mutual information', () => {
  test('golden values of a kernel', () => {
    // Computed with numpy in float64.
    expect(kernelInformation(weights, next)).toBeCloseTo(0.1930365737757279, 14)
    expect(kernelInformation(weights, next, chiSquared)).toBeCloseTo(0.37323819591261437, 14)
    outputDistribution(weights, next).forEach((u, w) => expect(u).toBeCloseTo([0.43, 0.33, 0.24][w]!, 15))
  })

  test('I(X;W) = H(W) - H(W|X), and the joint and the kernel agree', () => {
    fc.assert(
      fc.property(kernels, ([mu, rows]) => {
        const information = kernelInformation(mu, rows)
        const output = shannonEntropy(outputDistribution(mu, rows))
        expect(Math.abs(information - (output - kernelEntropy(kullbackLeibler, mu, rows).mean))).toBeLessThan(1e-13)
        const width = rows.length / mu.length
        const joint = rows.map((entry, index) => entry * mu[Math.floor(index / width)]!)
        for (const d of [kullbackLeibler, totalVariation, renyi(0.5)])
          expect(Math.abs(mutualInformation(joint, mu.length, d) - kernelInformation(mu, rows, d))).toBeLessThan(1e-13)
        expect(information).toBeLessThanOrEqual(Math.min(shannonEntropy(mu), output) + 1e-13)
      }),
    )
  })

  test('independent variables have none; a bijection has the entropy', () => {
    expect(mutualInformation([0.06, 0.14, 0.24, 0.56], 2)).toBeLessThan(1e-15)
    expect(mutualInformation([0.25, 0, 0, 0.75], 2)).toBeCloseTo(shannonEntropy([0.25, 0.75]), 15)
  })

  test('shapes that do not fit throw', () => {
    expect(() => mutualInformation([0.5, 0.5, 0], 2)).toThrow('2 rows')
    expect(() => outputDistribution([0.5, 0.5], Float64Array.of(1))).toThrow('2 rows')
  })
})
