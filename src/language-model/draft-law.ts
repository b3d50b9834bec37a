/**
 * What a drafter is up against: the joint law of a context X, its encoding H, the next token W_t and the tokens F = W_t+1 .. W_t+K-1
 * after it, and the information surplus under an encoder that may merge contexts.
 *
 *     [words of n + K symbols] ──┬─ X ──●───────── X
 *                                │      └─[encoder]─ H
 *                                ├─ W_t
 *                                └─ F
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { entropyOfMasses } from './block-entropies.js'
import type { Classes } from './encoding-classes.js'
import { prefixes, type WordLaw } from './word-law.js'

/** One entry for each (x, w, f) of positive probability. */
export interface DraftLaw {
  readonly name: string
  /** V. */
  readonly symbols: number
  /** K: the next token and the K - 1 drafted after it. */
  readonly tokens: number
  /** The number of the context x, of its encoding h, of the next token w and of the drafted block f. */
  readonly contexts: Int32Array
  readonly states: Int32Array
  readonly next: Int32Array
  readonly futures: Int32Array
  /** How many contexts, encodings and drafted blocks there are. */
  readonly contextCount: number
  readonly stateCount: number
  readonly futureCount: number
  /** futures x (K - 1): the symbols of each drafted block. */
  readonly blocks: Int32Array
  /** P(x, w, f): sums to one. */
  readonly masses: Float64Array
}

/**
 * The drafting problem of a law whose words have n + K symbols, for contexts of n symbols under an encoder: the class of each context
 * in the order of the law's kernel (all different where none is given).
 *
 * Errors: n that leaves no token; an encoder of other contexts.
 *
 * @example
 * const words = toUnion(processWords(toUnion(parseProcess('z1r')), 5))
 * const law = toUnion(draftLaw(words, 3))
 * surplusUnder(law) // => 0.4054651081081644
 */
export const draftLaw = (words: WordLaw, contextLength: number, encoder?: Classes): Either<Problem, DraftLaw> => {
  const { name, symbols, length, masses } = words
  const where = `${name}, drafting after ${contextLength} symbols`
  if (!Number.isInteger(contextLength) || contextLength < 1 || contextLength >= length)
    return left(
      problem('out-of-range', where, `the words have ${length}`, `give a whole number from 1 to ${length - 1}`),
    )
  const { of: contexts, count: contextCount } = prefixes(words, contextLength)
  if (encoder !== undefined && encoder.of.length !== contextCount)
    return left(
      problem(
        'invalid-value',
        where,
        `the encoder has ${encoder.of.length} contexts`,
        `give a class for each of the ${contextCount} contexts`,
      ),
    )
  const numbers = new Map<string, number>()
  const blocks: number[] = []
  const next = new Int32Array(masses.length)
  const futures = new Int32Array(masses.length)
  for (let word = 0; word < masses.length; word++) {
    next[word] = words.words[word * length + contextLength]!
    const block = words.words.subarray(word * length + contextLength + 1, (word + 1) * length)
    const known = numbers.get(block.join())
    futures[word] = known ?? numbers.size
    if (known !== undefined) continue
    numbers.set(block.join(), numbers.size)
    blocks.push(...block)
  }
  return right({
    name,
    symbols: symbols.length,
    tokens: length - contextLength,
    contexts,
    states: encoder === undefined ? contexts : contexts.map((context) => encoder.of[context]!),
    next,
    futures,
    contextCount,
    stateCount: encoder?.count ?? contextCount,
    futureCount: numbers.size,
    blocks: Int32Array.from(blocks),
    masses,
  })
}

/** What a drafter may look at: the next token alone, the encoding alone, both, or the context and the next token. */
export type DrafterView = 'token' | 'state' | 'token-and-state' | 'context'

export const drafterViews: readonly DrafterView[] = ['token', 'state', 'token-and-state', 'context']

/** Entries that agree, numbered by first occurrence, with their mass. */
export interface Grouping {
  readonly of: Int32Array
  readonly masses: Float64Array
}

/** Entries grouped by a number each: whole numbers below 2^53. */
const groupedBy = (masses: Float64Array, key: (entry: number) => number): Grouping => {
  const numbers = new Map<number, number>()
  const of = new Int32Array(masses.length)
  const sums: number[] = []
  for (let entry = 0; entry < masses.length; entry++) {
    const known = numbers.get(key(entry))
    if (known === undefined) numbers.set(key(entry), sums.length)
    const group = known ?? sums.length
    of[entry] = group
    sums[group] = (sums[group] ?? 0) + masses[entry]!
  }
  return { of, masses: Float64Array.from(sums) }
}

/** The entries by what a view shows. */
export const seen = (law: DraftLaw, view: DrafterView): Grouping => {
  const { symbols, contexts, states, next, masses } = law
  switch (view) {
    case 'token':
      return groupedBy(masses, (entry) => next[entry]!)
    case 'state':
      return groupedBy(masses, (entry) => states[entry]!)
    case 'token-and-state':
      return groupedBy(masses, (entry) => states[entry]! * symbols + next[entry]!)
    case 'context':
      return groupedBy(masses, (entry) => contexts[entry]! * symbols + next[entry]!)
  }
}

/** The entries by what is seen and what is drafted. */
export const withFuture = ({ futures, futureCount, masses }: DraftLaw, { of }: Grouping): Grouping =>
  groupedBy(masses, (entry) => of[entry]! * futureCount + futures[entry]!)

/** H(F | what a view shows), nats. */
export const futureEntropy = (law: DraftLaw, view: DrafterView): number => {
  const known = seen(law, view)
  return entropyOfMasses(withFuture(law, known).masses) - entropyOfMasses(known.masses)
}

/**
 * Surplus_K under the law's encoder, in nats: I(H; F | W_t) = H(F | W_t) - H(F | W_t, H), by the entropies of blocks with merged
 * contexts.
 *
 *     I(H; F | W_t) = H(W_t, F) - H(W_t) - H(H, W_t, F) + H(H, W_t)
 *
 * At most I(X; F | W_t), with equality where no contexts are merged; an identity. Source: Zhang, "A Markov Categorical Framework for
 * Language Modeling" (2025), (4.1) and (4.2).
 */
export const surplusUnder = (law: DraftLaw): number =>
  futureEntropy(law, 'token') - futureEntropy(law, 'token-and-state')
