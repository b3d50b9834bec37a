/** Gaussian maps in floats and in rationals: golden values, conditioning on singular covariances, units, messages. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, finite, program, real, showProblem } from '../../../dsl/index.js'
import { gaussExactArbitraries, realObjects } from '../../../laws/index.js'
import { gaussRounding } from '../../../src/category/functors/gauss-rounding.js'
import { Gauss, gaussianMap, gaussMarginal, gaussMoments } from '../../../src/category/gauss.js'
import type { GaussianMap, GaussianMeaning } from '../../../src/category/gauss/gaussian-map.js'
import { conditionEqualGauss, gaussConditional, observeGauss } from '../../../src/category/gauss/observation.js'
import {
  conditionEqualExactGauss,
  exactGaussConditional,
  type ExactGaussianMap,
  exactGaussianMap,
  exactGaussMarginal,
  exactGaussMoments,
  GaussExact,
  observeExactGauss,
} from '../../../src/category/gauss-exact.js'
import { exactAlgebra, type ExactMatrix } from '../../../src/category/gauss/exact-matrix.js'
import { type Rational, ratio, showRational, zero } from '../../../src/category/rational.js'
import { dimensionOf, type RealObject } from '../../../src/category/real-object.js'
import { interpret } from '../../../src/interpret.js'
import { valueOf } from '../../support/value-of.js'

const state = (meaning: GaussianMeaning, codomain: RealObject): GaussianMap =>
  valueOf(gaussianMap([], codomain, meaning))
const problemOf = (value: ReturnType<typeof gaussianMap> | ReturnType<typeof exactGaussianMap>): string => {
  if (isLeft(value)) return showProblem(value.left)
  throw new Error('expected a problem')
}

describe('golden values', () => {
  test('composition pushes mean and covariance forward', () => {
    const f = state(
      {
        shift: [1, 2],
        covariance: [
          [2, 1],
          [1, 3],
        ],
      },
      [2],
    )
    const g = valueOf(gaussianMap([2], [1], { matrix: [[1, -1]], shift: [5], covariance: [[0.5]] }))
    // Mean 1 - 2 + 5, variance 2 - 2 + 3 + 0.5.
    expect(gaussMoments(Gauss.seq(f, g))).toEqual({ mean: [4], covariance: [[3.5]] })
  })

  test('regression of one normal variable on another', () => {
    const joint = state(
      {
        shift: [1, 2],
        covariance: [
          [4, 3],
          [3, 9],
        ],
      },
      [1, 1],
    )
    const { conditional, rank } = gaussConditional(joint, [1], [1])
    expect(Array.from(conditional.matrix)).toEqual([0.75])
    expect(Array.from(conditional.shift)).toEqual([1.25])
    expect(Array.from(conditional.covariance)).toEqual([6.75])
    expect(rank).toBe(1)
  })

  test('a step of a Kalman filter', () => {
    // Prior N(0, 4); the state moves by N(1, 1), and is seen with noise N(0, 5).
    const [Position, Seen] = [real('Position', 1), real('Seen', 1)]
    const start = box('start', [], [Position])
    const move = box('move', [Position], [Position])
    const look = box('look', [Position], [Seen])
    const model = program([], () => {
      const [before] = start()
      const [now] = move(before)
      const [seen] = look(now)
      return [seen, now]
    })
    const meanings = {
      start: { covariance: [[4]] },
      move: { matrix: [[1]], shift: [1], covariance: [[1]] },
      look: { matrix: [[1]], covariance: [[5]] },
    }
    const joint = valueOf(interpret(Gauss, meanings)(model))
    // Predicted N(1, 5); gain 5 / 10; mean 1 + (3 - 1) / 2, variance 5 - 25 / 10.
    const { posterior, rank } = valueOf(observeGauss(joint, [1], [1], [3]))
    expect(gaussMoments(posterior)).toEqual({ mean: [2], covariance: [[2.5]] })
    expect(rank).toBe(1)
    const exact = valueOf(interpret(GaussExact, meanings)(model))
    const again = exactGaussMoments(valueOf(observeExactGauss(exact, [1], [1], [3])).posterior)
    expect([again.mean.map(showRational), again.covariance.map((row) => row.map(showRational))]).toEqual([
      ['2'],
      [['5/2']],
    ])
  })

  test('the inverse of a channel is Bayesian linear regression', () => {
    const prior = state(
      {
        covariance: [
          [1, 0],
          [0, 1],
        ],
      },
      [2],
    )
    const channel = valueOf(gaussianMap([2], [1], { matrix: [[1, 2]], covariance: [[4]] }))
    const posterior = Gauss.inverse(prior, channel)
    // C_XY / C_YY = (1, 2) / 9.
    expect(Array.from(posterior.matrix)).toEqual([1 / 9, 2 / 9])
    const expected = [8 / 9, -2 / 9, -2 / 9, 5 / 9]
    Array.from(posterior.covariance).forEach((entry, k) => expect(entry).toBeCloseTo(expected[k]!, 14))
  })

  test('marginals keep wires in the order that is asked for', () => {
    const joint = state(
      {
        shift: [1, 2, 3],
        covariance: [
          [1, 0, 0.5],
          [0, 2, 0],
          [0.5, 0, 3],
        ],
      },
      [1, 1, 1],
    )
    expect(gaussMoments(gaussMarginal(joint, [2, 0]))).toEqual({
      mean: [3, 1],
      covariance: [
        [3, 0.5],
        [0.5, 1],
      ],
    })
    expect(() => gaussMarginal(joint, [3])).toThrow('wire 3 of the codomain [1, 1, 1] does not exist')
    const exact = valueOf(exactGaussianMap([], [1, 1], { shift: [1, '1/3'] }))
    expect(exactGaussMarginal(exact, [1]).shift.map(showRational)).toEqual(['1/3'])
  })
})

describe('singular covariances', () => {
  test('a copied variable is known once one copy is', () => {
    const same = Gauss.seq(state({ covariance: [[4]] }, [1]), Gauss.copy([1]))
    const { conditional, rank } = gaussConditional(same, [1], [1])
    expect(Array.from(conditional.matrix)).toEqual([1])
    expect(Array.from(conditional.covariance)).toEqual([0])
    expect(rank).toBe(1)
    expect(Gauss.isDeterministic(conditional)).toBe(true)
  })

  test('conditioning on a constant tells nothing', () => {
    const joint = state(
      {
        shift: [7, 1],
        covariance: [
          [0, 0],
          [0, 3],
        ],
      },
      [1, 1],
    )
    const { conditional, rank } = gaussConditional(joint, [1], [1])
    expect([...conditional.matrix, ...conditional.shift, ...conditional.covariance]).toEqual([0, 1, 3])
    expect(rank).toBe(0)
  })

  test('an observation off the support is refused, exactly or up to rounding', () => {
    const same = Gauss.seq(state({ covariance: [[4]] }, [1]), Gauss.copy([1]))
    const joint = Gauss.seq(same, Gauss.par(Gauss.id([1, 1]), Gauss.discard([])))
    expect(isRight(observeGauss(joint, [1, 1], [], [2, 2]))).toBe(true)
    const off = observeGauss(joint, [1, 1], [], [2, 2.5])
    expect(isLeft(off) && [off.left.kind, off.left.where]).toEqual(['impossible-evidence', 'observation, coordinate 1'])
    expect(isLeft(off) && off.left.what).toContain('it is off by 0.5')
    const exact = GaussExact.seq(valueOf(exactGaussianMap([], [1], { covariance: [[4]] })), GaussExact.copy([1]))
    expect(isRight(observeExactGauss(exact, [1, 1], [], ['1/3', '1/3']))).toBe(true)
    const near = observeExactGauss(exact, [1, 1], [], ['1/3', '0.333333333333333333'])
    expect(isLeft(near) && near.left.what).toContain('it is off by -1/3000000000000000000')
  })

  test('conditioning two variables on being equal', () => {
    const two = state(
      {
        shift: [0, 2],
        covariance: [
          [1, 0],
          [0, 1],
        ],
      },
      [1, 1],
    )
    const { mean, covariance } = gaussMoments(valueOf(conditionEqualGauss(two, [1], [])).posterior)
    expect(mean[0]).toBeCloseTo(1, 14)
    expect(covariance[0]![0]).toBeCloseTo(0.5, 14)
    const constants = state(
      {
        shift: [0, 2],
        covariance: [
          [0, 0],
          [0, 0],
        ],
      },
      [1, 1],
    )
    expect(isLeft(conditionEqualGauss(constants, [1], []))).toBe(true)
    const exact = valueOf(
      exactGaussianMap([], [1, 1], {
        shift: [0, 2],
        covariance: [
          [1, 0],
          [0, 2],
        ],
      }),
    )
    expect(
      exactGaussMoments(valueOf(conditionEqualExactGauss(exact, [1], [])).posterior).mean.map(showRational),
    ).toEqual(['2/3'])
  })

  test('any {1}-inverse gives a conditional: 500 random ones put the joint together again, exactly', () => {
    const cases = fc.tuple(realObjects, realObjects, realObjects).chain(([a, x, y]) =>
      fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        f: gaussExactArbitraries.morphism(a, [...x, ...y]),
        noise: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 32, maxLength: 32 }),
      }),
    )
    let singular = 0
    fc.assert(
      fc.property(cases, ({ x, y, f, noise }) => {
        const { conditional, rank } = exactGaussConditional(f, x, y)
        if (rank < dimensionOf(x)) singular++
        const other = withOtherInverse(conditional, f, x, y, noise)
        expect(GaussExact.equals(other, conditional) || rank < dimensionOf(x)).toBe(true)
        expect(GaussExact.equals(putTogether(f, x, y, other), f)).toBe(true)
        expect(GaussExact.equals(putTogether(f, x, y, conditional), f)).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(singular).toBeGreaterThan(100)
  })
})

/** copy[A] ; ((f_X ; copy[X]) ⊗ id[A]) ; (id[X] ⊗ c). */
const putTogether = (f: ExactGaussianMap, x: RealObject, y: RealObject, c: ExactGaussianMap): ExactGaussianMap => {
  const { seq, par, copy, id, discard } = GaussExact
  const marginal = seq(f, par(id(x), discard(y)))
  return seq(seq(copy(f.domain), par(seq(marginal, copy(x)), id(f.domain))), par(id(x), c))
}

