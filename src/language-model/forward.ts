/**
 * What a small language model computes, in float64: embeddings, hidden states and log-probabilities of a list of contexts.
 */
import { mlpHead, mlpPass } from './mlp.js'
import type { ModelParameters, ModelShape } from './model.js'
import { inFloat64 } from './products.js'
import { headLogProbabilities } from './softmax-head.js'

/** The two intermediate wires and the output of k_head . k_bb . k_emb, one row for each context. */
export interface ForwardPass {
  /** n x (N E): the rows of the embedding side by side. */
  readonly embeddings: Float64Array
  /** n x D. */
  readonly hidden: Float64Array
  /** n x V: log-softmax of the head, nats. */
  readonly logProbabilities: Float64Array
}

/**
 * The model on a list of contexts (n x N symbols, row-major).
 *
 * Equal embeddings give equal hidden states, and those equal log-probabilities, bit for bit.
 */
export const forward = (parameters: ModelParameters, shape: ModelShape, contexts: Int32Array): ForwardPass => {
  const { embedding } = shape
  const embeddings = new Float64Array(contexts.length * embedding)
  contexts.forEach((symbol, index) => {
    embeddings.set(parameters.embedding.subarray(symbol * embedding, (symbol + 1) * embedding), index * embedding)
  })
  const { hidden } = inFloat64(mlpPass(shape, parameters, contexts))
  const logProbabilities = inFloat64(headLogProbabilities(mlpHead(shape, parameters), hidden))
  return { embeddings, hidden: hidden.entries, logProbabilities: logProbabilities.entries }
}
