import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { forward } from '../../../src/language-model/forward.js'
import { nllGradient } from '../../../src/language-model/gradient.js'
import { copyParameters, initialise } from '../../../src/language-model/initialise.js'
import type { ModelParameters, ModelShape } from '../../../src/language-model/model.js'
import { anyKernel, kernelOf, shapeOf } from '../../support/language-model.js'

/** The model by its definition, one context at a time. */
const directly = (p: ModelParameters, shape: ModelShape, context: readonly number[]) => {
  const linear = (weights: Float64Array, bias: Float64Array, input: readonly number[]): readonly number[] =>
    Array.from(bias, (b, row) => input.reduce((sum, x, i) => sum + weights[row * input.length + i]! * x, b))
  const embedding = context.flatMap((symbol) =>
    Array.from(p.embedding.subarray(symbol * shape.embedding, (symbol + 1) * shape.embedding)),
  )
  const layer = linear(p.layerWeights, p.layerBias, embedding).map(Math.tanh)
  const hidden = linear(p.projectionWeights, p.projectionBias, layer)
  const logits = linear(p.headWeights, p.headBias, hidden)
  const partition = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
  return { embedding, hidden, logProbabilities: logits.map((logit) => logit - partition) }
}

const kernel = kernelOf(
  3,
  [
    [0, 1],
    [2, 2],
    [1, 0],
    [0, 0],
  ],
  [0.4, 0.3, 0.2, 0.1],
  [
    [0.7, 0.2, 0.1],
    [0, 0.6, 0.4],
    [0.25, 0.25, 0.5],
    [1, 0, 0],
  ],
)
const seeded = (shape: ModelShape, seed: number): ModelParameters => {
  const copy = copyParameters(shape, initialise(shape, seed))
  // Biases away from zero, so that their gradients are tried at a general point.
  copy.flat.forEach((value, index) => {
    copy.flat[index] = value + 0.3 * Math.sin(index + seed)
  })
  return copy.parameters
}

describe('forward', () => {
  it('is the composite of the three maps', () => {
    const shape = shapeOf(kernel)
    const parameters = seeded(shape, 3)
    const pass = forward(parameters, shape, kernel.contexts)
    for (let context = 0; context < 4; context++) {
      const expected = directly(parameters, shape, Array.from(kernel.contexts.subarray(2 * context, 2 * context + 2)))
      expect(Array.from(pass.embeddings.subarray(6 * context, 6 * context + 6))).toEqual(expected.embedding)
      expected.hidden.forEach((value, d) => {
        expect(pass.hidden[2 * context + d]).toBeCloseTo(value, 14)
      })
      expected.logProbabilities.forEach((value, w) => {
        expect(pass.logProbabilities[3 * context + w]).toBeCloseTo(value, 14)
      })
    }
  })

  it('normalises logits of any size', () => {
    const shape = shapeOf(kernel)
    const { parameters } = copyParameters(shape, seeded(shape, 1))
    parameters.headBias.set([2000, 0, -2000])
    const { logProbabilities } = forward(parameters, shape, kernel.contexts)
    expect(logProbabilities[0]).toBe(0)
    expect(logProbabilities[2]).toBeCloseTo(-4000, -2)
  })
})

describe('nllGradient', () => {
  it('agrees with central differences in every parameter', () => {
    fc.assert(
      fc.property(anyKernel, fc.integer({ min: 0, max: 1000 }), (data, seed) => {
        const shape = shapeOf(data)
        const { flat, parameters } = copyParameters(shape, seeded(shape, seed))
        const exact = copyParameters(shape, nllGradient(data, shape, parameters).gradient).flat
        const step = 1e-5
        const norm = Math.hypot(...exact)
        for (let index = 0; index < flat.length; index++) {
          const value = flat[index]!
          flat[index] = value + step
          const above = nllGradient(data, shape, parameters).nll
          flat[index] = value - step
          const below = nllGradient(data, shape, parameters).nll
          flat[index] = value
          expect(Math.abs((above - below) / (2 * step) - exact[index]!)).toBeLessThan(1e-6 * Math.max(norm, 1e-3))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('gives the loss of the definition', () => {
    const shape = shapeOf(kernel)
    const parameters = seeded(shape, 7)
    const expected = kernel.weights.reduce((total, weight, context) => {
      const { logProbabilities } = directly(
        parameters,
        shape,
        Array.from(kernel.contexts.subarray(2 * context, 2 * context + 2)),
      )
      return logProbabilities.reduce((sum, value, w) => sum - weight * kernel.next[3 * context + w]! * value, total)
    }, 0)
    expect(nllGradient(kernel, shape, parameters).nll).toBeCloseTo(expected, 14)
  })
})
