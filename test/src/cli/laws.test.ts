/** `markovcat laws` as a user runs it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { afterEach, describe, expect, inject, test, vi } from 'vitest'

import { finStochArbitraries, finStochMutants, markovLaws, mutate } from '../../../laws/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { lawsHold } from '../../../src/cli/laws.js'

const main = join(inject('built'), 'src', 'cli', 'main.js')
const markovcat = (...options: readonly string[]) =>
  spawnSync(process.execPath, [main, ...options], { encoding: 'utf8', timeout: 280_000 })

describe('markovcat laws', () => {
  test('--category fin-set-multi', () => {
    const { status, stdout, stderr } = markovcat('laws', '--category', 'fin-set-multi', '--runs', '20', '--seed', '4')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^seed 4, 20 cases for each law\n/)
    expect(stdout).toMatch(/fin-set-multi, the laws of a Markov category with conditionals with chance/)
    expect(stdout).toMatch(/C4 naturality of swap: passed, 20 cases/)
    expect(stdout).toMatch(/fin-set-multi: \d+ laws checked, 0 failed\n$/)
    expect(status).toBe(0)
  })

  test('--mutants prints every mutant with the laws that catch it', () => {
    const { status, stdout, stderr } = markovcat('laws', '--mutants')
    expect(stderr).toBe('')
    const rows = stdout.split('\n').filter((line) => /^[a-z -]+: .*[·×]/.test(line))
    expect(rows.length).toBeGreaterThan(85)
    expect(rows.every((row) => row.includes('×'))).toBe(true)
    expect(stdout).toMatch(/F1 {2}fin-stoch: sub-stochastic morphisms are admitted\n/)
    expect(stdout).toMatch(
      new RegExp(`${rows.length} mutants, ${rows.length} caught by every law that is named for them\\n$`),
    )
    expect(status).toBe(0)
    // The whole table, on a machine that may be busy.
  }, 300_000)

  test('two categories make a table of two rows', () => {
    const { status, stdout } = markovcat(
      'laws',
      '--category',
      'fin-set',
      'fin-set-multi',
      '--runs',
      '10',
      '--seed',
      '4',
    )
    const lines = stdout.split('\n')
    const rows = lines.filter((line) => /^fin-set(-multi)? {2,}·/.test(line))
    expect(rows.length).toBe(2)
    // Functions have no chance: of group G they have the first three.
    const place = lines.find((line) => /^ +A +B/.test(line))!.indexOf('G')
    expect(rows.map((row) => row.slice(place, place + 5))).toEqual(['···  ', '·····'])
    expect(status).toBe(0)
  })

  test.each([
    [['--category', 'fin-stock'], /fin-stock/],
    [['--runs', '0'], /--runs: 0 does not do; give a whole number from 1 to 1000000/],
    [['--seed', 'x'], /--seed: x does not do/],
    [['--mutants', '--category', 'gauss'], /cannot be used with/],
  ])('%j is refused', (options, message) => {
    const { status, stderr } = markovcat('laws', ...options)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })
})

describe('laws that fail', () => {
  afterEach(() => vi.restoreAllMocks())

  test('are shown, counted, and make the status 1', () => {
    const said: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line))
    const mutant = finStochMutants.find(({ name }) => name === 'swap is the identity matrix')!
    const sets = [markovLaws(mutate(FinStoch, mutant), finStochArbitraries)]
    expect(lawsHold([{ name: 'broken', sets }], { runs: 60, seed: 2020 })).toBe(1)
    const text = said.join('\n')
    expect(text).toMatch(/C4 naturality of swap does not hold in fin-stoch \(swap is the identity matrix\)/)
    expect(text).toMatch(/A1 left identity: passed, 60 cases/)
    expect(text).toMatch(/broken: 83 laws checked, [4-9] failed$/)
  })
})
