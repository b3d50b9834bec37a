import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { initialParameters } from '../../../../src/language-model/architecture.js'
import type { ForwardPass } from '../../../../src/language-model/forward.js'
import type { TransformerShape } from '../../../../src/language-model/model.js'
import { parameterLayout } from '../../../../src/language-model/parameter-layout.js'
import { transformerForward } from '../../../../src/language-model/transformer/forward.js'
import { transformerGradient } from '../../../../src/language-model/transformer/gradient.js'
import { relativeErrors } from '../gradient-support.js'

const shapes: fc.Arbitrary<TransformerShape> = fc
  .record({
    symbols: fc.integer({ min: 2, max: 5 }),
    headSize: fc.constantFrom(2, 4),
    heads: fc.constantFrom([1, 1], [2, 1], [2, 2], [4, 2]),
    layers: fc.integer({ min: 1, max: 3 }),
    inner: fc.integer({ min: 1, max: 5 }),
    tied: fc.boolean(),
    headBias: fc.boolean(),
  })
  .map(({ headSize, heads: [heads, keyValueHeads], ...rest }) => ({
    kind: 'transformer',
    width: headSize * heads!,
    heads: heads!,
    keyValueHeads: keyValueHeads!,
    ...rest,
  }))

/** Parameters at a general point: gains away from one, biases away from zero. */
const general = (shape: TransformerShape, seed: number): Float64Array =>
  initialParameters(shape, seed).map((value, index) => value + 0.3 * Math.sin(index + seed))

const tokensOf = (shape: TransformerShape, count: number, seed: number): Int32Array =>
  Int32Array.from({ length: count }, (_, index) =>
    Math.floor(shape.symbols * (0.5 + 0.499 * Math.sin(7 * index + seed))),
  )

const lossOf = ({ logProbabilities }: ForwardPass, next: Int32Array): number =>
  next.reduce(
    (sum, token, row) => sum - logProbabilities[row * (logProbabilities.length / next.length) + token]! / next.length,
    0,
  )

describe('transformerGradient', () => {
  it('agrees with central differences in every matrix of every shape', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 4 }), (shape, seed, length) => {
        const parameters = general(shape, seed)
        const sequences = { tokens: tokensOf(shape, 2 * length, seed), length }
        const next = tokensOf(shape, 2 * length, seed + 1)
        const { gradient } = transformerGradient(shape, parameters, sequences, next)
        const lossAt = (at: Float64Array): number => lossOf(transformerForward(shape, at, sequences), next)
        for (const [name, error] of relativeErrors(parameterLayout(shape), parameters, gradient, lossAt))
          expect(error, name).toBeLessThan(1e-6)
      }),
      { numRuns: 8 },
    )
  })

  it('gives the loss that the log-probabilities say', () => {
    const shape: TransformerShape = {
      kind: 'transformer',
      symbols: 5,
      width: 8,
      heads: 2,
      keyValueHeads: 1,
      layers: 2,
      inner: 6,
      tied: false,
      headBias: true,
    }
    const parameters = general(shape, 3)
    const sequences = { tokens: tokensOf(shape, 12, 1), length: 4 }
    const next = tokensOf(shape, 12, 2)
    const expected = lossOf(transformerForward(shape, parameters, sequences), next)
    expect(transformerGradient(shape, parameters, sequences, next).nll).toBeCloseTo(expected, 14)
  })
})
