/**
 * The population negative log-likelihood of a small language model and its exact gradient: every context, under the exact law.
 */
import type { DataKernel } from './data-kernel.js'
import { parametersOver } from './initialise.js'
import { mlpLoss } from './mlp.js'
import type { ModelParameters, ModelShape } from './model.js'
import { inFloat64 } from './products.js'

/** The population negative log-likelihood (nats) of a model under a kernel, with its gradient in every parameter. */
export const nllGradient = (
  kernel: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
): { readonly nll: number; readonly gradient: ModelParameters } => {
  const { parameters: gradient } = parametersOver(shape)
  return { nll: inFloat64(mlpLoss(kernel, shape, parameters, gradient)), gradient }
}
