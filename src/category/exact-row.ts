/**
 * Distributions on a finite set by exact rational numbers over one denominator, in lowest terms: a distribution has one such form, so
 * equality is comparison of the numbers.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type Rational, type RationalText, readRational } from './rational.js'

/** The probabilities numerators[y] / denominator; no whole number but one divides all of them and the denominator. */
export interface ExactRow {
  readonly numerators: readonly bigint[]
  readonly denominator: bigint
}

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [larger, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

const leastCommonMultiple = (a: bigint, b: bigint): bigint => (a / greatestCommonDivisor(a, b)) * b

/** The greatest common divisor of a denominator and all numerators. */
const contentOf = ({ numerators, denominator }: ExactRow): bigint => {
  let content = denominator
  for (const numerator of numerators) {
    if (content === 1n) return content
    if (numerator !== 0n) content = greatestCommonDivisor(content, numerator)
  }
  return content
}

const lowestTerms = (row: ExactRow): ExactRow => {
  const content = contentOf(row)
  return content === 1n
    ? row
    : {
        numerators: row.numerators.map((numerator) => numerator / content),
        denominator: row.denominator / content,
      }
}

const zeros = (size: number): bigint[] => new Array<bigint>(size).fill(0n)

/** The distribution that is certain of an element. */
export const pointMass = (size: number, element: number): ExactRow => {
  const numerators = zeros(size)
  numerators[element] = 1n
  return { numerators, denominator: 1n }
}

/** The distribution with these weights, or the uniform one where there is no weight at all. */
export const normalised = (weights: readonly bigint[]): ExactRow => {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  return total === 0n
    ? { numerators: weights.map(() => 1n), denominator: BigInt(weights.length) }
    : lowestTerms({ numerators: weights, denominator: total })
}

/** The mixture of distributions on a set of a size: the sum of p(y) rows[y] over y. */
export const mixture = ({ numerators, denominator }: ExactRow, rows: readonly ExactRow[], size: number): ExactRow => {
  const common = commonDenominator(numerators, rows)
  const sums = zeros(size)
  numerators.forEach((weight, y) => {
    if (weight === 0n) return
    const row = rows[y]!
    const scale = weight * (common / row.denominator)
    row.numerators.forEach((numerator, z) => {
      if (numerator !== 0n) sums[z]! += scale * numerator
    })
  })
  return lowestTerms({ numerators: sums, denominator: denominator * common })
}

/** A common denominator of the rows that have a weight. */
const commonDenominator = (weights: readonly bigint[], rows: readonly ExactRow[]): bigint => {
  let common = 1n
  weights.forEach((weight, y) => {
    if (weight !== 0n) common = leastCommonMultiple(common, rows[y]!.denominator)
  })
  return common
}

/** The weights p(y) rows[y](z) over y, up to a factor: what is known of y after z was seen. */
export const posteriorWeights = ({ numerators }: ExactRow, rows: readonly ExactRow[], z: number): readonly bigint[] => {
  const common = commonDenominator(numerators, rows)
  return numerators.map((weight, y) =>
    weight === 0n ? 0n : weight * (common / rows[y]!.denominator) * rows[y]!.numerators[z]!,
  )
}

/** The independent joint distribution, the second factor running fastest. */
export const independent = (p: ExactRow, q: ExactRow): ExactRow => {
  const width = q.numerators.length
  const numerators = zeros(p.numerators.length * width)
  p.numerators.forEach((weight, a) => {
    if (weight === 0n) return
    q.numerators.forEach((other, b) => {
      if (other !== 0n) numerators[a * width + b] = weight * other
    })
  })
  return lowestTerms({ numerators, denominator: p.denominator * q.denominator })
}

/** Whether two rows are the same numbers. */
export const sameRow = (p: ExactRow, q: ExactRow): boolean =>
  p === q ||
  (p.denominator === q.denominator &&
    p.numerators.length === q.numerators.length &&
    p.numerators.every((numerator, y) => numerator === q.numerators[y]))

/** Whether a row is certain of one element: p(y)^2 = p(y) and p(y) p(z) = 0 for y ≠ z. */
export const isPointMass = ({ numerators, denominator }: ExactRow): boolean => {
  const positive = numerators.filter((numerator) => numerator !== 0n)
  return positive.length <= 1 && positive.every((numerator) => numerator === denominator)
}

/** A fraction as '1/3' or '2', whatever its numbers are. */
const showFraction = (numerator: bigint, denominator: bigint): string => {
  const divisor = greatestCommonDivisor(numerator, denominator)
  const [above, below] =
    denominator > 0n && divisor > 1n ? [numerator / divisor, denominator / divisor] : [numerator, denominator]
  return below === 1n ? String(above) : `${above}/${below}`
}

/** A row as '[1/3, 2/3]'. */
export const showRow = ({ numerators, denominator }: ExactRow): string =>
  `[${numerators.map((numerator) => showFraction(numerator, denominator)).join(', ')}]`

const sumToOne = "make every row sum to one exactly, thirds as '1/3'"

/** A row of a stochastic matrix on a set of a size, or what is wrong with it. */
export const checkRow = (row: ExactRow | undefined, size: number, where: string): Either<Problem, ExactRow> => {
  const wrong = (place: string, what: string, remedy: string): Either<Problem, ExactRow> =>
    left(problem('invalid-value', place, what, remedy))
  if (row === undefined) return wrong(where, 'there is no row', `give ${size} numerators and a denominator`)
  const { numerators, denominator } = row
  if (numerators.length !== size)
    return wrong(
      where,
      `the row has ${numerators.length} entries`,
      `give one probability for each of the ${size} outputs`,
    )
  if (denominator <= 0n) return wrong(where, `the denominator is ${denominator}`, 'give a positive denominator')
  let sum = 0n
  for (let y = 0; y < size; y++) {
    const numerator = numerators[y]
    if (numerator === undefined) return wrong(`${where}, column ${y}`, 'there is no numerator', 'give a bigint')
    if (numerator < 0n || numerator > denominator)
      return wrong(
        `${where}, column ${y}`,
        `${showFraction(numerator, denominator)} is no probability`,
        'give numbers from 0 to 1',
      )
    sum += numerator
  }
  if (sum !== denominator) return wrong(where, `the row sums to ${showFraction(sum, denominator)}`, sumToOne)
  const content = contentOf(row)
  if (content !== 1n)
    return wrong(where, 'the row is not in lowest terms', `divide its numerators and its denominator by ${content}`)
  return right(row)
}

/** A row from the texts of its entries. */
export const readRow = (texts: readonly RationalText[], size: number, where: string): Either<Problem, ExactRow> => {
  const numbers: Rational[] = []
  for (const [y, text] of texts.entries()) {
    const number = readRational(text, `${where}, column ${y}`)
    if (isLeft(number)) return number
    numbers.push(number.right)
  }
  const common = numbers.reduce((multiple, { d }) => leastCommonMultiple(multiple, d), 1n)
  const numerators = numbers.map(({ s, n, d }) => s * n * (common / d))
  return checkRow(lowestTerms({ numerators, denominator: common }), size, where)
}
