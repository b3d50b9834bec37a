/**
 * Conditionals, observations and exact conditioning of Gaussian maps in float64.
 */
import { type Either, flatMap, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import type { Problem } from '../../../dsl/problem.js'
import { dimensionOf, type RealObject } from '../real-object.js'
import {
  conditionalOf,
  conditionEqualGaussian,
  type GaussianConditional,
  type GaussianPosterior,
  observeGaussian,
} from './conditioning.js'
import { floatKind, type GaussianMap } from './gaussian-map.js'
import { readColumn } from './meaning.js'
import { given, type Measured } from './measured.js'
import { gaussRankTolerance, regress } from './regression.js'
import { finiteNumber } from './validation.js'

/**
 * f|_X : X ⊗ A -> Y of f : A -> X ⊗ Y with the rank of the covariance of X that it was decided on.
 *
 * A direction of X whose remaining variance is at most `rankTolerance` of its magnitude, whatever the units, counts as one without
 * variance; where it had some, the law of the conditional holds for it up to the root of the tolerance only. Off the support of X the
 * conditional is linear in the pivots, those coordinates of X that the others depend on.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 *
 * @example
 * const joint = toUnion(gaussianMap([], [1, 1], { covariance: [[4, 2], [2, 3]] }))
 * const { conditional, rank } = gaussConditional(joint, [1], [1])
 * Array.from(conditional.matrix) // => [0.5]
 * Array.from(conditional.covariance) // => [2]
 * rank // => 1
 */
export const gaussConditional = (
  f: GaussianMap,
  x: RealObject,
  y: RealObject,
  rankTolerance = gaussRankTolerance,
): GaussianConditional<GaussianMap> => conditionalOf(floatKind, regress(rankTolerance), f, x, y)

const columnOf = (entries: readonly number[], length: number, place: string): Either<Problem, Measured> =>
  pipe(
    readColumn(entries, length, place, finiteNumber),
    map((values) => given(length, 1, Float64Array.from(values))),
  )

/**
 * The law of Y where f : A -> X ⊗ Y was given `input` and X was seen to be `value`, with the rank of the covariance of X.
 *
 * Errors: `impossible-evidence` where the value lies outside the support of X by more than rounding and a millionth of a standard
 * deviation, `invalid-value` for a wrong number of coordinates.
 *
 * @example
 * const joint = toUnion(gaussianMap([], [1, 1], { shift: [1, 0], covariance: [[4, 2], [2, 3]] }))
 * const { posterior, rank } = toUnion(observeGauss(joint, [1], [1], [3]))
 * gaussMoments(posterior) // => { mean: [1], covariance: [[2]] }
 * const constant = toUnion(gaussianMap([], [1, 1], { covariance: [[0, 0], [0, 1]] }))
 * toUnion(observeGauss(constant, [1], [1], [3])).kind // => 'impossible-evidence'
 */
export const observeGauss = (
  f: GaussianMap,
  x: RealObject,
  y: RealObject,
  value: readonly number[],
  input: readonly number[] = [],
): Either<Problem, GaussianPosterior<GaussianMap>> =>
  pipe(
    columnOf(value, dimensionOf(x), 'observation'),
    flatMap((seen) =>
      pipe(
        columnOf(input, dimensionOf(f.domain), 'input'),
        flatMap((fed) => observeGaussian(floatKind, regress(gaussRankTolerance), f, x, y, seen, fed)),
      ),
    ),
  )

/**
 * The law of (X, Y) where f : A -> X ⊗ X ⊗ Y was given `input` and its two X turned out equal: exact conditioning on x - x' = 0.
 *
 * Errors: `impossible-evidence` where they cannot be equal, `invalid-value` for a wrong number of coordinates.
 *
 * Source: D. Stein and S. Staton, "Compositional semantics for probabilistic programs with exact conditioning" (2021).
 *
 * @example
 * const two = toUnion(gaussianMap([], [1, 1], { shift: [0, 2], covariance: [[1, 0], [0, 1]] }))
 * gaussMoments(toUnion(conditionEqualGauss(two, [1], [])).posterior) // => { mean: [1], covariance: [[0.5]] }
 */
export const conditionEqualGauss = (
  f: GaussianMap,
  x: RealObject,
  y: RealObject,
  input: readonly number[] = [],
): Either<Problem, GaussianPosterior<GaussianMap>> =>
  pipe(
    columnOf(input, dimensionOf(f.domain), 'input'),
    flatMap((fed) => conditionEqualGaussian(floatKind, regress(gaussRankTolerance), f, x, y, fed)),
  )
