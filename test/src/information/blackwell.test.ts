/** The Blackwell order: every verdict is checked by exact arithmetic that solves nothing. */
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { almostSurelyEqual } from '../../../src/category/almost-sure.js'
import { normalised } from '../../../src/category/exact-row.js'
import type { StochasticMatrix } from '../../../src/category/fin-stoch.js'
import {
  exactProbability,
  type ExactStochasticMatrix,
  exactStochasticMatrix,
  FinStochExact,
  type RationalRows,
} from '../../../src/category/fin-stoch-exact.js'
import { sizeOfObject } from '../../../src/category/finite-object.js'
import { one, ratio, showRational, toNumber, zero } from '../../../src/category/rational.js'
import { blackwell, type BlackwellVerdict, checkBlackwell } from '../../../src/information/blackwell.js'
import { inputOutputInformation } from '../../../src/information/channel-information.js'
import { decisionValue } from '../../../src/information/decision-problem.js'
import { showDivergence } from '../../../src/information/divergence.js'
import { exampleDivergences } from '../../../src/information/fin-stoch-enrichment.js'
import { valueOf } from '../../support/value-of.js'
import { expectAtMost } from './support.js'

const { seq } = FinStochExact
const exact = (rows: RationalRows): ExactStochasticMatrix => valueOf(exactStochasticMatrix(rows))
const law = (...entries: (number | string)[]): ExactStochasticMatrix =>
  valueOf(FinStochExact.read([entries], [], [entries.length], 'law'))

/** The verdict, confirmed. */
const decided = (f: ExactStochasticMatrix, g: ExactStochasticMatrix, prior?: ExactStochasticMatrix): BlackwellVerdict =>
  valueOf(checkBlackwell(f, g, blackwell(f, g, prior), prior))
const order = (f: ExactStochasticMatrix, g: ExactStochasticMatrix): readonly string[] => [
  decided(f, g).kind,
  decided(g, f).kind,
]

/** Kernels of small fractions with zeros: weights from 0 to 6. */
const kernels = (inputs: number, outputs: number): fc.Arbitrary<ExactStochasticMatrix> => {
  const weight = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(6) })
  const row = fc
    .array(weight, { minLength: outputs, maxLength: outputs })
    .map((weights) => normalised(weights.map(BigInt)))
  return fc
    .array(row, { minLength: inputs, maxLength: inputs })
    .map((rows) => ({ domain: [inputs], codomain: [outputs], rows }))
}
const size = fc.integer({ min: 1, max: 4 })
const float = (f: ExactStochasticMatrix): StochasticMatrix => ({
  domain: f.domain,
  codomain: f.codomain,
  entries: Float64Array.from(
    f.rows.flatMap((_, x) =>
      Array.from({ length: sizeOfObject(f.codomain) }, (_entry, y) => toNumber(exactProbability(f, x, y))),
    ),
  ),
})

/** The binary symmetric channel that flips k times out of n. */
const symmetric = (k: number, n: number): ExactStochasticMatrix =>
  exact([
    [`${n - k}/${n}`, `${k}/${n}`],
    [`${k}/${n}`, `${n - k}/${n}`],
  ])
/** The binary erasure channel: the second of three observations says nothing. */
const erasure = (k: number, n: number): ExactStochasticMatrix =>
  exact([
    [`${n - k}/${n}`, `${k}/${n}`, 0],
    [0, `${k}/${n}`, `${n - k}/${n}`],
  ])

