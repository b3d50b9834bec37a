/**
 * Gauss in float64: real vector spaces and affine maps with Gaussian noise, y = M x + s + N(0, C).
 *
 * An object is a list of dimensions; a morphism is its matrix, its shift and the covariance of its noise, which may be singular.
 * Deterministic morphisms are the affine maps. A morphism carries, beside its numbers, the magnitude of what they were computed from, and
 * equality is relative to that: it does not depend on the units of any wire, and takes what rounding leaves of a cancellation for the zero
 * that it is.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020),
 * section 6.
 */
import type { Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { gaussianOperations, marginalGaussian } from './gauss/affine.js'
import { floatKind, type GaussianMap, type GaussianMeaning, partsOf } from './gauss/gaussian-map.js'
import type { Measured } from './gauss/measured.js'
import { gaussConditional } from './gauss/observation.js'
import { gaussEqualityBudget } from './gauss/regression.js'
import { showGaussian } from './gauss/show.js'
import { readGaussian, validateGaussian, where } from './gauss/validation.js'
import { inverseByConditional } from './inversion.js'
import type { ConditionalMarkovCategory } from './markov-category.js'
import { dimensionOf, type RealObject, realObjectOf, sameRealObject } from './real-object.js'

export type { GaussianMagnitude, GaussianMap, GaussianMeaning } from './gauss/gaussian-map.js'
export { conditionEqualGauss, gaussConditional, observeGauss } from './gauss/observation.js'
export { gaussEqualityBudget, gaussRankTolerance } from './gauss/regression.js'

/** Whether no entry of two matrices differs by more than the budget's part of the larger magnitude. */
const within = (a: Measured, b: Measured): boolean =>
  // Written so that a NaN differs from everything.
  a.entries.every(
    (entry, at) =>
      Math.abs(entry - b.entries[at]!) <= gaussEqualityBudget * Math.max(a.magnitude[at]!, b.magnitude[at]!),
  )

const equals = (f: GaussianMap, g: GaussianMap): boolean => {
  if (!sameRealObject(f.domain, g.domain) || !sameRealObject(f.codomain, g.codomain)) return false
  const [a, b] = [partsOf(f), partsOf(g)]
  return within(a.matrix, b.matrix) && within(a.shift, b.shift) && within(a.covariance, b.covariance)
}

const inText = (entries: Float64Array): readonly string[] =>
  Array.from(entries, (entry) => String(Number(entry.toPrecision(6))))

const operations = gaussianOperations(floatKind)
const conditional = (f: GaussianMap, x: RealObject, y: RealObject): GaussianMap => gaussConditional(f, x, y).conditional

/**
 * Gauss: real vector spaces and affine maps with Gaussian noise, float64, with conditionals. Equality has a budget, so it is not
 * transitive: it accepts what independent rounding errors amount to, also those that an ill-conditioned conditional has magnified.
 */
export const Gauss: ConditionalMarkovCategory<RealObject, GaussianMap, GaussianMeaning> = {
  ...operations,
  name: 'gauss',
  equality:
    `no entry of matrix, shift or covariance differs by more than ${gaussEqualityBudget} of its magnitude, ` +
    `the root of the sum of the squares of the terms that went into it`,
  objectOf: realObjectOf('Gauss'),
  isDeterministic: (f) => {
    const { covariance } = partsOf(f)
    return covariance.entries.every((entry, at) => Math.abs(entry) <= gaussEqualityBudget * covariance.magnitude[at]!)
  },
  equals,
  validate: validateGaussian,
  read: readGaussian,
  conditional,
  inverse: (prior, f) => inverseByConditional({ ...operations, conditional }, prior, f),
  show: (f) => showGaussian(f, { matrix: inText(f.matrix), shift: inText(f.shift), covariance: inText(f.covariance) }),
}

/**
 * A Gaussian map from nested arrays.
 *
 * Errors: `invalid-value` for a wrong shape, a number that is not finite, or what is no covariance.
 *
 * @example
 * isRight(gaussianMap([1], [1], { matrix: [[2]], shift: [1], covariance: [[0.5]] })) // => true
 * isLeft(gaussianMap([], [2], { covariance: [[1, 2], [2, 1]] })) // => true
 */
export const gaussianMap = (
  domain: RealObject,
  codomain: RealObject,
  meaning: GaussianMeaning,
): Either<Problem, GaussianMap> => readGaussian(meaning, domain, codomain, where)

/**
 * A map with only the wires of the codomain at these places, in this order.
 *
 * @example
 * const joint = toUnion(gaussianMap([], [1, 1], { covariance: [[4, 2], [2, 3]] }))
 * gaussMoments(gaussMarginal(joint, [1])).covariance // => [[3]]
 */
export const gaussMarginal = (f: GaussianMap, wires: readonly number[]): GaussianMap =>
  marginalGaussian(floatKind, f, wires)

export interface GaussianMoments<Value> {
  readonly mean: readonly Value[]
  readonly covariance: readonly (readonly Value[])[]
}

/** The mean and the covariance of a state; a map with inputs has none, and throws. */
export const gaussMoments = (state: GaussianMap): GaussianMoments<number> => {
  const n = dimensionOf(state.codomain)
  if (dimensionOf(state.domain) > 0)
    throw new Error(
      `gaussMoments: a map from [${state.domain.join(', ')}] has a mean for every input; compose it first`,
    )
  const covariance = Array.from({ length: n }, (_, i) => Array.from(state.covariance.subarray(i * n, (i + 1) * n)))
  return { mean: Array.from(state.shift), covariance }
}
