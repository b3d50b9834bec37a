/**
 * The free context table: a hidden state of its own for each context, so that nothing but the head limits the model.
 */
import type { DataKernel } from './data-kernel.js'
import type { TableShape } from './model.js'
import { namedParameters, parameterNamed } from './parameter-layout.js'
import { addTo, inFloat64, type WithProducts } from './products.js'
import { type Head, headLogProbabilities, headLoss } from './softmax-head.js'

/** The table and the head of a flat array of parameters. */
const partsOf = (shape: TableShape, flat: Float64Array) => {
  const named = namedParameters(shape, flat)
  const head: Head = { weights: parameterNamed(named, 'headWeights'), bias: parameterNamed(named, 'headBias') }
  return { states: parameterNamed(named, 'states'), head }
}

/** The population NLL (nats) of a table under a kernel whose contexts it has a state for; its gradient is added to `gradient`. */
export function* tableLoss(
  kernel: DataKernel,
  shape: TableShape,
  parameters: Float64Array,
  gradient: Float64Array,
): WithProducts<number> {
  const { states, head } = partsOf(shape, parameters)
  const to = partsOf(shape, gradient)
  const { weights, next } = kernel
  const { nll, toHidden } = yield* headLoss(head, states, { kind: 'law', weights, next }, to.head)
  addTo(to.states.entries, toHidden.entries)
  return nll
}

/** The hidden states (n x D) and log-probabilities (n x V, nats) of a table, for its contexts in their order. */
export const tableForward = (
  shape: TableShape,
  parameters: Float64Array,
): { readonly hidden: Float64Array; readonly logProbabilities: Float64Array } => {
  const { states, head } = partsOf(shape, parameters)
  return { hidden: states.entries, logProbabilities: inFloat64(headLogProbabilities(head, states)).entries }
}
