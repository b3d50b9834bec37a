/** What hidden states have to do with the next token, from moments: beside chance and shuffled targets. */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../../dsl/problem.js'
import {
  bound,
  type BoundFigure,
  kernelTolerance,
  measurement,
  type MeasurementFigure,
} from '../../information/figure.js'
import { type AlignmentMoments, pillaiOfMoments, prototypeCorrelations } from '../alignment-moments.js'
import type { HeadParameters } from './head-parameters.js'

export interface CorrelationFigures {
  /** The sum of the squared canonical correlations of h and the next token: at most the rank of h and the tokens less one. */
  readonly raw: BoundFigure
  /** The same less what chance gives on so many contexts: zero by chance, the limit where it is reached. */
  readonly corrected: MeasurementFigure
  /** How much of the raw sum the rows of the head at the next token have, rather than the token itself. */
  readonly prototypes: BoundFigure | undefined
  /** The canonical correlations, the largest first. */
  readonly correlations: readonly number[]
}

/** Directions of h with less of the variance than this are rounding of float32 kernels. */
const float32Part = 1e-6

/** The figures of so many contexts. Problems: hidden states that are all the same, or so few contexts that chance explains all. */
export const correlationFigures = (
  next: AlignmentMoments,
  shuffled: AlignmentMoments,
  contexts: number,
  { weights }: HeadParameters,
): Either<Problem, CorrelationFigures> => {
  const found = pillaiOfMoments(next, contexts, float32Part)
  if (isLeft(found)) return found
  const { raw, corrected, chance, most, band, correlations } = found.right
  const other = pillaiOfMoments(shuffled, contexts, float32Part)
  const prototypes = prototypeCorrelations(next, weights, float32Part)
  const correct = (value: number): number => (value - chance) / (1 - chance / most)
  return right({
    raw: bound('Σ ρ² of h and the next token <= min(rank h, V - 1)', raw, 'at most', most, '1'),
    corrected: measurement(
      'Σ ρ², corrected for chance',
      corrected,
      { mean: 0, lower: correct(band.lower), upper: correct(band.upper), draws: band.draws },
      isLeft(other) ? {} : { 'shuffled targets': correct(other.right.raw) },
    ),
    prototypes: isLeft(prototypes) ? undefined : prototypeBound(prototypes.right, raw),
    correlations: Array.from(correlations),
  })
}

const prototypeBound = (correlations: Float64Array, raw: number): BoundFigure => {
  const value = correlations.reduce((sum, rho) => sum + rho * rho, 0)
  return {
    ...bound('Σ ρ² of h and the row of the head at the next token', value, 'at most', raw, '1'),
    holds: value <= raw + kernelTolerance * Math.max(1, raw),
  }
}
