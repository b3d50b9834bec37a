import { beforeAll, describe, expect, test } from 'vitest'

import type { CalibrationAnalysis } from '../../../src/language-model/analysis.js'
import { analyzeCalibration } from '../../../src/language-model/calibration-analysis.js'
import { headLogits } from '../../../src/language-model/head-divergence.js'
import { refitHead } from '../../../src/language-model/head-refit.js'
import { type Law, processLaw, textLaw } from '../../../src/language-model/law.js'
import type { LawModel, LawModels } from '../../../src/language-model/law-model.js'
import { nllIdentitiesOf } from '../../../src/language-model/nll-identities.js'
import { logSoftmax } from '../../../src/linear-algebra/log-softmax.js'
import { trainedModels } from '../../support/trained-models.js'
import { valueOf } from '../../support/value-of.js'

const settings = { seed: 1, draws: 20 }

describe('calibration of a network trained on Mess3', () => {
  let law: Law
  let models: LawModels
  let analysis: CalibrationAnalysis
  beforeAll(async () => {
    law = valueOf(processLaw('mess3(x=0.05,a=0.85)', 3))
    models = await trainedModels(law, 2, 120)
    analysis = valueOf(analyzeCalibration(law.kernel, models, settings))
  })

  test('NLL - H̄ from logits alone is Euler’s, and what is left of KL is H̄ - H_data', () => {
    const { nll, modelEntropy, dataEntropy, calibration, divergence } = nllIdentitiesOf(law.kernel, models.trained)
    expect(analysis.gap.value).toBeCloseTo(calibration, 13)
    expect(analysis.gap.value).toBeCloseTo(nll - modelEntropy, 13)
    expect(Math.abs(analysis.gap.residual)).toBeLessThan(1e-13)
    expect(analysis.excess.value).toBeCloseTo(modelEntropy - dataEntropy, 13)
    expect(analysis.excess.value + analysis.gap.value).toBeCloseTo(divergence, 12)
  })

  test('the three entropies: the head’s own, and two of the data in their order', () => {
    const { modelGivenHidden, dataGivenHidden, dataGivenContext } = analysis.entropies
    expect(modelGivenHidden.holds && dataGivenHidden.holds && dataGivenContext.holds).toBe(true)
    expect(dataGivenContext.value).toBeCloseTo(law.entropies.of(4) - law.entropies.of(3), 9)
    // The encoder keeps all contexts apart, and so merges no laws.
    expect(dataGivenHidden.value).toBeCloseTo(dataGivenContext.value, 12)
    expect(modelGivenHidden.value - dataGivenContext.value).toBeCloseTo(analysis.excess.value, 12)
  })

  test('the moment residual is small beside chance, the untrained network and shuffled targets', () => {
    const { value, null: chance, baselines } = analysis.momentResidual
    expect(value).toBeLessThan(chance.lower)
    expect(value).toBeLessThan(baselines['untrained']!)
    expect(chance.draws).toBe(20)
  })

  test('the refit splits the head loss, and is calibrated itself', () => {
    const { headLoss, refitLoss, gap, calibration, outcome } = analysis.refit
    expect(outcome).toBe('converged')
    expect(headLoss.value).toBeCloseTo(refitLoss.value + gap.value, 12)
    expect([headLoss.holds, refitLoss.holds, gap.holds, calibration.holds]).toEqual([true, true, true, true])
    expect(gap.tolerance).toBeLessThan(1e-6)
    expect(gap.value).toBeGreaterThan(0)
  })

  test('under the refitted head nothing is left: no gap, no moment residual, a best scale of one', () => {
    const { weights, next, symbols } = law.kernel
    const { trained } = models
    const { head } = refitHead({ hidden: trained.hidden, next: { kind: 'laws', laws: next }, weights }, symbols.length)
    const dimension = trained.hidden.length / weights.length
    const rows = Array.from(weights, (_, x) =>
      logSoftmax(headLogits(head, trained.hidden.subarray(x * dimension, (x + 1) * dimension))),
    )
    const refitted: LawModel = {
      ...trained,
      head,
      logProbabilities: Float64Array.from(rows.flatMap((row) => Array.from(row))),
    }
    const again = valueOf(analyzeCalibration(law.kernel, { ...models, trained: refitted }, settings))
    expect(Math.abs(again.gap.value)).toBeLessThan(1e-8)
    expect(again.momentResidual.value).toBeLessThan(1e-8)
    expect(again.scale).toBeCloseTo(1, 6)
    expect(again.scaleGain!.value).toBeLessThan(1e-12)
    expect(again.refit.gap.value).toBeLessThan(1e-10)
  })
})

test('a text with letters that never occur: the refit rules them out, and its identities hold', async () => {
  const law = valueOf(textLaw('own', 'it was the best of times it was the worst of times '.repeat(10), 1))
  const models = await trainedModels(law, 3, 60)
  const { refit, excess, gap } = valueOf(analyzeCalibration(law.kernel, models, settings))
  expect(gap.holds && excess.holds && refit.gap.holds && refit.calibration.holds).toBe(true)
  expect(refit.headLoss.value).toBeGreaterThan(refit.refitLoss.value)
})
