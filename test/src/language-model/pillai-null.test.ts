import { describe, expect, test } from 'vitest'

import { momentsOfPairs, pillaiOfMoments, pillaiTrace } from '../../../src/language-model/alignment-moments.js'
import { pillaiNull } from '../../../src/language-model/pillai-null.js'
import { permutationNull } from '../../../src/language-model/null-band.js'
import { standardNormals } from '../../../src/linear-algebra/standard-normal.js'
import { valueOf } from '../../support/value-of.js'

describe('chance, for the Pillai trace', () => {
  test.each([
    [2, 2, 60],
    [3, 5, 200],
    [6, 4, 80],
  ])('D = %i, V = %i, N = %i: the closed form is what permutations give', (dimension, vocabulary, pairs) => {
    const hidden = new Float64Array(pairs * dimension)
    standardNormals(5)(hidden)
    const tokens = Int32Array.from({ length: pairs }, (_, n) => Math.min(n % (vocabulary + 2), vocabulary - 1))
    const raw = (states: Float64Array): number => valueOf(pillaiTrace(states, tokens, vocabulary)).raw
    const [drawn] = permutationNull(hidden, pairs, [raw], { draws: 2000, seed: 3 })
    const band = pillaiNull(dimension, vocabulary - 1, pairs)!
    expect(band.mean).toBeCloseTo((dimension * (vocabulary - 1)) / (pairs - 1), 15)
    expect(Math.abs(drawn!.mean - band.mean)).toBeLessThan(0.05 * band.mean)
    const width = band.upper - band.lower
    expect(Math.abs(drawn!.upper - band.upper)).toBeLessThan(0.12 * width)
    expect(Math.abs(drawn!.lower - band.lower)).toBeLessThan(0.12 * width)
    expect(pillaiOfMoments(valueOf(momentsOfPairs(hidden, tokens, vocabulary)), pairs)).toMatchObject({
      right: { band, chance: band.mean },
    })
  })

  test('with a single direction is a beta law: its mean and variance', () => {
    // One direction and two tokens: rho^2 of independent normals has the law Beta(1/2, (M - 1)/2).
    const { mean, upper, lower } = pillaiNull(1, 1, 101)!
    expect(mean).toBe(0.01)
    // The quantiles of that law, in place of which the band is that of a chi-squared law.
    expect(upper).toBeCloseTo(0.0496, 2)
    expect(lower).toBeLessThan(1e-4)
  })

  test('is not there where there are too few pairs', () => {
    expect(pillaiNull(3, 2, 4)).toBeUndefined()
    expect(pillaiNull(0, 2, 40)).toBeUndefined()
    expect(pillaiNull(3, 2, 5)).toBeDefined()
  })
})
