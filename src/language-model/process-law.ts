/**
 * The law of a hidden Markov process on words, exact by finite sums over the words of positive probability.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { blockEntropies, entropyOfMasses } from './block-entropies.js'
import type { BlockEntropies, DataKernel } from './data-kernel.js'
import type { HiddenMarkovProcess } from './hidden-markov.js'
import type { WordLaw } from './word-law.js'

/** How many words of one length are enumerated at most. */
export const mostWords = 2 ** 21
/** Where the number of words stays small for ever, the blocks stop here. */
const longestBlock = 64

/** The words of one length from one law of the first hidden state, in lexicographic order. */
interface Words {
  readonly length: number
  /** count x S: P(word, hidden state after it). */
  readonly forward: Float64Array
  /** P(word). */
  readonly masses: Float64Array
  /** The word without its last symbol, as an index into the words that are one shorter; and that symbol. */
  readonly parents: Int32Array
  readonly last: Int32Array
}

/** For each length from 0, how many words have positive probability: paths of the automaton on sets of possible hidden states. */
const wordCounts = ({ symbols, states, transitions }: HiddenMarkovProcess, start: Float64Array): readonly number[] => {
  const all = Array.from({ length: states }, (_, state) => state)
  const successors = new Map<string, readonly string[]>()
  const after = (key: string): readonly string[] => {
    const known = successors.get(key)
    if (known !== undefined) return known
    const from = key.split(',').map(Number)
    const reached = symbols
      .map((_, w) => all.filter((j) => from.some((i) => transitions[(w * states + i) * states + j]! > 0)).join(','))
      .filter((next) => next !== '')
    successors.set(key, reached)
    return reached
  }
  let level = new Map([[all.filter((state) => start[state]! > 0).join(','), 1]])
  const counts = [1]
  while (counts.length <= longestBlock) {
    const next = new Map<string, number>()
    for (const [key, count] of level) for (const to of after(key)) next.set(to, (next.get(to) ?? 0) + count)
    const total = [...next.values()].reduce((sum, count) => sum + count, 0)
    if (total > mostWords) break
    counts.push(total)
    level = next
  }
  return counts
}

const noWords = (start: Float64Array): Words => ({
  length: 0,
  forward: start,
  masses: Float64Array.of(1),
  parents: new Int32Array(1),
  last: new Int32Array(1),
})

const extend = ({ symbols, states, transitions }: HiddenMarkovProcess, words: Words, count: number): Words => {
  const forward = new Float64Array(count * states)
  const masses = new Float64Array(count)
  const parents = new Int32Array(count)
  const last = new Int32Array(count)
  const row = new Float64Array(states)
  let word = 0
  for (let parent = 0; parent < words.masses.length; parent++)
    for (let w = 0; w < symbols.length; w++) {
      let mass = 0
      for (let j = 0; j < states; j++) {
        let sum = 0
        for (let i = 0; i < states; i++)
          sum += words.forward[parent * states + i]! * transitions[(w * states + i) * states + j]!
        row[j] = sum
        mass += sum
      }
      if (mass === 0) continue
      forward.set(row, word * states)
      masses[word] = mass
      parents[word] = parent
      last[word] = w
      word++
    }
  // Fewer words than counted where a probability underflows.
  return {
    length: words.length + 1,
    forward: forward.subarray(0, word * states),
    masses: masses.subarray(0, word),
    parents: parents.subarray(0, word),
    last: last.subarray(0, word),
  }
}

/** The symbols of the words of the last level, count x length. */
const spell = (levels: readonly Pick<Words, 'parents' | 'last'>[]): Int32Array => {
  const length = levels.length
  const count = levels[length - 1]!.last.length
  const spelled = new Int32Array(count * length)
  for (let word = 0; word < count; word++) {
    let at = word
    for (let index = length - 1; index >= 0; index--) {
      spelled[word * length + index] = levels[index]!.last[at]!
      at = levels[index]!.parents[at]!
    }
  }
  return spelled
}

const entropiesFrom = (process: HiddenMarkovProcess, start: Float64Array): BlockEntropies => {
  const counts = wordCounts(process, start)
  let words = noWords(start)
  return blockEntropies(counts.length - 1, (length) => {
    words = extend(process, words, counts[length]!)
    return entropyOfMasses(words.masses)
  })
}

