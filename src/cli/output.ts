/**
 * Files that appear together or not at all.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'

/** What the operating system says of an error, without its stack. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const unwritable = (folder: string, error: unknown): Either<Problem, never> =>
  left(problem('file', `--out ${folder}`, `it cannot be written: ${reasonOf(error)}`, 'give a folder that can'))

/** Makes sure that a folder is there and can be written; a folder that was made only for the check is taken away again. */
export const checkFolder = async (folder: string): Promise<Either<Problem, void>> => {
  try {
    const made = await mkdir(folder, { recursive: true })
    const probe = join(folder, `.${randomUUID()}`)
    await writeFile(probe, '')
    await rm(made ?? probe, { recursive: true })
    return right(undefined)
  } catch (error) {
    return unwritable(folder, error)
  }
}

/** Writes texts to files of a folder: each beside its place first, and all moved there when every one is written. */
export const writeTogether = async (
  folder: string,
  texts: Readonly<Record<string, string>>,
): Promise<Either<Problem, readonly string[]>> => {
  const files = Object.entries(texts).map(([name, text]) => ({
    text,
    place: join(folder, name),
    draft: join(folder, `.${name}.${randomUUID()}`),
  }))
  try {
    await mkdir(folder, { recursive: true })
    for (const { draft, text } of files) await writeFile(draft, text)
    for (const { draft, place } of files) await rename(draft, place)
    return right(files.map(({ place }) => place))
  } catch (error) {
    for (const { draft } of files) await rm(draft, { force: true })
    return unwritable(folder, error)
  }
}
