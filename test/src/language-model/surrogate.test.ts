import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { kernelInformation, outputDistribution } from '../../../src/information/mutual-information.js'
import { lawOfData, lawOfTeacher, type PredictiveLaw } from '../../../src/language-model/predictive-law.js'
import { bohningMetric, curvatureBound, pullbackMetric } from '../../../src/language-model/pullback.js'
import { canonicalCorrelations, operatorSpectrum } from '../../../src/language-model/similarity.js'
import {
  bennettFactor,
  evaluateSurrogate,
  logPartitionSides,
  selfConsistentRange,
  type SurrogateName,
} from '../../../src/language-model/surrogate.js'
import {
  alignedDirections,
  optimalHiddenStates,
  optimalLinearEncoder,
} from '../../../src/language-model/surrogate-given.js'
import { surrogateOptimum } from '../../../src/language-model/surrogate-optimum.js'
import { identityMatrix, matrix, matrixProduct, transpose } from '../../../src/linear-algebra/matrix.js'
import { singularValues } from '../../../src/linear-algebra/singular-values.js'
import { valueOf } from '../../support/value-of.js'
import { distributionsOn } from '../information/support.js'
import { difference, normalMatrix, seeds } from '../linear-algebra/support.js'
import { goldenKernel, kernelOf, kernels, softmaxKernel } from './kernel-support.js'

const names: readonly SurrogateName[] = ['bohning', 'calibrated', 'taylor']

const rows = fc.integer({ min: 2, max: 7 }).chain(distributionsOn)

const cases = fc.tuple(
  fc.integer({ min: 3, max: 25 }),
  fc.integer({ min: 3, max: 7 }),
  fc.integer({ min: 1, max: 4 }),
  seeds,
  fc.constantFrom(...names),
)

