/**
 * How much of what the data's operator says matters do the hidden states span?
 *
 * Both scores depend on the span of the hidden states alone, so they do not change under an invertible linear map of the hidden
 * space, which no likelihood can see either. They are measurements, never to be asserted: report them beside chance (the null band
 * below, with the same context weights), an untrained model and shuffled targets. The operator must be the data's, a known process's
 * or a teacher's, and its type says so: a model's own predictions align with it before any training (`selfAlignment`).
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Theorem 7.6, which takes the alignment for a
 * consequence of the likelihood; it is a measurement.
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { NullBand } from '../information/figure.js'
import { standardNormals } from '../linear-algebra/standard-normal.js'
import {
  type AlignmentScores,
  type AlignmentTarget,
  alignmentTarget,
  scoresOf,
  spanOf,
  type SpanScores,
  spanScores,
} from './alignment-scores.js'
import { bandOf, checkDraws, defaultDraws, type NullSettings } from './null-band.js'
import { type ExternalProvenance, externalProvenances, type Provenance } from './predictive-law.js'
import type { OperatorSpectrum } from './similarity.js'
import type { SimilarityName } from './similarity-kernel.js'

export type { AlignmentScores, SpanScores } from './alignment-scores.js'

/** The alignment with an operator that the model had no part in. */
export interface Alignment extends SpanScores {
  readonly kind: 'alignment'
  readonly provenance: ExternalProvenance
  /** An invertible linear map of the hidden space changes none of the scores. */
  readonly invariant: true
}

/** The null bands of both scores against one operator. */
export interface AlignmentNull<S extends SimilarityName = SimilarityName> {
  readonly similarity: S
  readonly overlap: NullBand
  readonly captured: NullBand
}

/**
 * The alignment of hidden states (n x D, row-major) with the centred operator of a law with these n weights.
 *
 * Errors: `invalid-value` for a hidden state that is not finite, and for an operator of the model's own predictions;
 * `empty-input` where the operator is zero, that is where all contexts predict the same: there is nothing to align with;
 * `out-of-range` where too few eigenvectors were kept.
 */
export const alignment = (
  hidden: Float64Array,
  weights: Float64Array,
  spectrum: OperatorSpectrum<SimilarityName>,
): Either<Problem, Alignment> => {
  const { provenance } = spectrum
  if (!isExternal(provenance))
    return left(
      problem(
        'invalid-value',
        'alignment',
        'the operator is made from the model’s own predictions',
        'use the law of the data, of a known process or of a teacher; `selfAlignment` names the other thing',
      ),
    )
  return pipe(
    spanScores(hidden, weights, spectrum),
    map((scores) => ({ kind: 'alignment', provenance, invariant: true, ...scores })),
  )
}

/**
 * Chance: the scores of independent standard normal features (n x dimension) under the same weights, from draws that all the
 * operators share; the mean, and the 2.5% and 97.5% quantiles of the draws.
 *
 * With weights that are not uniform no closed form holds. Errors: as for `alignment`, of the operators.
 */
export const randomFeatureNull = <S extends SimilarityName>(
  weights: Float64Array,
  dimension: number,
  spectra: readonly OperatorSpectrum<S>[],
  { draws = defaultDraws, seed }: NullSettings,
): Either<Problem, readonly AlignmentNull<S>[]> => {
  checkDraws('randomFeatureNull', draws)
  const targets: AlignmentTarget[] = []
  for (const spectrum of spectra) {
    const target = alignmentTarget(weights, dimension, spectrum)
    if (isLeft(target)) return target
    targets.push(target.right)
  }
  const drawn = targets.map(() => ({ overlap: new Float64Array(draws), captured: new Float64Array(draws) }))
  const normals = standardNormals(seed)
  const features = new Float64Array(weights.length * dimension)
  for (let draw = 0; draw < draws; draw++) {
    normals(features)
    const basis = spanOf(features, weights)
    targets.forEach((target, index) => {
      const { overlap, captured }: AlignmentScores = scoresOf(basis, target)
      drawn[index]!.overlap[draw] = overlap
      drawn[index]!.captured[draw] = captured
    })
  }
  return right(
    drawn.map(({ overlap, captured }, index) => ({
      similarity: spectra[index]!.similarity,
      overlap: bandOf(overlap),
      captured: bandOf(captured),
    })),
  )
}

/** Types are gone at run time, and JSON and JavaScript have none. */
const isExternal = (provenance: Provenance): boolean => externalProvenances.some((external) => external === provenance)
