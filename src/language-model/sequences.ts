/**
 * Batches of token sequences: a pure function of seed and step, so that a training that goes on needs no state of a generator.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { uniformAt } from '../category/sampler/addressed-randomness.js'
import { randomPermutations } from '../linear-algebra/random-permutation.js'
import type { Corpus } from './corpus.js'
import type { HiddenMarkovProcess } from './hidden-markov.js'
import type { Sequences } from './transformer/forward.js'

/** Sequences and, for each of their places, the token that comes next. */
export interface SequenceBatch extends Sequences {
  readonly next: Int32Array
}

export interface SequenceSource {
  /** What the sequences are from, as it is named in reports. */
  readonly name: string
  /** V. */
  readonly symbols: number
  readonly batch: (seed: number, step: number) => SequenceBatch
}

/** How many sequences a batch has, and how long they are. */
export interface BatchShape {
  readonly sequences: number
  readonly length: number
}

const sizesProblem = (where: string, sizes: BatchShape): Problem | undefined => {
  const wrong = Object.entries(sizes).find(([, size]) => !(Number.isInteger(size) && size >= 1))
  return wrong === undefined
    ? undefined
    : problem('out-of-range', `${where}, ${wrong[0]}`, `${wrong[1]} is no size`, 'give a whole number of at least 1')
}

/** Words of length + 1 split into what is seen and what comes next. */
const batchOf = (
  { sequences, length }: BatchShape,
  write: (sequence: number, word: Int32Array) => void,
): SequenceBatch => {
  const tokens = new Int32Array(sequences * length)
  const next = new Int32Array(sequences * length)
  const word = new Int32Array(length + 1)
  for (let sequence = 0; sequence < sequences; sequence++) {
    write(sequence, word)
    tokens.set(word.subarray(0, length), sequence * length)
    next.set(word.subarray(1), sequence * length)
  }
  return { tokens, length, next }
}

/**
 * Windows of a text, which is read as a circle, at places that are uniformly distributed.
 *
 * Errors: sizes that are none; windows longer than the text.
 */
export const textSequences = (corpus: Corpus, shape: BatchShape): Either<Problem, SequenceSource> => {
  const wrong = sizesProblem(corpus.name, shape)
  if (wrong !== undefined) return left(wrong)
  const { tokens } = corpus
  if (shape.length + 1 > tokens.length)
    return left(
      problem(
        'out-of-range',
        `${corpus.name}, length`,
        `the text has ${tokens.length} symbols, a sequence with the token after it ${shape.length + 1}`,
        `give at most ${tokens.length - 1}`,
      ),
    )
  return right({
    name: corpus.name,
    symbols: corpus.symbols.length,
    batch: (seed, step) =>
      batchOf(shape, (sequence, word) => {
        const start = Math.floor(uniformAt(seed, step, sequence, 0) * tokens.length)
        for (let place = 0; place < word.length; place++) word[place] = tokens[(start + place) % tokens.length]!
      }),
  })
}

/** Sequences of a stationary process, each drawn anew from its stationary law. Errors: sizes that are none. */
export const processSequences = (process: HiddenMarkovProcess, shape: BatchShape): Either<Problem, SequenceSource> => {
  const wrong = sizesProblem(process.name, shape)
  if (wrong !== undefined) return left(wrong)
  const { states, stationary, transitions, symbols } = process
  return right({
    name: process.name,
    symbols: symbols.length,
    batch: (seed, step) =>
      batchOf(shape, (sequence, word) => {
        let state = choose(uniformAt(seed, step, sequence, 0), states, (i) => stationary[i]!)
        for (let place = 0; place < word.length; place++) {
          // Symbol and next state together.
          const chosen = choose(uniformAt(seed, step, sequence, place + 1), symbols.length * states, (index) => {
            const [symbol, to] = [Math.floor(index / states), index % states]
            return transitions[(symbol * states + state) * states + to]!
          })
          word[place] = Math.floor(chosen / states)
          state = chosen % states
        }
      }),
  })
}

/**
 * The same sequences with the tokens that come next permuted over all places of a batch: nothing is left to learn but how often tokens are.
 *
 * The seed, a 32-bit integer, determines the permutations.
 */
export const shuffledSequences = ({ name, symbols, batch }: SequenceSource, seed: number): SequenceSource => ({
  name: `${name}, targets shuffled`,
  symbols,
  batch: (batchSeed, step) => {
    const sequences = batch(batchSeed, step)
    const order = randomPermutations(Math.imul(seed + 1, 0x9e3779b1) ^ step)(sequences.next.length)
    return { ...sequences, next: order.map((from) => sequences.next[from]!) }
  },
})

/** The outcome at a uniform number; rounding never chooses one of no probability. */
const choose = (uniform: number, count: number, probability: (outcome: number) => number): number => {
  let sum = 0
  let last = 0
  for (let outcome = 0; outcome < count; outcome++) {
    const mass = probability(outcome)
    if (mass === 0) continue
    sum += mass
    last = outcome
    if (uniform < sum) return outcome
  }
  return last
}