/** The block entropies (nats) of a process, exact; the longest block is the last one with at most 2^21 words, or 64. */
export const processBlockEntropies = (process: HiddenMarkovProcess): BlockEntropies =>
  entropiesFrom(process, process.stationary)

const lengthProblem = (where: string, length: number, longest: number): Problem | undefined =>
  Number.isInteger(length) && length >= 1 && length <= longest
    ? undefined
    : problem(
        'out-of-range',
        where,
        `words of ${length} symbols are not enumerated`,
        `give a whole number from 1 to ${longest}: up to there at most ${mostWords} words have positive probability`,
      )

/** The words of positive probability of a length, with the hidden states after them, and their symbols. */
const wordsOfLength = (
  process: HiddenMarkovProcess,
  where: string,
  length: number,
): Either<Problem, { readonly words: Words; readonly spelled: Int32Array }> => {
  const counts = wordCounts(process, process.stationary)
  const wrong = lengthProblem(`${process.name}, ${where}`, length, counts.length - 1)
  if (wrong !== undefined) return left(wrong)
  let words = noWords(process.stationary)
  const levels: Pick<Words, 'parents' | 'last'>[] = []
  while (words.length < length) {
    words = extend(process, words, counts[words.length + 1]!)
    levels.push({ parents: words.parents, last: words.last })
  }
  return right({ words, spelled: spell(levels) })
}

/**
 * The law of the words of a length of a process, exact.
 *
 * Errors: a length that is no whole number of at least one, or for which more than 2^21 words have positive probability.
 *
 * @example
 * Array.from(toUnion(processWords(toUnion(parseProcess('golden-mean')), 2)).words) // => [0, 0, 0, 1, 1, 0]
 */
export const processWords = (process: HiddenMarkovProcess, length: number): Either<Problem, WordLaw> => {
  const listed = wordsOfLength(process, 'words', length)
  if (isLeft(listed)) return listed
  const { words, spelled } = listed.right
  const { name, symbols } = process
  return right({ name, symbols, length, words: spelled, masses: words.masses.slice() })
}

/**
 * k_data of a process: the exact law of the next symbol given the last N, for the contexts of positive probability.
 *
 * Errors: N no whole number of at least one, or so large that more than 2^21 words of N symbols have positive probability.
 */
export const processKernel = (process: HiddenMarkovProcess, contextLength: number): Either<Problem, DataKernel> => {
  const listed = wordsOfLength(process, 'contexts', contextLength)
  if (isLeft(listed)) return listed
  const { words, spelled } = listed.right
  const { states, transitions } = process
  const [count, width] = [words.masses.length, process.symbols.length]
  const next = new Float64Array(count * width)
  const emission = Float64Array.from({ length: width * states }, (_, index) =>
    transitions.subarray(index * states, (index + 1) * states).reduce((sum, entry) => sum + entry, 0),
  )
  for (let context = 0; context < count; context++)
    for (let w = 0; w < width; w++) {
      let sum = 0
      for (let i = 0; i < states; i++) sum += words.forward[context * states + i]! * emission[w * states + i]!
      next[context * width + w] = sum / words.masses[context]!
    }
  return right({
    name: process.name,
    symbols: process.symbols,
    contextLength,
    contexts: spelled,
    weights: words.masses.slice(),
    next,
  })
}

/** An interval that holds the entropy rate h. */
export interface EntropyRateBracket {
  /** H(W_n | W_1 .. W_n-1, S_0), nats: equal to h where the next hidden state is fixed by the symbol. */
  readonly lower: number
  /** H(W_n | W_1 .. W_n-1), nats. */
  readonly upper: number
}

/**
 * The entropy rate from below and from above, by words of n symbols with and without the first hidden state known.
 *
 * Errors: n out of range. Source: Cover and Thomas, "Elements of Information Theory", theorem 4.5.1.
 */
export const entropyRateBracket = (process: HiddenMarkovProcess, n: number): Either<Problem, EntropyRateBracket> => {
  const blocks = processBlockEntropies(process)
  const wrong = lengthProblem(`${process.name}, entropy rate`, n, blocks.longest)
  if (wrong !== undefined) return left(wrong)
  const lower = process.stationary.reduce((sum, weight, state) => {
    if (weight === 0) return sum
    const start = new Float64Array(process.states)
    start[state] = 1
    const known = entropiesFrom(process, start)
    return sum + weight * (known.of(n) - known.of(n - 1))
  }, 0)
  return right({ lower, upper: blocks.of(n) - blocks.of(n - 1) })
}