describe('upper bounds of the log-partition function', () => {
  test('kappa: series and formula agree, golden values, 1 at 0, increasing', () => {
    expect(bennettFactor(2)).toBeCloseTo((Math.exp(2) - 3) / 2, 15)
    // The example of the specification: r = 2.0641 has kappa = 2.2599.
    expect(bennettFactor(2.0641)).toBeCloseTo(2.2599, 4)
    expect(bennettFactor(1 - 1e-12)).toBeCloseTo(bennettFactor(1), 11)
    let last = bennettFactor(0)
    expect(last).toBe(1)
    for (const r of [1e-300, 1e-12, 1e-6, 0.1, 0.5, 0.99, 1, 1.01, 3, 30, 300]) {
      const factor = bennettFactor(r)
      expect(factor).toBeGreaterThanOrEqual(last)
      last = factor
    }
    expect(bennettFactor(1e-6) - 1).toBeCloseTo(1e-6 / 3 + 1e-12 / 12, 15)
    expect(() => bennettFactor(-1)).toThrow('nonnegative')
  })

  test('the self-consistent range is the smallest: kappa at it times it is the largest increment', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 600, noNaN: true }), (largest) => {
        const r = selfConsistentRange(largest)
        expect(largest / bennettFactor(r)).toBeLessThanOrEqual(r)
        const below = r * (1 - 1e-12)
        expect(largest / bennettFactor(below)).toBeGreaterThan(below)
      }),
    )
    expect(selfConsistentRange(0)).toBe(0)
    expect(selfConsistentRange(-3)).toBe(0)
  })

  test('Bohning everywhere; Bennett where the increments keep to the range', () => {
    fc.assert(
      fc.property(rows, seeds, fc.double({ min: -3, max: 3, noNaN: true }), (u, seed, magnitude) => {
        const delta = normalMatrix(u.length, 1, seed).entries.map((entry) => entry * 10 ** magnitude)
        const bohning = logPartitionSides(u, delta, { kind: 'bohning' })
        const tolerance = 1e-12 * (1 + Math.abs(bohning.logPartition))
        expect(bohning.isBound).toBe(true)
        expect(bohning.logPartition).toBeLessThanOrEqual(bohning.quadratic + tolerance)
        const bennett = logPartitionSides(u, delta, { kind: 'bennett', range: bohning.range })
        expect(bennett.isBound).toBe(true)
        expect(bennett.logPartition).toBeLessThanOrEqual(bennett.quadratic + tolerance)
        // A range that is too short is no bound, and the Taylor model never is.
        if (bohning.range > 0)
          expect(logPartitionSides(u, delta, { kind: 'bennett', range: bohning.range / 2 }).isBound).toBe(false)
        expect(logPartitionSides(u, delta, { kind: 'taylor' }).isBound).toBe(false)
      }),
    )
  })

  test('the constants are sharp: ratios of the second-order parts tend to one', () => {
    const part = (u: readonly number[], delta: readonly number[], kind: 'bohning' | 'bennett'): number => {
      const mean = u.reduce((sum, mass, w) => sum + mass * delta[w]!, 0)
      const { range } = logPartitionSides(u, delta, { kind: 'bohning' })
      const { logPartition, quadratic } = logPartitionSides(u, delta, kind === 'bennett' ? { kind, range } : { kind })
      return (logPartition - mean) / (quadratic - mean)
    }
    // Bohning: two tokens of one half.
    expect(part([0.5, 0.5], [1e-3, -1e-3], 'bohning')).toBeCloseTo(1, 6)
    // Bennett: one rare token, at any range.
    expect(part([1e-8, 1 - 1e-8], [2, 0], 'bennett')).toBeCloseTo(1, 6)
    expect(part([0.3, 0.7], [1e-5, 0], 'bennett')).toBeCloseTo(1, 5)
  })

  test('the Taylor model is no bound: counterexample', () => {
    const { logPartition, quadratic } = logPartitionSides([0.1, 0.9], [3, 0], { kind: 'taylor' })
    expect(quadratic).toBeCloseTo(0.3 + (0.09 * 9) / 2, 14)
    expect(logPartition).toBeCloseTo(Math.log(0.1 * Math.exp(3) + 0.9), 14)
    expect(logPartition).toBeGreaterThan(quadratic + 0.36)
  })

  test('in h alone: log-partition <= <u, W h> + diam(W)^2 |h|^2 / 8 (Hoeffding), sharp at two tokens of one half', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 3 }), seeds, (u, d, seed) => {
        const head = normalMatrix(u.length, d, seed).entries
        const h = normalMatrix(d, 1, seed + 1)
        const delta = matrixProduct(matrix(u.length, d, head), h).entries
        const mean = delta.reduce((sum, entry, w) => sum + u[w]! * entry, 0)
        const square = h.entries.reduce((sum, entry) => sum + entry * entry, 0)
        const { logPartition } = logPartitionSides(u, delta, { kind: 'taylor' })
        expect(logPartition).toBeLessThanOrEqual(mean + (curvatureBound(head, u.length) * square) / 2 + 1e-12)
      }),
    )
    const { logPartition } = logPartitionSides([0.5, 0.5], [1e-3, -1e-3], { kind: 'taylor' })
    expect(logPartition / ((curvatureBound(Float64Array.of(1, -1), 2) * 1e-6) / 2)).toBeCloseTo(1, 6)
  })

  test('the curvature in h is the pullback metric at u, and Bohning’s metric', () => {
    const law = lawOfData(goldenKernel)
    const u = outputDistribution(law.weights, law.next)
    const head = normalMatrix(3, 2, 5)
    const h = normalMatrix(2, 1, 6)
    const delta = matrixProduct(head, h).entries
    const mean = delta.reduce((sum, entry, w) => sum + u[w]! * entry, 0)
    const quadratic = (metric: ReturnType<typeof pullbackMetric>): number =>
      matrixProduct(transpose(h), matrixProduct(metric, h)).entries[0]!
    const [taylor, bohning] = (['taylor', 'bohning'] as const).map((kind) => logPartitionSides(u, delta, { kind }))
    expect(2 * (taylor!.quadratic - mean)).toBeCloseTo(quadratic(pullbackMetric(head.entries, u)), 14)
    expect(2 * (bohning!.quadratic - mean)).toBeCloseTo(quadratic(bohningMetric(head.entries, 3)), 14)
  })
})

