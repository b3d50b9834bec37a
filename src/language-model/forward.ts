/**
 * What a small language model computes, in float64: embeddings, hidden states and log-probabilities of a list of contexts.
 */
import type { ModelParameters, ModelShape } from './model.js'

/** The two intermediate wires and the output of k_head . k_bb . k_emb, one row for each context. */
export interface ForwardPass {
  /** n x (N E): the rows of the embedding side by side. */
  readonly embeddings: Float64Array
  /** n x D. */
  readonly hidden: Float64Array
  /** n x V: log-softmax of the head, nats. */
  readonly logProbabilities: Float64Array
}

/** What a forward pass writes and a backward pass reads. */
export interface Activations {
  /** (N V) x width: what a symbol at a place adds to the layer. */
  readonly tables: Float64Array
  /** n x width: the tanh layer. */
  readonly layer: Float64Array
  readonly hidden: Float64Array
  readonly logProbabilities: Float64Array
}

export const activationsFor = (shape: ModelShape, count: number): Activations => ({
  tables: new Float64Array(shape.contextLength * shape.symbols * shape.width),
  layer: new Float64Array(count * shape.width),
  hidden: new Float64Array(count * shape.hidden),
  logProbabilities: new Float64Array(count * shape.symbols),
})

/** The layer is linear in each embedding, so a context's pre-activation is a sum of N rows of a table of N V. */
const fillTables = (shape: ModelShape, { embedding: rows, layerWeights }: ModelParameters, tables: Float64Array) => {
  const { symbols, contextLength, embedding, width } = shape
  const inputs = contextLength * embedding
  let position = 0
  for (let place = 0; place < contextLength; place++)
    for (let symbol = 0; symbol < symbols; symbol++)
      for (let unit = 0; unit < width; unit++) {
        let sum = 0
        for (let e = 0; e < embedding; e++)
          sum += layerWeights[unit * inputs + place * embedding + e]! * rows[symbol * embedding + e]!
        tables[position++] = sum
      }
}

/** Log-softmax of one row, in place. */
const normalise = (row: Float64Array, start: number, length: number): void => {
  let largest = -Infinity
  for (let index = start; index < start + length; index++) if (row[index]! > largest) largest = row[index]!
  let sum = 0
  for (let index = start; index < start + length; index++) sum += Math.exp(row[index]! - largest)
  const logarithm = largest + Math.log(sum)
  for (let index = start; index < start + length; index++) row[index]! -= logarithm
}

/** The forward pass into given arrays. */
export const runForward = (
  shape: ModelShape,
  parameters: ModelParameters,
  contexts: Int32Array,
  { tables, layer, hidden: states, logProbabilities }: Activations,
): void => {
  const { symbols, contextLength, width, hidden } = shape
  const { layerBias, projectionWeights, projectionBias, headWeights, headBias } = parameters
  fillTables(shape, parameters, tables)
  const count = contexts.length / contextLength
  for (let context = 0; context < count; context++) {
    const layerAt = context * width
    for (let unit = 0; unit < width; unit++) layer[layerAt + unit] = layerBias[unit]!
    for (let place = 0; place < contextLength; place++) {
      const tableAt = (place * symbols + contexts[context * contextLength + place]!) * width
      for (let unit = 0; unit < width; unit++) layer[layerAt + unit]! += tables[tableAt + unit]!
    }
    for (let unit = 0; unit < width; unit++) layer[layerAt + unit] = Math.tanh(layer[layerAt + unit]!)
    const hiddenAt = context * hidden
    for (let d = 0; d < hidden; d++) {
      let sum = projectionBias[d]!
      for (let unit = 0; unit < width; unit++) sum += projectionWeights[d * width + unit]! * layer[layerAt + unit]!
      states[hiddenAt + d] = sum
    }
    const outputAt = context * symbols
    for (let w = 0; w < symbols; w++) {
      let sum = headBias[w]!
      for (let d = 0; d < hidden; d++) sum += headWeights[w * hidden + d]! * states[hiddenAt + d]!
      logProbabilities[outputAt + w] = sum
    }
    normalise(logProbabilities, outputAt, symbols)
  }
}

/**
 * The model on a list of contexts (n x N symbols, row-major).
 *
 * Equal embeddings give equal hidden states, and those equal log-probabilities, bit for bit.
 */
export const forward = (parameters: ModelParameters, shape: ModelShape, contexts: Int32Array): ForwardPass => {
  const { contextLength, embedding } = shape
  const activations = activationsFor(shape, contexts.length / contextLength)
  runForward(shape, parameters, contexts, activations)
  const embeddings = new Float64Array(contexts.length * embedding)
  contexts.forEach((symbol, index) => {
    embeddings.set(parameters.embedding.subarray(symbol * embedding, (symbol + 1) * embedding), index * embedding)
  })
  return { embeddings, hidden: activations.hidden, logProbabilities: activations.logProbabilities }
}
