/** The statistics of a file of hidden states by worker processes: with `--workers`, in the place of the one pass of this process. */
import { join, resolve } from 'node:path'

import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import type { BackendChoice, BackendName } from '../compile/backend.js'
import { chunkKernels } from '../language-model/statistics/chunk-kernels.js'
import type { StatesFile } from '../language-model/statistics/states-file.js'
import { coordinate, type Coordinated } from '../workers/coordinate.js'
import { shardFolder } from '../workers/shard-task.js'
import { wholeNumber } from './law.js'
import { startWorkers } from './local-workers.js'
import { progressBar } from './progress.js'
import { untilInterrupted } from './until-interrupted.js'
import { defaultPatience } from './worker.js'

export interface DistributedOptions {
  readonly backend: BackendName
  /** How many workers are started here. */
  readonly processes?: string
  readonly patience?: string
  readonly out?: string
}

export interface Distributed extends Coordinated {
  readonly backend: BackendChoice
}

/** Queues the shards of a file at a server of Redis, starts workers, and waits until all is done. */
export const distributedStatistics = async (
  states: StatesFile,
  job: string,
  redis: string,
  { backend: wish, processes = '0', patience = defaultPatience, out }: DistributedOptions,
  quiet: boolean,
): Promise<Either<Problem, Distributed>> => {
  const count = wholeNumber('--processes', processes, 0, 256)
  if (isLeft(count)) return count
  const seconds = wholeNumber('--patience', patience, 1, 3600)
  if (isLeft(seconds)) return seconds
  const kernels = await chunkKernels(states.shape, states.head, wish)
  if (isLeft(kernels)) return kernels
  const { backend } = kernels.right
  await kernels.right.dispose()

  const path = resolve(states.path)
  const folder = shardFolder(out === undefined ? path : join(resolve(out), 'states'), job, backend.mode)
  const interrupted = untilInterrupted()
  const bar = progressBar(quiet)
  const workers = startWorkers(count.right, redis, seconds.right)
  try {
    const coordinated = await coordinate(
      { ...states, path },
      {
        redis,
        job,
        backend: backend.mode,
        folder,
        signal: interrupted.signal,
        noWorkers: workers.failed,
        onProgress: ({ all, done, found }) =>
          bar.update(
            done / all,
            `${done} of ${all} shards${found > 0 ? `, ${found} from before` : ''}${count.right > 0 ? '' : '; workers elsewhere: npx markovcat worker --redis URL'}`,
          ),
      },
    )
    return isLeft(coordinated) ? coordinated : right({ ...coordinated.right, backend })
  } finally {
    workers.stop()
    bar.stop()
    interrupted.close()
  }
}
