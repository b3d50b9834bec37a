/** `markovcat verify` as a user runs it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, inject, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'markovcat-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = join(inject('built'), 'src', 'cli', 'main.js')
const verify = (...options: readonly string[]) =>
  spawnSync(process.execPath, [main, 'verify', ...options], { encoding: 'utf8', cwd: folder, timeout: 60_000 })

describe('markovcat verify', () => {
  test('--process mess3 prints every statement, writes claims.json, and ends with status 0', () => {
    const { status, stdout } = verify('--process', 'mess3', '--out', 'claims')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^mess3.*: contexts of 4 symbols, D = 2, 400 steps, seed 1$/m)
    expect(stdout).toMatch(/^Thm 5\.1 +HOLDS$/m)
    expect(stdout).toMatch(/^Thm 7\.6 +FALSE AS STATED$/m)
    expect(stdout).toMatch(/27 statements: 11 holds as corrected, 10 holds, 5 false as stated, 1 measured\n$/)
    const written: unknown = JSON.parse(readFileSync(join(folder, 'claims', 'claims.json'), 'utf8'))
    expect(written).toMatchObject({ format: 'markovcat-claims', version: 1 })
  })

  test.each([
    [['--process', 'nothing'], /nothing/],
    [['--process', 'z1r', '--text', 'a'], /cannot be used with/],
    [['--text', 'missing.txt'], /missing\.txt.*cannot be read/],
    [['--process', 'mess3', '--context', '8'], /there are 6561 contexts/],
    [['--steps', 'many'], /--steps.*many/],
  ])('%j is refused with a line and status 2, and nothing is written', (options, message) => {
    const { status, stderr, stdout } = verify(...options, '--out', 'refused')
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(existsSync(join(folder, 'refused'))).toBe(false)
  })
})
