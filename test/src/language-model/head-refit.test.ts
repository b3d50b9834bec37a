import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chainLedger } from '../../../src/language-model/chain-ledger.js'
import { classesOf } from '../../../src/language-model/encoding-classes.js'
import { forward } from '../../../src/language-model/forward.js'
import { momentMatching } from '../../../src/language-model/head-calibration.js'
import { headDistribution, headLogits } from '../../../src/language-model/head-divergence.js'
import { refitGap, refitHead } from '../../../src/language-model/head-refit.js'
import { initialise } from '../../../src/language-model/initialise.js'
import { mobyDickLaw } from '../../../src/language-model/law.js'
import { conditionalEntropy } from '../../../src/language-model/nll-identities.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'
import { shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'
import { normalised } from '../information/support.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'

const lawsFrom = (rows: number, width: number, seed: number): Float64Array => {
  const z = normalMatrix(rows, width, seed).entries
  return Float64Array.from(
    Array.from({ length: rows }, (_, x) => [
      ...logSoftmax(z.subarray(x * width, (x + 1) * width)).map(Math.exp),
    ]).flat(),
  )
}

describe('refitHead', () => {
  test('at the optimum NLL = Hbar, moments match, and no other head is better', () => {
    fc.assert(
      fc.property(
        fc.record({
          n: fc.integer({ min: 1, max: 30 }),
          v: fc.integer({ min: 1, max: 8 }),
          d: fc.integer({ min: 1, max: 4 }),
          seed: seeds,
        }),
        ({ n, v, d, seed }) => {
          const data = {
            // Badly scaled on purpose: directions of deviation 1000 and 0.001, far from the origin.
            hidden: normalMatrix(n, d, seed).entries.map((x, k) => 5 + x * [1, 1000, 1e-3, 1][k % d]!),
            next: { kind: 'laws', laws: lawsFrom(n, v, seed + 1) },
            weights: normalMatrix(1, n, seed + 2).entries.map((x) => x * x + 0.01),
          } as const
          const { head, calibration, outcome } = refitHead(data, v)
          expect(outcome).toBe('converged')
          expect(Math.abs(calibration.gap)).toBeLessThan(1e-9)
          const moments = momentMatching(head, calibration)
          expect(moments.frequencies).toBeLessThan(1e-9)
          expect(moments.tokens).toBeLessThan(1e-6)
          // Convex: a step to any other head raises the NLL.
          const size = 1e-4
          const other = {
            headWeights: head.headWeights.map((x, k) => x + size * Math.sin(k + seed)),
            headBias: head.headBias.map((x, k) => x + size * Math.cos(k + seed)),
          }
          const total = data.weights.reduce((sum, weight) => sum + weight, 0)
          const nll = data.weights.reduce((sum, weight, x) => {
            const logs = logSoftmax(headLogits(other, data.hidden.subarray(x * d, x * d + d)))
            return sum - (weight / total) * logs.reduce((all, log, w) => all + data.next.laws[x * v + w]! * log, 0)
          }, 0)
          expect(nll).toBeGreaterThanOrEqual(calibration.nll - 1e-12)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a head of the class is found again from its own predictions', () => {
    const [n, v, d] = [40, 6, 3]
    const hidden = normalMatrix(n, d, 1).entries
    const own = { headWeights: normalMatrix(v, d, 2).entries, headBias: normalMatrix(1, v, 3).entries }
    const laws = Float64Array.from(
      Array.from({ length: n }, (_, x) => [...headDistribution(own, hidden.subarray(x * d, x * d + d))]).flat(),
    )
    const { head, iterations } = refitHead(
      { hidden, next: { kind: 'laws', laws }, weights: new Float64Array(n).fill(1) },
      v,
    )
    // Up to a shift that softmax does not see.
    for (let i = 0; i < d; i++)
      for (let w = 1; w < v; w++)
        expect(head.headWeights[w * d + i]! - head.headWeights[i]!).toBeCloseTo(
          own.headWeights[w * d + i]! - own.headWeights[i]!,
          7,
        )
    expect(iterations).toBeLessThan(200)
  })

  test('labels and their law, and the logarithm of the frequencies where states say nothing', () => {
    const labels = [0, 0, 0, 1, 1, 2]
    const { head, calibration, iterations } = refitHead(
      { hidden: new Float64Array(12).fill(0.3), next: { kind: 'labels', labels } },
      3,
    )
    expect(iterations).toBe(0)
    expect(Array.from(head.headWeights)).toEqual([0, 0, 0, 0, 0, 0])
    const p = headDistribution(head, Float64Array.of(0.3, 0.3))
    expect([p[0], p[1], p[2]]).toEqual([1 / 2, 1 / 3, 1 / 6].map((x): unknown => expect.closeTo(x, 14)))
    expect(calibration.nll).toBeCloseTo(-(Math.log(1 / 2) / 2 + Math.log(1 / 3) / 3 + Math.log(1 / 6) / 6), 14)
  })

  test('a logistic regression by hand: two states, two tokens', () => {
    const data = {
      hidden: Float64Array.of(0, 1),
      next: { kind: 'laws', laws: Float64Array.of(0.75, 0.25, 0.4, 0.6) },
    } as const
    const { head } = refitHead({ ...data, weights: [1, 3] }, 2)
    expect(head.headBias[1]! - head.headBias[0]!).toBeCloseTo(Math.log(0.25 / 0.75), 9)
    expect(head.headWeights[1]! - head.headWeights[0]!).toBeCloseTo(Math.log(0.6 / 0.4) - Math.log(0.25 / 0.75), 9)
  })

  test('a token that never occurs gets the bias -Infinity; all stays finite', () => {
    const laws = Float64Array.of(0.5, 0, 0.5, 0.25, 0, 0.75)
    const { head, calibration } = refitHead(
      { hidden: Float64Array.of(0, 1), next: { kind: 'laws', laws }, weights: [1, 1] },
      3,
    )
    expect(head.headBias[1]).toBe(-Infinity)
    expect(Array.from(headDistribution(head, Float64Array.of(1)))).toEqual([
      expect.closeTo(0.25, 9),
      0,
      expect.closeTo(0.75, 9),
    ])
    expect(Math.abs(calibration.gap)).toBeLessThan(1e-9)
    expect(calibration.eulerResidual).toBeCloseTo(0, 12)
  })

  test('where no minimum is attained the infimum is approached', () => {
    // Golden mean: after a 1 always a 0.
    const laws = Float64Array.of(0.5, 0.5, 1, 0)
    const { calibration, outcome } = refitHead(
      { hidden: Float64Array.of(0, 1), next: { kind: 'laws', laws }, weights: [2, 1] },
      2,
    )
    expect(outcome).toBe('converged')
    expect(calibration.nll).toBeCloseTo((2 / 3) * Math.LN2, 9)
    expect(Math.abs(calibration.gap)).toBeLessThan(1e-8)
  })

  test('with a ridge: NLL - Hbar = -r |W|^2', () => {
    for (const ridge of [1e-4, 1e-2, 1]) {
      const data = {
        hidden: normalMatrix(25, 3, 8).entries.map((x, k) => x * [1, 100, 0.01][k % 3]!),
        next: { kind: 'laws', laws: lawsFrom(25, 5, 9) },
        weights: normalised(Array.from({ length: 25 }, (_, x) => 1 + x)),
      } as const
      const { head, calibration, gradientNorm, outcome } = refitHead(data, 5, { ridge })
      expect(outcome).toBe('converged')
      expect(gradientNorm).toBeLessThan(1e-7)
      const squares = head.headWeights.reduce((sum, x) => sum + x * x, 0)
      expect(Math.abs(calibration.gap + ridge * squares)).toBeLessThan(1e-9)
      expect(calibration.gap).toBeLessThan(0)
    }
  })

  test('sizes that do not fit, and weights of zero, throw', () => {
    const next = { kind: 'labels', labels: [0, 1] } as const
    expect(() => refitHead({ hidden: Float64Array.of(1, 2, 3), next }, 2)).toThrow('3 numbers of hidden states')
    expect(() => refitHead({ hidden: Float64Array.of(1, 2), next, weights: [0, 0] }, 2)).toThrow('sum to 0')
    expect(() => refitHead({ hidden: Float64Array.of(1, 2, 3), next, weights: [1, 1, 1] }, 2)).toThrow('2 next tokens')
  })
})

describe('refitGap', () => {
  test('head loss = refit loss + gap, and the gap is E KL(refit || head), for every linear head', () => {
    fc.assert(
      fc.property(
        fc.record({
          n: fc.integer({ min: 1, max: 20 }),
          v: fc.integer({ min: 1, max: 6 }),
          d: fc.integer({ min: 1, max: 3 }),
          seed: seeds,
        }),
        ({ n, v, d, seed }) => {
          // States that meet: a third of as many as contexts.
          const states = normalMatrix(Math.ceil(n / 3), d, seed).entries
          const hidden = Float64Array.from(
            Array.from({ length: n }, (_, x) => [
              ...states.subarray(Math.floor(x / 3) * d, Math.floor(x / 3) * d + d),
            ]).flat(),
          )
          const kernel = {
            symbols: Array.from({ length: v }, (_, w) => String(w)),
            weights: normalised(Array.from({ length: n }, (_, x) => 1 + (x % 4))),
            next: lawsFrom(n, v, seed + 1),
          }
          const head = {
            headWeights: normalMatrix(v, d, seed + 2).entries,
            headBias: normalMatrix(1, v, seed + 3).entries,
          }
          const logProbabilities = Float64Array.from(
            Array.from({ length: n }, (_, x) => [
              ...logSoftmax(headLogits(head, hidden.subarray(x * d, x * d + d))),
            ]).flat(),
          )
          const found = valueOf(refitGap(kernel, hidden, logProbabilities))
          expect(found.refit.outcome).toBe('converged')
          expect(found.gap).toBeGreaterThanOrEqual(-1e-12)
          expect(found.refitLoss).toBeGreaterThanOrEqual(0)
          expect(Math.abs(found.gap - found.gapAsDivergence)).toBeLessThan(1e-8)
          // The head loss is the last line of the ledger.
          const ledger = valueOf(
            chainLedger(kernel, [{ name: 'h', classes: classesOf(hidden, n).of }], logProbabilities),
          )
          expect(found.headLoss).toBeCloseTo(ledger.headLoss, 13)
          const lines = ledger.lines[0]!.loss + found.refitLoss + found.gap
          expect(lines).toBeCloseTo(ledger.divergence, 12)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('an untrained model of mess3: its head is to blame for most; refitted, NLL = Hbar and Hbar - H_data = KL', () => {
    const kernel = valueOf(processKernel(valueOf(parseProcess('mess3')), 4))
    const shape = shapeOf(kernel, 4, 16, 2)
    const pass = forward(initialise(shape, 3), shape, kernel.contexts)
    const { headLoss, refitLoss, gap, gapAsDivergence, refit } = valueOf(
      refitGap(kernel, pass.hidden, pass.logProbabilities),
    )
    expect(gap).toBeGreaterThan(0.01)
    expect(refitLoss).toBeLessThan(headLoss)
    expect(gap).toBeCloseTo(gapAsDivergence, 9)
    expect(Math.abs(refit.calibration.gap)).toBeLessThan(1e-9)
    // The states are all different, so KL is the head loss; F6 of the experiments.
    const data = conditionalEntropy(kernel)
    expect(Math.abs(refit.calibration.entropy - data - refitLoss)).toBeLessThan(1e-9)
    expect(Math.abs(refit.calibration.nll - data - refitLoss)).toBeLessThan(1e-12)
  })

  test('letters of a text: at a stationary head NLL = Hbar and Hbar - H_data = KL, to 1e-9', () => {
    const { kernel } = valueOf(mobyDickLaw(1))
    const v = kernel.symbols.length
    for (const d of [4, 8]) {
      const { calibration } = refitHead(
        {
          hidden: normalMatrix(kernel.weights.length, d, d).entries,
          next: { kind: 'laws', laws: kernel.next },
          weights: kernel.weights,
        },
        v,
      )
      const data = conditionalEntropy(kernel)
      const divergence = calibration.nll - data
      expect(divergence).toBeGreaterThan(0.1)
      expect(Math.abs(calibration.gap)).toBeLessThan(1e-9)
      expect(Math.abs(calibration.entropy - data - divergence)).toBeLessThan(1e-9)
    }
  })

  test('arrays without one row for each context are a problem', () => {
    const kernel = { symbols: ['a', 'b'], weights: Float64Array.of(0.5, 0.5), next: Float64Array.of(1, 0, 0, 1) }
    expect(refitGap(kernel, Float64Array.of(1), kernel.next)).toMatchObject({ left: { kind: 'invalid-value' } })
    expect(refitGap(kernel, Float64Array.of(1, 2), Float64Array.of(0))).toMatchObject({
      left: { kind: 'invalid-value' },
    })
  })
})
