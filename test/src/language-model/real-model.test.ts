import { describe, expect, test } from 'vitest'

import type { CategoricalEntropyName } from '../../../src/information/categorical-entropy.js'
import { transformerForward } from '../../../src/language-model/transformer/forward.js'
import {
  draftingHeads,
  entropiesOfHead,
  geometryAt,
  layerLedger,
  selfCalibration,
  surplusBySize,
  threeEntropiesOf,
  twoSidedSurplus,
  untrainedSample,
  usableByLayer,
} from '../../support/real-model.js'
import { sampleStories, storiesAreAbsent, storiesFolder, storiesModel, storiesTexts } from '../../support/stories.js'

const name = `a published model on stories that it writes${storiesAreAbsent ? ` (skipped: ${storiesFolder} is not there)` : ''}`

describe.skipIf(storiesAreAbsent)(name, { timeout: 60_000 }, () => {
  // The callback of a skipped suite is run too.
  if (storiesAreAbsent) return
  const sample = sampleStories(storiesModel(), 32, 40, 7)
  const texts = storiesTexts()

  test('the stories begin as its stories do, and drawing them one token at a time is the forward pass', () => {
    const { model, tokens, next, logProbabilities } = sample
    expect(texts).toHaveLength(512)
    const once = Array.from({ length: 32 }, (_, story) => next[story * 40]!).filter((token) => token === 403)
    // Each with probability 0.78.
    expect(once.length).toBeGreaterThan(15)
    expect(texts[403]).toBe(' Once')
    const pass = transformerForward(model.shape, model.flat, { tokens: tokens.subarray(0, 40), length: 40 })
    pass.logProbabilities.forEach((log, index) => expect(Math.abs(log - logProbabilities[index]!)).toBeLessThan(1e-10))
    // The law of each token was that of its place: what was drawn is never impossible.
    next.forEach((token, place) => expect(logProbabilities[place * 512 + token]!).toBeGreaterThan(-30))
  })

  test('entropy calibration: on its own tokens NLL is Hbar, within the standard error that the model itself gives', () => {
    const { nll, entropy, gap, standardError } = selfCalibration(sample)
    expect(nll - entropy).toBeCloseTo(gap, 12)
    // 1,280 places, a varentropy of about 1.4 nats^2.
    expect(standardError).toBeGreaterThan(0.025)
    expect(standardError).toBeLessThan(0.045)
    expect(Math.abs(gap)).toBeLessThan(3 * standardError)
    // Labels of another model's law are not calibrated: the same tokens moved by one place.
    const moved = selfCalibration({ ...sample, next: sample.next.map((_, k) => sample.next[(k + 1) % 1280]!) })
    expect(moved.gap / moved.standardError).toBeGreaterThan(50)
  })

  test('the categorical entropies of the head: the means keep their order, the suprema their bounds', () => {
    const found = new Map(entropiesOfHead(sample).map((each) => [each.name, each]))
    const mean = (of: CategoricalEntropyName): number => found.get(of)!.mean
    expect(Math.abs(mean('shannon') - selfCalibration(sample).entropy)).toBeLessThan(1e-12)
    // Renyi entropies fall with their order; Gini-Simpson is above 1 - sum p^1.5.
    expect(mean('renyi-1/2')).toBeLessThan(mean('shannon'))
    expect(mean('squared-hellinger')).toBeLessThan(mean('total-variation'))
    expect(found.get('shannon')!.supremum).toBeLessThan(Math.log(512))
    expect(found.get('total-variation')!.supremum).toBeLessThan(1 - 1 / 512)
  })

  test('three entropies: one number for the model’s own encoder, two for one that keeps the last token', () => {
    const { model, lastToken } = threeEntropiesOf(sample)
    expect(Math.abs(model.modelGivenHidden - model.dataGivenContext)).toBeLessThan(1e-12)
    expect(Math.abs(model.dataGivenHidden - model.dataGivenContext)).toBeLessThan(1e-12)
    expect(lastToken.dataGivenContext).toBeCloseTo(model.dataGivenContext, 12)
    // I(W; X | W_t) of these places.
    expect(lastToken.dataGivenHidden - lastToken.dataGivenContext).toBeGreaterThan(0.5)
  })

  test('surplus: LOWER <= jackknife <= UPPER for frequent tokens, none near its ceiling', () => {
    const estimate = twoSidedSurplus(sample, 24, 200)
    expect(estimate.tokens.length).toBeGreaterThan(8)
    estimate.tokens.forEach(({ lower, point, upper, ceiling, nearCeiling }, k) => {
      expect(lower).toBeLessThanOrEqual(point + 1e-12)
      expect(point).toBeLessThanOrEqual(upper)
      expect(ceiling).toBeCloseTo(Math.log(estimate.contexts[k]!), 12)
      expect(nearCeiling).toBe(lower > 0.8 * ceiling)
    })
    expect(estimate.interval.lower).toBeLessThan(estimate.point)
    expect(estimate.interval.upper).toBeGreaterThan(estimate.point)
    expect(estimate.coveredMass).toBeGreaterThan(0.25)
    expect(estimate.coveredMass).toBeLessThan(0.5)
    // After " upon" comes " a", whatever was before.
    const upon = estimate.tokens[estimate.names.indexOf(texts.indexOf(' upon'))]!
    expect(upon.point).toBeLessThan(0.01)
  })

  test('surplus by the number of contexts: LOWER rises, UPPER falls, and two contexts are near their ceiling', () => {
    const rows = surplusBySize(sample, texts.indexOf(' a'), [2, 4, 8, 16], 3)
    for (const [k, { lower, upper, ceiling }] of rows.entries()) {
      expect(lower).toBeLessThan(upper)
      expect(lower).toBeLessThan(ceiling)
      // Concavity of entropy: for a union of the same contexts there is no exception.
      if (k > 0) expect(lower).toBeGreaterThan(rows[k - 1]!.lower)
      if (k > 0) expect(upper).toBeLessThan(rows[k - 1]!.upper)
    }
    expect(rows[0]!.lower / rows[0]!.ceiling).toBeGreaterThan(0.6)
    expect(rows[3]!.upper - rows[3]!.lower).toBeLessThan(0.2 * (rows[0]!.upper - rows[0]!.lower))
  })

  test('usable surplus: the last layer of the trained model has more than that of an untrained one', () => {
    const untrained = untrainedSample(sample, 3)
    const [early, last] = usableByLayer(sample, untrained, { kinds: 12, layers: [0, 4], ridge: 0.01 })
    for (const each of [early!, last!]) {
      expect(each.usable).toBeCloseTo(each.tokenCrossEntropy - each.crossEntropy, 12)
      expect(each.usable).toBeGreaterThan(0.1)
      expect(each.gain!.value).toBeCloseTo(each.usable - each.untrained!.usable, 12)
    }
    expect(last!.gain!.value).toBeGreaterThan(0)
    // Layers differ in what is usable, and in nothing of Shannon's.
    expect(Math.abs(last!.usable - early!.usable)).toBeGreaterThan(1e-3)
  })

  test('drafting heads: what is accepted is at least what their divergence makes sure of, and seeing h helps', () => {
    const [token, state, both] = draftingHeads(sample, 12, 0.01)
    for (const { acceptance, divergence, atLeast } of [token!, state!, both!]) {
      expect(acceptance).toBeGreaterThanOrEqual(atLeast.sharpest)
      expect(atLeast.pinsker).toBeCloseTo(Math.max(0, 1 - Math.sqrt(divergence / 2)), 12)
      expect(atLeast.bretagnolleHuber).toBeCloseTo(Math.exp(-divergence) / 2, 12)
    }
    expect(both!.divergence).toBeLessThan(token!.divergence / 2)
    expect(both!.interval.lower).toBeGreaterThan(token!.interval.upper)
  })

  test('geometry: leading directions in the bracket of the sixty most probable tokens', () => {
    // After "<s> Once upon a time": the place of the fourth token read.
    const { directions, trace, remainder, lower, upper } = geometryAt(sample, 3, 3, 60)
    expect(remainder).toBeLessThan(0.05)
    directions.forEach(({ value, squaredLength, cost, rising, falling }, k) => {
      expect(Math.abs(squaredLength / value - 1)).toBeLessThan(1e-9)
      expect(lower[k]!).toBeLessThanOrEqual(value + 1e-12)
      expect(upper[k]!).toBeGreaterThanOrEqual(value - 1e-12)
      expect(cost).toBeGreaterThan(0)
      expect(rising[0]!.flow).toBeGreaterThan(0)
      expect(falling[0]!.flow).toBeLessThan(0)
    })
    expect(directions.reduce((sum, { value }) => sum + value, 0)).toBeLessThan(trace)
  })

  test('the ledger layer by layer: no layer merges contexts, so that each has the whole Shannon information', () => {
    const { lines, information, divergence, residual } = layerLedger(sample)
    expect(lines.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((k) => `layer ${k}`).concat('hidden state'))
    const prefixes = new Set<string>()
    for (let place = 0; place < sample.tokens.length; place++)
      prefixes.add(sample.tokens.subarray(place - (place % 40), place + 1).join())
    for (const line of lines) {
      expect(line.distinct).toBe(prefixes.size)
      expect(line.loss).toBeLessThan(1e-12)
      expect(Math.abs(line.information - information)).toBeLessThan(1e-10)
    }
    expect(divergence).toBeLessThan(1e-12)
    expect(Math.abs(residual)).toBeLessThan(1e-12)
  })
})
