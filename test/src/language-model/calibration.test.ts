import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  calibratedScale,
  entropyCalibration,
  type ScoredRow,
  scoredRows,
} from '../../../src/language-model/calibration.js'
import { valueOf } from '../../support/value-of.js'

const number = (size: number) => fc.double({ min: -size, max: size, noNaN: true })

/** Predictions of one to nine tokens, scored by labels or by laws, under weights of any sum. */
const rows: fc.Arbitrary<readonly ScoredRow[]> = fc.integer({ min: 1, max: 9 }).chain((symbols) => {
  const law = fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1, noNaN: true })), {
      minLength: symbols,
      maxLength: symbols,
    })
    .filter((masses) => masses.some((mass) => mass > 0))
    .map((masses) => {
      const total = masses.reduce((sum, mass) => sum + mass, 0)
      return masses.map((mass) => mass / total)
    })
  return fc.array(
    fc.record({
      logits: fc.array(number(20), { minLength: symbols, maxLength: symbols }),
      next: fc.oneof(fc.nat(symbols - 1), law),
      weight: fc.double({ min: 0.01, max: 5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  )
})

const scaled = (given: readonly ScoredRow[], t: number): readonly ScoredRow[] =>
  given.map((row) => ({ ...row, logits: Array.from(row.logits, (z) => t * z) }))

describe('entropyCalibration', () => {
  test('NLL - Hbar = E <q - P, z>, for any logits, labels or laws, and weights', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const { nll, entropy, gap, slope, residual, curvature } = valueOf(entropyCalibration(given))
        expect(Math.abs(residual)).toBeLessThan(1e-12)
        expect(gap).toBe(nll - entropy)
        expect(gap - slope).toBe(residual)
        expect(curvature).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })

  test('the slope is the derivative of NLL(t z) at t = 1, the curvature the second', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const step = 1e-4
        const at = (t: number): number => valueOf(entropyCalibration(scaled(given, t))).nll
        const { slope, curvature, nll } = valueOf(entropyCalibration(given))
        const [before, here, after] = [at(1 - step), at(1), at(1 + step)]
        expect(here).toBe(nll)
        // The error of a central difference: the third derivative of a log sum exp of logits up to 40 apart, times step^2 / 6.
        expect(Math.abs((after - before) / (2 * step) - slope)).toBeLessThan(2e-4)
        expect(Math.abs((after - 2 * here + before) / step ** 2 - curvature)).toBeLessThan(5e-2)
        // With a scale the slope is t d/dt.
        const tempered = valueOf(entropyCalibration(given, 0.7))
        expect(tempered.nll).toBeCloseTo(at(0.7), 12)
        expect(Math.abs(tempered.residual)).toBeLessThan(1e-12)
      }),
    )
  })

  test('golden: three contexts, three tokens', () => {
    const logits = Float64Array.of(1, 0, -0.5, -0.5, 0.8, 0.2, 0, 0, 0.6)
    const laws = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.25, 0.25, 0.5)
    const found = valueOf(entropyCalibration(scoredRows(logits, { kind: 'laws', laws }, [0.5, 0.3, 0.2])))
    expect(found.nll).toBeCloseTo(0.888217690781141, 14)
    expect(found.entropy).toBeCloseTo(0.9563999560271588, 14)
    expect(found.gap).toBeCloseTo(-0.06818226524601778, 14)
    expect(found.slope).toBeCloseTo(-0.06818226524601778, 14)
    expect(found).toMatchObject({ rows: 3, weight: 1 })
  })

  test('the law as soft targets and as a thousand labels', () => {
    const z = [0.3, -1, 2]
    const labels = [...Array<number>(500).fill(0), ...Array<number>(200).fill(1), ...Array<number>(300).fill(2)]
    const hard = valueOf(
      entropyCalibration(scoredRows(Float64Array.from(labels.flatMap(() => z)), { kind: 'labels', labels })),
    )
    const soft = valueOf(entropyCalibration([{ logits: z, next: [0.5, 0.2, 0.3] }]))
    for (const name of ['nll', 'entropy', 'gap', 'slope', 'curvature'] as const)
      expect(hard[name]).toBeCloseTo(soft[name], 13)
  })

  test('the sign: overconfident above, underconfident below, calibrated at the law itself', () => {
    const law = [0.5, 0.3, 0.2]
    const at = (t: number): number =>
      valueOf(entropyCalibration([{ logits: law.map((p) => t * Math.log(p)), next: law }])).gap
    expect(at(1)).toBeCloseTo(0, 15)
    expect(at(1.5)).toBeGreaterThan(0.05)
    expect(at(0.5)).toBeCloseTo(-0.034317880952180024, 14)
  })

  test('a large vocabulary, confident logits and float32', () => {
    const logits = Float32Array.from({ length: 200_000 }, (_, w) => 30 * Math.sin(w * w))
    const found = valueOf(entropyCalibration(scoredRows(logits, { kind: 'labels', labels: [7, 12345] })))
    expect(found.rows).toBe(2)
    expect(Math.abs(found.residual)).toBeLessThan(1e-11)
    // The one token that occurs, sixty nats ahead: the NLL is e^-60 and not zero.
    const sure = valueOf(entropyCalibration([{ logits: [0, -60], next: 0 }]))
    expect(sure.nll / Math.exp(-60)).toBeCloseTo(1, 12)
    expect(sure.entropy / (61 * Math.exp(-60))).toBeCloseTo(1, 12)
    expect(sure.slope / (-60 * Math.exp(-60))).toBeCloseTo(1, 12)
  })

  test('a law that float16 has rounded counts as divided by its sum', () => {
    const logits = [0.3, -1, 2]
    const rounded = valueOf(entropyCalibration([{ logits, next: [0.5004, 0.2, 0.3] }]))
    const whole = valueOf(entropyCalibration([{ logits, next: [0.5004, 0.2, 0.3].map((p) => p / 1.0004) }]))
    expect(rounded.nll).toBeCloseTo(whole.nll, 14)
    expect(Math.abs(rounded.residual)).toBeLessThan(1e-14)
  })

  test('masked tokens count as nothing', () => {
    const masked = valueOf(entropyCalibration([{ logits: [1, -Infinity, 0], next: [0.25, 0, 0.75] }]))
    const without = valueOf(entropyCalibration([{ logits: [1, 0], next: [0.25, 0.75] }]))
    expect(masked).toEqual(without)
  })

  test('refuses what is no prediction', () => {
    const what = (row: ScoredRow): string => {
      const result = entropyCalibration([{ logits: [0, 1], next: 0 }, row])
      if (!isLeft(result)) throw new Error('expected a problem')
      expect(result.left.where).toBe('calibration, row 1')
      return result.left.what
    }
    expect(what({ logits: [0, NaN], next: 0 })).toBe('the logit of token 1 is NaN')
    expect(what({ logits: [0, Infinity], next: 0 })).toBe('the logit of token 1 is Infinity')
    expect(what({ logits: [0, 1], next: 2 })).toBe('2 is no token')
    expect(what({ logits: [0, 1], next: 0.5 })).toBe('0.5 is no token')
    expect(what({ logits: [0, -Infinity], next: 1 })).toContain('has a logit of -Infinity')
    expect(what({ logits: [0, -Infinity], next: [0.5, 0.5] })).toContain('has a logit of -Infinity')
    expect(what({ logits: [0, 1], next: [0.5, 0.4] })).toContain('sums to 0.9')
    expect(what({ logits: [0, 1], next: [1.5, -0.5] })).toBe('the probability of token 1 is -0.5')
    expect(what({ logits: [0, 1], next: [1] })).toBe('1 probabilities meet 2 logits')
    expect(what({ logits: [0, 1], next: 0, weight: -1 })).toBe('its weight is -1')
    expect(entropyCalibration([])).toMatchObject({ left: { kind: 'empty-input' } })
    expect(entropyCalibration([{ logits: [0], next: 0, weight: 0 }])).toMatchObject({ left: { kind: 'empty-input' } })
    expect(() => Array.from(scoredRows(new Float64Array(5), { kind: 'labels', labels: [0, 1] }))).toThrow('5 logits')
  })
})

