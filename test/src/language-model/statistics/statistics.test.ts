import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { chooseBackend } from '../../../../src/compile/backend.js'
import { accumulate } from '../../../../src/language-model/statistics/accumulate.js'
import { chunkKernels, chunkLength } from '../../../../src/language-model/statistics/chunk-kernels.js'
import { type Chunk, chunkSums, shuffledTargets } from '../../../../src/language-model/statistics/chunk-sums.js'
import type { CorrelationFigures } from '../../../../src/language-model/statistics/correlation-figures.js'
import type { HeadParameters } from '../../../../src/language-model/statistics/head-parameters.js'
import {
  type ChunkSums,
  chunkStatistics,
  mergeStatistics,
  type Statistics,
  statisticsMonoid,
  type StatisticsShape,
} from '../../../../src/language-model/statistics/statistics.js'
import { meansOf, momentsOfMeans } from '../../../../src/language-model/statistics/moments.js'
import { summarise } from '../../../../src/language-model/statistics/summary.js'
import { pullbackMetric } from '../../../../src/language-model/pullback.js'
import { matrix } from '../../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../../src/linear-algebra/symmetric-eigen.js'
import { valueOf } from '../../../support/value-of.js'

const shape: StatisticsShape = { dimension: 3, vocabulary: 5 }
const wave = (count: number, scale: number, start = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => scale * Math.sin(start + 1.7 * k + 0.3 * k * k))
const head: HeadParameters = { weights: wave(15, 1.4), bias: wave(5, 0.5, 2) }
const chunkOf = (number: number, contexts: number, seed: number, weighted = false): Chunk => ({
  number,
  hidden: wave(contexts * 3, 1.2, seed).map(Math.fround),
  targets: Array.from({ length: contexts }, (_, n) => Math.floor(Math.abs(Math.sin(seed + 3 * n)) * 4.999)),
  ...(weighted ? { weights: Array.from({ length: contexts }, (_, n) => 0.25 + (n % 4)) } : {}),
})
const softmax = (logits: readonly number[]): readonly number[] => {
  const total = logits.reduce((sum, z) => sum + Math.exp(z), 0)
  return logits.map((z) => Math.exp(z) / total)
}
const statisticsOf = (chunk: Chunk): Statistics =>
  chunkStatistics(shape, chunk.number, chunk.targets.length, chunkSums(shape, head, chunk))

describe('statistics', () => {
  const { concat, empty } = statisticsMonoid(shape)

  test('are a commutative monoid, to the last bit: shards merge in any order', () => {
    const contexts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(contexts, fc.array(fc.nat(), { minLength: 7, maxLength: 7 }), fc.nat(7), (sizes, picks, cut) => {
        const chunks = sizes.map((size, number) => statisticsOf(chunkOf(number, size, number + 0.5)))
        const whole = chunks.reduce(concat, empty)
        const left = [...chunks]
        const shuffled: Statistics[] = []
        picks.forEach((pick) => shuffled.push(...left.splice(pick % Math.max(1, left.length), 1)))
        expect(shuffled.reduce(concat, empty)).toEqual(whole)
        expect(concat(chunks.slice(0, cut).reduce(concat, empty), chunks.slice(cut).reduce(concat, empty))).toEqual(
          whole,
        )
        expect(concat(whole, empty)).toEqual(whole)
      }),
    )
  })

  test('are not merged with a chunk that they hold, nor with those of another head', () => {
    const one = statisticsOf(chunkOf(4, 2, 1))
    const again = mergeStatistics(one, statisticsOf(chunkOf(4, 3, 2)))
    expect(isLeft(again) && again.left.what).toBe('chunk 4 is in both')
    const other = mergeStatistics(one, statisticsMonoid({ dimension: 2, vocabulary: 5 }).empty)
    expect(isLeft(other) && other.left.what).toBe('D = 3, V = 5 meets D = 2, V = 5')
    expect(isRight(mergeStatistics(one, statisticsOf(chunkOf(5, 3, 2))))).toBe(true)
    expect(() => concat(one, one)).toThrow('chunk 4 is added twice')
  })
})

