/**
 * The laws of the study.
 */
import { readFileSync } from 'node:fs'

import { type Either, isLeft } from 'fp-ts/lib/Either.js'

import { type Problem, showProblem } from '../../dsl/problem.js'
import { type Corpus, readCorpus } from '../../src/language-model/corpus.js'
import type { DataKernel } from '../../src/language-model/data-kernel.js'
import { mobyDick } from '../../src/language-model/moby-dick.js'
import { nGramKernel } from '../../src/language-model/n-gram.js'

/** A study has nobody to hand a problem to. */
export const orThrow = <A>(value: Either<Problem, A>): A => {
  if (isLeft(value)) throw new Error(showProblem(value.left))
  return value.right
}

export interface Text {
  readonly name: string
  readonly content: string
}

/** A text file, or the default text. */
export const readText = (path: string | undefined): Text =>
  path === undefined
    ? { name: 'Moby-Dick', content: mobyDick() }
    : { name: path.split(/[\\/]/).at(-1)!, content: readFileSync(path, 'utf8') }

/** Letters and space; contexts of so many. */
export const letters = ({ name, content }: Text, contextLength: number): DataKernel =>
  orThrow(nGramKernel(orThrow(readCorpus(name, content)), contextLength))

/** The most frequent words of a text, all others being one more: an alphabet of `size`; contexts of one. */
export const words = ({ name, content }: Text, size: number): DataKernel => {
  const read: readonly string[] = content.toLowerCase().match(/[a-z]+/g) ?? []
  const counts = new Map<string, number>()
  for (const word of read) counts.set(word, (counts.get(word) ?? 0) + 1)
  const kept = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, size - 1)
  const tokenOf = new Map(kept.map(([word], token) => [word, token]))
  const corpus: Corpus = {
    name: `${name}, ${size} words`,
    symbols: [...tokenOf.keys(), '(another)'],
    tokens: Int32Array.from(read, (word) => tokenOf.get(word) ?? size - 1),
  }
  return orThrow(nGramKernel(corpus, 1))
}
