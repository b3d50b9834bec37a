/** The queue of shards: what the process that waits for a job sees of it. */
import type { Redis } from 'ioredis'

import { parseFailure } from './failure.js'
import type { Problem } from '../../dsl/problem.js'
import { type ShardTask, taskName } from './shard-task.js'

export const queueName = 'shards'
export const queuePrefix = 'markovcat'

export interface ShardQueue {
  /** Queues tasks; one that is queued already, or at work, stays as it is. */
  readonly add: (tasks: readonly ShardTask[]) => Promise<void>
  /** Whether a task waits or is at work. */
  readonly has: (task: ShardTask) => Promise<boolean>
  /** Takes tasks that no worker has begun out of the queue. */
  readonly remove: (tasks: readonly ShardTask[]) => Promise<void>
  readonly close: () => Promise<void>
  /** What is left of it where the server answers no more. */
  readonly disconnect: () => void
}

/** Opens the queue; `onEnd` is told of every shard that ends, of whatever job, with its problem if it failed. */
export const openQueue = async (
  redis: Redis,
  onEnd: (name: string, fault: Problem | undefined) => void,
): Promise<ShardQueue> => {
  const { Queue, QueueEvents } = await import('bullmq')
  const options = { connection: redis, prefix: queuePrefix }
  const queue = new Queue<ShardTask>(queueName, options)
  const listening = redis.duplicate()
  const events = new QueueEvents(queueName, { ...options, connection: listening })
  // A connection that is lost is seen by whoever made it; without listeners it would be thrown.
  queue.on('error', () => undefined)
  events.on('error', () => undefined)
  events.on('completed', ({ jobId }) => onEnd(jobId, undefined))
  events.on('failed', ({ jobId, failedReason }) => onEnd(jobId, parseFailure(failedReason)))
  await events.waitUntilReady()
  return {
    add: async (tasks) => {
      // Nothing of a shard stays in Redis once it has ended.
      const opts = { removeOnComplete: true, removeOnFail: true }
      await queue.addBulk(
        tasks.map((task) => ({ name: 'shard', data: task, opts: { ...opts, jobId: taskName(task) } })),
      )
    },
    has: async (task) => (await queue.getJobState(taskName(task))) !== 'unknown',
    remove: async (tasks) => {
      for (const task of tasks) await queue.remove(taskName(task)).catch(() => 0)
    },
    close: async () => {
      await events.close().catch(() => undefined)
      await queue.close().catch(() => undefined)
    },
    disconnect: () => listening.disconnect(),
  }
}