/**
 * The conditional by another {1}-inverse: D' = D + W (I - G C_XX) moves the slope off the support. Here D' = D + W K, where the rows of
 * K annihilate the image of C_XX.
 */
const withOtherInverse = (
  conditional: ExactGaussianMap,
  f: ExactGaussianMap,
  x: RealObject,
  y: RealObject,
  noise: readonly number[],
): ExactGaussianMap => {
  const [m, n, inputs] = [dimensionOf(x), dimensionOf(y), dimensionOf(f.domain)]
  const { select, product, sum, negative, beside } = exactAlgebra
  const [first, all] = [range(m), range(m + n)]
  const covariance = select({ rows: m + n, columns: m + n, entries: f.covariance }, first, first)
  const annihilator = leftKernel(covariance)
  const weights: ExactMatrix = {
    rows: n,
    columns: annihilator.rows,
    entries: Array.from({ length: n * annihilator.rows }, (_, k) => ratio(BigInt(noise[k % noise.length]!))),
  }
  const moved = product(weights, annihilator)
  const matrix: ExactMatrix = { rows: n, columns: m + inputs, entries: conditional.matrix }
  const slope = sum(select(matrix, range(n), first), moved)
  const fromF = (part: ExactMatrix): ExactMatrix =>
    sum(
      select(part, all.slice(m), range(part.columns)),
      negative(product(slope, select(part, first, range(part.columns)))),
    )
  return {
    ...conditional,
    matrix: beside(slope, fromF({ rows: m + n, columns: inputs, entries: f.matrix })).entries,
    shift: fromF({ rows: m + n, columns: 1, entries: f.shift }).entries,
  }
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k)

