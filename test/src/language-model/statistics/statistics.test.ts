import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { chooseBackend } from '../../../../src/compile/backend.js'
import { accumulate } from '../../../../src/language-model/statistics/accumulate.js'
import { chunkKernels, chunkLength } from '../../../../src/language-model/statistics/chunk-kernels.js'
import { type Chunk, chunkSums } from '../../../../src/language-model/statistics/chunk-sums.js'
import type { HeadParameters } from '../../../../src/language-model/statistics/head-parameters.js'
import {
  type ChunkSums,
  chunkStatistics,
  mergeStatistics,
  type Statistics,
  statisticsMonoid,
  type StatisticsShape,
} from '../../../../src/language-model/statistics/statistics.js'
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
  ])('with something that is none says what and where (case %#)', async (chunk, what) => {
    const result = await accumulate(shape, [chunk], sums)
    expect(isLeft(result) && result.left).toMatchObject({ kind: 'invalid-value', where: 'chunk 3', what })
  })
})

describe('the summary', () => {
  const chunks = Array.from({ length: 12 }, (_, number) => chunkOf(number, 40, number + 0.25, true))
  const statistics = chunks.map(statisticsOf).reduce(statisticsMonoid(shape).concat)
  const summary = summarise(statistics, head)

  test('has the calibration identity to rounding, from sums that were gathered apart', () => {
    expect(Math.abs(summary.calibration.residual)).toBeLessThan(1e-13)
    expect(summary.calibration.value).toBeCloseTo(summary.nll - summary.entropies.shannon, 12)
  })

  test('is what one look at all contexts gives', () => {
    let [weight, nll, first] = [0, 0, 0]
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
        first += weights[n]! * h[0]!
        pullbackMetric(head.weights, q).entries.forEach((entry, place) => (metric[place]! += weights[n]! * entry))
      })
    expect(summary.weight).toBe(weight)
    expect(summary.contexts).toBe(480)
    expect(summary.nll).toBeCloseTo(nll / weight, 12)
    const wanted = symmetricEigen(
      matrix(
        3,
        3,
        metric.map((entry) => entry / weight),
      ),
    ).values
    wanted.forEach((value, place) => expect(summary.metricSpectrum[place]).toBeCloseTo(value, 12))
    expect(Number.isFinite(first)).toBe(true)
    expect(summary.intervals!.nll.lower).toBeLessThan(summary.nll)
    expect(summary.intervals!.nll.upper).toBeGreaterThan(summary.nll)
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
    const found = summarise(statisticsOf({ number: 0, hidden, targets }), head).pillai
    expect(found.rank).toBe(3)
    expect(found.raw.value).toBeCloseTo(1, 2)
    expect(found.raw.limit).toBe(1)
    const shuffled = targets.map((_, n) => (Math.sin(43.7 * n * n) > 0 ? 1 : 0))
    const null_ = summarise(statisticsOf({ number: 0, hidden, targets: shuffled }), head).pillai
    expect(null_.raw.value).toBeLessThan(0.01)
    expect(Math.abs(null_.corrected)).toBeLessThan(0.01)
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

test('chunks are as long as their logits fit', () => {
  expect(chunkLength({ dimension: 256, vocabulary: 512 })).toBe(4096)
  expect(chunkLength({ dimension: 64, vocabulary: 8192 })).toBe(512)
  expect(chunkLength({ dimension: 64, vocabulary: 50257 })).toBe(64)
})
