/** Dumps of hidden states on the command line: one pass, shards, and what is refused. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isRight } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { languageModel } from '../../../examples/language-model.js'
import { categoricalEntropy, entropyDivergence } from '../../../src/information/categorical-entropy.js'
import { pillaiTrace } from '../../../src/language-model/alignment-moments.js'
import { entropyCalibration, scoredRows } from '../../../src/language-model/calibration.js'
import { claimData } from '../../../src/language-model/claims/data.js'
import { headRank, pullbackMetric } from '../../../src/language-model/pullback.js'
import { samplePairs } from '../../../src/language-model/sampled-pairs.js'
import type { Chunk } from '../../../src/language-model/statistics/chunk-sums.js'
import type { HeadParameters } from '../../../src/language-model/statistics/head-parameters.js'
import type { StatisticsShape } from '../../../src/language-model/statistics/statistics.js'
import { writeStates } from '../../../src/language-model/statistics/write-states.js'
import { processLaw } from '../../../src/language-model/law.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { parseStatesReport, type StatesReport } from '../../../src/report/states-report.js'
import { valueOf } from '../../support/value-of.js'

const folder = mkdtempSync(join(tmpdir(), 'markovcat-states-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(inject('built'), 'src', 'cli', 'main.js')
const markovcat = (...options: readonly string[]) =>
  spawnSync(process.execPath, [main, ...options], { encoding: 'utf8', cwd: folder, timeout: 60_000 })

const reportOf = (...options: readonly string[]): StatesReport => {
  const { status, stdout, stderr } = markovcat(...options, '--json')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return valueOf(parseStatesReport(stdout))
}

/** Pairs of hidden state and next token of a trained model of a process. */
interface Dump {
  readonly shape: StatisticsShape
  readonly head: HeadParameters
  readonly hidden: Float64Array
  readonly tokens: Int32Array
}

const pairs = 11 * 4096 + 50
const trainedDump = async (): Promise<Dump> => {
  const law = valueOf(processLaw('mess3(x=0.05,a=0.85)', 4))
  const { symbols } = law.kernel
  const decomposition = languageModel({ symbols, contextLength: 4, embedding: 32, hidden: 2 })
  const shape = { symbols: 3, contextLength: 4, embedding: 8, width: 16, hidden: 2 }
  const { parameters, pass } = valueOf(await claimData(law, decomposition, { shape, steps: 150, seed: 1 }))
  const { contexts, tokens } = samplePairs(law.kernel, pairs, 5)
  const hidden = new Float64Array(pairs * 2)
  contexts.forEach((x, pair) => {
    // The precision of the file: what is measured is the states that are stored.
    hidden[2 * pair] = Math.fround(pass.hidden[2 * x]!)
    hidden[2 * pair + 1] = Math.fround(pass.hidden[2 * x + 1]!)
  })
  const head = { weights: parameters.headWeights, bias: parameters.headBias }
  return { shape: { dimension: 2, vocabulary: 3 }, head, hidden, tokens }
}

const written = async (name: string, { shape, head, hidden, tokens }: Dump, first = 0): Promise<string> => {
  const path = join(folder, name)
  const chunk = { number: 0, hidden: hidden.subarray(2 * first), targets: tokens.subarray(first) }
  valueOf(await writeStates(path, shape, head, [chunk]))
  return path
}

