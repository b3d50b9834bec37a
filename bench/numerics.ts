/**
 * Scale: files of hidden states that are streamed once, from the disk to the figures.
 *
 * N = 1,000,000 with d = 256 and V = 512, and N = 50,000 with V = 8,192; each pass is a process of its own, so that its peak memory is its
 * own. Every number is a measurement of one pass on this machine, reading the file and compiling the kernels included. Float64 loops run
 * on one chunk, and their time for all contexts is what it would be at that pace. Options: `--contexts N` for at most so many contexts,
 * `--only V` for one vocabulary, `--type F16` (or F32, F64) for how states are stored, `--backends webasm,onnx`. The largest file is
 * N x d x 2 bytes in F16; it lies in the system's temporary folder and is removed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { isLeft } from 'fp-ts/lib/Either.js'

import { showProblem } from '../dsl/problem.js'
import { floatTypes } from '../src/language-model/checkpoint/element-type.js'
import { chunkLength } from '../src/language-model/statistics/chunk-kernels.js'
import type { StatisticsShape } from '../src/language-model/statistics/statistics.js'
import { writeStates } from '../src/language-model/statistics/write-states.js'
import { table } from './language/table.js'
import { generatedChunks, generatedHead } from './numerics/generate.js'
import { numpyPass } from './numerics/numpy.js'
import type { PassResult } from './numerics/pass.js'

const sizes: readonly (StatisticsShape & { readonly contexts: number })[] = [
  { contexts: 1_000_000, dimension: 256, vocabulary: 512 },
  { contexts: 50_000, dimension: 64, vocabulary: 8192 },
  { contexts: 50_000, dimension: 256, vocabulary: 8192 },
]

const { values: options } = parseArgs({
  options: {
    contexts: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    type: { type: 'string', default: 'F16' },
    backends: { type: 'string', default: 'webasm,onnx' },
  },
})
const mostContexts = Number(options.contexts)
const type = floatTypes.find((each) => each === options.type)
if (type === undefined || !(mostContexts >= 1)) throw new Error('bench: --contexts N, --type F16, F32 or F64')

/** What a process printed, or the last line of its complaint. */
const outputOf = (command: string, given: readonly string[]): PassResult | string => {
  const { status, stdout, stderr, error } = spawnSync(command, given, { encoding: 'utf8' })
  const lines = stderr?.trim().split('\n') ?? []
  return status === 0 ? JSON.parse(stdout) : (error?.message ?? lines.find((line) => /Error/.test(line)) ?? 'it failed')
}

const passOf = (path: string, name: string): PassResult | string =>
  outputOf(process.execPath, [fileURLToPath(new URL('numerics/pass.js', import.meta.url)), path, name])

const folder = mkdtempSync(join(tmpdir(), 'markovcat-numerics-'))
try {
  const program = join(folder, 'pass.py')
  writeFileSync(program, numpyPass)
  for (const { contexts: all, ...shape } of sizes) {
    if (options.only !== undefined && Number(options.only) !== shape.vocabulary) continue
    const contexts = Math.min(all, mostContexts)
    const path = join(folder, 'states.safetensors')
    const head = generatedHead(shape)
    const start = performance.now()
    const written = await writeStates(path, shape, head, generatedChunks(shape, head, contexts), { type })
    if (isLeft(written)) throw new Error(showProblem(written.left))
    const made = ((performance.now() - start) / 1000).toFixed(1)
    const size = (statSync(path).size / 1e6).toFixed(0)
    console.log(
      `\n${contexts} contexts, d = ${shape.dimension}, V = ${shape.vocabulary}: ${size} MB, made in ${made} s\n`,
    )

    const rows = [...options.backends.split(','), 'numpy float32', 'float64 loops'].map((name) => {
      const result =
        name === 'numpy float32'
          ? outputOf('python3', [program, path, String(chunkLength(shape))])
          : passOf(path, name === 'float64 loops' ? 'float64' : name)
      if (typeof result === 'string') return [name, result, '', '', '', '', '', '']
      const { seconds, peak, nll, error, nllError, summarySeconds } = result
      const kernels = error !== undefined && error > 0
      const shown = (value: number): string => (value * (contexts / result.contexts)).toFixed(1)
      return [
        name,
        result.contexts < contexts ? `${shown(seconds)} (from ${result.contexts} contexts)` : shown(seconds),
        (result.contexts / seconds).toFixed(0),
        kernels ? summarySeconds.toFixed(1) : '',
        peak.toFixed(0),
        result.contexts < contexts ? '' : nll.toFixed(6),
        kernels ? error.toExponential(1) : '',
        kernels ? nllError.toExponential(1) : '',
      ]
    })
    rmSync(path)
    const title = ['', 'seconds', 'contexts/s', 'figures, s', 'peak MB', 'NLL', 'error of sums', 'of NLL, nats']
    console.log(table(title, rows))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
