import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'

import { outputDistribution } from '../../../src/information/mutual-information.js'
import { readCorpus } from '../../../src/language-model/corpus.js'
import type { DataKernel } from '../../../src/language-model/data-kernel.js'
import { draftLaw, surplusUnder } from '../../../src/language-model/draft-law.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { nGramKernel } from '../../../src/language-model/n-gram.js'
import { surplusOfDistributions, surplusOfSampledFutures } from '../../../src/language-model/surplus-contributions.js'
import {
  dataContexts,
  estimateSurplus,
  modelContexts,
  type SurplusEstimate,
  type TokenSurplus,
} from '../../../src/language-model/surplus-estimate.js'
import { chainWords } from '../../../src/language-model/word-law.js'
import { standardNormals } from '../../../src/linear-algebra/standard-normal.js'
import { valueOf } from '../../support/value-of.js'
import { distributionsOn, normalised } from '../information/support.js'

/** A random chain of order 3 on four symbols, with its stationary law. */
const chainOf = (seed: number, symbols = 4): DataKernel => {
  const count = symbols ** 3
  const next = new Float64Array(count * symbols)
  standardNormals(seed)(next)
  for (let x = 0; x < count; x++)
    next.set(
      normalised(Array.from(next.subarray(x * symbols, (x + 1) * symbols), (z) => Math.exp(1.5 * z))),
      x * symbols,
    )
  let weights = new Float64Array(count).fill(1 / count)
  for (let step = 0; step < 3000; step++) {
    const after = new Float64Array(count)
    weights.forEach((weight, x) => {
      for (let w = 0; w < symbols; w++) after[(x * symbols + w) % count]! += weight * next[x * symbols + w]!
    })
    weights = after
  }
  const contexts = Int32Array.from(
    { length: count * 3 },
    (_, i) => Math.floor(Math.floor(i / 3) / symbols ** (2 - (i % 3))) % symbols,
  )
  return {
    name: 'chain',
    symbols: Array.from({ length: symbols }, (_, w) => `${w}`),
    contextLength: 3,
    contexts,
    weights,
    next,
  }
}
/** I(X; W_t+1 .. W_t+K-1 | W_t) with X the two symbols before W_t, exact. */
const truthOf = (kernel: DataKernel, tokens: number): number =>
  surplusUnder(valueOf(draftLaw(valueOf(chainWords(kernel, 2 + tokens)), 2)))

type Draw = () => number
const drawFrom = (cumulative: readonly number[], draw: Draw): number => {
  const target = draw() * cumulative.at(-1)!
  let [low, high] = [0, cumulative.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! < target) low = middle + 1
    else high = middle
  }
  return low
}
const cumulated = (masses: readonly number[]): readonly number[] => {
  let sum = 0
  return masses.map((mass) => (sum += mass))
}

/** For each token w a source of contexts of the kernel that end in w, by their law given w. */
const contextSources = ({ symbols, contextLength, contexts, weights }: DataKernel) =>
  symbols.map((_, w) => {
    const own = Array.from(weights, (__, x) => x).filter((x) => contexts[(x + 1) * contextLength - 1] === w)
    const cumulative = cumulated(own.map((x) => weights[x]!))
    return { weight: cumulative.at(-1)!, own, take: (draw: Draw) => own[drawFrom(cumulative, draw)]! }
  })

/** One estimate for K = 2 from N contexts for each token. */
const estimator = (kernel: DataKernel, seed: number) => {
  const generator = xoroshiro128plus(seed)
  const draw = () => uniformFloat64(generator)
  const width = kernel.symbols.length
  const floor = { law: outputDistribution(kernel.weights, kernel.next) }
  const sources = contextSources(kernel)
  return (count: number): SurplusEstimate =>
    valueOf(
      estimateSurplus(
        sources.map(({ weight, take }): TokenSurplus => {
          const rows = new Float64Array(count * width)
          for (let i = 0; i < count; i++) {
            const x = take(draw)
            rows.set(kernel.next.subarray(x * width, (x + 1) * width), i * width)
          }
          return { weight, contributions: valueOf(surplusOfDistributions(rows, width, {}, floor)) }
        }),
        { seed: 1, draws: 100 },
      ),
    )
}
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length
const repeated = (times: number, estimate: () => SurplusEstimate) => {
  const all = Array.from({ length: times }, estimate)
  const middle = mean(all.map(({ point }) => point))
  return {
    all,
    /** Three standard errors of the means: the bounds are on expectations. */
    slack: 3 * Math.sqrt(mean(all.map(({ point }) => (point - middle) ** 2)) / (times - 1)),
    lower: mean(all.map(({ lower }) => lower)),
    upper: mean(all.map(({ upper }) => upper)),
    point: mean(all.map(({ point }) => point)),
    covered: (truth: number) =>
      mean(all.map(({ interval }) => (interval.lower <= truth && truth <= interval.upper ? 1 : 0))),
  }
}

