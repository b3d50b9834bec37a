/** From a file of hidden states to its statistics, by kernels, in one pass over some or all of its chunks. */
import { createHash } from 'node:crypto'

import { type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import type { BackendChoice, BackendName } from '../../compile/backend.js'
import { fileProblem } from '../checkpoint/whole-file.js'
import { accumulate, type AccumulateOptions } from './accumulate.js'
import { type ChunkKernels, chunkKernels } from './chunk-kernels.js'
import type { StatesFile } from './states-file.js'
import type { Statistics } from './statistics.js'

export interface StatesStatisticsOptions extends AccumulateOptions {
  readonly backend: BackendName
  /** The chunks from `first` up to and without `end`: all where they are not given. */
  readonly first?: number
  readonly end?: number
}

/** Numbers of a head: beyond this the statistics take more than 8 GB. */
const largestHead = 2 ** 26

/**
 * The statistics of chunks of a file, and what computed them.
 *
 * Problems: a backend that this machine lacks; a head that is too large; hidden states, tokens or weights that are none, with their
 * chunk; a file that cannot be read any more; `cancelled`.
 */
export const statesStatistics = async (
  states: StatesFile,
  { backend, ...options }: StatesStatisticsOptions,
): Promise<Either<Problem, { readonly statistics: Statistics; readonly backend: BackendChoice }>> => {
  const { shape, head, path } = states
  if (head.weights.length > largestHead)
    return left(
      problem(
        'out-of-range',
        `${path}, head.weight`,
        `it has ${shape.vocabulary} x ${shape.dimension} numbers, whose statistics take more than 8 GB`,
        `leave out tokens, or project the states: at most ${largestHead} numbers`,
      ),
    )
  const kernels = await chunkKernels(shape, head, backend)
  if (isLeft(kernels)) return kernels
  try {
    const statistics = await statisticsWith(kernels.right, states, options)
    return isLeft(statistics) ? statistics : right({ statistics: statistics.right, backend: kernels.right.backend })
  } finally {
    await kernels.right.dispose()
  }
}

/** The same with kernels that are there already, for several ranges of chunks of one file. */
export const statisticsWith = async (
  { sums }: ChunkKernels,
  states: StatesFile,
  { first = 0, end = states.chunkCount, ...options }: Omit<StatesStatisticsOptions, 'backend'>,
): Promise<Either<Problem, Statistics>> => {
  const { shape, path } = states
  try {
    const statistics = await accumulate(shape, states.chunks(first, end), sums, options)
    return mapLeft((fault: Problem) => ({ ...fault, where: `${path}, ${fault.where}` }))(statistics)
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('while it was read'))) throw error
    return left(fileProblem(path, error, 'leave the file as it is while it is read'))
  }
}

/** The name of the job that a file is: its content, and how it is cut into chunks. Shards of one job can be merged. */
export const statesJob = async (states: StatesFile): Promise<string> =>
  createHash('sha256')
    .update(`markovcat states 1, chunks of ${states.chunkLength}, ${await states.contentHash()}`)
    .digest('hex')

/**
 * The chunks of the i-th of n shards, i from 1 on: of nearly equal numbers of chunks, and together all of them.
 *
 * @example
 * [1, 2, 3].map((i) => shardOf(8, i, 3)) // => [[0, 2], [2, 5], [5, 8]]
 */
export const shardOf = (chunkCount: number, i: number, n: number): readonly [first: number, end: number] => [
  Math.floor(((i - 1) * chunkCount) / n),
  Math.floor((i * chunkCount) / n),
]
