/** The laws of a divergence enrichment of FinStoch, P1 to P7, for each divergence. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { enrichedEntropy, enrichedInformation } from '../../../src/category/divergence-enrichment.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { additiveEnrichment, additivitySides } from '../../../src/information/additive-enrichment.js'
import {
  chiSquared,
  divergence,
  fDivergence,
  jensenShannon,
  jensenShannonDistance,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  tsallis,
} from '../../../src/information/divergence.js'
import { exampleDivergences, finStochEnrichment } from '../../../src/information/fin-stoch-enrichment.js'
import { expectAtMost, functionsOn, kernelsOn, sets } from './support.js'

const { seq, par } = FinStoch
const named = exampleDivergences.map((d) => [showDivergence(d), d] as const)
const additive = named.filter(([, d]) => additiveEnrichment(d).kind === 'additive')

const pairOn = (a: FiniteObject, b: FiniteObject) => fc.tuple(kernelsOn(a, b), kernelsOn(a, b))
const smallSets: fc.Arbitrary<FiniteObject> = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 1 })

describe.each(named)('%s', (_, d) => {
  const { divergence: between } = finStochEnrichment(d)
  const entropy = enrichedEntropy(FinStoch, finStochEnrichment(d))
  const information = enrichedInformation(FinStoch, finStochEnrichment(d))

  test('P1, P2: zero on equal kernels, never negative, positive on different ones unless of order 0', () => {
    fc.assert(
      fc.property(
        fc.tuple(sets, sets).chain(([a, b]) => pairOn(a, b)),
        ([f, g]) => {
          // Rounding in a sum of at most nine probabilities.
          expect(between(f, f)).toBeLessThanOrEqual(2e-15)
          expect(between(f, g)).toBeGreaterThanOrEqual(0)
          const blind = (d.kind === 'renyi' || d.kind === 'tsallis') && d.order === 0
          if (!blind && !FinStoch.equals(f, g)) expect(between(f, g)).toBeGreaterThan(0)
        },
      ),
    )
  })

  test('P3: processing the outputs, or the inputs, does not raise it', () => {
    const cases = fc
      .tuple(smallSets, sets, sets, smallSets)
      .chain(([z, a, b, c]) => fc.tuple(kernelsOn(z, a), pairOn(a, b), kernelsOn(b, c)))
    fc.assert(
      fc.property(cases, ([before, [f, g], after]) => {
        expectAtMost(d, between(seq(f, after), seq(g, after)), between(f, g))
        expectAtMost(d, between(seq(before, f), seq(before, g)), between(f, g))
      }),
      { numRuns: 200 },
    )
  })

  test('P6: the entropy of what is deterministic is zero, and deterministic processing does not raise entropy', () => {
    const cases = fc
      .tuple(smallSets, sets, smallSets)
      .chain(([a, x, y]) => fc.tuple(kernelsOn(a, x), functionsOn(x, y), functionsOn(a, x)))
    fc.assert(
      fc.property(cases, ([f, u, deterministic]) => {
        expect(entropy(deterministic)).toBe(0)
        expectAtMost(d, entropy(seq(f, u)), entropy(f))
      }),
    )
  })

  test('P6, existential: stochastic processing may raise entropy, as tossing a coin does', () => {
    const point: StochasticMatrix = { domain: [], codomain: [2], entries: Float64Array.of(1, 0) }
    const toss: StochasticMatrix = { domain: [2], codomain: [2], entries: Float64Array.of(0.5, 0.5, 0.5, 0.5) }
    expect(entropy(point)).toBe(0)
    expect(entropy(seq(point, toss))).toBeGreaterThan(0.2)
  })

  test('P7: local processing does not raise mutual information', () => {
    const cases = fc
      .tuple(smallSets, smallSets, smallSets, smallSets, smallSets)
      .chain(([a, x, y, x2, y2]) => fc.tuple(kernelsOn(a, [...x, ...y]), kernelsOn(x, x2), kernelsOn(y, y2)))
    fc.assert(
      fc.property(cases, ([f, u, v]) => {
        const processed = information(seq(f, par(u, v)), u.codomain, v.codomain)
        expectAtMost(d, processed, information(f, u.domain, v.domain))
      }),
      { numRuns: 200 },
    )
  })
})

describe.each(additive)('%s is an additive enrichment', (_, d) => {
  const { divergence: between, additive: flag } = finStochEnrichment(d)

  test('P4: D(f ; h || g ; k) <= D(f || g) + D(h || k)', () => {
    const cases = fc.tuple(smallSets, sets, sets).chain(([a, b, c]) => fc.tuple(pairOn(a, b), pairOn(b, c)))
    fc.assert(
      fc.property(cases, ([[f, g], [h, k]]) =>
        expectAtMost(d, between(seq(f, h), seq(g, k)), between(f, g) + between(h, k)),
      ),
      { numRuns: 300 },
    )
    expect(flag).toBe(true)
  })

  test('P4 where h and k keep their input: the joint laws', () => {
    const { copy, id } = FinStoch
    const keep = (h: StochasticMatrix): StochasticMatrix => seq(copy(h.domain), par(id(h.domain), h))
    const cases = fc.tuple(smallSets, smallSets).chain(([b, c]) => fc.tuple(pairOn([], b), pairOn(b, c)))
    fc.assert(
      fc.property(cases, ([[f, g], [h, k]]) =>
        expectAtMost(d, between(seq(f, keep(h)), seq(g, keep(k))), between(f, g) + between(h, k)),
      ),
      { numRuns: 300 },
    )
  })

  test('P5: D(f ⊗ h || g ⊗ k) <= D(f || g) + D(h || k)', () => {
    const cases = fc
      .tuple(smallSets, smallSets, smallSets, smallSets)
      .chain(([a, b, c, e]) => fc.tuple(pairOn(a, b), pairOn(c, e)))
    fc.assert(
      fc.property(cases, ([[f, g], [h, k]]) =>
        expectAtMost(d, between(par(f, h), par(g, k)), between(f, g) + between(h, k)),
      ),
      { numRuns: 300 },
    )
  })
})

describe('additiveEnrichment', () => {
  test('which are, and which are not', () => {
    expect(named.map(([name, d]) => [name, additiveEnrichment(d).kind])).toEqual([
      ['kullback-leibler', 'additive'],
      ['reverse-kullback-leibler', 'additive'],
      ['total-variation', 'additive'],
      ['squared-hellinger', 'additive'],
      ['hellinger-distance', 'additive'],
      ['jensen-shannon', 'refuted'],
      ['jensen-shannon-distance', 'additive'],
      ['chi-squared', 'refuted'],
      ...[0, 0.5, 1, 2, 3, Infinity].map((order) => [`renyi of order ${order}`, 'additive']),
      ...[0, 0.5, 1].map((order) => [`tsallis of order ${order}`, 'additive']),
      ...[1.5, 2].map((order) => [`tsallis of order ${order}`, 'refuted']),
    ])
    const own = fDivergence('own', (t) => Math.abs(t - 1), { atZero: 1, slopeAtInfinity: 1 })
    expect(additiveEnrichment(own).kind).toBe('unknown')
    expect(finStochEnrichment(own).additive).toBe(false)
  })

  const refuted = [chiSquared, jensenShannon, ...[1.001, 1.5, 2, 3, 100, 5000].map(tsallis)]
  test.each(refuted.map((d) => [showDivergence(d), d] as const))('%s: the stored counterexample is one', (_, d) => {
    const verdict = additiveEnrichment(d)
    if (verdict.kind !== 'refuted') throw new Error('expected a counterexample')
    const { f, g, h, k } = verdict.counterexample
    for (const kernel of [f, g, h, k]) expect(FinStoch.validate(kernel)).toMatchObject({ _tag: 'Right' })
    const { together, apart } = additivitySides(d, verdict.counterexample)
    expect(together).toBeLessThan(Infinity)
    expect(together / apart).toBeGreaterThan(1 + 3e-4)
  })

  test('the numbers of the counterexamples', () => {
    const sides = (d: typeof chiSquared | typeof jensenShannon) => {
      const verdict = additiveEnrichment(d)
      if (verdict.kind !== 'refuted') throw new Error('expected a counterexample')
      return additivitySides(d, verdict.counterexample)
    }
    expect(sides(chiSquared)).toEqual({ together: 3, apart: 2 })
    // In bits: I((3/5, 2/5) : (2/5, 3/5)) = 1 - h(2/5); the Z channel with flips of 1/2 carries log 5/4 at odds 3 : 2, its most,
    // and h(1/4) - 1/2 at even odds.
    const binary = (t: number): number => -t * Math.log(t) - (1 - t) * Math.log(1 - t)
    const first = Math.LN2 - binary(0.4)
    const { together, apart } = sides(jensenShannon)
    expect(together).toBeCloseTo(first + Math.log(5 / 4), 14)
    expect(apart).toBeCloseTo(first + binary(0.25) - Math.LN2 / 2, 14)
    expect(together - apart).toBeGreaterThan(0.007)
  })

  test('the remedies: log(1 + chi-squared) is Renyi of order 2, and the Jensen-Shannon distance passes its counterexample', () => {
    fc.assert(
      fc.property(pairOn([], [4]), ([f, g]) => {
        const [chi, two] = [divergence(chiSquared, f.entries, g.entries), divergence(renyi(2), f.entries, g.entries)]
        if (chi === Infinity) expect(two).toBe(Infinity)
        else expect(two).toBeCloseTo(Math.log1p(chi), 10)
      }),
    )
    const verdict = additiveEnrichment(jensenShannon)
    if (verdict.kind !== 'refuted') throw new Error('expected a counterexample')
    const { together, apart } = additivitySides(jensenShannonDistance, verdict.counterexample)
    expect(together).toBeLessThan(apart)
  })

  test('Jensen-Shannon satisfies the half of it that is about products', () => {
    const { divergence: between } = finStochEnrichment(jensenShannon)
    fc.assert(
      fc.property(fc.tuple(pairOn([2], [3]), pairOn([2], [2])), ([[f, g], [h, k]]) =>
        expectAtMost(jensenShannon, between(par(f, h), par(g, k)), between(f, g) + between(h, k)),
      ),
    )
  })

  test('reverse Kullback-Leibler separates what it cannot compare', () => {
    const [p, q] = [
      { domain: [], codomain: [2], entries: Float64Array.of(1, 0) },
      { domain: [], codomain: [2], entries: Float64Array.of(0.5, 0.5) },
    ]
    expect(finStochEnrichment(reverseKullbackLeibler).divergence(p, q)).toBe(Infinity)
    expect(finStochEnrichment(reverseKullbackLeibler).divergence(q, p)).toBeCloseTo(Math.LN2, 15)
  })
})
