/**
 * The self-alignment trap: hidden states scored against the operator of the model's own predictions.
 *
 * The score is one at a network that has learnt nothing, since q = softmax(W h + b) is affine in h for a small head, and it falls with
 * training. It says how far the head is from linear, not what the model knows: the result is of a kind of its own and has no verdict.
 */
import { type Either, left, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type SpanScores, spanScores } from './alignment-scores.js'
import type { Provenance } from './predictive-law.js'
import type { OperatorSpectrum } from './similarity.js'
import type { SimilarityName } from './similarity-kernel.js'

/** Scores that are no finding about the data. */
export interface SelfAlignment {
  readonly kind: 'self-alignment'
  readonly provenance: 'own-predictions'
  readonly statement: string
  readonly scores: SpanScores
}

export const selfAlignmentStatement =
  'The law is the model’s own prediction: hidden states align with it before any training. This is no finding about the data.'

/**
 * The scores of hidden states (n x D) against the operator of their own model's predictions.
 *
 * Errors: `invalid-value` for an operator of another provenance; those of `alignment`.
 */
export const selfAlignment = (
  hidden: Float64Array,
  weights: Float64Array,
  spectrum: OperatorSpectrum<SimilarityName, 'own-predictions'>,
): Either<Problem, SelfAlignment> =>
  isOwn(spectrum.provenance)
    ? pipe(
        spanScores(hidden, weights, spectrum),
        map((scores) => ({
          kind: 'self-alignment',
          provenance: 'own-predictions',
          statement: selfAlignmentStatement,
          scores,
        })),
      )
    : left(
        problem(
          'invalid-value',
          'self-alignment',
          'the operator is not made from the model’s own predictions',
          'use `alignment`',
        ),
      )

const isOwn = (provenance: Provenance): boolean => provenance === 'own-predictions'
