/**
 * What is kept of a stream of hidden states and next tokens: weighted sums from which the figures of a linear-softmax head follow. Their
 * size depends on the vocabulary V and the dimension D, not on the number of contexts.
 *
 * Contexts come in numbered chunks. The sums of a chunk are doubles; sums over chunks are exact, so that chunks may be added in any
 * order, on any number of machines, and give the same bits. A chunk that is there twice is refused.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { addSums, exactly, type ExactSums, noSums } from '../../linear-algebra/exact-sums.js'

/** The sizes that a head's statistics are kept for. */
export interface StatisticsShape {
  readonly dimension: number
  readonly vocabulary: number
}

/** How many numbers each sum has. Every context counts with its weight. */
export const sumSizes = ({ dimension, vocabulary }: StatisticsShape) =>
  ({
    /** The weights. */
    weight: 1,
    /**
     * What says how much chance leaves in means of so many contexts: the squares of the weights by themselves, times the variance of the
     * token, 1 - |q|^2, and times that and |h|^2.
     */
    sampling: 3,
    /** -log q(w | h), nats. */
    nll: 1,
    /** Categorical entropies of q(. | h) for KL (Shannon, nats), total variation, 1 - BC and Renyi 1/2. */
    entropies: 4,
    /** How often each token is next. */
    targets: vocabulary,
    /** q(. | h). */
    predictions: vocabulary,
    /** h. */
    hidden: dimension,
    /** h h^T. */
    secondMoment: dimension * dimension,
    /** e_w h^T, V x D. */
    targetMoment: vocabulary * dimension,
    /** The two sums of targets once more, where the next tokens of a chunk have changed places: see `shuffledTargets`. */
    shuffled: vocabulary,
    shuffledMoment: vocabulary * dimension,
    /** q h^T, V x D. */
    predictionMoment: vocabulary * dimension,
    /** m m^T with m = W^T q, the mean row of the head: D x D. */
    meanRowMoment: dimension * dimension,
  }) as const

export type SumName = keyof ReturnType<typeof sumSizes>

/** The sums of one chunk, as doubles. */
export type ChunkSums = Readonly<Record<SumName, Float64Array>>

/** What is kept of one chunk by itself, for intervals: chunks of neighbouring contexts are resampled whole. */
export interface ChunkFigures {
  readonly chunk: number
  readonly contexts: number
  readonly weight: number
  readonly nll: number
  readonly entropy: number
}

export interface Statistics {
  readonly shape: StatisticsShape
  /** In ascending order of their numbers. */
  readonly chunks: readonly ChunkFigures[]
  readonly sums: Readonly<Record<SumName, ExactSums>>
}

/** Something for each sum. */
export const eachSum = <A>(of: (name: SumName) => A): Readonly<Record<SumName, A>> => ({
  weight: of('weight'),
  sampling: of('sampling'),
  nll: of('nll'),
  entropies: of('entropies'),
  targets: of('targets'),
  predictions: of('predictions'),
  hidden: of('hidden'),
  secondMoment: of('secondMoment'),
  targetMoment: of('targetMoment'),
  shuffled: of('shuffled'),
  shuffledMoment: of('shuffledMoment'),
  predictionMoment: of('predictionMoment'),
  meanRowMoment: of('meanRowMoment'),
})

/** The sums by name, in the order in which they are stored. */
export const sumNames: readonly SumName[] = [
  'weight',
  'sampling',
  'nll',
  'entropies',
  'targets',
  'predictions',
  'hidden',
  'secondMoment',
  'targetMoment',
  'shuffled',
  'shuffledMoment',
  'predictionMoment',
  'meanRowMoment',
]

/** The statistics of no context. */
export const noStatistics = (shape: StatisticsShape): Statistics => ({
  shape,
  chunks: [],
  sums: eachSum((name) => noSums(sumSizes(shape)[name])),
})

/** The statistics of one chunk. */
export const chunkStatistics = (
  shape: StatisticsShape,
  chunk: number,
  contexts: number,
  sums: ChunkSums,
): Statistics => ({
  shape,
  chunks: [{ chunk, contexts, weight: sums.weight[0]!, nll: sums.nll[0]!, entropy: sums.entropies[0]! }],
  sums: eachSum((name) => exactly(sums[name])),
})

/**
 * The monoid of statistics of one shape: associative, commutative and exact.
 *
 * Two statistics that share a chunk are a programmer's error, and throw; see `mergeStatistics` for those that come from outside.
 */
export const statisticsMonoid = (shape: StatisticsShape): Monoid<Statistics> => ({
  empty: noStatistics(shape),
  concat: (a, b) => ({
    shape,
    chunks: mergedChunks(a.chunks, b.chunks),
    sums: eachSum((name) => addSums(a.sums[name], b.sums[name])),
  }),
})

/** The statistics of all contexts of both. Problems: `invalid-value` for other sizes, and for a chunk that is in both. */
export const mergeStatistics = (a: Statistics, b: Statistics): Either<Problem, Statistics> => {
  const wrong = (what: string, remedy: string): Either<Problem, never> =>
    left(problem('invalid-value', 'statistics', what, remedy))
  const { dimension, vocabulary } = a.shape
  if (dimension !== b.shape.dimension || vocabulary !== b.shape.vocabulary)
    return wrong(
      `D = ${dimension}, V = ${vocabulary} meets D = ${b.shape.dimension}, V = ${b.shape.vocabulary}`,
      'merge statistics of one head',
    )
  const known = new Set(a.chunks.map(({ chunk }) => chunk))
  const twice = b.chunks.find(({ chunk }) => known.has(chunk))
  return twice === undefined
    ? right(statisticsMonoid(a.shape).concat(a, b))
    : wrong(`chunk ${twice.chunk} is in both`, 'merge shards of different contexts')
}

const mergedChunks = (a: readonly ChunkFigures[], b: readonly ChunkFigures[]): readonly ChunkFigures[] => {
  const merged: ChunkFigures[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [first, second] = [a[i], b[j]]
    if (first !== undefined && second !== undefined && first.chunk === second.chunk)
      throw new Error(`statistics: chunk ${first.chunk} is added twice`)
    if (second === undefined || (first !== undefined && first.chunk < second.chunk)) {
      merged.push(first!)
      i++
    } else {
      merged.push(second)
      j++
    }
  }
  return merged
}
