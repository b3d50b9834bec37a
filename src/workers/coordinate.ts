/** A job over several processes: its shards are queued, waited for, and merged as they come. */
import { mkdir, rm, rmdir, stat } from 'node:fs/promises'

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { BackendChoice } from '../compile/backend.js'
import { fileProblem } from '../language-model/checkpoint/whole-file.js'
import type { StatesFile } from '../language-model/statistics/states-file.js'
import { mergeStatistics, noStatistics, type Statistics } from '../language-model/statistics/statistics.js'
import { loadStatistics } from '../language-model/statistics/statistics-file.js'
import { openQueue, type ShardQueue } from './queue.js'
import { connectRedis } from './redis.js'
import { shardPath, shardTasks, type ShardTask, taskName } from './shard-task.js'
import { within } from './within.js'

export interface CoordinateOptions {
  readonly redis: string
  readonly job: string
  readonly backend: BackendChoice['mode']
  /** Where the shards go; all workers see it under this name. */
  readonly folder: string
  readonly signal?: AbortSignal
  /** Told how many shards there are, how many are done, and how many of these were found done. */
  readonly onProgress?: (shards: ShardCounts) => void
  /** Settles when no worker can be had any more. */
  readonly noWorkers?: Promise<Problem>
}

export interface ShardCounts {
  readonly all: number
  readonly done: number
  readonly found: number
}

export interface Coordinated {
  readonly statistics: Statistics
  readonly shards: ShardCounts
  /** Removes the folder of shards, when their sum is kept elsewhere. */
  readonly discard: () => Promise<void>
}

/** Milliseconds between two looks at the folder, in case Redis has forgotten to tell. */
const betweenLooks = 1000
/** Looks until what neither the folder nor the queue has is queued again. */
const looksBetweenQueuings = 5
/** Milliseconds for what is tidied at the end: a server that has gone does not answer. */
const timeToLeave = 2000

/**
 * The statistics of a whole file from shards that workers compute: bit for bit what one process computes on the same backend.
 *
 * What is done is known from the files in the folder, and what is to be done from what is missing there; so a job goes on where it was
 * when workers, this process, or the content of Redis are gone. Problems: those of the connection and of workers; `file`; `cancelled`.
 */
export const coordinate = async (
  states: StatesFile,
  { redis: url, job, backend, folder, signal, onProgress = () => undefined, noWorkers }: CoordinateOptions,
): Promise<Either<Problem, Coordinated>> => {
  const { path, shape, chunkCount } = states
  const tasks = shardTasks(
    { states: path, job, backend: backend === 'webgl2' ? 'webgl' : backend, folder },
    shape,
    chunkCount,
  )
  const pending = new Map(tasks.map((task) => [taskName(task), task]))
  let statistics = noStatistics(shape)
  let found = 0
  /** Adds a shard that is on the disk to the sum. */
  const collect = async (name: string, task: ShardTask): Promise<Either<Problem, void>> => {
    const shard = await shardStatistics(task)
    const merged = isLeft(shard) ? shard : mergeStatistics(statistics, shard.right)
    if (isLeft(merged)) return merged
    statistics = merged.right
    pending.delete(name)
    onProgress({ all: tasks.length, done: tasks.length - pending.size, found })
    return right(undefined)
  }
  for (const [name, task] of [...pending])
    if (await exists(shardPath(task))) {
      found++
      // What is no shard of this job is computed again, and written over.
      if (isLeft(await collect(name, task))) found--
    }
  const coordinated = (): Either<Problem, Coordinated> =>
    right({
      statistics,
      shards: { all: tasks.length, done: tasks.length, found },
      discard: () => rm(folder, { recursive: true, force: true }),
    })
  onProgress({ all: tasks.length, done: tasks.length - pending.size, found })
  if (pending.size === 0) return coordinated()

  const link = await connectRedis(url)
  if (isLeft(link)) return link
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    link.right.close()
    return left(fileProblem(folder, error, 'give --out with a folder that can be written to'))
  }
  const bell = makeBell()
  const ended = new Set<string>()
  let fault: Problem | undefined
  const stop = (reason: Problem): void => {
    fault ??= reason
    bell.ring()
  }
  void link.right.lost.then(stop)
  void noWorkers?.then(stop)
  const cancel = (): void => stop(problem('cancelled', path, 'stopped before all shards were done', 'run it again'))
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  let queue: ShardQueue | undefined
  try {
    queue = await Promise.race([
      openQueue(link.right.redis, (name, reason) => {
        if (!pending.has(name)) return
        if (reason === undefined) {
          ended.add(name)
          bell.ring()
        } else stop(reason)
      }),
      link.right.lost.then(() => undefined),
    ])
    await queue?.add([...pending.values()]).catch(() => undefined)
    for (let look = 1; pending.size > 0 && fault === undefined; look++) {
      await bell.wait(betweenLooks)
      for (const [name, task] of [...pending]) {
        if (fault !== undefined) break
        // A shard counts when Redis is done with it too, so that nothing of it is left there.
        if (!ended.has(name) && (await stillQueued(queue, task))) continue
        if (await exists(shardPath(task))) {
          const collected = await collect(name, task)
          if (isLeft(collected)) fault ??= collected.left
        } else if (look % looksBetweenQueuings === 0) {
          // Lost: by a failure that nobody was told of, or with all that Redis had. A shared folder has had its time to show it.
          ended.delete(name)
          await queue?.add([task]).catch(() => undefined)
        }
      }
    }
    if (fault === undefined) return coordinated()
    // Where the server is there still, nothing of the job stays in it.
    await within(timeToLeave, queue?.remove([...pending.values()]))
    return left(fault)
  } finally {
    signal?.removeEventListener('abort', cancel)
    await within(timeToLeave, queue?.close())
    queue?.disconnect()
    // Where nothing was done, there is nothing to go on with.
    await rmdir(folder).catch(() => undefined)
    link.right.close()
  }
}

/** The statistics of a shard on the disk. Problems: of the file; `malformed` where it is of another job or of other chunks. */
const shardStatistics = async (task: ShardTask): Promise<Either<Problem, Statistics>> => {
  const path = shardPath(task)
  const stored = await loadStatistics(path)
  if (isLeft(stored)) return stored
  const { statistics, job } = stored.right
  const { first, end } = task
  const whole =
    statistics.chunks.length === end - first &&
    statistics.chunks.every(({ chunk }, index) => chunk === first + index) &&
    job === task.job
  return whole
    ? right(statistics)
    : left(problem('malformed', path, `it has not the chunks from ${first} to ${end - 1} of this job`, 'remove it'))
}

const exists = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** Whether a shard waits or is at work; so it is taken to be where Redis does not answer. */
const stillQueued = async (queue: ShardQueue | undefined, task: ShardTask): Promise<boolean> => {
  try {
    return queue === undefined || (await queue.has(task))
  } catch {
    return true
  }
}

interface Bell {
  readonly ring: () => void
  /** Until the bell has rung, or so many milliseconds have passed. */
  readonly wait: (most: number) => Promise<void>
}

const makeBell = (): Bell => {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      wake?.()
    },
    wait: async (most) => {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, most)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wake = undefined
      rung = false
    },
  }
}
