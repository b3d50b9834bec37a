import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { box, type Diagram, finite, program, state } from '../../../dsl/index.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import { shannonEntropy } from '../../../src/information/categorical-entropy.js'
import { mutualInformation } from '../../../src/information/mutual-information.js'
import { interpret } from '../../../src/interpret.js'
import { givenClass } from '../../../src/language-model/encoding-classes.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { threeEntropies } from '../../../src/language-model/three-entropies.js'
import { anyKernel } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'

/** H(last factor | first) of a joint law on two factors, by the chain rule. */
const conditional = (joint: Float64Array, first: number): number => {
  const width = joint.length / first
  const masses = Array.from({ length: first }, (_, x) =>
    joint.subarray(x * width, (x + 1) * width).reduce((sum, mass) => sum + mass, 0),
  )
  return shannonEntropy(joint) - shannonEntropy(masses)
}

describe('threeEntropies', () => {
  test('the conditional entropies of three diagrams, evaluated in FinStoch', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 16, maxLength: 16 })
    const logits = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(anyKernel, labels, logits, (kernel, drawn, heads) => {
        const [n, width] = [kernel.weights.length, kernel.symbols.length]
        const of = Int32Array.from({ length: n }, (_, x) => drawn[x]!)
        const classes = { of, count: 4 }
        const said = Array.from({ length: 4 }, (_, h) => logSoftmax(heads.slice(4 * h, 4 * h + width)))
        const logProbabilities = Float64Array.from(Array.from(of, (h) => [...said[h]!]).flat())

        const [X, H, W] = [finite('X', n), finite('H', 4), finite('W', width)]
        const mu = state('mu', [X])
        const encode = box('encode', [X], [H], { deterministic: true })
        const kHead = box('k_head', [H], [W])
        const kData = box('k_data', [X], [W])
        const meaning = interpret(FinStoch, {
          mu: [Array.from(kernel.weights)],
          encode: Array.from(of, (h) => [0, 1, 2, 3].map((each) => (each === h ? 1 : 0))),
          k_head: said.map((row) => Array.from(row, Math.exp)),
          k_data: Array.from({ length: n }, (_, x) => Array.from(kernel.next.subarray(x * width, (x + 1) * width))),
        })
        const entriesOf = (diagram: Diagram): Float64Array => valueOf(meaning(diagram)).entries
        const model = program([], () => {
          const [x] = mu()
          const [h] = encode(x)
          const [w] = kHead(h)
          return [h, w]
        })
        const data = program([], () => {
          const [x] = mu()
          const [h] = encode(x)
          const [w] = kData(x)
          return [h, w]
        })
        const context = program([], () => {
          const [x] = mu()
          const [w] = kData(x)
          return [x, w]
        })
        const found = threeEntropies(kernel, classes, logProbabilities)
        expect(found.modelGivenHidden).toBeCloseTo(conditional(entriesOf(model), 4), 12)
        expect(found.dataGivenHidden).toBeCloseTo(conditional(entriesOf(data), 4), 12)
        expect(found.dataGivenContext).toBeCloseTo(conditional(entriesOf(context), n), 12)
        // What the encoder loses is never negative, and the difference of the informations.
        const lost = mutualInformation(entriesOf(context), n) - mutualInformation(entriesOf(data), 4)
        expect(found.dataGivenHidden - found.dataGivenContext).toBeCloseTo(lost, 12)
        expect(lost).toBeGreaterThanOrEqual(-1e-12)
      }),
      { numRuns: 60 },
    )
  })

  test('three different numbers: mess3 through its last symbol under a head of its own', () => {
    const kernel = valueOf(processKernel(valueOf(parseProcess('mess3')), 5))
    const of = Int32Array.from(kernel.weights, (_, x) => kernel.contexts[5 * x + 4]!)
    const said = [0, 1, 2].map((h) => logSoftmax([0, 1, 2].map((w) => (w === h ? 2.5 : 0))))
    const logs = Float64Array.from(Array.from(of, (h) => [...said[h]!]).flat())
    const found = threeEntropies(kernel, { of, count: 3 }, logs)
    expect(found.dataGivenContext).toBeCloseTo(0.793783, 6)
    expect(found.dataGivenHidden - found.dataGivenContext).toBeCloseTo(0.063936, 6)
    expect(found.modelGivenHidden).toBeCloseTo(shannonEntropy(said[0]!.map(Math.exp)), 14)
    // It is a model that is surer than its data allow.
    expect(found.modelGivenHidden).toBeLessThan(found.dataGivenContext)
  })

  test('sizes that do not fit throw', () => {
    const kernel = { symbols: ['a', 'b'], weights: Float64Array.of(1), next: Float64Array.of(0.5, 0.5) }
    expect(() => threeEntropies(kernel, { of: Int32Array.of(0, 0), count: 1 }, kernel.next)).toThrow('2 classes')
    expect(() => threeEntropies(kernel, { of: Int32Array.of(0), count: 1 }, new Float64Array(3))).toThrow('3 log')
  })
})

describe('givenClass', () => {
  test('a context alone in its class keeps its features bit for bit', () => {
    const features = Float64Array.of(0.1, 0.7, 0.2, 0.3, 0.3, 0.4)
    const { masses, features: means } = givenClass(features, [0.3, 0.7], { of: Int32Array.of(1, 0), count: 2 })
    expect(Array.from(masses)).toEqual([0.7, 0.3])
    expect(Array.from(means)).toEqual([0.3, 0.3, 0.4, 0.1, 0.7, 0.2])
  })
})
