import { describe, expect, it } from 'vitest'

import { defaultOptimiser, type Descent, descend, rateAt } from '../../../src/language-model/optimiser.js'

const layout = [
  { name: 'w', rows: 1, columns: 2, kind: 'weights' },
  { name: 'b', rows: 1, columns: 1, kind: 'bias' },
] as const
const descentAt = (parameters: readonly number[]): Descent => ({
  parameters: Float64Array.from(parameters),
  mean: new Float64Array(parameters.length),
  square: new Float64Array(parameters.length),
})

describe('rateAt', () => {
  const schedule = { ...defaultOptimiser, learningRate: 2, steps: 100 }

  it('is constant, then a cosine to zero', () => {
    expect([0, 49, 50, 75, 100].map((step) => rateAt(schedule, step))).toEqual([2, 2, 2, 1, 0])
    expect([0, 50, 100].map((step) => rateAt({ ...schedule, decayFrom: 0 }, step))).toEqual([2, 1, 0])
    expect([0, 99, 100].map((step) => rateAt({ ...schedule, decayFrom: 1 }, step))).toEqual([2, 2, 2])
  })

  it('rises in a line while it warms up, under the cosine if that has begun', () => {
    expect([0, 1, 3, 4].map((step) => rateAt({ ...schedule, warmUp: 4 }, step))).toEqual([0.5, 1, 2, 2])
    expect(rateAt({ ...schedule, warmUp: 100, decayFrom: 0 }, 49)).toBeCloseTo(0.5 * (1 + Math.cos(0.49 * Math.PI)), 14)
  })
})

describe('descend', () => {
  const settings = { ...defaultOptimiser, steps: 100, learningRate: 0.1 }

  it('goes first by the step size along the sign of each slope, then by Adam’s means', () => {
    const descent = descentAt([1, 1, 1])
    descend(descent, Float64Array.of(5, -1e-3, 0), settings, 0, layout)
    expect(Array.from(descent.parameters, (x) => Number(x.toFixed(5)))).toEqual([0.9, 1.1, 1])
    descend(descent, Float64Array.of(1, 1e-3, 0), settings, 1, layout)
    const [mean, square] = [(0.9 * 0.5 + 0.1) / (1 - 0.9 ** 2), (0.999 * 0.025 + 0.001) / (1 - 0.999 ** 2)]
    expect(descent.parameters[0]).toBeCloseTo(0.9 - (0.1 * mean) / (Math.sqrt(square) + 1e-8), 8)
    expect(descent.parameters[2]).toBe(1)
  })

  it('shortens a gradient that is too long, and leaves others', () => {
    const long = descentAt([0, 0, 0])
    descend(long, Float64Array.of(3, 4, 0), { ...settings, largestNorm: 1 }, 0, layout)
    expect(long.mean[0]).toBeCloseTo(0.06, 14)
    expect(long.mean[1]).toBeCloseTo(0.08, 14)
    const short = descentAt([0, 0, 0])
    descend(short, Float64Array.of(3, 4, 0), { ...settings, largestNorm: 5 }, 0, layout)
    expect(short.mean[0]).toBeCloseTo(0.3, 14)
  })

  it('draws weights to zero in proportion to the step size, and no bias', () => {
    const descent = descentAt([2, -2, 2])
    descend(descent, new Float64Array(3), { ...settings, weightDecay: 0.5 }, 0, layout)
    expect(Array.from(descent.parameters)).toEqual([1.9, -1.9, 2])
  })
})
