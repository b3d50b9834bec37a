/**
 * Training runs on disk.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'

import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import type { TrainingRun } from '../training-run.js'
import { parseRun, printRun } from './run-codec.js'

const fault = (path: string, error: unknown, remedy: string): Either<Problem, never> =>
  left(problem('file', path, error instanceof Error ? error.message : String(error), remedy))

/** Writes a run beside its place and moves it there, so that a file is whole or what it was. Problems: `file`. */
export const saveRun = async (path: string, run: TrainingRun): Promise<Either<Problem, void>> => {
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, printRun(run))
    await rename(draft, path)
    return right(undefined)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    return fault(path, error, 'give a file name in a folder that can be written to')
  }
}

/** Reads a run back, bit for bit. Problems: `file`; those of `parseRun`. */
export const loadRun = async (path: string): Promise<Either<Problem, TrainingRun>> => {
  try {
    return parseRun(await readFile(path))
  } catch (error) {
    return fault(path, error, 'give a file that can be read')
  }
}
