/**
 * A law to be modelled: its kernel from contexts to tokens, and the entropies of its blocks.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { type Corpus, readCorpus } from './corpus.js'
import type { BlockEntropies, DataKernel } from './data-kernel.js'
import type { HiddenMarkovProcess } from './hidden-markov.js'
import { mobyDick } from './moby-dick.js'
import { nGramBlockEntropies, nGramKernel, nGramWords } from './n-gram.js'
import { parseProcess } from './process.js'
import { processBlockEntropies, processKernel, processWords } from './process-law.js'
import type { WordLaw } from './word-law.js'

/** What a law is the law of. */
export type LawSource =
  | { readonly kind: 'text'; readonly corpus: Corpus }
  | { readonly kind: 'process'; readonly process: HiddenMarkovProcess }

export interface Law {
  readonly kernel: DataKernel
  readonly entropies: BlockEntropies
  readonly source: LawSource
  /** Which law this is, in a sentence: what is exact about the figures is exact for it. */
  readonly note: string
}

/** The circular k-gram law of a text over letters and space. */
export const textLaw = (name: string, text: string, contextLength: number): Either<Problem, Law> => {
  const corpus = readCorpus(name, text)
  if (isLeft(corpus)) return corpus
  const kernel = nGramKernel(corpus.right, contextLength)
  return isLeft(kernel)
    ? kernel
    : right({
        kernel: kernel.right,
        entropies: nGramBlockEntropies(corpus.right),
        source: { kind: 'text', corpus: corpus.right },
        note: textNote(corpus.right),
      })
}

/** The law of the default text, Moby-Dick. */
export const mobyDickLaw = (contextLength: number): Either<Problem, Law> =>
  textLaw('Moby-Dick', mobyDick(), contextLength)

/** The law of a named process, parameters in brackets. */
export const processLaw = (name: string, contextLength: number): Either<Problem, Law> => {
  const process = parseProcess(name)
  if (isLeft(process)) return process
  const kernel = processKernel(process.right, contextLength)
  return isLeft(kernel)
    ? kernel
    : right({
        kernel: kernel.right,
        entropies: processBlockEntropies(process.right),
        source: { kind: 'process', process: process.right },
        note: `The exact law of the stationary process ${process.right.name}: no sampling anywhere.`,
      })
}

/**
 * The words of a length under a law; of those with a token more than a context, the first symbols are the kernel's contexts in its order.
 *
 * Errors: more words than memory is allowed for.
 */
export const wordsOfLaw = ({ source }: Law, length: number): Either<Problem, WordLaw> =>
  source.kind === 'text' ? right(nGramWords(source.corpus, length)) : processWords(source.process, length)

const textNote = ({ tokens, symbols }: Corpus): string =>
  `The circular k-gram law of ${tokens.length} symbols over ${symbols.length} (letters lower-cased, all else one space). ` +
  'Figures are exact for this law; for the language behind the text they are plug-in estimates, and longer blocks under-estimate its entropy.'
