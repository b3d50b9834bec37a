import { existsSync, readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, copy, finite, par, seq } from '../../../dsl/index.js'
import { FinStoch, type Rows } from '../../../src/category/fin-stoch.js'
import { interpret } from '../../../src/interpret.js'
import { lawOfTeacher, type PredictiveLaw } from '../../../src/language-model/predictive-law.js'
import {
  checkDefiniteness,
  definiteness,
  divergenceSimilarity,
  kernelFeatures,
  type SimilarityKernel,
  similarityMatrix,
} from '../../../src/language-model/similarity-kernel.js'
import { valueOf } from '../../support/value-of.js'
import { distributionsOn } from '../information/support.js'
import { goldenKernel, kernels, softmaxKernel } from './kernel-support.js'

const golden = '../shared/data/golden/numerics.json'

const named: readonly SimilarityKernel[] = [
  { kind: 'bhattacharyya' },
  { kind: 'linear' },
  { kind: 'cca' },
  { kind: 'gaussian-hellinger', rate: 1 },
  { kind: 'exponential-jensen-shannon', rate: 1 },
  { kind: 'exponential-jensen-shannon-distance', rate: 1 },
  { kind: 'total-variation' },
  { kind: 'exponential-jeffreys', rate: 0.2 },
]
const definite = named.filter((kernel) => definiteness(kernel).kind === 'positive-semidefinite')

const bernoulli = (...ps: readonly number[]): PredictiveLaw =>
  lawOfTeacher(
    'Bernoulli',
    new Float64Array(ps.length).fill(1 / ps.length),
    Float64Array.from(ps.flatMap((p) => [p, 1 - p])),
  )

describe('values', () => {
  // Computed with numpy in float64 on the golden kernel.
  const pinned: readonly [SimilarityKernel, readonly number[]][] = [
    [{ kind: 'bhattacharyya' }, [1, 0.7841903733771223, 0.8655436087669957, 1, 0.9327105522499024, 1]],
    [{ kind: 'linear' }, [0.54, 0.22, 0.275, 0.46, 0.325, 0.375]],
    [{ kind: 'gaussian-hellinger', rate: 1 }, [1, 0.6494566081114402, 0.7642099052450372, 1, 0.8740839148684568, 1]],
    [
      { kind: 'exponential-jensen-shannon', rate: 1 },
      [1, 0.8146163365446348, 0.8783995219271274, 1, 0.9357931972162559, 1],
    ],
    [{ kind: 'total-variation' }, [1, 0.4, 0.55, 1, 0.65, 1]],
  ]
  test.each(pinned)('golden %o', (kernel, upper) => {
    const k = valueOf(similarityMatrix(kernel, goldenKernel)).entries
    ;[0, 1, 2, 4, 5, 8].forEach((place, index) => expect(k[place]).toBeCloseTo(upper[index]!, 14))
    expect([k[3], k[6], k[7]]).toEqual([k[1], k[2], k[5]])
  })

  test.skipIf(!existsSync(golden))('the golden file says the same (skipped: ../shared/data is absent)', () => {
    const parsed: { readonly kernels: Readonly<Record<string, { readonly K?: Rows }>> } = JSON.parse(
      readFileSync(golden, 'utf8'),
    )
    const files: readonly [string, SimilarityKernel, number][] = [
      ['BC', { kind: 'bhattacharyya' }, 0],
      ['HellingerGauss b=1 (d2=2(1-BC))', { kind: 'gaussian-hellinger', rate: 1 }, 0],
      ['Lin', { kind: 'linear' }, 0],
      ['expJS b=1', { kind: 'exponential-jensen-shannon', rate: 1 }, 0],
      ['CCA/chi2', { kind: 'cca' }, 1],
    ]
    for (const [name, kernel, offset] of files) {
      const expected = parsed.kernels[name]!.K!.flat()
      const k = valueOf(similarityMatrix(kernel, goldenKernel)).entries
      k.forEach((entry, index) => expect(Math.abs(entry - offset - expected[index]!)).toBeLessThan(1e-14))
    }
  })

  test('the linear kernel is a diagram: two contexts, each with its next token, and whether the tokens agree', () => {
    const Context = finite('Context', 3)
    const Token = finite('Token', 3)
    const Same = finite('Same', ['no', 'yes'])
    const kData = box('k_data', [Context], [Token])
    const agree = box('agree', [Token, Token], [Same])
    const rows = [
      [0.7, 0.2, 0.1],
      [0.1, 0.6, 0.3],
      [0.25, 0.25, 0.5],
    ]
    const meaning = interpret(FinStoch, {
      k_data: rows,
      agree: rows.flatMap((_, i) => rows.map((_row, j) => (i === j ? [0, 1] : [1, 0]))),
    })
    const pairs = valueOf(meaning(seq(par(kData, kData), agree))).entries
    const k = valueOf(similarityMatrix({ kind: 'linear' }, goldenKernel)).entries
    k.forEach((entry, index) => expect(Math.abs(entry - pairs[2 * index + 1]!)).toBeLessThan(1e-15))
    // One context twice is copied before the kernels, not after: its similarity with itself is less than one.
    const twice = valueOf(meaning(seq(copy(Context), par(kData, kData), agree))).entries
    ;[0, 1, 2].forEach((x) => expect(Math.abs(twice[2 * x + 1]! - k[4 * x]!)).toBeLessThan(1e-15))
  })

  test('every kernel of a divergence is symmetric, from 0 to 1, and 1 at equal rows', () => {
    fc.assert(
      fc.property(
        distributionsOn(4),
        distributionsOn(4),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (p, q, rate) => {
          for (const kind of [
            'gaussian-hellinger',
            'exponential-jensen-shannon',
            'exponential-jensen-shannon-distance',
            'exponential-jeffreys',
          ] as const) {
            const value = divergenceSimilarity({ kind, rate }, p, q)
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1)
            expect(Math.abs(value - divergenceSimilarity({ kind, rate }, q, p))).toBeLessThan(1e-14)
            expect(divergenceSimilarity({ kind, rate }, p, p)).toBe(1)
          }
        },
      ),
    )
    // Disjoint supports: Jeffreys' divergence is infinite.
    expect(divergenceSimilarity({ kind: 'exponential-jeffreys', rate: 1 }, [1, 0], [0, 1])).toBe(0)
  })

  test('log-ratio features have mean zero in each row and need positive probabilities', () => {
    const features = valueOf(kernelFeatures({ kind: 'log-ratio' }, goldenKernel))
    expect(features[0]! + features[1]! + features[2]!).toBeCloseTo(0, 15)
    expect(features[0]! - features[1]!).toBeCloseTo(Math.log(3.5), 14)
    expect(kernelFeatures({ kind: 'log-ratio' }, bernoulli(1, 0.5))).toMatchObject({
      left: { kind: 'invalid-value', where: 'log-ratio kernel, context 0, token 1' },
    })
  })

  test('what cannot be formed is a problem', () => {
    expect(similarityMatrix({ kind: 'exponential-jeffreys', rate: -1 }, goldenKernel)).toMatchObject({
      left: { kind: 'out-of-range', what: '-1 is no rate' },
    })
    const many = new Float64Array(9000).fill(1 / 9000)
    expect(similarityMatrix({ kind: 'linear' }, { weights: many, next: new Float64Array(9000) })).toMatchObject({
      left: { kind: 'out-of-range' },
    })
  })
})

