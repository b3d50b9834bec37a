/**
 * The law of the n-grams of a text, counted exactly.
 *
 * The text is read as a circle: every place starts one k-gram for every k. So the law is stationary, the k-grams are exactly the
 * marginals of the (k+1)-grams on either side, and the order-N chain of the text is its own law of contexts and next symbols.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { blockEntropies, entropyOfMasses } from './block-entropies.js'
import type { Corpus } from './corpus.js'
import type { BlockEntropies, DataKernel } from './data-kernel.js'
import type { WordLaw } from './word-law.js'

/** The places of a circular text in the lexicographic order of the k-grams that start there. */
interface NGramOrder {
  readonly length: number
  readonly places: Int32Array
  /** Where each distinct k-gram begins in `places`, and the end. */
  readonly starts: Int32Array
}

/** Distinct k-grams in lexicographic order. */
export interface NGramCounts {
  readonly length: number
  /** distinct x length, row-major. */
  readonly grams: Int32Array
  /** How often each occurs; the counts sum to the length of the text. */
  readonly counts: Int32Array
}

/** 256 MiB of float64. */
const largestKernel = 2 ** 25

const empty = (corpus: Corpus): NGramOrder => ({
  length: 0,
  places: Int32Array.from(corpus.tokens, (_, place) => place),
  starts: Int32Array.of(0, corpus.tokens.length),
})

/** One symbol more: a stable counting sort by the next symbol inside each k-gram's places. */
const extend = ({ tokens, symbols }: Corpus, { length, places, starts }: NGramOrder): NGramOrder => {
  const size = tokens.length
  const sorted = new Int32Array(size)
  const found = new Int32Array(size + 1)
  const ends = new Int32Array(symbols.length)
  const offset = length % size
  const next = (place: number): number => tokens[place + offset < size ? place + offset : place + offset - size]!
  let distinct = 0
  for (let gram = 0; gram + 1 < starts.length; gram++) {
    const [from, to] = [starts[gram]!, starts[gram + 1]!]
    if (to - from === 1) {
      found[distinct++] = from
      sorted[from] = places[from]!
      continue
    }
    ends.fill(0)
    for (let index = from; index < to; index++) ends[next(places[index]!)]!++
    let position = from
    for (let symbol = 0; symbol < ends.length; symbol++) {
      const count = ends[symbol]!
      ends[symbol] = position
      if (count > 0) found[distinct++] = position
      position += count
    }
    for (let index = from; index < to; index++) sorted[ends[next(places[index]!)]!++] = places[index]!
  }
  found[distinct] = size
  return { length: length + 1, places: sorted, starts: found.slice(0, distinct + 1) }
}

const orderOf = (corpus: Corpus, length: number): NGramOrder => {
  let order = empty(corpus)
  while (order.length < length) order = extend(corpus, order)
  return order
}

const countsIn = ({ starts }: NGramOrder): Int32Array =>
  starts.subarray(0, -1).map((start, gram) => starts[gram + 1]! - start)

const gramsIn = ({ tokens }: Corpus, { length, places, starts }: NGramOrder): Int32Array => {
  const grams = new Int32Array((starts.length - 1) * length)
  for (let gram = 0; gram + 1 < starts.length; gram++)
    for (let index = 0; index < length; index++)
      grams[gram * length + index] = tokens[(places[starts[gram]!]! + index) % tokens.length]!
  return grams
}

/** The distinct k-grams of a text read as a circle, with their counts. */
export const nGramCounts = (corpus: Corpus, length: number): NGramCounts => {
  const order = orderOf(corpus, length)
  return { length, grams: gramsIn(corpus, order), counts: countsIn(order) }
}

/**
 * The law of the words of a length of a text read as a circle, exact for the text. A length of none throws.
 *
 * @example
 * const corpus = toUnion(readCorpus('note', 'abab', { symbols: ['a', 'b'], lowerCase: false, separator: undefined }))
 * Array.from(nGramWords(corpus, 2).masses) // => [0.5, 0.5]
 */
export const nGramWords = (corpus: Corpus, length: number): WordLaw => {
  if (!Number.isInteger(length) || length < 1) throw new Error(`nGramWords: ${length} is no length`)
  const { grams, counts } = nGramCounts(corpus, length)
  const { name, symbols, tokens } = corpus
  return { name, symbols, length, words: grams, masses: Float64Array.from(counts, (count) => count / tokens.length) }
}

/**
 * k_data of a text: the exact law of the next symbol given the last N.
 *
 * Errors: N no whole number of at least one; a text with no more than N symbols; more contexts than memory is allowed for.
 */
export const nGramKernel = (corpus: Corpus, contextLength: number): Either<Problem, DataKernel> => {
  const where = `${corpus.name}, contexts of ${contextLength} symbols`
  const [size, width] = [corpus.tokens.length, corpus.symbols.length]
  if (!Number.isInteger(contextLength) || contextLength < 1)
    return left(problem('out-of-range', where, 'this is no length', 'give a whole number of at least 1'))
  if (size <= contextLength)
    return left(
      problem(
        'out-of-range',
        where,
        `the text has ${size} symbols of the alphabet`,
        `give a text with more than ${contextLength} symbols, or shorter contexts`,
      ),
    )
  const order = orderOf(corpus, contextLength)
  const counts = countsIn(order)
  if (counts.length * width > largestKernel)
    return left(
      problem(
        'out-of-range',
        where,
        `there are ${counts.length} contexts and ${width} symbols`,
        `give shorter contexts: contexts times symbols may be ${largestKernel}`,
      ),
    )
  const next = new Float64Array(counts.length * width)
  counts.forEach((count, context) => {
    const row = next.subarray(context * width, (context + 1) * width)
    const start = order.starts[context]!
    for (let index = start; index < start + count; index++)
      row[corpus.tokens[(order.places[index]! + contextLength) % size]!]!++
    for (let symbol = 0; symbol < width; symbol++) row[symbol]! /= count
  })
  return right({
    name: corpus.name,
    symbols: corpus.symbols,
    contextLength,
    contexts: gramsIn(corpus, order),
    weights: Float64Array.from(counts, (count) => count / size),
    next,
  })
}

/** The block entropies (nats) of a text read as a circle: exact for the text itself, plug-in estimates for what it is a sample of. */
export const nGramBlockEntropies = (corpus: Corpus): BlockEntropies => {
  let order = empty(corpus)
  return blockEntropies(corpus.tokens.length, () => {
    order = extend(corpus, order)
    return entropyOfMasses(countsIn(order), corpus.tokens.length)
  })
}
