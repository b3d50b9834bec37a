/** Rejection and importance sampling, against posteriors computed by arithmetic. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, copy, type Diagram, finite, id, par, real, seq, type Wires } from '../../../../dsl/index.js'
import { diagrams } from '../../../../laws/index.js'
import { FinStoch } from '../../../../src/category/fin-stoch.js'
import { Sampler } from '../../../../src/category/sampler.js'
import { convergence, empiricalLaw } from '../../../../src/category/sampler/empirical-law.js'
import { importanceSample, type ImportanceSamples } from '../../../../src/category/sampler/importance.js'
import type { SamplerMeaning } from '../../../../src/category/sampler/meaning.js'
import { rejectionSample } from '../../../../src/category/sampler/rejection.js'
import { interpret } from '../../../../src/interpret.js'
import { genericMeanings } from '../../../support/generic-meaning.js'
import { valueOf } from '../../../support/value-of.js'

const Coin = finite('Coin', ['heads', 'tails'])
const Die = finite('Die', 3)
const Line = real('Line', 1)
const Plane = real('Plane', 2)

const read = (meaning: SamplerMeaning, domain: Wires, codomain: Wires) =>
  valueOf(Sampler.read(meaning, domain, codomain, 'box'))

/** An estimate of a probability or of a mean from weighted draws, with its standard error. */
const weightedMean = ({ weights }: ImportanceSamples, value: (draw: number) => number) => {
  let mean = 0
  weights.forEach((weight, draw) => (mean += weight * value(draw)))
  let square = 0
  weights.forEach((weight, draw) => (square += (weight * (value(draw) - mean)) ** 2))
  return { mean, standardError: Math.sqrt(square) }
}

describe('posteriors of random finite diagrams', () => {
  const A = finite('A', 2)
  const B = finite('B', 3)
  const signature = [
    box('a', [], [A]),
    box('f', [A], [B]),
    box('g', [B], [A, A]),
    box('h', [A, B], [B]),
    box('d', [B, A], [A], { deterministic: true }),
  ]
  const count = 40_000
  const cases = fc.sample(fc.tuple(diagrams(signature, [], [B, A, A]), fc.nat(2), fc.nat(1)), { seed: 4, numRuns: 20 })

  test.each(cases.map((drawn, k) => [k, ...drawn] as const))('diagram %d', (k, diagram: Diagram, b, a) => {
    const meanings = genericMeanings(signature, [A, B], k)
    const joint = valueOf(interpret(FinStoch, meanings)(diagram)).entries
    const sampler = valueOf(interpret(Sampler, meanings)(diagram))
    const evidence = [
      { output: 0, observed: b },
      { output: 1, observed: a },
    ]
    const restricted = joint.map((p, element) =>
      Math.floor(element / 4) === b && Math.floor(element / 2) % 2 === a ? p : 0,
    )
    const mass = restricted.reduce((sum, p) => sum + p, 0)
    const posterior = restricted.map((p) => p / mass)
    const rejected = rejectionSample(sampler, [], evidence, { seed: k, count })
    const weighted = importanceSample(sampler, [], evidence, { seed: k, count })
    if (mass === 0) {
      for (const result of [rejected, weighted]) expect(result).toMatchObject({ left: { kind: 'impossible-evidence' } })
      return
    }

    // At most 1e-9 for a false alarm: given their number, the accepted draws are independent draws of the posterior.
    const accepted = valueOf(rejected)
    expect(valueOf(convergence(accepted.samples, posterior, 1e-9)).agrees).toBe(true)
    expect(accepted.samples.count).toBe(Math.round(accepted.evidence.value * count))
    expect(Math.abs(accepted.evidence.value - mass)).toBeLessThanOrEqual(6 * accepted.evidence.standardError + 1e-12)

    const given = valueOf(weighted)
    expect(given.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10)
    // Six standard errors, once in 5e8 each.
    const { value, standardError } = given.logEvidence
    expect(Math.abs(value - Math.log(mass))).toBeLessThanOrEqual(6 * standardError + 1e-12)
    const law = valueOf(empiricalLaw(given.samples, given.weights))
    posterior.forEach((p, element) => {
      const estimate = weightedMean(given, (draw) => {
        const [x, y, z] = given.samples.columns.map((column) => (column.kind === 'finite' ? column.elements[draw]! : 0))
        return Number(4 * x! + 2 * y! + z! === element)
      })
      expect(law[element]).toBeCloseTo(estimate.mean, 10)
      expect(Math.abs(estimate.mean - p)).toBeLessThanOrEqual(6 * estimate.standardError + 1e-12)
    })
    // Setting boxes never tells less than comparing draws does.
    expect(given.effectiveSampleSize).toBeGreaterThanOrEqual(0.9 * accepted.samples.count)
  })
})

