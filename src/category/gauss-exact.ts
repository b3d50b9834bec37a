/**
 * Gauss over the rational numbers: affine maps with Gaussian noise, y = M x + s + N(0, C), exactly.
 *
 * An object is a list of dimensions; a morphism is its matrix, its shift and the covariance of its noise, which may be singular.
 * Deterministic morphisms are the affine maps. Conditionals need no roots and no singular values: any {1}-inverse of the covariance of
 * what is conditioned on does, and symmetric elimination gives one.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020),
 * section 6.
 */
import { type Either, flatMap, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type AffineParts, type GaussianKind, gaussianOperations, marginalGaussian, range } from './gauss/affine.js'
import {
  conditionalOf,
  conditionEqualGaussian,
  type GaussianConditional,
  type GaussianPosterior,
  observeGaussian,
} from './gauss/conditioning.js'
import { exactAlgebra, type ExactMatrix, isZero } from './gauss/exact-matrix.js'
import { regressExactly, sweepFirst } from './gauss/exact-regression.js'
import { type AffineMeaning, noCovariance, readColumn, readParts } from './gauss/meaning.js'
import { showGaussian } from './gauss/show.js'
import type { GaussianMoments } from './gauss.js'
import { inverseByConditional } from './inversion.js'
import type { ConditionalMarkovCategory } from './markov-category.js'
import { type Rational, type RationalText, readRational, showRational, zero } from './rational.js'
import { dimensionOf, type RealObject, realObjectOf, sameRealObject } from './real-object.js'

/** y = M x + s + N(0, C); all arrays are row-major. */
export interface ExactGaussianMap {
  readonly domain: RealObject
  readonly codomain: RealObject
  /** M, dimension(codomain) x dimension(domain). */
  readonly matrix: readonly Rational[]
  /** s, dimension(codomain). */
  readonly shift: readonly Rational[]
  /** C, dimension(codomain) squared, symmetric positive semidefinite. */
  readonly covariance: readonly Rational[]
}

/** What a user writes for an exact Gaussian map; parts that are left out are zero. */
export type ExactGaussianMeaning = AffineMeaning<RationalText>

const partsOf = (f: ExactGaussianMap): AffineParts<ExactMatrix> => {
  const [inputs, outputs] = [dimensionOf(f.domain), dimensionOf(f.codomain)]
  return {
    matrix: { rows: outputs, columns: inputs, entries: f.matrix },
    shift: { rows: outputs, columns: 1, entries: f.shift },
    covariance: { rows: outputs, columns: outputs, entries: f.covariance },
  }
}

const kind: GaussianKind<ExactGaussianMap, ExactMatrix> = {
  category: 'GaussExact',
  algebra: exactAlgebra,
  partsOf,
  mapOf: (domain, codomain, { matrix, shift, covariance }) => ({
    domain,
    codomain,
    matrix: matrix.entries,
    shift: shift.entries,
    covariance: covariance.entries,
  }),
}

const where = 'exact Gaussian map'

const checkCovariance = (covariance: ExactMatrix, place: string): Problem | undefined => {
  const { rows: n, entries } = covariance
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [entries[i * n + j]!, entries[j * n + i]!]
      if (!below.equals(above))
        return noCovariance(
          place,
          `entry (${i}, ${j}) is ${showRational(below)} and entry (${j}, ${i}) is ${showRational(above)}`,
        )
    }
  // What elimination leaves of a positive semidefinite matrix is zero.
  const { matrix, rest } = sweepFirst(covariance, n)
  const left = exactAlgebra.select(matrix, rest, rest)
  const wrong = left.entries.findIndex((entry) => !isZero(entry))
  if (wrong === -1) return undefined
  const coordinate = rest[Math.floor(wrong / rest.length)]!
  return noCovariance(
    place,
    `it is not positive semidefinite: the other coordinates would explain more than the variance ` +
      `${showRational(entries[coordinate * (n + 1)]!)} of coordinate ${coordinate}`,
  )
}

const validate = (f: ExactGaussianMap): Either<Problem, ExactGaussianMap> => {
  const [inputs, outputs] = [dimensionOf(f.domain), dimensionOf(f.codomain)]
  const shapes = [
    ['matrix', outputs, inputs],
    ['shift', outputs, 1],
    ['covariance', outputs, outputs],
  ] as const
  for (const [part, rows, columns] of shapes)
    if (f[part].length !== rows * columns)
      return left(
        problem(
          'invalid-value',
          `${where}, ${part}`,
          `it has ${f[part].length} entries`,
          `give ${rows} x ${columns} entries`,
        ),
      )
  const wrong = checkCovariance(partsOf(f).covariance, where)
  return wrong === undefined ? right(f) : left(wrong)
}

const read = (
  meaning: ExactGaussianMeaning,
  domain: RealObject,
  codomain: RealObject,
  place: string,
): Either<Problem, ExactGaussianMap> => {
  const [inputs, outputs] = [dimensionOf(domain), dimensionOf(codomain)]
  const parts = readParts(meaning, inputs, outputs, place, zero, readRational)
  if (isLeft(parts)) return parts
  const wrong = checkCovariance({ rows: outputs, columns: outputs, entries: parts.right.covariance }, place)
  return wrong === undefined ? right({ domain, codomain, ...parts.right }) : left(wrong)
}

const same = (a: readonly Rational[], b: readonly Rational[]): boolean =>
  a.length === b.length && a.every((entry, place) => entry.equals(b[place]!))

const inText = (entries: readonly Rational[]): readonly string[] => entries.map(showRational)

const operations = gaussianOperations(kind)

