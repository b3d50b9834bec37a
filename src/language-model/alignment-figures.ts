/**
 * Alignment scores as figures: each beside chance, the untrained model and the model of shuffled targets.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { measurement } from '../information/figure.js'
import { type Alignment, alignment, randomFeatureNull } from './alignment.js'
import type { StatesAtCheckpoint } from './alignment-report.js'
import { type AlignmentFigures, type PerSimilarity, reportedSimilarities } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import { type DataOperators, eachSimilarity, perSimilarity } from './operator-analysis.js'

export type AlignmentReference = (states: StatesAtCheckpoint) => Either<Problem, PerSimilarity<AlignmentFigures>>

/**
 * What hidden states of a dimension are compared with: the operators of the data, and chance under the same weights, drawn once.
 *
 * Errors: `empty-input` where an operator is zero, so that there is nothing to align with.
 */
export const alignmentReference = (
  { weights }: DataKernel,
  { spectra }: DataOperators,
  hidden: number,
  seed: number,
): Either<Problem, AlignmentReference> => {
  const chance = randomFeatureNull(
    weights,
    hidden,
    reportedSimilarities.map((similarity) => spectra[similarity]),
    { seed },
  )
  if (isLeft(chance)) return chance
  const bands = perSimilarity((similarity) => chance.right[reportedSimilarities.indexOf(similarity)]!)

  return right((states) => {
    const scoresOf = (hiddenStates: Float64Array): Either<Problem, PerSimilarity<Alignment>> =>
      eachSimilarity((similarity) => alignment(hiddenStates, weights, spectra[similarity]))
    const trained = scoresOf(states.trained)
    if (isLeft(trained)) return trained
    const untrained = scoresOf(states.untrained)
    if (isLeft(untrained)) return untrained
    const shuffled = scoresOf(states.shuffled)
    if (isLeft(shuffled)) return shuffled
    return right(
      perSimilarity((similarity) => {
        const figure = (score: 'captured' | 'overlap', statement: string) =>
          measurement(statement, trained.right[similarity][score], bands[similarity][score], {
            untrained: untrained.right[similarity][score],
            'shuffled targets': shuffled.right[similarity][score],
          })
        return {
          captured: figure('captured', 'tr(Q^T M Q) / the sum of the D largest eigenvalues of M, the data’s operator'),
          overlap: figure('overlap', '|Q^T F|^2 / k, F the leading eigenvectors of the data’s operator'),
        }
      }),
    )
  })
}
