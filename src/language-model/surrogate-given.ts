/**
 * Theorems B and C: the surrogate's minimiser where one of hidden states and head is given.
 *
 *     B   G given, h free:            h_x = A^+ gbar_x,  A = G^T S G,  gbar_x = G^T (P_x - u);  gain 1/2 E gbar^T A^+ gbar
 *         G given, h = B phi(x):      B = A^+ Sigma_g,phi Sigma_phi,phi^+
 *     C   h given, G free:            Sigma_hP S^+ Sigma_Ph v = lambda Sigma_hh v;  gain 1/2 sum lambda
 *
 * With S = kappa (diag u - u u^T), lambda_i = rho_i^2 / kappa for the canonical correlations rho_i of h and the one-hot next token.
 * Identities about the surrogate, which is not the likelihood.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), in place of Theorem 7.6.
 */
import { type Either, isLeft, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import type { Problem } from '../../dsl/problem.js'
import { outputDistribution } from '../information/mutual-information.js'
import { crossProduct, type Matrix, matrix, matrixProduct, transpose } from '../linear-algebra/matrix.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import { directionsOf, type Directions, momentsOfLaw } from './alignment-moments.js'
import type { PredictiveLaw, Provenance } from './predictive-law.js'
import { bohningMetric, pullbackMetric } from './pullback.js'
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
import { weightedFeatures } from './weighted-features.js'

/** A minimiser with one side given; `value` is H(u) - gain, the least value of the surrogate, in nats. */
export interface GivenOptimum {
  readonly surrogate: Surrogate
  readonly hidden: Float64Array
  readonly head: Float64Array
  readonly gain: number
  readonly value: number
  /** The surrogate and the likelihood computed at the minimiser, by their definitions. */
  readonly evaluation: SurrogateEvaluation
  readonly conditions: SurrogateConditions
}

/**
 * Theorem B: the hidden states (n x D) that minimise the surrogate under a head G (V x D) beside the bias log u.
 *
 * @example
 * const law = lawOfTeacher('two coins', Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75, 0.75, 0.25))
 * optimalHiddenStates(law, Float64Array.of(1, -1), 'taylor').gain // => 0.125
 */
export const optimalHiddenStates = (
  law: PredictiveLaw<Provenance>,
  head: Float64Array,
  name: SurrogateName,
): GivenOptimum => {
  const { metric, prototypes } = headMoments(law, head, name)
  return finish(law, head, name, matrixProduct(prototypes, pseudoInverse(metric)).entries, prototypes)
}

export interface LinearEncoderOptimum extends GivenOptimum {
  /** B, D x m: h = B phi. */
  readonly encoder: Matrix
}

/** Theorem B for hidden states that are linear in features phi (n x m) of the context. */
export const optimalLinearEncoder = (
  law: PredictiveLaw<Provenance>,
  head: Float64Array,
  features: Float64Array,
  name: SurrogateName,
): LinearEncoderOptimum => {
  const { metric, prototypes } = headMoments(law, head, name)
  const [n, d] = [law.weights.length, prototypes.columns]
  const phi = weightedFeatures(features, law.weights)
  const moments = crossProduct(weightedFeatures(prototypes.entries, law.weights), phi)
  const unit = matrixProduct(matrixProduct(pseudoInverse(metric), moments), pseudoInverse(crossProduct(phi, phi)))
  const states = matrixProduct(matrix(n, phi.columns, features), transpose(unit))
  const optimum = finish(law, head, name, states.entries, prototypes)
  const factor = curvatureFactor(optimum.surrogate)
  return {
    ...optimum,
    encoder: matrix(
      d,
      phi.columns,
      unit.entries.map((entry) => entry / factor),
    ),
  }
}

export interface AlignedDirections extends GivenOptimum, Directions {}

/**
 * Theorem C: the head that minimises the surrogate for measured hidden states (n x D), and the directions that carry its gain.
 *
 * `hidden` of the result are the centred states along the directions, n x k, each of variance one. Error: `invalid-value` where a state
 * is not finite; `empty-input` where the states are constant.
 *
 * @example
 * const law = lawOfTeacher('two coins', Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75, 0.75, 0.25))
 * Array.from(toUnion(alignedDirections(law, Float64Array.of(3, 5), 'taylor')).eigenvalues) // => [0.25]
 */
export const alignedDirections = (
  law: PredictiveLaw<Provenance>,
  hidden: Float64Array,
  name: SurrogateName,
): Either<Problem, AlignedDirections> => {
  const moments = momentsOfLaw(law, hidden)
  if (isLeft(moments)) return moments
  return pipe(
    directionsOf(moments.right, name === 'bohning' ? 'bohning' : 'chi-squared'),
    map((directions) => {
      const { mean } = moments.right
      const [n, d] = [law.weights.length, mean.length]
      const centred = matrix(
        n,
        d,
        hidden.map((entry, index) => entry - mean[index % d]!),
      )
      const states = matrixProduct(centred, directions.vectors)
      const { surrogate, factor } = shrink(law, states.entries, directions.head, name)
      const head = directions.head.map((entry) => entry / factor)
      const eigenvalues = directions.eigenvalues.map((value) => value / factor)
      const gain = eigenvalues.reduce((sum, value) => sum + value, 0) / 2
      const evaluation = evaluateSurrogate(law, states.entries, head, surrogate)
      return {
        surrogate,
        eigenvalues,
        vectors: directions.vectors,
        hidden: states.entries,
        head,
        gain,
        value: evaluation.constant - gain,
        evaluation,
        conditions: surrogateConditions(surrogate, states.entries, head, states.columns, evaluation),
      }
    }),
  )
}

interface HeadMoments {
  /** G^T S G at kappa = 1. */
  readonly metric: Matrix
  /** n x D: gbar_x = G^T (P_x - u). */
  readonly prototypes: Matrix
}

const headMoments = (
  { weights, next }: PredictiveLaw<Provenance>,
  head: Float64Array,
  name: SurrogateName,
): HeadMoments => {
  const n = weights.length
  const width = next.length / n
  if (head.length === 0 || head.length % width !== 0)
    throw new Error(`surrogate: a head of ${head.length} numbers for ${width} tokens`)
  const u = outputDistribution(weights, next)
  const differences = matrix(
    n,
    width,
    next.map((probability, index) => probability - u[index % width]!),
  )
  return {
    metric: name === 'bohning' ? bohningMetric(head, width) : pullbackMetric(head, u),
    prototypes: matrixProduct(differences, matrix(width, head.length / width, head)),
  }
}

const shrink = (
  law: PredictiveLaw<Provenance>,
  states: Float64Array,
  head: Float64Array,
  name: SurrogateName,
): { readonly surrogate: Surrogate; readonly factor: number } => {
  const surrogate = resolveSurrogate(name, () => evaluateSurrogate(law, states, head, { kind: 'taylor' }).range)
  return { surrogate, factor: curvatureFactor(surrogate) }
}

/** The gain of h is half of E <gbar, h>, where h minimises. */
const finish = (
  law: PredictiveLaw<Provenance>,
  head: Float64Array,
  name: SurrogateName,
  states: Float64Array,
  { entries: prototypes, columns: d }: Matrix,
): GivenOptimum => {
  const { surrogate, factor } = shrink(law, states, head, name)
  const hidden = states.map((entry) => entry / factor)
  let gain = 0
  hidden.forEach((entry, index) => {
    gain += (law.weights[Math.floor(index / d)]! * prototypes[index]! * entry) / 2
  })
  const evaluation = evaluateSurrogate(law, hidden, head, surrogate)
  return {
    surrogate,
    hidden,
    head,
    gain,
    value: evaluation.constant - gain,
    evaluation,
    conditions: surrogateConditions(surrogate, hidden, head, d, evaluation),
  }
}

const pseudoInverse = (a: Matrix): Matrix => {
  const { values, vectors } = symmetricEigen(a)
  const threshold = 1e-12 * (values[0] ?? 0)
  const scaled = matrix(
    a.rows,
    a.rows,
    vectors.entries.map((entry, index) => {
      const value = values[index % a.rows]!
      return value > threshold ? entry / value : 0
    }),
  )
  return matrixProduct(scaled, transpose(vectors))
}