/**
 * f|_X : X ⊗ A -> Y of f : A -> X ⊗ Y with the rank of the covariance of X.
 *
 * Off the support of X the conditional is linear in the pivots, those coordinates of X that the others depend on.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 *
 * @example
 * const joint = toUnion(exactGaussianMap([], [1, 1], { covariance: [[3, 1], [1, '1/2']] }))
 * const { conditional, rank } = exactGaussConditional(joint, [1], [1])
 * conditional.matrix.map(showRational) // => ['1/3']
 * conditional.covariance.map(showRational) // => ['1/6']
 * rank // => 1
 */
export const exactGaussConditional = (
  f: ExactGaussianMap,
  x: RealObject,
  y: RealObject,
): GaussianConditional<ExactGaussianMap> => conditionalOf(kind, regressExactly, f, x, y)

const conditional = (f: ExactGaussianMap, x: RealObject, y: RealObject): ExactGaussianMap =>
  exactGaussConditional(f, x, y).conditional

/** Gauss over the rational numbers, with conditionals. It satisfies every law of Markov categories with conditionals, exactly. */
export const GaussExact: ConditionalMarkovCategory<RealObject, ExactGaussianMap, ExactGaussianMeaning> = {
  ...operations,
  name: 'gauss-exact',
  equality: 'exact: matrix, shift and covariance are the same rational numbers',
  objectOf: realObjectOf('GaussExact'),
  isDeterministic: (f) => f.covariance.every(isZero),
  equals: (f, g) =>
    sameRealObject(f.domain, g.domain) &&
    sameRealObject(f.codomain, g.codomain) &&
    same(f.matrix, g.matrix) &&
    same(f.shift, g.shift) &&
    same(f.covariance, g.covariance),
  validate,
  read,
  conditional,
  inverse: (prior, f) => inverseByConditional({ ...operations, conditional }, prior, f),
  show: (f) => showGaussian(f, { matrix: inText(f.matrix), shift: inText(f.shift), covariance: inText(f.covariance) }),
}

/**
 * An exact Gaussian map from nested arrays.
 *
 * Errors: `invalid-value` for a wrong shape, what is no rational number, or what is no covariance.
 *
 * @example
 * isRight(exactGaussianMap([1], [1], { matrix: [['1/3']], shift: [1], covariance: [['0.5']] })) // => true
 * isLeft(exactGaussianMap([], [2], { covariance: [[1, 2], [2, 1]] })) // => true
 */
export const exactGaussianMap = (
  domain: RealObject,
  codomain: RealObject,
  meaning: ExactGaussianMeaning,
): Either<Problem, ExactGaussianMap> => read(meaning, domain, codomain, where)

const columnOf = (entries: readonly RationalText[], length: number, place: string): Either<Problem, ExactMatrix> =>
  pipe(
    readColumn(entries, length, place, readRational),
    map((values) => ({ rows: length, columns: 1, entries: values })),
  )

/**
 * The law of Y where f : A -> X ⊗ Y was given `input` and X was seen to be `value`, with the rank of the covariance of X.
 *
 * Errors: `impossible-evidence` where the value lies outside the support of X, `invalid-value` for a wrong number of coordinates.
 *
 * @example
 * const constant = toUnion(exactGaussianMap([], [1, 1], { shift: ['1/3', 0], covariance: [[0, 0], [0, 1]] }))
 * isRight(observeExactGauss(constant, [1], [1], ['1/3'])) // => true
 * toUnion(observeExactGauss(constant, [1], [1], ['0.333333333333'])).kind // => 'impossible-evidence'
 */
export const observeExactGauss = (
  f: ExactGaussianMap,
  x: RealObject,
  y: RealObject,
  value: readonly RationalText[],
  input: readonly RationalText[] = [],
): Either<Problem, GaussianPosterior<ExactGaussianMap>> =>
  pipe(
    columnOf(value, dimensionOf(x), 'observation'),
    flatMap((seen) =>
      pipe(
        columnOf(input, dimensionOf(f.domain), 'input'),
        flatMap((fed) => observeGaussian(kind, regressExactly, f, x, y, seen, fed)),
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
 * const two = toUnion(exactGaussianMap([], [1, 1], { shift: [0, 2], covariance: [[1, 0], [0, 2]] }))
 * exactGaussMoments(toUnion(conditionEqualExactGauss(two, [1], [])).posterior).mean.map(showRational) // => ['2/3']
 */
export const conditionEqualExactGauss = (
  f: ExactGaussianMap,
  x: RealObject,
  y: RealObject,
  input: readonly RationalText[] = [],
): Either<Problem, GaussianPosterior<ExactGaussianMap>> =>
  pipe(
    columnOf(input, dimensionOf(f.domain), 'input'),
    flatMap((fed) => conditionEqualGaussian(kind, regressExactly, f, x, y, fed)),
  )

/** A map with only the wires of the codomain at these places, in this order. */
export const exactGaussMarginal = (f: ExactGaussianMap, wires: readonly number[]): ExactGaussianMap =>
  marginalGaussian(kind, f, wires)

/** The mean and the covariance of a state; a map with inputs has none, and throws. */
export const exactGaussMoments = (state: ExactGaussianMap): GaussianMoments<Rational> => {
  const n = dimensionOf(state.codomain)
  if (dimensionOf(state.domain) > 0)
    throw new Error(
      `exactGaussMoments: a map from [${state.domain.join(', ')}] has a mean for every input; compose it first`,
    )
  return { mean: state.shift, covariance: range(0, n).map((i) => state.covariance.slice(i * n, (i + 1) * n)) }
}
