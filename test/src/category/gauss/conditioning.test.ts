/** Conditioning of Gaussian maps: against hand-worked numbers, exact against float, at the edge of the rank decision. */
import * as fc from 'fast-check'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, type Problem, program, real, showProblem, state } from '../../../../dsl/index.js'
import { gaussExactArbitraries, realObjects } from '../../../../laws/index.js'
import { gaussRounding } from '../../../../src/category/functors/gauss-rounding.js'
import {
  conditionEqualGauss,
  Gauss,
  gaussConditional,
  gaussEqualityBudget,
  type GaussianMap,
  type GaussianMeaning,
  gaussianMap,
  gaussMoments,
  gaussRankTolerance,
  observeGauss,
} from '../../../../src/category/gauss.js'
import {
  conditionEqualExactGauss,
  exactGaussConditional,
  type ExactGaussianMap,
  exactGaussianMap,
  exactGaussMoments,
  GaussExact,
  observeExactGauss,
} from '../../../../src/category/gauss-exact.js'
import { type Rational, ratio, showRational } from '../../../../src/category/rational.js'
import { dimensionOf, type RealObject } from '../../../../src/category/real-object.js'
import { interpret } from '../../../../src/interpret.js'
import { valueOf } from '../../../support/value-of.js'

const float = (domain: RealObject, codomain: RealObject, meaning: GaussianMeaning) =>
  valueOf(gaussianMap(domain, codomain, meaning))
const inText = ({ mean, covariance }: ReturnType<typeof exactGaussMoments>) => ({
  mean: mean.map(showRational),
  covariance: covariance.map((row) => row.map(showRational)),
})
const messageOf = (result: Either<Problem, unknown>): string =>
  isRight(result) ? 'accepted' : showProblem(result.left)

describe('a Kalman filter for position and velocity', () => {
  // The state (position, velocity) starts at N((0, 1), I); position' = position + velocity, velocity' = velocity + N(0, 1); the position is
  // seen with noise N(0, 1).
  const [State, Seen] = [real('State', 2), real('Seen', 1)]
  const start = state('start', [State])
  const move = box('move', [State], [State])
  const look = box('look', [State], [Seen])
  const identity = [
    [1, 0],
    [0, 1],
  ]
  const meanings = {
    start: { shift: [0, 1], covariance: identity },
    move: {
      matrix: [
        [1, 1],
        [0, 1],
      ],
      covariance: [
        [0, 0],
        [0, 1],
      ],
    },
    look: { matrix: [[1, 0]], covariance: [[1]] },
  }
  const step = program([State], (before) => {
    const [now] = move(before)
    const [seen] = look(now)
    return [seen, now]
  })
  const first = program([], () => {
    const [s] = start()
    return step(s)
  })

  test('the first step: gain (2, 1) / 3', () => {
    // Predicted mean (1, 1), covariance [2, 1; 1, 2]; the innovation of 4 is 3, its variance 3.
    const { posterior, rank } = valueOf(observeGauss(valueOf(interpret(Gauss, meanings)(first)), [1], [2], [4]))
    const { mean, covariance } = gaussMoments(posterior)
    expect(rank).toBe(1)
    expect(mean).toEqual([expect.closeTo(3, 14), expect.closeTo(2, 14)])
    expect(covariance.flat()).toEqual([2 / 3, 1 / 3, 1 / 3, 5 / 3].map((entry): unknown => expect.closeTo(entry, 14)))
  })

  test('two steps, exactly', () => {
    const one = valueOf(observeExactGauss(valueOf(interpret(GaussExact, meanings)(first)), [1], [2], [4])).posterior
    expect(inText(exactGaussMoments(one))).toEqual({
      mean: ['3', '2'],
      covariance: [
        ['2/3', '1/3'],
        ['1/3', '5/3'],
      ],
    })
    // Predicted mean (5, 2), covariance [3, 2; 2, 8/3]; the innovation of 6 is 1, its variance 4: gain (3/4, 1/2).
    const next = GaussExact.seq(one, valueOf(interpret(GaussExact, meanings)(step)))
    const two = valueOf(observeExactGauss(next, [1], [2], [6])).posterior
    expect(inText(exactGaussMoments(two))).toEqual({
      mean: ['23/4', '5/2'],
      covariance: [
        ['3/4', '1/2'],
        ['1/2', '5/3'],
      ],
    })
  })
})

