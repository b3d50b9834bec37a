/** One shard: from the file of hidden states to a file of statistics. What one process does with all chunks is done with a few. */
import { stat } from 'node:fs/promises'

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { BackendName } from '../compile/backend.js'
import { fileProblem } from '../language-model/checkpoint/whole-file.js'
import { type ChunkKernels, chunkKernels } from '../language-model/statistics/chunk-kernels.js'
import { openStates, type StatesFile } from '../language-model/statistics/states-file.js'
import { statesJob, statisticsWith } from '../language-model/statistics/states-statistics.js'
import { saveStatistics } from '../language-model/statistics/statistics-file.js'
import { shardPath, type ShardTask } from './shard-task.js'

export interface ShardComputer {
  /** Computes a shard and writes it: a file that is whole, or none. */
  readonly compute: (task: ShardTask, signal: AbortSignal) => Promise<Either<Problem, void>>
  readonly close: () => Promise<void>
}

/** The file that shards were last taken from. To hash a file takes as long as to read it, so it is done once. */
interface Opened {
  readonly states: StatesFile
  readonly job: string
  /** Changes when the file does. */
  readonly stamp: string
  /** Made at the first shard. */
  kernels: { readonly backend: BackendName; readonly made: ChunkKernels } | undefined
}

export const shardComputer = (): ShardComputer => {
  let opened: Opened | undefined
  const close = async (): Promise<void> => {
    await opened?.kernels?.made.dispose()
    await opened?.states.close()
    opened = undefined
  }
  const open = async (path: string): Promise<Either<Problem, Opened>> => {
    const stamp = await stampOf(path)
    if (isLeft(stamp)) return stamp
    if (opened?.states.path === path && opened.stamp === stamp.right) return right(opened)
    await close()
    const states = await openStates(path)
    if (isLeft(states)) return states
    opened = { states: states.right, job: await statesJob(states.right), stamp: stamp.right, kernels: undefined }
    return right(opened)
  }
  const kernelsOf = async (file: Opened, backend: BackendName): Promise<Either<Problem, ChunkKernels>> => {
    if (file.kernels?.backend === backend) return right(file.kernels.made)
    await file.kernels?.made.dispose()
    file.kernels = undefined
    const made = await chunkKernels(file.states.shape, file.states.head, backend)
    if (isLeft(made)) return made
    file.kernels = { backend, made: made.right }
    return made
  }
  return {
    compute: async (task, signal) => {
      const file = await open(task.states)
      if (isLeft(file)) return file
      const { states, job } = file.right
      if (job !== task.job)
        return left(
          problem(
            'invalid-value',
            task.states,
            'its content is not what it was when the job was started',
            'give every worker the same file, and leave it as it is',
          ),
        )
      const { backend, first, end } = task
      const kernels = await kernelsOf(file.right, backend)
      if (isLeft(kernels)) return kernels
      const found = await statisticsWith(kernels.right, states, { first, end, signal })
      return isLeft(found) ? found : saveStatistics(shardPath(task), found.right, job)
    },
    close,
  }
}

const stampOf = async (path: string): Promise<Either<Problem, string>> => {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path)
    return right([dev, ino, size, mtimeMs].join(' '))
  } catch (error) {
    return left(fileProblem(path, error, 'give a file that every worker can read under the same name'))
  }
}
