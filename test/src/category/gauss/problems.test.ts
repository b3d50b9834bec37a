/** What is wrong with a Gaussian map or with what is asked of it, by kind and to the letter, in floats and in rationals alike. */
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { finite, type Problem, showProblem } from '../../../../dsl/index.js'
import { gaussRounding } from '../../../../src/category/functors/gauss-rounding.js'
import {
  conditionEqualGauss,
  Gauss,
  gaussianMap,
  gaussMarginal,
  gaussMoments,
  observeGauss,
} from '../../../../src/category/gauss.js'
import {
  conditionEqualExactGauss,
  exactGaussianMap,
  exactGaussMarginal,
  exactGaussMoments,
  GaussExact,
  observeExactGauss,
} from '../../../../src/category/gauss-exact.js'
import { valueOf } from '../../../support/value-of.js'

const problemOf = (result: Either<Problem, unknown>): readonly [kind: string, text: string] => {
  if (isRight(result)) throw new Error('expected a problem')
  return [result.left.kind, showProblem(result.left)]
}

test('both categories say what they are', () => {
  expect([Gauss.name, GaussExact.name, gaussRounding.name]).toEqual([
    'gauss',
    'gauss-exact',
    'rounding of Gaussian maps',
  ])
  expect(Gauss.equality).toBe(
    'no entry of matrix, shift or covariance differs by more than 1e-9 of its magnitude, ' +
      'the root of the sum of the squares of the terms that went into it',
  )
  expect(GaussExact.equality).toBe('exact: matrix, shift and covariance are the same rational numbers')
})

test('neither has a vector space for a finite set', () => {
  for (const [category, name] of [
    [Gauss, 'Gauss'],
    [GaussExact, 'GaussExact'],
  ] as const)
    expect(problemOf(category.objectOf(finite('Coin', 2)))).toEqual([
      'unsupported',
      `wire Coin (2 elements): ${name} has real vector spaces only; use a real wire, or a category that has finite sets`,
    ])
})

describe('reading', () => {
  for (const [read, name] of [
    [gaussianMap, 'Gaussian map'],
    [exactGaussianMap, 'exact Gaussian map'],
  ] as const)
    test(`of a ${name}`, () => {
      expect(problemOf(read([1], [1], { matrix: [[1]], ...{ mean: [1] } }))).toEqual([
        'unknown-name',
        `${name}: it has a part 'mean'; give some of the parts matrix, shift, covariance`,
      ])
      expect(problemOf(read([2], [1], {}))).toEqual([
        'invalid-value',
        `${name}: it has no matrix; give 1 rows of 2 numbers, zeros where an output does not depend on an input`,
      ])
      expect(problemOf(read([2], [1], { matrix: [[1]] }))).toEqual([
        'invalid-value',
        `${name}, matrix, row 0: it has 1 numbers; give 1 rows of 2 numbers`,
      ])
      expect(problemOf(read([], [2], { shift: [1] }))).toEqual([
        'invalid-value',
        `${name}, shift: it has 1 numbers; give 2 numbers`,
      ])
      expect(problemOf(read([], [2], { covariance: [[1, 0]] }))).toEqual([
        'invalid-value',
        `${name}, covariance: it has 1 rows; give 2 rows of 2 numbers`,
      ])
      const [kind, text] = problemOf(read([], [2], { shift: [0, Number.NaN] }))
      expect(kind).toBe('invalid-value')
      expect(text).toMatch(new RegExp(`^${name}, shift, coordinate 1: NaN is no (finite|rational) number`))
      // Two coordinates without variance cannot vary together; nor is it coordinate 0 that is wrong.
      const covariance = [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ]
      expect(problemOf(read([], [3], { covariance }))).toEqual([
        'invalid-value',
        `${name}, covariance: it is not positive semidefinite: the other coordinates would explain more than the variance ` +
          '0 of coordinate 1; give a symmetric positive semidefinite matrix, as L L^T is',
      ])
    })
})

describe('validation', () => {
  const broken = Float64Array.of(1, 0, 0, -Infinity)

  test('of floats: shapes, numbers, covariance', () => {
    const good = Gauss.id([2])
    expect(valueOf(Gauss.validate(good))).toBe(good)
    expect(problemOf(Gauss.validate({ ...good, shift: Float64Array.of(0) }))).toEqual([
      'invalid-value',
      'Gaussian map, shift: it has 1 entries; give 2 x 1 entries',
    ])
    expect(problemOf(Gauss.validate({ ...good, matrix: broken }))).toEqual([
      'invalid-value',
      'Gaussian map, matrix, row 1, column 1: -Infinity is no finite number; give finite numbers',
    ])
    expect(problemOf(Gauss.validate({ ...good, magnitude: { ...good.magnitude!, matrix: broken } }))[1]).toBe(
      'Gaussian map, matrix, row 1, column 1: -Infinity is no finite number; give finite numbers',
    )
  })

  test('of rationals: shapes and covariance', () => {
    const good = GaussExact.copy([1])
    expect(valueOf(GaussExact.validate(good))).toBe(good)
    expect(problemOf(GaussExact.validate({ ...good, matrix: [] }))).toEqual([
      'invalid-value',
      'exact Gaussian map, matrix: it has 0 entries; give 2 x 1 entries',
    ])
    expect(problemOf(GaussExact.validate({ ...good, shift: good.shift.slice(1) }))[1]).toBe(
      'exact Gaussian map, shift: it has 1 entries; give 2 x 1 entries',
    )
    expect(problemOf(GaussExact.validate({ ...good, covariance: good.covariance.slice(1) }))[1]).toBe(
      'exact Gaussian map, covariance: it has 3 entries; give 2 x 2 entries',
    )
    const [one, zero] = GaussExact.id([2]).matrix
    expect(problemOf(GaussExact.validate({ ...good, covariance: [one!, zero!, one!, one!] }))).toEqual([
      'invalid-value',
      'exact Gaussian map, covariance: entry (1, 0) is 1 and entry (0, 1) is 0; give a symmetric positive semidefinite matrix, as L L^T is',
    ])
  })
})

