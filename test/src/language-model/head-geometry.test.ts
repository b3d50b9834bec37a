import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { headDistribution } from '../../../src/language-model/head-divergence.js'
import { enclosingBall } from '../../../src/language-model/head-geometry-curvature.js'
import { pullbackForms, pullbackFormsResidual } from '../../../src/language-model/head-geometry-forms.js'
import { leadingPullback, pullbackOperator } from '../../../src/language-model/head-geometry-operator.js'
import {
  tailMetric,
  topTokens,
  truncatedSpectrum,
  truncateHead,
} from '../../../src/language-model/head-geometry-truncation.js'
import {
  bohningTraceBound,
  headDiameter,
  headKernel,
  headRank,
  pullbackMetric,
  pullbackSpectrum,
  pullbackTrace,
} from '../../../src/language-model/pullback.js'
import { type Matrix, matrix, matrixProduct } from '../../../src/linear-algebra/matrix.js'
import { symmetricEigen } from '../../../src/linear-algebra/symmetric-eigen.js'
import { difference, normalMatrix, orthonormalityError, seeds } from '../linear-algebra/support.js'
import { golden, headCases } from './head-support.js'

const smallest = (a: Matrix): number => {
  const { values } = symmetricEigen(a)
  return values[values.length - 1]!
}

const traceOf = ({ rows, entries }: Matrix): number =>
  Array.from({ length: rows }, (_, i) => entries[i * rows + i]!).reduce((sum, entry) => sum + entry, 0)

const scaled = (a: Matrix, factor: number): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.entries.map((x) => factor * x),
  )

const sum = (a: Matrix, b: Matrix): Matrix => difference(a, scaled(b, -1))

describe('the three forms of the pullback metric', () => {
  test('golden values, in each form', () => {
    const forms = pullbackForms(golden.head, golden.from)
    const expected = [0.32383008655743717, -0.15472720477071866, -0.15472720477071863, 0.5460576997136899]
    for (const form of [forms.fisherRao, forms.hessian, forms.score])
      form.entries.forEach((entry, index) => expect(Math.abs(entry - expected[index]!)).toBeLessThan(1e-15))
  })

  test('they are one matrix', () => {
    fc.assert(
      fc.property(headCases, ({ head, from }) => {
        expect(pullbackFormsResidual(pullbackForms(head, from))).toBeLessThan(1e-13)
      }),
    )
  })

  test('anchors: w^2 p (1 - p) for two tokens; 1/V, V - 1 times, and 0 for unit weights at the uniform law', () => {
    const { fisherRao } = pullbackForms(
      { headWeights: Float64Array.of(3, 0), headBias: Float64Array.of(0, 1) },
      Float64Array.of(0.2),
    )
    const [p] = headDistribution(
      { headWeights: Float64Array.of(3, 0), headBias: Float64Array.of(0, 1) },
      Float64Array.of(0.2),
    )
    expect(fisherRao.entries[0]).toBeCloseTo(9 * p! * (1 - p!), 14)
    const unit = Float64Array.from({ length: 36 }, (_, index) => (index % 7 === 0 ? 1 : 0))
    const { values, trace, rest } = leadingPullback(unit, new Float64Array(6).fill(1 / 6), 6)
    values.forEach((value, index) => expect(value).toBeCloseTo(index < 5 ? 1 / 6 : 0, 15))
    expect(trace).toBeCloseTo(5 / 6, 15)
    expect(rest).toBeLessThan(1e-15)
  })
})

