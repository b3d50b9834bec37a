/**
 * Theorem A: the minimiser of the surrogate over tables of hidden states and heads of rank d together, in closed form.
 *
 *     min Q = H(u) - 1/2 sum_(i <= d) s_i^2,   s the singular values of sqrt(mu) (P - u) S^(+1/2)
 *     delta = S^(+1/2) [ S^(+1/2) (P - u) ]_d, so h spans the d leading left singular functions
 *
 * With S = C/2 that is the principal component analysis of P_x, the leading eigenspace of the centred linear kernel; with
 * S = kappa (diag u - u u^T) it is correspondence analysis, s_i = sigma_i / sqrt(kappa) for the canonical correlations sigma_i of context
 * and next token. Identities; that the likelihood's minimiser is near is a measurement.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), in place of Theorem 7.6; S.-L. Huang, A. Makur,
 * G. Wornell and L. Zheng, "On universal features for high-dimensional learning and inference" (2019).
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { outputDistribution } from '../information/mutual-information.js'
import { gramDecomposition } from '../linear-algebra/gram-decomposition.js'
import type { Matrix } from '../linear-algebra/matrix.js'
import { leadingColumns, rankOf, thinSvd } from '../linear-algebra/singular-values.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'
import { defaultDecompositionLimit } from './similarity.js'
import { totalFeatures } from './similarity-kernel.js'
import {
  curvatureFactor,
  evaluateSurrogate,
  resolveSurrogate,
  type Surrogate,
  type SurrogateConditions,
  surrogateConditions,
  type SurrogateEvaluation,
  type SurrogateName,
} from './surrogate.js'
import { centreAndScale } from './weighted-features.js'

export interface SurrogateOptimum {
  readonly surrogate: Surrogate
  /** kappa, one where the curvature is not calibrated. */
  readonly factor: number
  /** d, or the rank of P - u if that is less. */
  readonly dimension: number
  /** n x d: centred and white, E h h^T = 1. */
  readonly hidden: Float64Array
  /** V x d; zero at tokens that never occur. */
  readonly head: Float64Array
  /** s, descending, all of them. */
  readonly singularValues: Float64Array
  /** 1/2 sum_(i <= d) s_i^2, nats. */
  readonly gain: number
  /** H(u) - gain, nats: the least value of the surrogate. */
  readonly value: number
  /** The surrogate and the likelihood computed at the minimiser, by their definitions. */
  readonly evaluation: SurrogateEvaluation
  readonly conditions: SurrogateConditions
}

/**
 * The surrogate's minimiser of rank d on a law.
 *
 * Errors: `out-of-range` for a dimension that is no whole number of at least one; `empty-input` where all contexts predict the same.
 *
 * @example
 * const law = lawOfTeacher('two coins', Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75, 0.75, 0.25))
 * toUnion(surrogateOptimum(law, 1, 'taylor')).gain // => 0.125
 */
export const surrogateOptimum = (
  law: PredictiveLaw<Provenance>,
  dimension: number,
  name: SurrogateName,
): Either<Problem, SurrogateOptimum> => {
  if (!Number.isInteger(dimension) || dimension < 1)
    return left(
      problem('out-of-range', 'surrogate optimum', `${dimension} is no dimension`, 'give a whole number of at least 1'),
    )
  const { weights, next } = law
  const width = next.length / weights.length
  const u = outputDistribution(weights, next)
  const isBohning = name === 'bohning'
  const kept = isBohning ? Array.from(u.keys()) : Array.from(u.keys()).filter((w) => u[w]! > 0)
  const { left: functions, values, right: features } = decompose(weights, next, isBohning, dimension)
  const d = functions.columns
  if (d === 0)
    return left(
      problem(
        'empty-input',
        'surrogate optimum',
        'all contexts predict the same',
        'use a law whose next symbol depends on the context',
      ),
    )

  const hidden = functions.entries.map((entry, index) => entry / Math.sqrt(weights[Math.floor(index / d)]!))
  // G of curvature one: 2 s r for C/2, sigma r / sqrt(u) for diag u - u u^T.
  const head = new Float64Array(width * d)
  kept.forEach((w, row) => {
    const scale = isBohning ? 2 : 1 / Math.sqrt(u[w]!)
    for (let i = 0; i < d; i++) head[w * d + i] = scale * values[i]! * features.entries[row * d + i]!
  })
  const surrogate = resolveSurrogate(name, () => evaluateSurrogate(law, hidden, head, { kind: 'taylor' }).range)
  const factor = curvatureFactor(surrogate)
  const scaled = head.map((entry) => entry / factor)
  const singularValues = values.map((value) => (isBohning ? Math.SQRT2 * value : value / Math.sqrt(factor)))
  const evaluation = evaluateSurrogate(law, hidden, scaled, surrogate)
  const gain = singularValues.subarray(0, d).reduce((sum, s) => sum + s * s, 0) / 2
  const gap = singularValues[d - 1]! ** 2 - (singularValues[d] ?? 0) ** 2
  return right({
    surrogate,
    factor,
    dimension: d,
    hidden,
    head: scaled,
    singularValues,
    gain,
    value: evaluation.constant - gain,
    evaluation,
    conditions: surrogateConditions(surrogate, hidden, scaled, d, evaluation, gap),
  })
}

interface Triples {
  readonly left: Matrix
  readonly values: Float64Array
  readonly right: Matrix
}

/** The singular values of sqrt(mu) (P - u), or of that over sqrt(u), and at most d vectors of the positive ones. */
const decompose = (weights: Float64Array, next: Float64Array, plain: boolean, dimension: number): Triples => {
  const features = totalFeatures(plain ? 'linear' : 'cca', weights, next)
  const m = features.length / weights.length
  let square = 0
  weights.forEach((weight, x) => {
    for (let j = x * m; j < (x + 1) * m; j++) square += weight * features[j]! ** 2
  })
  const { centred } = centreAndScale(features, weights)
  // What centring leaves below this is the rounding of the uncentred features.
  const floor = 1e-13 * Math.sqrt(square)
  const work = features.length * Math.min(centred.rows, centred.columns)
  if (work > defaultDecompositionLimit) {
    const { squares, left: vectors, right: directions } = gramDecomposition(centred, dimension, floor * floor)
    return { left: vectors, values: squares.map((square) => Math.sqrt(Math.max(0, square))), right: directions }
  }
  const svd = thinSvd(centred)
  const count = Math.min(dimension, rankOf(svd.values, { absolute: floor }))
  return { left: leadingColumns(svd.left, count), values: svd.values, right: leadingColumns(svd.right, count) }
}
