/**
 * How much of what the data's operator says matters do the hidden states span?
 *
 * Both scores depend on the span of the hidden states alone, so they do not change under an invertible linear map of the hidden
 * space, which no likelihood can see either. They are measurements, never to be asserted: report them beside chance (the null band
 * below, with the same context weights), an untrained model and shuffled targets. The operator must be the data's or a teacher's: a
 * model's own predictions align with it before any training.
 */
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { NullBand } from '../information/figure.js'
import { crossProduct, type Matrix, matrix, matrixProduct } from '../linear-algebra/matrix.js'
import { leadingColumns, orthonormalBasis, singularValues } from '../linear-algebra/singular-values.js'
import { standardNormals } from '../linear-algebra/standard-normal.js'
import { type OperatorSpectrum, type Similarity, spectralGap } from './similarity.js'
import { centredFeatures, directionTolerance, weightedFeatures } from './weighted-features.js'

/** The two scores, each from 0 to 1. */
export interface AlignmentScores {
  /** |Q^T F|_F^2 / k: the mean squared cosine between the span of the hidden states and the leading k eigenvectors F. */
  readonly overlap: number
  /** tr(Q^T M Q) over the most that any k directions can capture, the sum of the k largest eigenvalues of M. */
  readonly captured: number
}

export interface Alignment extends AlignmentScores {
  /** k: the dimension of the hidden states, or the number of positive eigenvalues if that is less. */
  readonly eigenvectors: number
  /** How many dimensions the centred hidden states span. */
  readonly directions: number
  /** The angles between the two spaces, in radians, the smallest first. */
  readonly principalAngles: Float64Array
  /** lambda_k - lambda_(k+1): at zero the leading eigenspace, and so the overlap, is not determined. */
  readonly gap: number
}

/** The null bands of both scores against one operator. */
export interface AlignmentNull {
  readonly similarity: Similarity
  readonly overlap: NullBand
  readonly captured: NullBand
}

/**
 * The alignment of hidden states (n x D, row-major) with the centred operator of a data kernel with these n weights.
 *
 * Errors: `invalid-value` for a hidden state that is not finite; `empty-input` where the operator is zero, that is where all contexts
 * predict the same: there is nothing to align with.
 */
export const alignment = (
  hidden: Float64Array,
  weights: Float64Array,
  spectrum: OperatorSpectrum,
): Either<Problem, Alignment> => {
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
    target(weights, hidden.length / weights.length, spectrum),
    map((aim) => {
      const basis = spanOf(hidden, weights)
      return {
        ...scores(basis, aim),
        eigenvectors: aim.count,
        directions: basis.columns,
        principalAngles: principalAngles(basis, leadingColumns(spectrum.eigenvectors, aim.count)),
        gap: spectralGap(spectrum, aim.count),
      }
    }),
  )
}

/**
 * Chance: the scores of independent standard normal features (n x dimension) under the same weights, from draws that all the
 * operators share; the mean, and the 2.5% and 97.5% quantiles of the draws.
 *
 * With weights that are not uniform no closed form holds. Error: `empty-input` where an operator is zero.
 */
export const randomFeatureNull = (
  weights: Float64Array,
  dimension: number,
  spectra: readonly OperatorSpectrum[],
  { draws = 200, seed }: { readonly draws?: number; readonly seed: number },
): Either<Problem, readonly AlignmentNull[]> => {
  if (!Number.isInteger(draws) || draws < 1)
    throw new Error(`randomFeatureNull: there must be at least one draw, not ${draws}`)
  const targets: Target[] = []
  for (const spectrum of spectra) {
    const aim = target(weights, dimension, spectrum)
    if (isLeft(aim)) return aim
    targets.push(aim.right)
  }
  const drawn = targets.map(() => ({ overlap: new Float64Array(draws), captured: new Float64Array(draws) }))
  const normals = standardNormals(seed)
  const features = new Float64Array(weights.length * dimension)
  for (let draw = 0; draw < draws; draw++) {
    normals(features)
    const basis = spanOf(features, weights)
    targets.forEach((aim, index) => {
      const { overlap, captured } = scores(basis, aim)
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

interface Target {
  readonly count: number
  /** n x rank. */
  readonly eigenvectors: Matrix
  readonly eigenvalues: Float64Array
  /** The sum of the first `count` eigenvalues. */
  readonly best: number
}

const target = (weights: Float64Array, dimension: number, spectrum: OperatorSpectrum): Either<Problem, Target> => {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new Error(`alignment: hidden states of dimension ${dimension} for ${weights.length} contexts`)
  const { similarity, eigenvectors, centred, rank } = spectrum
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
  const best = centred.subarray(0, count).reduce((sum, value) => sum + value, 0)
  return right({ count, eigenvectors, eigenvalues: centred, best })
}

/** Q: an orthonormal basis of the centred features, weighted by sqrt(mu). */
const spanOf = (features: Float64Array, weights: Float64Array): Matrix =>
  orthonormalBasis(centredFeatures(features, weights), directionTolerance(weightedFeatures(features, weights))).basis

const scores = (basis: Matrix, { count, eigenvectors, eigenvalues, best }: Target): AlignmentScores => {
  const { rows, columns, entries } = crossProduct(eigenvectors, basis)
  let [overlap, captured] = [0, 0]
  for (let i = 0; i < rows; i++) {
    let cosines = 0
    for (let j = 0; j < columns; j++) cosines += entries[i * columns + j]! ** 2
    if (i < count) overlap += cosines
    captured += eigenvalues[i]! * cosines
  }
  // Both are at most one; rounding may not know.
  return { overlap: Math.min(1, overlap / count), captured: Math.min(1, captured / best) }
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

const bandOf = (values: Float64Array): NullBand => {
  const sorted = values.slice().sort()
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lower: quantile(sorted, 0.025),
    upper: quantile(sorted, 0.975),
    draws: values.length,
  }
}

/** A quantile of sorted values, by linear interpolation between the order statistics. */
const quantile = (sorted: Float64Array, probability: number): number => {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!]
  return low + (place - below) * (high - low)
}
