/**
 * Training runs on disk.
 */
import { readFile } from 'node:fs/promises'

import { type Either, left } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../../dsl/problem.js'
import type { TrainingRun } from '../training-run.js'
import { parseRun, printRun } from './run-codec.js'
import { fileProblem, writeWhole } from './whole-file.js'

/** Writes a run so that the file is whole or what it was, also after a power failure. Problems: `file`. */
export const saveRun = (path: string, run: TrainingRun): Promise<Either<Problem, void>> =>
  writeWhole(path, (draft) => draft.writeFile(printRun(run)))

/** Reads a run back, bit for bit. Problems: `file`; those of `parseRun`. */
export const loadRun = async (path: string): Promise<Either<Problem, TrainingRun>> => {
  try {
    return parseRun(await readFile(path))
  } catch (error) {
    return left(fileProblem(path, error, 'give a file that can be read'))
  }
}