describe('golden comparisons', () => {
  test('binary symmetric channels are ordered by how often they flip', () => {
    const flips = [0, 1, 2, 3, 4, 5].map((k) => symmetric(k, 10))
    flips.forEach((f, i) => flips.forEach((g, j) => expect(decided(f, g).kind).toBe(i <= j ? 'garbling' : 'refuted')))
    // 1/10 (1 - c) + 9/10 c = 2/10 for c = 1/8, and there is no other garbling.
    const verdict = decided(symmetric(1, 10), symmetric(2, 10))
    expect(verdict.kind === 'garbling' && FinStochExact.equals(verdict.kernel, symmetric(1, 8))).toBe(true)
    // Flipping nine times out of ten is as good as once.
    expect(order(symmetric(9, 10), symmetric(1, 10))).toEqual(['garbling', 'garbling'])
  })

  test('the decision problem that tells two of them apart is to guess the input', () => {
    const verdict = decided(symmetric(2, 10), symmetric(1, 10))
    if (verdict.kind !== 'refuted') throw new Error('expected a refutation')
    expect(verdict.decision.payoff.map((row) => row.map(showRational))).toEqual([
      ['1', '0'],
      ['0', '1'],
    ])
    // With odds of 1 : 4 an observation that is wrong once in five times is not worth looking at; once in ten times it is.
    expect(verdict.decision.prior).toEqual(law('1/5', '4/5'))
    expect([verdict.values.f, verdict.values.g].map(showRational)).toEqual(['4/5', '9/10'])
  })

  test('an erasure channel is above a symmetric one exactly if it erases at most twice as often as that flips', () => {
    expect(order(erasure(2, 10), symmetric(1, 10))).toEqual(['garbling', 'refuted'])
    expect(order(erasure(3, 10), symmetric(1, 10))).toEqual(['refuted', 'refuted'])
    expect(order(erasure(10, 10), symmetric(5, 10))).toEqual(['garbling', 'garbling'])
  })

  test('two questions about one of three parameters are incomparable', () => {
    const first = exact([
      [1, 0],
      [0, 1],
      [0, 1],
    ])
    const last = exact([
      [1, 0],
      [1, 0],
      [0, 1],
    ])
    expect(order(first, last)).toEqual(['refuted', 'refuted'])
    const verdict = decided(first, last)
    if (verdict.kind !== 'refuted') throw new Error('expected a refutation')
    // g tells the last two parameters apart and f does not; the first does not matter.
    expect(verdict.decision.prior).toEqual(law(0, '1/2', '1/2'))
    expect([verdict.values.f, verdict.values.g].map(showRational)).toEqual(['1/2', '1'])
    // Both are below the identity and above the experiment that says nothing.
    for (const f of [first, last]) {
      expect(order(FinStochExact.id([3]), f)).toEqual(['garbling', 'refuted'])
      expect(order(f, exact([[1], [1], [1]]))).toEqual(['garbling', 'refuted'])
    }
  })

  test('a garbling that is not the only one', () => {
    // The last two observations of f say the same, so the second half of g may be made of either.
    const f = exact([
      ['1/2', '1/4', '1/4'],
      ['1/4', '3/8', '3/8'],
    ])
    const g = exact([
      ['1/2', '1/2'],
      ['1/4', '3/4'],
    ])
    expect(order(f, g)).toEqual(['garbling', 'garbling'])
    const silent = exact([
      ['1/3', '2/3'],
      ['1/3', '2/3'],
    ])
    const other = exact([
      ['1/5', '3/5', '1/5'],
      ['1/5', '3/5', '1/5'],
    ])
    expect(order(silent, other)).toEqual(['garbling', 'garbling'])
    for (const kernel of [
      FinStochExact.id([2]),
      exact([
        ['1/3', '2/3'],
        ['1/3', '2/3'],
      ]),
    ])
      expect(isRight(checkBlackwell(silent, silent, { kind: 'garbling', kernel }))).toBe(true)
  })

  test('composite parameters and observations', () => {
    const both = FinStochExact.par(symmetric(1, 10), symmetric(1, 10))
    const onlyFirst = seq(both, FinStochExact.par(FinStochExact.id([2]), FinStochExact.discard([2])))
    expect(order(both, onlyFirst)).toEqual(['garbling', 'refuted'])
    expect(() => blackwell(both, exact([[1], [1], [1], [1]]))).toThrow('parameters [2, 2] meet [4]')
  })
})