/** f : A -> X ⊗ Y over small spaces, an input, and numbers to make a value of X in the support from. */
const cases = fc.tuple(realObjects, realObjects, realObjects).chain(([a, x, y]) =>
  fc.record({
    x: fc.constant(x),
    y: fc.constant(y),
    f: gaussExactArbitraries.morphism(a, [...x, ...y]),
    input: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimensionOf(a), maxLength: dimensionOf(a) }),
    weights: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimensionOf(x), maxLength: dimensionOf(x) }),
  }),
)
const inputState = (domain: RealObject, input: readonly number[]): ExactGaussianMap =>
  valueOf(exactGaussianMap([], domain, { shift: input }))
/** A value of X that can be: the mean and a combination of the columns of C_XX. */
const possibleValue = (f: ExactGaussianMap, x: RealObject, input: readonly number[], weights: readonly number[]) => {
  const [m, n] = [dimensionOf(x), dimensionOf(f.codomain)]
  const { shift } = GaussExact.seq(inputState(f.domain, input), f)
  return Array.from({ length: m }, (_, i) =>
    weights.reduce<Rational>((sum, weight, j) => sum.add(f.covariance[i * n + j]!.mul(weight)), shift[i]!),
  )
}
const numbers = (values: readonly Rational[]): readonly number[] => values.map((value) => value.valueOf())

