import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, copy, finite, id, par, seq } from '../../../dsl/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { categoricalEntropy } from '../../../src/information/categorical-entropy.js'
import { conditionalChannelEntropy } from '../../../src/information/channel-entropy.js'
import { kullbackLeibler, renyi, showDivergence } from '../../../src/information/divergence.js'
import { exampleDivergences } from '../../../src/information/fin-stoch-enrichment.js'
import { kernelDivergence } from '../../../src/information/kernel-divergence.js'
import { interpret } from '../../../src/interpret.js'
import { headDistribution, headLogits } from '../../../src/language-model/head-divergence.js'
import { headEntropies, headEntropy } from '../../../src/language-model/head-entropy.js'
import { valueOf } from '../../support/value-of.js'
import { expectAgreement, normalised } from '../information/support.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'
import { golden } from './head-support.js'

/** A head at a few hidden states under weights. */
const cases = fc
  .record({ states: fc.integer({ min: 1, max: 5 }), symbols: fc.integer({ min: 1, max: 6 }), seed: seeds })
  .map(({ states, symbols, seed }) => ({
    states,
    symbols,
    head: {
      headWeights: normalMatrix(symbols, 2, seed).entries,
      headBias: normalMatrix(symbols, 1, seed + 1).entries,
    },
    hidden: normalMatrix(states, 2, seed + 2).entries,
    weights: normalised(Array.from(normalMatrix(1, states, seed + 3).entries, (x) => x * x + 0.01)),
  }))

describe('headEntropies', () => {
  test.each(exampleDivergences.map((d) => [showDivergence(d), d] as const))(
    '%s: the diagram k_head ; copy against copy ; (k_head x k_head), evaluated in FinStoch',
    (_, d) => {
      fc.assert(
        fc.property(cases, ({ states, symbols, head, hidden, weights }) => {
          const [H, W] = [finite('H', states), finite('W', symbols)]
          const kHead = box('k_head', [H], [W])
          const rows = Array.from({ length: states }, (__, x) =>
            Array.from(headDistribution(head, hidden.subarray(2 * x, 2 * x + 2))),
          )
          const meaning = interpret(FinStoch, { k_head: rows })
          const [copied, independent] = [seq(kHead, copy(W)), seq(copy(H), par(kHead, kHead))].map((diagram) =>
            valueOf(meaning(diagram)),
          )
          const [found] = headEntropies([d], head, hidden, weights)
          const defined = kernelDivergence(d, copied!, independent!)
          expectAgreement(d, found!.supremum, defined.supremum)
          // Where rounding decides between two states, either may be named.
          expectAgreement(
            d,
            headEntropy(d, head, hidden.subarray(2 * found!.attainedAt, 2 * found!.attainedAt + 2)),
            defined.supremum,
          )
          // The mean: under the law of states, with the state kept; a mean of the values for f-divergences.
          if (d.kind !== 'renyi' && d.kind !== 'hellinger-distance' && d.kind !== 'jensen-shannon-distance') {
            const law = { domain: [], codomain: [states], entries: weights }
            const kernel = valueOf(meaning(seq(id(H), kHead)))
            expectAgreement(d, found!.mean, conditionalChannelEntropy(d, law, kernel))
          }
        }),
        { numRuns: 50 },
      )
    },
  )

  test('pointwise it is the closed form at the distribution of the head', () => {
    const { head, from } = golden
    for (const d of exampleDivergences)
      expectAgreement(d, headEntropy(d, head, from), categoricalEntropy(d, headDistribution(head, from)))
    // From the golden probabilities, by Python.
    expect(headEntropy(kullbackLeibler, head, from)).toBeCloseTo(1.2280942331071953, 13)
  })

  test('a head so sure that its other tokens underflow', () => {
    const head = { headWeights: Float64Array.of(0, -1), headBias: Float64Array.of(0, 0) }
    expect(headEntropy(renyi(Infinity), head, Float64Array.of(3000))).toBe(3000)
    expect(headEntropy(kullbackLeibler, head, Float64Array.of(100)) / (101 * Math.exp(-100))).toBeCloseTo(1, 12)
    expect(Array.from(headLogits(head, Float64Array.of(3000)))).toEqual([0, -3000])
  })

  test('states of equal weight, states of dimension zero, and sizes that do not fit', () => {
    const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
    const [each] = headEntropies([kullbackLeibler], head, Float64Array.of(0, 1, 1))
    expect(each!.mean).toBeCloseTo((Math.LN2 + 2 * 0.5623351446188083) / 3, 14)
    const constant = { headWeights: new Float64Array(0), headBias: Float64Array.of(0, 0, 0) }
    expect(headEntropies([kullbackLeibler], constant, new Float64Array(0), [0.5, 0.5])[0]!.mean).toBeCloseTo(
      Math.log(3),
      14,
    )
    expect(() => headEntropies([kullbackLeibler], head, Float64Array.of(0, 1), [1])).toThrow('not 1 states')
    const wide = { headWeights: Float64Array.of(1, 2, 3, 4), headBias: Float64Array.of(0, 0) }
    expect(() => headEntropies([kullbackLeibler], wide, Float64Array.of(0, 1, 2))).toThrow('dimension 2')
  })
})