describe('almost surely', () => {
  const f = exact([
    ['3/4', '1/4'],
    ['1/4', '3/4'],
    ['1/2', '1/2'],
  ])
  const g = exact([
    ['5/8', '3/8'],
    ['3/8', '5/8'],
    [1, 0],
  ])

  test('parameters without mass do not count', () => {
    expect(decided(f, g).kind).toBe('refuted')
    expect(decided(f, g, law('1/2', '1/2', 0)).kind).toBe('garbling')
    expect(decided(f, g, law('1/2', '1/4', '1/4')).kind).toBe('refuted')
    expect(decided(f, g, law(0, 0, 1)).kind).toBe('garbling')
  })

  test('the decision problem has the prior that was given, and pays nothing where it has no mass', () => {
    const prior = law('1/3', 0, '2/3')
    const refuted = decided(f, g, prior)
    if (refuted.kind !== 'refuted') throw new Error('expected a refutation')
    expect(refuted.decision.prior).toBe(prior)
    expect(refuted.decision.payoff[1]!.map(showRational)).toEqual(['0', '0'])
    expect(isLeft(checkBlackwell(f, g, refuted, law('1/3', '1/3', '1/3')))).toBe(true)
  })

  test('a garbling makes g almost surely, in the sense of the category', () => {
    const cases = fc
      .tuple(size, size, size)
      .chain(([t, x, y]) => fc.tuple(kernels(1, t), kernels(t, x), kernels(x, y), kernels(t, y)))
    fc.assert(
      fc.property(cases, ([weights, f, c, other]) => {
        const prior = { ...weights, domain: [] }
        // g is f ; c where there is mass.
        const made = seq(f, c)
        const g = {
          ...made,
          rows: made.rows.map((row, t) => (prior.rows[0]!.numerators[t] === 0n ? other.rows[t]! : row)),
        }
        const verdict = decided(f, g, prior)
        expect(verdict.kind === 'garbling' && almostSurelyEqual(FinStochExact)(prior, seq(f, verdict.kernel), g)).toBe(
          true,
        )
      }),
    )
  })

  test('a prior on another set throws', () => {
    expect(() => blackwell(f, g, law('1/2', '1/2'))).toThrow('no law on [3]')
  })
})

