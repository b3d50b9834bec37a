import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, finite, seq, state } from '../../../dsl/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import {
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  squaredHellinger,
  totalVariation,
} from '../../../src/information/divergence.js'
import { fisherRaoDistance } from '../../../src/information/fisher-rao.js'
import { kernelDivergence } from '../../../src/information/kernel-divergence.js'
import { smallStepCoefficient } from '../../../src/information/small-steps.js'
import { interpret } from '../../../src/interpret.js'
import { headDistribution, headJeffreys } from '../../../src/language-model/head-divergence.js'
import { headDistance, relaxedPath } from '../../../src/language-model/head-geometry-distance.js'
import { pullbackOperator } from '../../../src/language-model/head-geometry-operator.js'
import { pathFigures, straightPath } from '../../../src/language-model/head-geometry-path.js'
import { valueOf } from '../../support/value-of.js'
import { normalMatrix } from '../linear-algebra/support.js'
import { golden, headCases, type HeadCase } from './head-support.js'

const straightOf = ({ head, from, to }: HeadCase) => straightPath(head, from, to)

describe('straightPath', () => {
  test('golden values', () => {
    const path = straightOf(golden)
    expect(path.kullbackLeibler).toBeCloseTo(0.7991461273876604, 14)
    expect(path.weightedEnergy).toBeCloseTo(0.7991461273876604, 13)
    expect(path.jeffreys).toBeCloseTo(1.5501789043077983, 14)
    expect(path.energy).toBeCloseTo(1.5501789043077983, 13)
    expect(path.fisherRao).toBeCloseTo(1.2390571991743486, 13)
    expect(path.totalVariation).toBeCloseTo(0.5698011830289986, 14)
    // W dl = (-1, 1.1, 1.55, -1.6).
    expect(path.logitRange).toBeCloseTo(3.15, 14)
    // The chain: 4 TV^2 <= arc^2 <= length^2 <= J <= TV range.
    const chain = [
      4 * path.totalVariation ** 2,
      path.fisherRao ** 2,
      path.length ** 2,
      path.jeffreys,
      path.totalVariation * path.logitRange,
    ]
    ;[1.2986935528, 1.5352627428, 1.5442211726, 1.5501789043, 1.7948737265].forEach((expected, k) =>
      expect(chain[k]).toBeCloseTo(expected, 9),
    )
  })

  test('the identities to 1e-12, the chain of bounds, and the bracket of the length', () => {
    fc.assert(
      fc.property(headCases, (example) => {
        const path = straightOf(example)
        const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-12 * Math.max(1, b))
        close(path.energy, path.jeffreys)
        close(path.weightedEnergy, path.kullbackLeibler)
        const chain = [
          4 * path.totalVariation ** 2,
          path.fisherRao ** 2,
          path.lengthLower ** 2,
          path.length ** 2,
          path.lengthUpper ** 2,
          path.jeffreys,
          path.totalVariation * path.logitRange,
        ]
        chain.slice(1).forEach((limit, k) => expect(chain[k]!).toBeLessThanOrEqual(limit + 1e-12 * Math.max(1, limit)))
        for (const figure of pathFigures(path)) if (figure.kind !== 'measurement') expect(figure.holds).toBe(true)
      }),
    )
  })

  test('two tokens: length = arc and J = TV range; short steps: length^2 -> J; so every constant is attained', () => {
    const head = { headWeights: Float64Array.of(0, 3), headBias: Float64Array.of(0.2, 0) }
    const path = straightPath(head, Float64Array.of(-0.5), Float64Array.of(1))
    expect(path.length).toBeCloseTo(path.fisherRao, 13)
    expect(path.jeffreys).toBeCloseTo(path.totalVariation * path.logitRange, 14)
    const even = { headWeights: Float64Array.of(-1, 1), headBias: Float64Array.of(0, 0) }
    const short = straightPath(even, Float64Array.of(-1e-4), Float64Array.of(1e-4))
    expect(short.length ** 2 / short.jeffreys).toBeCloseTo(1, 7)
    expect((4 * short.totalVariation ** 2) / short.fisherRao ** 2).toBeCloseTo(1, 7)
  })

  test('along equal pieces Jeffreys’ divergences add up: J = n sum J_i', () => {
    fc.assert(
      fc.property(headCases, fc.integer({ min: 1, max: 9 }), ({ head, from, to }, n) => {
        const at = (k: number): Float64Array => from.map((start, i) => start + (k / n) * (to[i]! - start))
        const total = Array.from({ length: n }, (_, k) => headJeffreys(head, at(k), at(k + 1))).reduce((a, b) => a + b)
        const whole = headJeffreys(head, from, to)
        expect(Math.abs(n * total - whole)).toBeLessThan(1e-12 * Math.max(1, whole))
      }),
    )
  })

  test('as diagrams: the divergence of [h];k_head and [h’];k_head, evaluated in FinStoch', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to, symbols }) => {
        const [H, W] = [finite('H', 2), finite('W', symbols)]
        const kHead = box('k_head', [H], [W])
        const meanings = {
          k_head: [from, to].map((hidden) => Array.from(headDistribution(head, hidden))),
          here: [[1, 0]],
          there: [[0, 1]],
        }
        const meaning = interpret(FinStoch, meanings)
        const [here, there] = ['here', 'there'].map((name) => valueOf(meaning(seq(state(name, [H]), kHead))))
        const path = straightPath(head, from, to)
        const forward = kernelDivergence(kullbackLeibler, here!, there!).supremum
        const backward = kernelDivergence(kullbackLeibler, there!, here!).supremum
        expect(Math.abs(path.kullbackLeibler - forward)).toBeLessThan(1e-12 * Math.max(1, forward))
        expect(Math.abs(path.jeffreys - forward - backward)).toBeLessThan(1e-12 * Math.max(1, forward + backward))
        expect(path.totalVariation).toBeCloseTo(kernelDivergence(totalVariation, here!, there!).supremum, 13)
      }),
    )
  })

  test('a token that the head rules out does not count', () => {
    const { head, from, to } = golden
    const wider = {
      headWeights: Float64Array.of(...head.headWeights, 100, -50),
      headBias: Float64Array.of(...head.headBias, -Infinity),
    }
    const [found, expected] = [straightPath(wider, from, to), straightOf(golden)]
    expect(Object.values(found)).toEqual(Object.values(expected))
    expect(relaxedPath(wider, from, to).energy).toBeCloseTo(relaxedPath(head, from, to).energy, 10)
  })
})