describe('headKernel', () => {
  test('its directions change no prediction, it is orthonormal, and with the rank it fills the space', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 8 }), seeds, (rank, symbols, seed) => {
        const dimension = 5
        const product = matrixProduct(normalMatrix(symbols, rank, seed), normalMatrix(rank, dimension, seed + 1))
        const offset = normalMatrix(1, dimension, seed + 2).entries
        const headWeights = product.entries.map((entry, index) => entry + 3 * offset[index % dimension]!)
        const kernel = headKernel(headWeights, symbols)
        expect(kernel.columns + headRank(headWeights, symbols)).toBe(dimension)
        expect(headRank(headWeights, symbols)).toBe(Math.min(rank, symbols - 1))
        expect(orthonormalityError(kernel)).toBeLessThan(1e-13)
        const head = { headWeights, headBias: normalMatrix(1, symbols, seed + 3).entries }
        const hidden = normalMatrix(1, dimension, seed + 4).entries
        const p = headDistribution(head, hidden)
        const metric = pullbackMetric(headWeights, p)
        const image = matrixProduct(metric, kernel)
        expect(image.entries.every((entry) => Math.abs(entry) < 1e-11)).toBe(true)
        for (let j = 0; j < kernel.columns; j++) {
          const moved = hidden.map((entry, i) => entry + 10 * kernel.entries[i * kernel.columns + j]!)
          headDistribution(head, moved).forEach((x, w) => expect(Math.abs(x - p[w]!)).toBeLessThan(1e-12))
        }
      }),
    )
  })
})

describe('without the matrix', () => {
  test('products and trace are those of the dense metric', () => {
    fc.assert(
      fc.property(headCases, seeds, ({ head, from, dimension }, seed) => {
        const p = headDistribution(head, from)
        const metric = pullbackMetric(head.headWeights, p)
        const v = normalMatrix(dimension, 1, seed)
        const expected = matrixProduct(metric, v).entries
        pullbackOperator(
          head.headWeights,
          p,
        )(v.entries).forEach((entry, i) => expect(Math.abs(entry - expected[i]!)).toBeLessThan(1e-12))
        expect(Math.abs(pullbackTrace(head.headWeights, p) - traceOf(metric))).toBeLessThan(1e-12)
      }),
    )
    expect(() => pullbackOperator(new Float64Array(6), Float64Array.of(0.5, 0.5))(new Float64Array(2))).toThrow(
      '2 numbers',
    )
  })

  test('leading eigenpairs: those of the dense metric, and the rest bounds what was not found', () => {
    fc.assert(
      fc.property(headCases, fc.nat(), ({ head, from, dimension }, wanted) => {
        const p = headDistribution(head, from)
        const count = 1 + (wanted % dimension)
        const dense = pullbackSpectrum(head.headWeights, p)
        const { values, residuals, rest, converged } = leadingPullback(head.headWeights, p, count)
        expect(converged).toBe(true)
        values.forEach((value, j) => {
          expect(Math.abs(value - dense.values[j]!)).toBeLessThan(1e-12)
          expect(residuals[j]!).toBeLessThan(1e-10 * Math.max(1, values[0]!))
        })
        if (count < dimension) expect(dense.values[count]).toBeLessThanOrEqual(rest + 1e-12)
        else expect(rest).toBeLessThan(1e-12)
      }),
    )
  })

  test('50,000 tokens in 96 dimensions: against the dense solver, with no more than a few vectors in memory', () => {
    const [symbols, dimension] = [50_000, 96]
    const headWeights = normalMatrix(symbols, dimension, 3).entries.map((x, k) => x / (1 + (k % dimension) / 8))
    const head = { headWeights, headBias: normalMatrix(1, symbols, 4).entries }
    const p = headDistribution(head, normalMatrix(1, dimension, 5).entries)
    const { values, residuals, steps, converged, trace, rest } = leadingPullback(headWeights, p, 5, { seed: 1 })
    const dense = pullbackSpectrum(headWeights, p)
    expect(converged).toBe(true)
    expect(steps).toBeLessThan(60)
    values.forEach((value, j) => {
      expect(Math.abs(value / dense.values[j]! - 1)).toBeLessThan(1e-12)
      expect(residuals[j]!).toBeLessThan(1e-10 * values[0]!)
    })
    const sumOfAll = dense.values.reduce((total, value) => total + value, 0)
    expect(Math.abs(trace / sumOfAll - 1)).toBeLessThan(1e-12)
    expect(dense.values[5]!).toBeLessThan(rest)
  })
})

