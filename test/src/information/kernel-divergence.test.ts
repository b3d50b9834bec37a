/** Divergences of kernels against their definition: the composites in FinStoch, row by row. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { jointWithOutput } from '../../../src/category/almost-sure.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import {
  chiSquared,
  divergence,
  fDivergence,
  hellingerDistance,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  totalVariation,
  tsallis,
} from '../../../src/information/divergence.js'
import { exampleDivergences } from '../../../src/information/fin-stoch-enrichment.js'
import { conditionalDivergence, kernelDivergence, mixedDivergence } from '../../../src/information/kernel-divergence.js'
import { expectAgreement, kernelsOn, sets } from './support.js'

const triangular = fDivergence('triangular', (t) => (t - 1) ** 2 / (t + 1), { atZero: 1, slopeAtInfinity: 1 })
const named = [...exampleDivergences, triangular].map((d) => [showDivergence(d), d] as const)

const kernel = (domain: readonly number[], codomain: readonly number[], ...entries: number[]): StochasticMatrix => ({
  domain,
  codomain,
  entries: Float64Array.from(entries),
})

/** p with inputs of its own, and two kernels after it. */
const cases = fc
  .tuple(fc.constantFrom<readonly number[]>([], [], [2]), sets, sets)
  .chain(([z, a, b]) => fc.tuple(kernelsOn(z, a), kernelsOn(a, b), kernelsOn(a, b)))

describe('kernelDivergence', () => {
  const [f, g] = [kernel([3], [2], 1, 0, 0.5, 0.5, 0.25, 0.75), kernel([3], [2], 1, 0, 0.75, 0.25, 0.5, 0.5)]

  test('golden values, and where they are attained', () => {
    expect(kernelDivergence(totalVariation, f, g)).toEqual({ supremum: 0.25, attainedAt: 1 })
    // Rows (1/2, 1/2) : (3/4, 1/4) and (1/4, 3/4) : (1/2, 1/2).
    const { supremum, attainedAt } = kernelDivergence(kullbackLeibler, f, g)
    expect(supremum).toBeCloseTo(0.5 * Math.log(4 / 3), 15)
    expect(attainedAt).toBe(1)
    const chi = kernelDivergence(chiSquared, f, g)
    expect(chi.supremum).toBeCloseTo(1 / 3, 15)
    expect(chi.attainedAt).toBe(1)
    // Reversed: 3/4 log 3/2 + 1/4 log 1/2 against 1/2 log 2 + 1/2 log 2/3.
    const reverse = kernelDivergence(reverseKullbackLeibler, f, g)
    expect(reverse.supremum).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 15)
    expect(reverse.attainedAt).toBe(2)
    expect(kernelDivergence(kullbackLeibler, f, kernel([3], [2], 0.5, 0.5, 1, 0, 1, 0))).toEqual({
      supremum: Infinity,
      attainedAt: 1,
    })
  })

  test.each(named)('%s: the largest divergence between the outputs of a point mass', (_, d) => {
    fc.assert(
      fc.property(cases, ([, left, right]) => {
        const { supremum, attainedAt } = kernelDivergence(d, left, right)
        const size = left.domain.reduce((product, factor) => product * factor, 1)
        const at = Array.from({ length: size }, (_point, x) => {
          const point: StochasticMatrix = { domain: [], codomain: left.domain, entries: new Float64Array(size) }
          point.entries[x] = 1
          return divergence(d, FinStoch.seq(point, left).entries, FinStoch.seq(point, right).entries)
        })
        expect(supremum).toBe(Math.max(...at))
        expect(at[attainedAt!]).toBe(supremum)
      }),
    )
  })

  test('no inputs: the empty supremum', () => {
    expect(kernelDivergence(totalVariation, kernel([0], [2]), kernel([0], [2]))).toEqual({
      supremum: 0,
      attainedAt: undefined,
    })
  })

  test('different ends throw', () => {
    expect(() => kernelDivergence(totalVariation, f, FinStoch.id([3]))).toThrow('[3] -> [2] meets [3] -> [3]')
  })
})

describe('conditionalDivergence', () => {
  test('golden values', () => {
    const p = kernel([], [2], 0.75, 0.25)
    const [f, g] = [kernel([2], [2], 1, 0, 0.5, 0.5), kernel([2], [2], 0.5, 0.5, 0.5, 0.5)]
    expect(conditionalDivergence(totalVariation, p, f, g)).toBe(0.375)
    expect(conditionalDivergence(kullbackLeibler, p, f, g)).toBeCloseTo(0.75 * Math.LN2, 15)
    // Order 2: log(3/4 * 2 + 1/4).
    expect(conditionalDivergence(renyi(2), p, f, g)).toBeCloseTo(Math.log(1.75), 15)
    expect(conditionalDivergence(renyi(Infinity), p, f, g)).toBeCloseTo(Math.LN2, 15)
    expect(conditionalDivergence(hellingerDistance, p, f, g) ** 2).toBeCloseTo(0.75 * (1 - Math.SQRT1_2), 15)
    // An input without mass does not count.
    expect(
      conditionalDivergence(
        kullbackLeibler,
        kernel([], [2], 0, 1),
        kernel([2], [2], 1, 0, 0.5, 0.5),
        kernel([2], [2], 0, 1, 0.5, 0.5),
      ),
    ).toBe(0)
  })

  test.each(named)('%s: the divergence of the joint kernels that FinStoch composes', (_, d) => {
    const joint = jointWithOutput(FinStoch)
    fc.assert(
      fc.property(cases, ([p, f, g]) => {
        expectAgreement(d, conditionalDivergence(d, p, f, g), kernelDivergence(d, joint(p, f), joint(p, g)).supremum)
      }),
      { numRuns: 200 },
    )
  })

  test('a law on another set throws', () => {
    const f = FinStoch.id([2])
    expect(() => conditionalDivergence(totalVariation, kernel([], [3], 1, 0, 0), f, f)).toThrow('[3] meets domain [2]')
  })
})

describe('mixedDivergence', () => {
  test('infinite values', () => {
    expect(mixedDivergence(renyi(0.5), [0.5, 0.5], [0, Infinity])).toBeCloseTo(2 * Math.LN2, 15)
    expect(mixedDivergence(renyi(0.5), [0.5, 0.5], [Infinity, Infinity])).toBe(Infinity)
    expect(mixedDivergence(renyi(2), [0.5, 0.5], [0, Infinity])).toBe(Infinity)
    expect(mixedDivergence(renyi(Infinity), [1, 0], [1, Infinity])).toBe(1)
    expect(mixedDivergence(tsallis(2), [1, 0], [1, Infinity])).toBe(1)
    expect(mixedDivergence(tsallis(2), [0.5, 0.5], [1, Infinity])).toBe(Infinity)
  })
})