describe('small steps', () => {
  test.each([
    ['kullback-leibler', kullbackLeibler],
    ['jensen-shannon', jensenShannon],
    ['squared-hellinger', squaredHellinger],
    ['renyi 3', renyi(3)],
    ['renyi 1/2', renyi(0.5)],
  ] as const)('%s at h + ev from h is c e^2 g*(v, v)', (_, d) => {
    fc.assert(
      fc.property(headCases, ({ head, from, to, symbols }) => {
        fc.pre(symbols > 2)
        const p = headDistribution(head, from)
        const v = to
        const square = pullbackOperator(head.headWeights, p)(v).reduce((sum, entry, i) => sum + entry * v[i]!, 0)
        fc.pre(square > 0.05)
        const coefficient = valueOf(smallStepCoefficient(d))
        const ratio = (e: number): number => {
          const moved = headDistribution(
            head,
            from.map((entry, i) => entry + e * v[i]!),
          )
          return divergence(d, moved, p) / (e * e * square)
        }
        // The average of both directions takes the error away that is linear in the step.
        expect((ratio(1e-3) + ratio(-1e-3)) / 2 / coefficient).toBeCloseTo(1, 3)
      }),
    )
  })

  test('total variation has no such coefficient: TV / e tends to half of E |s|, TV / e^2 to infinity', () => {
    const { head, from } = golden
    const p = headDistribution(head, from)
    const at = (e: number): number =>
      divergence(totalVariation, headDistribution(head, Float64Array.of(from[0]! + e, from[1]!)), p)
    expect(at(1e-6) / 1e-6).toBeCloseTo(at(1e-5) / 1e-5, 4)
    expect(at(1e-6) / 1e-12 / (at(1e-5) / 1e-10)).toBeCloseTo(10, 3)
  })
})

