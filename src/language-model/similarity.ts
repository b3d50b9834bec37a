/**
 * Predictive similarity of contexts: kernels K(x, x') = <phi(x), phi(x')> of the rows of k_data, and the spectrum of the operator
 * M_K on L2(mu).
 *
 * The eigenvalues are the squared singular values of sqrt(mu) Phi (n x V); no n x n matrix is ever formed. The leading uncentred
 * eigenfunction is the direction of the mean, so the centred spectrum, that of (1 - 1 mu^T) K (1 - mu 1^T), is the one that says
 * what contexts tell apart.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), section 7, as corrected: nonnegative spectra need
 * positive semidefinite kernels, which feature kernels are.
 */
import { outputDistribution } from '../information/mutual-information.js'
import { leadingColumns, rankOf, singularValues, thinSvd } from '../linear-algebra/singular-values.js'
import type { Matrix } from '../linear-algebra/matrix.js'
import type { DataKernel } from './data-kernel.js'
import { centredFeatures, directionTolerance, weightedFeatures } from './weighted-features.js'

/**
 * The feature kernels.
 *
 *     bhattacharyya   phi = sqrt(P): K is the Bhattacharyya coefficient, 1 on the diagonal
 *     linear          phi = P: K is the expected likelihood sum P P'
 *     cca             phi = P / sqrt(u), u the law of the token: centred, K is sum P P'/u - 1, and the eigenvalues are the squared
 *                     canonical correlations of context and next token; tokens with u = 0 are dropped
 */
export const similarities = ['bhattacharyya', 'linear', 'cca'] as const

export type Similarity = (typeof similarities)[number]

/** The names of the kernels for people. */
export const similarityTitle: Readonly<Record<Similarity, string>> = {
  bhattacharyya: 'Bhattacharyya',
  linear: 'linear',
  cca: 'canonical correlation',
}

export interface OperatorSpectrum<S extends Similarity = Similarity> {
  readonly similarity: S
  /** The min(n, V) largest eigenvalues of M_K, descending; the other n - V are zero. For `cca` the first is one. */
  readonly uncentred: Float64Array
  /** The trace of M_K, sum mu K(x, x), computed without the spectrum. */
  readonly uncentredTrace: number
  /** The same for the centred operator; eigenvalues that rounding cannot tell from zero are 0. */
  readonly centred: Float64Array
  readonly centredTrace: number
  /** How many centred eigenvalues are positive. */
  readonly rank: number
  /** n x rank: the eigenvectors of the positive centred eigenvalues, orthonormal in coordinates weighted by sqrt(mu). */
  readonly eigenvectors: Matrix
}

/**
 * The spectrum of the predictive-similarity operator of a data kernel.
 *
 * An eigenvalue counts as zero where its square root is below 1e-9 of the largest one's, or at the rounding of the features.
 */
export const operatorSpectrum = <S extends Similarity>(
  { weights, next }: DataKernel,
  similarity: S,
): OperatorSpectrum<S> => {
  const features = featuresOf(similarity, weights, next)
  const uncentred = weightedFeatures(features, weights)
  const centred = centredFeatures(features, weights)
  const { left, values } = thinSvd(centred)
  const rank = rankOf(values, directionTolerance(uncentred))
  return {
    similarity,
    uncentred: singularValues(uncentred).map(square),
    uncentredTrace: squaredNorm(uncentred),
    centred: values.map((value, index) => (index < rank ? square(value) : 0)),
    centredTrace: squaredNorm(centred),
    rank,
    eigenvectors: leadingColumns(left, rank),
  }
}

/**
 * The canonical correlations of context and next token, descending, from 0 to 1: the square roots of the centred `cca` eigenvalues.
 *
 * Source: S.-L. Huang, A. Makur, G. Wornell and L. Zheng, "On universal features for high-dimensional learning and inference" (2019).
 */
export const canonicalCorrelations = ({ centred }: OperatorSpectrum<'cca'>): Float64Array =>
  centred.map((value) => Math.min(1, Math.sqrt(value)))

/**
 * lambda_k - lambda_(k+1) of the centred spectrum, for k the dimension or the number of positive eigenvalues, whichever is less: at
 * zero the leading eigenspace is not unique, and scores against it depend on which one was taken.
 */
export const spectralGap = ({ centred, rank }: OperatorSpectrum, dimension: number): number => {
  const k = Math.min(dimension, rank)
  return k === 0 ? 0 : centred[k - 1]! - (centred[k] ?? 0)
}

const featuresOf = (similarity: Similarity, weights: Float64Array, next: Float64Array): Float64Array => {
  switch (similarity) {
    case 'bhattacharyya':
      return next.map(Math.sqrt)
    case 'linear':
      return next
    case 'cca': {
      const output = outputDistribution(weights, next)
      const kept = Array.from(output.keys()).filter((w) => output[w]! > 0)
      const features = new Float64Array(weights.length * kept.length)
      for (let x = 0; x < weights.length; x++)
        kept.forEach((w, column) => {
          features[x * kept.length + column] = next[x * output.length + w]! / Math.sqrt(output[w]!)
        })
      return features
    }
  }
}

const square = (value: number): number => value * value

const squaredNorm = ({ entries }: Matrix): number => entries.reduce((sum, entry) => sum + entry * entry, 0)