describe('definiteness', () => {
  test('is data: seven kernels have a theorem, exp(-Jeffreys) has a counterexample', () => {
    expect(named.map((kernel) => definiteness(kernel).kind)).toEqual([
      ...Array.from({ length: 7 }, () => 'positive-semidefinite'),
      'indefinite',
    ])
  })

  test('the kernels with a theorem have no negative eigenvalue on samples, at any rate', () => {
    fc.assert(
      fc.property(kernels, fc.double({ min: 0.01, max: 20, noNaN: true }), (law, rate) => {
        for (const kernel of definite) {
          const check = valueOf(checkDefiniteness('rate' in kernel ? { ...kernel, rate } : kernel, law))
          expect(check.holds).toBe(true)
          expect(check.contexts).toBe(law.weights.length)
        }
      }),
    )
    for (const kernel of definite)
      expect(valueOf(checkDefiniteness(kernel, softmaxKernel(120, 5, 3, 'uniform'))).smallest).toBeGreaterThan(-1e-13)
  })

  test('exp(-0.2 Jeffreys) of Bernoulli(.001, .05, .5) has the eigenvalue -0.01933', () => {
    const check = valueOf(checkDefiniteness({ kind: 'exponential-jeffreys', rate: 0.2 }, bernoulli(0.001, 0.05, 0.5)))
    expect(check.smallest).toBeCloseTo(-0.019327874455768, 13)
    expect(check.holds).toBe(false)
    // The same rows under the Jensen-Shannon kernel.
    const other = checkDefiniteness({ kind: 'exponential-jensen-shannon', rate: 0.2 }, bernoulli(0.001, 0.05, 0.5))
    expect(valueOf(other).smallest).toBeGreaterThan(0)
  })

  test('its counterexample is one at every rate, small and large', () => {
    for (const rate of [1e-4, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1e4]) {
      const kernel = { kind: 'exponential-jeffreys', rate } as const
      const status = definiteness(kernel)
      if (status.kind !== 'indefinite') throw new Error('it is indefinite')
      const law = lawOfTeacher('counterexample', new Float64Array(3).fill(1 / 3), status.counterexample)
      const { smallest, holds } = valueOf(checkDefiniteness(kernel, law))
      expect(holds).toBe(false)
      // About -0.025 rate for a small rate, between -0.017 and -0.029 from 0.1 on.
      expect(smallest).toBeLessThan(-0.016 * Math.min(1, 10 * rate))
    }
  })
})
