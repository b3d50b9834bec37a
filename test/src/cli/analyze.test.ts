/** The command line as a user runs it: its own process, its exit status, its files. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isRight } from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { parseReport, type Report } from '../../../src/report/codec.js'
import { valueOf } from '../../support/value-of.js'

const folder = mkdtempSync(join(tmpdir(), 'markovcat-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(inject('built'), 'src', 'cli', 'main.js')

const markovcat = (...options: readonly string[]) =>
  spawnSync(process.execPath, [main, ...options], { encoding: 'utf8', cwd: folder, timeout: 60_000 })

const analyzed = (name: string, ...options: readonly string[]): Report => {
  const out = join(folder, name)
  const { status, stderr } = markovcat('analyze', ...options, '--out', out, '--quiet')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(readdirSync(out).sort()).toEqual(['report.html', 'report.json'])
  return valueOf(parseReport(readFileSync(join(out, 'report.json'), 'utf8')))
}

const bit = Math.LN2

describe('markovcat analyze', () => {
  test('--process z1r --context 4 agrees with the known answers', () => {
    const report = analyzed('z1r', '--process', 'z1r', '--context', '4', '--dim', '2', '--steps', '2000')
    const { data, checkpoints } = report
    const last = checkpoints[checkpoints.length - 1]!
    expect(data.entropyOfToken.value / bit).toBeCloseTo(1, 9)
    expect(data.surplus.map(({ surplus }) => surplus.value / bit)).toEqual([
      expect.closeTo(Math.log2(1.5), 9),
      expect.closeTo(0.9182958340544894, 9),
      expect.closeTo(0.9182958340544894, 9),
    ])
    expect(data.categoricalEntropy.shannon.value).toBeCloseTo(bit / 3, 9)
    expect(data.categoricalEntropy['total-variation'].value).toBeCloseTo(1 / 6, 9)
    expect(data.categoricalEntropy['squared-hellinger'].value).toBeCloseTo((1 - Math.SQRT1_2) / 3, 9)
    expect(data.categoricalEntropy['renyi-1/2'].value).toBeCloseTo(bit / 3, 9)
    expect(data.categoricalEntropy['jensen-shannon'].value).toBeCloseTo(0.071921, 6)
    const { process } = data
    expect(process!.excessEntropy.value / bit).toBeCloseTo(Math.log2(3), 8)
    expect(process!.infiniteDraft.limit / bit).toBeCloseTo(0.9182958340544894, 8)
    // The model has learnt the process, so the kernels see nearly the same entropies.
    expect(last.kl.value).toBeLessThan(1e-2)
    expect(Math.abs(report.calibration.gap.value)).toBeLessThan(5e-3)
    expect(report.calibration.refit.gap.value).toBeLessThan(last.kl.value)
    expect(report.drafting!.acceptance.token.value).toBeCloseTo(2 / 3, 9)
    expect(report.drafting!.usable.trained.value).toBeGreaterThan(report.drafting!.usable.permuted.value)
    expect(report.drafting!.usable.trained.value).toBeLessThanOrEqual(Math.log(1.5) + 1e-9)
    expect(report.alignment.surrogate.correlations.limit).toBeGreaterThanOrEqual(2 / 3 - 1e-9)
    expect(last.categoricalEntropy.shannon.value).toBeCloseTo(bit / 3, 1)
    everyIdentityHolds(report)
  })

  test('--process mess3 --context 6 has the spectra of the golden values', () => {
    const { data, alignment } = analyzed(
      'mess3',
      '--process',
      'mess3(x=0.05,a=0.85)',
      '--context',
      '6',
      '--steps',
      '60',
    )
    const { bhattacharyya, linear, cca } = data.operators
    expect(alignment.surrogate.correlations.limit).toBeCloseTo(0.5690168844001106 ** 2 + 0.5690168844001103 ** 2, 8)
    expect(alignment.mixture).toBe(0)
    expect(cca.canonicalCorrelations!.slice(0, 2)).toEqual([
      expect.closeTo(0.5690168844001106, 8),
      expect.closeTo(0.5690168844001103, 8),
    ])
    expect(linear.centred.values.slice(0, 2)).toEqual([
      expect.closeTo(0.10792673824413622, 9),
      expect.closeTo(0.10792673824413607, 9),
    ])
    expect(linear.uncentred.values[0]).toBeCloseTo(0.33333333333333354, 9)
    expect(bhattacharyya.centred.values.slice(0, 3)).toEqual([
      expect.closeTo(0.07421663765931938, 9),
      expect.closeTo(0.07421663765931938, 9),
      expect.closeTo(0.0008778173046594867, 9),
    ])
    expect(bhattacharyya.uncentred.values[0]).toBeCloseTo(0.8515667246813615, 9)
    expect(data.surplus.map(({ surplus }) => surplus.value / bit)).toEqual([
      expect.closeTo(0.09267773465370688, 9),
      expect.closeTo(0.12137639733984606, 9),
      expect.closeTo(0.12809729745768017, 9),
    ])
    expect(data.categoricalEntropy.shannon.value).toBeCloseTo(0.7935427330101661, 9)
    expect(data.categoricalEntropy['jensen-shannon'].value).toBeCloseTo(0.21595615261004544, 9)
  })

  test('--process rrxor --context 6 has the entropies and spectra of the golden values', () => {
    const { data } = analyzed('rrxor', '--process', 'rrxor', '--context', '6', '--steps', '30')
    expect(data.categoricalEntropy.shannon.value).toBeCloseTo(0.5614576570711992, 9)
    expect(data.categoricalEntropy['renyi-1/2'].value).toBeCloseTo(0.5429434670161257, 9)
    expect(data.operators.cca.canonicalCorrelations![0]).toBeCloseTo(0.46022337571613575, 8)
    expect(data.operators.bhattacharyya.centred.values[1]).toBeCloseTo(0.008721171945659438, 9)
    expect(data.surplus.map(({ surplus }) => surplus.value / bit)).toEqual([
      expect.closeTo(0.22116504197387243, 9),
      expect.closeTo(0.3792478552851737, 9),
      expect.closeTo(0.5417935210067562, 9),
    ])
  })

  test.each([
    ['table', [], /^k_head \. k_bb \. k_emb, where k_emb looks up/, { symbols: 3, contexts: 27, hidden: 4 }],
    [
      'transformer',
      ['--layers', '1', '--heads', '2'],
      /^k_head alone/,
      { symbols: 3, width: 4, heads: 2, keyValueHeads: 2, layers: 1, inner: 16 },
    ],
  ])(
    '--architecture %s: every figure of the report, and what was compiled',
    (architecture, options, compiled, sizes) => {
      const common = ['--process', 'mess3', '--context', '3', '--dim', '4', '--steps', '120'] as const
      const report = analyzed(architecture, ...common, '--architecture', architecture, ...options)
      expect(report.model).toMatchObject({ architecture, hidden: 4, sizes })
      expect(report.backend.compiled).toMatch(compiled)
      expect(report.checkpoints.at(-1)!.kl.value).toBeLessThan(report.checkpoints[0]!.kl.value / 2)
      everyIdentityHolds(report)
    },
  )

  test('the same seed gives the same report, another seed another model', () => {
    const options = ['--process', 'even', '--context', '3', '--steps', '40'] as const
    const first = analyzed('first', ...options, '--seed', '7')
    const again = analyzed('again', ...options, '--seed', '7')
    const other = analyzed('other', ...options, '--seed', '8')
    expect(again).toEqual(first)
    expect(other.checkpoints.at(-1)!.nll.value).not.toBe(first.checkpoints.at(-1)!.nll.value)
    expect(other.data).toEqual(first.data)
  })

  test('a text of one’s own, and what it prints', () => {
    writeFileSync(join(folder, 'own.txt'), 'It was the best of times, it was the worst of times. '.repeat(20))
    const out = join(folder, 'own')
    const { status, stdout } = markovcat('analyze', '--text', 'own.txt', '--dim', '3', '--steps', '50', '--out', out)
    expect(status).toBe(0)
    expect(stdout).toContain('k_gen : Context -> Token, own.txt')
    expect(stdout).toMatch(/NLL\s+[\d.]+\s+nats\s+identity\s+residual/)
    expect(stdout).toMatch(/NLL − H̄, entropy calibration +-?[\d.e-]+ +nats +identity +residual/)
    expect(stdout).toMatch(/usable surplus, K = 2 +[\d.]+ +nats +bound +at most [\d.]+; untrained/)
    expect(stdout).toMatch(/^all \d+ identities and bounds of the report hold$/m)
    expect(stdout).toMatch(/captured fraction, Bhattacharyya\s+[\d.]+\s+measurement\s+chance [\d.]+ \[[\d.]+, [\d.]+\]/)
    expect(stdout).toMatch(/kernels ran on (webasm|cpu|webgpu)/)
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    expect(page).toContain('<svg')
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/)
  })

  test('on every checkpoint each backend agrees with the others to 1e-5', () => {
    const options = ['--process', 'golden-mean', '--context', '3', '--steps', '20'] as const
    const [cpu, webasm] = (['cpu', 'webasm'] as const).map((backend) =>
      analyzed(backend, ...options, '--backend', backend),
    ) as [Report, Report]
    expect([cpu.backend.ran, webasm.backend.ran]).toEqual(['cpu', 'webasm'])
    cpu.checkpoints.forEach(({ categoricalEntropy, alignment }, index) => {
      const other = webasm.checkpoints[index]!
      expect(categoricalEntropy.shannon.value).toBeCloseTo(other.categoricalEntropy.shannon.value, 5)
      expect(alignment.linear.captured.value).toBeCloseTo(other.alignment.linear.captured.value, 5)
    })
  })
})

describe('bad input: status 2, a message, and nothing written', () => {
  const letters = join(folder, 'letters.txt')
  const empty = join(folder, 'empty.txt')
  const digits = join(folder, 'digits.txt')
  const short = join(folder, 'short.txt')
  const binary = join(folder, 'binary.txt')
  beforeAll(() => {
    writeFileSync(letters, 'abc abd abe')
    writeFileSync(empty, '')
    writeFileSync(digits, '1234 5678 !!')
    writeFileSync(short, 'ab')
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00, 0xd8]))
    writeFileSync(join(folder, 'a-file'), 'not a folder')
  })

  test.each([
    ['a missing file', ['--text', join(folder, 'none.txt')], /none\.txt.*cannot be read/],
    ['a folder for a file', ['--text', folder], /cannot be read/],
    ['an empty text', ['--text', empty], /empty/],
    ['a text in no encoding', ['--text', binary], /cannot be read/],
    ['a text with no symbol of the alphabet', ['--text', digits], /digits\.txt.*alphabet/],
    ['a context longer than the text', ['--text', short, '--context', '5'], /short\.txt/],
    ['an unknown process', ['--process', 'brown'], /brown.*golden-mean/],
    ['an unknown parameter', ['--process', 'mess3(y=1)'], /mess3.*y/],
    ['a parameter out of range', ['--process', 'mess3(x=2)'], /mess3/],
    ['a process with too many contexts', ['--process', 'mess3', '--context', '11'], /mess3.*177147 contexts/],
    ['a process with too long a context', ['--process', 'cycle8', '--context', '12'], /cycle8.*context/],
    ['an unknown option', ['--colour', 'red'], /unknown option '--colour'/],
    ['an unknown backend', ['--backend', 'cuda'], /Allowed choices are auto, cpu/],
    ['a backend that is not here', ['--text', letters, '--backend', 'webgl'], /webgl/],
    ['a text and a process', ['--text', letters, '--process', 'z1r'], /cannot be used with/],
    ['D = 0', ['--text', letters, '--dim', '0'], /--dim: 0/],
    ['D too large', ['--text', letters, '--dim', '100000'], /--dim: 100000/],
    ['D no number', ['--text', letters, '--dim', 'many'], /--dim: many/],
    ['N = 0', ['--text', letters, '--context', '0'], /--context: 0/],
    ['N with a fraction', ['--text', letters, '--context', '1.5'], /--context: 1\.5/],
    ['no steps', ['--text', letters, '--steps', '0'], /--steps: 0/],
    ['layers of no transformer', ['--text', letters, '--layers', '2'], /--layers: a mlp has none/],
    [
      'heads that do not divide D',
      ['--text', letters, '--architecture', 'transformer', '--dim', '6', '--heads', '2'],
      /heads: 2 do not divide 6/,
    ],
    ['an unknown architecture', ['--architecture', 'rnn'], /Allowed choices are mlp, table, transformer/],
    ['a negative seed', ['--text', letters, '--seed=-1'], /--seed: -1/],
  ])('%s', (_, options, message) => {
    const out = join(folder, 'must-not-appear')
    const { status, stderr, stdout } = markovcat('analyze', ...options, '--out', out)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(status).toBe(2)
    expect(stdout).not.toContain('wrote')
    expect(existsSync(out)).toBe(false)
  })

  test('an output folder that cannot be written', () => {
    const out = join(folder, 'a-file', 'report')
    const { status, stderr } = markovcat('analyze', '--text', letters, '--out', out)
    expect(stderr).toMatch(/--out .*cannot be written/)
    expect(status).toBe(2)
  })

  test.skipIf(process.getuid?.() === 0)('an output folder without permission (not as root)', () => {
    const locked = mkdtempSync(join(folder, 'locked-'))
    chmodSync(locked, 0o500)
    const { status, stderr } = markovcat('analyze', '--text', letters, '--out', join(locked, 'report'))
    expect(stderr).toMatch(/cannot be written/)
    expect(status).toBe(2)
  })

  test('help is not an error; an unknown command is', () => {
    expect(markovcat('--help').status).toBe(0)
    expect(markovcat('analyze', '--help').stdout).toMatch(/--process <name>/)
    expect(markovcat('analyse').status).toBe(2)
  })
})

const everyIdentityHolds = ({ data, checkpoints, calibration, ledger, pullback, alignment }: Report): void => {
  const identities = [
    data.entropyOfToken,
    data.conditionalEntropy,
    data.information,
    ...Object.values(data.categoricalEntropy),
    ...checkpoints.flatMap((checkpoint) => [checkpoint.nll, checkpoint.calibration, checkpoint.excess]),
    calibration.gap,
    calibration.excess,
    alignment.surrogate.value,
    ledger.total,
    pullback.spectrum.trace,
  ]
  for (const { residual, statement } of identities) expect(Math.abs(residual), statement).toBeLessThan(1e-10)
  for (const { categoricalEntropy } of checkpoints)
    for (const { residual, statement } of Object.values(categoricalEntropy))
      expect(Math.abs(residual), statement).toBeLessThan(1e-5)
  for (const { kl, entropyGap } of checkpoints) expect([kl.holds, entropyGap.holds]).toEqual([true, true])
}

test('a report that is not one is refused with the place', () => {
  const refused = parseReport('{"format":"markovcat-report","version":1}')
  expect(isRight(refused)).toBe(false)
  expect(refused).toMatchObject({ left: { kind: 'malformed', where: expect.stringContaining('version') } })
  expect(isRight(parseReport('not json'))).toBe(false)
})