/** Rows that span what annihilates a matrix from the left, by elimination on [C | I]. */
const leftKernel = ({ rows, columns, entries }: ExactMatrix): ExactMatrix => {
  const work = range(rows).map((i) => [
    ...entries.slice(i * columns, (i + 1) * columns),
    ...range(rows).map((j) => (i === j ? ratio(1n) : zero)),
  ])
  let done = 0
  for (let j = 0; j < columns; j++) {
    const pivot = work.findIndex((row, i) => i >= done && row[j]!.n !== 0n)
    if (pivot === -1) continue
    ;[work[done], work[pivot]] = [work[pivot]!, work[done]!]
    const pivotRow = work[done]!
    for (let i = 0; i < rows; i++) {
      if (i === done || work[i]![j]!.n === 0n) continue
      const factor: Rational = work[i]![j]!.div(pivotRow[j]!)
      work[i] = work[i]!.map((entry, k) => entry.sub(factor.mul(pivotRow[k]!)))
    }
    done++
  }
  return { rows: rows - done, columns: rows, entries: work.slice(done).flatMap((row) => row.slice(columns)) }
}

describe('exact and float agree', () => {
  test('on conditionals, put together again', () =>
    fc.assert(
      fc.property(
        fc
          .tuple(realObjects, realObjects, realObjects)
          .chain(([a, x, y]) =>
            fc.record({ x: fc.constant(x), y: fc.constant(y), f: gaussExactArbitraries.morphism(a, [...x, ...y]) }),
          ),
        ({ x, y, f }) => {
          const rounded = gaussRounding.onMorphism(f)
          const exact = exactGaussConditional(f, x, y)
          const float = gaussConditional(rounded, x, y)
          expect(float.rank).toBe(exact.rank)
          const { seq, par, copy, id, discard } = Gauss
          const marginal = seq(rounded, par(id(x), discard(y)))
          const whole = (c: GaussianMap): GaussianMap =>
            seq(seq(copy(f.domain), par(seq(marginal, copy(x)), id(f.domain))), par(id(x), c))
          expect(Gauss.equals(whole(float.conditional), rounded)).toBe(true)
          expect(Gauss.equals(whole(float.conditional), whole(gaussRounding.onMorphism(exact.conditional)))).toBe(true)
        },
      ),
      { numRuns: 300 },
    ))
})

