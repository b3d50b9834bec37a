/**
 * FinStoch in exact rationals: finite sets and stochastic matrices without rounding.
 *
 * An object is a list of cardinalities, its elements are numbered in row-major order (the last wire runs fastest); a morphism is a
 * list of rows, row x the distribution of the output given input x, each over a common denominator in lowest terms. Numbers grow with
 * the depth of a diagram, so long computations belong in float64.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import {
  checkRow,
  type ExactRow,
  independent,
  isPointMass,
  mixture,
  normalised,
  pointMass,
  posteriorWeights,
  readRow,
  sameRow,
  showRow,
} from './exact-row.js'
import { assertComposable, assertEndsIn, checkFiniteEnds, showEnds } from './finite-ends.js'
import { type FiniteObject, finiteObjectOf, sameFiniteObject, sizeOfObject, swapElement } from './finite-object.js'
import type { ConditionalMarkovCategory } from './markov-category.js'
import { type Rational, type RationalText, ratio } from './rational.js'

export interface ExactStochasticMatrix {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  /** One row for each element of the domain, of one probability for each element of the codomain. */
  readonly rows: readonly ExactRow[]
}

/** A stochastic matrix as nested rows of rational numbers, one row for each input. */
export type RationalRows = readonly (readonly RationalText[])[]

/** The matrix of a function on elements: a deterministic morphism. */
export const exactStochasticMap = (
  domain: FiniteObject,
  codomain: FiniteObject,
  f: (element: number) => number,
): ExactStochasticMatrix => {
  const columns = sizeOfObject(codomain)
  return {
    domain,
    codomain,
    rows: Array.from({ length: sizeOfObject(domain) }, (_, x) => pointMass(columns, f(x))),
  }
}

const seq = (f: ExactStochasticMatrix, g: ExactStochasticMatrix): ExactStochasticMatrix => {
  assertComposable('FinStochExact.seq', f, g)
  const columns = sizeOfObject(g.codomain)
  return { domain: f.domain, codomain: g.codomain, rows: f.rows.map((row) => mixture(row, g.rows, columns)) }
}

const par = (f: ExactStochasticMatrix, g: ExactStochasticMatrix): ExactStochasticMatrix => ({
  domain: [...f.domain, ...g.domain],
  codomain: [...f.codomain, ...g.codomain],
  rows: f.rows.flatMap((row) => g.rows.map((other) => independent(row, other))),
})

/** f|_X(y | x, a) = f(x, y | a) / f_X(x | a), and uniform on Y where f_X(x | a) = 0. */
const conditional = (f: ExactStochasticMatrix, x: FiniteObject, y: FiniteObject): ExactStochasticMatrix => {
  assertEndsIn('FinStochExact.conditional', f, x, y)
  const width = sizeOfObject(y)
  return {
    domain: [...x, ...f.domain],
    codomain: y,
    rows: Array.from({ length: sizeOfObject(x) }, (_, element) =>
      f.rows.map(({ numerators }) => normalised(numerators.slice(element * width, (element + 1) * width))),
    ).flat(),
  }
}

/** f†(x | y, a) = p(x | a) f(y | x) / q(y | a), and uniform on X where q(y | a) = 0: Bayes' rule. */
const inverse = (prior: ExactStochasticMatrix, f: ExactStochasticMatrix): ExactStochasticMatrix => {
  assertComposable('FinStochExact.inverse', prior, f)
  return {
    domain: [...f.codomain, ...prior.domain],
    codomain: f.domain,
    rows: Array.from({ length: sizeOfObject(f.codomain) }, (_, y) =>
      prior.rows.map((row) => normalised(posteriorWeights(row, f.rows, y))),
    ).flat(),
  }
}

