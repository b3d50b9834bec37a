/**
 * The ledger of a model k_head . k_bb . k_emb: where on the way x -> E -> H -> W it loses its Kullback-Leibler divergence from the data.
 *
 *     E KL(P_x || q_x) = I(W; X | E) + I(W; E | H) + E KL(P(. | h) || q_h)
 *
 * The chain ledger with two stages. Contexts meet where their encodings are equal bit for bit; where none do, the first two lines are
 * zero and the head carries all.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { chainLedger } from './chain-ledger.js'
import type { DataKernel } from './data-kernel.js'
import { classesOf } from './encoding-classes.js'
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
  const count = kernel.weights.length
  if (embeddings.length % count !== 0 || hidden.length % count !== 0)
    return left(
      problem(
        'invalid-value',
        'ledger',
        'an array does not have one row for each context',
        `give ${count} rows of embeddings and of hidden states`,
      ),
    )
  const chain = chainLedger(
    kernel,
    [
      { name: 'embedding', classes: classesOf(embeddings, count).of },
      { name: 'hidden state', classes: classesOf(hidden, count).of },
    ],
    logProbabilities,
  )
  if (isLeft(chain)) return chain
  const { divergence, lines, headLoss, residual } = chain.right
  const [embedding, backbone] = lines
  return right({
    divergence,
    embeddingLoss: embedding!.loss,
    backboneLoss: backbone!.loss,
    headLoss,
    residual,
    distinctEmbeddings: embedding!.distinct,
    distinctHiddenStates: backbone!.distinct,
  })
}