describe('the sandwich on a chain of order 3 with a known law', () => {
  it.each([11, 12, 13])('brackets, covers, and its jackknife error shrinks (seed %i)', (seed) => {
    const kernel = chainOf(seed)
    const truth = truthOf(kernel, 2)
    expect(truth).toBeGreaterThan(0.1)
    const estimate = estimator(kernel, seed)
    const [small, large] = [repeated(60, () => estimate(8)), repeated(30, () => estimate(128))]
    expect(small.lower).toBeLessThan(truth)
    expect(small.upper).toBeGreaterThan(truth)
    for (const { lower, upper, covered, slack } of [small, large]) {
      expect(lower).toBeLessThan(truth + slack)
      expect(upper).toBeGreaterThan(truth - slack)
      expect(covered(truth)).toBeGreaterThanOrEqual(0.9)
    }
    expect(small.covered(truth)).toBeGreaterThanOrEqual(0.95)
    expect(Math.abs(small.point - truth)).toBeLessThan(Math.min(truth - small.lower, small.upper - truth) / 2)
    expect(Math.abs(large.point - truth)).toBeLessThan(0.01)
    expect(large.upper - large.lower).toBeLessThan((small.upper - small.lower) / 8)
  })

  it('the letters of Moby-Dick: N = 8, 32, 128, 512 beside the truth 0.784878', () => {
    const kernel = valueOf(nGramKernel(valueOf(readCorpus('Moby-Dick', mobyDick())), 3))
    const estimate = estimator(kernel, 5)
    const truth = 0.784878157345
    // Means and standard deviations of 20 repeats were 0.612 +- 0.042, 0.996 +- 0.092, 0.744 +- 0.055 at N = 8;
    // 0.746 +- 0.020, 0.845 +- 0.026, 0.789 +- 0.022 at 32; 0.773, 0.798, 0.785 +- 0.011 at 128; 0.781, 0.788, 0.784 +- 0.004 at 512.
    for (const [count, times, gap, error] of [
      [8, 20, 0.45, 0.06],
      [32, 12, 0.12, 0.03],
      [128, 6, 0.03, 0.015],
      [512, 2, 0.009, 0.01],
    ] as const) {
      const { lower, upper, point, covered, all } = repeated(times, () => estimate(count))
      expect(lower).toBeLessThan(truth + 0.008)
      expect(upper).toBeGreaterThan(truth - 0.008)
      expect(upper - lower).toBeLessThan(gap)
      expect(Math.abs(point - truth)).toBeLessThan(error)
      expect(covered(truth)).toBe(1)
      expect(all[0]!.coveredMass).toBeCloseTo(1, 12)
      expect(all[0]!.ceiling).toBeCloseTo(Math.log(count), 12)
    }
  })
})