describe('a test for a rare disease', () => {
  const diagram = seq(box('ill', [], [Coin]), copy(Coin), par(id(Coin), box('test', [Coin], [Coin])))
  const meanings = {
    ill: [[0.999, 0.001]],
    test: [
      [0.99, 0.01],
      [0.05, 0.95],
    ],
  }
  const sampler = valueOf(interpret(Sampler, meanings)(diagram))
  const positive = [{ output: 1, observed: 'tails' }]
  // 0.001 * 0.95 + 0.999 * 0.01
  const mass = 0.01094

  test('rejection keeps one draw in a hundred', () => {
    const { samples, draws, evidence } = valueOf(rejectionSample(sampler, [], positive, { seed: 1, count: 100_000 }))
    expect(draws).toBe(100_000)
    expect(evidence.kind).toBe('measurement')
    expect(evidence.standardError).toBeCloseTo(Math.sqrt((mass * (1 - mass)) / 100_000), 4)
    expect(Math.abs(evidence.value - mass)).toBeLessThan(6 * evidence.standardError)
    expect(samples.columns.map((column) => (column.kind === 'finite' ? column.elements.length : 0))).toEqual([
      samples.count,
      samples.count,
    ])
  })

  test('importance sampling weighs all of them', () => {
    const given = valueOf(importanceSample(sampler, [], positive, { seed: 1, count: 100_000 }))
    const [ill] = given.samples.columns
    if (ill?.kind !== 'finite') throw new Error('expected a finite column')
    const likelihoods = Array.from(ill.elements, (element) => Math.log(element === 1 ? 0.95 : 0.01))
    expect([...given.logWeights]).toEqual(likelihoods)
    const sick = ill.elements.reduce((sum, element) => sum + element, 0)
    const [sum, squares] = [0.95 * sick + 0.01 * (100_000 - sick), 0.9025 * sick + 0.0001 * (100_000 - sick)]
    expect(given.effectiveSampleSize).toBeCloseTo((sum * sum) / squares, 4)
    expect(given.logEvidence.value).toBeCloseTo(Math.log(sum / 100_000), 10)
    const variance = (squares / 100_000 - (sum / 100_000) ** 2) / 99_999
    expect(given.logEvidence.standardError).toBeCloseTo(Math.sqrt(variance) / (sum / 100_000), 10)
  })
})

