/**
 * The headline of a model: whether its head is as sure as it should be, how far its head is from the best one on the same hidden states,
 * and the three entropies of the next token that must not be confused.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { bound, identity, identityTolerance, measurement } from '../information/figure.js'
import type { CalibrationAnalysis, RefitAnalysis } from './analysis.js'
import { calibratedScale, entropyCalibration, scoredRows } from './calibration.js'
import type { DataKernel } from './data-kernel.js'
import { classesOf } from './encoding-classes.js'
import { headCalibration } from './head-calibration.js'
import { type Head, headLogits } from './head-divergence.js'
import { refitGap, type RefitGap } from './head-refit.js'
import type { LawModel, LawModels } from './law-model.js'
import { nllIdentitiesOf } from './nll-identities.js'
import { type NullSettings, permutationNull } from './null-band.js'
import { threeEntropies } from './three-entropies.js'

/** The figures of a trained model. Errors: those of the calibration and of the refit. */
export const analyzeCalibration = (
  kernel: DataKernel,
  models: LawModels,
  settings: NullSettings,
): Either<Problem, CalibrationAnalysis> => {
  const { weights, next } = kernel
  const { trained } = models
  const laws = { kind: 'laws', laws: next } as const
  const norm = ({ head, hidden }: Pick<LawModel, 'head' | 'hidden'>): number =>
    headCalibration(head, { hidden, next: laws, weights }).gradientNorm
  const rows = Array.from(scoredRows(logitsOf(trained), laws, weights))
  const calibration = entropyCalibration(rows)
  if (isLeft(calibration)) return calibration
  const refit = refitGap(kernel, trained.hidden, trained.logProbabilities)
  if (isLeft(refit)) return refit
  const { nll, entropy, gap, slope } = calibration.right
  const { divergence, dataEntropy } = nllIdentitiesOf(kernel, trained)
  const entropies = threeEntropies(kernel, classesOf(trained.hidden, weights.length), trained.logProbabilities)
  // There is none where the model says nothing of the next token, or never errs.
  const scale = calibratedScale(rows)
  const [chance] = permutationNull(
    trained.hidden,
    weights.length,
    [(hidden) => norm({ head: trained.head, hidden })],
    settings,
  )
  return right({
    gap: identity('NLL - H̄ = E <q - P, z>, from the logits z and what comes next alone', gap, slope, 'nats'),
    excess: identity('H̄ - H_data = KL - (NLL - H̄)', entropy - dataEntropy, divergence - gap, 'nats'),
    momentResidual: measurement(
      '|E[(q - e_w) (h, 1)^T]|, the gradient of NLL in the head, zero where the head is stationary; chance gives each context the state of another',
      norm(trained),
      chance!,
      { untrained: norm(models.untrained), 'shuffled targets': norm(models.shuffled) },
    ),
    scale: isLeft(scale) ? undefined : scale.right.scale,
    scaleGain: isLeft(scale)
      ? undefined
      : bound(
          'NLL(z) - NLL(t z) >= 0 at the best scale t of all logits: what recalibration would gain',
          scale.right.gain,
          'at least',
          0,
          'nats',
        ),
    entropies: {
      modelGivenHidden: identity(
        'H_model(W | H) = H̄, the mean categorical entropy of the head',
        entropies.modelGivenHidden,
        entropy,
        'nats',
      ),
      dataGivenHidden: bound(
        'H_data(W | H) >= H_data(W | X); no head on these hidden states has less cross-entropy than H_data(W | H)',
        entropies.dataGivenHidden,
        'at least',
        entropies.dataGivenContext,
        'nats',
      ),
      dataGivenContext: identity(
        'H_data(W | X) = NLL - KL; no model of the law has less cross-entropy',
        entropies.dataGivenContext,
        nll - divergence,
        'nats',
      ),
    },
    refit: refitAnalysis(trained.head, refit.right),
  })
}

/** n x V. */
const logitsOf = ({ head, hidden }: LawModel): Float64Array => {
  const [symbols, dimension] = [head.headBias.length, head.headWeights.length / head.headBias.length]
  const count = hidden.length / dimension
  const logits = new Float64Array(count * symbols)
  for (let x = 0; x < count; x++)
    logits.set(headLogits(head, hidden.subarray(x * dimension, (x + 1) * dimension)), x * symbols)
  return logits
}

const refitAnalysis = (head: Head, { headLoss, refitLoss, gap, gapAsDivergence, refit }: RefitGap): RefitAnalysis => {
  const { calibration, gradientNorm, iterations, outcome } = refit
  // Both identities leave exactly <difference of heads, gradient at the refit>, by Euler's formula and by Pythagoras'.
  const slack = (other: Head): number => Math.max(identityTolerance, distance(refit.head, other) * gradientNorm)
  const zero = { headWeights: head.headWeights.map(() => 0), headBias: head.headBias.map(() => 0) }
  return {
    outcome,
    iterations,
    headLoss: bound(
      'head loss >= refit loss: no linear softmax head on these states does better',
      headLoss,
      'at least',
      refitLoss,
      'nats',
    ),
    refitLoss: bound('loss of the best linear softmax head on these states >= 0', refitLoss, 'at least', 0, 'nats'),
    gap: identity(
      'head loss - refit loss = E KL(refitted head || head), to the accuracy of the refit',
      gap,
      gapAsDivergence,
      'nats',
      slack(head),
    ),
    calibration: identity(
      'NLL = H̄ at the refitted head, to the accuracy of the refit',
      calibration.nll,
      calibration.entropy,
      'nats',
      slack(zero),
    ),
  }
}

/** A bias of -Infinity is a token that does not occur, at which gradients are zero. */
const distance = (a: Head, b: Head): number => {
  const differences = [...a.headWeights, ...a.headBias].map(
    (entry, k) => entry - (b.headWeights[k] ?? b.headBias[k - b.headWeights.length]!),
  )
  return Math.hypot(...differences.filter(Number.isFinite))
}
