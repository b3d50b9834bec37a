/**
 * The excess entropy of a hidden Markov process: all that its past says of its future.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { nonnegative } from '../information/rounding.js'
import { entropyOfMasses } from './block-entropies.js'
import type { HiddenMarkovProcess } from './hidden-markov.js'
import { entropyRateBracket, processBlockEntropies, processWords } from './process-law.js'
import type { Bracket } from './surplus.js'

/**
 * E = I(past; future) = lim H(n) - n h, in nats, from below and from above by words of n symbols.
 *
 *     H(n) - n h  <=  E  <=  H(n) - n h + I(S_0; S_n | W_1 .. W_n)
 *
 * What E has beyond n symbols is I(W_0, W_-1 ..; W_n+1 .. | W_1 .. W_n), and given the n symbols the past reaches the future only
 * through the hidden states at both ends. Bounds; the bracket closes where the symbols in the end reveal the hidden state.
 * Errors: n out of range, as for `entropyRateBracket`.
 *
 * @example
 * const bracket = toUnion(excessEntropyBracket(toUnion(parseProcess('golden-mean')), 3))
 * bracket.lower // => 0.1744160479
 * bracket.upper // => 0.1744160479
 */
export const excessEntropyBracket = (process: HiddenMarkovProcess, n: number): Either<Problem, Bracket> => {
  const rate = entropyRateBracket(process, n)
  if (isLeft(rate)) return rate
  const words = processWords(process, n)
  if (isLeft(words)) return words
  if (words.right.masses.length * process.states ** 2 > mostEntries)
    return left(
      problem('out-of-range', `${process.name}, excess entropy`, `words of ${n} symbols are too many`, 'give fewer'),
    )
  const block = processBlockEntropies(process).of(n)
  return right({
    lower: nonnegative(block - n * rate.right.upper),
    upper: block - n * rate.right.lower + endsInformation(process, words.right.words, n),
  })
}

const mostEntries = 2 ** 25

/** I(S_0; S_n | W_1 .. W_n), nats. */
const endsInformation = (
  { states, transitions, stationary }: HiddenMarkovProcess,
  words: Int32Array,
  n: number,
): number => {
  const count = words.length / n
  const [ends, starts, finishes, masses] = [
    new Float64Array(count * states * states),
    new Float64Array(count * states),
    new Float64Array(count * states),
    new Float64Array(count),
  ]
  let [from, to] = [new Float64Array(states), new Float64Array(states)]
  for (let word = 0; word < count; word++)
    for (let start = 0; start < states; start++) {
      from.fill(0)
      from[start] = stationary[start]!
      for (let place = 0; place < n; place++) {
        const base = words[word * n + place]! * states * states
        for (let j = 0; j < states; j++) {
          let sum = 0
          for (let i = 0; i < states; i++) sum += from[i]! * transitions[base + i * states + j]!
          to[j] = sum
        }
        ;[from, to] = [to, from]
      }
      ends.set(from, (word * states + start) * states)
      for (let end = 0; end < states; end++) {
        starts[word * states + start]! += from[end]!
        finishes[word * states + end]! += from[end]!
        masses[word]! += from[end]!
      }
    }
  return nonnegative(
    entropyOfMasses(starts) + entropyOfMasses(finishes) - entropyOfMasses(ends) - entropyOfMasses(masses),
  )
}
