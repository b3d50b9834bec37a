/**
 * Nothing that the compiler makes outlives its use: programs of their own compile, run and dispose of thousands of evaluators, and end by
 * themselves, whether or not they disposed of what they made.
 *
 * Memory may grow while the machine warms up, so it is compared between a fifth of the way and the end. MARKOVCAT_LIFETIME: how many
 * evaluators are compiled and how many calls are made on each backend, 1500 unless it says so; on WebGPU a fifth of these.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, inject, test } from 'vitest'

import { chooseBackend } from '../../../src/compile/backend.js'

const backends = ['cpu', 'webasm', 'webgpu', 'onnx'] as const
const present = new Set<string>()
for (const name of backends) if (isRight(await chooseBackend(name))) present.add(name)

const asMany = Number(process.env['MARKOVCAT_LIFETIME'] ?? 1500)
const library = pathToFileURL(join(inject('built'), 'src', 'index.js')).href

/** What every program begins with. `small` is one evaluation's worth of work, `large` enough for threads. */
const prelude = (backend: string): string => `
  import { box, compile, copy, finite, id, par, seq } from '${library}'
  const value = (result) => {
    if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
    return result.right
  }
  const rows = (height, width) =>
    Array.from({ length: height }, (_, x) => Array.from({ length: width }, (_, y) => (x % width === y ? 0.5 : 0.5 / (width - 1))))
  const [A, B, C, N] = [finite('A', 3), finite('B', 4), finite('C', 5), finite('N', 128)]
  const [f, g, h] = [box('f', [A], [B]), box('g', [B], [C]), box('h', [N], [N])]
  const small = () =>
    compile(seq(f, copy(B), par(id(B), g)), { f: rows(3, 4), g: rows(4, 5) }, { backend: '${backend}' }).then(value)
  const large = () => compile(seq(h, h), { h: rows(128, 128) }, { backend: '${backend}' }).then(value)
  const run = async (evaluator, inputs) => {
    const { execution } = value(await evaluator.run([inputs]))
    if (execution.backend !== '${backend}') throw new Error('ran on ' + execution.backend)
    return execution
  }
  const three = [0, 1, 2]
  const many = Array.from({ length: 1024 }, (_, n) => n % 128)
  const report = async () => {
    // What has been disposed of is let go in later turns.
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      globalThis.gc()
    }
    const { rss, heapUsed, external } = process.memoryUsage()
    console.log(JSON.stringify({ rss, own: heapUsed + external }))
  }
  const times = async (count, work) => {
    for (let n = 1; n <= count; n++) {
      await work(n)
      // Memory of a driver is freed with the small objects that stand for it, which alone hardly ever make a collection due.
      if (n % 100 === 0) globalThis.gc()
      if (n === count / 5 || n === count) await report()
    }
  }
`

interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

const folder = mkdtempSync(join(tmpdir(), 'markovcat-lifetime-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let programs = 0

/** Runs a program to its end, if that comes before the limit. */
const program = (backend: string, text: string, limit: number, asText = false): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const file = join(folder, `program-${programs++}.mjs`)
    const whole = prelude(backend) + text
    writeFileSync(file, whole)
    const what = asText ? ['--input-type=module', '--eval', whole] : [file]
    const child = spawn(process.execPath, ['--expose-gc', ...what], { timeout: limit })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (part) => (stdout += String(part)))
    child.stderr.on('data', (part) => (stderr += String(part)))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })

const expectEnded = ({ status, signal, stderr }: Ended): void => {
  expect({ status, signal, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, signal: null, stderr: '' })
}

interface Memory {
  readonly rss: number
  readonly own: number
}

/** How much memory a program has more at its end than at a fifth of its way, in all and on the JavaScript heap and beside it. */
const growth = ({ stdout }: Ended): Memory => {
  const [first, last] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Memory)
  return { rss: last!.rss - first!.rss, own: last!.own - first!.own }
}

const [kilo, mega] = [2 ** 10, 2 ** 20]
const limit = 1_200_000

describe.each(backends)('backend %s', (backend) => {
  const run = test.skipIf(!present.has(backend))
  const count = backend === 'webgpu' ? Math.ceil(asMany / 25) * 5 : Math.ceil(asMany / 5) * 5
  // Left-over kernels take 30 KiB each on plain JavaScript, 1 MiB on WebAssembly, 10 MiB with threads.
  const expectFlat = (ended: Ended, rounds: number): void => {
    expectEnded(ended)
    const { rss, own } = growth(ended)
    expect(own).toBeLessThan(4 * mega + rounds * 0.25 * kilo)
    // The driver of the GPU has a memory of its own.
    expect(rss).toBeLessThan(24 * mega + rounds * (backend === 'webgpu' ? 24 : 4) * kilo)
  }

  run(
    `${count} evaluators, compiled, called and disposed of, leak nothing`,
    async () => {
      const text = `await times(${count}, async () => {
        const evaluator = await small()
        await run(evaluator, three)
        await evaluator.dispose()
      })`
      expectFlat(await program(backend, text, limit), count)
    },
    limit,
  )

  run(
    `${4 * count} calls of one evaluator leak nothing`,
    async () => {
      const text = `const evaluator = await small()
        await times(${4 * count}, () => run(evaluator, three))`
      expectFlat(await program(backend, text, limit), 4 * count)
    },
    limit,
  )

  const batches = Math.ceil(count / 10) * 5
  run(
    `batches of more sizes than pipelines are kept for, ${batches} times, leak nothing`,
    async () => {
      const text = `const evaluator = await small()
        await times(${batches}, (n) => run(evaluator, Array.from({ length: 1 + (n % 11) }, (_, k) => k % 3)))`
      expectFlat(await program(backend, text, limit), batches)
    },
    limit,
  )

  run.each([
    ['that disposes of its evaluators', 'await Promise.all([a.dispose(), b.dispose()])'],
    ['that does not', ''],
    [
      'that disposes of an evaluator while it runs',
      'const late = run(a, three); await Promise.all([a.dispose(), b.dispose()]); await late',
    ],
  ])('a program %s ends by itself', async (_, end) => {
    const text = `const [a, b] = [await small(), await large()]
      await run(a, three)
      console.log((await run(b, many)).executor)
      ${end}`
    const ended = await program(backend, text, 60_000)
    expectEnded(ended)
    if (backend === 'webasm') expect(ended.stdout.trim()).toBe('fused-threaded')
  })
})

describe('threads', () => {
  test.skipIf(!present.has('webasm'))('a program that is handed over as text does without', async () => {
    const text = 'console.log((await run(await large(), many)).executor)'
    const ended = await program('webasm', text, 60_000, true)
    expectEnded(ended)
    expect(ended.stdout.trim()).toBe('fused-sync')
  })

  const count = Math.ceil(asMany / 250) * 5
  test.skipIf(!present.has('webasm'))(
    `${count} evaluators with threads, disposed of, leave none behind`,
    async () => {
      const text = `await times(${count}, async () => {
          const evaluator = await large()
          if ((await run(evaluator, many)).executor !== 'fused-threaded') throw new Error('no threads')
          await evaluator.dispose()
        })`
      const ended = await program('webasm', text, limit)
      expectEnded(ended)
      // A pair of threads takes 17 MiB.
      expect(growth(ended).rss).toBeLessThan(24 * mega + count * mega)
    },
    limit,
  )
})