describe('a stream', () => {
  const { concat } = statisticsMonoid(shape)
  const chunks = [3, 0, 2, 1].map((number) => chunkOf(number, 5 + number, number + 0.5, true))
  const sums = (chunk: Chunk): ChunkSums => chunkSums(shape, head, chunk)

  test('gives what its chunks give, whatever their order', async () => {
    const whole = valueOf(await accumulate(shape, chunks, sums))
    expect(whole).toEqual(chunks.map(statisticsOf).reduce(concat))
    expect(valueOf(await accumulate(shape, chunks.toReversed(), sums))).toEqual(whole)
    const seen: number[] = []
    const stop = new AbortController()
    const onProgress = (contexts: number): void => {
      seen.push(contexts)
      if (seen.length === 2) stop.abort()
    }
    const stopped = await accumulate(shape, chunks, sums, { signal: stop.signal, onProgress })
    expect(isLeft(stopped) && stopped.left.what).toBe('stopped before chunk 2')
    expect(seen).toEqual([8, 13])
  })

  test.each([
    [{ ...chunks[0]!, targets: [0, 1, 2, 3, 4, 5, 0, 1] }, 'next token 5 is 5'],
    [{ ...chunks[0]!, targets: [0, 1] }, '24 numbers are no 2 hidden states'],
    [
      { ...chunks[0]!, hidden: chunks[0]!.hidden.map((x, k) => (k === 7 ? Number.NaN : x)) },
      'coordinate 1 of hidden state 2 is NaN',
    ],
    [{ ...chunks[0]!, weights: [1, 1, -1, 1, 1, 1, 1, 1] }, 'weight 2 is -1'],
    [
      { ...chunks[0]!, weights: [1, 1, 1, 1, 1, 1, 1, 2 ** 21] },
      'the sum sampling has a number that is not below 2^40',
    ],
  ])('with something that is none says what and where (case %#)', async (chunk, what) => {
    const result = await accumulate(shape, [chunk], sums)
    expect(isLeft(result) && result.left).toMatchObject({ where: 'chunk 3', what })
  })
})

describe('the summary', () => {
  const chunks = Array.from({ length: 12 }, (_, number) => chunkOf(number, 40, number + 0.25, true))
  const statistics = chunks.map(statisticsOf).reduce(statisticsMonoid(shape).concat)
  const summary = summarise(statistics, head)

  test('has the calibration identity to rounding, from sums that were gathered apart', () => {
    expect(Math.abs(summary.calibration.residual)).toBeLessThan(1e-13)
    expect(summary.calibration.value).toBeCloseTo(summary.nll.value - summary.entropy.value, 12)
  })

  test('is what one look at all contexts gives', () => {
    let [weight, nll, squares] = [0, 0, 0]
    const metric = new Float64Array(9)
    for (const { hidden, targets, weights = [] } of chunks)
      Array.from(targets).forEach((target, n) => {
        const h = hidden.subarray(3 * n, 3 * n + 3)
        const logits = Array.from(head.bias, (b, token) =>
          [0, 1, 2].reduce((sum, k) => sum + head.weights[3 * token + k]! * h[k]!, b),
        )
        const total = logits.reduce((sum, z) => sum + Math.exp(z), 0)
        const q = Float64Array.from(logits, (z) => Math.exp(z) / total)
        weight += weights[n]!
        nll -= weights[n]! * Math.log(q[target]!)
        squares += weights[n]! ** 2
        pullbackMetric(head.weights, q).entries.forEach((entry, place) => (metric[place]! += weights[n]! * entry))
      })
    expect(summary.nll.baselines['uniform']).toBe(Math.log(5))
    expect(summary.contexts).toBe(480)
    expect(summary.nll.value).toBeCloseTo(nll / weight, 12)
    const wanted = symmetricEigen(
      matrix(
        3,
        3,
        metric.map((entry) => entry / weight),
      ),
    ).values
    wanted.forEach((value, place) => expect(summary.geometry.metricSpectrum[place]).toBeCloseTo(value, 12))
    expect(summary.effectiveContexts).toBeCloseTo(weight ** 2 / squares, 9)
    for (const { value, interval } of [summary.nll, summary.entropy, summary.overconfidence]) {
      expect(interval!.lower).toBeLessThan(value)
      expect(interval!.upper).toBeGreaterThan(value)
    }
    expect(summary.geometry.rank).toMatchObject({ value: 3, limit: 3, holds: true })
    expect(summary.geometry.curvature.holds).toBe(true)
  })

  test('sums of squared canonical correlations: one where a token follows from h, chance where it does not', () => {
    // Token 0 or 1 by the sign of the first coordinate, and nothing else in h tells.
    const contexts = 4000
    const hidden = new Float64Array(3 * contexts)
    const targets = Array.from({ length: contexts }, (_, n) => n % 2)
    targets.forEach((target, n) => {
      hidden[3 * n] = target === 0 ? 1 : -1
      hidden[3 * n + 1] = Math.sin(12.9898 * n) > 0 ? 1 : -1
      hidden[3 * n + 2] = Math.sin(78.233 * n + 1) > 0 ? 1 : -1
    })
    const correlationsOf = (tokens: readonly number[]): CorrelationFigures => {
      const { correlations } = summarise(statisticsOf({ number: 0, hidden, targets: tokens }), head)
      if ('missing' in correlations) throw new Error(correlations.missing)
      return correlations
    }
    const found = correlationsOf(targets)
    expect(found.raw.value).toBeCloseTo(1, 2)
    expect(found.raw.limit).toBe(1)
    expect(found.corrected.value).toBeCloseTo(1, 2)
    expect(Math.abs(found.corrected.baselines['shuffled targets']!)).toBeLessThan(0.01)
    expect(found.prototypes!.value).toBeCloseTo(found.raw.value, 9)
    const chance = correlationsOf(targets.map((_, n) => (Math.sin(43.7 * n * n) > 0 ? 1 : 0))).corrected
    expect(chance.value).toBeLessThan(0.01)
    expect(chance.null.lower).toBeLessThan(0)
    expect(chance.null.upper).toBeGreaterThan(0)
    expect(chance.null.upper).toBeLessThan(0.01)
  })

  test('says why there are no correlations', () => {
    const few = summarise(statisticsOf(chunkOf(0, 4, 1)), head).correlations
    expect('missing' in few && few.missing).toMatch('chance alone explains all')
    const constant = { number: 0, hidden: new Float64Array(30).fill(1), targets: [0, 1, 2, 3, 4, 0, 1, 2, 3, 4] }
    const same = summarise(statisticsOf(constant), head)
    expect('missing' in same.correlations && same.correlations.missing).toBe('they are all the same')
    expect(same.geometry.hiddenDimension.value).toBe(0)
  })

  test('the gradient that is left by chance is that of tokens drawn from the predictions', () => {
    const weights = [2, 1, 0.5, 1]
    const hidden = Float64Array.from([1, 0, 0.5, -1, 2, 0, 0.3, 0.3, 0.3, 0, -1, 1])
    const rows = [0, 1, 2, 3].map((n) => {
      const h = hidden.subarray(3 * n, 3 * n + 3)
      return softmax(
        Array.from(head.bias, (b, w) => [0, 1, 2].reduce((z, k) => z + head.weights[3 * w + k]! * h[k]!, b)),
      )
    })
    // All 5^4 continuations, with their probabilities.
    const mean = { weights: 0, bias: 0 }
    const expected = { weights: 0, bias: 0 }
    for (let code = 0; code < 5 ** 4; code++) {
      const targets = [0, 1, 2, 3].map((n) => Math.floor(code / 5 ** n) % 5)
      const p = targets.reduce((product, target, n) => product * rows[n]![target]!, 1)
      const { gradient } = summarise(statisticsOf({ number: 0, hidden, targets, weights }), head)
      for (const part of ['weights', 'bias'] as const) {
        mean[part] += p * gradient[part].value ** 2
        expected[part] = gradient[part].baselines['if its predictions are right']! ** 2
      }
    }
    expect(mean.weights).toBeCloseTo(expected.weights, 12)
    expect(mean.bias).toBeCloseTo(expected.bias, 12)
  })
})