describe('units', () => {
  const units = fc.constantFrom(1e-6, 1, 1e6)
  /** A change of units of the outputs. */
  const rescaled = (f: GaussianMap, scale: readonly number[]): GaussianMap => {
    const n = dimensionOf(f.codomain)
    const matrix = range(n).map((i) => range(n).map((j) => (i === j ? scale[i]! : 0)))
    return Gauss.seq(f, valueOf(gaussianMap(f.codomain, f.codomain, { matrix })))
  }

  test('neither equality nor rank depends on them', () =>
    fc.assert(
      fc.property(
        fc.tuple(realObjects, realObjects).chain(([x, y]) =>
          fc.record({
            x: fc.constant(x),
            y: fc.constant(y),
            f: gaussExactArbitraries.morphism([], [...x, ...y]).map(gaussRounding.onMorphism),
            g: gaussExactArbitraries.morphism([], [...x, ...y]).map(gaussRounding.onMorphism),
            scale: fc.array(units, { minLength: 8, maxLength: 8 }),
          }),
        ),
        ({ x, y, f, g, scale }) => {
          expect(Gauss.equals(rescaled(f, scale), rescaled(g, scale))).toBe(Gauss.equals(f, g))
          expect(Gauss.isDeterministic(rescaled(f, scale))).toBe(Gauss.isDeterministic(f))
          expect(gaussConditional(rescaled(f, scale), x, y).rank).toBe(gaussConditional(f, x, y).rank)
        },
      ),
      { numRuns: 200 },
    ))

  test('a variance that was written down is not zero, one that a cancellation left is', () => {
    const tiny = state({ covariance: [[1e-30]] }, [1])
    expect(Gauss.isDeterministic(tiny)).toBe(false)
    expect(Gauss.equals(tiny, state({}, [1]))).toBe(false)
    const third = state(
      {
        covariance: [
          [1 / 3, 1 / 3],
          [1 / 3, 1 / 3],
        ],
      },
      [2],
    )
    const difference = valueOf(gaussianMap([2], [1], { matrix: [[0.1, -0.1]] }))
    expect(Gauss.equals(Gauss.seq(third, difference), state({}, [1]))).toBe(true)
  })

  test('the rank of a nearly singular covariance is decided at one part in 10^12', () => {
    const nearly = (gap: number) =>
      state(
        {
          covariance: [
            [1, 1 - gap, 0],
            [1 - gap, 1, 0],
            [0, 0, 1],
          ],
        },
        [2, 1],
      )
    expect(gaussConditional(nearly(1e-10), [2], [1]).rank).toBe(2)
    expect(gaussConditional(nearly(1e-14), [2], [1]).rank).toBe(1)
    expect(gaussConditional(nearly(1e-10), [2], [1], 1e-6).rank).toBe(1)
  })
})