describe('Theorem A', () => {
  test('the value in closed form is the surrogate at the minimiser; NLL <= surrogate <= NLL at zero', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, name]) => {
        const law = lawOfData(softmaxKernel(n, width, seed, 'spread'))
        const optimum = valueOf(surrogateOptimum(law, dimension, name))
        const { evaluation, value, gain, conditions, surrogate } = optimum
        expect(Math.abs(evaluation.surrogate - value)).toBeLessThan(1e-12)
        expect(value).toBeLessThanOrEqual(evaluation.constant)
        expect(gain).toBeGreaterThan(0)
        expect(evaluation.isBound).toBe(name !== 'taylor')
        if (name !== 'taylor') expect(evaluation.nll).toBeLessThanOrEqual(evaluation.surrogate + 1e-12)
        if (surrogate.kind === 'bennett') expect(evaluation.range / surrogate.range).toBeCloseTo(1, 10)
        // |g| <= B and |h| <= R bound the range.
        expect(conditions.range).toBeLessThanOrEqual(2 * conditions.featureBound * conditions.stateBound + 1e-12)
        // White, centred states.
        const states = matrix(n, optimum.dimension, optimum.hidden)
        const weighted = matrix(
          n,
          optimum.dimension,
          optimum.hidden.map((entry, index) => entry * law.weights[Math.floor(index / optimum.dimension)]!),
        )
        difference(matrixProduct(transpose(states), weighted), identityMatrix(optimum.dimension)).entries.forEach(
          (entry) => expect(Math.abs(entry)).toBeLessThan(1e-10),
        )
      }),
    )
  })

  test('no other states and head of this rank have a smaller surrogate', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, name]) => {
        const law = lawOfData(softmaxKernel(n, width, seed, 'spread'))
        const { surrogate, value, hidden, head, dimension: d } = valueOf(surrogateOptimum(law, dimension, name))
        for (const size of [1e-4, 1e-2, 1]) {
          const states = normalMatrix(n, d, seed + 1).entries.map((entry, index) => hidden[index]! + size * entry)
          const moved = normalMatrix(width, d, seed + 2).entries.map((entry, index) => head[index]! + size * entry)
          expect(evaluateSurrogate(law, states, moved, surrogate).surrogate).toBeGreaterThanOrEqual(value - 1e-13)
          expect(evaluateSurrogate(law, hidden, moved, surrogate).surrogate).toBeGreaterThanOrEqual(value - 1e-13)
        }
      }),
    )
  })

  test('alternating Theorems B and C from a random start ends at the closed form', () => {
    const law = lawOfData(softmaxKernel(30, 6, 4, 'spread'))
    for (const name of ['bohning', 'taylor'] as const) {
      const optimum = valueOf(surrogateOptimum(law, 2, name))
      let head = normalMatrix(6, 2, 9).entries
      let value = Infinity
      for (let round = 0; round < 400; round++) {
        const states = optimalHiddenStates(law, head, name)
        expect(states.value).toBeLessThanOrEqual(value + 1e-12)
        const directions = valueOf(alignedDirections(law, states.hidden, name))
        expect(directions.value).toBeLessThanOrEqual(states.value + 1e-12)
        value = directions.value
        head = directions.head
      }
      expect(Math.abs(value - optimum.value)).toBeLessThan(1e-10)
    }
  })

  test('canonical correlations are correspondence analysis: gain (1 / 2 kappa) sum sigma^2', () => {
    fc.assert(
      fc.property(kernels, fc.integer({ min: 1, max: 3 }), (kernel, dimension) => {
        const sigma = canonicalCorrelations(operatorSpectrum(kernel, 'cca'))
        fc.pre(sigma[0]! > 1e-6)
        const optimum = valueOf(surrogateOptimum(lawOfData(kernel), dimension, 'calibrated'))
        const squares = sigma.slice(0, optimum.dimension).reduce((sum, value) => sum + value * value, 0)
        expect(Math.abs(optimum.gain - squares / (2 * optimum.factor))).toBeLessThan(1e-12)
        optimum.singularValues.forEach((s, index) =>
          expect(Math.abs(s * Math.sqrt(optimum.factor) - (sigma[index] ?? 0))).toBeLessThan(1e-7),
        )
      }),
    )
    const golden = valueOf(surrogateOptimum(lawOfData(goldenKernel), 2, 'taylor'))
    expect(golden.singularValues[0]).toBeCloseTo(0.5559853203828525, 14)
    expect(golden.singularValues[1]).toBeCloseTo(0.25321634906022794, 14)
    // Half of the chi-squared information, which the information is near for weak dependence.
    expect(golden.gain).toBeCloseTo(0.37323819591261437 / 2, 14)
  })

  test('Bohning: principal components of P_x, the leading centred linear eigenvalues', () => {
    const { centred } = operatorSpectrum(goldenKernel, 'linear')
    const optimum = valueOf(surrogateOptimum(lawOfData(goldenKernel), 1, 'bohning'))
    expect(optimum.gain).toBeCloseTo(centred[0]!, 14)
    expect(optimum.conditions.gap).toBeCloseTo(2 * (centred[0]! - centred[1]!), 14)
  })

  test('the Taylor optimum promises more than the likelihood gives: counterexample', () => {
    // A token of probability 1/100 that one context in ten makes certain to one tenth.
    const law = lawOfData(kernelOf([0.1, 0.9], [0.1, 0.9, 0, 1]))
    const taylor = valueOf(surrogateOptimum(law, 1, 'taylor'))
    const calibrated = valueOf(surrogateOptimum(law, 1, 'calibrated'))
    expect(taylor.evaluation.range).toBeCloseTo(9, 12)
    expect(taylor.evaluation.nll).toBeGreaterThan(taylor.evaluation.surrogate + 0.3)
    expect(calibrated.evaluation.nll).toBeLessThan(calibrated.evaluation.surrogate)
    expect(calibrated.evaluation.nll).toBeLessThan(calibrated.evaluation.constant)
    expect(taylor.conditions.statement).toContain('no bound')
    expect(calibrated.conditions.statement).toContain('calibrated at u')
  })

  test('weak dependence: half of the sum of squares is the information, to leading order', () => {
    const ratio = (size: number): number => {
      const law = weak(30, 5, 4, size)
      const gain = valueOf(surrogateOptimum(law, 4, 'taylor')).gain
      return gain / kernelInformation(law.weights, law.next)
    }
    expect(Math.abs(ratio(0.03) - 1)).toBeLessThan(0.03)
    expect(Math.abs(ratio(0.003) - 1)).toBeLessThan(0.003)
  })

  test('problems: no dimension, nothing to tell apart', () => {
    const law = lawOfData(goldenKernel)
    expect(surrogateOptimum(law, 0, 'bohning')).toMatchObject({ left: { kind: 'out-of-range' } })
    const flat = lawOfTeacher('flat', Float64Array.of(0.3, 0.7), Float64Array.of(0.1, 0.9, 0.1, 0.9))
    for (const name of names) expect(surrogateOptimum(flat, 1, name)).toMatchObject({ left: { kind: 'empty-input' } })
  })
})