describe('distances between hidden states', () => {
  test('the bounds enclose each other: arc <= relaxed <= straight; the energy only falls', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, to }) => {
        const { lower, upper } = headDistance(head, from, to, { pieces: 6 })
        const relaxed = relaxedPath(head, from, to, { pieces: 6, mostIterations: 30 })
        const slack = 1e-9
        expect(lower.value).toBeLessThanOrEqual(relaxed.lengthLower + slack)
        expect(relaxed.lengthLower).toBeLessThanOrEqual(relaxed.upper.value + slack)
        expect(relaxed.upper.value ** 2).toBeLessThanOrEqual(relaxed.energy + slack)
        expect(relaxed.energy).toBeLessThanOrEqual(relaxed.straightEnergy + slack)
        const jeffreys = headJeffreys(head, from, to)
        expect(Math.abs(relaxed.straightEnergy - jeffreys)).toBeLessThan(1e-12 * Math.max(1, jeffreys))
        expect(upper.value ** 2).toBeLessThanOrEqual(jeffreys + slack)
        // The path that comes back has the energy that it says.
        const d = from.length
        const states = Array.from({ length: 7 }, (_, k) => relaxed.states.subarray(k * d, (k + 1) * d))
        expect(Array.from(states[0]!)).toEqual(Array.from(from))
        expect(Array.from(states[6]!)).toEqual(Array.from(to))
        const energy = 6 * states.slice(1).reduce((sum, next, k) => sum + headJeffreys(head, states[k]!, next), 0)
        expect(Math.abs(energy - relaxed.energy)).toBeLessThan(1e-10 * Math.max(1, energy))
      }),
      { numRuns: 40 },
    )
  })

  test('where the head reaches every law the relaxed path tends to the great circle, from above, as 1/n^2', () => {
    const head = { headWeights: Float64Array.of(1, 0, 0, 1, 0, 0), headBias: new Float64Array(3) }
    const [from, to] = [Float64Array.of(4, 0), Float64Array.of(0, 4)]
    const arc = fisherRaoDistance(headDistribution(head, from), headDistribution(head, to))
    expect(arc).toBeCloseTo(2.576557408751084, 12)
    expect(headDistance(head, from, to).lower.value).toBe(arc)
    expect(headDistance(head, from, to).upper.value).toBeCloseTo(2.60799684, 7)
    const excess = [4, 8, 16].map((pieces) => relaxedPath(head, from, to, { pieces }).energy - arc * arc)
    expect(excess[0]).toBeCloseTo(0.3082618, 5)
    expect(excess[0]! / excess[1]!).toBeGreaterThan(3)
    expect(excess[1]! / excess[2]!).toBeGreaterThan(3.5)
    // Shorter than the straight path, whose length is 2.6079, already in sixteen pieces.
    expect(relaxedPath(head, from, to, { pieces: 16 }).upper.value).toBeLessThan(2.5814)
  })

  test('a head that cannot reach the great circle: all paths are longer than the arc', () => {
    // Three tokens in one dimension: there is one path, and relaxation can only space its points.
    const head = { headWeights: Float64Array.of(0, 2, -3), headBias: Float64Array.of(0, -1, 1) }
    const [from, to] = [Float64Array.of(-1), Float64Array.of(2)]
    const { fisherRao, length } = straightPath(head, from, to)
    expect(fisherRao).toBeLessThan(length - 0.1)
    const { energy, upper } = relaxedPath(head, from, to, { pieces: 16 })
    expect(energy).toBeGreaterThan(length ** 2)
    expect(energy).toBeLessThan(length ** 2 * 1.02)
    expect(upper.value).toBeGreaterThan(length)
  })

  test('the gradient of the energy: a stationary path is stationary by finite differences', () => {
    const { head, from, to } = golden
    const { states, energy, outcome } = relaxedPath(head, from, to, { pieces: 3, gradientTolerance: 1e-10 })
    expect(outcome).not.toBe('iterations')
    const energyOf = (path: Float64Array): number =>
      3 *
      [0, 1, 2].reduce(
        (sum, k) => sum + headJeffreys(head, path.subarray(2 * k, 2 * k + 2), path.subarray(2 * k + 2, 2 * k + 4)),
        0,
      )
    expect(energyOf(states)).toBeCloseTo(energy, 13)
    for (let i = 2; i < 6; i++)
      for (const step of [-1e-3, 1e-3]) {
        const moved = states.slice()
        moved[i]! += step
        expect(energyOf(moved)).toBeGreaterThan(energy)
        expect(energyOf(moved) - energy).toBeLessThan(1e-4)
      }
  })

  test('states that differ by a direction of the kernel are at distance zero', () => {
    const headWeights = normalMatrix(5, 1, 3).entries.reduce(
      (rows, entry, w) => (rows.set([entry, 7], 2 * w), rows),
      new Float64Array(10),
    )
    const head = { headWeights, headBias: new Float64Array(5) }
    const { lower, upper } = headDistance(head, Float64Array.of(1, 0), Float64Array.of(1, 9))
    expect(lower.value).toBeLessThan(1e-7)
    expect(upper.value).toBeLessThan(1e-7)
  })
})
