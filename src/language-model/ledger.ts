/**
 * The ledger: where on the way x -> E -> H -> W a model loses its Kullback-Leibler divergence from the data.
 *
 *     E KL(P_x || q_x) = I(W; X | E) + I(W; E | H) + E KL(P(. | h) || q_h)
 *
 * An equality for a deterministic chain, and every line is at least zero: the data-processing inequality, sharpened. Contexts meet
 * where their encodings are equal bit for bit; where none do, the first two lines are zero and the head carries all.
 * The chain is that of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247).
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { DataKernel } from './data-kernel.js'
import { type Classes, classesOf } from './encoding-classes.js'
import type { ForwardPass } from './forward.js'

/** All in nats but the two counts. */
export interface Ledger {
  /** E KL(P_x || q_x), computed context by context. */
  readonly divergence: number
  /** I(W; X | E). */
  readonly embeddingLoss: number
  /** I(W; E | H). */
  readonly backboneLoss: number
  /** E KL(P_data(. | h) || q_h). */
  readonly headLoss: number
  /** divergence - (embeddingLoss + backboneLoss + headLoss): zero. */
  readonly residual: number
  /** How many embeddings and hidden states the contexts have. */
  readonly distinctEmbeddings: number
  readonly distinctHiddenStates: number
}

/** How far the predictions of contexts with one hidden state may differ, in log-probability. */
const predictionTolerance = 1e-9

/** P_data(. | class of x) for every context x, n x V; the row itself where a class has one context. */
const nextGiven = ({ symbols, weights, next }: DataKernel, classes: Classes): Float64Array => {
  const width = symbols.length
  const members = new Int32Array(classes.count)
  const masses = new Float64Array(classes.count)
  const joint = new Float64Array(classes.count * width)
  weights.forEach((weight, context) => {
    const c = classes.of[context]!
    members[c]!++
    masses[c]! += weight
    for (let w = 0; w < width; w++) joint[c * width + w]! += weight * next[context * width + w]!
  })
  return next.map((probability, index) => {
    const c = classes.of[Math.floor(index / width)]!
    return members[c] === 1 ? probability : joint[c * width + (index % width)]! / masses[c]!
  })
}

/** The first context whose class in `fine` holds contexts of another class in `coarse`. */
const splitContext = (fine: Classes, coarse: Classes): number => {
  const image = new Int32Array(fine.count).fill(-1)
  return fine.of.findIndex((c, context) => {
    if (image[c] === -1) image[c] = coarse.of[context]!
    return image[c] !== coarse.of[context]!
  })
}

/** The first context whose prediction is not that of the first context with its hidden state. */
const unlikePrediction = (classes: Classes, logProbabilities: Float64Array, width: number): number => {
  const first = new Int32Array(classes.count).fill(-1)
  return classes.of.findIndex((c, context) => {
    if (first[c] === -1) first[c] = context
    for (let w = 0; w < width; w++) {
      const [a, b] = [logProbabilities[context * width + w]!, logProbabilities[first[c]! * width + w]!]
      if (a !== b && !(Math.abs(a - b) <= predictionTolerance)) return true
    }
    return false
  })
}

/**
 * The ledger of a model's encodings and predictions, one row of each for each context of the kernel, in its order.
 *
 * Errors: arrays of other lengths; contexts with one embedding and several hidden states; predictions that differ where the hidden
 * state does not; a symbol that occurs and is predicted with probability zero.
 */
export const ledger = (
  kernel: DataKernel,
  { embeddings, hidden, logProbabilities }: ForwardPass,
): Either<Problem, Ledger> => {
  const where = 'ledger'
  const [count, width] = [kernel.weights.length, kernel.symbols.length]
  if (embeddings.length % count !== 0 || hidden.length % count !== 0 || logProbabilities.length !== count * width)
    return left(
      problem(
        'invalid-value',
        where,
        'an array does not have one row for each context',
        `give ${count} rows of encodings and ${count} x ${width} log-probabilities`,
      ),
    )
  const byEmbedding = classesOf(embeddings, count)
  const byHidden = classesOf(hidden, count)
  const split = splitContext(byEmbedding, byHidden)
  if (split !== -1)
    return left(
      problem(
        'invalid-value',
        `${where}, context ${split}`,
        'another context has its embedding and not its hidden state',
        'give hidden states that are a function of the embedding',
      ),
    )
  const unlike = unlikePrediction(byHidden, logProbabilities, width)
  if (unlike !== -1)
    return left(
      problem(
        'invalid-value',
        `${where}, context ${unlike}`,
        'another context has its hidden state and not its prediction',
        'give predictions that are a function of the hidden state',
      ),
    )
  const impossible = logProbabilities.findIndex((value, index) => kernel.next[index]! > 0 && !Number.isFinite(value))
  if (impossible !== -1)
    return left(
      problem(
        'invalid-value',
        `${where}, context ${Math.floor(impossible / width)}, symbol ${impossible % width}`,
        `its log-probability is ${logProbabilities[impossible]} and it occurs`,
        'give every symbol that occurs a positive probability',
      ),
    )

  const meanRelativeEntropy = (p: Float64Array, logQ: (index: number) => number): number =>
    kernel.weights.reduce((sum, weight, context) => {
      let relative = 0
      for (let index = context * width; index < (context + 1) * width; index++)
        if (p[index]! > 0) relative += p[index]! * (Math.log(p[index]!) - logQ(index))
      return sum + weight * relative
    }, 0)
  const givenEmbedding = nextGiven(kernel, byEmbedding)
  const givenHidden = nextGiven(kernel, byHidden)
  const divergence = meanRelativeEntropy(kernel.next, (index) => logProbabilities[index]!)
  const embeddingLoss = meanRelativeEntropy(kernel.next, (index) => Math.log(givenEmbedding[index]!))
  const backboneLoss = meanRelativeEntropy(givenEmbedding, (index) => Math.log(givenHidden[index]!))
  const headLoss = meanRelativeEntropy(givenHidden, (index) => logProbabilities[index]!)
  return right({
    divergence,
    embeddingLoss,
    backboneLoss,
    headLoss,
    residual: divergence - (embeddingLoss + backboneLoss + headLoss),
    distinctEmbeddings: byEmbedding.count,
    distinctHiddenStates: byHidden.count,
  })
}
