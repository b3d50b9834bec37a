import { readFileSync } from 'node:fs'

import { describe, expect, it, test } from 'vitest'

import { onnxRuntime } from '../../../../src/compile/onnx/runtime.js'
import { initialParameters } from '../../../../src/language-model/architecture.js'
import type { TransformerShape } from '../../../../src/language-model/model.js'
import { namedParameters } from '../../../../src/language-model/parameter-layout.js'
import { transformerForward } from '../../../../src/language-model/transformer/forward.js'
import { rotate, rotations } from '../../../../src/language-model/transformer/rotary.js'
import { matrix } from '../../../../src/linear-algebra/matrix.js'
import { storiesAreAbsent, storiesFolder, storiesModel } from '../../../support/stories.js'
import { valueOf } from '../../../support/value-of.js'

const shape: TransformerShape = {
  kind: 'transformer',
  symbols: 7,
  width: 12,
  heads: 2,
  keyValueHeads: 1,
  layers: 2,
  inner: 10,
  tied: false,
  headBias: true,
}
const parameters = initialParameters(shape, 5)
const tokens = Int32Array.of(3, 1, 4, 1, 5, 2, 6, 5)

describe('transformerForward', () => {
  it('is causal: what comes later changes nothing', () => {
    const whole = transformerForward(shape, parameters, { tokens, length: 8 })
    const other = transformerForward(shape, parameters, { tokens: Int32Array.of(3, 1, 4, 1, 0, 0, 0, 0), length: 8 })
    expect(other.logProbabilities.subarray(0, 4 * 7)).toEqual(whole.logProbabilities.subarray(0, 4 * 7))
    expect(other.logProbabilities.subarray(4 * 7)).not.toEqual(whole.logProbabilities.subarray(4 * 7))
    const prefix = transformerForward(shape, parameters, { tokens: tokens.subarray(0, 5), length: 5 })
    prefix.hidden.forEach((value, index) => {
      expect(value).toBeCloseTo(whole.hidden[index]!, 13)
    })
  })

  it('keeps sequences apart', () => {
    const both = transformerForward(shape, parameters, { tokens, length: 4 })
    const second = transformerForward(shape, parameters, { tokens: tokens.subarray(4), length: 4 })
    second.hidden.forEach((value, index) => {
      expect(value).toBeCloseTo(both.hidden[4 * 12 + index]!, 13)
    })
  })

  it('has hidden states of root mean square one, and an affine head on them', () => {
    const { hidden, logProbabilities } = transformerForward(shape, parameters, { tokens, length: 8 })
    const named = namedParameters(shape, parameters)
    const [weights, bias] = [named.get('headWeights')!.entries, named.get('headBias')!.entries]
    for (let row = 0; row < 8; row++) {
      const state = hidden.subarray(row * 12, (row + 1) * 12)
      expect(state.reduce((sum, x) => sum + x * x, 0) / 12).toBeCloseTo(1, 3)
      const logits = Array.from(bias, (b, w) => state.reduce((sum, x, k) => sum + x * weights[w * 12 + k]!, b))
      const partition = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
      logits.forEach((logit, w) => {
        expect(logProbabilities[row * 7 + w]).toBeCloseTo(logit - partition, 13)
      })
    }
  })

  it('sees positions only through their differences', () => {
    const turns = rotations(9, 6)
    const products = Array.from({ length: 5 }, (_, place) => {
      const pair = matrix(9, 6)
      pair.entries.set([0.3, -1, 0.7, 0.2, -0.4, 0.9], place * 6)
      pair.entries.set([1.1, 0.5, -0.6, 0.8, 0.1, -0.2], (place + 4) * 6)
      rotate(pair, turns, 1)
      const [query, key] = [place, place + 4].map((row) => pair.entries.slice(row * 6, (row + 1) * 6))
      rotate(pair, turns, -1)
      expect(pair.entries[place * 6]).toBeCloseTo(0.3, 14)
      return query!.reduce((sum, x, k) => sum + x * key![k]!, 0)
    })
    for (const product of products) expect(product).toBeCloseTo(products[0]!, 14)
    // Without turning, the product is another one.
    expect(products[0]).not.toBeCloseTo(-0.68, 1)
  })

  it('refuses tokens that are no sequences of a length', () => {
    expect(() => transformerForward(shape, parameters, { tokens, length: 3 })).toThrow('8 tokens are no sequences of 3')
  })
})

test.skipIf(storiesAreAbsent)(
  `a published model says what onnxruntime says it says (skipped without ${storiesFolder})`,
  async () => {
    const model = storiesModel()
    // The first token is that of the beginning; the second is the first of "Once upon a time".
    const sequence = Int32Array.of(1, 403, 407, 261, 378, 20, 300, 511, 77, 150, 4, 9)
    const pass = transformerForward(model.shape, model.flat, { tokens: sequence, length: 12 })
    const first = pass.logProbabilities.subarray(0, 512)
    expect(Math.exp(Math.max(...first))).toBeCloseTo(0.7836887, 6)
    expect(first.indexOf(Math.max(...first))).toBe(403)

    const runtime = valueOf(await onnxRuntime())
    const session = await runtime.session(readFileSync(`${storiesFolder}/stories260K.onnx`))
    const { hidden, logits } = await session.run({
      input_ids: runtime.tensor(BigInt64Array.from(sequence, BigInt), [12]),
    })
    await session.release()
    expect(hidden!.data).toHaveLength(12 * 64)
    const [states, scores] = [hidden!.data, logits!.data]
    if (!(states instanceof Float32Array && scores instanceof Float32Array)) throw new Error('float32 is expected')
    states.forEach((value, index) => {
      expect(Math.abs(value - pass.hidden[index]!)).toBeLessThan(2e-5)
    })
    for (let row = 0; row < 12; row++) {
      const own = scores.subarray(row * 512, (row + 1) * 512)
      const partition = Math.log(own.reduce((sum, score) => sum + Math.exp(score), 0))
      own.forEach((score, w) => {
        expect(Math.abs(score - partition - pass.logProbabilities[row * 512 + w]!)).toBeLessThan(5e-5)
      })
    }
  },
)
