/**
 * Kernels of predictive similarity K(x, x') of two rows P, P' of a law of the next token, as data, with whether each is positive
 * semidefinite on all laws.
 *
 *     bhattacharyya                         sum sqrt(P P')                    phi = sqrt(P)
 *     linear                                sum P P'                          phi = P
 *     cca                                   sum P P' / u, u the token's law   phi = P / sqrt(u); minus one it is centred
 *     log-ratio                             <clr P, clr P'>                   phi = clr P = log P - mean log P, for P > 0
 *     gaussian-hellinger                    exp(-rate 2 (1 - BC))
 *     exponential-jensen-shannon            exp(-rate JS)
 *     exponential-jensen-shannon-distance   exp(-rate sqrt(JS))
 *     total-variation                       1 - TV, TV half the L1 distance
 *     exponential-jeffreys                  exp(-rate (KL(P || P') + KL(P' || P))): not positive semidefinite
 *
 * Divergences are in nats. Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Definition 7.3, which takes
 * the last one, and any bounded symmetric K (Definition 7.5), for a kernel with nonnegative spectrum; it is not.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import {
  type Distribution,
  divergence,
  jensenShannon,
  kullbackLeibler,
  squaredHellinger,
  totalVariation,
} from '../information/divergence.js'
import { outputDistribution } from '../information/mutual-information.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'

/** Kernels that are inner products of features of one row, n x m numbers for n contexts. */
export interface FeatureKernel {
  readonly kind: 'bhattacharyya' | 'linear' | 'cca' | 'log-ratio'
}
/** Kernels that are functions of a divergence of two rows. */
export type DivergenceKernel =
  | {
      readonly kind:
        | 'gaussian-hellinger'
        | 'exponential-jensen-shannon'
        | 'exponential-jensen-shannon-distance'
        | 'exponential-jeffreys'
      /** Positive; per nat where the divergence is in nats. */
      readonly rate: number
    }
  | { readonly kind: 'total-variation' }

export type SimilarityKernel = FeatureKernel | DivergenceKernel
export type SimilarityName = SimilarityKernel['kind']

/** Whether all matrices of a kernel are positive semidefinite, and why; or rows on which one is not. */
export type Definiteness =
  | { readonly kind: 'positive-semidefinite'; readonly because: string }
  | {
      readonly kind: 'indefinite'
      readonly because: string
      /** Rows of two tokens, row-major, whose matrix has a negative eigenvalue. */
      readonly counterexample: Float64Array
    }

/**
 * What is known of a kernel on all laws: a theorem, or a counterexample for the kernel's own rate.
 *
 * @example
 * definiteness({ kind: 'total-variation' }).kind // => 'positive-semidefinite'
 * definiteness({ kind: 'exponential-jeffreys', rate: 0.2 }).kind // => 'indefinite'
 */
export const definiteness = (kernel: SimilarityKernel): Definiteness => {
  switch (kernel.kind) {
    case 'bhattacharyya':
    case 'linear':
    case 'cca':
    case 'log-ratio':
      return { kind: 'positive-semidefinite', because: 'it is an inner product of features' }
    case 'total-variation':
      return {
        kind: 'positive-semidefinite',
        because: '1 - TV = sum min(P, P’), and min is an inner product of intervals',
      }
    case 'gaussian-hellinger':
      return {
        kind: 'positive-semidefinite',
        because: '2 (1 - BC) is a squared distance of sqrt(P) in Euclidean space (Schoenberg)',
      }
    case 'exponential-jensen-shannon':
      return {
        kind: 'positive-semidefinite',
        because: 'JS is a squared distance in Hilbert space (Fuglede and Topsoe; Schoenberg)',
      }
    case 'exponential-jensen-shannon-distance':
      return {
        kind: 'positive-semidefinite',
        because: 'the root of a squared distance in Hilbert space is one of another (Schoenberg)',
      }
    case 'exponential-jeffreys': {
      // Near zero, Jeffreys' divergence of Bernoulli laws is homogeneous: a larger rate has its counterexample further down. A smaller
      // rate has the same one, since powers of positive semidefinite kernels are such.
      const scale = Math.min(1, 0.2 / kernel.rate)
      return {
        kind: 'indefinite',
        because: 'Jeffreys’ divergence is no squared distance in Hilbert space, at any rate',
        counterexample: Float64Array.from([0.001, 0.05, 0.5].flatMap((p) => [scale * p, 1 - scale * p])),
      }
    }
  }
}

/** Is this kernel an inner product of features? */
export const isFeatureKernel = (kernel: SimilarityKernel): kernel is FeatureKernel =>
  kernel.kind === 'bhattacharyya' || kernel.kind === 'linear' || kernel.kind === 'cca' || kernel.kind === 'log-ratio'

/**
 * The features of the rows of a law, n x m row-major, in an array of their own; for `cca`, tokens with u = 0 are dropped.
 *
 * Error: `invalid-value` where a probability is zero and the kernel is `log-ratio`.
 *
 * @example
 * const law = lawOfTeacher('coins', Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75, 1, 0))
 * Array.from(toUnion(kernelFeatures({ kind: 'bhattacharyya' }, law))) // => [0.5, 0.8660254037844386, 1, 0]
 */
export const kernelFeatures = (
  { kind }: FeatureKernel,
  { weights, next }: Pick<PredictiveLaw<Provenance>, 'weights' | 'next'>,
): Either<Problem, Float64Array> => {
  const width = next.length / weights.length
  if (kind === 'log-ratio') {
    const zero = next.findIndex((probability) => !(probability > 0))
    if (zero !== -1)
      return left(
        problem(
          'invalid-value',
          `log-ratio kernel, context ${Math.floor(zero / width)}, token ${zero % width}`,
          `the probability is ${next[zero]}, and its logarithm is no feature`,
          'use a law whose probabilities are all positive, or another kernel',
        ),
      )
    const features = next.map(Math.log)
    for (let start = 0; start < features.length; start += width) {
      let mean = 0
      for (let w = 0; w < width; w++) mean += features[start + w]!
      mean /= width
      for (let w = 0; w < width; w++) features[start + w]! -= mean
    }
    return right(features)
  }
  return right(totalFeatures(kind, weights, next))
}

