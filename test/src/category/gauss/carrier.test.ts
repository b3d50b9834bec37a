/** What Gaussian maps are made of: wires of dimension zero, what is read, what is refused, what is shown. */
import * as fc from 'fast-check'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { type Problem, real, showProblem } from '../../../../dsl/index.js'
import { chanceLaws, gaussArbitraries, gaussExactArbitraries, testLaws } from '../../../../laws/index.js'
import { Gauss, gaussianMap, type GaussianMap, gaussMoments } from '../../../../src/category/gauss.js'
import { exactGaussianMap, GaussExact } from '../../../../src/category/gauss-exact.js'
import { valueOf } from '../../../support/value-of.js'

const messageOf = (result: Either<Problem, unknown>): string =>
  isRight(result) ? 'accepted' : showProblem(result.left)

describe('wires of dimension zero', () => {
  const object = fc.array(fc.constantFrom(0, 1, 0, 2), { maxLength: 2 })
  testLaws(chanceLaws(Gauss, { ...gaussArbitraries, object }), { describe, test }, { runs: 40 })
  testLaws(chanceLaws(GaussExact, { ...gaussExactArbitraries, object }), { describe, test }, { runs: 20 })

  test('are objects of their own', () => {
    expect(valueOf(Gauss.objectOf(real('Nothing', 0)))).toEqual([0])
    expect(valueOf(GaussExact.objectOf(real('Hidden', 3)))).toEqual([3])
    expect(Gauss.sameObject([0], [])).toBe(false)
    const point = valueOf(gaussianMap([0], [2], { shift: [1, 2] }))
    expect(gaussMoments(point).mean).toEqual([1, 2])
    expect(() => Gauss.seq(Gauss.discard([0]), Gauss.id([0]))).toThrow('codomain [] meets domain [0]')
  })
})

describe('reading', () => {
  test('what is left out is zero, but for a matrix between spaces with directions', () => {
    const { matrix, shift, covariance } = valueOf(gaussianMap([], [2], {}))
    expect([matrix.length, [...shift], [...covariance]]).toEqual([0, [0, 0], [0, 0, 0, 0]])
    expect(isRight(gaussianMap([3], [], {}))).toBe(true)
    expect(messageOf(gaussianMap([1], [1], {}))).toBe(
      'Gaussian map: it has no matrix; give 1 rows of 1 numbers, zeros where an output does not depend on an input',
    )
  })

  test('a part that is not known is refused', () => {
    const slip = { shift: [1], mean: [1] }
    expect(messageOf(gaussianMap([], [1], slip))).toBe(
      "Gaussian map: it has a part 'mean'; give some of the parts matrix, shift, covariance",
    )
  })

  test('rounding is forgiven, error is not, in any unit', () => {
    for (const unit of [1e-12, 1, 1e12]) {
      const read = (below: number, corner: number) =>
        gaussianMap([], [2], {
          covariance: [
            [1, unit],
            [below * unit, corner * unit * unit],
          ],
        })
      expect(isRight(read(1, 1))).toBe(true)
      expect(isRight(read(1 + 1e-15, 1))).toBe(true)
      expect(isRight(read(1, 1 - 1e-10))).toBe(true)
      expect(messageOf(read(1, 1 - 1e-8))).toContain('it is not positive semidefinite')
      expect(messageOf(read(1 + 1e-8, 1))).toContain('entry (1, 0) is ')
      const { covariance } = valueOf(read(1 + 1e-15, 1))
      expect(covariance[1]).toBe(covariance[2])
    }
  })

  test('what has no variance has no covariance', () => {
    for (const diagonal of [
      [1, 0],
      [0, 1],
      [0, 0],
    ]) {
      const covariance = [
        [diagonal[0]!, 1e-30],
        [1e-30, diagonal[1]!],
      ]
      expect(messageOf(gaussianMap([], [2], { covariance }))).toContain('it is not positive semidefinite')
      expect(messageOf(exactGaussianMap([], [2], { covariance }))).toContain('it is not positive semidefinite')
    }
    expect(messageOf(gaussianMap([], [1], { covariance: [[-1e-30]] }))).toContain('it is not positive semidefinite')
  })

  test('a covariance that only three coordinates together give away', () => {
    // Correlations -0.6 of three variables: the sum would have variance 3 - 3.6.
    const covariance = [
      [1, -0.6, -0.6],
      [-0.6, 1, -0.6],
      [-0.6, -0.6, 1],
    ]
    expect(messageOf(gaussianMap([], [3], { covariance }))).toContain('more than the variance 1 of coordinate 2')
    expect(messageOf(exactGaussianMap([], [3], { covariance }))).toContain('more than the variance 1 of coordinate 2')
    const half = covariance.map((row) => row.map((entry) => (entry === 1 ? 1 : -0.5)))
    expect(isRight(gaussianMap([], [3], { covariance: half }))).toBe(true)
    expect(isRight(exactGaussianMap([], [3], { covariance: half }))).toBe(true)
  })
})

describe('validation', () => {
  const good = Gauss.id([2])
  test.each<readonly [GaussianMap, string]>([
    [{ ...good, matrix: Float64Array.of(1) }, 'Gaussian map, matrix: it has 1 entries; give 2 x 2 entries'],
    [{ ...good, shift: Float64Array.of() }, 'Gaussian map, shift: it has 0 entries; give 2 x 1 entries'],
    [
      { ...good, shift: Float64Array.of(0, Infinity) },
      'Gaussian map, shift, row 1, column 0: Infinity is no finite number; give finite numbers',
    ],
    [
      { ...good, magnitude: { ...good.magnitude!, covariance: Float64Array.of(1) } },
      'Gaussian map, covariance: it has 1 magnitudes; give 2 x 2 magnitudes',
    ],
  ])('%#', (f, message) => expect(messageOf(Gauss.validate(f))).toBe(message))

  test('accepts what rounding makes of a covariance, by its magnitude', () => {
    const left = (magnitude: number): GaussianMap => ({
      domain: [],
      codomain: [1],
      matrix: Float64Array.of(),
      shift: Float64Array.of(0),
      covariance: Float64Array.of(-1e-17),
      magnitude: { matrix: Float64Array.of(), shift: Float64Array.of(0), covariance: Float64Array.of(magnitude) },
    })
    expect(isRight(Gauss.validate(left(1)))).toBe(true)
    expect(isRight(Gauss.validate(left(1e-17)))).toBe(false)
  })
})

test('a map is shown as equations', () => {
  const meaning = {
    matrix: [
      [1, -0.5],
      [0, 0],
      [-1, 2],
    ],
    shift: [3, 0, -1],
    covariance: [
      [1, 0, -0.25],
      [0, 0, 0],
      [-0.25, 0, 1],
    ],
  }
  expect(Gauss.show(valueOf(gaussianMap([1, 1], [3], meaning)))).toBe(
    [
      '[1, 1] -> [3]',
      '  y0 = x0 - 0.5 x1 + 3 + e0',
      '  y1 = 0',
      '  y2 = -x0 + 2 x1 - 1 + e2',
      '  cov(e) = [1, 0, -0.25]',
      '           [0, 0, 0]',
      '           [-0.25, 0, 1]',
    ].join('\n'),
  )
  expect(GaussExact.show(valueOf(exactGaussianMap([1], [1], { matrix: [['-1/3']] })))).toBe(
    '[1] -> [1]\n  y0 = -1/3 x0',
  )
  expect(Gauss.show(Gauss.discard([2]))).toBe('[2] -> []')
})