describe('truncation to some tokens', () => {
  const cases = fc.tuple(headCases, fc.nat()).map(([{ head, from, symbols, dimension }, wanted]) => {
    const p = headDistribution(head, from)
    const tokens = topTokens(p, 1 + (wanted % symbols))
    const cut = truncateHead(
      head.headWeights,
      symbols,
      tokens,
      Array.from(tokens, (w) => p[w]!),
    )
    return { head, p, dimension, cut }
  })

  test('(1 - r) g_T <= g* <= (1 - r) g_T + r E_tail[(W - m)(W - m)^T], and what the upper side is too large by', () => {
    fc.assert(
      fc.property(cases, ({ head, p, dimension, cut }) => {
        const metric = pullbackMetric(head.headWeights, p)
        const lower = scaled(pullbackMetric(cut.rows, cut.law), 1 - cut.remainder)
        const tail = tailMetric(head.headWeights, p, cut)
        expect(smallest(difference(metric, lower))).toBeGreaterThanOrEqual(-1e-12)
        const above = difference(sum(lower, tail), metric)
        expect(smallest(above)).toBeGreaterThanOrEqual(-1e-12)
        // Identity: r^2 a a^T, where r a = sum over the tail of p (W - m_T).
        const shift = new Float64Array(dimension)
        const kept = new Set(cut.tokens)
        p.forEach((x, w) => {
          if (!kept.has(w))
            shift.forEach((_, i) => (shift[i]! += x * (head.headWeights[w * dimension + i]! - cut.mean[i]!)))
        })
        above.entries.forEach((entry, index) =>
          expect(Math.abs(entry - shift[Math.floor(index / dimension)]! * shift[index % dimension]!)).toBeLessThan(
            1e-12,
          ),
        )
        expect(traceOf(tail)).toBeLessThanOrEqual(cut.traceGapBound + 1e-12)
      }),
    )
  })

  test('eigenvalues stay in their brackets', () => {
    fc.assert(
      fc.property(cases, ({ head, p, cut }) => {
        const { lower, upper } = truncatedSpectrum(cut)
        pullbackSpectrum(head.headWeights, p).values.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(lower[i]! - 1e-12)
          expect(value).toBeLessThanOrEqual(upper[i]! + 1e-12)
        })
      }),
    )
  })

  test('all tokens kept: nothing is left; one token left out: the bound on the trace of the tail is attained', () => {
    const { head, from } = golden
    const p = headDistribution(head, from)
    const all = truncateHead(
      head.headWeights,
      4,
      topTokens(p, 4),
      Array.from(topTokens(p, 4), (w) => p[w]!),
    )
    expect(all.remainder).toBe(0)
    expect(all.traceGapBound).toBe(0)
    expect(truncatedSpectrum(all).lower[0]).toBeCloseTo(0.6254348008147521, 13)
    const tokens = topTokens(p, 3)
    expect(Array.from(tokens)).toEqual([3, 0, 1])
    const cut = truncateHead(
      head.headWeights,
      4,
      tokens,
      Array.from(tokens, (w) => p[w]!),
    )
    expect(cut.remainder).toBeCloseTo(0.09284943023163993, 14)
    expect(traceOf(tailMetric(head.headWeights, p, cut))).toBeCloseTo(cut.traceGapBound, 14)
  })

  test('a peaked law of 5,000 tokens: 40 of them bracket the largest eigenvalue within 0.6 in 100', () => {
    const [symbols, dimension] = [5000, 16]
    const head = {
      headWeights: normalMatrix(symbols, dimension, 1).entries,
      headBias: Float64Array.from({ length: symbols }, (_, w) => -3 * Math.log1p(w)),
    }
    const p = headDistribution(head, new Float64Array(dimension))
    const tokens = topTokens(p, 40)
    const cut = truncateHead(
      head.headWeights,
      symbols,
      tokens,
      Array.from(tokens, (w) => p[w]!),
    )
    expect(cut.remainder).toBeLessThan(3e-4)
    const { lower, upper } = truncatedSpectrum(cut)
    const [exact] = pullbackSpectrum(head.headWeights, p).values
    expect(lower[0]).toBeLessThanOrEqual(exact!)
    expect(upper[0]).toBeGreaterThanOrEqual(exact!)
    expect(upper[0]! / lower[0]! - 1).toBeLessThan(0.006)
  })

  test('what does not make sense throws', () => {
    const rows = Float64Array.of(1, 2, 3)
    expect(() => truncateHead(rows, 3, [0, 0], [0.1, 0.1])).toThrow('different numbers')
    expect(() => truncateHead(rows, 3, [3], [0.1])).toThrow('from 0 to 2')
    expect(() => truncateHead(rows, 3, [0, 1], [0.9, 0.9])).toThrow('sum to 1.8')
    expect(() => truncateHead(rows, 3, [0, 1], [0.9])).toThrow('2 tokens and 1 prob')
  })
})

