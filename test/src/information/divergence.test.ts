import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  chiSquared,
  type Divergence,
  divergence,
  fDivergence,
  hellingerDistance,
  jensenShannon,
  jensenShannonDistance,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  squaredHellinger,
  totalVariation,
  tsallis,
} from '../../../src/information/divergence.js'
import { distributions, distributionsOn, pairs } from './support.js'

const all: readonly Divergence[] = [
  kullbackLeibler,
  reverseKullbackLeibler,
  totalVariation,
  squaredHellinger,
  jensenShannon,
  chiSquared,
  ...[0, 0.3, 0.5, 1, 2, 3, Infinity].map(renyi),
  ...[0, 0.3, 1, 2, 3].map(tsallis),
]
const named = all.map((d): [string, Divergence] => [showDivergence(d), d])

/** The same divergences as f-divergences, where they are one. */
const asF: readonly [Divergence, Divergence][] = [
  [kullbackLeibler, fDivergence('kl', (t) => t * Math.log(t), { atZero: 0, slopeAtInfinity: Infinity })],
  [reverseKullbackLeibler, fDivergence('reverse', (t) => -Math.log(t), { atZero: Infinity, slopeAtInfinity: 0 })],
  [totalVariation, fDivergence('tv', (t) => Math.abs(t - 1) / 2, { atZero: 0.5, slopeAtInfinity: 0.5 })],
  [squaredHellinger, fDivergence('h', (t) => (1 - Math.sqrt(t)) ** 2 / 2, { atZero: 0.5, slopeAtInfinity: 0.5 })],
  [
    jensenShannon,
    fDivergence('js', (t) => (t * Math.log((2 * t) / (1 + t)) + Math.log(2 / (1 + t))) / 2, {
      atZero: Math.LN2 / 2,
      slopeAtInfinity: Math.LN2 / 2,
    }),
  ],
  [chiSquared, fDivergence('chi', (t) => (t - 1) ** 2, { atZero: 1, slopeAtInfinity: Infinity })],
  [tsallis(2), fDivergence('chi', (t) => (t - 1) ** 2, { atZero: 1, slopeAtInfinity: Infinity })],
  [tsallis(0.5), fDivergence('tsallis', (t) => -2 * (Math.sqrt(t) - 1), { atZero: 2, slopeAtInfinity: 0 })],
]

/** Equal up to 1e-12 of the larger, or both infinite. */
const expectClose = (value: number, expected: number, tolerance = 1e-12): void => {
  if (expected === Infinity) expect(value).toBe(Infinity)
  else expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)))
}

