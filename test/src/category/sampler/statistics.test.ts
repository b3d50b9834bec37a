/** The tails of the tests of samplers, against published values; and the bounds, against exact means. */
import { describe, expect, test } from 'vitest'

import { finite } from '../../../../dsl/index.js'
import { Sampler } from '../../../../src/category/sampler.js'
import {
  chiSquaredIndependence,
  chiSquaredTail,
  logGamma,
  upperGamma,
} from '../../../../src/category/sampler/chi-squared.js'
import { convergence, distanceBound, empiricalLaw } from '../../../../src/category/sampler/empirical-law.js'
import { sample } from '../../../../src/category/sampler/run.js'
import { matrix } from '../../../../src/linear-algebra/matrix.js'
import { valueOf } from '../../../support/value-of.js'

describe('the incomplete gamma function', () => {
  // Computed with 25 digits by mpmath.
  test.each([
    [0.5, 0.1, 0.654720846018577],
    [0.5, 3, 0.01430587843542964],
    [1.5, 1.5, 0.39162517627108895],
    [2, 30, 2.900863120340454e-12],
    [10, 3, 0.9988975118698845],
    [10, 12, 0.24239216167051236],
    [50, 60, 0.08440668109369183],
    [100, 80, 0.9828916869648668],
    [0.5, 50, 1.523970604832105e-23],
    [500, 480, 0.8137180268096754],
    [3, 700, 2.4225323864783197e-299],
  ])('Q(%d, %d)', (a, x, expected) => {
    expect(Math.abs(upperGamma(a, x) / expected - 1)).toBeLessThan(2e-12)
  })

  test('at the ends', () => {
    expect([upperGamma(2, 0), upperGamma(2, Infinity)]).toEqual([1, 0])
    expect(() => upperGamma(0, 1)).toThrow('it takes a > 0')
    expect([chiSquaredTail(0, 0), chiSquaredTail(1, 0)]).toEqual([1, 0])
  })

  test.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [3.5, 1.2009736023470743],
    [10, 12.80182748008147],
    [100.5, 361.4355404677776],
    [1000, 5905.220423209181],
  ])('log Gamma(%d)', (a, expected) => {
    expect(Math.abs(logGamma(a) / expected - 1)).toBeLessThan(1e-13)
  })

  test('chi-squared quantiles of the tables', () => {
    expect(chiSquaredTail(3.841458820694124, 1)).toBeCloseTo(0.05, 13)
    expect(chiSquaredTail(18.307038053275146, 10)).toBeCloseTo(0.05, 13)
    expect(chiSquaredTail(135.80672317102676, 100)).toBeCloseTo(0.01, 13)
  })
})

describe('the test of independence', () => {
  test('of a two by two table', () => {
    const test = chiSquaredIndependence(matrix(2, 2, [30, 10, 10, 30]))
    // Each of the four cells expects 20 and is off by 10; erfc(sqrt(10)) is the tail.
    expect(test).toMatchObject({ statistic: 20, degreesOfFreedom: 1, smallestExpected: 20 })
    expect(test.tail).toBeCloseTo(7.744216431044e-6, 15)
    // 2 x 4 cells, each with the bound exp(-40 KL(3/4 || 1/2)).
    expect(test.tailBound).toBeCloseTo(8 * Math.exp(-40 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5))), 12)
  })

  test('leaves rows and columns without counts out', () => {
    const test = chiSquaredIndependence(matrix(3, 3, [5, 0, 5, 0, 0, 0, 5, 0, 5]))
    expect(test).toMatchObject({ statistic: 0, degreesOfFreedom: 1, smallestExpected: 5, tail: 1, tailBound: 1 })
  })

  test('the bound is one where the approximation is none', () => {
    // Two rare events at once: the approximation says impossible, and it happens once in a thousand tables.
    const test = chiSquaredIndependence(matrix(2, 2, [1, 0, 0, 999]))
    expect(test.tail).toBeLessThan(1e-200)
    expect(test.tailBound).toBeGreaterThan(1e-3)
  })
})

describe('the distance of draws from their law', () => {
  const Coin = finite('Coin', 2)
  const fair = valueOf(Sampler.read([[0.5, 0.5]], [], [Coin], 'fair'))
  const distances = (count: number, seeds: number): readonly number[] =>
    Array.from({ length: seeds }, (_, seed) => {
      const law = valueOf(empiricalLaw(valueOf(sample(fair, [], { seed, count }))))
      return Math.abs(law[0]! - 0.5)
    })
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length

  test('the mean over seeds is what the binomial law says, and falls as 1 / sqrt(n)', () => {
    // E|K/n - 1/2| = C(n, n/2) / 2^(n+1).
    const exact = (n: number): number => Math.exp(logGamma(n + 1) - 2 * logGamma(n / 2 + 1) - (n + 1) * Math.log(2))
    expect(exact(100)).toBeCloseTo(0.0397946, 7)
    const seeds = 2000
    for (const n of [16, 100, 400, 1600]) {
      const seen = mean(distances(n, seeds))
      const deviation = Math.sqrt(0.25 / n - exact(n) ** 2)
      // Five standard errors: a false alarm once in a million, and the seeds are always the same.
      expect(Math.abs(seen - exact(n))).toBeLessThan((5 * deviation) / Math.sqrt(seeds))
      expect(seen).toBeLessThan(0.5 / Math.sqrt(n))
    }
  })

  test('the bound: mean and deviation', () => {
    expect(distanceBound([0.5, 0.5], 100, 1)).toBeCloseTo(0.05, 15)
    expect(distanceBound([0.5, 0.5], 100, Math.exp(-2))).toBeCloseTo(0.15, 15)
    expect(distanceBound([1, 0], 100, Math.exp(-2))).toBeCloseTo(0.1, 15)
    // Never more than sqrt((k - 1) / n) / 2 for the mean, which the uniform law attains.
    expect(distanceBound([0.25, 0.25, 0.25, 0.25], 100, 1)).toBeCloseTo(Math.sqrt(3 / 100) / 2, 15)
  })

  test('few draws are beyond the bound', () => {
    const bound = distanceBound([0.5, 0.5], 100, 0.1)
    const beyond = distances(100, 1000).filter((distance) => distance > bound).length
    expect(bound).toBeCloseTo(0.05 + Math.sqrt(Math.log(10) / 200), 15)
    expect(beyond).toBeLessThanOrEqual(100)
  })

  test('laws and draws of other shapes are refused', () => {
    const draws = valueOf(sample(fair, [], { seed: 1, count: 10 }))
    expect(convergence(draws, [1, 0, 0], 0.1)).toMatchObject({ left: { kind: 'invalid-value', where: 'law' } })
  })
})