describe('calibratedScale', () => {
  test('there NLL is Hbar, no other scale has a lower NLL, and the scale undoes a temperature', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0.2, max: 5, noNaN: true }), (given, t) => {
        const found = calibratedScale(given)
        fc.pre(found._tag === 'Right' && found.right.scale > 1e-3 && found.right.scale < 1e3)
        const { scale, calibration, gain } = valueOf(found)
        expect(Math.abs(calibration.gap)).toBeLessThan(1e-11)
        const nll = (s: number): number => valueOf(entropyCalibration(given, s)).nll
        for (const other of [0.5, 0.99, 1.01, 2])
          expect(nll(other * scale)).toBeGreaterThanOrEqual(calibration.nll - 1e-12)
        expect(gain).toBeCloseTo(Math.max(0, nll(1) - calibration.nll), 12)
        if (calibration.curvature > 1e-6) {
          const again = valueOf(calibratedScale(scaled(given, t))).scale
          expect(Math.abs((again * t) / scale - 1)).toBeLessThan(1e-6)
        }
      }),
    )
  })

  test('a known one: labels 3 to 1 at odds of 9 to 1', () => {
    const given = [1, 1, 1, 0].map((next) => ({ logits: [0, 2 * Math.log(3)], next }))
    expect(valueOf(calibratedScale(given)).scale).toBeCloseTo(0.5, 13)
    const far = given.map(({ next }) => ({ logits: [0, 2000 * Math.log(3)], next }))
    expect(valueOf(calibratedScale(far)).scale).toBeCloseTo(0.0005, 13)
  })

  test('there is none for logits that say nothing, that mislead, or that are always right', () => {
    for (const given of [
      [{ logits: [1, 1], next: 0 }],
      [{ logits: [0, 1], next: [0.6, 0.4] }],
      [{ logits: [0, 1], next: 1 }],
      [{ logits: [0, 1, 1], next: [0, 0.3, 0.7] }],
    ])
      expect(calibratedScale(given)).toMatchObject({ left: { kind: 'out-of-range' } })
  })
})
