/**
 * Exact rational numbers, and how they are read and written.
 *
 * The arithmetic is that of fraction.js on bigints. Its own reading of numbers is not used: it approximates a double by a fraction of
 * small denominator, where here 0.1 is 1/10 and nothing is ever approximated.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import Fraction from 'fraction.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { nearestDouble } from './nearest-double.js'

/** A rational number in lowest terms, of any size. */
export type Rational = Fraction
/** What is read as a rational number: '1/3', '0.25', '1e-9', a whole bigint, or a double by its shortest decimal. */
export type RationalText = Rational | bigint | number | string

export const zero: Rational = new Fraction(0)
export const one: Rational = new Fraction(1)

/** The fraction of two whole numbers; a denominator of zero throws. */
export const ratio = (numerator: bigint, denominator = 1n): Rational => new Fraction(numerator, denominator)

const fractionText = /^([+-]?\d+)\s*\/\s*(\d+)$/
const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** A power of ten beyond this is a slip of the pen, and would take the memory of the machine. */
const largestExponent = 5000

/**
 * A rational number from its text. A double is read as its shortest decimal: 0.1 is 1/10, and so is '0.1'.
 *
 * Errors: `invalid-value` for what is no number, for NaN and for the infinities.
 *
 * @example
 * isRight(readRational('1/3', 'here')) // => true
 * isLeft(readRational('one third', 'here')) // => true
 */
export const readRational = (text: RationalText, where: string): Either<Problem, Rational> => {
  if (typeof text === 'bigint') return right(ratio(text))
  if (typeof text === 'object') return right(text)
  const written = String(text).trim()
  const fraction = fractionText.exec(written)
  if (fraction !== null && BigInt(fraction[2]!) !== 0n) return right(ratio(BigInt(fraction[1]!), BigInt(fraction[2]!)))
  const decimal = decimalText.exec(written)
  const [whole, places, exponent] = [decimal?.[2] ?? '', decimal?.[3] ?? '', Number(decimal?.[4] ?? 0)]
  if (decimal === null || whole + places === '' || Math.abs(exponent) > largestExponent)
    return left(
      problem(
        'invalid-value',
        where,
        `${written} is no rational number`,
        "give a number, or a text as '1/3' or '0.25'",
      ),
    )
  const digits = BigInt(`${decimal[1] === '-' ? '-' : ''}${whole}${places}`)
  const shift = exponent - places.length
  return right(shift >= 0 ? ratio(digits * 10n ** BigInt(shift)) : ratio(digits, 10n ** BigInt(-shift)))
}

/**
 * A rational number as '1/3' or '2'.
 *
 * @example
 * showRational(ratio(2n, 6n)) // => '1/3'
 */
export const showRational = (value: Rational): string => value.toFraction()

/**
 * The nearest double, however long numerator and denominator are.
 *
 * @example
 * toNumber(ratio(3n * 10n ** 20n, 10n ** 320n)) // => 3e-300
 */
export const toNumber = (value: Rational): number => Number(value.s) * nearestDouble(value.n, value.d)
