import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  float64Tensor,
  parseSafetensors,
  printSafetensors,
  type SafetensorsFile,
} from '../../../../src/language-model/checkpoint/safetensors.js'
import { chunkSums } from '../../../../src/language-model/statistics/chunk-sums.js'
import {
  chunkStatistics,
  noStatistics,
  type Statistics,
  statisticsMonoid,
  type StatisticsShape,
} from '../../../../src/language-model/statistics/statistics.js'
import {
  loadStatistics,
  parseStatistics,
  printStatistics,
  saveStatistics,
} from '../../../../src/language-model/statistics/statistics-file.js'
import { valueOf } from '../../../support/value-of.js'
import { chunkOf, headFor, temporaryFolder } from './support.js'

const folder = temporaryFolder()
const shape: StatisticsShape = { dimension: 3, vocabulary: 5 }
const head = headFor(shape)
const statisticsOf = (number: number, contexts: number): Statistics =>
  chunkStatistics(shape, number, contexts, chunkSums(shape, head, chunkOf(shape, number, contexts, true)))
const { concat, empty } = statisticsMonoid(shape)

describe('statistics as bytes', () => {
  test('come back bit for bit, and merge as if they had never been apart, in any order', () => {
    const shards = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shards, fc.string(), fc.boolean(), (sizes, job, withHead) => {
        let next = 0
        const parts = sizes.map((shard) => shard.map((size) => statisticsOf(next++, size)).reduce(concat, empty))
        const stored = parts.map((part) => {
          const bytes = printStatistics(part, job, withHead ? head : undefined)
          const back = valueOf(parseStatistics(bytes))
          expect(back).toEqual({ statistics: part, job, head: withHead ? head : undefined })
          expect(printStatistics(back.statistics, back.job, back.head)).toEqual(bytes)
          return back.statistics
        })
        const whole = parts.reduce(concat, empty)
        expect(stored.reduceRight(concat, empty)).toEqual(whole)
        expect(printStatistics(stored.reduceRight(concat, empty), job)).toEqual(printStatistics(whole, job))
      }),
      { numRuns: 40 },
    )
  })

  const whole = [statisticsOf(2, 4), statisticsOf(5, 7)].reduce(concat)
  const file = valueOf(parseSafetensors(printStatistics(whole, 'a job', head)))
  const changed = (change: Partial<SafetensorsFile>) => parseStatistics(printSafetensors({ ...file, ...change }))
  const replaced = (name: string, sizes: readonly number[], entries: readonly number[]) =>
    changed({
      tensors: file.tensors.map((tensor) =>
        tensor.name === name ? float64Tensor(name, sizes, Float64Array.from(entries)) : tensor,
      ),
    })

  test.each<readonly [string, ReturnType<typeof parseStatistics>, string]>([
    ['of something else', changed({ metadata: {} }), "its format is '', not 'markovcat statistics 1'"],
    ['of no size', changed({ metadata: { ...file.metadata, dimension: '0' } }), 'it is for D = 0, V = 5'],
    ['of another size', changed({ metadata: { ...file.metadata, dimension: '4' } }), 'sums.hidden is 4 x 3, not 4 x 4'],
    [
      'without a sum',
      changed({ tensors: file.tensors.filter(({ name }) => name !== 'sums.nll') }),
      'it has no tensor sums.nll',
    ],
    [
      'without the chunks',
      changed({ tensors: file.tensors.filter(({ name }) => name !== 'chunks.chunk') }),
      'it has no tensor chunks.chunk',
    ],
    ['with a part of a multiple', replaced('sums.nll', [4, 1], [0, 0.5, 0, 0]), 'multiple 1 is 0.5, of 2 addends'],
    ['with no number', replaced('sums.nll', [4, 1], [0, NaN, 0, 0]), 'multiple 1 is NaN, of 2 addends'],
    [
      'with a multiple that two chunks do not make',
      replaced('sums.nll', [4, 1], [0, 0, 2 ** 30 + 1, 0]),
      'multiple 2 is 1073741825, of 2 addends',
    ],
    ['with chunks out of order', replaced('chunks.chunk', [2], [5, 2]), 'chunk 2 comes after chunk 5'],
    ['with a chunk twice', replaced('chunks.chunk', [2], [5, 5]), 'chunk 5 comes after chunk 5'],
    ['with a chunk below zero', replaced('chunks.chunk', [2], [-1, 5]), 'chunk -1 comes after chunk none'],
    ['with part of a context', replaced('chunks.contexts', [2], [1, 1.5]), 'chunk 5 has 1.5 contexts'],
    ['with figures that are none', replaced('chunks.nll', [2], [1, NaN]), 'chunk 5 has figures that are not finite'],
    ['with a head that is none', replaced('head.bias', [5], [0, 0, 0, 0, NaN]), 'its head is not finite'],
    ['with a head of another size', replaced('head.bias', [1], [0]), 'head.bias is 1, not 5'],
  ])('are refused %s', (_, result, what) => {
    expect(result).toMatchObject(left({ kind: 'malformed', what }))
  })

  test('of chunks that were not added once to each sum are a programmer’s error', () => {
    expect(() => printStatistics({ ...whole, chunks: [] }, '')).toThrow('added once')
  })
})

describe('statistics on disk', () => {
  test('are whole or what they were', async () => {
    const path = join(folder, 'statistics.safetensors')
    expect(await saveStatistics(path, noStatistics(shape), 'a job')).toEqual(right(undefined))
    const whole = statisticsOf(0, 9)
    expect(await saveStatistics(path, whole, 'a job', head)).toEqual(right(undefined))
    expect(await loadStatistics(path)).toEqual(right({ statistics: whole, job: 'a job', head }))
    expect(readFileSync(path).equals(printStatistics(whole, 'a job', head))).toBe(true)
    expect(readdirSync(folder)).toEqual(['statistics.safetensors'])
    expect(await saveStatistics(join(folder, 'none', 'x'), whole, 'a job')).toMatchObject(left({ kind: 'file' }))
  })

  test('that are none say where', async () => {
    const path = join(folder, 'text')
    writeFileSync(path, 'a text, and no statistics')
    const refused = await loadStatistics(path)
    expect(isLeft(refused) && refused.left).toMatchObject({ kind: 'malformed', where: `${path}, safetensors` })
    expect(await loadStatistics(join(folder, 'none'))).toMatchObject(left({ kind: 'file' }))
  })
})
