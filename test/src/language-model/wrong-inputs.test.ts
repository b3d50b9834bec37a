/** What is no law, no token or of another shape is refused where it is given: no figure is computed from it. */
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { categoricalEntropy } from '../../../src/information/categorical-entropy.js'
import {
  chiSquared,
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  squaredHellinger,
  totalVariation,
} from '../../../src/information/divergence.js'
import { softmaxEntropy } from '../../../src/information/log-probability-entropy.js'
import { chainLedger } from '../../../src/language-model/chain-ledger.js'
import { measureAcceptance } from '../../../src/language-model/drafting-head.js'
import { givenClass } from '../../../src/language-model/encoding-classes.js'
import { headCalibration } from '../../../src/language-model/head-calibration.js'
import { pathFigures, straightPath } from '../../../src/language-model/head-geometry-path.js'
import { truncateHead } from '../../../src/language-model/head-geometry-truncation.js'
import { surplusOfDistributions } from '../../../src/language-model/surplus-contributions.js'
import { dataContexts, estimateSurplus } from '../../../src/language-model/surplus-estimate.js'
import { acceptanceBounds } from '../../../src/language-model/surplus.js'
import { threeEntropies } from '../../../src/language-model/three-entropies.js'
import { usableSurplus } from '../../../src/language-model/usable-surplus.js'
import { valueOf } from '../../support/value-of.js'
import { kernelOf } from './kernel-support.js'

const numbers = (...entries: readonly number[]): Float64Array => Float64Array.from(entries)
const logs = (...entries: readonly number[]): Float64Array => Float64Array.from(entries, Math.log)

describe('entropies and divergences', () => {
  const all = [
    kullbackLeibler,
    totalVariation,
    squaredHellinger,
    jensenShannon,
    chiSquared,
    ...[0, 0.5, 2, 3, Infinity].map(renyi),
  ]

  test.each(all)('%o: entries that are negative or no numbers throw', (d) => {
    expect(() => categoricalEntropy(d, [NaN, 0.5])).toThrow('entry 0 is NaN')
    expect(() => categoricalEntropy(d, [1.5, -0.5])).toThrow('entry 1 is -0.5')
    expect(() => divergence(d, [0.5, 0.5], [NaN, 1])).toThrow('entry 0 is NaN')
    expect(() => divergence(d, [NaN, 1], [0.5, 0.5])).toThrow('entry 0 is NaN')
    expect(softmaxEntropy(d, [NaN, 0])).toBeNaN()
  })

  test('close distributions have the divergence that the metric gives, to full relative accuracy', () => {
    for (const e of [1e-4, 1e-6, 1e-9]) {
      // sum dp^2 / 2 p; the next term is of relative size e.
      const expected = (e * e * (1 / 0.3 + 1 / 0.7)) / 2
      expect(divergence(kullbackLeibler, [0.3 + e, 0.7 - e], [0.3, 0.7]) / expected).toBeCloseTo(1, e < 1e-5 ? 5 : 3)
      const drift = divergence(totalVariation, [0.3 + e, 0.7 - e], [0.3, 0.7])
      const limit = divergence(kullbackLeibler, [0.3 + e, 0.7 - e], [0.3, 0.7]) / 2
      expect(drift).toBeLessThanOrEqual(Math.sqrt(limit))
    }
  })
})

describe('heads', () => {
  const head = { headWeights: numbers(1, 0, 0, 1, -1, 0.5), headBias: new Float64Array(3) }
  const labels = (...tokens: readonly number[]) => ({ kind: 'labels', labels: tokens }) as const

  test.each([
    [[7], 'token 7'],
    [[-1], 'token -1'],
    [[0.5], 'token 0.5'],
    [[], '1 hidden states are followed by 0'],
    [[0, 1], '1 hidden states are followed by 2'],
  ])('the calibration of one state with labels %j throws', (tokens, message) => {
    expect(() => headCalibration(head, { hidden: numbers(1, 2), next: labels(...tokens) })).toThrow(message)
  })

  test('laws of another width, and rows without weight, throw', () => {
    const hidden = numbers(1, 2)
    expect(() => headCalibration(head, { hidden, next: { kind: 'laws', laws: numbers(1, 0) } })).toThrow('followed by')
    expect(() => headCalibration(head, { hidden, next: labels(0), weights: [0] })).toThrow('no mean')
    expect(() => headCalibration(head, { hidden: numbers(), next: labels() })).toThrow('no mean')
  })

  test('a truncation to negative probabilities throws', () => {
    expect(() => truncateHead(numbers(0, 2, 5), 3, [0, 1], [-0.25, 0.5])).toThrow('entry 0 is -0.25')
  })

  test('the energy of long straight paths is Jeffreys’ divergence too', () => {
    const two = { headWeights: numbers(1, -1), headBias: new Float64Array(2) }
    for (const reach of [1, 50, 1000]) {
      const path = straightPath(two, numbers(reach), numbers(-reach))
      for (const figure of pathFigures(path)) expect(figure, figure.statement).toMatchObject({ holds: true })
      expect(path.energy / path.jeffreys).toBeCloseTo(1, 11)
    }
  })
})