describe('what is refused', () => {
  test.each<readonly [GaussianMeaning, string]>([
    [
      {
        matrix: [[1]],
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
      'Gaussian map, matrix: it has 1 rows; give 2 rows of 1 numbers',
    ],
    [{}, 'Gaussian map: it has no matrix; give 2 rows of 1 numbers, zeros where an output does not depend on an input'],
    [{ matrix: [[1], [2]], shift: [1] }, 'Gaussian map, shift: it has 1 numbers; give 2 numbers'],
    [{ matrix: [[1], [NaN]] }, 'Gaussian map, matrix, row 1, column 0: NaN is no finite number; give finite numbers'],
    [
      {
        matrix: [[1], [2]],
        covariance: [
          [1, 0.5],
          [0.25, 1],
        ],
      },
      'Gaussian map, covariance: entry (1, 0) is 0.25 and entry (0, 1) is 0.5; give a symmetric positive semidefinite matrix, as L L^T is',
    ],
    [
      {
        matrix: [[1], [2]],
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
      'Gaussian map, covariance: it is not positive semidefinite: the other coordinates would explain more than the variance 1 of coordinate 1; give a symmetric positive semidefinite matrix, as L L^T is',
    ],
  ])('%j', (meaning, message) => expect(problemOf(gaussianMap([1], [2], meaning))).toBe(message))

  test('of exact maps', () => {
    expect(
      problemOf(
        exactGaussianMap([], [2], {
          covariance: [
            [1, '1/2'],
            ['1/3', 1],
          ],
        }),
      ),
    ).toContain('entry (1, 0) is 1/3 and entry (0, 1) is 1/2')
    expect(
      problemOf(
        exactGaussianMap([], [2], {
          covariance: [
            [1, 2],
            [2, '7/2'],
          ],
        }),
      ),
    ).toContain('not positive semidefinite')
    expect(problemOf(exactGaussianMap([], [1], { covariance: [[-1]] }))).toContain('not positive semidefinite')
    expect(problemOf(exactGaussianMap([], [1], { shift: ['one'] }))).toContain('one is no rational number')
    const wrong = GaussExact.validate({ ...GaussExact.id([2]), shift: [] })
    expect(isLeft(wrong) && wrong.left.what).toBe('it has 0 entries')
  })

  test('finite wires', () => {
    const coin = interpret(Gauss, { coin: {} })(box('coin', [], [finite('Coin', 2)]))
    expect(isLeft(coin) && showProblem(coin.left)).toBe(
      'wire Coin (2 elements): Gauss has real vector spaces only; use a real wire, or a category that has finite sets',
    )
  })

  test('composing what does not meet throws, and so does the mean of a map with inputs', () => {
    expect(() => Gauss.seq(Gauss.id([1]), Gauss.id([2]))).toThrow('Gauss.seq: codomain [1] meets domain [2]')
    expect(() => gaussMoments(Gauss.id([1]))).toThrow('has a mean for every input')
    expect(() => exactGaussMoments(GaussExact.id([1]))).toThrow('has a mean for every input')
    expect(() => gaussConditional(Gauss.id([1, 2]), [2], [1])).toThrow(
      'Gauss: the conditional needs the codomain [2, 1], and it is [1, 2]',
    )
  })
})
