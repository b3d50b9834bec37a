/** Evidence in FinStoch: single observations, and many, against numbers worked out by hand and in whole numbers of any size. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { finStochArbitraries } from '../../../laws/index.js'
import { type Likelihood, observe, posterior } from '../../../src/category/evidence.js'
import { FinStoch, type Rows, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { valueOf } from '../../support/value-of.js'

const matrix = (domain: FiniteObject, codomain: FiniteObject, rows: Rows): StochasticMatrix =>
  valueOf(FinStoch.read(rows, domain, codomain, 'matrix'))
const entriesOf = ({ entries }: StochasticMatrix): readonly number[] => Array.from(entries)

describe('one observation', () => {
  const f = matrix(
    [2],
    [2, 2],
    [
      [0.125, 0.375, 0.5, 0],
      [0, 0, 0.25, 0.75],
    ],
  )

  test('of a joint distribution, at an input', () => {
    const given = valueOf(observe(f, { object: [2], observed: 0, input: 0 }))
    expect(entriesOf(given.distribution)).toEqual([0.25, 0.75])
    expect([given.distribution.domain, given.distribution.codomain]).toEqual([[], [2]])
    expect(given.logEvidence).toBe(Math.log(0.5))
    expect(entriesOf(valueOf(observe(f, { object: [2], observed: 1, input: 1 })).distribution)).toEqual([0.25, 0.75])
    // Of both factors, as a tuple: nothing is left, with probability one.
    const both = valueOf(observe(f, { object: [2, 2], observed: [1, 1], input: [1] }))
    expect([both.distribution.codomain, entriesOf(both.distribution), both.logEvidence]).toEqual([
      [],
      [1],
      Math.log(0.75),
    ])
  })

  test('what has no probability is impossible evidence', () => {
    expect(observe(f, { object: [2], observed: 0, input: 1 })).toMatchObject({
      left: { kind: 'impossible-evidence', where: 'observed element 0' },
    })
  })

  test('what is no element is a problem', () => {
    for (const observed of [2, -1, 0.5, Number.NaN])
      expect(observe(f, { object: [2], observed, input: 0 })).toMatchObject({
        left: { kind: 'invalid-value', where: 'observed element' },
      })
    expect(observe(f, { object: [2], observed: 0, input: 2 })).toMatchObject({
      left: { kind: 'invalid-value', where: 'input', what: '2 is no element of a set of 2' },
    })
    expect(observe(f, { object: [2], observed: 0 })).toMatchObject({
      left: { kind: 'invalid-value', where: 'input', what: 'there are 2 inputs and none is chosen' },
    })
    expect(() => observe(f, { object: [3], observed: 0, input: 0 })).toThrow(
      'observe: codomain [2, 2] does not begin with [3]',
    )
  })

  test('it is the row of the conditional', () =>
    fc.assert(
      fc.property(finStochArbitraries.morphism([3], [2, 3]), fc.nat(1), fc.nat(2), (joint, observed, input) => {
        const result = observe(joint, { object: [2], observed, input })
        const mass = joint.entries.slice((input * 2 + observed) * 3, (input * 2 + observed + 1) * 3)
        if (mass.every((entry) => entry === 0)) {
          expect(result._tag).toBe('Left')
          return
        }
        const row = observed * 3 + input
        expect(entriesOf(valueOf(result).distribution)).toEqual(
          entriesOf(FinStoch.conditional(joint, [2], [3])).slice(row * 3, row * 3 + 3),
        )
      }),
    ))

  test('subnormal evidence is evidence', () => {
    const joint = matrix([], [2, 2], [[5e-324, 1.5e-323, 1, 0]])
    const given = valueOf(observe(joint, { object: [2], observed: 0 }))
    expect(entriesOf(given.distribution)).toEqual([0.25, 0.75])
    // 2^-1072.
    expect(given.logEvidence).toBeCloseTo(-1072 * Math.LN2, 12)
  })
})

/** The logarithm of a whole number of any size. */
const logOf = (value: bigint): number => {
  const digits = value.toString(16)
  const leading = digits.slice(0, 16)
  return Math.log(Number(`0x${leading}`)) + (digits.length - leading.length) * Math.log(16)
}
const quotient = (a: bigint, b: bigint): number => Number((a * 2n ** 200n) / b) / 2 ** 200

