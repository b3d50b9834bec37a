/**
 * The alignment of a trained model with a law: every score beside chance and both baselines, and what the surrogate's own optimum scores.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { bound, identity, measurement } from '../information/figure.js'
import { alignment } from './alignment.js'
import { pillaiTrace } from './alignment-moments.js'
import { type AlignmentReport, alignmentReport, type KernelAlignment } from './alignment-report.js'
import type {
  AlignmentAnalysis,
  KernelAlignmentAnalysis,
  PairsAnalysis,
  PerSimilarity,
  SurrogateAnalysis,
} from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import { type LawModels, ofModels } from './law-model.js'
import { type NullSettings, permutationNull } from './null-band.js'
import { type DataOperators, eachSimilarity, perSimilarity } from './operator-analysis.js'
import { positiveLaw } from './positive-law.js'
import type { PredictiveLaw } from './predictive-law.js'
import { samplePairs } from './sampled-pairs.js'
import type { SimilarityKernel } from './similarity-kernel.js'
import { similarities } from './similarity.js'
import { surrogateOptimum } from './surrogate-optimum.js'

/** How many pairs a dump of hidden states and next tokens is made of. */
const sampledPairs = 2000

/** The figures of a trained model. Errors: those of the report, and of the surrogate's optimum. */
export const analyzeAlignment = (
  kernel: DataKernel,
  law: PredictiveLaw,
  operators: DataOperators,
  models: LawModels,
  settings: NullSettings,
): Either<Problem, AlignmentAnalysis> => {
  const found = reportsOf(law, models, settings)
  if (isLeft(found)) return found
  const dimension = models.trained.hidden.length / law.weights.length
  const { pillai, kernels } = found.right
  const surrogate = analyzeSurrogate(law, operators, dimension, pillai.figure.value)
  if (isLeft(surrogate)) return surrogate
  return right({
    provenance: law.provenance,
    mixture: operators.mixture,
    kernels: perSimilarity((similarity) =>
      kernelAnalysis(kernels[similarity], operators.spectra[similarity].centred[0] ?? 0),
    ),
    pillai,
    pairs: analyzePairs(kernel, models, settings),
    surrogate: surrogate.right,
  })
}

/** The reports on the law and, for the log-ratio kernel, on its positive form. */
const reportsOf = (
  law: PredictiveLaw,
  models: LawModels,
  settings: NullSettings,
): Either<Problem, { pillai: AlignmentReport['pillai']; kernels: PerSimilarity<KernelAlignment> }> => {
  const states = ofModels(models, ({ hidden }) => hidden)
  const report = (of: PredictiveLaw, kernels: readonly SimilarityKernel[]): Either<Problem, AlignmentReport> => {
    const made = alignmentReport({
      law: of,
      states,
      predictions: models.trained.logProbabilities,
      kernels,
      ...settings,
    })
    if (isLeft(made)) return made
    return made.right.kind === 'alignment'
      ? right(made.right)
      : left(problem('invalid-value', law.name, made.right.statement, 'give the law of a text, a process or a teacher'))
  }
  const onLaw = report(
    law,
    similarities.map((kind) => ({ kind })),
  )
  if (isLeft(onLaw)) return onLaw
  const onPositive = report(positiveLaw(law).law, [{ kind: 'log-ratio' }])
  if (isLeft(onPositive)) return onPositive
  const all = [...onLaw.right.kernels, ...onPositive.right.kernels]
  return right({
    pillai: onLaw.right.pillai,
    kernels: perSimilarity((similarity) => all.find((kernel) => kernel.similarity === similarity)!),
  })
}

const kernelAnalysis = (
  { captured, overlap, rayleigh, linearCka, procrustes, principalAngles, gap }: KernelAlignment,
  largest: number,
): KernelAlignmentAnalysis => ({
  captured,
  overlap,
  principalAngles: Array.from(principalAngles, (angle) => (angle * 180) / Math.PI),
  relativeGap: largest > 0 ? gap / largest : 0,
  rayleigh,
  linearCka,
  procrustes,
})

/** Theorem A: the optimum of the calibrated surrogate, an upper bound of NLL, over hidden states and head together. */
const analyzeSurrogate = (
  law: PredictiveLaw,
  { spectra }: DataOperators,
  dimension: number,
  pillai: number,
): Either<Problem, SurrogateAnalysis> => {
  const optimum = surrogateOptimum(law, dimension, 'calibrated')
  if (isLeft(optimum)) return optimum
  const { hidden, evaluation, value, factor, conditions } = optimum.right
  const captured = eachSimilarity((similarity) => alignment(hidden, law.weights, spectra[similarity]))
  if (isLeft(captured)) return captured
  const { centred } = spectra.cca
  const most = centred.subarray(0, optimum.right.dimension).reduce((sum, square) => sum + square, 0)
  return right({
    conditions: conditions.statement,
    dimension: optimum.right.dimension,
    factor,
    value: identity('least surrogate = H(u) - 1/2 sum of the D largest s_i^2', evaluation.surrogate, value, 'nats'),
    nll: bound(
      'NLL at the surrogate’s optimum <= the surrogate there',
      evaluation.nll,
      'at most',
      evaluation.surrogate,
      'nats',
    ),
    gain: bound('surrogate <= H(u), its value without any dependence', value, 'at most', evaluation.constant, 'nats'),
    correlations: bound(
      'sum rho_i^2 of the trained states <= the D largest sigma_i^2 of the law (Theorem C)',
      pillai,
      'at most',
      most,
      '1',
    ),
    captured: perSimilarity((similarity) => captured.right[similarity].captured),
    overlap: perSimilarity((similarity) => captured.right[similarity].overlap),
  })
}

/** What pairs of a hidden state and the token after it say without the law: the Pillai trace, raw and corrected. */
const analyzePairs = (kernel: DataKernel, models: LawModels, settings: NullSettings): PairsAnalysis | undefined => {
  const { contexts, tokens } = samplePairs(kernel, sampledPairs, settings.seed)
  const width = models.trained.hidden.length / kernel.weights.length
  const { trained, untrained, shuffled } = ofModels(models, ({ hidden }) => {
    const states = new Float64Array(sampledPairs * width)
    contexts.forEach((context, pair) =>
      states.set(hidden.subarray(context * width, (context + 1) * width), pair * width),
    )
    return states
  })
  const scores = [trained, untrained, shuffled].map((states) => pillaiTrace(states, tokens, kernel.symbols.length))
  const [own, before, other] = scores.map((score) => (isLeft(score) ? undefined : score.right))
  // States that do not vary, or so few pairs that chance explains all, say nothing.
  if (own === undefined || before === undefined || other === undefined) return undefined
  const under = (score: 'raw' | 'corrected') => (states: Float64Array) => {
    const permuted = pillaiTrace(states, tokens, kernel.symbols.length)
    return isLeft(permuted) ? NaN : permuted.right[score]
  }
  const [raw, corrected] = permutationNull(trained, sampledPairs, [under('raw'), under('corrected')], settings)
  const baselines = (score: 'raw' | 'corrected') => ({
    untrained: before[score],
    'shuffled targets': other[score],
  })
  return {
    count: sampledPairs,
    raw: measurement(`sum rho_i^2 from ${sampledPairs} pairs, biased upwards`, own.raw, raw!, baselines('raw')),
    corrected: measurement(
      `(T - T_0) / (1 - T_0 / m) from ${sampledPairs} pairs: T less what chance gives, zero by chance`,
      own.corrected,
      corrected!,
      baselines('corrected'),
    ),
  }
}
