/**
 * The population negative log-likelihood of a small language model and its exact gradient: every context, under the exact law.
 */
import type { DataKernel } from './data-kernel.js'
import { type Activations, activationsFor, runForward } from './forward.js'
import { type FlatParameters, parametersOver } from './initialise.js'
import type { ModelParameters, ModelShape } from './model.js'

/** The arrays of a pass forward and back, kept from step to step. */
export interface GradientWorkspace {
  readonly activations: Activations
  readonly gradient: FlatParameters
  /** d NLL / d tables. */
  readonly tables: Float64Array
}

export const gradientWorkspace = (kernel: DataKernel, shape: ModelShape): GradientWorkspace => {
  const activations = activationsFor(shape, kernel.weights.length)
  return { activations, gradient: parametersOver(shape), tables: new Float64Array(activations.tables.length) }
}

/** NLL = sum_x mu_x CE(P_x, q_x), nats; its gradient is left in the workspace. */
export const runGradient = (
  kernel: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
  workspace: GradientWorkspace,
): number => {
  const { contexts, weights, next } = kernel
  const { symbols, contextLength, width, hidden } = shape
  const { headWeights, projectionWeights } = parameters
  const { layer, hidden: states, logProbabilities } = workspace.activations
  const {
    layerBias,
    projectionWeights: toProjection,
    projectionBias,
    headWeights: toHead,
    headBias,
  } = workspace.gradient.parameters
  const { tables } = workspace
  workspace.gradient.flat.fill(0)
  tables.fill(0)
  runForward(shape, parameters, contexts, workspace.activations)

  const toState = new Float64Array(hidden)
  const toLayer = new Float64Array(width)
  let nll = 0
  for (let context = 0; context < weights.length; context++) {
    const weight = weights[context]!
    const hiddenAt = context * hidden
    const layerAt = context * width
    toState.fill(0)
    let crossEntropy = 0
    for (let w = 0; w < symbols; w++) {
      const probability = next[context * symbols + w]!
      const logProbability = logProbabilities[context * symbols + w]!
      // Where P is zero, a log-probability of minus infinity costs nothing.
      if (probability > 0) crossEntropy -= probability * logProbability
      const toLogit = weight * (Math.exp(logProbability) - probability)
      headBias[w]! += toLogit
      for (let d = 0; d < hidden; d++) {
        toHead[w * hidden + d]! += toLogit * states[hiddenAt + d]!
        toState[d]! += toLogit * headWeights[w * hidden + d]!
      }
    }
    nll += weight * crossEntropy
    toLayer.fill(0)
    for (let d = 0; d < hidden; d++) {
      const toD = toState[d]!
      projectionBias[d]! += toD
      for (let unit = 0; unit < width; unit++) {
        toProjection[d * width + unit]! += toD * layer[layerAt + unit]!
        toLayer[unit]! += toD * projectionWeights[d * width + unit]!
      }
    }
    for (let unit = 0; unit < width; unit++) {
      const value = layer[layerAt + unit]!
      const toSum = toLayer[unit]! * (1 - value * value)
      toLayer[unit] = toSum
      layerBias[unit]! += toSum
    }
    for (let place = 0; place < contextLength; place++) {
      const tableAt = (place * symbols + contexts[context * contextLength + place]!) * width
      for (let unit = 0; unit < width; unit++) tables[tableAt + unit]! += toLayer[unit]!
    }
  }
  throughTables(shape, parameters, tables, workspace.gradient.parameters)
  return nll
}

/** From the tables back to the layer's weights and the embedding. */
const throughTables = (
  shape: ModelShape,
  parameters: ModelParameters,
  tables: Float64Array,
  gradient: ModelParameters,
) => {
  const { symbols, contextLength, embedding, width } = shape
  const inputs = contextLength * embedding
  let position = 0
  for (let place = 0; place < contextLength; place++)
    for (let symbol = 0; symbol < symbols; symbol++)
      for (let unit = 0; unit < width; unit++) {
        const toSum = tables[position++]!
        if (toSum === 0) continue
        for (let e = 0; e < embedding; e++) {
          const [weight, row] = [unit * inputs + place * embedding + e, symbol * embedding + e]
          gradient.layerWeights[weight]! += toSum * parameters.embedding[row]!
          gradient.embedding[row]! += toSum * parameters.layerWeights[weight]!
        }
      }
}

/** The population negative log-likelihood (nats) of a model under a kernel, with its gradient in every parameter. */
export const nllGradient = (
  kernel: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
): { readonly nll: number; readonly gradient: ModelParameters } => {
  const workspace = gradientWorkspace(kernel, shape)
  const nll = runGradient(kernel, shape, parameters, workspace)
  return { nll, gradient: workspace.gradient.parameters }
}
