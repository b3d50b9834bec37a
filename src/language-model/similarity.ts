/**
 * The operator of predictive similarity, M_K f(x) = E_mu K(x, X') f(X') on L2(mu), and its spectrum.
 *
 * For kernels of features the eigenvalues are the squared singular values of sqrt(mu) Phi (n x m): no n x n matrix is formed. Other
 * kernels have their n x n matrix, solved densely up to 512 contexts and by subspace iteration beyond. The leading uncentred
 * eigenfunction is the direction of the mean, so the centred spectrum, that of (1 - 1 mu^T) K (1 - mu 1^T), is the one that says
 * what contexts tell apart.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Definition 7.5, as corrected: a bounded symmetric
 * kernel need not have a nonnegative spectrum; positive semidefinite ones, of which feature kernels are some, have.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { gramDecomposition } from '../linear-algebra/gram-decomposition.js'
import { crossProduct, frobeniusNorm, type Matrix, matrix, matrixProduct } from '../linear-algebra/matrix.js'
import { leadingColumns, rankOf, singularValues, thinSvd } from '../linear-algebra/singular-values.js'
import { leadingEigen } from '../linear-algebra/subspace-iteration.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import type { DataKernel } from './data-kernel.js'
import type { ExternalProvenance, PredictiveLaw, Provenance } from './predictive-law.js'
import {
  isFeatureKernel,
  kernelFeatures,
  type SimilarityKernel,
  similarityMatrix,
  type SimilarityName,
  totalFeatures,
} from './similarity-kernel.js'
import { centreAndScale, directionTolerance, weightedFeatures } from './weighted-features.js'

/**
 * The feature kernels that every law has, and that reports show.
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

export interface OperatorSpectrum<
  S extends SimilarityName = SimilarityName,
  P extends Provenance = ExternalProvenance,
> {
  readonly similarity: S
  /** Whose law the kernel compares. */
  readonly provenance: P
  /**
   * `svd`: singular values of the features. `gram`: eigenvalues of the smaller Gram matrix of the features, for large ones; what is
   * below 1e-14 of the largest is lost. `dense`: of the n x n matrix. `iteration`: the leading ones of a large n x n matrix.
   */
  readonly method: 'svd' | 'gram' | 'dense' | 'iteration'
  /** The min(n, m) or n largest eigenvalues of M_K, or the leading ones for `iteration`; descending. For `cca` the first is one. */
  readonly uncentred: Float64Array
  /** The trace of M_K, sum mu K(x, x), computed without the spectrum. */
  readonly uncentredTrace: number
  /** The same for the centred operator; eigenvalues that rounding cannot tell from zero are 0. */
  readonly centred: Float64Array
  readonly centredTrace: number
  /** How many of these centred eigenvalues are positive. */
  readonly rank: number
  /** n x k: eigenvectors of the k leading positive centred eigenvalues, orthonormal in coordinates weighted by sqrt(mu). */
  readonly eigenvectors: Matrix
  /** The centred operator itself: C = Phi Phi^T by its weighted features, or the n x n matrix. */
  readonly operator: CentredOperator
}

export type CentredOperator =
  { readonly kind: 'features'; readonly features: Matrix } | { readonly kind: 'matrix'; readonly matrix: Matrix }

/** How a spectrum is computed. */
export interface SpectrumSettings {
  /** How many eigenvectors to keep where the features are many (`gram`) or the matrix is large (`iteration`); 64. */
  readonly eigenvectors?: number
  /** Up to how many contexts an n x n matrix is solved densely; 512. */
  readonly denseLimit?: number
  /** Features n x m for which n m min(n, m) is larger go through their Gram matrix; 5e8. */
  readonly decompositionLimit?: number
}

/** n m min(n, m), about the multiplications of a decomposition of n x m features: a second or two. */
export const defaultDecompositionLimit = 5e8
export const defaultDenseLimit = 512
const defaultEigenvectors = 64

/**
 * The spectrum of the predictive-similarity operator of a data kernel, for a kernel that every law has.
 *
 * An eigenvalue counts as zero where its square root is below 1e-9 of the largest one's, or at the rounding of the features.
 */
export const operatorSpectrum = <S extends Similarity>(
  { weights, next }: DataKernel,
  similarity: S,
  settings: SpectrumSettings = {},
): OperatorSpectrum<S, 'data'> => ({
  similarity,
  provenance: 'data',
  ...featureSpectrum(totalFeatures(similarity, weights, next), weights, settings),
})

