import { truncateSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openStates, type StatesFile } from '../../../../src/language-model/statistics/states-file.js'
import { shardOf, statesJob, statesStatistics } from '../../../../src/language-model/statistics/states-statistics.js'
import {
  mergeStatistics,
  noStatistics,
  type Statistics,
  type StatisticsShape,
} from '../../../../src/language-model/statistics/statistics.js'
import { writeStates } from '../../../../src/language-model/statistics/write-states.js'
import { valueOf } from '../../../support/value-of.js'
import { chunkOf, headFor, temporaryFolder } from './support.js'

const folder = temporaryFolder()
const shape: StatisticsShape = { dimension: 4, vocabulary: 6 }
const stored = async (name: string, contexts: number): Promise<string> => {
  const path = join(folder, name)
  valueOf(await writeStates(path, shape, headFor(shape), [chunkOf(shape, 0, contexts, true)]))
  return path
}

describe('statistics of a file', () => {
  let states: StatesFile
  beforeAll(async () => {
    states = valueOf(await openStates(await stored('states.safetensors', 6 * 4096 + 7)))
  })
  afterAll(() => states.close())

  test('of ranges of chunks merge, in any order, to the bits of one pass', async () => {
    const found = async (first: number, end: number): Promise<Statistics> =>
      valueOf(await statesStatistics(states, { backend: 'webasm', first, end })).statistics
    const whole = await found(0, states.chunkCount)
    expect(whole.chunks.map(({ contexts }) => contexts)).toEqual([4096, 4096, 4096, 4096, 4096, 4096, 7])
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (places, backwards) => {
        const ends = [0, ...places.sort((a, b) => a - b), 7]
        const parts: Statistics[] = []
        for (const [place, end] of ends.slice(1).entries()) parts.push(await found(ends[place]!, end))
        if (backwards) parts.reverse()
        const merged = parts.reduce((all, part) => valueOf(mergeStatistics(all, part)), noStatistics(shape))
        expect(merged).toEqual(whole)
      }),
      { numRuns: 5 },
    )
  })

  test('stop when they are told to, and say how far they are', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const stopped = await statesStatistics(states, {
      backend: 'cpu',
      signal: stop.signal,
      onProgress: (contexts) => {
        seen.push(contexts)
        if (seen.length === 2) stop.abort()
      },
    })
    expect(stopped).toMatchObject(left({ kind: 'cancelled' }))
    expect(seen).toEqual([4096, 8192])
  })

  test('are of a job that the content names', async () => {
    const same = valueOf(await openStates(await stored('same.safetensors', 6 * 4096 + 7)))
    const other = valueOf(await openStates(await stored('other.safetensors', 6 * 4096 + 8)))
    expect(await statesJob(same)).toBe(await statesJob(states))
    expect(await statesJob(other)).not.toBe(await statesJob(states))
    expect(await statesJob(states)).toMatch(/^[0-9a-f]{64}$/)
    await same.close()
    await other.close()
  })

  test('of a file that is cut off meanwhile are a problem with the file', async () => {
    const path = await stored('cut.safetensors', 9000)
    const cut = valueOf(await openStates(path))
    truncateSync(path, 100_000)
    const result = await statesStatistics(cut, { backend: 'cpu' })
    expect(isLeft(result) && result.left).toMatchObject({ kind: 'file', where: path })
    await cut.close()
  })

  test('on a backend that is not here are refused', async () => {
    expect(await statesStatistics(states, { backend: 'webgl' })).toMatchObject(left({ where: 'backend webgl' }))
  })
})

test('shards are nearly equal and together all chunks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (count, n) => {
      const shards = Array.from({ length: n }, (_, i) => shardOf(count, i + 1, n))
      expect([shards[0]![0], shards[n - 1]![1]]).toEqual([0, count])
      shards.forEach(([first, end], i) => {
        expect(first).toBe(shards[i - 1]?.[1] ?? 0)
        expect(Math.abs(end - first - count / n)).toBeLessThan(1)
      })
    }),
  )
})
