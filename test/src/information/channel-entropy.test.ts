/** The closed forms of entropies of kernels against the definition, built in FinStoch. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { jointWithOutput } from '../../../src/category/almost-sure.js'
import { enrichedEntropy } from '../../../src/category/divergence-enrichment.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { channelEntropy, conditionalChannelEntropy } from '../../../src/information/channel-entropy.js'
import {
  fDivergence,
  kullbackLeibler,
  renyi,
  reverseKullbackLeibler,
  showDivergence,
  totalVariation,
} from '../../../src/information/divergence.js'
import { exampleDivergences, finStochEnrichment } from '../../../src/information/fin-stoch-enrichment.js'
import { kernelDivergence } from '../../../src/information/kernel-divergence.js'
import { kernelEntropy } from '../../../src/information/kernel-entropy.js'
import { expectAgreement, kernelsOn, sets } from './support.js'

const triangular = fDivergence('triangular', (t) => (t - 1) ** 2 / (t + 1), { atZero: 1, slopeAtInfinity: 1 })
const named = [...exampleDivergences, triangular].map((d) => [showDivergence(d), d] as const)
const { seq, par, copy } = FinStoch

const cases = fc
  .tuple(fc.constantFrom<readonly number[]>([], [], [2]), sets, sets)
  .chain(([z, a, x]) => fc.tuple(kernelsOn(z, a), kernelsOn(a, x)))

describe('channelEntropy', () => {
  test.each(named)('%s: D(f ; copy || copy ; (f ⊗ f))', (_, d) => {
    const defined = enrichedEntropy(FinStoch, finStochEnrichment(d))
    fc.assert(
      fc.property(cases, ([, f]) => expectAgreement(d, channelEntropy(d, f).supremum, defined(f))),
      { numRuns: 200 },
    )
  })

  test('golden values', () => {
    const f: StochasticMatrix = { domain: [3], codomain: [2], entries: Float64Array.of(1, 0, 0.75, 0.25, 0.5, 0.5) }
    expect(channelEntropy(totalVariation, f)).toEqual({ supremum: 0.5, attainedAt: 2 })
    expect(channelEntropy(renyi(2), f)).toEqual({ supremum: Math.LN2, attainedAt: 1 })
    expect(channelEntropy(renyi(Infinity), f).supremum).toBeCloseTo(Math.log(4), 15)
    expect(channelEntropy(reverseKullbackLeibler, f)).toEqual({ supremum: Infinity, attainedAt: 1 })
    expect(channelEntropy(reverseKullbackLeibler, FinStoch.swap([2], [3]))).toEqual({ supremum: 0, attainedAt: 0 })
    const none: StochasticMatrix = { domain: [0], codomain: [2], entries: new Float64Array(0) }
    expect(channelEntropy(totalVariation, none)).toEqual({ supremum: 0, attainedAt: undefined })
  })
})

describe('conditionalChannelEntropy', () => {
  test.each(named)('%s: the same with the input kept', (_, d) => {
    const joint = jointWithOutput(FinStoch)
    fc.assert(
      fc.property(cases, ([p, f]) => {
        const copied = joint(p, seq(f, copy(f.codomain)))
        const independent = joint(p, seq(copy(f.domain), par(f, f)))
        expectAgreement(d, conditionalChannelEntropy(d, p, f), kernelDivergence(d, copied, independent).supremum)
      }),
      { numRuns: 200 },
    )
  })

  test('for Kullback-Leibler it is the average entropy of the rows', () => {
    fc.assert(
      fc.property(
        sets.chain((a) => fc.tuple(kernelsOn([], a), kernelsOn(a, [3]))),
        ([p, f]) => {
          const { mean } = kernelEntropy(kullbackLeibler, p.entries, f.entries)
          expect(conditionalChannelEntropy(kullbackLeibler, p, f)).toBeCloseTo(mean, 13)
        },
      ),
    )
  })
})
