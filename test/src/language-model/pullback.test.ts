import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { headDistribution, logPartition } from '../../../src/language-model/head-divergence.js'
import {
  bohningMetric,
  bohningTraceBound,
  curvatureBound,
  headDiameter,
  headRank,
  pullbackMetric,
  pullbackSpectrum,
} from '../../../src/language-model/pullback.js'
import { matrix, matrixProduct } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { difference, normalMatrix, seeds } from '../linear-algebra/support.js'
import { golden, headCases } from './head-support.js'

/** W^T diag(p) W - (W^T p)(W^T p)^T: the definition, term by term. */
const definition = (headWeights: Float64Array, p: Float64Array): number[] => {
  const dimension = headWeights.length / p.length
  const mean = Array.from({ length: dimension }, (_, i) =>
    p.reduce((sum, x, w) => sum + x * headWeights[w * dimension + i]!, 0),
  )
  return Array.from({ length: dimension * dimension }, (_, index) => {
    const [i, j] = [Math.floor(index / dimension), index % dimension]
    const second = p.reduce(
      (sum, x, w) => sum + x * headWeights[w * dimension + i]! * headWeights[w * dimension + j]!,
      0,
    )
    return second - mean[i]! * mean[j]!
  })
}

describe('pullbackMetric', () => {
  test('golden values of 4 tokens in 2 dimensions', () => {
    const { headWeights } = golden.head
    const p = headDistribution(golden.head, golden.from)
    const expected = [0.32383008655743717, -0.15472720477071866, -0.15472720477071863, 0.5460576997136899]
    pullbackMetric(headWeights, p).entries.forEach((entry, index) => expect(entry).toBeCloseTo(expected[index]!, 15))
    const { values, trace } = pullbackSpectrum(headWeights, p)
    expect(values[0]).toBeCloseTo(0.6254348008147521, 14)
    expect(values[1]).toBeCloseTo(0.24445298545637492, 14)
    expect(trace).toBeCloseTo(0.8698877862711271, 14)
  })

  test('it is the definition W^T (diag p - p p^T) W, and its trace the sum of its eigenvalues', () => {
    fc.assert(
      fc.property(headCases, ({ head, from }) => {
        const p = headDistribution(head, from)
        const expected = definition(head.headWeights, p)
        pullbackMetric(head.headWeights, p).entries.forEach((entry, index) =>
          expect(Math.abs(entry - expected[index]!)).toBeLessThan(1e-13),
        )
        const { values, trace } = pullbackSpectrum(head.headWeights, p)
        expect(Math.abs(values.reduce((sum, value) => sum + value, 0) - trace)).toBeLessThan(1e-13 * (1 + trace))
        expect(values.every((value) => value >= 0)).toBe(true)
      }),
    )
  })

  test('it is the Hessian of log Z', () => {
    fc.assert(
      fc.property(headCases, fc.nat(), fc.nat(), ({ head, from, dimension }, first, second) => {
        const [i, j] = [first % dimension, second % dimension]
        const step = 1e-4
        const at = (a: number, b: number): number => {
          const moved = from.slice()
          moved[i]! += a * step
          moved[j]! += b * step
          return logPartition(head, moved)
        }
        const hessian = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step * step)
        const metric = pullbackMetric(head.headWeights, headDistribution(head, from))
        expect(Math.abs(hessian - metric.entries[i * dimension + j]!)).toBeLessThan(1e-5)
      }),
    )
  })

  test('closed forms: two tokens in one dimension, and unit weights under the uniform distribution', () => {
    expect(pullbackMetric(Float64Array.of(3, 0), Float64Array.of(0.2, 0.8)).entries[0]).toBeCloseTo(9 * 0.2 * 0.8, 14)
    const size = 5
    const identity = Float64Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))
    const { values } = pullbackSpectrum(identity, new Float64Array(size).fill(1 / size))
    values.forEach((value, index) => expect(value).toBeCloseTo(index < size - 1 ? 1 / size : 0, 15))
  })

  test('weights that do not make V rows throw', () => {
    expect(() => pullbackMetric(new Float64Array(5), new Float64Array(2))).toThrow('2 rows')
  })
})

describe('headRank', () => {
  test('it is the rank of g* at every hidden state: full for a generic head, though V is far above D', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, symbols, dimension }) => {
        const rank = headRank(head.headWeights, symbols)
        expect(rank).toBe(Math.min(dimension, symbols - 1))
        const { values } = pullbackSpectrum(head.headWeights, headDistribution(head, from))
        expect(values.filter((value) => value > 1e-10 * values[0]!).length).toBe(rank)
      }),
    )
  })

  test('rows in a space of a lower dimension, with any common offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), seeds, (rank, seed) => {
        const [symbols, dimension] = [9, 6]
        const product = matrixProduct(normalMatrix(symbols, rank, seed), normalMatrix(rank, dimension, seed + 1))
        const offset = normalMatrix(1, dimension, seed + 2).entries
        const headWeights = product.entries.map((entry, index) => entry + 10 * offset[index % dimension]!)
        expect(headRank(headWeights, symbols)).toBe(rank)
      }),
    )
    // An affine line: W itself has rank 2, C W rank 1.
    expect(headRank(Float64Array.of(1, 0, 1, 1, 1, 2), 3)).toBe(1)
  })
})

describe('curvature bounds', () => {
  test('the largest eigenvalue is at most diam(W)^2 / 4, the trace at most the Bohning trace', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, symbols }) => {
        const { values, trace } = pullbackSpectrum(head.headWeights, headDistribution(head, from))
        expect(values[0]).toBeLessThanOrEqual(curvatureBound(head.headWeights, symbols) + 1e-12)
        expect(trace).toBeLessThanOrEqual(bohningTraceBound(head.headWeights, symbols) + 1e-12)
      }),
    )
  })

  test('Bohning: (1/2) W^T C W - g* is positive semidefinite', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, symbols, dimension }) => {
        const bohning = bohningMetric(head.headWeights, symbols)
        const gap = difference(bohning, pullbackMetric(head.headWeights, headDistribution(head, from)))
        const { values } = symmetricEigen(gap)
        expect(values[values.length - 1]).toBeGreaterThanOrEqual(-1e-12)
        const trace = Array.from({ length: dimension }, (_, i) => bohning.entries[i * dimension + i]!)
        expect(trace.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(
          bohningTraceBound(head.headWeights, symbols),
          11,
        )
      }),
    )
  })

  test('the curvature bound is attained at one half on each of two farthest tokens', () => {
    fc.assert(
      fc.property(headCases, ({ head, symbols, dimension }) => {
        fc.pre(symbols > 1)
        const rows = matrix(symbols, dimension, head.headWeights)
        const diameter = headDiameter(head.headWeights, symbols)
        const p = new Float64Array(symbols)
        for (let v = 0; v < symbols; v++)
          for (let w = 0; w < v; w++) {
            const row = (token: number): Float64Array =>
              rows.entries.subarray(token * dimension, (token + 1) * dimension)
            const length = Math.hypot(...row(v).map((entry, i) => entry - row(w)[i]!))
            expect(length).toBeLessThanOrEqual(diameter * (1 + 1e-14))
            if (length > diameter * (1 - 1e-14)) p.fill(0).set([0.5], v)
            if (length > diameter * (1 - 1e-14)) p[w] = 0.5
          }
        const bound = curvatureBound(head.headWeights, symbols)
        expect(pullbackSpectrum(head.headWeights, p).values[0]! / bound).toBeCloseTo(1, 12)
      }),
    )
  })
})