describe('surplusOfDistributions', () => {
  it('under the weights of the whole law is the exact surplus, an identity', () => {
    for (const seed of [1, 2, 3]) {
      const kernel = chainOf(seed)
      const tokens = contextSources(kernel).map(({ weight, own }): TokenSurplus => {
        const rows = Float64Array.from(own.flatMap((x) => Array.from(kernel.next.subarray(4 * x, 4 * x + 4))))
        const weights = own.map((x) => kernel.weights[x]!)
        return { weight, contributions: valueOf(surplusOfDistributions(rows, 4, { weights })) }
      })
      const { lower, upper, coveredMass } = valueOf(estimateSurplus(tokens, { seed: 1, draws: 1 }))
      expect(Math.abs(lower - truthOf(kernel, 2))).toBeLessThan(1e-12)
      expect(upper).toBeGreaterThan(lower)
      expect(coveredMass).toBeCloseTo(1, 12)
    }
  })

  const samples = fc.tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 5 })).chain(([count, width]) =>
    fc.record({
      rows: fc.array(distributionsOn(width), { minLength: count, maxLength: count }),
      weights: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: count, maxLength: count }),
    }),
  )

  it('LOWER is from zero to H(omega) <= log N, UPPER without a floor at least LOWER', () => {
    fc.assert(
      fc.property(samples, ({ rows, weights }) => {
        const width = rows[0]!.length
        const flat = Float64Array.from(rows.flatMap((row) => Array.from(row)))
        const all = valueOf(
          surplusOfDistributions(flat, width, { weights }, { share: 0, law: new Float64Array(width) }),
        )
        const average = (values: Float64Array) => values.reduce((sum, value, i) => sum + all.weights[i]! * value, 0)
        expect(average(all.lower)).toBeGreaterThan(-1e-12)
        expect(average(all.lower)).toBeLessThanOrEqual(all.ceiling + 1e-12)
        expect(all.ceiling).toBeLessThanOrEqual(Math.log(rows.length) + 1e-12)
        expect(average(all.upper)).toBeGreaterThanOrEqual(average(all.lower) - 1e-12)
        expect(all.effectiveSampleSize).toBeLessThanOrEqual(rows.length + 1e-9)
      }),
    )
  })

  it('is what sampled futures give on average over the futures, LOWER and UPPER', () => {
    fc.assert(
      fc.property(samples, ({ rows, weights }) => {
        const [count, width] = [rows.length, rows[0]!.length]
        const flat = Float64Array.from(rows.flatMap((row) => Array.from(row)))
        const law = new Float64Array(width).fill(1 / width)
        const exact = valueOf(surplusOfDistributions(flat, width, { weights }, { law }))
        rows.forEach((row, i) => {
          let [lower, upper] = [0, 0]
          row.forEach((p, f) => {
            if (p === 0) return
            // The other contexts' futures do not matter to this one's contributions: theirs are any that they allow.
            const futures = rows.map((other, j) => (j === i ? f : other.findIndex((q) => q > 0)))
            const logs = Float64Array.from({ length: count * count }, (_, at) =>
              Math.log(rows[at % count]![futures[Math.floor(at / count)]!]!),
            )
            const sampled = valueOf(
              surplusOfSampledFutures(logs, { weights }, { law: futures.map((own) => Math.log(law[own]!)) }),
            )
            lower += p * sampled.lower[i]!
            upper += p * sampled.upper[i]!
          })
          expect(lower).toBeCloseTo(exact.lower[i]!, 11)
          expect(upper).toBeCloseTo(exact.upper[i]!, 11)
        })
      }),
    )
  })

  it('the jackknife is G LOWER - (G - 1) mean LOWER without one, for contexts alike; for both ways to it', () => {
    const rows = [
      [0.7, 0.2, 0.1],
      [0.1, 0.6, 0.3],
      [0.25, 0.25, 0.5],
      [0.4, 0.4, 0.2],
    ]
    const lowerOf = (own: readonly (readonly number[])[]): number => {
      const { lower } = valueOf(surplusOfDistributions(Float64Array.from(own.flat()), 3))
      return mean(Array.from(lower))
    }
    const without = mean(rows.map((_, i) => lowerOf(rows.filter((__, j) => j !== i))))
    const { point } = valueOf(surplusOfDistributions(Float64Array.from(rows.flat()), 3))
    expect(point).toBeCloseTo(4 * lowerOf(rows) - 3 * without, 12)

    const logs = (own: readonly number[]) =>
      Float64Array.from({ length: own.length ** 2 }, (_, at) =>
        Math.log(rows[own[at % own.length]!]![own[Math.floor(at / own.length)]! % 3]!),
      )
    const sampledLower = (own: readonly number[]) => mean(Array.from(valueOf(surplusOfSampledFutures(logs(own))).lower))
    const all = [0, 1, 2, 3]
    const left = mean(all.map((i) => sampledLower(all.filter((j) => j !== i))))
    expect(valueOf(surplusOfSampledFutures(logs(all))).point).toBeCloseTo(4 * sampledLower(all) - 3 * left, 12)
  })

  it('leaves out whole documents: contexts that repeat one another would put UPPER below the truth', () => {
    const kernel = chainOf(21)
    const truth = truthOf(kernel, 2)
    const generator = xoroshiro128plus(3)
    const draw = () => uniformFloat64(generator)
    // 24 documents, each of one context four times over.
    const sides = (grouped: boolean) =>
      repeated(40, () =>
        valueOf(
          estimateSurplus(
            contextSources(kernel).map(({ weight, take }): TokenSurplus => {
              const drawn = Array.from({ length: 6 }, () => take(draw)).flatMap((x) => [x, x, x, x])
              const rows = Float64Array.from(drawn.flatMap((x) => Array.from(kernel.next.subarray(4 * x, 4 * x + 4))))
              const documents = drawn.map((_, i) => Math.floor(i / 4))
              return {
                weight,
                contributions: valueOf(surplusOfDistributions(rows, 4, grouped ? { documents } : {})),
              }
            }),
            { seed: 2, draws: 50 },
          ),
        ),
      )
    const [naive, byDocument] = [sides(false), sides(true)]
    expect(naive.upper).toBeLessThan(truth)
    expect(byDocument.upper).toBeGreaterThan(truth)
    expect(byDocument.lower).toBeLessThan(truth)
    expect(byDocument.covered(truth)).toBeGreaterThanOrEqual(0.9)
    // Standard errors that take repeats for new contexts are half as large.
    const error = ({ all }: typeof naive) => mean(all.map(({ standardError }) => standardError.lower))
    expect(error(byDocument) / error(naive)).toBeGreaterThan(1.6)
  })

  it('refuses what does not fit', () => {
    const rows = Float64Array.of(1, 0, 0, 1)
    expect(surplusOfDistributions(rows, 3)).toMatchObject(left({ kind: 'invalid-value' }))
    expect(surplusOfDistributions(rows, 2, { weights: [1] })).toMatchObject(left({ kind: 'invalid-value' }))
    expect(surplusOfDistributions(rows, 2, { weights: [1, -1] })).toMatchObject(left({ kind: 'invalid-value' }))
    expect(surplusOfDistributions(rows, 2, { documents: [4, 4] })).toMatchObject(
      left({ what: 'its contexts are of one document' }),
    )
    expect(surplusOfDistributions(Float64Array.of(1, 0.5, 0, 1), 2)).toMatchObject(
      left({ what: 'its row sums to 1.5' }),
    )
    expect(surplusOfSampledFutures(Float64Array.of(0, 0, 0))).toMatchObject(left({ kind: 'invalid-value' }))
    expect(surplusOfSampledFutures(Float64Array.of(0, 0, 0, -Infinity))).toMatchObject(
      left({ what: 'its own future has -Infinity' }),
    )
    expect(estimateSurplus([], { seed: 1 })).toMatchObject(left({ kind: 'empty-input' }))
  })
})