test('the variance that others would explain more of is named', () => {
  const covariance = [
    [9, 3, 6],
    [3, 5, 2],
    [6, 2, 3],
  ]
  // Coordinate 0 alone explains 6^2 / 9 = 4 of coordinate 2.
  for (const read of [gaussianMap, exactGaussianMap])
    expect(problemOf(read([], [3], { covariance }))[1]).toContain('more than the variance 3 of coordinate 2;')
})

test('a part of an exact map is not the map', () => {
  const f = GaussExact.copy([1])
  expect(GaussExact.equals(f, f)).toBe(true)
  for (const part of ['matrix', 'shift', 'covariance'] as const) {
    const shorter = { ...f, [part]: f[part].slice(0, -1) }
    expect([GaussExact.equals(f, shorter), GaussExact.equals(shorter, f)]).toEqual([false, false])
  }
})

describe('what is asked of a map', () => {
  const [line, exact] = [Gauss.copy([1]), GaussExact.copy([1])]

  test('needs as many numbers as there are coordinates', () => {
    const observation = ['invalid-value', 'observation: it has 2 numbers; give 1 numbers']
    expect(problemOf(observeGauss(line, [1], [1], [1, 2], [0]))).toEqual(observation)
    expect(problemOf(observeExactGauss(exact, [1], [1], [1, 2], [0]))).toEqual(observation)
    const input = ['invalid-value', 'input: it has 0 numbers; give 1 numbers']
    expect(problemOf(observeGauss(line, [1], [1], [1]))).toEqual(input)
    expect(problemOf(observeExactGauss(exact, [1], [1], [1]))).toEqual(input)
    expect(problemOf(conditionEqualGauss(line, [1], []))).toEqual(input)
    expect(problemOf(conditionEqualExactGauss(exact, [1], []))).toEqual(input)
    expect(problemOf(observeExactGauss(exact, [1], [1], ['x'], [0]))[1]).toMatch(
      /^observation, coordinate 0: x is no rational number/,
    )
  })

  test('names the factors that do not fit', () => {
    expect(() => conditionEqualGauss(line, [2], [], [0])).toThrow(
      'Gauss: the conditioning on equality needs the codomain [2, 2], and it is [1, 1]',
    )
    expect(() => observeExactGauss(exact, [2], [], [1, 1], [0])).toThrow(
      'GaussExact: the observation needs the codomain [2], and it is [1, 1]',
    )
    expect(() => GaussExact.conditional(exact, [1], [2])).toThrow(
      'GaussExact: the conditional needs the codomain [1, 2], and it is [1, 1]',
    )
    expect(() => Gauss.seq(Gauss.id([1, 2]), Gauss.id([2, 1]))).toThrow(
      'Gauss.seq: codomain [1, 2] meets domain [2, 1]',
    )
    expect(() => GaussExact.seq(exact, GaussExact.id([2]))).toThrow('GaussExact.seq: codomain [1, 1] meets domain [2]')
    expect(() => gaussMarginal(line, [2])).toThrow('Gauss: wire 2 of the codomain [1, 1] does not exist')
    expect(() => exactGaussMarginal(exact, [2])).toThrow('GaussExact: wire 2 of the codomain [1, 1] does not exist')
    expect(() => gaussMoments(Gauss.id([1, 2]))).toThrow(
      'gaussMoments: a map from [1, 2] has a mean for every input; compose it first',
    )
    expect(() => exactGaussMoments(GaussExact.id([1, 2]))).toThrow(
      'exactGaussMoments: a map from [1, 2] has a mean for every input; compose it first',
    )
  })

  test('impossible evidence, in rationals', () => {
    const twins = valueOf(
      exactGaussianMap([], [1, 1], {
        covariance: [
          [4, 2],
          [2, 1],
        ],
      }),
    )
    expect(problemOf(observeExactGauss(twins, [1, 1], [], [2, '4/3']))).toEqual([
      'impossible-evidence',
      'observation, coordinate 1: it is off by 1/3 from the only value that the other coordinates leave possible; ' +
        'observe a value in the support, or give the observation noise of its own',
    ])
  })
})

test('ends of several factors are shown as such', () =>
  expect(GaussExact.show(GaussExact.swap([1], [0, 1]))).toBe('[1, 0, 1] -> [0, 1, 1]\n  y0 = x1\n  y1 = x0'))
