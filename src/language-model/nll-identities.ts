/**
 * The two exact equations of the negative log-likelihood, with the terms on their sides computed apart.
 *
 *     NLL = H_data(W | X) + E KL(P_x || q_x)
 *     NLL - Hbar = <W, grad_W NLL> + <b, grad_b NLL>        W and b the head's, Hbar = E H(q_x)
 *
 * The second is Euler's formula for the scale of the logits, so it holds at any parameters; where the head is stationary, NLL is Hbar.
 * It replaces Theorem 5.2 of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247), whose hypotheses
 * assume its conclusion.
 */
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { entropyOfMasses } from './block-entropies.js'
import { relativeEntropy } from './chain-ledger.js'
import type { DataKernel } from './data-kernel.js'
import { forward } from './forward.js'
import { headCalibration } from './head-calibration.js'
import type { LawModel } from './law-model.js'
import type { ModelParameters, ModelShape } from './model.js'

/** All in nats. */
export interface NllIdentities {
  readonly nll: number
  /** E KL(P_x || q_x). */
  readonly divergence: number
  /** H_data(W | X). */
  readonly dataEntropy: number
  /** Hbar, the mean Shannon entropy of the head. */
  readonly modelEntropy: number
  /** NLL - (divergence + data entropy): zero. */
  readonly crossEntropyResidual: number
  /** <W, grad_W> + <b, grad_b>: positive where the model is overconfident. */
  readonly calibration: number
  /** (NLL - Hbar) - calibration: zero. */
  readonly calibrationResidual: number
  /** The norm of grad_W and grad_b together: how far the head is from stationary. */
  readonly headGradientNorm: number
}

/** H(W | X) of a kernel, nats. */
export const conditionalEntropy = ({ symbols, weights, next }: DataKernel): number => {
  const width = symbols.length
  return weights.reduce(
    (sum, weight, context) => sum + weight * entropyOfMasses(next.subarray(context * width, (context + 1) * width)),
    0,
  )
}

/**
 * Both sides of both equations at given parameters: identities, to 1e-12 in float64.
 *
 * What needs no data law, nor the model's inside, is `entropyCalibration`; what needs a head and its states alone, `headCalibration`.
 */
export const nllIdentities = (kernel: DataKernel, shape: ModelShape, parameters: ModelParameters): NllIdentities =>
  nllIdentitiesOf(kernel, { head: parameters, ...forward(parameters, shape, kernel.contexts) })

/** The same for any model with a linear softmax head, from what it makes of all contexts. */
export const nllIdentitiesOf = (
  kernel: DataKernel,
  { head, hidden, logProbabilities }: Pick<LawModel, 'head' | 'hidden' | 'logProbabilities'>,
): NllIdentities => {
  const { weights, next } = kernel
  const width = kernel.symbols.length
  const { nll, entropy, euler, eulerResidual, gradientNorm } = headCalibration(head, {
    hidden,
    next: { kind: 'laws', laws: next },
    weights,
  })
  const divergence = compensatedSum()
  weights.forEach((weight, context) => {
    const [start, end] = [context * width, (context + 1) * width]
    divergence.add(weight * relativeEntropy(next.subarray(start, end), logProbabilities.subarray(start, end)))
  })
  const dataEntropy = conditionalEntropy(kernel)
  return {
    nll,
    divergence: divergence.total(),
    dataEntropy,
    modelEntropy: entropy,
    crossEntropyResidual: nll - (divergence.total() + dataEntropy),
    calibration: euler,
    calibrationResidual: eulerResidual,
    headGradientNorm: gradientNorm,
  }
}
