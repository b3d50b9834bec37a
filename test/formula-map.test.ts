/** The map from the paper to the code leads to places that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { describe, expect, test } from 'vitest'

const rows = readFileSync('docs/formula-map.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| statement'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))

const quoted = (cell: string): readonly string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name!)

/** Paths as they are written: one without a folder is in the folder of the one before it, or in the first. */
const resolved = (paths: readonly string[], roots: readonly string[], isThere: (path: string) => boolean) => {
  let folder = ''
  return paths.map((path) => {
    const found = roots
      .flatMap((root) => [join(root, path), join(root, folder, path)])
      .find((candidate) => isThere(candidate))
    if (path.includes('/')) folder = dirname(path)
    return { path, found }
  })
}

const testIsThere = (path: string): boolean =>
  path.endsWith('*')
    ? existsSync(dirname(path))
    : existsSync(`${path}.test.ts`) || (existsSync(path) && readdirSync(path).some((name) => name.endsWith('.test.ts')))

describe('docs/formula-map.md', () => {
  test('has its rows', () => expect(rows.length).toBeGreaterThan(25))

  test.each(rows.map(([statement, code, tests]) => [statement!, code!, tests!] as const))(
    '%s',
    (_statement, code, tests) => {
      const files = resolved(
        quoted(code).filter((name) => name.endsWith('.ts')),
        ['src', '.'],
        existsSync,
      )
      const text = files.map(({ path, found }) => {
        expect(found, path).toBeDefined()
        return readFileSync(found!, 'utf8')
      })
      for (const name of quoted(code).filter((each) => /^[a-z][A-Za-z]+$/.test(each)))
        expect(
          text.some((source) => new RegExp(`\\b${name}\\b`).test(source)),
          name,
        ).toBe(true)
      for (const { path, found } of resolved(quoted(tests), ['test/src', 'test'], testIsThere))
        expect(found, path).toBeDefined()
    },
  )
})