/** softmax(b + size G h): dependence of rank `rank`, weak for a small size. */
const weak = (n: number, width: number, rank: number, size: number): PredictiveLaw => {
  const logits = matrixProduct(normalMatrix(n, rank, 11), normalMatrix(rank, width, 12)).entries
  const bias = normalMatrix(width, 1, 13).entries
  const next = logits.map((logit, index) => Math.exp(size * logit + bias[index % width]!))
  for (let x = 0; x < n; x++) {
    const row = next.subarray(x * width, (x + 1) * width)
    const total = row.reduce((sum, entry) => sum + entry, 0)
    row.forEach((entry, w) => (row[w] = entry / total))
  }
  return lawOfTeacher('weak', new Float64Array(n).fill(1 / n), next)
}

describe('Theorem B', () => {
  test('the gain is what the surrogate falls by; no other states do better; states by a linear encoder do no better', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, name]) => {
        const law = lawOfData(softmaxKernel(n, width, seed, 'spread'))
        const head = normalMatrix(width, dimension, seed + 1).entries
        const best = optimalHiddenStates(law, head, name)
        expect(Math.abs(best.evaluation.surrogate - best.value)).toBeLessThan(1e-11)
        expect(best.gain).toBeGreaterThan(0)
        for (const size of [1e-3, 1]) {
          const moved = normalMatrix(n, dimension, seed + 2).entries.map((entry, i) => best.hidden[i]! + size * entry)
          const other = evaluateSurrogate(law, moved, head, best.surrogate)
          expect(other.surrogate).toBeGreaterThanOrEqual(best.value - 1e-12)
        }
        const features = normalMatrix(n, 2, seed + 3).entries
        const linear = optimalLinearEncoder(law, head, features, name)
        expect(Math.abs(linear.evaluation.surrogate - linear.value)).toBeLessThan(1e-11)
        const mapped = matrixProduct(matrix(n, 2, features), transpose(linear.encoder))
        mapped.entries.forEach((entry, i) =>
          expect(Math.abs(entry - linear.hidden[i]!)).toBeLessThan(1e-9 * (1 + Math.abs(entry))),
        )
        const turned = matrix(
          dimension,
          2,
          linear.encoder.entries.map((entry) => entry * 1.01 + 1e-3),
        )
        const worse = matrixProduct(matrix(n, 2, features), transpose(turned)).entries
        expect(evaluateSurrogate(law, worse, head, linear.surrogate).surrogate).toBeGreaterThanOrEqual(
          linear.value - 1e-12,
        )
        if (name !== 'calibrated') expect(linear.value).toBeGreaterThanOrEqual(best.value - 1e-11)
      }),
    )
  })

  test('at the optimal head of Theorem A it gives the states of Theorem A', () => {
    const law = lawOfData(softmaxKernel(12, 5, 3, 'spread'))
    for (const name of ['bohning', 'taylor'] as const) {
      const optimum = valueOf(surrogateOptimum(law, 2, name))
      const given = optimalHiddenStates(law, optimum.head, name)
      expect(Math.abs(given.value - optimum.value)).toBeLessThan(1e-13)
      given.hidden.forEach((entry, index) => expect(Math.abs(entry - optimum.hidden[index]!)).toBeLessThan(1e-10))
    }
    // One feature for each context: every table of states is linear in them.
    const head = normalMatrix(5, 2, 8).entries
    const [table, linear] = [
      optimalHiddenStates(law, head, 'bohning'),
      optimalLinearEncoder(law, head, identityMatrix(12).entries, 'bohning'),
    ]
    expect(Math.abs(table.value - linear.value)).toBeLessThan(1e-12)
  })
})

