/** Statistics of a stream of chunks: in one pass, in a memory that does not grow with the number of contexts. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { exactAccumulator, largestAddend } from '../../linear-algebra/exact-sums.js'
import type { Chunk } from './chunk-sums.js'
import {
  type ChunkFigures,
  type ChunkSums,
  eachSum,
  type Statistics,
  type StatisticsShape,
  sumNames,
  sumSizes,
} from './statistics.js'

export interface AccumulateOptions {
  /** Stops between two chunks: the result is then the problem `cancelled`. */
  readonly signal?: AbortSignal
  /** Told how many contexts have been seen. */
  readonly onProgress?: (contexts: number) => void
}

/**
 * The statistics of all chunks; `sums` computes those of one, in float64 or by kernels.
 *
 * Problems: `invalid-value` for a hidden state or a token that is none of the shape, with its chunk and place;
 * `out-of-range` for sums that are not exact, of 2^40 or more; `cancelled`.
 */
export const accumulate = async (
  shape: StatisticsShape,
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  sums: (chunk: Chunk) => ChunkSums | Promise<ChunkSums>,
  { signal, onProgress = () => undefined }: AccumulateOptions = {},
): Promise<Either<Problem, Statistics>> => {
  const sizes = sumSizes(shape)
  const accumulators = eachSum((name) => exactAccumulator(sizes[name]))
  const figures: ChunkFigures[] = []
  let contexts = 0
  for await (const chunk of chunks) {
    if (signal?.aborted === true)
      return left(problem('cancelled', 'statistics', `stopped before chunk ${chunk.number}`, 'run again'))
    const fault = faultOf(shape, chunk)
    if (fault !== undefined) return left(fault)
    const found = await sums(chunk)
    const tooLarge = sumNames.find((name) => !areSummable(found[name]))
    if (tooLarge !== undefined)
      return left(
        problem(
          'out-of-range',
          `chunk ${chunk.number}`,
          `the sum ${tooLarge} has a number that is not below 2^40`,
          'give smaller hidden states or weights, such as states divided by a number that the head is multiplied by',
        ),
      )
    eachSum((name) => accumulators[name].add(found[name]))
    contexts += chunk.targets.length
    figures.push({
      chunk: chunk.number,
      contexts: chunk.targets.length,
      weight: found.weight[0]!,
      nll: found.nll[0]!,
      entropy: found.entropies[0]!,
    })
    onProgress(contexts)
  }
  figures.sort((a, b) => a.chunk - b.chunk)
  return right({ shape, chunks: figures, sums: eachSum((name) => accumulators[name].sums()) })
}

const areSummable = (addends: Float64Array): boolean => {
  for (let place = 0; place < addends.length; place++) if (!(Math.abs(addends[place]!) < largestAddend)) return false
  return true
}

const faultOf = ({ dimension, vocabulary }: StatisticsShape, chunk: Chunk): Problem | undefined => {
  const { hidden, targets, weights } = chunk
  const wrong = (what: string, remedy: string): Problem =>
    problem('invalid-value', `chunk ${chunk.number}`, what, remedy)
  if (hidden.length !== targets.length * dimension)
    return wrong(
      `${hidden.length} numbers are no ${targets.length} hidden states`,
      `give ${dimension} for each next token`,
    )
  for (let n = 0; n < targets.length; n++) {
    const token = targets[n]!
    if (!Number.isInteger(token) || token < 0 || token >= vocabulary)
      return wrong(`next token ${n} is ${token}`, `give whole numbers from 0 to ${vocabulary - 1}`)
    const weight = weights?.[n] ?? 1
    if (!(weight >= 0 && Number.isFinite(weight)))
      return wrong(`weight ${n} is ${weight}`, 'give finite numbers that are not negative')
  }
  for (let place = 0; place < hidden.length; place++)
    if (!Number.isFinite(hidden[place]))
      return wrong(
        `coordinate ${place % dimension} of hidden state ${Math.floor(place / dimension)} is ${hidden[place]}`,
        'give finite numbers',
      )
  return undefined
}
