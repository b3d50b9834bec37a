/**
 * Scores that change when the hidden space is mapped linearly: centred kernel alignment and Procrustes similarity.
 *
 * The likelihood does not change under h -> A h, W -> W A^-1, so nothing about these follows from it: they depend on the
 * regulariser and on how long a model is trained. Their results carry `invariant: false`; do not headline them.
 *
 * Source: S. Kornblith, M. Norouzi, H. Lee and G. Hinton, "Similarity of neural network representations revisited" (2019); L. Song,
 * A. Smola, A. Gretton, J. Bedo and K. Borgwardt, "Feature selection via dependence maximization" (2012) for the debiased form.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { crossProduct, frobeniusNorm, gramMatrix, type Matrix, matrix, transpose } from '../linear-algebra/matrix.js'
import { singularValues } from '../linear-algebra/singular-values.js'
import type { Provenance } from './predictive-law.js'
import { type CentredOperator, type OperatorSpectrum, quadraticTrace } from './similarity.js'
import type { SimilarityName } from './similarity-kernel.js'
import { centredFeatures } from './weighted-features.js'

/** A measurement that depends on the basis of the hidden space. */
export interface BasisDependentScore {
  readonly score: 'linear-cka' | 'debiased-linear-cka' | 'procrustes'
  readonly value: number
  readonly invariant: false
  /** Which maps of the hidden space leave it as it is. */
  readonly unchangedUnder: 'orthogonal maps and one common scale'
}

type AnyOperator = OperatorSpectrum<SimilarityName, Provenance>

const basisDependent = (score: BasisDependentScore['score'], value: number): BasisDependentScore => ({
  score,
  value,
  invariant: false,
  unchangedUnder: 'orthogonal maps and one common scale',
})

/**
 * Linear centred kernel alignment <K_h, C> / (|K_h| |C|) of hidden states (n x D) and a centred operator, under the same weights: from 0
 * to 1, biased upwards; 0 for constant states.
 */
export const centredKernelAlignment = (
  hidden: Float64Array,
  weights: Float64Array,
  spectrum: AnyOperator,
): BasisDependentScore => {
  const states = centredFeatures(hidden, weights)
  const size = frobeniusNorm(smallerGram(states)) * operatorNorm(spectrum.operator)
  return basisDependent('linear-cka', size === 0 ? 0 : quadraticTrace(spectrum.operator, states) / size)
}

/**
 * Procrustes similarity |X^T F|_* / (|X| |F|) of the centred weighted hidden states X and F with F F^T the centred operator: from 0 to 1,
 * and not 0 by chance. Error: `unsupported` for an operator whose leading eigenvalues alone are known.
 */
export const procrustesSimilarity = (
  hidden: Float64Array,
  weights: Float64Array,
  { operator, method, centred, eigenvectors, similarity }: AnyOperator,
): Either<Problem, BasisDependentScore> => {
  const states = centredFeatures(hidden, weights)
  if (operator.kind === 'matrix' && method === 'iteration')
    return left(
      problem(
        'unsupported',
        `Procrustes similarity with the ${similarity} operator`,
        'only its leading eigenvalues are known',
        'give fewer contexts, or a kernel of features',
      ),
    )
  const factors =
    operator.kind === 'features'
      ? operator.features
      : matrix(
          eigenvectors.rows,
          eigenvectors.columns,
          eigenvectors.entries.map((entry, index) => entry * Math.sqrt(centred[index % eigenvectors.columns]!)),
        )
  const size = frobeniusNorm(states) * frobeniusNorm(factors)
  const nuclear = singularValues(crossProduct(states, factors)).reduce((sum, value) => sum + value, 0)
  return right(basisDependent('procrustes', size === 0 ? 0 : nuclear / size))
}

/**
 * Linear centred kernel alignment of two samples, n x D and n x m numbers with one row for each of the same n equally weighted draws,
 * from unbiased estimates of the three Hilbert-Schmidt norms: zero in the mean by chance; it may be below zero.
 *
 * Errors: `out-of-range` for fewer than four draws; `invalid-value` where an estimated norm is not positive.
 */
export const debiasedKernelAlignment = (x: Matrix, y: Matrix): Either<Problem, BasisDependentScore> => {
  if (x.rows !== y.rows) throw new Error(`debiasedKernelAlignment: ${x.rows} rows meet ${y.rows}`)
  if (x.rows < 4)
    return left(problem('out-of-range', 'debiased alignment', `${x.rows} draws are too few`, 'give at least four'))
  const ofX = unbiasedProduct(x, x)
  const ofY = unbiasedProduct(y, y)
  if (!(ofX > 0 && ofY > 0))
    return left(
      problem(
        'invalid-value',
        'debiased alignment',
        `the estimated squared norms are ${ofX} and ${ofY}`,
        'give more draws, that are not all the same',
      ),
    )
  return right(basisDependent('debiased-linear-cka', unbiasedProduct(x, y) / Math.sqrt(ofX * ofY)))
}

/**
 * The unbiased estimate of the Hilbert-Schmidt product of K = X X^T and L = Y Y^T, times n (n - 3): with zeros on their diagonals,
 * tr K L + 1'K1 1'L1 / ((n - 1)(n - 2)) - 2 1'KL1 / (n - 2). No n x n matrix is formed.
 */
const unbiasedProduct = (first: Matrix, second: Matrix): number => {
  // A common shift changes K and L, not the estimate, which is of centred kernels; without it less cancels.
  const [x, y] = [withoutMeans(first), withoutMeans(second)]
  const n = x.rows
  const cross = crossProduct(x, y)
  let trace = cross.entries.reduce((sum, entry) => sum + entry * entry, 0)
  const [k, l] = [rowSums(x), rowSums(y)]
  let [sumK, sumL, product] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    trace -= k.diagonal[i]! * l.diagonal[i]!
    sumK += k.sums[i]!
    sumL += l.sums[i]!
    product += k.sums[i]! * l.sums[i]!
  }
  return trace + (sumK * sumL) / ((n - 1) * (n - 2)) - (2 * product) / (n - 2)
}

const withoutMeans = ({ rows, columns, entries }: Matrix): Matrix => {
  const means = new Float64Array(columns)
  entries.forEach((entry, index) => {
    means[index % columns]! += entry / rows
  })
  return matrix(
    rows,
    columns,
    entries.map((entry, index) => entry - means[index % columns]!),
  )
}

/** The diagonal of X X^T, and its row sums without the diagonal. */
const rowSums = ({ rows, columns, entries }: Matrix) => {
  const total = new Float64Array(columns)
  entries.forEach((entry, index) => {
    total[index % columns]! += entry
  })
  const diagonal = new Float64Array(rows)
  const sums = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let [square, along] = [0, 0]
    for (let j = 0; j < columns; j++) {
      const entry = entries[i * columns + j]!
      square += entry * entry
      along += entry * total[j]!
    }
    diagonal[i] = square
    sums[i] = along - square
  }
  return { diagonal, sums }
}

const smallerGram = (a: Matrix): Matrix => gramMatrix(a.rows < a.columns ? transpose(a) : a)

const operatorNorm = (operator: CentredOperator): number =>
  frobeniusNorm(operator.kind === 'features' ? smallerGram(operator.features) : operator.matrix)
