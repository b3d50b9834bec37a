/**
 * Alignment scores as figures: each beside chance, the untrained model and the model of shuffled targets.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { measurement } from '../information/figure.js'
import { alignment, type AlignmentScores, randomFeatureNull } from './alignment.js'
import type { StatesAtCheckpoint } from './alignment-report.js'
import type { AlignmentFigures, PerSimilarity } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import { type DataOperators, perSimilarity } from './operator-analysis.js'
import { similarities, type Similarity } from './similarity.js'

export type AlignmentReference = (states: StatesAtCheckpoint) => Either<Problem, PerSimilarity<AlignmentFigures>>

/**
 * What hidden states of a dimension are compared with: the operators of the data, and chance under the same weights, drawn once.
 *
 * Errors: `empty-input` where an operator is zero, so that there is nothing to align with.
 */
export const alignmentReference = (
  { weights }: DataKernel,
  operators: DataOperators,
  hidden: number,
  seed: number,
): Either<Problem, AlignmentReference> => {
  const chance = randomFeatureNull(
    weights,
    hidden,
    similarities.map((similarity) => operators[similarity]),
    { seed },
  )
  if (isLeft(chance)) return chance
  const bands = new Map(chance.right.map((band) => [band.similarity, band]))

  return right((states) => {
    const scores = new Map<Similarity, Readonly<Record<keyof StatesAtCheckpoint, AlignmentScores>>>()
    for (const similarity of similarities) {
      const trained = alignment(states.trained, weights, operators[similarity])
      if (isLeft(trained)) return trained
      const untrained = alignment(states.untrained, weights, operators[similarity])
      if (isLeft(untrained)) return untrained
      const shuffled = alignment(states.shuffled, weights, operators[similarity])
      if (isLeft(shuffled)) return shuffled
      scores.set(similarity, { trained: trained.right, untrained: untrained.right, shuffled: shuffled.right })
    }
    const figure = (similarity: Similarity, score: 'captured' | 'overlap', statement: string) => {
      const { trained, untrained, shuffled } = scores.get(similarity)!
      const baselines = { untrained: untrained[score], 'shuffled targets': shuffled[score] }
      return measurement(statement, trained[score], bands.get(similarity)![score], baselines)
    }
    return right(
      perSimilarity((similarity) => ({
        captured: figure(
          similarity,
          'captured',
          'tr(Q^T M Q) / the sum of the D largest eigenvalues of M, the data’s operator',
        ),
        overlap: figure(similarity, 'overlap', '|Q^T F|^2 / k, F the leading eigenvectors of the data’s operator'),
      })),
    )
  })
}
