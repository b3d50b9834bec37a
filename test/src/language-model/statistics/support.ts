/** Heads and contexts for the tests of statistics. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll } from 'vitest'

import type { Chunk } from '../../../../src/language-model/statistics/chunk-sums.js'
import type { HeadParameters } from '../../../../src/language-model/statistics/head-parameters.js'
import type { StatisticsShape } from '../../../../src/language-model/statistics/statistics.js'

export const wave = (count: number, scale: number, start = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => scale * Math.sin(start + 1.7 * k + 0.3 * k * k))

export const headFor = ({ dimension, vocabulary }: StatisticsShape): HeadParameters => ({
  weights: wave(vocabulary * dimension, 1.4),
  bias: wave(vocabulary, 0.5, 2),
})

/** Contexts that depend on the number of the chunk and nothing else; their hidden states are float32 numbers. */
export const chunkOf = (
  { dimension, vocabulary }: StatisticsShape,
  number: number,
  contexts: number,
  weighted = false,
): Chunk => ({
  number,
  hidden: Float32Array.from(wave(contexts * dimension, 1.2, number + 0.5)),
  targets: Array.from({ length: contexts }, (_, n) =>
    Math.floor(Math.abs(Math.sin(number + 0.5 + 3 * n)) * vocabulary * 0.9999),
  ),
  ...(weighted ? { weights: Array.from({ length: contexts }, (_, n) => 0.25 + (n % 4)) } : {}),
})

/** A folder that is gone when the tests of the file are done. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'markovcat-statistics-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
