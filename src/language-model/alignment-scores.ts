/**
 * The scores of a span of hidden states against a centred operator, whatever law the operator is of.
 */
import { type Either, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { crossProduct, type Matrix, matrix, matrixProduct } from '../linear-algebra/matrix.js'
import { leadingColumns, orthonormalBasis, singularValues } from '../linear-algebra/singular-values.js'
import type { Provenance } from './predictive-law.js'
import { type CentredOperator, type OperatorSpectrum, quadraticTrace, spectralGap } from './similarity.js'
import type { SimilarityName } from './similarity-kernel.js'
import { centredFeatures, directionTolerance, weightedFeatures } from './weighted-features.js'

/** The two scores, each from 0 to 1. */
export interface AlignmentScores {
  /** |Q^T F|_F^2 / k: the mean squared cosine between the span of the hidden states and the leading k eigenvectors F. */
  readonly overlap: number
  /** tr(Q^T M Q) over the most that any k directions can capture, the sum of the k largest eigenvalues of M. */
  readonly captured: number
}

/** All that is said of one span and one operator. */
export interface SpanScores extends AlignmentScores {
  /** k: the dimension of the hidden states, or the number of positive eigenvalues if that is less. */
  readonly eigenvectors: number
  /** How many dimensions the centred hidden states span. */
  readonly directions: number
  /** The angles between the two spaces, in radians, the smallest first. */
  readonly principalAngles: Float64Array
  /** lambda_k - lambda_(k+1): at zero the leading eigenspace, and so the overlap, is not determined. */
  readonly gap: number
}

export type AnyOperator = OperatorSpectrum<SimilarityName, Provenance>

/** What spans of a dimension are scored against. */
export interface AlignmentTarget {
  readonly count: number
  /** n x count. */
  readonly eigenvectors: Matrix
  readonly operator: CentredOperator
  /** The sum of the first `count` eigenvalues. */
  readonly best: number
}

export const alignmentTarget = (
  weights: Float64Array,
  dimension: number,
  { similarity, eigenvectors, centred, rank, operator }: AnyOperator,
): Either<Problem, AlignmentTarget> => {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new Error(`alignment: hidden states of dimension ${dimension} for ${weights.length} contexts`)
  if (eigenvectors.rows !== weights.length)
    throw new Error(`alignment: the operator has ${eigenvectors.rows} contexts, the weights ${weights.length}`)
  const count = Math.min(dimension, rank)
  if (count === 0)
    return left(
      problem(
        'empty-input',
        `the ${similarity} operator`,
        'all contexts predict the same, so that it is zero',
        'use a law whose next symbol depends on the context',
      ),
    )
  if (count > eigenvectors.columns)
    return left(
      problem(
        'out-of-range',
        `the ${similarity} operator`,
        `${eigenvectors.columns} of its eigenvectors are kept, hidden states of dimension ${dimension} need ${count}`,
        'keep more eigenvectors',
      ),
    )
  return right({
    count,
    eigenvectors: leadingColumns(eigenvectors, count),
    operator,
    best: centred.subarray(0, count).reduce((sum, value) => sum + value, 0),
  })
}

/** The scores of hidden states, n x D. Errors: a state that is not finite; those of the target. */
export const spanScores = (
  hidden: Float64Array,
  weights: Float64Array,
  spectrum: AnyOperator,
): Either<Problem, SpanScores> => {
  const wrong = hidden.findIndex((entry) => !Number.isFinite(entry))
  if (wrong !== -1)
    return left(
      problem(
        'invalid-value',
        `hidden state of context ${Math.floor(wrong / (hidden.length / weights.length))}`,
        `an entry is ${hidden[wrong]}`,
        'give finite numbers',
      ),
    )
  return pipe(
    alignmentTarget(weights, hidden.length / weights.length, spectrum),
    map((target) => {
      const basis = spanOf(hidden, weights)
      return {
        ...scoresOf(basis, target),
        eigenvectors: target.count,
        directions: basis.columns,
        principalAngles: principalAngles(basis, target.eigenvectors),
        gap: spectralGap(spectrum, target.count),
      }
    }),
  )
}

/** Q: an orthonormal basis of the centred features, weighted by sqrt(mu). */
export const spanOf = (features: Float64Array, weights: Float64Array): Matrix =>
  orthonormalBasis(centredFeatures(features, weights), directionTolerance(weightedFeatures(features, weights))).basis

export const scoresOf = (basis: Matrix, { count, eigenvectors, operator, best }: AlignmentTarget): AlignmentScores => {
  const cosines = crossProduct(eigenvectors, basis).entries.reduce((sum, entry) => sum + entry * entry, 0)
  // Both are at most one; rounding may not know.
  return {
    overlap: Math.min(1, cosines / count),
    captured: Math.min(1, quadraticTrace(operator, basis) / best),
  }
}

/** acos of the singular values of Q^T F; asin of those of F - Q Q^T F where the cosine is close to one and says little. */
const principalAngles = (basis: Matrix, eigenvectors: Matrix): Float64Array => {
  const products = crossProduct(basis, eigenvectors)
  const projected = matrixProduct(basis, products)
  const outside = matrix(
    eigenvectors.rows,
    eigenvectors.columns,
    eigenvectors.entries.map((entry, index) => entry - projected.entries[index]!),
  )
  const cosines = singularValues(products)
  const sines = singularValues(outside).reverse()
  return cosines.map((cosine, index) => {
    const sine = Math.min(1, sines[index]!)
    return sine < Math.SQRT1_2 ? Math.asin(sine) : Math.acos(Math.min(1, cosine))
  })
}