describe('sampled futures, K = 3', () => {
  it('bracket the surplus of two tokens', () => {
    const kernel = chainOf(31)
    const truth = truthOf(kernel, 3)
    expect(truth).toBeGreaterThan(truthOf(kernel, 2) + 0.05)
    const generator = xoroshiro128plus(9)
    const draw = () => uniformFloat64(generator)
    const row = (x: number) => Array.from(kernel.next.subarray(4 * x, 4 * x + 4))
    const after = (x: number, w: number) => (x * 4 + w) % 64
    const estimate = (count: number) =>
      valueOf(
        estimateSurplus(
          contextSources(kernel).map(({ weight, take }): TokenSurplus => {
            const drawn = Array.from({ length: count }, () => take(draw))
            const futures = drawn.map((x) => {
              const first = drawFrom(cumulated(row(x)), draw)
              return [first, drawFrom(cumulated(row(after(x, first))), draw)] as const
            })
            const log = (x: number, [a, b]: readonly [number, number]) => Math.log(row(x)[a]! * row(after(x, a))[b]!)
            const logs = Float64Array.from(futures.flatMap((future) => drawn.map((x) => log(x, future))))
            const floor = { law: futures.map(() => Math.log(1 / 16)) }
            return { weight, contributions: valueOf(surplusOfSampledFutures(logs, {}, floor)) }
          }),
          { seed: 4, draws: 100 },
        ),
      )
    const [small, large] = [repeated(60, () => estimate(16)), repeated(8, () => estimate(128))]
    expect(small.lower).toBeLessThan(truth)
    expect(small.upper).toBeGreaterThan(truth)
    expect(small.covered(truth)).toBeGreaterThanOrEqual(0.9)
    expect(large.covered(truth)).toBeGreaterThanOrEqual(0.8)
    expect(large.upper - large.lower).toBeLessThan((small.upper - small.lower) / 4)
    expect(Math.abs(large.point - truth)).toBeLessThan(0.03)
  })
})

