import { describe, expect, test } from 'vitest'

import type { DataAnalysis } from '../../../src/language-model/analysis.js'
import { analyzeData } from '../../../src/language-model/data-analysis.js'
import { type Law, processLaw, textLaw } from '../../../src/language-model/law.js'
import { dataOperators } from '../../../src/language-model/operator-analysis.js'
import { lawOfData } from '../../../src/language-model/predictive-law.js'
import { samplePairs } from '../../../src/language-model/sampled-pairs.js'
import { valueOf } from '../../support/value-of.js'

const analyzed = (law: Law): DataAnalysis => valueOf(analyzeData(law, valueOf(dataOperators(lawOfData(law.kernel))), 2))
const bits = (nats: number): number => nats / Math.LN2

describe('what a process is known for', () => {
  test.each([
    ['golden-mean', 2 / 3, 0.2516291673878239, 0],
    ['z1r', 1 / 3, Math.log2(3), Math.log2(3) - 2 / 3],
  ])('%s: rate, excess entropy and surplus of the whole past and future are closed', (name, rate, excess, surplus) => {
    const { process } = analyzed(valueOf(processLaw(name, 2)))
    for (const [figure, expected] of [
      [process!.entropyRate, rate],
      [process!.excessEntropy, excess],
      [process!.infiniteDraft, surplus],
    ] as const) {
      expect(figure.holds).toBe(true)
      expect(bits(figure.value)).toBeCloseTo(expected, 8)
      expect(bits(figure.limit)).toBeCloseTo(expected, 8)
    }
  })

  test('Mess3: brackets that hold the published rate and surplus, and agree from both sides', () => {
    const { process, surplus } = analyzed(valueOf(processLaw('mess3(x=0.05,a=0.85)', 6)))
    expect(bits(process!.entropyRate.value)).toBeLessThan(1.1447172)
    expect(bits(process!.entropyRate.limit)).toBeGreaterThan(1.1447171)
    expect(bits(process!.entropyRate.limit - process!.entropyRate.value)).toBeLessThan(2e-5)
    for (const [index, known] of [0.09271, 0.121417, 0.12814].entries()) {
      const { infinitePast } = surplus[index]!
      expect(infinitePast!.holds).toBe(true)
      expect(bits(infinitePast!.value)).toBeLessThanOrEqual(known + 1e-6)
      expect(bits(infinitePast!.limit)).toBeGreaterThanOrEqual(known - 1e-6)
      expect(bits(infinitePast!.limit - infinitePast!.value)).toBeLessThan(1e-4)
    }
    expect(process!.excessEntropy.holds && process!.infiniteDraft.holds).toBe(true)
  })

  test('a text has no process behind it, and no such figures', () => {
    const { process, surplus } = analyzed(valueOf(textLaw('own', 'it was the best of times '.repeat(5), 1)))
    expect(process).toBeUndefined()
    expect(surplus.map(({ infinitePast }) => infinitePast)).toEqual([undefined, undefined, undefined])
  })
})

test('pairs drawn from a law have its frequencies, and their seed determines them', () => {
  const { kernel } = valueOf(processLaw('mess3', 2))
  const count = 20_000
  const { contexts, tokens } = samplePairs(kernel, count, 5)
  expect(samplePairs(kernel, count, 5).tokens).toEqual(tokens)
  expect(samplePairs(kernel, count, 6).tokens).not.toEqual(tokens)
  const seen = new Float64Array(kernel.next.length)
  contexts.forEach((context, pair) => (seen[context * 3 + tokens[pair]!]! += 1 / count))
  seen.forEach((frequency, place) => {
    const probability = kernel.weights[Math.floor(place / 3)]! * kernel.next[place]!
    expect(Math.abs(frequency - probability)).toBeLessThan(5 * Math.sqrt(probability / count))
  })
})