describe('the order', () => {
  test('reflexive', () => {
    fc.assert(
      fc.property(
        fc.tuple(size, size).chain(([t, x]) => kernels(t, x)),
        (f) => {
          expect(decided(f, f).kind).toBe('garbling')
        },
      ),
    )
  })

  test('what comes after an experiment lowers it, and garblings compose', () => {
    const cases = fc
      .tuple(size, size, size, size)
      .chain(([t, x, y, z]) => fc.tuple(kernels(t, x), kernels(x, y), kernels(y, z)))
    fc.assert(
      fc.property(cases, ([f, c, e]) => {
        const [g, h] = [seq(f, c), seq(seq(f, c), e)]
        const [first, second] = [decided(f, g), decided(g, h)]
        expect(decided(f, h).kind).toBe('garbling')
        if (first.kind !== 'garbling' || second.kind !== 'garbling') throw new Error('expected garblings')
        expect(isRight(checkBlackwell(f, h, { kind: 'garbling', kernel: seq(first.kernel, second.kernel) }))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('transitive on what it finds by itself', () => {
    const triples = fc.integer({ min: 1, max: 3 }).chain((t) => fc.tuple(kernels(t, 2), kernels(t, 2), kernels(t, 2)))
    let chains = 0
    fc.assert(
      fc.property(triples, ([f, g, h]) => {
        if (decided(f, g).kind !== 'garbling' || decided(g, h).kind !== 'garbling') return
        chains++
        expect(decided(f, h).kind).toBe('garbling')
      }),
      { numRuns: 500 },
    )
    expect(chains).toBeGreaterThan(20)
  })

  test('complete: any pair gets a verdict that checks, of both kinds', () => {
    const seen = { garbling: 0, refuted: 0 }
    const pairs = fc.tuple(size, size, size).chain(([t, x, y]) => fc.tuple(kernels(t, x), kernels(t, y)))
    fc.assert(
      fc.property(pairs, ([f, g]) => {
        seen[decided(f, g).kind]++
      }),
      { numRuns: 600 },
    )
    expect(Math.min(seen.garbling, seen.refuted)).toBeGreaterThan(50)
  })

  test('of two parameters it is the order of the Lorenz curves', () => {
    // For two hypotheses: f is above g if, for every r, E|f_0 - r f_1| is at least E|g_0 - r g_1|; the kinks of the right one suffice.
    const deviation = (f: ExactStochasticMatrix, p: bigint, q: bigint) =>
      Array.from({ length: sizeOfObject(f.codomain) }, (_, x) =>
        exactProbability(f, 0, x)
          .mul(ratio(q))
          .sub(exactProbability(f, 1, x).mul(ratio(p)))
          .abs(),
      ).reduce((sum, value) => sum.add(value), zero)
    const pairs = fc.tuple(size, size).chain(([x, y]) => fc.tuple(kernels(2, x), kernels(2, y)))
    fc.assert(
      fc.property(pairs, ([f, g]) => {
        const kinks = [f, g].flatMap((experiment) =>
          Array.from({ length: sizeOfObject(experiment.codomain) }, (_, x) => {
            const [a, b] = [exactProbability(experiment, 0, x), exactProbability(experiment, 1, x)]
            return [a.n * b.d, b.n * a.d] as const
          }),
        )
        const above = kinks.every(([p, q]) => deviation(f, p, q).gte(deviation(g, p, q)))
        expect(decided(f, g).kind).toBe(above ? 'garbling' : 'refuted')
      }),
      { numRuns: 400 },
    )
  })

  test.each(exampleDivergences.map((d) => [showDivergence(d), d] as const))(
    'informativeness in %s is monotone, under any prior',
    (_, d) => {
      const cases = fc
        .tuple(size, size, size)
        .chain(([t, x, y]) => fc.tuple(kernels(1, t), kernels(t, x), kernels(x, y)))
      fc.assert(
        fc.property(cases, ([weights, f, c]) => {
          const prior = float({ ...weights, domain: [] })
          const below = inputOutputInformation(d, prior, float(seq(f, c)))
          expectAtMost(d, below, inputOutputInformation(d, prior, float(f)))
        }),
      )
    },
  )

  test('six parameters, eight observations each, of both kinds', () => {
    const six = fc.tuple(kernels(6, 8), kernels(8, 8), kernels(6, 8))
    fc.assert(
      fc.property(six, ([f, c, g]) => {
        expect(decided(f, seq(f, c)).kind).toBe('garbling')
        decided(f, g)
      }),
      { numRuns: 10 },
    )
  })
})

describe('what does not check', () => {
  const [f, g] = [symmetric(1, 10), symmetric(2, 10)]

  test('a kernel that makes something else, or is none, or does not fit', () => {
    expect(checkBlackwell(f, g, { kind: 'garbling', kernel: FinStochExact.id([2]) })).toMatchObject({
      left: { where: 'f ; garbling, row 0', what: 'it is [9/10, 1/10]', remedy: 'it must be [4/5, 1/5], as in g' },
    })
    expect(isLeft(checkBlackwell(f, g, { kind: 'garbling', kernel: FinStochExact.id([3]) }))).toBe(true)
    const signed = {
      domain: [2],
      codomain: [2],
      rows: [
        { numerators: [2n, -1n], denominator: 1n },
        { numerators: [0n, 1n], denominator: 1n },
      ],
    }
    expect(checkBlackwell(f, g, { kind: 'garbling', kernel: signed })).toMatchObject({
      left: { where: 'exact stochastic matrix, row 0, column 0' },
    })
  })

  test('a decision problem with other values, or in which g pays no more', () => {
    const verdict = decided(g, f)
    if (verdict.kind !== 'refuted') throw new Error('expected a refutation')
    expect(checkBlackwell(g, f, { ...verdict, values: { ...verdict.values, f: zero } })).toMatchObject({
      left: { where: 'value of f', what: 'it is 4/5', remedy: '0 was stated' },
    })
    const swapped = { ...verdict, values: { f: verdict.values.g, g: verdict.values.f } }
    expect(checkBlackwell(f, g, swapped)).toMatchObject({
      left: { where: 'values', what: 'f pays 9/10 and g 4/5' },
    })
    expect(isLeft(checkBlackwell(g, f, { ...verdict, decision: { ...verdict.decision, payoff: [[one]] } }))).toBe(true)
    expect(isLeft(checkBlackwell(g, f, { ...verdict, decision: { ...verdict.decision, prior: law(1) } }))).toBe(true)
  })

  test('no parameter at all throws', () => {
    const none = { domain: [0], codomain: [2], rows: [] }
    expect(() => blackwell(none, none)).toThrow('no parameter')
  })
})

describe('decisionValue', () => {
  test('of the identity: the best action for each parameter; of no observation: the best on average', () => {
    const decision = {
      prior: law('1/2', '1/3', '1/6'),
      payoff: [
        [one, zero],
        [zero, ratio(3n)],
        [ratio(-1n), ratio(-2n)],
      ],
    }
    // 1/2 + 1 - 1/6, and max(1/2 - 1/6, 1 - 1/3).
    expect(showRational(decisionValue(decision, FinStochExact.id([3])))).toBe('4/3')
    expect(showRational(decisionValue(decision, FinStochExact.discard([3])))).toBe('2/3')
    expect(() => decisionValue(decision, FinStochExact.id([2]))).toThrow('2 parameters')
    expect(() => decisionValue({ ...decision, payoff: [[], [], []] }, FinStochExact.id([3]))).toThrow('no table')
  })
})