describe('analyze --states', () => {
  let dump: Dump
  let states: string
  beforeAll(async () => {
    dump = await trainedDump()
    states = await written('states.safetensors', dump)
  })

  test('gives the figures that float64 gives on all contexts at once', () => {
    const { source, figures } = reportOf('analyze', '--states', states, '--backend', 'webasm')
    expect(source).toMatchObject({ files: ['states.safetensors'], dimension: 2, vocabulary: 3 })
    expect(source.chunks).toEqual([{ first: 0, end: 12 }])
    expect(figures).toMatchObject({ contexts: pairs, chunks: 12, effectiveContexts: pairs })

    const { hidden, tokens, head } = dump
    const logits = new Float64Array(3 * pairs)
    const metric = new Float64Array(4)
    const entropies = [0, 0, 0]
    for (let n = 0; n < pairs; n++) {
      const q = new Float64Array(3)
      for (let w = 0; w < 3; w++)
        logits[3 * n + w] =
          head.bias[w]! + head.weights[2 * w]! * hidden[2 * n]! + head.weights[2 * w + 1]! * hidden[2 * n + 1]!
      const total = [0, 1, 2].reduce((sum, w) => sum + Math.exp(logits[3 * n + w]!), 0)
      for (let w = 0; w < 3; w++) q[w] = Math.exp(logits[3 * n + w]!) / total
      pullbackMetric(head.weights, q).entries.forEach((entry, place) => (metric[place]! += entry / pairs))
      for (const [place, name] of (['total-variation', 'squared-hellinger', 'renyi-1/2'] as const).entries())
        entropies[place]! += categoricalEntropy(entropyDivergence(name), q) / pairs
    }
    const direct = valueOf(entropyCalibration(scoredRows(logits, { kind: 'labels', labels: tokens })))
    expect(figures.nll.value).toBeCloseTo(direct.nll, 6)
    expect(figures.entropy.value).toBeCloseTo(direct.entropy, 6)
    expect(figures.overconfidence.value).toBeCloseTo(direct.gap, 6)
    expect(figures.calibration.value - figures.calibration.residual).toBeCloseTo(direct.slope, 6)
    expect(figures.calibration.holds).toBe(true)
    expect(Object.values(figures.entropies).map(({ value }) => value)).toEqual(
      entropies.map((value) => expect.closeTo(value, 6)),
    )
    const eigenvalues = symmetricEigen(matrix(2, 2, metric)).values
    figures.geometry.metricSpectrum.forEach((value, place) => expect(value).toBeCloseTo(eigenvalues[place]!, 5))
    expect(figures.geometry.rank.value).toBe(headRank(head.weights, 3))

    const pillai = valueOf(pillaiTrace(hidden, tokens, 3))
    if ('missing' in figures.correlations) throw new Error(figures.correlations.missing)
    const { raw, corrected, correlations } = figures.correlations
    expect(raw.value).toBeCloseTo(pillai.raw, 5)
    expect(corrected.value).toBeCloseTo(pillai.corrected, 5)
    expect(correlations).toEqual(Array.from(pillai.correlations, (rho) => expect.closeTo(rho, 5)))
    // What a trained model knows is far above chance, and shuffled targets are within it or near.
    expect(corrected.value).toBeGreaterThan(50 * corrected.null.upper)
    expect(Math.abs(corrected.baselines['shuffled targets']!)).toBeLessThan(5 * corrected.null.upper)
  })

  test('in shards that are merged in any order: the same bytes as in one pass', () => {
    const out = join(folder, 'whole')
    const whole = reportOf('analyze', '--states', states, '--backend', 'webasm', '--out', out)
    const shards = [1, 2].map((i) => {
      const shard = join(folder, `shard-${i}`)
      const part = reportOf('analyze', '--states', states, '--backend', 'webasm', '--shard', `${i}/2`, '--out', shard)
      expect(part.source.chunks).toEqual([{ first: 6 * (i - 1), end: 6 * i }])
      return join(shard, 'statistics.safetensors')
    })
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const merged = join(folder, `merged-${order.join('')}`)
      const report = reportOf('merge', ...order.map((place) => shards[place]!), '--out', merged)
      expect(report.figures).toEqual(whole.figures)
      expect(report.source).toMatchObject({ job: whole.source.job, chunks: whole.source.chunks })
      const bytes = (of: string): Buffer => readFileSync(join(of, 'statistics.safetensors'))
      expect(bytes(merged).equals(bytes(out))).toBe(true)
      expect(valueOf(parseStatesReport(readFileSync(join(merged, 'states.json'), 'utf8')))).toEqual(report)
    }

    const twice = markovcat('merge', shards[0]!, shards[1]!, shards[0]!)
    expect(twice.stderr).toMatch(/statistics\.safetensors: chunk 0 is in both; merge shards of different contexts/)
    expect(twice.status).toBe(2)
  })

  test('prints a table in which each number has its kind, and says what is not in it', () => {
    const { status, stdout } = markovcat('analyze', '--states', states, '--backend', 'webasm')
    expect(status).toBe(0)
    expect(stdout).toContain(`states.safetensors: ${pairs} contexts, D = 2, V = 3`)
    expect(stdout).toMatch(/NLL +[\d.]+ +nats +measurement +95% \[[\d.]+, [\d.]+\], unigram [\d.]+, uniform 1\.09861/)
    expect(stdout).toMatch(/NLL − H̄, calibration +-?[\d.e-]+ +nats +identity +residual/)
    expect(stdout).toMatch(/rank of g\* +2 +count +bound +at most 2/)
    expect(stdout).toMatch(/corrected for chance +0\.\d+ +measurement +chance 0\.000 \[-?0\.000, 0\.000\], shuffled/)
    expect(stdout).toContain('information surplus: it needs two or more next tokens of each context')
    expect(stdout).toContain('kernels ran on webasm')
    expect(existsSync(join(folder, 'report'))).toBe(false)
  })

  test('refuses statistics of another job, and files that are none', async () => {
    const other = await written('other.safetensors', dump, 4096)
    const [one, two] = ['one', 'two'].map((name) => join(folder, name))
    expect(markovcat('analyze', '--states', states, '--shard', '1/12', '--out', one!, '--quiet').status).toBe(0)
    expect(markovcat('analyze', '--states', other, '--shard', '2/11', '--out', two!, '--quiet').status).toBe(0)
    const file = (path: string): string => join(path, 'statistics.safetensors')
    const mixed = markovcat('merge', file(one!), file(two!), '--out', join(folder, 'never'))
    expect(mixed.stderr).toMatch(/statistics\.safetensors: it is of another job than those before it/)
    expect(mixed.status).toBe(2)
    truncateSync(file(two!), 100)
    expect(markovcat('merge', file(one!), file(two!)).stderr).toMatch(/two.statistics\.safetensors, safetensors: /)
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  test.each<readonly [string, readonly string[], RegExp]>([
    ['a file that is missing', ['--states', 'none.safetensors'], /none\.safetensors: ENOENT/],
    ['a text', ['--states', main], /main\.js, safetensors: its header should have/],
    ['a text beside it', ['--states', 's', '--text', 'a.txt'], /cannot be used with option '--text/],
    ['steps beside it', ['--states', 's', '--steps', '5'], /cannot be used with option '--steps/],
    ['a shard without it', ['--shard', '1/2'], /--shard: it goes with --states alone/],
  ])('refuses %s', (_, options, message) => {
    const out = join(folder, 'must-not-appear')
    const { status, stderr } = markovcat('analyze', ...options, '--out', out)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(status).toBe(2)
    expect(existsSync(out)).toBe(false)
  })

  test.each(['3/2', '1/13'])('refuses the shard %s', (shard) => {
    const { status, stderr } = markovcat('analyze', '--states', states, '--shard', shard)
    expect(stderr).toContain(`--shard: ${shard} does not do; give i/n with i from 1 to n, and n at most 12`)
    expect(status).toBe(2)
  })

  test('says which token is none, and in which chunk', async () => {
    const tokens = dump.tokens.slice()
    tokens[5000] = 3
    const { status, stderr } = markovcat('analyze', '--states', await written('bad.safetensors', { ...dump, tokens }))
    expect(stderr).toMatch(/bad\.safetensors, chunk 1: next token 904 is 3; give whole numbers from 0 to 2/)
    expect(status).toBe(2)
  })
})

test('memory does not grow with the number of contexts', async () => {
  const shape: StatisticsShape = { dimension: 64, vocabulary: 32 }
  const weights = Float64Array.from({ length: 32 * 64 }, (_, k) => Math.sin(k * k) / 8)
  const block = Float32Array.from({ length: 4096 * 64 }, (_, k) => Math.sin(1.3 * k) + Math.cos(0.7 * k))
  const targets = Int32Array.from({ length: 4096 }, (_, n) => (n * 7919) % 32)
  const peakOf = async (chunkCount: number): Promise<number> => {
    const path = join(folder, `${chunkCount}.safetensors`)
    function* chunks(): Generator<Chunk> {
      for (let number = 0; number < chunkCount; number++) yield { number, hidden: block, targets }
    }
    valueOf(await writeStates(path, shape, { weights, bias: new Float64Array(32) }, chunks()))
    const peak = join(folder, 'peak')
    const script = join(folder, 'peak.mjs')
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs'
      process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))
      await import(${JSON.stringify(main)})`,
    )
    const options = ['analyze', '--states', path, '--backend', 'webasm', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(valueOf(parseStatesReport(stdout)).figures.contexts).toBe(4096 * chunkCount)
    rmSync(path)
    return Number(readFileSync(peak, 'utf8')) / 1024
  }
  // 8 MB of hidden states, and 67 MB.
  const [small, large] = [await peakOf(8), await peakOf(64)]
  expect(large - small).toBeLessThan(32)
})

test('a report that is not one is refused with the place', () => {
  const refused = parseStatesReport('{"format":"markovcat-states","version":2}')
  expect(refused).toMatchObject({ left: { kind: 'malformed', where: expect.stringContaining('version') } })
  expect(isRight(parseStatesReport('not json'))).toBe(false)
})
