/**
 * Which law is analysed: the options --text, --process and --context, read and checked.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type Law, mobyDickLaw, processLaw, textLaw } from '../language-model/law.js'
import { reasonOf } from './output.js'

export const wholeNumber = (option: string, text: string, low: number, high: number): Either<Problem, number> => {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= low && value <= high
    ? right(value)
    : left(problem('out-of-range', option, `${text} does not do`, `give a whole number from ${low} to ${high}`))
}

/** The text of a file, decoded as UTF-8. */
export const readText = (file: string): Either<Problem, string> => {
  try {
    return right(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)))
  } catch (error) {
    return left(
      problem('file', `--text ${basename(file)}`, `it cannot be read: ${reasonOf(error)}`, 'give a text file in UTF-8'),
    )
  }
}

interface LawOptions {
  readonly text?: string
  readonly process?: string
}

/** The law that the options name; Moby-Dick where they name none. */
export const lawOf = ({ text, process }: LawOptions, contextLength: number): Either<Problem, Law> => {
  if (process !== undefined) return processLaw(process, contextLength)
  if (text === undefined) return mobyDickLaw(contextLength)
  const content = readText(text)
  return isLeft(content) ? content : textLaw(basename(text), content.right, contextLength)
}
