/** Rational numbers: what is read as one, exactly, and what is not. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { showProblem } from '../../../dsl/index.js'
import {
  one,
  ratio,
  type RationalText,
  readRational,
  showRational,
  toNumber,
  zero,
} from '../../../src/category/rational.js'
import { valueOf } from '../../support/value-of.js'

describe('reading', () => {
  test.each<[RationalText, string]>([
    ['1/3', '1/3'],
    ['2/6', '1/3'],
    ['-2/4', '-1/2'],
    ['+12/30', '2/5'],
    ['  10 \t/  4 ', '5/2'],
    ['0.25', '1/4'],
    [' -0.250 ', '-1/4'],
    ['+1.5', '3/2'],
    ['.5', '1/2'],
    ['12.', '12'],
    ['-.125', '-1/8'],
    ['25e-2', '1/4'],
    ['2.5E+3', '2500'],
    ['1.25e1', '25/2'],
    ['12.5e10', '125000000000'],
    ['1e-12', '1/1000000000000'],
    ['-3', '-3'],
    ['0', '0'],
    [0.1, '1/10'],
    [-1.5, '-3/2'],
    [1e21, '1000000000000000000000'],
    [5e-7, '1/2000000'],
    [7n, '7'],
    [-7n, '-7'],
    [ratio(3n, 9n), '1/3'],
  ])('%s is %s', (text, wanted) => expect(showRational(valueOf(readRational(text, 'here')))).toBe(wanted))

  test.each([
    '',
    ' ',
    '.',
    '-',
    'e5',
    '.e5',
    '1/0',
    '1/-2',
    '1/2/3',
    '1/2x',
    'x1/2',
    '1/2.5',
    '0x10',
    '1.2.3',
    '1,5',
    'x1',
    '1x',
    '1e',
    '1e5.5',
    '--1',
    'one third',
    '1e5001',
    '1e-5001',
    Number.NaN,
    Infinity,
    -Infinity,
  ])("'%s' is no rational number", (text) => {
    const result = readRational(text, "box 'f', row 0")
    if (!isLeft(result)) throw new Error('expected a problem')
    expect(result.left.kind).toBe('invalid-value')
    expect(showProblem(result.left)).toBe(
      `box 'f', row 0: ${String(text).trim()} is no rational number; give a number, or a text as '1/3' or '0.25'`,
    )
  })

  test('an exponent of 5000 is the largest', () => {
    expect(valueOf(readRational('1e5000', 'here')).n).toBe(10n ** 5000n)
    expect(valueOf(readRational('1e-5000', 'here')).d).toBe(10n ** 5000n)
  })
})

test('the nearest double has the sign', () => {
  expect(toNumber(ratio(-1n, 3n))).toBe(-1 / 3)
  expect(toNumber(ratio(2n, 3n))).toBe(2 / 3)
  expect([zero, one, ratio(5n)].map(toNumber)).toEqual([0, 1, 5])
  expect(() => ratio(1n, 0n)).toThrow()
})
