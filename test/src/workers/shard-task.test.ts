/** Jobs cut into shards, and what passes through Redis. */
import { isLeft } from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { problem } from '../../../dsl/problem.js'
import { parseFailure, printFailure } from '../../../src/workers/failure.js'
import { parseShardTask, shardCount, shardFolder, shardTasks, taskName } from '../../../src/workers/shard-task.js'
import { valueOf } from '../../support/value-of.js'

const job = { states: '/data/s.safetensors', job: 'ab'.repeat(32), backend: 'webasm', folder: '/data/shards' } as const

describe('the shards of a job', () => {
  test('cover every chunk once, in order, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 5000 }),
        (dimension, vocabulary, chunks) => {
          const tasks = shardTasks(job, { dimension, vocabulary }, chunks)
          expect(tasks.length).toBe(shardCount({ dimension, vocabulary }, chunks))
          expect(tasks.length).toBeLessThanOrEqual(64)
          let next = 0
          for (const { first, end } of tasks) {
            expect(first).toBe(next)
            expect(end).toBeGreaterThan(first)
            next = end
          }
          expect(next).toBe(chunks)
          expect(new Set(tasks.map(taskName)).size).toBe(tasks.length)
        },
      ),
    )
  })

  test('take no more than two gigabytes together, unless one does', () => {
    // 8192 x 256 in three moments, in four parts of eight bytes: 207 MB.
    expect(shardCount({ dimension: 256, vocabulary: 8192 }, 98)).toBe(10)
    expect(shardCount({ dimension: 4096, vocabulary: 8192 }, 98)).toBe(1)
    expect(shardCount({ dimension: 8, vocabulary: 16 }, 3)).toBe(3)
  })

  test('another job, backend or folder has other names', () => {
    const [task] = shardTasks(job, { dimension: 8, vocabulary: 16 }, 3)
    const names = [
      task!,
      { ...task!, job: 'cd'.repeat(32) },
      { ...task!, backend: 'cpu' as const },
      { ...task!, folder: '/elsewhere' },
    ].map(taskName)
    expect(new Set(names).size).toBe(4)
    // A colon would be taken for a part of a key by the queue.
    names.forEach((name) => expect(name).not.toContain(':'))
    expect(shardFolder('/data/s', job.job, 'cpu')).toBe('/data/s.abababababab-cpu.shards')
  })
})

describe('what comes out of Redis', () => {
  test('a task comes back', () => {
    const [, task] = shardTasks(job, { dimension: 8, vocabulary: 16 }, 3)
    expect(valueOf(parseShardTask(JSON.parse(JSON.stringify(task))))).toEqual(task)
  })

  test('anything else is refused', () => {
    const [task] = shardTasks(job, { dimension: 8, vocabulary: 16 }, 3)
    const { states: _, ...without } = task!
    for (const data of [
      undefined,
      null,
      'task',
      {},
      without,
      { ...task!, version: 2 },
      { ...task!, backend: 'auto' },
      { ...task!, job: '../../etc' },
      { ...task!, first: -1 },
      { ...task!, first: 0.5 },
      { ...task!, end: task!.first },
    ])
      expect(isLeft(parseShardTask(data))).toBe(true)
  })

  test('the problem of a worker comes back with its name', () => {
    const fault = problem('file', '/data/s', 'it is gone', 'bring it back')
    expect(parseFailure(printFailure('host:12', fault))).toEqual({
      kind: 'invalid-value',
      where: 'worker host:12, /data/s',
      what: 'it is gone',
      remedy: 'bring it back',
    })
    expect(parseFailure('out of memory').what).toBe('out of memory')
    expect(parseFailure('{"what": 3}').what).toBe('{"what": 3}')
  })
})