/** The features of the kernels that every law has. */
export const totalFeatures = (
  kind: 'bhattacharyya' | 'linear' | 'cca',
  weights: Float64Array,
  next: Float64Array,
): Float64Array => {
  switch (kind) {
    case 'bhattacharyya':
      return next.map(Math.sqrt)
    case 'linear':
      return next.slice()
    case 'cca': {
      const output = outputDistribution(weights, next)
      const kept = Array.from(output.keys()).filter((w) => output[w]! > 0)
      const features = new Float64Array(weights.length * kept.length)
      for (let x = 0; x < weights.length; x++)
        kept.forEach((w, column) => {
          features[x * kept.length + column] = next[x * output.length + w]! / Math.sqrt(output[w]!)
        })
      return features
    }
  }
}

/**
 * K of two rows, for the kernels of a divergence.
 *
 * @example
 * divergenceSimilarity({ kind: 'total-variation' }, [1, 0], [0.25, 0.75]) // => 0.25
 */
export const divergenceSimilarity = (kernel: DivergenceKernel, p: Distribution, q: Distribution): number => {
  switch (kernel.kind) {
    case 'total-variation':
      return 1 - divergence(totalVariation, p, q)
    case 'gaussian-hellinger':
      // 2 (1 - BC) = sum (sqrt P - sqrt P')^2.
      return Math.exp(-2 * kernel.rate * divergence(squaredHellinger, p, q))
    case 'exponential-jensen-shannon':
      return Math.exp(-kernel.rate * divergence(jensenShannon, p, q))
    case 'exponential-jensen-shannon-distance':
      return Math.exp(-kernel.rate * Math.sqrt(divergence(jensenShannon, p, q)))
    case 'exponential-jeffreys':
      return Math.exp(-kernel.rate * (divergence(kullbackLeibler, p, q) + divergence(kullbackLeibler, q, p)))
  }
}

/** The most contexts for which an n x n matrix of similarities is formed: 512 MiB of float64. */
export const mostPairedContexts = 8192

/**
 * The n x n matrix of similarities of all pairs of contexts: for checks, and for kernels that have no features.
 *
 * Errors: `out-of-range` for more than 8192 contexts, or a rate that is not positive; those of the features.
 */
export const similarityMatrix = (
  kernel: SimilarityKernel,
  law: Pick<PredictiveLaw<Provenance>, 'weights' | 'next'>,
): Either<Problem, Matrix> => {
  const { weights, next } = law
  const n = weights.length
  if (n > mostPairedContexts)
    return left(
      problem(
        'out-of-range',
        `${kernel.kind} kernel`,
        `${n} contexts have ${n * n} pairs`,
        `give at most ${mostPairedContexts} contexts, or use a kernel of features`,
      ),
    )
  if (isFeatureKernel(kernel)) {
    const features = kernelFeatures(kernel, law)
    if (features._tag === 'Left') return features
    const m = features.right.length / n
    return right(symmetricMatrix(n, (x, y) => innerProduct(features.right, x * m, y * m, m)))
  }
  if ('rate' in kernel && !(kernel.rate > 0 && kernel.rate < Infinity))
    return left(
      problem('out-of-range', `${kernel.kind} kernel`, `${kernel.rate} is no rate`, 'give a positive finite number'),
    )
  const width = next.length / n
  const rows = Array.from({ length: n }, (_, x) => next.subarray(x * width, (x + 1) * width))
  return right(symmetricMatrix(n, (x, y) => divergenceSimilarity(kernel, rows[x]!, rows[y]!)))
}

/** The ends of the spectrum of a matrix of similarities on a sample of contexts. */
export interface DefinitenessCheck {
  readonly contexts: number
  readonly smallest: number
  readonly largest: number
  /** smallest >= 0, up to the rounding of an eigenvalue, n epsilon times the largest. */
  readonly holds: boolean
}

/**
 * The smallest eigenvalue of K itself (not weighted) on the contexts of a law: a bound for the kernels that are positive semidefinite.
 *
 * Errors: those of `similarityMatrix`. The work is that of a dense eigenproblem: give a sample of some hundreds of contexts.
 */
export const checkDefiniteness = (
  kernel: SimilarityKernel,
  law: Pick<PredictiveLaw<Provenance>, 'weights' | 'next'>,
): Either<Problem, DefinitenessCheck> => {
  const similarities = similarityMatrix(kernel, law)
  if (similarities._tag === 'Left') return similarities
  const { values } = symmetricEigen(similarities.right)
  const [largest, smallest] = [values[0]!, values[values.length - 1]!]
  const rounding = 4 * values.length * Number.EPSILON * Math.max(Math.abs(largest), Math.abs(smallest))
  return right({ contexts: values.length, smallest, largest, holds: smallest >= -rounding })
}

const symmetricMatrix = (n: number, entry: (x: number, y: number) => number): Matrix => {
  const result = matrix(n, n)
  for (let x = 0; x < n; x++)
    for (let y = 0; y <= x; y++) {
      const value = entry(x, y)
      result.entries[x * n + y] = value
      result.entries[y * n + x] = value
    }
  return result
}

const innerProduct = (entries: Float64Array, x: number, y: number, length: number): number => {
  let sum = 0
  for (let j = 0; j < length; j++) sum += entries[x + j]! * entries[y + j]!
  return sum
}