describe('ledgers', () => {
  const half = logs(0.5, 0.5, 0.5, 0.5)
  const stage = [{ name: 'h', classes: [0, 0] }]

  test('weights that are no law, and log-probabilities that are none, are problems', () => {
    for (const weights of [
      [1.5, -0.5],
      [1, 1],
      [NaN, 1],
    ])
      expect(chainLedger(kernelOf(weights, [1, 0, 0, 1]), stage, half)).toMatchObject(left({ kind: 'invalid-value' }))
    const wrong = half.with(3, NaN)
    expect(chainLedger(kernelOf([0.5, 0.5], [1, 0, 0, 1]), [], wrong)).toMatchObject(
      left({ where: 'ledger, context 1, symbol 1', what: 'its log-probability is NaN' }),
    )
  })

  test('contexts that never come leave every line a number', () => {
    const kernel = kernelOf([0.5, 0.5, 0, 0], [1, 0, 0, 1, 1, 0, 0, 1])
    const even = logs(...new Array<number>(8).fill(0.5))
    const ledger = valueOf(chainLedger(kernel, [{ name: 'h', classes: [0, 0, 1, 1] }], even))
    expect(ledger.lines).toEqual([{ name: 'h', loss: Math.LN2, information: 0, distinct: 2 }])
    expect(ledger.residual).toBe(0)
    const given = givenClass(numbers(1, 0, 0, 1), [0, 0], { of: Int32Array.of(0, 0), count: 1 })
    expect(Array.from(given.features)).toEqual([0.5, 0.5])
  })

  test('probabilities in the place of log-probabilities throw', () => {
    const kernel = kernelOf([0.5, 0.5], [1, 0, 0, 1])
    expect(() => threeEntropies(kernel, { of: Int32Array.of(0, 1), count: 2 }, numbers(0.5, 0.5, 0.5, 0.5))).toThrow(
      'give log-probabilities',
    )
  })
})

describe('surplus and drafting', () => {
  test('acceptance: a negative surplus, and rows that are no laws, throw', () => {
    expect(() => acceptanceBounds(-1)).toThrow('at least 0')
    expect(acceptanceBounds(-1e-15).sharpest).toBe(1)
    const even = numbers(0.5, 0.5)
    expect(() => measureAcceptance(even, numbers(1, 1), 2, { seed: 1 })).toThrow('the drafter’s row 0 sums to 2')
    expect(() => measureAcceptance(numbers(NaN, 0.5), even, 2, { seed: 1 })).toThrow('the verifier’s row 0')
    expect(() => measureAcceptance(numbers(), numbers(), 2, { seed: 1 })).toThrow('0 and 0 probabilities')
  })

  test('a floor that is no law, or a share of more than all, is a problem: UPPER would be no upper side', () => {
    const rows = numbers(1, 0, 0, 1)
    for (const floor of [{ law: [5, 5] }, { law: [1.5, -0.5] }, { law: [0.5, 0.5], share: 7 }])
      expect(surplusOfDistributions(rows, 2, {}, floor)).toMatchObject(
        left({ where: 'surplus of distributions, floor' }),
      )
  })

  test('without a floor an infinite UPPER stays infinite in the interval', () => {
    const contributions = valueOf(surplusOfDistributions(numbers(1, 0, 0, 1), 2, {}, { law: [0.5, 0.5], share: 0 }))
    const { upper, interval, standardError } = valueOf(estimateSurplus([{ weight: 1, contributions }], { seed: 1 }))
    expect([upper, interval.upper, standardError.upper]).toEqual([Infinity, Infinity, Infinity])
  })

  test('tokens that are none, and rows of no whole number of places, are refused', () => {
    const data = { hidden: numbers(1, 2, 3, 4), tokens: [0, 5], futures: [0, 1] }
    expect(usableSurplus(data, 2, { seed: 1, heldOut: 0.5 })).toMatchObject(left({ what: '5 is no token' }))
    expect(() => dataContexts(Int32Array.of(1, 2, 1), numbers(1, 2, 3, 4), { least: 1 })).toThrow(
      '4 probabilities for 3 places',
    )
  })
})
