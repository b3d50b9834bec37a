/**
 * Features of contexts in the coordinates of L2(mu): row x multiplied by sqrt(mu(x)), so that the inner product is the plain one.
 */
import { frobeniusNorm, type Matrix, matrix } from '../linear-algebra/matrix.js'
import { type RankTolerance } from '../linear-algebra/singular-values.js'

/** sqrt(mu) Phi, for features Phi (n x m, row-major) and n weights. */
export const weightedFeatures = (features: Float64Array, weights: Float64Array): Matrix =>
  scaleRows(features.slice(), weights, widthOf(features, weights))

/** sqrt(mu) (Phi - E_mu Phi): constant features become zero, and every column is orthogonal to sqrt(mu). */
export const centredFeatures = (features: Float64Array, weights: Float64Array): Matrix =>
  centreAndScale(features.slice(), weights).centred

/** The same in the given array, without a copy; and E_mu Phi. */
export const centreAndScale = (
  features: Float64Array,
  weights: Float64Array,
): { readonly centred: Matrix; readonly mean: Float64Array } => {
  const width = widthOf(features, weights)
  // The second pass takes out what the rounding of the first mean has left.
  const mean = subtractMean(features, weights, width)
  const rest = subtractMean(features, weights, width)
  return {
    centred: scaleRows(features, weights, width),
    mean: mean.map((entry, j) => entry + rest[j]!),
  }
}

/**
 * Which directions of centred features are there at all: those above a part of 1e-9 of the largest, unless all that centring has left
 * is the rounding of the uncentred features.
 */
export const directionTolerance = (uncentred: Matrix): RankTolerance => ({
  relative: 1e-9,
  absolute: 1e-13 * frobeniusNorm(uncentred),
})

const subtractMean = (features: Float64Array, weights: Float64Array, width: number): Float64Array => {
  const mean = new Float64Array(width)
  let total = 0
  for (let x = 0; x < weights.length; x++) {
    total += weights[x]!
    for (let j = 0; j < width; j++) mean[j]! += weights[x]! * features[x * width + j]!
  }
  for (let j = 0; j < width; j++) mean[j]! /= total
  for (let x = 0; x < weights.length; x++) for (let j = 0; j < width; j++) features[x * width + j]! -= mean[j]!
  return mean
}

const scaleRows = (features: Float64Array, weights: Float64Array, width: number): Matrix => {
  for (let x = 0; x < weights.length; x++) {
    const scale = Math.sqrt(weights[x]!)
    for (let j = 0; j < width; j++) features[x * width + j]! *= scale
  }
  return matrix(weights.length, width, features)
}

const widthOf = (features: Float64Array, weights: Float64Array): number => {
  if (weights.length < 1 || features.length % weights.length !== 0)
    throw new Error(`features: ${features.length} numbers do not make ${weights.length} rows of one length`)
  return features.length / weights.length
}
