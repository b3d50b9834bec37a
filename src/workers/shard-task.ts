/** What a worker is told of a shard: plain data, which pass through Redis. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

import { problem, type Problem } from '../../dsl/problem.js'
import { shardOf } from '../language-model/statistics/states-statistics.js'
import { type StatisticsShape, sumSizes } from '../language-model/statistics/statistics.js'

const chunkNumber = t.refinement(t.number, (value) => Number.isSafeInteger(value) && value >= 0, 'a whole number')
const hash = t.refinement(t.string, (value) => /^[0-9a-f]{64}$/.test(value), 'a SHA-256')

const taskCodec = t.readonly(
  t.strict({
    version: t.literal(1),
    /** The file of hidden states, where every worker can read it. */
    states: t.string,
    /** The job that the file was when it was cut into shards: its content. */
    job: hash,
    /** What computes: chosen once for all shards, since results of different backends differ in their last digits. */
    backend: t.keyof({ cpu: null, webasm: null, webgl: null, webgpu: null, onnx: null }),
    /** The chunks from `first` up to and without `end`. */
    first: chunkNumber,
    end: chunkNumber,
    /** Where the statistics go. */
    folder: t.string,
  }),
)

export type ShardTask = t.TypeOf<typeof taskCodec>

/** A task from what Redis gave. Problems: `malformed`. */
export const parseShardTask = (data: unknown): Either<Problem, ShardTask> => {
  const task = taskCodec.decode(data)
  return isLeft(task) || task.right.first >= task.right.end
    ? left(
        problem(
          'malformed',
          'a shard from Redis',
          'it is no task of this version',
          'run the same version of markovcat in all processes',
        ),
      )
    : right(task.right)
}

/** The name of a task in the queue: the same shard of the same file for the same folder is not queued twice. */
export const taskName = ({ job, backend, first, end, folder }: ShardTask): string =>
  `${job}-${backend}-${first}-${end}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`

/** Where the statistics of a shard go. */
export const shardPath = ({ folder, first, end }: ShardTask): string =>
  join(folder, `chunks-${first}-${end}.safetensors`)

/** The folder of the shards of a job and a backend: a job that is started again finds there what was done. */
export const shardFolder = (place: string, job: string, backend: string): string =>
  `${place}.${job.slice(0, 12)}-${backend}.shards`

/** Shards are small enough that little is lost with one, and few enough that their statistics take no more than this many bytes. */
const mostShards = 64
const mostBytes = 2 ** 31

/**
 * How many shards a file is cut into. It depends on the file alone, so that a job can be gone on with by any number of workers.
 *
 * @example
 * shardCount({ dimension: 256, vocabulary: 512 }, 245) // => 64
 * shardCount({ dimension: 256, vocabulary: 8192 }, 98) // => 10
 */
export const shardCount = (shape: StatisticsShape, chunkCount: number): number => {
  const numbers = Object.values(sumSizes(shape)).reduce((sum, size) => sum + size, 0)
  // Each sum is kept in four parts of eight bytes.
  return Math.max(1, Math.min(mostShards, chunkCount, Math.floor(mostBytes / (32 * numbers))))
}

/** The tasks of a job, in the order of their chunks. */
export const shardTasks = (
  job: Pick<ShardTask, 'states' | 'job' | 'backend' | 'folder'>,
  shape: StatisticsShape,
  chunkCount: number,
): readonly ShardTask[] => {
  const count = shardCount(shape, chunkCount)
  return Array.from({ length: count }, (_, index) => {
    const [first, end] = shardOf(chunkCount, index + 1, count)
    return { version: 1, ...job, first, end }
  })
}