const validate = (f: ExactStochasticMatrix): Either<Problem, ExactStochasticMatrix> => {
  const where = 'exact stochastic matrix'
  const ends = checkFiniteEnds(f, where)
  if (isLeft(ends)) return ends
  const [rows, columns] = [sizeOfObject(f.domain), sizeOfObject(f.codomain)]
  if (f.rows.length !== rows) return left(rowCount(f.rows.length, rows, where))
  for (let x = 0; x < rows; x++) {
    const row = checkRow(f.rows[x], columns, `${where}, row ${x}`)
    if (isLeft(row)) return row
  }
  return right(f)
}

const rowCount = (found: number, expected: number, where: string): Problem =>
  problem('invalid-value', where, `it has ${found} rows`, `give one row for each of the ${expected} inputs`)

const read = (
  texts: RationalRows,
  domain: FiniteObject,
  codomain: FiniteObject,
  where: string,
): Either<Problem, ExactStochasticMatrix> => {
  const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
  if (texts.length !== height) return left(rowCount(texts.length, height, where))
  const rows: ExactRow[] = []
  for (const [x, text] of texts.entries()) {
    const row = readRow(text, width, `${where}, row ${x}`)
    if (isLeft(row)) return row
    rows.push(row.right)
  }
  return right({ domain, codomain, rows })
}

/**
 * FinStoch in exact rationals: finite sets and stochastic matrices of bigint fractions.
 *
 * Equality is exact, and so transitive: every row has one form. `validate` asks for rows of the right length, probabilities from 0 to
 * 1 over a positive denominator, that sum to one exactly and are in lowest terms. Conditionals and Bayesian inverses exist; where the
 * evidence has no probability they are uniform, as in every version of FinStoch, so laws about them that hold almost surely need not
 * hold there. A meaning is nested rows of rational numbers: '1/3', '0.25', 0.1 (which is 1/10), 1n.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 *
 * @example
 * const third = FinStochExact.read([['1/3', '2/3']], [], [2], 'third')
 * isRight(third) && FinStochExact.show(FinStochExact.par(third.right, third.right)) // => '[] -> [2, 2]\n  [1/9, 2/9, 2/9, 4/9]'
 */
export const FinStochExact: ConditionalMarkovCategory<FiniteObject, ExactStochasticMatrix, RationalRows> = {
  name: 'fin-stoch-exact',
  equality: 'exact: the same fractions in lowest terms',
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameFiniteObject,
  objectOf: finiteObjectOf('FinStochExact'),
  domain: (f) => f.domain,
  codomain: (f) => f.codomain,
  id: (a) => exactStochasticMap(a, a, (x) => x),
  seq,
  par,
  swap: (a, b) => exactStochasticMap([...a, ...b], [...b, ...a], (x) => swapElement(a, b, x)),
  copy: (a) => exactStochasticMap(a, [...a, ...a], (x) => x * sizeOfObject(a) + x),
  discard: (a) => exactStochasticMap(a, [], () => 0),
  conditional,
  inverse,
  initial: { object: [0], to: (b) => exactStochasticMap([0], b, () => 0) },
  isDeterministic: (f) => f.rows.every(isPointMass),
  equals: (f, g) =>
    sameFiniteObject(f.domain, g.domain) &&
    sameFiniteObject(f.codomain, g.codomain) &&
    f.rows.length === g.rows.length &&
    f.rows.every((row, x) => sameRow(row, g.rows[x]!)),
  validate,
  read,
  show: (f) => [showEnds(f), ...f.rows.map((row) => `  ${showRow(row)}`)].join('\n'),
}

/** The probability of output y given input x. */
export const exactProbability = ({ rows }: ExactStochasticMatrix, x: number, y: number): Rational =>
  ratio(rows[x]!.numerators[y]!, rows[x]!.denominator)

/**
 * An exact stochastic matrix from nested rows, for one finite input and one finite output.
 *
 * @example
 * isRight(exactStochasticMatrix([['1/3', '2/3'], [0, 1]])) // => true
 * isRight(exactStochasticMatrix([[0.333, 0.666]])) // => false
 */
export const exactStochasticMatrix = (rows: RationalRows): Either<Problem, ExactStochasticMatrix> =>
  read(rows, [rows.length], [rows[0]?.length ?? 0], 'exact stochastic matrix')