/**
 * The spectrum of any kernel on a law of any provenance, which the result carries.
 *
 * Errors: a kernel without features on more than 8192 contexts, a rate that is not positive, a zero probability under `log-ratio`, an
 * iteration that does not converge.
 *
 * @example
 * const law = lawOfTeacher('two coins', Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75, 0.75, 0.25))
 * Array.from(toUnion(predictiveSpectrum(law, { kind: 'total-variation' })).centred) // => [0.25, 0]
 */
export const predictiveSpectrum = <P extends Provenance, K extends SimilarityKernel>(
  law: PredictiveLaw<P>,
  kernel: K,
  settings: SpectrumSettings = {},
): Either<Problem, OperatorSpectrum<K['kind'], P>> => {
  const named: { readonly similarity: K['kind']; readonly provenance: P } = {
    similarity: kernel.kind,
    provenance: law.provenance,
  }
  if (isFeatureKernel(kernel)) {
    const features = kernelFeatures(kernel, law)
    return isLeft(features) ? features : right({ ...named, ...featureSpectrum(features.right, law.weights, settings) })
  }
  const similarities = similarityMatrix(kernel, law)
  if (isLeft(similarities)) return similarities
  const spectrum = matrixSpectrum(kernel.kind, similarities.right, law.weights, settings)
  return isLeft(spectrum) ? spectrum : right({ ...named, ...spectrum.right })
}

/**
 * The canonical correlations of context and next token, descending, from 0 to 1: the square roots of the centred `cca` eigenvalues.
 *
 * Source: S.-L. Huang, A. Makur, G. Wornell and L. Zheng, "On universal features for high-dimensional learning and inference" (2019).
 */
export const canonicalCorrelations = ({ centred }: OperatorSpectrum<'cca', Provenance>): Float64Array =>
  centred.map((value) => Math.min(1, Math.sqrt(value)))

/**
 * lambda_k - lambda_(k+1) of the centred spectrum, for k the dimension or the number of positive eigenvalues, whichever is less: at
 * zero the leading eigenspace is not unique, and scores against it depend on which one was taken.
 */
export const spectralGap = (
  { centred, rank }: Pick<OperatorSpectrum, 'centred' | 'rank'>,
  dimension: number,
): number => {
  const k = Math.min(dimension, rank)
  return k === 0 ? 0 : centred[k - 1]! - Math.max(0, centred[k] ?? 0)
}

/** tr(X^T C X), for X (n x k) in weighted coordinates and C the centred operator. */
export const quadraticTrace = (operator: CentredOperator, x: Matrix): number => {
  if (operator.kind === 'features') return squaredNorm(crossProduct(operator.features, x))
  const image = matrixProduct(operator.matrix, x)
  return image.entries.reduce((sum, entry, index) => sum + entry * x.entries[index]!, 0)
}

type Computed = Omit<OperatorSpectrum, 'similarity' | 'provenance'>

/** The features are overwritten. */
const featureSpectrum = (features: Float64Array, weights: Float64Array, settings: SpectrumSettings): Computed => {
  const width = features.length / weights.length
  return features.length * Math.min(width, weights.length) > (settings.decompositionLimit ?? defaultDecompositionLimit)
    ? bySmallerGram(features, weights, settings)
    : bySingularValues(features, weights)
}

const bySingularValues = (features: Float64Array, weights: Float64Array): Computed => {
  const uncentred = weightedFeatures(features, weights)
  const { centred } = centreAndScale(features, weights)
  const { left: vectors, values } = thinSvd(centred)
  const rank = rankOf(values, directionTolerance(uncentred))
  return {
    method: 'svd',
    uncentred: singularValues(uncentred).map(square),
    uncentredTrace: squaredNorm(uncentred),
    centred: values.map((value, index) => (index < rank ? square(value) : 0)),
    centredTrace: squaredNorm(centred),
    rank,
    eigenvectors: leadingColumns(vectors, rank),
    operator: { kind: 'features', features: centred },
  }
}

