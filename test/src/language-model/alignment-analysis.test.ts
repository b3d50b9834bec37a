import { beforeAll, describe, expect, test } from 'vitest'

import { analyzeAlignment } from '../../../src/language-model/alignment-analysis.js'
import { type AlignmentAnalysis, reportedSimilarities } from '../../../src/language-model/analysis.js'
import { type Law, processLaw, textLaw } from '../../../src/language-model/law.js'
import type { LawModels } from '../../../src/language-model/law-model.js'
import { dataOperators } from '../../../src/language-model/operator-analysis.js'
import { lawOfData, lawOfProcess } from '../../../src/language-model/predictive-law.js'
import { surrogateOptimum } from '../../../src/language-model/surrogate-optimum.js'
import { trainedModels, withHidden } from '../../support/trained-models.js'
import { valueOf } from '../../support/value-of.js'

const settings = { seed: 1, draws: 30 }

const analyzed = ({ kernel, source }: Law, models: LawModels): AlignmentAnalysis => {
  const law = source.kind === 'process' ? lawOfProcess(kernel) : lawOfData(kernel)
  return valueOf(analyzeAlignment(kernel, law, valueOf(dataOperators(law)), models, settings))
}

describe('alignment with Mess3, contexts of 6', () => {
  let law: Law
  let models: LawModels
  let analysis: AlignmentAnalysis
  beforeAll(async () => {
    law = valueOf(processLaw('mess3(x=0.05,a=0.85)', 6))
    models = await trainedModels(law, 2, 150)
    analysis = analyzed(law, models)
  })

  test('the surrogate’s optimum spans the canonical correlations of the golden values, scaled by kappa', () => {
    const { surrogate } = analysis
    const square = 0.5690168844001106 ** 2 + 0.5690168844001103 ** 2
    expect(surrogate.correlations.limit).toBeCloseTo(square, 9)
    expect(surrogate.gain.limit - surrogate.gain.value).toBeCloseTo(square / (2 * surrogate.factor), 9)
    expect(surrogate.gain.limit).toBeCloseTo(Math.log(3), 9)
    expect(Math.abs(surrogate.value.residual)).toBeLessThan(1e-12)
    expect(surrogate.nll.holds && surrogate.gain.holds && surrogate.correlations.holds).toBe(true)
    expect(surrogate.captured.cca).toBeCloseTo(1, 9)
    expect(surrogate.overlap.cca).toBeCloseTo(1, 9)
  })

  test('training brings every score above chance and both baselines', () => {
    for (const similarity of reportedSimilarities) {
      const { captured, overlap, principalAngles } = analysis.kernels[similarity]
      expect(captured.verdict, similarity).toBe('above chance and both baselines')
      expect(captured.invariant).toBe(true)
      // The mean squared cosine of the angles is the overlap.
      const cosines = principalAngles.map((angle) => Math.cos((angle * Math.PI) / 180) ** 2)
      expect(cosines.reduce((sum, cosine) => sum + cosine, 0) / 2).toBeCloseTo(overlap.figure.value, 9)
    }
    expect([analysis.provenance, analysis.mixture]).toEqual(['process', 0])
  })

  test('what a linear map of the hidden space would change is marked, and what it would not is not', () => {
    const { trained } = models
    const mapped = Float64Array.from(trained.hidden, (_, place) =>
      place % 2 === 0 ? 5 * trained.hidden[place]! + trained.hidden[place + 1]! : trained.hidden[place]!,
    )
    const other = analyzed(law, { ...models, trained: withHidden(trained, mapped) })
    for (const similarity of reportedSimilarities) {
      const [before, after] = [analysis.kernels[similarity], other.kernels[similarity]]
      expect(after.captured.figure.value).toBeCloseTo(before.captured.figure.value, 9)
      expect(Math.abs(after.linearCka.figure.value - before.linearCka.figure.value)).toBeGreaterThan(0.01)
      expect([before.linearCka, before.procrustes, before.rayleigh].map(({ invariant }) => invariant)).toEqual([
        false,
        false,
        false,
      ])
    }
    expect(other.pillai.figure.value).toBeCloseTo(analysis.pillai.figure.value, 9)
  })

  test('2000 pairs give the trace of the law once they are corrected; permuted pairs give nothing', () => {
    const { pillai, pairs } = analysis
    expect(pairs!.raw.value).toBeGreaterThan(pairs!.corrected.value)
    expect(Math.abs(pairs!.corrected.value - pillai.figure.value)).toBeLessThan(0.06)
    expect(Math.abs(pairs!.corrected.null.mean)).toBeLessThan(1e-3)
    expect(pairs!.raw.null.mean).toBeCloseTo((2 * 2) / 1999, 3)
  })
})

test('hidden states that are the surrogate’s own attain Theorem C’s bound', async () => {
  const law = valueOf(processLaw('mess3', 3))
  const models = await trainedModels(law, 2, 5)
  const { hidden } = valueOf(surrogateOptimum(lawOfProcess(law.kernel), 2, 'calibrated'))
  const { surrogate, pillai, kernels } = analyzed(law, { ...models, trained: withHidden(models.trained, hidden) })
  expect(pillai.figure.value).toBeCloseTo(surrogate.correlations.limit, 12)
  expect(kernels.cca.captured.figure.value).toBeCloseTo(1, 12)
  expect(kernels.linear.captured.figure.value).toBeCloseTo(surrogate.captured.linear, 12)
})

test('a text has zeros: a hundredth of the law of the token is mixed in for the log-ratio kernel alone', async () => {
  const law = valueOf(textLaw('own', 'it was the best of times it was the worst of times '.repeat(10), 1))
  const models = await trainedModels(law, 2, 30)
  const { mixture, kernels, provenance } = analyzed(law, models)
  expect([mixture, provenance]).toEqual([0.01, 'data'])
  expect(kernels['log-ratio'].captured.figure.value).toBeGreaterThan(0)
  expect(kernels['log-ratio'].captured.figure.value).toBeLessThan(1)
})