describe('many observations', () => {
  const prior = matrix([], [3], [[0.5, 0.25, 0.25]])
  const kernel = matrix(
    [3],
    [2],
    [
      [0.5, 0.5],
      [0.25, 0.75],
      [0, 1],
    ],
  )

  test('none: the prior', () => {
    const given = valueOf(posterior(prior, []))
    expect(entriesOf(given.distribution)).toEqual([0.5, 0.25, 0.25])
    expect(given.logEvidence).toBeCloseTo(0, 15)
  })

  test('two: by hand', () => {
    // 1/2 1/2 1/2, 1/4 1/4 3/4, 1/4 0 1 = 8, 3, 0 of 64.
    const given = valueOf(
      posterior(
        prior,
        [0, 1].map((observed) => ({ kernel, observed })),
      ),
    )
    const wanted = [8 / 11, 3 / 11, 0]
    entriesOf(given.distribution).forEach((entry, x) => expect(entry).toBeCloseTo(wanted[x]!, 15))
    expect(given.logEvidence).toBeCloseTo(Math.log(11 / 64), 15)
  })

  test('no element explains all: impossible; no such element: a problem; another set: an error', () => {
    const onlyFirst = matrix(
      [3],
      [2],
      [
        [0, 1],
        [0, 1],
        [1, 0],
      ],
    )
    const both = [
      { kernel, observed: 0 },
      { kernel: onlyFirst, observed: 0 },
    ]
    expect(posterior(prior, both)).toMatchObject({ left: { kind: 'impossible-evidence', where: '2 observations' } })
    expect(
      posterior(prior, [
        { kernel, observed: 0 },
        { kernel, observed: 2 },
      ]),
    ).toMatchObject({
      left: { kind: 'invalid-value', where: 'observation 1' },
    })
    expect(() => posterior(prior, [{ kernel: FinStoch.id([2]), observed: 0 }])).toThrow(
      'posterior: codomain [3] meets domain [2]',
    )
    expect(() => posterior(kernel, [])).toThrow('posterior: the prior has an input')
  })

  test('it is the inverse of the copied kernels', () =>
    fc.assert(
      fc.property(
        finStochArbitraries.morphism([], [3]),
        finStochArbitraries.morphism([3], [2]),
        finStochArbitraries.morphism([3], [3]),
        fc.nat(1),
        fc.nat(2),
        (p, f, g, y, z) => {
          const both = FinStoch.seq(FinStoch.copy([3]), FinStoch.par(f, g))
          const probability = FinStoch.seq(p, both).entries[y * 3 + z]!
          const result = posterior(p, [
            { kernel: f, observed: y },
            { kernel: g, observed: z },
          ])
          if (probability === 0) {
            expect(result).toMatchObject({ left: { kind: 'impossible-evidence' } })
            return
          }
          const { distribution, logEvidence } = valueOf(result)
          const row = FinStoch.inverse(p, both).entries.slice((y * 3 + z) * 3, (y * 3 + z + 1) * 3)
          distribution.entries.forEach((entry, x) => expect(entry).toBeCloseTo(row[x]!, 14))
          expect(logEvidence).toBeCloseTo(Math.log(probability), 14)
        },
      ),
    ))

  test('ten thousand: as in whole numbers, to 1e-11', () => {
    // Three elements with nearby laws in 1024ths, so that after ten thousand observations none is negligible.
    const laws = [
      [200, 300, 524],
      [201, 300, 523],
      [200, 301, 523],
    ]
    const near = matrix(
      [3],
      [3],
      laws.map((law) => law.map((weight) => weight / 1024)),
    )
    // Every 1024 observations have each outcome as often as the mean of the laws says, nearly.
    const observed = Array.from({ length: 10_000 }, (_, n) => {
      const place = (n * 389) % 1024
      return place < 200 ? 0 : place < 500 ? 1 : 2
    })
    const given = valueOf(
      posterior(
        prior,
        observed.map((element): Likelihood => ({ kernel: near, observed: element })),
      ),
    )
    const exact = laws.map((law, x) => observed.reduce((weight, y) => weight * BigInt(law[y]!), [2n, 1n, 1n][x]!))
    const total = exact.reduce((sum, weight) => sum + weight, 0n)
    exact.forEach((weight, x) => {
      const wanted = quotient(weight, total)
      expect(wanted).toBeGreaterThan(1e-3)
      expect(Math.abs(given.distribution.entries[x]! / wanted - 1)).toBeLessThan(1e-11)
    })
    const wanted = logOf(total) - Math.log(4) - 10_000 * Math.log(1024)
    expect(wanted).toBeLessThan(-9000)
    expect(Math.abs(given.logEvidence / wanted - 1)).toBeLessThan(1e-14)
  })

  test('probabilities of 1e-300: finite, monotone, and right', () => {
    const tiny = matrix(
      [2],
      [2],
      [
        [1e-300, 1],
        [2e-300, 1],
      ],
    )
    const even = matrix([], [2], [[0.5, 0.5]])
    let [share, evidence] = [0.5, 0]
    for (let count = 1; count <= 400; count++) {
      const given = valueOf(posterior(even, new Array<Likelihood>(count).fill({ kernel: tiny, observed: 0 })))
      const [first, second] = entriesOf(given.distribution)
      expect(Number.isFinite(given.logEvidence)).toBe(true)
      expect(given.logEvidence).toBeLessThan(evidence)
      expect(first).toBeLessThan(share)
      expect(first! + second!).toBeCloseTo(1, 15)
      expect(Math.abs(first! / (1 / (1 + 2 ** count)) - 1)).toBeLessThan(1e-10)
      share = first!
      evidence = given.logEvidence
    }
    // log((1 + 2^400) / 2) + 400 log 1e-300.
    expect(evidence).toBeCloseTo(399 * Math.LN2 - 400 * 300 * Math.LN10, 8)
  })
})
