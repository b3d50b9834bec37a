/**
 * The figures of a model at one checkpoint: what its compiled diagram gives on all contexts, against float64.
 */
import type { Evaluation } from '../compile/evaluation.js'
import { categoricalEntropy, entropyDivergence } from '../information/categorical-entropy.js'
import { divergence, totalVariation } from '../information/divergence.js'
import { shannonEntropyGapBound } from '../information/entropy-bounds.js'
import { bound, identity, type IdentityFigure, kernelTolerance } from '../information/figure.js'
import type { CheckpointAnalysis, PerSimilarity, AlignmentFigures } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import type { LawModel } from './law-model.js'
import { nllIdentitiesOf } from './nll-identities.js'
import { entropyUnit, type PerEntropy, perEntropy } from './per-entropy.js'

/** The figures of a checkpoint; `evaluation` is the compiled diagram's, on all contexts of the kernel. */
export const analyzeCheckpoint = (
  kernel: DataKernel,
  step: number,
  model: LawModel,
  evaluation: Evaluation,
  alignment: PerSimilarity<AlignmentFigures>,
): CheckpointAnalysis => {
  const terms = nllIdentitiesOf(kernel, model)
  const predictions = model.logProbabilities.map(Math.exp)
  const distance = meanDistance(kernel, predictions)
  return {
    step,
    nll: identity('NLL = KL + H_data', terms.nll, terms.divergence + terms.dataEntropy, 'nats'),
    kl: bound('E KL(P_x || q_x) >= 0', terms.divergence, 'at least', 0, 'nats'),
    calibration: identity(
      'NLL - H̄ = <W, grad_W> + <b, grad_b>',
      terms.nll - terms.modelEntropy,
      terms.calibration,
      'nats',
    ),
    excess: identity(
      'H̄ - H_data = KL - (NLL - H̄)',
      terms.modelEntropy - terms.dataEntropy,
      terms.divergence - (terms.nll - terms.modelEntropy),
      'nats',
    ),
    entropyGap: bound(
      '|H̄ - H_data| <= T log(V - 1) + h(T), T the mean total variation (Fannes-Audenaert)',
      Math.abs(terms.modelEntropy - terms.dataEntropy),
      'at most',
      shannonEntropyGapBound(distance, kernel.symbols.length),
      'nats',
    ),
    categoricalEntropy: headEntropies(kernel, predictions, evaluation),
    alignment,
  }
}

/** E TV(P_x, q_x). */
const meanDistance = ({ symbols, weights, next }: DataKernel, predictions: Float64Array): number => {
  const width = symbols.length
  const row = (rows: Float64Array, context: number): Float64Array =>
    rows.subarray(context * width, (context + 1) * width)
  return weights.reduce(
    (sum, weight, context) => sum + weight * divergence(totalVariation, row(next, context), row(predictions, context)),
    0,
  )
}

/** The mean categorical entropies of the head: the kernels' numbers, each against float64. */
const headEntropies = (
  { symbols, weights }: DataKernel,
  predictions: Float64Array,
  { entropies }: Evaluation,
): PerEntropy<IdentityFigure> => {
  const width = symbols.length
  return perEntropy((name) => {
    const computed = entropies[name]
    if (computed === undefined) throw new Error(`analyzeCheckpoint: the evaluation has no entropy '${name}'`)
    const exact = entropyDivergence(name)
    let [inKernels, inFloat64] = [0, 0]
    weights.forEach((weight, context) => {
      inKernels += weight * computed[context]!
      inFloat64 += weight * categoricalEntropy(exact, predictions.subarray(context * width, (context + 1) * width))
    })
    return identity('gpu.js kernels (float32) = float64', inKernels, inFloat64, entropyUnit(name), kernelTolerance)
  })
}