describe('Theorem C', () => {
  test('half the sum of the eigenvalues is what the surrogate falls by; bounded by the canonical correlations', () => {
    fc.assert(
      fc.property(cases, ([n, width, dimension, seed, name]) => {
        const kernel = softmaxKernel(n, width, seed, 'spread')
        const law = lawOfData(kernel)
        const hidden = normalMatrix(n, dimension, seed + 1).entries.map((entry) => entry + 5)
        const best = valueOf(alignedDirections(law, hidden, name))
        expect(Math.abs(best.evaluation.surrogate - best.value)).toBeLessThan(1e-10)
        const moved = best.head.map((entry, index) => entry + 0.01 * Math.sin(index))
        expect(evaluateSurrogate(law, best.hidden, moved, best.surrogate).surrogate).toBeGreaterThanOrEqual(
          best.value - 1e-12,
        )
        // At most the optimum over all states of this dimension: sum rho^2 <= sum sigma^2.
        if (name !== 'calibrated') {
          const { singularValues: s } = valueOf(surrogateOptimum(law, dimension, name))
          best.eigenvalues.forEach((value, index) => expect(value).toBeLessThanOrEqual(s[index]! ** 2 + 1e-10))
        }
      }),
    )
  })

  test('the states of Theorem A have the singular values of Theorem A', () => {
    const law = lawOfData(softmaxKernel(20, 5, 6, 'spread'))
    for (const name of names) {
      const optimum = valueOf(surrogateOptimum(law, 3, name))
      const given = valueOf(alignedDirections(law, optimum.hidden, name))
      expect(Math.abs(given.value - optimum.value)).toBeLessThan(1e-12)
      given.eigenvalues.forEach((value, index) =>
        expect(Math.abs(value - optimum.singularValues[index]! ** 2)).toBeLessThan(1e-12),
      )
      expect(given.surrogate.kind).toBe(optimum.surrogate.kind)
    }
  })

  test('an invertible linear map of the states, and an offset, change neither eigenvalues nor gain', () => {
    const law = lawOfData(softmaxKernel(20, 5, 6, 'spread'))
    const hidden = normalMatrix(20, 3, 1)
    const map = normalMatrix(3, 3, 2)
    expect(singularValues(map)[2]).toBeGreaterThan(0.05)
    const mapped = matrixProduct(hidden, map).entries.map((entry) => 100 * entry + 7)
    for (const name of names) {
      const [first, second] = [hidden.entries, mapped].map((each) => valueOf(alignedDirections(law, each, name)))
      expect(Math.abs(first!.gain - second!.gain)).toBeLessThan(1e-11)
      first!.eigenvalues.forEach((value, i) => expect(Math.abs(value - second!.eigenvalues[i]!)).toBeLessThan(1e-11))
    }
    const constant = new Float64Array(20).fill(3)
    expect(alignedDirections(law, constant, 'taylor')).toMatchObject({ left: { kind: 'empty-input' } })
  })
})