describe('observations', () => {
  test('a value in the support is accepted, and its posterior is the conditional at it', () =>
    fc.assert(
      fc.property(cases, ({ x, y, f, input, weights }) => {
        const value = possibleValue(f, x, input, weights)
        const exact = valueOf(observeExactGauss(f, x, y, value, input))
        const { conditional, rank } = exactGaussConditional(f, x, y)
        const fed = GaussExact.par(valueOf(exactGaussianMap([], x, { shift: value })), inputState(f.domain, input))
        expect(GaussExact.equals(exact.posterior, GaussExact.seq(fed, conditional))).toBe(true)
        expect(exact.rank).toBe(rank)
        const rounded = valueOf(observeGauss(gaussRounding.onMorphism(f), x, y, numbers(value), input))
        expect(rounded.rank).toBe(rank)
        expect(Gauss.equals(rounded.posterior, gaussRounding.onMorphism(exact.posterior))).toBe(true)
      }),
      { numRuns: 500 },
    ))

  test('a value off the support is refused by both; the residual says by how much', () => {
    let refused = 0
    fc.assert(
      fc.property(cases, fc.nat(9), ({ x, y, f, input, weights }, place) => {
        const value = possibleValue(f, x, input, weights)
        const [m, { rank }] = [dimensionOf(x), exactGaussConditional(f, x, y)]
        fc.pre(m > rank)
        const moved = value.map((entry, i) => (i === place % m ? entry.add(ratio(1n, 8n)) : entry))
        const exact = observeExactGauss(f, x, y, moved, input)
        const rounded = observeGauss(gaussRounding.onMorphism(f), x, y, numbers(moved), input)
        expect(isRight(rounded)).toBe(isRight(exact))
        if (isRight(exact)) return
        refused++
        expect([exact.left.kind, messageOf(rounded)]).toEqual([
          'impossible-evidence',
          expect.stringContaining('off by'),
        ])
      }),
      { numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  test('observing twice is observing both', () =>
    fc.assert(
      fc.property(cases, ({ x, y, f, input, weights }) => {
        fc.pre(x.length === 2)
        const [m, value] = [x[0]!, possibleValue(f, x, input, weights)]
        const once = valueOf(observeExactGauss(f, x, y, value, input))
        const first = valueOf(observeExactGauss(f, [m], [x[1]!, ...y], value.slice(0, m), input))
        const second = valueOf(observeExactGauss(first.posterior, [x[1]!], y, value.slice(m)))
        expect(GaussExact.equals(second.posterior, once.posterior)).toBe(true)
        expect(first.rank + second.rank).toBe(once.rank)
      }),
    ))

  // x0 and x1 = x0, of standard deviation `unit`, and the constant 5 `unit`.
  const twins = (unit: number): GaussianMap =>
    Gauss.seq(
      float([], [1], { covariance: [[unit * unit]] }),
      float([1], [3], { matrix: [[1], [1], [0]], shift: [0, 0, 5 * unit] }),
    )

  test.each([1e-6, 1, 1e6])('what is off the support does not depend on the unit, here %d', (unit) => {
    const seen = (...value: number[]): string =>
      messageOf(
        observeGauss(
          twins(unit),
          [3],
          [],
          value.map((entry) => entry * unit),
        ),
      )
    expect(seen(2, 2, 5)).toBe('accepted')
    expect(seen(1 / 3, 1 - 2 / 3, 5)).toBe('accepted')
    // A millionth of a standard deviation is what the rank decision may have taken for none.
    expect(seen(2, 2 + 0.9e-6, 5)).toBe('accepted')
    expect(seen(2, 2 + 1.1e-6, 5)).toContain('coordinate 1: it is off by ')
    // Where there is no variance only rounding is forgiven.
    expect(seen(2, 2, 5 * (1 + 0.9 * gaussEqualityBudget))).toBe('accepted')
    expect(seen(2, 2, 5 * (1 + 3 * gaussEqualityBudget))).toContain('coordinate 2: it is off by ')
  })

  test('the message of an impossible one', () => {
    expect(messageOf(observeGauss(twins(1), [3], [], [2, 2.5, 5]))).toBe(
      'observation, coordinate 1: it is off by 0.5 from the only value that the other coordinates leave possible; ' +
        'observe a value in the support, or give the observation noise of its own',
    )
  })

  test('the wrong number of coordinates, and what is no number, are problems', () => {
    const line = float([1], [1, 1], {
      matrix: [[1], [2]],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    })
    expect(messageOf(observeGauss(line, [1], [1], [1, 2], [0]))).toBe('observation: it has 2 numbers; give 1 numbers')
    expect(messageOf(observeGauss(line, [1], [1], [1]))).toBe('input: it has 0 numbers; give 1 numbers')
    expect(messageOf(observeGauss(line, [1], [1], [Number.NaN], [0]))).toBe(
      'observation, coordinate 0: NaN is no finite number; give finite numbers',
    )
    expect(() => observeGauss(line, [2], [], [1, 1], [0])).toThrow(
      'the observation needs the codomain [2], and it is [1, 1]',
    )
  })

  test('far away values keep their digits', () => {
    // y = x + N(0, 1), x = N(1e9, 1): y - 1e9 is the half of x's deviation and no more.
    const far = Gauss.seq(
      float([], [1], { shift: [1e9], covariance: [[1]] }),
      float([1], [1], { matrix: [[1]], covariance: [[1]] }),
    )
    const joint = Gauss.seq(far, Gauss.copy([1]))
    expect(gaussMoments(valueOf(observeGauss(joint, [1], [1], [1e9 + 0.25])).posterior).mean).toEqual([1e9 + 0.25])
  })
})

describe('conditioning on equality', () => {
  test('two sensors of one quantity: their precisions add', () => {
    // Variances 1 and 3, means 0 and 4: precision 1 + 1/3, mean 4/3 / (4/3) = 1, variance 3/4; a third quantity follows the first.
    const meaning = {
      shift: [0, 4, 10],
      covariance: [
        [1, 0, 1],
        [0, 3, 0],
        [1, 0, 2],
      ],
    }
    const exact = valueOf(conditionEqualExactGauss(valueOf(exactGaussianMap([], [1, 1, 1], meaning)), [1], [1]))
    expect(inText(exactGaussMoments(exact.posterior))).toEqual({
      mean: ['1', '11'],
      covariance: [
        ['3/4', '3/4'],
        ['3/4', '7/4'],
      ],
    })
    const rounded = valueOf(conditionEqualGauss(float([], [1, 1, 1], meaning), [1], [1]))
    expect(Gauss.equals(rounded.posterior, gaussRounding.onMorphism(exact.posterior))).toBe(true)
    expect([exact.rank, rounded.rank]).toEqual([1, 1])
  })

  test('a quantity is equal to its copy, which tells nothing', () =>
    fc.assert(
      fc.property(
        fc.tuple(realObjects, realObjects).chain(([a, x]) =>
          fc.record({
            x: fc.constant(x),
            f: gaussExactArbitraries.morphism(a, x),
            input: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimensionOf(a), maxLength: dimensionOf(a) }),
          }),
        ),
        ({ x, f, input }) => {
          const twice = GaussExact.seq(f, GaussExact.copy(x))
          const { posterior, rank } = valueOf(conditionEqualExactGauss(twice, x, [], input))
          expect(GaussExact.equals(posterior, GaussExact.seq(inputState(f.domain, input), f))).toBe(true)
          expect(rank).toBe(0)
        },
      ),
    ))

  test('constants that differ cannot be equal', () => {
    const exact = conditionEqualExactGauss(valueOf(exactGaussianMap([], [1, 1], { shift: ['1/3', '1/2'] })), [1], [])
    expect(messageOf(exact)).toContain('observation, coordinate 0: it is off by 1/6 ')
    const rounded = conditionEqualGauss(float([], [1, 1], { shift: [1, 1 + 1e-8] }), [1], [])
    expect(messageOf(rounded)).toContain('off by 1e-8')
    expect(isRight(conditionEqualGauss(float([], [1, 1], { shift: [0.3, 0.1 + 0.2] }), [1], []))).toBe(true)
  })
})

test('the float conditional is the rounded exact one, off the support too', () =>
  fc.assert(
    fc.property(cases, ({ x, y, f }) => {
      const exact = exactGaussConditional(f, x, y)
      const rounded = gaussConditional(gaussRounding.onMorphism(f), x, y)
      expect(Gauss.equals(rounded.conditional, gaussRounding.onMorphism(exact.conditional))).toBe(true)
      expect(rounded.rank).toBe(exact.rank)
    }),
    { numRuns: 500 },
  ))

describe('the rank decision', () => {
  // Two coordinates of variance one whose difference has variance 2 gap: it leaves 1 - (1 - gap)^2 of the second. Y is the difference
  // over its standard deviation, so that it hangs on the direction in question alone.
  const nearly = (gap: number, units: readonly number[]): GaussianMap => {
    const covariance = [
      [1, 1 - gap, Math.sqrt(gap / 2)],
      [1 - gap, 1, -Math.sqrt(gap / 2)],
      [Math.sqrt(gap / 2), -Math.sqrt(gap / 2), 1],
    ]
    return float([], [2, 1], {
      covariance: covariance.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!)),
    })
  }
  const putTogether = (f: GaussianMap, conditional: GaussianMap): GaussianMap => {
    const { seq, par, copy, id, discard } = Gauss
    return seq(seq(f, par(copy([2]), discard([1]))), par(id([2]), conditional))
  }
  const largestDifference = (f: GaussianMap, g: GaussianMap): number =>
    Math.max(...f.covariance.map((entry, at) => Math.abs(entry - g.covariance[at]!)))

  test.each([
    [1, 1, 1],
    [1e-6, 1e6, 1],
    [1e6, 1e-6, 1e-6],
  ])('is at one part in 10^12 of the variance, in units %d, %d, %d', (...units) => {
    expect(gaussRankTolerance).toBe(1e-12)
    expect(gaussConditional(nearly(0.6e-12, units), [2], [1]).rank).toBe(2)
    expect(gaussConditional(nearly(0.4e-12, units), [2], [1]).rank).toBe(1)
    expect(gaussConditional(nearly(0.4e-12, units), [2], [1], 1e-13).rank).toBe(2)
  })

  test('dropping a direction misses the root of its part at most, keeping it magnifies rounding by the inverse', () => {
    const dropped = nearly(0.4e-12, [1, 1, 1])
    const missed = largestDifference(putTogether(dropped, gaussConditional(dropped, [2], [1]).conditional), dropped)
    expect(missed).toBeGreaterThan(gaussEqualityBudget)
    expect(missed).toBeLessThan(Math.sqrt(gaussRankTolerance))
    for (const gap of [0.6e-12, 1e-10, 1e-6]) {
      const kept = nearly(gap, [1, 1, 1])
      const { conditional } = gaussConditional(kept, [2], [1])
      expect(Gauss.equals(putTogether(kept, conditional), kept)).toBe(true)
      expect(largestDifference(putTogether(kept, conditional), kept)).toBeLessThan(Number.EPSILON / gap)
    }
  })

  test('the inverse of an ill-conditioned matrix has the magnitude of its error', () => {
    // The Hilbert matrix of order seven has condition 5e8; the last coordinate is regressed on the first six.
    const n = 7
    const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => `1/${i + j + 1}`))
    const exact = valueOf(exactGaussianMap([], [n - 1, 1], { covariance: rows }))
    const wanted = gaussRounding.onMorphism(exactGaussConditional(exact, [n - 1], [1]).conditional)
    const { conditional, rank } = gaussConditional(gaussRounding.onMorphism(exact), [n - 1], [1])
    expect(rank).toBe(n - 1)
    expect(Gauss.equals(conditional, wanted)).toBe(true)
    // The slope has lost some of its sixteen digits, no more than the magnitudes say.
    conditional.matrix.forEach((entry, at) => {
      const lost = Math.abs(entry - wanted.matrix[at]!)
      expect(lost).toBeLessThan(10 * Number.EPSILON * conditional.magnitude!.matrix[at]!)
      expect(lost).toBeLessThan(1e-5)
    })
  })
})