describe('which contexts, and under which law', () => {
  it('of the data: the places of a token, with the covered mass of tokens that have enough', () => {
    const tokens = Int32Array.of(0, 1, 0, 2, 0, 1)
    const rows = Float64Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? i / 12 : 1 - (i - 1) / 12))
    const found = dataContexts(tokens, rows, { least: 2, documents: [5, 5, 6, 6, 7, 7] })
    expect(found.map(({ token, weight, documents }) => ({ token, weight, documents }))).toEqual([
      { token: 0, weight: 0.5, documents: [5, 6, 7] },
      { token: 1, weight: 2 / 6, documents: [5, 7] },
    ])
    expect(Array.from(found[1]!.rows)).toEqual(
      Array.from(rows.subarray(2, 4)).concat(Array.from(rows.subarray(10, 12))),
    )
    const { coveredMass } = valueOf(
      estimateSurplus(
        found.map((each) => ({ ...each, contributions: valueOf(surplusOfDistributions(each.rows, 2, each)) })),
        { seed: 1, draws: 10 },
      ),
    )
    expect(coveredMass).toBeCloseTo(5 / 6, 12)
  })

  it('of the model: all contexts, weighted by p(w | x); the weighted sandwich brackets, its jackknife is nearly unbiased', () => {
    const kernel = chainOf(41)
    const truth = truthOf(kernel, 2)
    const generator = xoroshiro128plus(17)
    const draw = () => uniformFloat64(generator)
    // Contexts of three symbols x, and then w: p(w | x), and the law after both. The surplus is that of contexts of three: the same.
    const cumulative = cumulated(Array.from(kernel.weights))
    const { lower, upper, point, covered, all } = repeated(60, () => {
      const drawn = Array.from({ length: 48 }, () => drawFrom(cumulative, draw))
      return valueOf(
        estimateSurplus(
          [0, 1, 2, 3].map((w): TokenSurplus => {
            const rows = Float64Array.from(
              drawn.flatMap((x) =>
                Array.from(kernel.next.subarray(((x * 4 + w) % 64) * 4, ((x * 4 + w) % 64) * 4 + 4)),
              ),
            )
            const sample = modelContexts(
              w,
              Float64Array.from(drawn, (x) => kernel.next[4 * x + w]!),
              rows,
            )
            return { weight: sample.weight, contributions: valueOf(surplusOfDistributions(rows, 4, sample)) }
          }),
          { seed: 6, draws: 60 },
        ),
      )
    })
    expect(lower).toBeLessThan(truth)
    expect(upper).toBeGreaterThan(truth)
    expect(Math.abs(point - truth)).toBeLessThan((truth - lower) / 2)
    expect(covered(truth)).toBeGreaterThanOrEqual(0.9)
    for (const { effectiveSampleSize } of all[0]!.tokens) {
      expect(effectiveSampleSize).toBeGreaterThan(5)
      expect(effectiveSampleSize).toBeLessThan(48)
    }
  })

  it('flags a LOWER near its ceiling, and is what its seed says', () => {
    const rows = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
    const contributions = valueOf(surplusOfDistributions(rows, 3))
    const estimate = valueOf(estimateSurplus([{ weight: 1, contributions }], { seed: 8 }))
    expect(estimate.nearCeiling).toBe(true)
    expect(estimate.tokens[0]!.nearCeiling).toBe(true)
    expect(estimate.lower).toBeCloseTo(Math.log(3), 12)
    const alike = valueOf(surplusOfDistributions(Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.7, 0.3), 2))
    const run = (seed: number) =>
      valueOf(estimateSurplus([{ weight: 1, contributions: alike }], { seed })).standardError
    expect(valueOf(estimateSurplus([{ weight: 1, contributions: alike }], { seed: 1 })).nearCeiling).toBe(false)
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })
})
