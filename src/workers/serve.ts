/** A worker: takes shards from Redis until it is stopped. */
import { hostname } from 'node:os'

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { shardComputer } from './compute-shard.js'
import { printFailure } from './failure.js'
import { queueName, queuePrefix } from './queue.js'
import { connectRedis } from './redis.js'
import { parseShardTask, type ShardTask } from './shard-task.js'
import { within } from './within.js'

export interface ServeOptions {
  /** After how many seconds without a sign of life a worker's shard is given to another. */
  readonly patience: number
  /** Stops: the shard at hand is left to others. */
  readonly signal: AbortSignal
  readonly onReady?: () => void
  readonly onShard?: (task: ShardTask, outcome: Either<Problem, void>) => void
}

/** A shard that stalls is tried again by another worker, whatever often: it is the workers that are killed, not its fault. */
const maxStalledCount = 1_000_000

/** Milliseconds that a worker that is stopped waits for its chunk to end. */
const timeToStop = 30_000

/**
 * Serves shards until stopped; gives how many it computed.
 *
 * A shard whose worker dies is taken by another after `patience`. Problems: no connection; a server that goes away. What goes wrong with
 * a shard is told to whoever waits for it.
 */
export const serveShards = async (
  url: string,
  { patience, signal, onReady = () => undefined, onShard = () => undefined }: ServeOptions,
): Promise<Either<Problem, number>> => {
  const link = await connectRedis(url)
  if (isLeft(link)) return link
  const { redis, lost, close } = link.right
  const { UnrecoverableError, WaitingError, Worker } = await import('bullmq')
  const computer = shardComputer()
  const name = `${hostname()}:${process.pid}`
  let done = 0
  const worker = new Worker(
    queueName,
    async (item, token) => {
      const task = parseShardTask(item.data)
      const outcome = isLeft(task) ? task : await computer.compute(task.right, signal)
      if (!isLeft(task)) onShard(task.right, outcome)
      if (!isLeft(outcome)) return void done++
      if (outcome.left.kind === 'cancelled') {
        // Stopped in the middle: no failure, and another worker can have it at once.
        await item.moveToWait(token)
        throw new WaitingError()
      }
      throw new UnrecoverableError(printFailure(name, outcome.left))
    },
    {
      connection: redis,
      prefix: queuePrefix,
      lockDuration: 1000 * patience,
      stalledInterval: 500 * patience,
      maxStalledCount,
      drainDelay: 1,
    },
  )
  // Said by `lost`; without a listener it would be thrown.
  worker.on('error', () => undefined)
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  await Promise.race([worker.waitUntilReady(), lost, stopped])
  onReady()
  const fault = await Promise.race([lost, stopped])
  // The shard at hand notices the signal after its chunk; a server that has gone answers nothing.
  await within(fault === undefined ? timeToStop : 0, worker.close(fault !== undefined))
  close()
  await computer.close()
  return fault === undefined ? right(done) : left(fault)
}