describe('divergence', () => {
  test('golden values of two distributions on four symbols', () => {
    // Two heads of the golden case of section 1.5 in the specification of the numbers; computed with numpy in float64.
    const p = [0.324076354913349, 0.14561689284810017, 0.09284943023163993, 0.43745732200691084]
    const q = [0.11013929634547216, 0.4041337530543694, 0.4041337530543694, 0.08159319754578911]
    expectClose(divergence(kullbackLeibler, p, q), 0.7991461273876604)
    expectClose(divergence(totalVariation, p, q), 0.5698011830289986)
    expectClose(divergence(jensenShannon, p, q), 0.17872977886471658)
    expectClose(divergence(squaredHellinger, p, q), 1 - 0.8141522664375713)
    expectClose(divergence(renyi(0.5), p, q), -2 * Math.log(0.8141522664375713))
    // The Jeffreys divergence of the same case.
    expectClose(divergence(kullbackLeibler, p, q) + divergence(reverseKullbackLeibler, p, q), 1.5501789043077983)
  })

  test.each(named)('%s: never negative, and zero on equal arguments', (_, d) => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        expect(divergence(d, p, q)).toBeGreaterThanOrEqual(0)
        expect(divergence(d, p, p)).toBeLessThanOrEqual(1e-15)
      }),
    )
  })

  test.each(named)('%s: data processing', (_, d) => {
    const channels = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([inputs, outputs]) =>
        fc.tuple(
          distributionsOn(inputs),
          distributionsOn(inputs),
          fc.array(distributionsOn(outputs), { minLength: inputs, maxLength: inputs }),
        ),
      )
    const push = (p: Float64Array, rows: readonly Float64Array[]): Float64Array =>
      rows[0]!.map((_entry, y) => rows.reduce((sum, row, x) => sum + p[x]! * row[y]!, 0))
    fc.assert(
      fc.property(channels, ([p, q, rows]) => {
        const before = divergence(d, p, q)
        const after = divergence(d, push(p, rows), push(q, rows))
        // A push-forward rounds, and large divergences amplify it.
        expect(after).toBeLessThanOrEqual(before + 1e-10 * Math.max(1, before))
      }),
    )
  })

  test.each(asF.map(([d, f]): [string, Divergence, Divergence] => [showDivergence(d), d, f]))(
    '%s agrees with its f-divergence',
    (_, d, f) => {
      fc.assert(
        fc.property(pairs(), ([p, q]) => {
          const expected = divergence(d, p, q)
          expectClose(divergence(f, p, q), expected, 1e-11)
        }),
      )
    },
  )

  test('the Renyi family is monotone in its order and continuous at 0, 1 and Infinity', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const orders = [0, 0.25, 0.5, 0.999, 1, 1.001, 2, 5, 50, Infinity]
        orders.slice(1).forEach((order, index) => {
          const [lower, upper] = [divergence(renyi(orders[index]!), p, q), divergence(renyi(order), p, q)]
          expect(lower).toBeLessThanOrEqual(upper + 1e-12 * Math.max(1, upper))
        })
      }),
    )
    const [p, q] = [
      [0.5, 0.3, 0.2],
      [0.2, 0.2, 0.6],
    ]
    const kl = divergence(kullbackLeibler, p, q)
    // The slope of the family at order one is half the variance of log p/q.
    const slope = 0.5 * (0.5 * Math.log(2.5) ** 2 + 0.3 * Math.log(1.5) ** 2 + 0.2 * Math.log(3) ** 2 - kl * kl)
    expect((divergence(renyi(1 + 1e-9), p, q) - kl) / 1e-9).toBeCloseTo(slope, 5)
    expect((kl - divergence(renyi(1 - 1e-9), p, q)) / 1e-9).toBeCloseTo(slope, 5)
    expect(divergence(renyi(1e-9), p, q)).toBeCloseTo(divergence(renyi(0), p, q), 8)
    expect(divergence(renyi(2000), p, q)).toBeCloseTo(Math.log(2.5), 3)
    expect(divergence(renyi(Infinity), p, q)).toBe(Math.log(2.5))
  })

  test('support: what is infinite, and what is not', () => {
    const [p, q, r] = [
      [0.5, 0.5, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]
    for (const d of [kullbackLeibler, chiSquared, renyi(1), renyi(2), renyi(Infinity), tsallis(1.5)]) {
      expect(divergence(d, p, q)).toBe(Infinity)
      expect(divergence(d, q, p)).toBeLessThan(Infinity)
    }
    expect(divergence(reverseKullbackLeibler, q, p)).toBe(Infinity)
    expectClose(divergence(renyi(0.5), p, q), Math.LN2)
    expectClose(divergence(renyi(0), q, p), Math.LN2)
    expect(divergence(renyi(0), p, q)).toBe(0)
    expect(divergence(renyi(0), p, r)).toBe(Infinity)
    expect(divergence(renyi(0.5), p, r)).toBe(Infinity)
    expect(divergence(tsallis(0), p, r)).toBe(1)
    // The bounded ones reach their bounds on disjoint supports.
    expect(divergence(totalVariation, p, r)).toBe(1)
    expectClose(divergence(squaredHellinger, p, r), 1)
    expectClose(divergence(jensenShannon, p, r), Math.LN2)
  })

  test('sharp inequalities: Pinsker, and the squared Hellinger distance under and over total variation', () => {
    fc.assert(
      fc.property(pairs(), ([p, q]) => {
        const tv = divergence(totalVariation, p, q)
        const hellinger = divergence(squaredHellinger, p, q)
        const kl = divergence(kullbackLeibler, p, q)
        expect(2 * tv * tv).toBeLessThanOrEqual(kl + 1e-12)
        expect(2 * hellinger).toBeLessThanOrEqual(kl + 1e-12)
        expect(hellinger).toBeLessThanOrEqual(tv + 1e-12)
        expect(tv * tv).toBeLessThanOrEqual(1 - (1 - hellinger) ** 2 + 1e-12)
        expect(divergence(jensenShannon, p, q)).toBeLessThanOrEqual((Math.LN2 / 2) * kl + 1e-12)
      }),
    )
  })

  test('the two distances are metrics, the roots of their squares', () => {
    const triples = fc
      .integer({ min: 1, max: 6 })
      .chain((size) => fc.tuple(distributionsOn(size), distributionsOn(size), distributionsOn(size)))
    fc.assert(
      fc.property(triples, ([p, q, r]) => {
        for (const [d, square] of [
          [hellingerDistance, squaredHellinger],
          [jensenShannonDistance, jensenShannon],
        ] as const) {
          expect(divergence(d, p, q)).toBe(Math.sqrt(divergence(square, p, q)))
          expect(divergence(d, p, q)).toBeCloseTo(divergence(d, q, p), 7)
          expect(divergence(d, p, r)).toBeLessThanOrEqual(divergence(d, p, q) + divergence(d, q, r) + 1e-7)
        }
      }),
    )
    expect(divergence(hellingerDistance, [1, 0], [0, 1])).toBe(1)
    expectClose(divergence(jensenShannonDistance, [1, 0], [0, 1]), Math.sqrt(Math.LN2))
  })

  test('small steps: D = c eps^2 sum d^2/p, with the constant of each divergence', () => {
    const [p, direction, eps] = [[0.5, 0.3, 0.2], [0.1, -0.3, 0.2], 1e-4]
    const q = p.map((x, w) => x + eps * direction[w]!)
    const fisher = eps * eps * p.reduce((sum, x, w) => sum + direction[w]! ** 2 / x, 0)
    const constants: readonly [Divergence, number][] = [
      [kullbackLeibler, 1 / 2],
      [jensenShannon, 1 / 8],
      [squaredHellinger, 1 / 8],
      [chiSquared, 1],
      [renyi(0.5), 1 / 4],
      [renyi(3), 3 / 2],
    ]
    for (const [d, constant] of constants) expect(divergence(d, q, p) / fisher / constant).toBeCloseTo(1, 3)
  })

  test('tiny probabilities neither overflow nor lose their logarithm', () => {
    const [p, q] = [
      [1 - 1e-300, 1e-300],
      [1, 5e-324],
    ]
    expect(divergence(kullbackLeibler, p, q)).toBeLessThan(1e-290)
    expectClose(divergence(renyi(Infinity), p, q), Math.log(1e-300) - Math.log(5e-324))
    expectClose(divergence(renyi(1000), [0.5, 0.5], [1e-300, 1]), (1000 * Math.log(0.5) - 999 * Math.log(1e-300)) / 999)
  })

  test('the bounded ones stay finite and bounded at the smallest positive probability', () => {
    const [p, q] = [
      [1, Number.MIN_VALUE, 0],
      [Number.MIN_VALUE, 0, 1],
    ]
    expectClose(divergence(jensenShannon, p, q), Math.LN2)
    expectClose(divergence(squaredHellinger, p, q), 1)
    expectClose(divergence(totalVariation, p, q), 1)
  })

  test('views of a matrix row, arrays and float32 arrays are distributions', () => {
    const rows = Float64Array.of(0.5, 0.5, 0.25, 0.75)
    expect(divergence(totalVariation, rows.subarray(0, 2), rows.subarray(2, 4))).toBe(0.25)
    expect(divergence(totalVariation, [0.5, 0.5], Float32Array.of(0.25, 0.75))).toBe(0.25)
  })

  test('orders out of range and distributions of different lengths throw', () => {
    expect(() => renyi(-1)).toThrow('at least 0')
    expect(() => renyi(Number.NaN)).toThrow('at least 0')
    expect(() => tsallis(Infinity)).toThrow('finite')
    expect(() => divergence(totalVariation, [1], [0.5, 0.5])).toThrow('1 probabilities meet 2')
    fc.assert(fc.property(distributions(3), (p) => divergence(jensenShannon, p, p.slice()) === 0))
  })
})
