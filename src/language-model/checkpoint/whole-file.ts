/** Files that are whole or what they were: written beside their place, brought to the disk, and moved there. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'

import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'

/** A problem with a file, in the words of the operating system. */
export const fileProblem = (path: string, error: unknown, remedy: string): Problem =>
  problem('file', path, error instanceof Error ? error.message : String(error), remedy)

/** Writes a file by writing a draft of it. Problems: `file`. */
export const writeWhole = async (
  path: string,
  write: (draft: FileHandle) => Promise<void>,
): Promise<Either<Problem, void>> => {
  const draft = `${path}.${randomUUID()}.draft`
  try {
    const file = await open(draft, 'wx')
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    return right(undefined)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    return left(fileProblem(path, error, 'give a file name in a folder that can be written to'))
  }
}
