/** A job over several processes, with a real server of Redis: the same bits as one process, whatever dies on the way. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'

import { writeStates } from '../../../src/language-model/statistics/write-states.js'
import { valueOf } from '../../support/value-of.js'
import { chunkOf, headFor } from '../language-model/statistics/support.js'
import { redisIsThere, type RedisServer, startRedis } from './redis-server.js'

const main = join(inject('built'), 'src', 'cli', 'main.js')
const shape = { dimension: 24, vocabulary: 48 }
const chunks = 12

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly output: () => string
  /** Until so many lines of the output match. */
  readonly until: (what: RegExp, times?: number) => Promise<void>
}

describe.skipIf(!redisIsThere)(`workers${redisIsThere ? '' : ' (skipped: there is no redis-server)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'markovcat-workers-'))
  const states = join(folder, 'states.safetensors')
  const running = new Set<ChildProcess>()
  let server: RedisServer
  let alone: Buffer

  const start = (...options: readonly string[]): Running => {
    const child = spawn(process.execPath, [main, ...options], { cwd: folder })
    running.add(child)
    let output = ''
    let told = (): void => undefined
    const listen = (text: Buffer): void => {
      output += text.toString('utf8')
      told()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const ended = new Promise<number | null>((resolve) =>
      child.once('exit', (status) => {
        running.delete(child)
        resolve(status)
        told()
      }),
    )
    return {
      child,
      ended,
      output: () => output,
      until: (what, times = 1) =>
        new Promise((resolve, reject) => {
          told = () => {
            if ((output.match(new RegExp(what, 'g'))?.length ?? 0) >= times) resolve()
            else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`it ended: ${output}`))
          }
          told()
        }),
    }
  }
  const job = (out: string, ...options: readonly string[]): Running =>
    start('analyze', '--states', states, '--backend', 'cpu', '--workers', server.url, '--out', out, ...options)
  const worker = (...options: readonly string[]): Running =>
    start('worker', '--redis', server.url, '--patience', '2', ...options)
  const result = (out: string): Buffer => readFileSync(join(folder, out, 'statistics.safetensors'))
  /** What a job that is done leaves: the queue's own counters, and nothing of a shard. */
  const nothingIsLeft = async (out: string): Promise<void> => {
    expect(readdirSync(join(folder, out)).sort()).toEqual(['states.json', 'statistics.safetensors'])
    const keys = await server.client.keys('markovcat:shards:*')
    expect(keys.filter((key) => /[0-9a-f]{64}/.test(key))).toEqual([])
    for (const list of ['wait', 'active', 'completed', 'failed', 'delayed', 'stalled'])
      expect(keys).not.toContain(`markovcat:shards:${list}`)
  }
  /** Until every shard waits for a worker. */
  const allQueued = async (): Promise<void> => {
    while ((await server.client.llen('markovcat:shards:wait')) < chunks)
      await new Promise((resolve) => setTimeout(resolve, 50))
  }
  /** Until no process but this one speaks to the server. */
  const allHaveGone = async (): Promise<void> => {
    while (
      String(await server.client.client('LIST'))
        .trim()
        .split('\n').length > 1
    )
      await new Promise((resolve) => setTimeout(resolve, 100))
  }

  beforeAll(async () => {
    const all = Array.from({ length: chunks }, (_, number) => chunkOf(shape, number, number < 11 ? 4096 : 100))
    valueOf(await writeStates(states, shape, headFor(shape), all))
    const one = spawnSync(
      process.execPath,
      [main, 'analyze', '--states', states, '--backend', 'cpu', '--out', 'alone', '--quiet'],
      { cwd: folder, encoding: 'utf8' },
    )
    expect(one.stderr).toBe('')
    expect(one.status).toBe(0)
    alone = result('alone')
  })
  beforeEach(async () => {
    server = await startRedis()
  })
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL')
    await server.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('three started here give the bits of one process, and end with it', async () => {
    const out = 'started'
    const run = job(out, '--processes', '3')
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain(`${chunks} of ${chunks} shards`)
    expect(run.output()).toContain('kernels ran on cpu')
    expect(result(out).equals(alone)).toBe(true)
    await allHaveGone()
    await nothingIsLeft(out)
  })

  test('so they do with the kernels in WebAssembly', async () => {
    const one = start('analyze', '--states', states, '--backend', 'webasm', '--out', 'alone-webasm', '--quiet')
    expect(await one.ended).toBe(0)
    const run = start(
      ...['analyze', '--states', states, '--backend', 'webasm', '--workers', server.url],
      ...['--processes', '2', '--out', 'webasm', '--quiet'],
    )
    expect(await run.ended).toBe(0)
    expect(result('webasm').equals(result('alone-webasm'))).toBe(true)
    // Another order of operations than the loops': what is equal is not what was equal before.
    expect(result('webasm').equals(alone)).toBe(false)
  })

  test('one that is killed in the middle loses nothing', async () => {
    const out = 'killed'
    const run = job(out)
    const first = worker()
    await first.until(/: done/, 2)
    // It is at its third shard, or about to take it.
    first.child.kill('SIGKILL')
    await first.ended
    const second = worker()
    expect(await run.ended).toBe(0)
    expect(result(out).equals(alone)).toBe(true)
    const shardsOf = (text: string): readonly string[] => text.match(/chunks \d+ to \d+: done/g) ?? []
    const [before, after] = [shardsOf(first.output()), shardsOf(second.output())]
    // What the first had done is not done again, but for the one that it had no time to report to Redis; and none is left out, but for one
    // that it had no time to print.
    expect(after.filter((shard) => before.includes(shard)).length).toBeLessThanOrEqual(1)
    expect(new Set([...before, ...after]).size).toBeGreaterThanOrEqual(chunks - 1)
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    expect(second.output()).toContain(`stopped after ${after.length} shards`)
    await allHaveGone()
    await nothingIsLeft(out)
  })

  test('one that is stopped gives its shard back at once', async () => {
    const out = 'stopped'
    const run = job(out)
    const first = worker()
    await first.until(/: done/)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    // Patience is long: were the shard not given back, this would wait for an hour.
    worker('--patience', '3600')
    expect(await run.ended).toBe(0)
    expect(result(out).equals(alone)).toBe(true)
  })

  test('a job whose process was killed goes on where it was; the workers that it started end', async () => {
    const out = 'resumed'
    const first = job(out)
    const busy = worker()
    await busy.until(/: done/, 3)
    first.child.kill('SIGKILL')
    busy.child.kill('SIGKILL')
    await Promise.all([first.ended, busy.ended])
    const [shards] = readdirSync(join(folder, out))
    const done = readdirSync(join(folder, out, shards!)).filter((name) => name.endsWith('.safetensors')).length
    expect(done).toBeGreaterThanOrEqual(3)
    expect(done).toBeLessThan(chunks)
    const again = job(out, '--processes', '1', '--patience', '2')
    await again.until(new RegExp(`of ${chunks} shards, ${done} from before`))
    expect(await again.ended).toBe(0)
    expect(result(out).equals(alone)).toBe(true)
    await allHaveGone()
    await nothingIsLeft(out)

    const third = job('orphans', '--processes', '2')
    await third.until(/0%/)
    third.child.kill('SIGKILL')
    await third.ended
    await allHaveGone()
  })

  test('two jobs at once do not disturb each other', async () => {
    const runs = [job('both-1'), job('both-2')]
    worker()
    worker()
    for (const run of runs) expect(await run.ended).toBe(0)
    for (const out of ['both-1', 'both-2']) {
      expect(result(out).equals(alone)).toBe(true)
      await nothingIsLeft(out)
    }
  })

  test('Redis that has lost everything is told again', async () => {
    const out = 'flushed'
    const run = job(out)
    await allQueued()
    await server.client.flushall()
    worker()
    expect(await run.ended).toBe(0)
    expect(result(out).equals(alone)).toBe(true)
  })

  test('a file that has changed is refused by the worker, and the user is told', async () => {
    const copy = join(folder, 'copy.safetensors')
    const bytes = readFileSync(states)
    writeFileSync(copy, bytes)
    const run = start('analyze', '--states', copy, '--backend', 'cpu', '--workers', server.url)
    await allQueued()
    bytes[bytes.length - 3]! ^= 1
    writeFileSync(copy, bytes)
    worker()
    expect(await run.ended).toBe(2)
    expect(run.output()).toMatch(/markovcat: worker .*copy\.safetensors: its content is not what it was when/)
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.safetensors'])
    await nothingWaits()
  })
  const nothingWaits = async (): Promise<void> => {
    expect(await server.client.llen('markovcat:shards:wait')).toBe(0)
  }

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'a server that gets %s ends the job and the worker with a problem',
    async (kill) => {
      const run = job(`lost-${kill}`)
      const lost = worker()
      await lost.until(/: done/)
      server.process.kill(kill)
      expect(await run.ended).toBe(2)
      expect(await lost.ended).toBe(2)
      for (const { output } of [run, lost])
        expect(output()).toMatch(/Redis at 127\.0\.0\.1:\d+: the server is not there/)
      expect(existsSync(join(folder, `lost-${kill}`, 'states.json'))).toBe(false)
    },
  )

  test('Ctrl-C ends a job, takes what waits out of the queue, and says so', async () => {
    const run = job('cancelled')
    await allQueued()
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(2)
    expect(run.output()).toContain('stopped before all shards were done')
    await nothingWaits()
  })
})

describe('without a server', () => {
  test('what accepts a connection and never answers is a problem, not a wait', async () => {
    const sockets: Socket[] = []
    const silent = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket.on('error', () => undefined).resume())
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    if (address === null || typeof address === 'string') throw new Error('a server on a port has a port')
    const child = spawn(process.execPath, [main, 'worker', '--redis', `redis://127.0.0.1:${address.port}`])
    let told = ''
    child.stderr.on('data', (text: Buffer) => (told += text.toString('utf8')))
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2)
    expect(told).toMatch(/no connection: it does not answer/)
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  test.each([
    [['analyze', '--states', 'absent', '--workers', 'redis://127.0.0.1:1'], /absent/],
    [['worker', '--redis', 'redis://127.0.0.1:1'], /Redis at 127\.0\.0\.1:1: no connection/],
    [['worker', '--redis', 'http://127.0.0.1:1'], /give redis:\/\/host:port/],
    [['worker', '--redis', 'redis://127.0.0.1:1', '--patience', '0'], /--patience/],
    [['analyze', '--workers', 'redis://127.0.0.1:1'], /it goes with --states alone/],
    [['analyze', '--states', 'x', '--shard', '1/2', '--workers', 'redis://127.0.0.1:1'], /cannot be used with/],
  ])('%j ends with status 2', (options, message) => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...options], { encoding: 'utf8', timeout: 60_000 })
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
  })
})