describe('enclosingBall', () => {
  test('every row is inside; the radius and the diameter are between their bounds; trace g* <= R^2 at every law', () => {
    fc.assert(
      fc.property(headCases, ({ head, from, symbols, dimension }) => {
        const { headWeights } = head
        const { centre, radius, lowerRadius, lowerDiameter, law } = enclosingBall(headWeights, symbols)
        for (let w = 0; w < symbols; w++) {
          const distance = Math.hypot(...centre.map((entry, i) => entry - headWeights[w * dimension + i]!))
          expect(distance).toBeLessThanOrEqual(radius * (1 + 1e-12))
        }
        expect(lowerRadius).toBeLessThanOrEqual(radius * (1 + 1e-12))
        expect(radius).toBeLessThanOrEqual(lowerRadius * Math.sqrt(1 / (1 - 1e-3)) + 1e-12)
        const diameter = headDiameter(headWeights, symbols)
        expect(lowerDiameter).toBeLessThanOrEqual(diameter * (1 + 1e-12))
        expect(diameter).toBeLessThanOrEqual(2 * radius * (1 + 1e-12))
        expect(lowerRadius).toBeLessThanOrEqual(lowerDiameter * (1 + 1e-12))
        const p = headDistribution(head, from)
        const largestNorm = Math.max(
          ...Array.from({ length: symbols }, (_, w) =>
            Math.hypot(...headWeights.subarray(w * dimension, (w + 1) * dimension)),
          ),
        )
        expect(pullbackTrace(headWeights, p)).toBeLessThanOrEqual(radius ** 2 + 1e-12)
        expect(lowerRadius).toBeLessThanOrEqual(largestNorm * (1 + 1e-12))
        // Sharp: the law that comes with the ball has nearly this trace.
        expect(pullbackTrace(headWeights, law)).toBeGreaterThanOrEqual((1 - 1e-3) * radius ** 2 - 1e-12)
      }),
    )
  })

  test('the ball of a regular simplex, whose diameter gives a bound half as large for the largest eigenvalue', () => {
    const unit = Float64Array.from({ length: 36 }, (_, index) => (index % 7 === 0 ? 1 : 0))
    const { radius, lowerRadius } = enclosingBall(unit, 6, { tolerance: 1e-8 })
    expect(radius ** 2).toBeCloseTo(5 / 6, 6)
    expect(lowerRadius ** 2).toBeCloseTo(5 / 6, 6)
    expect(headDiameter(unit, 6) ** 2 / 4).toBeCloseTo(1 / 2, 14)
    expect(bohningTraceBound(unit, 6)).toBeCloseTo(5 / 2, 14)
  })
})
