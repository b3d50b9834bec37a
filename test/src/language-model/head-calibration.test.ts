import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { nllGradient } from '../../../src/language-model/gradient.js'
import { entropyCalibration, scoredRows } from '../../../src/language-model/calibration.js'
import { forward } from '../../../src/language-model/forward.js'
import {
  headCalibration,
  type HeadData,
  momentMatching,
  ridgeCalibration,
} from '../../../src/language-model/head-calibration.js'
import { type Head, headLogits } from '../../../src/language-model/head-divergence.js'
import { initialise } from '../../../src/language-model/initialise.js'
import { minimise } from '../../../src/linear-algebra/lbfgs.js'
import { anyKernel, shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'
import { normalised } from '../information/support.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'

/** Normal heads on normal states; labels, or laws with zeros, under weights of any sum. */
const cases: fc.Arbitrary<{ readonly head: Head; readonly data: HeadData }> = fc
  .record({
    states: fc.integer({ min: 1, max: 12 }),
    symbols: fc.integer({ min: 1, max: 7 }),
    dimension: fc.integer({ min: 1, max: 4 }),
    scale: fc.constantFrom(0.1, 1, 5),
    soft: fc.boolean(),
    seed: seeds,
  })
  .map(({ states, symbols, dimension, scale, soft, seed }) => {
    const normal = (rows: number, columns: number, part: number): Float64Array =>
      normalMatrix(rows, columns, seed + part).entries
    const masses = normal(states, symbols, 3).map((x) => Math.max(0, x + 0.2))
    const laws = Float64Array.from(
      Array.from({ length: states }, (_, x) => {
        const row = Array.from(masses.subarray(x * symbols, (x + 1) * symbols))
        return [...normalised(row.some((mass) => mass > 0) ? row : row.map(() => 1))]
      }).flat(),
    )
    const labels = Array.from(normal(1, states, 4), (x) => Math.floor(Math.abs(x * 1e6)) % symbols)
    return {
      head: { headWeights: normal(symbols, dimension, 0).map((x) => scale * x), headBias: normal(symbols, 1, 1) },
      data: {
        hidden: normal(states, dimension, 2),
        next: soft ? { kind: 'laws', laws } : { kind: 'labels', labels },
        weights: normal(1, states, 5).map((x) => x * x + 0.1),
      },
    }
  })

const logitsOf = (head: Head, hidden: Float64Array): Float64Array => {
  const dimension = head.headWeights.length / head.headBias.length
  return Float64Array.from(
    Array.from({ length: hidden.length / dimension }, (_, x) => [
      ...headLogits(head, hidden.subarray(x * dimension, (x + 1) * dimension)),
    ]).flat(),
  )
}

describe('headCalibration', () => {
  test('NLL - Hbar = <W, grad_W> + <b, grad_b> = E <q - P, z>, at any parameters', () => {
    fc.assert(
      fc.property(cases, ({ head, data }) => {
        const found = headCalibration(head, data)
        const size = Math.max(1, found.nll)
        expect(Math.abs(found.eulerResidual)).toBeLessThan(1e-12 * size)
        expect(Math.abs(found.residual)).toBeLessThan(1e-12 * size)
        const rows = scoredRows(logitsOf(head, data.hidden), data.next, data.weights!)
        const alone = valueOf(entropyCalibration(rows))
        for (const name of ['nll', 'entropy', 'slope', 'curvature', 'weight'] as const)
          expect(found[name]).toBeCloseTo(alone[name], 11)
      }),
      { numRuns: 300 },
    )
  })

  test('the gradient is that of the whole model, in its head', () => {
    fc.assert(
      fc.property(anyKernel, fc.integer(), (kernel, seed) => {
        const shape = shapeOf(kernel)
        const parameters = initialise(shape, seed)
        const { hidden } = forward(parameters, shape, kernel.contexts)
        const { gradient, nll } = nllGradient(kernel, shape, parameters)
        const found = headCalibration(parameters, {
          hidden,
          next: { kind: 'laws', laws: kernel.next },
          weights: kernel.weights,
        })
        expect(found.nll).toBeCloseTo(nll, 13)
        found.gradient.headWeights.forEach((slope, k) => expect(slope).toBeCloseTo(gradient.headWeights[k]!, 13))
        found.gradient.headBias.forEach((slope, k) => expect(slope).toBeCloseTo(gradient.headBias[k]!, 13))
      }),
      { numRuns: 30 },
    )
  })

  test('labels without weights are their law with even weights', () => {
    const head = { headWeights: Float64Array.of(1, -2, 0.5), headBias: Float64Array.of(0, 0.1, -0.3) }
    const hidden = Float64Array.of(0.5, -1)
    const hard = headCalibration(head, { hidden, next: { kind: 'labels', labels: [2, 0] } })
    const laws = Float64Array.of(0, 0, 1, 1, 0, 0)
    const soft = headCalibration(head, { hidden, next: { kind: 'laws', laws }, weights: [3, 3] })
    expect(hard.nll).toBeCloseTo(soft.nll, 15)
    expect(hard.gradientNorm).toBeCloseTo(soft.gradientNorm, 15)
  })
})

describe('ridgeCalibration', () => {
  test('NLL - Hbar = -r |W|^2 + <W, grad_W L> + <b, grad_b L>, at any parameters', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 2, noNaN: true }), ({ head, data }, ridge) => {
        const calibration = headCalibration(head, data)
        const { expected, departure, residual } = ridgeCalibration(head, calibration, ridge)
        expect(Math.abs(residual)).toBeLessThan(1e-12 * Math.max(1, calibration.nll, -expected))
        expect(departure).toBeCloseTo(calibration.gap - expected, 12)
      }),
    )
  })

  test('free states and head, both with the ridge r: NLL - Hbar = -r |W|^2 = -r E|h|^2 where all is stationary', () => {
    const [n, v, d] = [6, 5, 2]
    const masses = normalMatrix(n, v, 11).entries.map((x) => Math.exp(x))
    const laws = Float64Array.from(
      Array.from({ length: n }, (_, x) => [...normalised(Array.from(masses.subarray(x * v, x * v + v)))]).flat(),
    )
    const weights = normalised([3, 1, 2, 2, 1, 1])
    const parts = (flat: Float64Array) => ({
      hidden: flat.subarray(0, n * d),
      head: { headWeights: flat.subarray(n * d, n * d + v * d), headBias: flat.subarray(n * d + v * d) },
    })
    for (const ridge of [1e-2, 1e-3]) {
      const { point, outcome } = minimise(
        (flat, gradient) => {
          const { hidden, head } = parts(flat)
          const data: HeadData = { hidden, next: { kind: 'laws', laws }, weights }
          const found = headCalibration(head, data)
          const to = parts(gradient)
          let squares = 0
          to.head.headBias.set(found.gradient.headBias)
          head.headWeights.forEach((x, k) => {
            to.head.headWeights[k] = found.gradient.headWeights[k]! + ridge * x
            squares += x * x
          })
          weights.forEach((weight, x) => {
            const h = hidden.subarray(x * d, x * d + d)
            const z = headLogits(head, h)
            const total = z.reduce((sum, each) => sum + Math.exp(each), 0)
            for (let i = 0; i < d; i++) {
              let slope = ridge * h[i]!
              for (let w = 0; w < v; w++)
                slope += (Math.exp(z[w]!) / total - laws[x * v + w]!) * head.headWeights[w * d + i]!
              to.hidden[x * d + i] = weight * slope
              squares += weight * h[i]! * h[i]!
            }
          })
          return found.nll + (ridge * squares) / 2
        },
        normalMatrix(1, n * d + v * d + v, 5).entries,
        { gradientTolerance: 1e-11 },
      )
      expect(outcome).toBe('converged')
      const { hidden, head } = parts(point)
      const found = headCalibration(head, { hidden, next: { kind: 'laws', laws }, weights })
      const squaredWeights = head.headWeights.reduce((sum, x) => sum + x * x, 0)
      const squaredStates = hidden.reduce((sum, x, k) => sum + weights[Math.floor(k / d)]! * x * x, 0)
      // Underconfident, by a number that is not small.
      expect(found.gap).toBeLessThan(-1e-3)
      expect(Math.abs(found.gap + ridge * squaredWeights)).toBeLessThan(1e-9)
      expect(Math.abs(found.gap + ridge * squaredStates)).toBeLessThan(1e-9)
      expect(ridgeCalibration(head, found, ridge).departure).toBeCloseTo(0, 9)
    }
  })
})

