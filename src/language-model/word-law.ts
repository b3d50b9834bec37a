/**
 * The law of the words of one length of a stationary law, as the list of the words of positive probability.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { DataKernel } from './data-kernel.js'

export interface WordLaw {
  readonly name: string
  /** The alphabet; V symbols. */
  readonly symbols: readonly string[]
  readonly length: number
  /** count x length, row-major: the words of positive probability, in lexicographic order. */
  readonly words: Int32Array
  /** P(word), count: sums to one. */
  readonly masses: Float64Array
}

/** How many words one length may have at most. */
export const mostListedWords = 2 ** 23

/**
 * The words of N + m symbols under the chain of order N that a kernel with contexts of N symbols defines: m symbols drawn one by one.
 *
 * Stationary where the weights are the chain's stationary law, as they are for the kernel of a process that has order N, and for the
 * kernel of a text read as a circle. Errors: a length of at most N; a word that leads to a context which the kernel does not have;
 * more than 2^23 words.
 *
 * @example
 * const kernel = toUnion(processKernel(toUnion(parseProcess('golden-mean')), 1))
 * Array.from(toUnion(chainWords(kernel, 2)).masses) // => [0.3333333333, 0.3333333333, 0.3333333333]
 */
export const chainWords = (kernel: DataKernel, length: number): Either<Problem, WordLaw> => {
  const { name, symbols, contextLength, contexts, weights, next } = kernel
  const where = `${name}, words of ${length} symbols`
  if (!Number.isInteger(length) || length <= contextLength)
    return left(
      problem('out-of-range', where, `contexts have ${contextLength}`, `give a whole number above ${contextLength}`),
    )
  const width = symbols.length
  const numbers = new Map(Array.from(weights, (_, context) => [spelling(contexts, contextLength, context), context]))
  // The context after each word, and the words so far, level by level.
  let words = contexts
  let masses = weights
  let last = Int32Array.from(weights, (_, context) => context)
  for (let size = contextLength; size < length; size++) {
    const count = masses.reduce((sum, _, word) => sum + support(next, last[word]!, width), 0)
    if (count > mostListedWords)
      return left(problem('out-of-range', where, `there are ${count}`, `stay within ${mostListedWords} words`))
    const longer = new Int32Array(count * (size + 1))
    const longerMasses = new Float64Array(count)
    const longerLast = new Int32Array(count)
    let at = 0
    for (let word = 0; word < masses.length; word++)
      for (let w = 0; w < width; w++) {
        const probability = next[last[word]! * width + w]!
        if (probability === 0) continue
        longer.set(words.subarray(word * size, (word + 1) * size), at * (size + 1))
        longer[at * (size + 1) + size] = w
        longerMasses[at] = masses[word]! * probability
        const context = numbers.get(
          longer.subarray((at + 1) * (size + 1) - contextLength, (at + 1) * (size + 1)).join(),
        )
        if (context === undefined && size + 1 < length)
          return left(
            problem(
              'invalid-value',
              where,
              'a word ends in a context that the kernel does not have',
              'give a kernel whose contexts are closed under their next symbols',
            ),
          )
        longerLast[at++] = context ?? -1
      }
    words = longer
    masses = longerMasses
    last = longerLast
  }
  return right({ name, symbols, length, words, masses })
}

const spelling = (words: Int32Array, length: number, word: number): string =>
  words.subarray(word * length, (word + 1) * length).join()

/** How many symbols can follow a context. */
const support = (next: Float64Array, context: number, width: number): number => {
  let count = 0
  for (let index = context * width; index < (context + 1) * width; index++) if (next[index]! > 0) count++
  return count
}

/**
 * For each word the number of its first symbols' word among all of that length, in lexicographic order, and how many those are.
 *
 * For n symbols these are the contexts of the law's kernel with contexts of n symbols, in its order.
 *
 * @example
 * const law = { name: 'law', symbols: ['a', 'b'], length: 2, words: Int32Array.of(0, 0, 0, 1, 1, 0), masses: Float64Array.of(0.25, 0.25, 0.5) }
 * Array.from(prefixes(law, 1).of) // => [0, 0, 1]
 */
export const prefixes = ({ length, words, masses }: WordLaw, first: number): { of: Int32Array; count: number } => {
  const of = new Int32Array(masses.length)
  let count = masses.length > 0 ? 1 : 0
  for (let word = 1; word < masses.length; word++) {
    let same = true
    for (let place = 0; same && place < first; place++)
      same = words[word * length + place] === words[(word - 1) * length + place]
    if (!same) count++
    of[word] = count - 1
  }
  return { of, count }
}
