import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { initialise, parametersOver } from '../../../src/language-model/initialise.js'
import type { ModelShape } from '../../../src/language-model/model.js'
import { conditionalEntropy, nllIdentities } from '../../../src/language-model/nll-identities.js'
import { anyKernel, kernelOf, shapeOf } from '../../support/language-model.js'

describe('nllIdentities', () => {
  it('hold to 1e-12 for every kernel at every parameters', () => {
    fc.assert(
      fc.property(
        anyKernel,
        fc.integer(),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (kernel, seed, scale, bias) => {
          const shape = shapeOf(kernel)
          const parameters = initialise(shape, seed)
          parameters.headWeights.forEach((value, index) => (parameters.headWeights[index] = scale * value))
          parameters.headBias.set(bias.slice(0, shape.symbols))
          const identities = nllIdentities(kernel, shape, parameters)
          expect(Math.abs(identities.crossEntropyResidual)).toBeLessThan(1e-12)
          expect(Math.abs(identities.calibrationResidual)).toBeLessThan(1e-12)
          expect(identities.divergence).toBeGreaterThanOrEqual(-1e-12)
          expect(identities.modelEntropy).toBeLessThanOrEqual(Math.log(shape.symbols) + 1e-12)
        },
      ),
    )
  })

  it('have these values for three contexts with given logits', () => {
    const kernel = kernelOf(
      3,
      [[0], [1], [2]],
      [0.5, 0.3, 0.2],
      [
        [0.7, 0.2, 0.1],
        [0.1, 0.6, 0.3],
        [0.25, 0.25, 0.5],
      ],
    )
    // Three hidden units, one for each symbol, that the head reads as the rows of logits.
    const shape: ModelShape = { symbols: 3, contextLength: 1, embedding: 3, width: 3, hidden: 3 }
    const { parameters } = parametersOver(shape)
    const identityMatrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    const one = Math.tanh(1)
    parameters.embedding.set(identityMatrix)
    parameters.layerWeights.set(identityMatrix)
    parameters.projectionWeights.set(identityMatrix.map((value) => value / one))
    const logits = [
      [1, 0, -0.5],
      [-0.5, 0.8, 0.2],
      [0, 0, 0.6],
    ]
    logits.forEach((row, context) => {
      row.forEach((value, w) => (parameters.headWeights[w * 3 + context] = value))
    })
    const identities = nllIdentities(kernel, shape, parameters)
    expect(identities.nll).toBeCloseTo(0.888217690781141, 13)
    expect(identities.dataEntropy).toBeCloseTo(0.8782371478966862, 13)
    expect(identities.divergence).toBeCloseTo(0.00998054288445474, 13)
    expect(identities.modelEntropy).toBeCloseTo(0.9563999560271588, 13)
    expect(identities.calibration).toBeCloseTo(-0.06818226524601778, 13)
    expect(identities.headGradientNorm).toBeGreaterThan(0.01)
  })
})

describe('conditionalEntropy', () => {
  it('is the mean of the entropies of the rows', () => {
    const kernel = kernelOf(
      2,
      [[0], [1]],
      [3, 1],
      [
        [1, 1],
        [0, 1],
      ],
    )
    expect(conditionalEntropy(kernel)).toBeCloseTo(0.75 * Math.LN2, 15)
  })
})
