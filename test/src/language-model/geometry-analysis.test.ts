import { describe, expect, test } from 'vitest'

import { analyzeGeometry } from '../../../src/language-model/geometry-analysis.js'
import { processLaw } from '../../../src/language-model/law.js'
import type { LawModel } from '../../../src/language-model/law-model.js'
import { kernelOf } from '../../support/language-model.js'
import { trainedModels } from '../../support/trained-models.js'
import { valueOf } from '../../support/value-of.js'

/** Two contexts with hidden states of one dimension, under a head of two tokens whose rows are w apart. */
const twoTokens = (w: number, states: readonly [number, number]) => {
  const kernel = kernelOf(
    2,
    [[0], [1]],
    [1, 1],
    [
      [1, 1],
      [1, 1],
    ],
  )
  const model: LawModel = {
    head: { headWeights: Float64Array.of(0, w), headBias: Float64Array.of(0, 0) },
    embeddings: Float64Array.of(0, 1),
    hidden: Float64Array.from(states),
    logProbabilities: new Float64Array(4),
  }
  return analyzeGeometry(kernel, model)
}

describe('two tokens and one dimension: everything is known', () => {
  test('g* = w^2 p (1 - p), and its bounds are attained at p = 1/2', () => {
    const { spectrum, rank, curvature, diameter, ball } = twoTokens(2, [-1, 1])
    expect(spectrum.values).toEqual([1])
    expect([rank.value, rank.residual]).toEqual([1, 0])
    expect([curvature.value, curvature.limit]).toEqual([1, 1])
    expect(diameter.limit).toBeCloseTo(1, 12)
    expect([ball.value, ball.holds]).toEqual([1, true])
  })

  test('the direction raises the one token and lowers the other by w p (1 - p)', () => {
    const [direction, ...others] = twoTokens(2, [-1, 1]).directions
    expect(others).toEqual([])
    expect(direction!.eigenvalue).toMatchObject({ value: 1, residual: 0, holds: true })
    expect([...direction!.rising, ...direction!.falling].map(({ flow }) => flow)).toEqual([0.5, -0.5])
    // KL(1/2 || s(2)) = log cosh 1.
    expect(direction!.cost.value).toBeCloseTo(Math.log(Math.cosh(1)), 12)
    expect(direction!.cost.limit).toBeCloseTo(0.5, 12)
  })

  test('on a line of two tokens the Fisher-Rao distance is the geodesic, and the path finds it', () => {
    const [pair, ...others] = twoTokens(2, [-1, 1]).distances
    expect(others).toEqual([])
    expect([pair!.from, pair!.to]).toEqual([['0'], ['1']])
    const p = 1 / (1 + Math.exp(-2))
    expect(pair!.totalVariation.value).toBeCloseTo(2 * (2 * p - 1), 12)
    const exact = 2 * Math.acos(2 * Math.sqrt(p * (1 - p)))
    expect(pair!.geodesic.value).toBeCloseTo(exact, 12)
    expect(pair!.geodesic.limit - exact).toBeGreaterThanOrEqual(0)
    expect(pair!.geodesic.limit - exact).toBeLessThan(1e-3)
    expect(pair!.path.limit ** 2).toBeCloseTo((2 * p - 1) * 4, 12)
    // J = TV times the range: two tokens attain it.
    expect(pair!.jeffreys.value).toBeCloseTo(pair!.jeffreys.limit, 12)
  })
})

test('a trained network: the chain of bounds holds between all pairs, and flows sum to nothing', async () => {
  const law = valueOf(processLaw('rrxor', 3))
  const { trained } = await trainedModels(law, 2, 80)
  const { spectrum, curvature, diameter, ball, directions, distances } = analyzeGeometry(law.kernel, trained)
  expect(Math.abs(spectrum.trace.residual)).toBeLessThan(1e-12)
  expect([curvature, diameter, ball].every(({ holds }) => holds)).toBe(true)
  expect(directions.every(({ eigenvalue, cost }) => eigenvalue.holds && cost.holds)).toBe(true)
  expect(directions[0]!.rising[0]!.flow).toBeCloseTo(-directions[0]!.falling[0]!.flow, 12)
  expect(distances).toHaveLength(6)
  for (const { totalVariation, geodesic, path, jeffreys } of distances) {
    expect([totalVariation, geodesic, path, jeffreys].every(({ holds }) => holds)).toBe(true)
    expect(totalVariation.limit).toBe(geodesic.value)
    expect(geodesic.limit).toBe(path.value)
    expect(path.limit ** 2).toBeCloseTo(jeffreys.value, 12)
  }
})