describe('momentMatching', () => {
  test('its trace is Hbar - NLL, and E[h g(w)^T] - E[h (E_q g)^T] is what it says', () => {
    fc.assert(
      fc.property(cases, ({ head, data }) => {
        const calibration = headCalibration(head, data)
        const found = momentMatching(head, calibration)
        expect(Math.abs(found.trace + calibration.gap)).toBeLessThan(1e-12 * Math.max(1, calibration.nll))
        expect(Math.hypot(found.tokens, found.frequencies)).toBeCloseTo(calibration.gradientNorm, 12)
        // By its definition, context by context.
        const [v, d] = [head.headBias.length, head.headWeights.length / head.headBias.length]
        const z = logitsOf(head, data.hidden)
        const moment = new Float64Array(d * d)
        Array.from(data.weights!).forEach((weight, x) => {
          const row = Array.from(z.subarray(x * v, x * v + v), Math.exp)
          const total = row.reduce((sum, each) => sum + each, 0)
          for (let w = 0; w < v; w++) {
            const occurs =
              data.next.kind === 'labels' ? (data.next.labels[x] === w ? 1 : 0) : data.next.laws[x * v + w]!
            for (let i = 0; i < d; i++)
              for (let j = 0; j < d; j++)
                moment[i * d + j]! +=
                  (weight / calibration.weight) *
                  (occurs - row[w]! / total) *
                  data.hidden[x * d + i]! *
                  head.headWeights[w * d + j]!
          }
        })
        expect(found.prototypes).toBeCloseTo(Math.sqrt(moment.reduce((sum, x) => sum + x * x, 0)), 10)
      }),
    )
  })
})
