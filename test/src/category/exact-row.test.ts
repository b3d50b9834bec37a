/** Rows of exact fractions by themselves, also those that are no distributions: comparing and showing them says so. */
import { isRight, type Either } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { type Problem, showProblem } from '../../../dsl/index.js'
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
} from '../../../src/category/exact-row.js'
import { valueOf } from '../../support/value-of.js'

const row = (denominator: bigint, ...numerators: readonly bigint[]): ExactRow => ({ numerators, denominator })
const third = row(3n, 1n, 2n)

describe('arithmetic', () => {
  test('weights are divided by their sum and by what they share', () => {
    expect(normalised([2n, 0n, 4n])).toEqual(row(3n, 1n, 0n, 2n))
    expect(normalised([0n, 0n])).toEqual(row(2n, 1n, 1n))
    expect(pointMass(3, 2)).toEqual(row(1n, 0n, 0n, 1n))
  })

  test('a mixture: 1/3 of (1/2, 1/2) and 2/3 of (1/4, 3/4)', () =>
    expect(mixture(third, [row(2n, 1n, 1n), row(4n, 1n, 3n)], 2)).toEqual(row(3n, 1n, 2n)))

  test('a row without weight has no part in a mixture, not even by its denominator', () => {
    const rows = [row(7n, 3n, 4n), row(2n, 1n, 1n)]
    expect(mixture(row(1n, 0n, 1n), rows, 2)).toEqual(row(2n, 1n, 1n))
    expect(posteriorWeights(row(1n, 0n, 1n), rows, 0)).toEqual([0n, 1n])
  })

  test("Bayes' rule up to a factor: 1/3 1/2 and 2/3 1/4 are as 2 to 2", () => {
    expect(posteriorWeights(third, [row(2n, 1n, 1n), row(4n, 1n, 3n)], 0)).toEqual([2n, 2n])
    expect(posteriorWeights(third, [row(2n, 1n, 1n), row(4n, 1n, 3n)], 1)).toEqual([2n, 6n])
  })

  test('independent rows in lowest terms, the second factor running fastest', () =>
    expect(independent(row(4n, 1n, 0n, 3n), row(6n, 2n, 4n))).toEqual(row(12n, 1n, 2n, 0n, 0n, 3n, 6n)))
})

describe('comparison', () => {
  test('sees numerators, denominators and lengths', () => {
    expect(sameRow(third, row(3n, 1n, 2n))).toBe(true)
    expect(sameRow(third, row(3n, 2n, 1n))).toBe(false)
    expect(sameRow(row(2n, 1n), row(1n, 1n))).toBe(false)
    expect(sameRow(row(3n, 1n), row(3n, 1n, 2n))).toBe(false)
    expect(sameRow(row(3n, 1n, 2n), row(3n, 1n))).toBe(false)
  })

  test('one element with all the mass is a point mass; with half of it, or two elements with all of it, none', () => {
    expect(isPointMass(row(1n, 0n, 1n))).toBe(true)
    expect(isPointMass(row(2n, 0n, 1n))).toBe(false)
    expect(isPointMass(row(1n, 1n, 1n))).toBe(false)
    expect(isPointMass(third)).toBe(false)
  })
})

describe('in words', () => {
  test('fractions are shown in lowest terms', () => expect(showRow(row(6n, 2n, 0n, 6n, -3n))).toBe('[1/3, 0, 1, -1/2]'))

  test('a denominator that is none is shown as it is', () => {
    expect(showRow(row(0n, 2n, 4n))).toBe('[2/0, 4/0]')
    expect(showRow(row(-4n, 2n))).toBe('[2/-4]')
  })

  const messageOf = (result: Either<Problem, ExactRow>): string => {
    if (isRight(result)) throw new Error('expected a problem')
    expect(result.left.kind).toBe('invalid-value')
    return showProblem(result.left)
  }

  test.each<[ExactRow | undefined, string]>([
    [undefined, 'row 0: there is no row; give 2 numerators and a denominator'],
    [row(1n, 1n), 'row 0: the row has 1 entries; give one probability for each of the 2 outputs'],
    [row(0n, 0n, 0n), 'row 0: the denominator is 0; give a positive denominator'],
    [row(-1n, 0n, -1n), 'row 0: the denominator is -1; give a positive denominator'],
    [row(4n, 6n, -2n), 'row 0, column 0: 3/2 is no probability; give numbers from 0 to 1'],
    [row(4n, -2n, 6n), 'row 0, column 0: -1/2 is no probability; give numbers from 0 to 1'],
    [row(4n, 1n, 1n), "row 0: the row sums to 1/2; make every row sum to one exactly, thirds as '1/3'"],
    [row(6n, 2n, 4n), 'row 0: the row is not in lowest terms; divide its numerators and its denominator by 2'],
  ])('%#', (found, message) => expect(messageOf(checkRow(found, 2, 'row 0'))).toBe(message))

  test('a hole among the numerators is found', () => {
    const holed = new Array<bigint>(2)
    holed[0] = 1n
    expect(messageOf(checkRow({ numerators: holed, denominator: 1n }, 2, 'row 0'))).toBe(
      'row 0, column 1: there is no numerator; give a bigint',
    )
  })

  test('a row is read over one denominator, and the place of what is no number is named', () => {
    expect(valueOf(readRow(['1/2', '1/3', 1n - 1n, '1/6'], 4, 'row 0'))).toEqual(row(6n, 3n, 2n, 0n, 1n))
    expect(messageOf(readRow([1, 'x'], 2, 'row 0'))).toBe(
      "row 0, column 1: x is no rational number; give a number, or a text as '1/3' or '0.25'",
    )
    expect(messageOf(readRow(['-1/2', '3/2'], 2, 'row 0'))).toBe(
      'row 0, column 0: -1/2 is no probability; give numbers from 0 to 1',
    )
  })
})