const bySmallerGram = (
  features: Float64Array,
  weights: Float64Array,
  { eigenvectors: wanted = defaultEigenvectors }: SpectrumSettings,
): Computed => {
  const { centred, mean } = centreAndScale(features, weights)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const offset = mean.reduce((sum, entry) => sum + entry * entry, 0)
  const centredTrace = squaredNorm(centred)
  const uncentredTrace = centredTrace + total * offset
  const { gram, squares, rank, left: eigenvectors } = gramDecomposition(centred, wanted, 1e-26 * uncentredTrace)
  // Uncentred features are the centred ones and sqrt(mu) times the mean, which is orthogonal to them.
  const size = gram.rows
  const uncentred = matrix(size, size, gram.entries.slice())
  const roots = weights.map(Math.sqrt)
  const images =
    centred.rows >= centred.columns ? undefined : matrixProduct(centred, matrix(mean.length, 1, mean)).entries
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      uncentred.entries[i * size + j]! +=
        images === undefined
          ? total * mean[i]! * mean[j]!
          : roots[i]! * images[j]! + roots[j]! * images[i]! + offset * roots[i]! * roots[j]!
  return {
    method: 'gram',
    uncentred: symmetricEigen(uncentred).values.map((value) => Math.max(0, value)),
    uncentredTrace,
    centred: squares.map((value, index) => (index < rank ? value : 0)),
    centredTrace,
    rank,
    eigenvectors,
    operator: { kind: 'features', features: centred },
  }
}

const matrixSpectrum = (
  name: SimilarityName,
  similarities: Matrix,
  weights: Float64Array,
  { eigenvectors: wanted = defaultEigenvectors, denseLimit = defaultDenseLimit }: SpectrumSettings,
): Either<Problem, Computed> => {
  const n = weights.length
  const plain = weightedMatrix(similarities, weights)
  const centred = centredMatrix(similarities, weights)
  const traces = { uncentredTrace: traceOf(plain), centredTrace: traceOf(centred) }
  const operator: CentredOperator = { kind: 'matrix', matrix: centred }
  const rounding = 1e-14 * n * frobeniusNorm(plain)
  const cleaned = (values: Float64Array): Float64Array =>
    values.map((value) => (Math.abs(value) <= rounding ? 0 : value))
  const positive = (values: Float64Array): number => values.filter((value) => value > 0).length
  if (n <= denseLimit) {
    const { values, vectors } = symmetricEigen(centred)
    const cleanedValues = cleaned(values)
    const rank = positive(cleanedValues)
    return right({
      method: 'dense',
      ...traces,
      uncentred: cleaned(symmetricEigen(plain).values),
      centred: cleanedValues,
      rank,
      eigenvectors: leadingColumns(vectors, rank),
      operator,
    })
  }
  const count = Math.min(wanted, n)
  const ofPlain = leadingEigen((block) => matrixProduct(plain, block), n, count)
  const ofCentred = leadingEigen((block) => matrixProduct(centred, block), n, count)
  const missing = [ofPlain, ofCentred].find(({ converged }) => !converged)
  if (missing !== undefined)
    return left(
      problem(
        'unsupported',
        `${name} operator of ${n} contexts`,
        `the ${count} leading eigenvalues did not converge in ${missing.iterations} iterations`,
        'ask for another number of eigenvectors, so that it does not end among nearly equal eigenvalues',
      ),
    )
  const values = cleaned(ofCentred.values)
  const rank = positive(values)
  return right({
    method: 'iteration',
    ...traces,
    uncentred: cleaned(ofPlain.values),
    centred: values,
    rank,
    eigenvectors: leadingColumns(ofCentred.vectors, rank),
    operator,
  })
}

/** sqrt(mu) K sqrt(mu). */
const weightedMatrix = ({ rows: n, entries }: Matrix, weights: Float64Array): Matrix => {
  const roots = weights.map(Math.sqrt)
  const result = matrix(n, n)
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++) result.entries[x * n + y] = roots[x]! * roots[y]! * entries[x * n + y]!
  return result
}

/** sqrt(mu) (1 - 1 mu^T) K (1 - mu 1^T) sqrt(mu). */
const centredMatrix = ({ rows: n, entries }: Matrix, weights: Float64Array): Matrix => {
  const means = new Float64Array(n)
  let [mean, total] = [0, 0]
  for (let x = 0; x < n; x++) {
    let sum = 0
    for (let y = 0; y < n; y++) sum += weights[y]! * entries[x * n + y]!
    means[x] = sum
    mean += weights[x]! * sum
    total += weights[x]!
  }
  mean /= total
  const result = matrix(n, n)
  for (let x = 0; x < n; x++)
    for (let y = 0; y < n; y++) result.entries[x * n + y] = entries[x * n + y]! - means[x]! - means[y]! + mean
  return weightedMatrix(result, weights)
}

const traceOf = ({ rows, entries }: Matrix): number => {
  let trace = 0
  for (let i = 0; i < rows; i++) trace += entries[i * rows + i]!
  return trace
}

const square = (value: number): number => value * value

const squaredNorm = ({ entries }: Matrix): number => entries.reduce((sum, entry) => sum + entry * entry, 0)
