import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  categoricalEntropy,
  type EntropicDivergence,
  entropic,
  entropyDivergence,
  entropyTitle,
  headlineEntropies,
  shannonEntropy,
} from '../../../src/information/categorical-entropy.js'
import {
  chiSquared,
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
import { copyAndProduct, distributions } from './support.js'

const triangular = fDivergence('triangular', (t) => (t - 1) ** 2 / (t + 1), { atZero: 1, slopeAtInfinity: 1 })

const all: readonly EntropicDivergence[] = [
  kullbackLeibler,
  totalVariation,
  squaredHellinger,
  jensenShannon,
  chiSquared,
  ...[0, 0.3, 0.5, 0.99, 1, 1.5, 2, 3, 10, Infinity].map(renyi),
  ...[0, 0.3, 0.5, 1, 1.5, 2, 3].map(tsallis),
  triangular,
]
const named = all.map((d): [string, EntropicDivergence] => [showDivergence(d), d])

describe('categoricalEntropy', () => {
  test('golden values at (.5, .3, .2)', () => {
    // Computed from the definition on 3 x 3 with numpy in float64.
    const p = Float64Array.of(0.5, 0.3, 0.2)
    const golden: readonly [EntropicDivergence, number][] = [
      [kullbackLeibler, 1.0296530140645737],
      [totalVariation, 0.62],
      [squaredHellinger, 0.39268712305518483],
      [renyi(0.5), 0.997422345411625],
      [renyi(2), 1.0986122886681098],
      [renyi(3), 1.1676874579085184],
      [renyi(0), 0.9675840262617056],
      [renyi(Infinity), 1.6094379124341003],
      [chiSquared, 2],
      [jensenShannon, 0.29504721461960604],
    ]
    for (const [d, expected] of golden) expect(Math.abs(categoricalEntropy(d, p) / expected - 1)).toBeLessThan(1e-14)
  })

  const roots: readonly EntropicDivergence[] = [hellingerDistance, jensenShannonDistance]
  test.each([...named, ...roots.map((d): [string, EntropicDivergence] => [showDivergence(d), d])])(
    '%s: the closed form is the definition D(copy p || p (x) p) on V x V',
    (_, d) => {
      const power = roots.includes(d) ? 2 : 1
      fc.assert(
        fc.property(distributions(), (p) => {
          const [copy, product] = copyAndProduct(p)
          const definition = divergence(d, copy, product) ** power
          const closed = categoricalEntropy(d, p) ** power
          // Relative, the two distances without their root; the absolute floor is the rounding of a sum of probabilities, amplified where the order is.
          expect(Math.abs(closed - definition)).toBeLessThanOrEqual(1e-12 * definition + 2e-15)
        }),
        { numRuns: 300 },
      )
    },
  )

  test.each(named)('%s: zero at point masses, and only there', (_, d) => {
    expect(categoricalEntropy(d, [0, 1, 0])).toBe(0)
    expect(categoricalEntropy(d, [1])).toBe(0)
    expect(categoricalEntropy(d, [0.5, 0.5])).toBeGreaterThan(0.1)
  })

  test.each(named)('%s: merging symbols does not raise it (data processing for deterministic maps)', (_, d) => {
    fc.assert(
      fc.property(distributions(), (p) => {
        const merged = Float64Array.from([p[0]! + (p[1] ?? 0), ...p.slice(2)])
        const [before, after] = [categoricalEntropy(d, p), categoricalEntropy(d, merged)]
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-9) + 1e-13)
      }),
    )
  })

  test('near a point mass the bounded ones keep their relative accuracy', () => {
    const delta = 2 ** -50
    const p = [1 - delta, delta]
    // Leading terms in delta: 2 delta, (3/2) delta, 3 delta and delta log 2 (1 + ...).
    expect(categoricalEntropy(totalVariation, p) / (2 * delta)).toBeCloseTo(1, 12)
    expect(categoricalEntropy(squaredHellinger, p) / (1.5 * delta)).toBeCloseTo(1, 6)
    expect(categoricalEntropy(renyi(0.5), p) / (3 * delta)).toBeCloseTo(1, 6)
    expect(shannonEntropy(p) / (delta * (1 - Math.log(delta)))).toBeCloseTo(1, 12)
  })

  test('no headline entropy is negative or infinite on a softmax, however peaked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -800, max: 800, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (logits) => {
          const top = Math.max(...logits)
          const powers = logits.map((z) => Math.exp(z - top))
          const sum = powers.reduce((total, x) => total + x, 0)
          const p = powers.map((x) => x / sum)
          for (const name of headlineEntropies) {
            const entropy = categoricalEntropy(entropyDivergence(name), p)
            expect(entropy).toBeGreaterThanOrEqual(0)
            expect(entropy).toBeLessThanOrEqual(Math.log(p.length) + 1e-12)
          }
        },
      ),
    )
  })

  test('the uniform distribution: closed forms in V', () => {
    const size = 7
    const p = new Float64Array(size).fill(1 / size)
    const expected: readonly [EntropicDivergence, number][] = [
      [kullbackLeibler, Math.log(size)],
      [renyi(0), Math.log(size)],
      [renyi(0.5), Math.log(size)],
      [renyi(5), Math.log(size)],
      [totalVariation, 1 - 1 / size],
      [squaredHellinger, 1 - 1 / Math.sqrt(size)],
      [tsallis(0), 1 - 1 / size],
      [chiSquared, size - 1],
    ]
    for (const [d, value] of expected) expect(categoricalEntropy(d, p)).toBeCloseTo(value, 13)
  })

  test('every closed form of the literature, written out', () => {
    const sum = (p: Float64Array, term: (x: number) => number): number =>
      p.reduce((total, x) => (x === 0 ? total : total + term(x)), 0)
    const support = (p: Float64Array): number => sum(p, () => 1)
    const shannon = (p: Float64Array): number => -sum(p, (x) => x * Math.log(x))
    const forms: readonly [EntropicDivergence, (p: Float64Array) => number][] = [
      [kullbackLeibler, shannon],
      [renyi(0), (p) => -Math.log(sum(p, (x) => x * x))],
      [renyi(0.5), (p) => -2 * Math.log(sum(p, (x) => x ** 1.5))],
      [renyi(1), shannon],
      [renyi(1.5), (p) => 2 * Math.log(sum(p, (x) => Math.sqrt(x)))],
      [renyi(2), (p) => Math.log(support(p))],
      [renyi(3), (p) => Math.log(sum(p, (x) => 1 / x)) / 2],
      [renyi(Infinity), (p) => -Math.log(Math.min(...p.filter((x) => x > 0)))],
      [tsallis(0), (p) => 1 - sum(p, (x) => x * x)],
      [tsallis(0.5), (p) => 2 * (1 - sum(p, (x) => x ** 1.5))],
      [tsallis(1), shannon],
      [tsallis(1.5), (p) => 2 * (sum(p, (x) => Math.sqrt(x)) - 1)],
      [tsallis(2), (p) => support(p) - 1],
      [totalVariation, (p) => 1 - sum(p, (x) => x * x)],
      [chiSquared, (p) => support(p) - 1],
      [squaredHellinger, (p) => 1 - sum(p, (x) => x ** 1.5)],
      [
        jensenShannon,
        (p) => Math.LN2 - sum(p, (x) => (x + x * x) * Math.log1p(x)) / 2 + sum(p, (x) => x * x * Math.log(x)) / 2,
      ],
    ]
    fc.assert(
      fc.property(distributions(), (p) => {
        for (const [d, form] of forms)
          expect(Math.abs(categoricalEntropy(d, p) - form(p))).toBeLessThan(1e-10 * Math.max(1, form(p)))
        expect(categoricalEntropy(hellingerDistance, p) ** 2).toBeCloseTo(1 - sum(p, (x) => x ** 1.5), 10)
        expect(categoricalEntropy(reverseKullbackLeibler, p)).toBe(support(p) === 1 ? 0 : Infinity)
      }),
    )
  })

  test('order 2 is discontinuous: the support counts, not the mass', () => {
    expect(categoricalEntropy(renyi(2), [0.5, 0.5, 0])).toBe(Math.log(2))
    expect(categoricalEntropy(renyi(2), [0.5, 0.5 - 1e-300, 1e-300])).toBe(Math.log(3))
    expect(categoricalEntropy(renyi(Infinity), [0.5, 0.5, 1e-300])).toBeCloseTo(-Math.log(1e-300), 10)
  })

  test('the five headline names and titles are stable', () => {
    expect(
      headlineEntropies.map((name) => [name, showDivergence(entropyDivergence(name)), entropyTitle[name]]),
    ).toEqual([
      ['shannon', 'kullback-leibler', 'Shannon'],
      ['total-variation', 'total-variation', 'total variation'],
      ['renyi-1/2', 'renyi of order 0.5', 'Rényi 1/2'],
      ['squared-hellinger', 'squared-hellinger', 'squared Hellinger'],
      ['jensen-shannon', 'jensen-shannon', 'Jensen–Shannon'],
    ])
  })
})

describe('entropic', () => {
  test('reverse Kullback-Leibler, by name or as an f-divergence, is a problem', () => {
    expect(entropic(reverseKullbackLeibler)).toMatchObject({
      left: { kind: 'unsupported', where: 'categorical entropy for reverse-kullback-leibler' },
    })
    const asF = fDivergence('reverse', (t) => -Math.log(t), { atZero: Infinity, slopeAtInfinity: 0 })
    expect(isLeft(entropic(asF))).toBe(true)
    expect(categoricalEntropy(asF, [0.5, 0.5])).toBe(Infinity)
    expect(categoricalEntropy(asF, [0, 1])).toBe(0)
    const [copy, product] = copyAndProduct(Float64Array.of(0.5, 0.5))
    expect(divergence(reverseKullbackLeibler, copy, product)).toBe(Infinity)
  })

  test('every other divergence passes as it is', () => {
    for (const d of all) expect(entropic(d)).toEqual({ _tag: 'Right', right: d })
  })
})