describe('Gaussian evidence', () => {
  const observe = (y: number) => [{ output: 1, observed: [y] }]
  const model = Sampler.seq(
    Sampler.seq(read({ covariance: [[1]] }, [], [Line]), Sampler.copy([Line])),
    Sampler.par(Sampler.id([Line]), read({ matrix: [[1]], covariance: [[0.25]] }, [Line], [Line])),
  )
  const logNormal = (x: number, variance: number): number =>
    -(x * x) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2

  test('the posterior of a mean: 0.8 y, variance 0.2, evidence N(y; 0, 1.25)', () => {
    const given = valueOf(importanceSample(model, [], observe(1.2), { seed: 1, count: 200_000 }))
    const [x] = given.samples.columns
    if (x?.kind !== 'real') throw new Error('expected a real column')
    const mean = weightedMean(given, (draw) => x.entries[draw]!)
    expect(Math.abs(mean.mean - 0.96)).toBeLessThan(6 * mean.standardError)
    expect(mean.standardError).toBeLessThan(0.003)
    const square = weightedMean(given, (draw) => (x.entries[draw]! - 0.96) ** 2)
    expect(Math.abs(square.mean - 0.2)).toBeLessThan(6 * square.standardError)
    const { value, standardError } = given.logEvidence
    expect(Math.abs(value - logNormal(1.2, 1.25))).toBeLessThan(6 * standardError)
    expect(standardError).toBeLessThan(0.005)
  })

  test('far out, where likelihoods are no doubles', () => {
    const given = valueOf(importanceSample(model, [], observe(100), { seed: 1, count: 1000 }))
    expect(Math.max(...given.logWeights)).toBeLessThan(-15_000)
    expect(given.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    // One draw has nearly all the weight, and the measurement says so.
    expect(given.effectiveSampleSize).toBeLessThan(2)
  })

  test('a box that is observed in part gives the rest by its conditional', () => {
    const meaning: SamplerMeaning = {
      shift: [1, 0, 2],
      covariance: [
        [2, 1, 0.5],
        [1, 2, 1],
        [0.5, 1, 3],
      ],
    }
    const joint = read(meaning, [], [Line, Plane])
    const count = 100_000
    const given = valueOf(importanceSample(joint, [], [{ output: 0, observed: [2] }], { seed: 1, count }))
    // All draws weigh the same, the density itself.
    expect(given.effectiveSampleSize).toBeCloseTo(count, 4)
    expect(given.logEvidence.value).toBeCloseTo(logNormal(1, 2), 12)
    expect(given.logEvidence.standardError).toBeLessThan(1e-7)
    const [seen, rest] = given.samples.columns
    if (seen?.kind !== 'real' || rest?.kind !== 'real') throw new Error('expected real columns')
    expect(seen.entries.every((entry) => entry === 2)).toBe(true)
    // C21 C11^-1 = (1/2, 1/4); the mean is (0.5, 2.25), the covariance ((1.5, 0.75), (0.75, 2.875)).
    const mean = [0, 1].map((j) => weightedMean(given, (draw) => rest.entries[2 * draw + j]!).mean)
    expect(Math.abs(mean[0]! - 0.5)).toBeLessThan(6 * Math.sqrt(1.5 / count))
    expect(Math.abs(mean[1]! - 2.25)).toBeLessThan(6 * Math.sqrt(2.875 / count))
    const covariance = weightedMean(
      given,
      (draw) => (rest.entries[2 * draw]! - 0.5) * (rest.entries[2 * draw + 1]! - 2.25),
    )
    expect(Math.abs(covariance.mean - 0.75)).toBeLessThan(6 * covariance.standardError)
    expect(covariance.standardError).toBeCloseTo(Math.sqrt((1.5 * 2.875 + 0.75 ** 2) / count), 3)
  })

  test('what is left of a dependent coordinate is not noise', () => {
    const line = read(
      {
        covariance: [
          [0.1, 0.3],
          [0.3, 0.9],
        ],
      },
      [],
      [Line, Line],
    )
    const given = valueOf(importanceSample(line, [], [{ output: 0, observed: [0.7] }], { seed: 1, count: 100 }))
    const rest = given.samples.columns[1]
    if (rest?.kind !== 'real') throw new Error('expected a real column')
    for (const entry of rest.entries) expect(Math.abs(entry - 2.1)).toBeLessThan(1e-14)
  })

  test('is refused where there is no density', () => {
    const singular = read(
      {
        covariance: [
          [1, 1],
          [1, 1],
        ],
      },
      [],
      [Plane],
    )
    expect(importanceSample(singular, [], [{ output: 0, observed: [0, 0] }], { seed: 1, count: 10 })).toMatchObject({
      left: { kind: 'unsupported', where: 'output 0, Plane (R^2)' },
    })
    const affine = Sampler.seq(model, Sampler.par(Sampler.id([Line]), read({ matrix: [[2]] }, [Line], [Line])))
    expect(importanceSample(affine, [], observe(0), { seed: 1, count: 10 })).toMatchObject({
      left: { kind: 'unsupported', what: 'it does not come straight from a Gaussian box that gives it a density' },
    })
    expect(rejectionSample(model, [], observe(0), { seed: 1, count: 10 })).toMatchObject({
      left: { kind: 'unsupported', remedy: 'use importanceSample' },
    })
  })
})

describe('evidence of several kinds', () => {
  test('a finite output behind a function is compared', () => {
    const above: SamplerMeaning = {
      kind: 'function',
      name: 'above',
      deterministic: true,
      sample: ([x]) => [Number((x as readonly number[])[0]! > 1)],
    }
    const tail = Sampler.seq(
      Sampler.seq(read({ covariance: [[1]] }, [], [Line]), Sampler.copy([Line])),
      Sampler.par(Sampler.id([Line]), read(above, [Line], [Coin])),
    )
    const options = { seed: 1, count: 200_000 }
    const given = valueOf(importanceSample(tail, [], [{ output: 1, observed: 1 }], options))
    const accepted = valueOf(rejectionSample(tail, [], [{ output: 1, observed: 1 }], options))
    // P(Z > 1), and E[Z | Z > 1] = phi(1) / P(Z > 1).
    const mass = 0.15865525393145705
    expect(given.effectiveSampleSize).toBeCloseTo(accepted.samples.count, 6)
    expect(Math.exp(given.logEvidence.value)).toBeCloseTo(accepted.evidence.value, 12)
    expect(given.logEvidence.standardError * accepted.evidence.value).toBeCloseTo(accepted.evidence.standardError, 7)
    expect(Math.abs(accepted.evidence.value - mass)).toBeLessThan(6 * accepted.evidence.standardError)
    const [z] = given.samples.columns
    if (z?.kind !== 'real') throw new Error('expected a real column')
    const mean = weightedMean(given, (draw) => z.entries[draw]!)
    expect(Math.abs(mean.mean - 0.24197072451914337 / mass)).toBeLessThan(6 * mean.standardError)
  })

  test('a table is compared, and a joint row is set in part', () => {
    const joint = read([[0.1, 0.2, 0.1, 0.3, 0.2, 0.1]], [], [Coin, Die])
    const copied = Sampler.seq(joint, Sampler.par(Sampler.copy([Coin]), Sampler.id([Die])))
    const negation = read({ kind: 'finite-function', values: [1, 0] }, [Coin], [Coin])
    const f = Sampler.seq(copied, Sampler.par(Sampler.par(Sampler.id([Coin]), negation), Sampler.id([Die])))
    const options = { seed: 1, count: 10_000 }
    const behind = valueOf(importanceSample(f, [], [{ output: 1, observed: 'heads' }], options))
    expect(Math.abs(behind.logEvidence.value - Math.log(0.6))).toBeLessThan(6 * behind.logEvidence.standardError)
    const direct = valueOf(importanceSample(f, [], [{ output: 'Die', observed: 0 }], options))
    expect(direct.logEvidence.value).toBeCloseTo(Math.log(0.4), 12)
    // P(coin | die = 0) = (1/4, 3/4), and the second coin is its negation.
    expect(valueOf(convergence(direct.samples, [0, 0, 0, 0.25, 0, 0, 0.75, 0, 0, 0, 0, 0], 1e-9)).agrees).toBe(true)
    const both = valueOf(
      importanceSample(
        f,
        [],
        [
          { output: 2, observed: 1 },
          { output: 0, observed: 1 },
        ],
        options,
      ),
    )
    expect(both.logEvidence.value).toBeCloseTo(Math.log(0.2), 12)
  })

  test('no evidence: plain draws of equal weight', () => {
    const fair = read([[0.5, 0.5]], [], [Coin])
    const given = valueOf(importanceSample(fair, [], [], { seed: 1, count: 100 }))
    expect(given.logEvidence).toEqual({ kind: 'measurement', value: 0, standardError: 0 })
    expect(given.effectiveSampleSize).toBe(100)
    expect(valueOf(rejectionSample(fair, [], [], { seed: 1, count: 100 })).samples).toEqual(given.samples)
  })
})

describe('impossible evidence', () => {
  const never = read([[1, 0, 0]], [], [Die])
  const rare = read([[1 - 1e-9, 1e-9]], [], [Coin])

  test('is a measurement: no draw agreed', () => {
    const expected = {
      left: {
        kind: 'impossible-evidence',
        what: 'no draw of 1000 agreed with what was observed',
        remedy: 'at 95% confidence its probability is below 0.003; make more draws, or observe something else',
      },
    }
    const options = { seed: 1, count: 1000 }
    expect(rejectionSample(never, [], [{ output: 0, observed: 2 }], options)).toMatchObject(expected)
    expect(importanceSample(never, [], [{ output: 0, observed: 2 }], options)).toMatchObject(expected)
    // It is possible, and rejection cannot tell; setting the box can.
    expect(rejectionSample(rare, [], [{ output: 0, observed: 1 }], options)).toMatchObject(expected)
    const given = valueOf(importanceSample(rare, [], [{ output: 0, observed: 1 }], options))
    expect(given.logEvidence.value).toBeCloseTo(Math.log(1e-9), 6)
  })

  test('one wire with two values', () => {
    const copied = Sampler.seq(rare, Sampler.copy([Coin]))
    const evidence = [
      { output: 0, observed: 0 },
      { output: 1, observed: 1 },
    ]
    expect(importanceSample(copied, [], evidence, { seed: 1, count: 10 })).toMatchObject({
      left: {
        kind: 'impossible-evidence',
        where: 'output 1',
        what: 'it is observed as 1, and it is a copy of an output that is 0',
      },
    })
    const wire = Sampler.id([Line])
    expect(importanceSample(wire, [[1]], [{ output: 0, observed: [2] }], { seed: 1, count: 10 })).toMatchObject({
      left: { kind: 'impossible-evidence', what: 'it is observed as 2, and it is a copy of an input that is 1' },
    })
    const same = valueOf(importanceSample(wire, [[1]], [{ output: 0, observed: [1] }], { seed: 1, count: 10 }))
    expect(same.logEvidence.value).toBe(0)
  })
})

describe('evidence that is none', () => {
  const rare = read([[0.5, 0.5]], [], [Coin])
  test.each<[string, { readonly output: number | string; readonly observed: number | string }, object]>([
    ['no such output', { output: 3, observed: 0 }, { kind: 'out-of-range' }],
    ['no such name', { output: 'Dice', observed: 0 }, { kind: 'unknown-name' }],
    ['no such element', { output: 0, observed: 2 }, { kind: 'invalid-value', where: "output '0'" }],
    ['no such element name', { output: 0, observed: 'edge' }, { kind: 'invalid-value' }],
  ])('%s', (_, evidence, expected) => {
    const options = { seed: 1, count: 10 }
    expect(rejectionSample(rare, [], [evidence], options)).toMatchObject({ left: expected })
    expect(importanceSample(rare, [], [evidence], options)).toMatchObject({ left: expected })
  })
})
