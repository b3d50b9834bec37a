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
import { entropyOfMasses } from './block-entropies.js'
import type { DataKernel } from './data-kernel.js'
import { forward } from './forward.js'
import { nllGradient } from './gradient.js'
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

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, entry, index) => sum + entry * b[index]!, 0)

/** Both sides of both equations at given parameters. */
export const nllIdentities = (kernel: DataKernel, shape: ModelShape, parameters: ModelParameters): NllIdentities => {
  const { contexts, weights, next } = kernel
  const { logProbabilities } = forward(parameters, shape, contexts)
  const { nll, gradient } = nllGradient(kernel, shape, parameters)
  const width = shape.symbols
  let [divergence, modelEntropy] = [0, 0]
  weights.forEach((weight, context) => {
    let [relative, entropy] = [0, 0]
    for (let index = context * width; index < (context + 1) * width; index++) {
      const [probability, logProbability] = [next[index]!, logProbabilities[index]!]
      if (probability > 0) relative += probability * (Math.log(probability) - logProbability)
      const predicted = Math.exp(logProbability)
      if (predicted > 0) entropy -= predicted * logProbability
    }
    divergence += weight * relative
    modelEntropy += weight * entropy
  })
  const dataEntropy = conditionalEntropy(kernel)
  const calibration = dot(parameters.headWeights, gradient.headWeights) + dot(parameters.headBias, gradient.headBias)
  return {
    nll,
    divergence,
    dataEntropy,
    modelEntropy,
    crossEntropyResidual: nll - (divergence + dataEntropy),
    calibration,
    calibrationResidual: nll - modelEntropy - calibration,
    headGradientNorm: Math.sqrt(
      dot(gradient.headWeights, gradient.headWeights) + dot(gradient.headBias, gradient.headBias),
    ),
  }
}
