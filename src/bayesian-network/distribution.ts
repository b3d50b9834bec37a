/**
 * Rows of printed probabilities as exact distributions.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../dsl/legible.js'
import { one, type Rational, type RationalText, ratio, readRational, toNumber, zero } from '../category/rational.js'

/** How far the sum of printed probabilities may be from one: rounding, and no more. */
const roundingLimit = ratio(1n, 1000n)

/** What is wrong with a row, as the end of a sentence, and what would be right. */
export interface RowFlaw {
  readonly what: string
  readonly remedy: string
}

/**
 * The distribution that a row of printed probabilities means: the numbers divided by their sum, which may differ from one by a
 * thousandth at most. Three times 0.3333333 is one third each, exactly.
 */
export const distributionOf = (row: readonly RationalText[]): Either<RowFlaw, readonly Rational[]> => {
  const numbers: Rational[] = []
  for (const text of row) {
    const number = readRational(text, '')
    if (isLeft(number))
      return left({ what: `has '${legible(String(text))}', which is no number`, remedy: number.left.remedy })
    if (number.right.compare(zero) < 0 || number.right.compare(one) > 0)
      return left({ what: `has ${legible(String(text))}, which is no probability`, remedy: 'give numbers from 0 to 1' })
    numbers.push(number.right)
  }
  const sum = numbers.reduce((total, number) => total.add(number), zero)
  if (sum.sub(one).abs().compare(roundingLimit) > 0)
    return left({
      what: `sums to ${toNumber(sum)}`,
      remedy: 'make it sum to one; rounding of up to a thousandth is divided out',
    })
  return right(sum.equals(one) ? numbers : numbers.map((number) => number.div(sum)))
}
