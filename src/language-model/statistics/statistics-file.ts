/** Statistics on disk, so that shards of a job can be merged, at another time and on another machine. */
import { readFile } from 'node:fs/promises'

import { type Either, left, mapLeft } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../../dsl/problem.js'
import { fileProblem, writeWhole } from '../checkpoint/whole-file.js'
import type { HeadParameters } from './head-parameters.js'
import type { Statistics } from './statistics.js'
import { parseStatistics, printStatistics, type StoredStatistics } from './statistics-codec.js'

export { parseStatistics, printStatistics, type StoredStatistics } from './statistics-codec.js'

/** Writes statistics beside their place and moves them there, so that a file is whole or what it was. Problems: `file`. */
export const saveStatistics = (
  path: string,
  statistics: Statistics,
  job: string,
  head?: HeadParameters,
): Promise<Either<Problem, void>> =>
  writeWhole(path, (draft) => draft.writeFile(printStatistics(statistics, job, head)))

/** Reads statistics back, bit for bit. Problems: `file`; those of `parseStatistics`, with the path. */
export const loadStatistics = async (path: string): Promise<Either<Problem, StoredStatistics>> => {
  try {
    const stored = parseStatistics(await readFile(path))
    return mapLeft((fault: Problem) => ({ ...fault, where: `${path}, ${fault.where}` }))(stored)
  } catch (error) {
    return left(fileProblem(path, error, 'give a file of statistics that can be read'))
  }
}
