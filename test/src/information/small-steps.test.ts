import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  chiSquared,
  type Divergence,
  divergence,
  fDivergence,
  hellingerDistance,
  jensenShannon,
  jensenShannonDistance,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  squaredHellinger,
  totalVariation,
  tsallis,
} from '../../../src/information/divergence.js'
import { smallStepCoefficient } from '../../../src/information/small-steps.js'
import { valueOf } from '../../support/value-of.js'

const power = (a: number): Divergence =>
  fDivergence(`power ${a}`, (t) => (t ** a - 1) / (a * (a - 1)), { atZero: Infinity, slopeAtInfinity: Infinity })
const jeffreys = fDivergence('jeffreys', (t) => (t - 1) * Math.log(t), { atZero: Infinity, slopeAtInfinity: Infinity })
const doubledHellinger = fDivergence('2 (1 - BC)', (t) => (1 - Math.sqrt(t)) ** 2, { atZero: 1, slopeAtInfinity: 1 })

const coefficients: readonly (readonly [Divergence, number])[] = [
  [kullbackLeibler, 1 / 2],
  [reverseKullbackLeibler, 1 / 2],
  [jensenShannon, 1 / 8],
  [squaredHellinger, 1 / 8],
  [chiSquared, 1],
  [renyi(0), 0],
  [renyi(0.5), 1 / 4],
  [renyi(1), 1 / 2],
  [renyi(3), 3 / 2],
  [tsallis(2), 1],
  [tsallis(0.25), 1 / 8],
  [doubledHellinger, 1 / 4],
  [jeffreys, 1],
  [power(-1), 1 / 2],
  [power(4), 1 / 2],
]

const p = [0.4, 0.3, 0.2, 0.1]
const direction = [0.3, -0.5, 0.1, 0.1]
const square = direction.reduce((sum, x, w) => sum + (x * x) / p[w]!, 0)
const moved = (e: number): readonly number[] => p.map((x, w) => x + e * direction[w]!)

describe('smallStepCoefficient', () => {
  test.each(coefficients.map(([d, c]) => [showDivergence(d), c, d] as const))('%s: %d', (_, c, d) => {
    expect(valueOf(smallStepCoefficient(d))).toBeCloseTo(c, 8)
    const ratio = (e: number): number => divergence(d, moved(e), p) / (e * e * square)
    const exchanged = (e: number): number => divergence(d, p, moved(e)) / (e * e * square)
    // Two steps take the error away that is linear in the step.
    expect(2 * ratio(1e-4) - ratio(2e-4)).toBeCloseTo(c, 5)
    expect(2 * exchanged(1e-4) - exchanged(2e-4)).toBeCloseTo(c, 5)
  })

  test.each(
    [
      totalVariation,
      renyi(Infinity),
      hellingerDistance,
      jensenShannonDistance,
      fDivergence('corner', (t) => Math.abs(t - 1) / 2, { atZero: 0.5, slopeAtInfinity: 0.5 }),
      fDivergence('hockey stick', (t) => Math.max(t - 1, 0), { atZero: 0, slopeAtInfinity: 1 }),
    ].map((d) => [showDivergence(d), d] as const),
  )('%s grows like the step, not its square, and is refused', (_, d) => {
    expect(isLeft(smallStepCoefficient(d))).toBe(true)
    // Half the step leaves half of the divergence.
    expect(divergence(d, moved(5e-7), p) / divergence(d, moved(1e-6), p)).toBeCloseTo(0.5, 4)
  })
})
