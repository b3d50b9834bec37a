/** Builds the sources once for the tests that run the command line and the examples as a user does: in processes of their own. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that holds src/, dsl/, laws/ and examples/ as JavaScript. */
    readonly built: string
  }
}

const setup = (project: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'markovcat-built-'))
  const tsc = spawnSync(
    process.execPath,
    [
      join('node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      'tsconfig.build.json',
      '--outDir',
      folder,
      '--incremental',
      'false',
      '--tsBuildInfoFile',
      'null',
    ],
    { encoding: 'utf8' },
  )
  // A type error stops the type check, not the tests: the compiler writes JavaScript all the same.
  if (tsc.status !== 0) console.warn(`the sources have type errors:\n${tsc.stdout}${tsc.stderr}`)
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  project.provide('built', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}

export default setup
