/**
 * Conditioning of Gaussian maps, over any kind of numbers.
 *
 * For f : A -> X ⊗ Y with covariance C let D be a matrix with D C_XX = C_YX, which exists because C is positive semidefinite. Then
 * N = [-D, I] takes the output of f to the part of Y that X says nothing of, and f|_X(x, a) = D x + N f(a): matrix [D, N M], shift N s,
 * covariance N C N^T = C_YY - D C_XY. Any {1}-inverse G of C_XX gives such a D = C_YX G, and the covariance does not depend on which.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020),
 * section 6 on Gaussian probability.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'
import { dimensionOf, type RealObject, sameRealObject } from '../real-object.js'
import {
  type AffineParts,
  composeGaussian,
  type GaussianKind,
  identityOf,
  linearMap,
  type MatrixAlgebra,
  range,
  type RealBoundary,
  zeroOf,
} from './affine.js'

/** How the last coordinates of a covariance depend on the first ones. */
export interface Regression<M> {
  /** A matrix D with D C_XX = C_YX. */
  readonly slope: M
  /** The rank of C_XX. */
  readonly rank: number
  /** Where a deviation of X from its mean leaves the image of C_XX, if it does. */
  readonly offSupport: (deviation: M) => Departure | undefined
}

/** A coordinate of X whose deviation is not the one that the other coordinates determine. */
export interface Departure {
  readonly coordinate: number
  /** The part of the deviation that cannot be, as text. */
  readonly residual: string
}

/** The regression of the coordinates from `count` on, on those before. */
export type Regress<M> = (covariance: M, count: number) => Regression<M>

export interface GaussianConditional<Mor> {
  /** X ⊗ A -> Y. */
  readonly conditional: Mor
  /** The rank of the covariance of X given A: its dimension where X has a density. */
  readonly rank: number
}

export interface GaussianPosterior<Mor> {
  /** I -> Y, or what the function that gives it says. */
  readonly posterior: Mor
  /** The rank of the covariance of what was observed. */
  readonly rank: number
}

/** f|_X : X ⊗ A -> Y and the rank of C_XX. */
export const conditionalOf = <Mor extends RealBoundary, M>(
  kind: GaussianKind<Mor, M>,
  regress: Regress<M>,
  f: Mor,
  x: RealObject,
  y: RealObject,
): GaussianConditional<Mor> => {
  mustSplit(kind.category, 'conditional', f, [x, y])
  const { algebra } = kind
  const { matrix, shift, covariance } = kind.partsOf(f)
  const { slope, rank } = regress(covariance, dimensionOf(x))
  const residual = residualMap(algebra, slope, dimensionOf(y))
  const conditional = kind.mapOf([...x, ...f.domain], y, {
    matrix: algebra.beside(slope, algebra.product(residual, matrix)),
    shift: algebra.product(residual, shift),
    covariance: algebra.residualCovariance(residual, covariance),
  })
  return { conditional, rank }
}

/** The law of Y where f : A -> X ⊗ Y was given `input` and X was seen to be `value`, both columns. */
export const observeGaussian = <Mor extends RealBoundary, M>(
  kind: GaussianKind<Mor, M>,
  regress: Regress<M>,
  f: Mor,
  x: RealObject,
  y: RealObject,
  value: M,
  input: M,
): Either<Problem, GaussianPosterior<Mor>> => {
  mustSplit(kind.category, 'observation', f, [x, y])
  const { algebra } = kind
  const parts = kind.partsOf(f)
  const [m, n] = [dimensionOf(x), dimensionOf(y)]
  // Observing the value is observing zero once the value is taken off; the deviation of the value is then minus the mean.
  const { shift, covariance } = deviationFrom(algebra, parts, value, input, n)
  const { slope, rank, offSupport } = regress(covariance, m)
  // What is left of the mean is minus the deviation of the value from it.
  const departure = offSupport(algebra.negative(algebra.select(shift, range(0, m), [0])))
  if (departure !== undefined)
    return left(
      problem(
        'impossible-evidence',
        `observation, coordinate ${departure.coordinate}`,
        `it is off by ${departure.residual} from the only value that the other coordinates leave possible`,
        'observe a value in the support, or give the observation noise of its own',
      ),
    )
  const residual = residualMap(algebra, slope, n)
  const posterior = kind.mapOf([], y, {
    matrix: zeroOf(algebra, n, 0),
    shift: algebra.product(residual, shift),
    covariance: algebra.residualCovariance(residual, covariance),
  })
  return right({ posterior, rank })
}

/** The law of (X, Y) where f : A -> X ⊗ X ⊗ Y was given `input` and its two X were seen to be equal: their difference is zero. */
export const conditionEqualGaussian = <Mor extends RealBoundary, M>(
  kind: GaussianKind<Mor, M>,
  regress: Regress<M>,
  f: Mor,
  x: RealObject,
  y: RealObject,
  input: M,
): Either<Problem, GaussianPosterior<Mor>> => {
  mustSplit(kind.category, 'conditioning on equality', f, [x, x, y])
  const m = dimensionOf(x)
  // (x, x', y) to (x - x', x, y).
  const difference = linearMap(kind, f.codomain, f.codomain, (i, j) => {
    if (i < m) return j === i ? 1 : j === i + m ? -1 : 0
    return j === (i < 2 * m ? i - m : i) ? 1 : 0
  })
  const zero = zeroOf(kind.algebra, m, 1)
  return observeGaussian(kind, regress, composeGaussian(kind, f, difference), x, [...x, ...y], zero, input)
}

/** [-D, I]. */
const residualMap = <M>(algebra: MatrixAlgebra<M>, slope: M, n: number): M =>
  algebra.beside(algebra.negative(slope), identityOf(algebra, n))

const deviationFrom = <M>(
  { sum, product, negative, directSum, whole }: MatrixAlgebra<M>,
  { matrix, shift, covariance }: AffineParts<M>,
  value: M,
  input: M,
  unobserved: number,
): Pick<AffineParts<M>, 'shift' | 'covariance'> => {
  const padded = directSum(
    value,
    whole(unobserved, 0, () => 0),
  )
  return { shift: sum(sum(product(matrix, input), shift), negative(padded)), covariance }
}

const mustSplit = (category: string, operation: string, f: RealBoundary, factors: readonly RealObject[]): void => {
  if (!sameRealObject(f.codomain, factors.flat()))
    throw new Error(
      `${category}: the ${operation} needs the codomain [${factors.flat().join(', ')}], and it is [${f.codomain.join(', ')}]`,
    )
}