describe.each(['cpu', 'webasm', 'onnx', 'webgpu'] as const)('kernels on %s', (backend) => {
  test('agree with float64, whole chunks and the last one, weighted', async ({ skip }) => {
    const choice = await chooseBackend(backend)
    if (isLeft(choice)) skip(choice.left.what)
    const large: StatisticsShape = { dimension: 6, vocabulary: 50 }
    const big: HeadParameters = { weights: wave(300, 0.9), bias: wave(50, 0.5, 2) }
    const kernels = valueOf(await chunkKernels(large, big, backend))
    try {
      for (const contexts of [128, 77]) {
        const chunk: Chunk = {
          number: 0,
          hidden: wave(contexts * 6, 1, contexts).map(Math.fround),
          targets: Array.from({ length: contexts }, (_, n) => (7 * n) % 50),
          weights: Array.from({ length: contexts }, (_, n) => 1 + (n % 3)),
        }
        const exact = chunkSums(large, big, chunk)
        const found = await kernels.sums(chunk)
        for (const name of Object.keys(exact) as (keyof ChunkSums)[]) {
          const largest = exact[name].reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
          exact[name].forEach((entry, place) => {
            expect(Math.abs(found[name][place]! - entry), `${name} ${place}`).toBeLessThan(3e-6 * largest)
          })
        }
      }
    } finally {
      await kernels.dispose()
    }
  })
})

test('the tokens of a chunk change places as its number says', () => {
  const targets = Array.from({ length: 300 }, (_, n) => n % 5)
  const shuffled = (number: number) => Array.from(shuffledTargets({ number, hidden: new Float64Array(0), targets }))
  expect(shuffled(7).sort()).toEqual(targets.toSorted())
  expect(shuffled(7)).toEqual(shuffled(7))
  expect(shuffled(7)).not.toEqual(shuffled(8))
  expect(shuffled(7)).not.toEqual(targets)
})

test('kernels see the covariance of states far from the origin', async () => {
  const kernels = valueOf(await chunkKernels(shape, head, 'webasm'))
  const chunk = { ...chunkOf(0, 500, 1, true) }
  const far = { ...chunk, hidden: Float32Array.from(chunk.hidden, (x, place) => x + [3000, 0, -100][place % 3]!) }
  const covarianceOf = (sums: ChunkSums): Float64Array =>
    momentsOfMeans(meansOf(chunkStatistics(shape, 0, 500, sums))).covariance.entries
  const exact = covarianceOf(chunkSums(shape, head, far))
  covarianceOf(await kernels.sums(far)).forEach((entry, place) => {
    expect(Math.abs(entry - exact[place]!)).toBeLessThan(1e-5)
  })
  await kernels.dispose()
})

test('chunks are as long as their logits fit', () => {
  expect(chunkLength({ dimension: 256, vocabulary: 512 })).toBe(4096)
  expect(chunkLength({ dimension: 64, vocabulary: 8192 })).toBe(512)
  expect(chunkLength({ dimension: 64, vocabulary: 50257 })).toBe(64)
})
