import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import {
  copyParameters,
  initialise,
  modelShape,
  parameterCount,
  parametersOver,
} from '../../../src/language-model/initialise.js'
import type { ModelShape } from '../../../src/language-model/model.js'
import { kernelOf } from '../../support/language-model.js'

const shape: ModelShape = { symbols: 27, contextLength: 2, embedding: 8, width: 64, hidden: 8 }
const deviation = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

describe('initialise', () => {
  it('draws each map at its scale, and leaves biases at zero', () => {
    const parameters = initialise({ ...shape, embedding: 64, width: 256, hidden: 64 }, 1)
    expect(deviation(parameters.embedding)).toBeCloseTo(0.5, 1)
    expect(deviation(parameters.layerWeights) * Math.sqrt(2 * 64)).toBeCloseTo(1, 1)
    expect(deviation(parameters.projectionWeights) * Math.sqrt(256)).toBeCloseTo(1, 1)
    expect(deviation(parameters.headWeights) * Math.sqrt(64)).toBeCloseTo(1, 1)
    for (const bias of [parameters.layerBias, parameters.projectionBias, parameters.headBias])
      expect(bias.every((value) => value === 0)).toBe(true)
  })

  it('is determined by the seed', () => {
    expect(initialise(shape, 5)).toEqual(initialise(shape, 5))
    expect(initialise(shape, 5).embedding).not.toEqual(initialise(shape, 6).embedding)
  })
})

describe('parametersOver', () => {
  it('lays the parameters over an array, each number once', () => {
    const flat = Float64Array.from({ length: parameterCount(shape) }, (_, index) => index)
    const { parameters } = parametersOver(shape, flat)
    expect(Object.values(parameters).flatMap((part: Float64Array) => Array.from(part))).toEqual(Array.from(flat))
    expect(parameters.headWeights.length).toBe(27 * 8)
    expect(() => parametersOver(shape, flat.subarray(1))).toThrow('2066 numbers for a shape of 2067')
  })

  it('copies parameters to an array of their own', () => {
    const parameters = initialise(shape, 2)
    const copy = copyParameters(shape, parameters)
    expect(copy.parameters).toEqual(parameters)
    copy.flat.fill(0)
    expect(parameters.headWeights.some((value) => value !== 0)).toBe(true)
  })
})

describe('modelShape', () => {
  const kernel = kernelOf(
    2,
    [[0], [1]],
    [1, 1],
    [
      [1, 0],
      [1, 1],
    ],
  )

  it('has the sizes of the kernel, and the defaults', () => {
    expect(modelShape(kernel)).toEqual(right({ symbols: 2, contextLength: 1, embedding: 8, width: 64, hidden: 8 }))
    expect(modelShape(kernel, { hidden: 3 })).toMatchObject(right({ width: 64, hidden: 3 }))
  })

  it('refuses sizes that are none', () => {
    for (const hidden of [0, -1, 1.5, NaN, 5000])
      expect(modelShape(kernel, { hidden })).toMatchObject(
        left({ kind: 'out-of-range', where: 'model shape, hidden', remedy: 'give a whole number from 1 to 4096' }),
      )
  })
})
