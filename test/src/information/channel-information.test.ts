/** Mutual informations of kernels against the definition, built in FinStoch. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { jointWithOutput } from '../../../src/category/almost-sure.js'
import { enrichedInformation } from '../../../src/category/divergence-enrichment.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { categoricalEntropy } from '../../../src/information/categorical-entropy.js'
import {
  channelInformation,
  conditionalChannelInformation,
  inputOutputInformation,
} from '../../../src/information/channel-information.js'
import { fDivergence, kullbackLeibler, showDivergence, totalVariation } from '../../../src/information/divergence.js'
import { exampleDivergences, finStochEnrichment } from '../../../src/information/fin-stoch-enrichment.js'
import { kernelDivergence } from '../../../src/information/kernel-divergence.js'
import { mutualInformation } from '../../../src/information/mutual-information.js'
import { distributions, expectAgreement, kernelsOn, sets } from './support.js'

const triangular = fDivergence('triangular', (t) => (t - 1) ** 2 / (t + 1), { atZero: 1, slopeAtInfinity: 1 })
const named = [...exampleDivergences, triangular].map((d) => [showDivergence(d), d] as const)
const { seq, par, copy, discard, id } = FinStoch

const cases = fc
  .tuple(fc.constantFrom<readonly number[]>([], [], [2]), sets, sets, sets)
  .chain(([z, a, x, y]) =>
    fc.tuple(kernelsOn(z, a), kernelsOn(a, [...x, ...y]), fc.constant(x), fc.constant(y), kernelsOn(a, x)),
  )

describe('channelInformation', () => {
  test.each(named)('%s: D(f || copy ; (f_X ⊗ f_Y))', (_, d) => {
    const defined = enrichedInformation(FinStoch, finStochEnrichment(d))
    fc.assert(
      fc.property(cases, ([, f, x, y]) => {
        expectAgreement(d, channelInformation(d, f, x, y).supremum, defined(f, x, y))
      }),
      { numRuns: 200 },
    )
  })

  test.each(named)('%s: of a joint law it is mutualInformation; of a copy it is the entropy', (_, d) => {
    fc.assert(
      fc.property(fc.tuple(kernelsOn([], [3, 2]), distributions(5)), ([joint, p]) => {
        expect(channelInformation(d, joint, [3], [2]).supremum).toBe(mutualInformation(joint.entries, 3, d))
        const law: StochasticMatrix = { domain: [], codomain: [p.length], entries: p }
        const copied = seq(law, copy([p.length]))
        expectAgreement(d, channelInformation(d, copied, [p.length], [p.length]).supremum, categoricalEntropy(d, p))
      }),
    )
  })

  test('a codomain that is no such product throws', () => {
    expect(() => channelInformation(kullbackLeibler, id([2, 3]), [3], [2])).toThrow('[2, 3] is not [3] ⊗ [2]')
  })
})

describe('conditionalChannelInformation', () => {
  test.each(named)('%s: the same with the input kept', (_, d) => {
    const joint = jointWithOutput(FinStoch)
    fc.assert(
      fc.property(cases, ([p, f, x, y]) => {
        const [first, second] = [seq(f, par(id(x), discard(y))), seq(f, par(discard(x), id(y)))]
        const independent = joint(p, seq(copy(f.domain), par(first, second)))
        expectAgreement(
          d,
          conditionalChannelInformation(d, p, f, x, y),
          kernelDivergence(d, joint(p, f), independent).supremum,
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('inputOutputInformation', () => {
  test.each(named)('%s: D(p ; copy ; (id ⊗ f) || p ⊗ (p ; f))', (_, d) => {
    const defined = enrichedInformation(FinStoch, finStochEnrichment(d))
    const joint = jointWithOutput(FinStoch)
    fc.assert(
      fc.property(cases, ([p, , , , f]) => {
        expectAgreement(d, inputOutputInformation(d, p, f), defined(joint(p, f), f.domain, f.codomain))
      }),
      { numRuns: 200 },
    )
  })

  test('golden values of the binary symmetric channel', () => {
    const coin: StochasticMatrix = { domain: [], codomain: [2], entries: Float64Array.of(0.5, 0.5) }
    const noisy: StochasticMatrix = { domain: [2], codomain: [2], entries: Float64Array.of(0.9, 0.1, 0.1, 0.9) }
    // log 2 - h(0.1), and half of 0.9 - 0.1.
    const capacity = Math.LN2 + 0.1 * Math.log(0.1) + 0.9 * Math.log(0.9)
    expect(inputOutputInformation(kullbackLeibler, coin, noisy)).toBeCloseTo(capacity, 14)
    expect(inputOutputInformation(totalVariation, coin, noisy)).toBeCloseTo(0.4, 15)
    expect(() => inputOutputInformation(kullbackLeibler, coin, id([3]))).toThrow('[2] meets domain [3]')
  })
})
