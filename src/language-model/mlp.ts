/**
 * The context MLP: the embeddings of a context's symbols side by side, a tanh layer, a linear map, a linear softmax head.
 *
 * The layer is linear in each embedding, so a context's pre-activation is a sum of N rows of tables, one for each place, which all
 * contexts share: what a symbol at a place adds. Products with one row for each context are left to the projection and the head.
 */
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import type { DataKernel } from './data-kernel.js'
import type { ModelParameters, ModelShape } from './model.js'
import { addRowsTo, linearMap, linearMapBack, type WithProducts } from './products.js'
import { type Head, headLoss } from './softmax-head.js'

/** What a pass up to the hidden states leaves for the way back; one row for each context. */
export interface MlpPass {
  /** V x E. */
  readonly embedding: Matrix
  /** (N width) x E: the layer's weights with the place in the rows. */
  readonly byPlace: Matrix
  /** n x width, after the tanh. */
  readonly layer: Matrix
  /** n x D. */
  readonly hidden: Matrix
}

/** Parameters of an MLP, or their gradient, as the matrices that products want; views. */
const partsOf = ({ symbols, embedding, width, hidden }: ModelShape, parameters: ModelParameters) => ({
  embedding: matrix(symbols, embedding, parameters.embedding),
  projection: matrix(hidden, width, parameters.projectionWeights),
  head: mlpHead({ symbols, hidden }, parameters),
})

/** The head of an MLP; views. */
export const mlpHead = (
  { symbols, hidden }: Pick<ModelShape, 'symbols' | 'hidden'>,
  parameters: ModelParameters,
): Head => ({
  weights: matrix(symbols, hidden, parameters.headWeights),
  bias: matrix(1, symbols, parameters.headBias),
})

/** Calls for each number of the layer's weights with its place there and in the matrix whose rows are places and units. */
const forEachWeight = (
  { contextLength, embedding, width }: ModelShape,
  visit: (weight: number, moved: number) => void,
): void => {
  for (let place = 0; place < contextLength; place++)
    for (let unit = 0; unit < width; unit++)
      for (let e = 0; e < embedding; e++)
        visit((unit * contextLength + place) * embedding + e, (place * width + unit) * embedding + e)
}

/** From contexts (n x N symbols, row-major) to hidden states. */
export function* mlpPass(shape: ModelShape, parameters: ModelParameters, contexts: Int32Array): WithProducts<MlpPass> {
  const { contextLength, width } = shape
  const { layerWeights, layerBias, projectionBias } = parameters
  const { embedding, projection } = partsOf(shape, parameters)
  const byPlace = matrix(contextLength * width, shape.embedding)
  forEachWeight(shape, (weight, moved) => {
    byPlace.entries[moved] = layerWeights[weight]!
  })
  const tables = (yield* linearMap(embedding, byPlace)).entries
  const layer = matrix(contexts.length / contextLength, width)
  for (let context = 0; context < layer.rows; context++) {
    const row = layer.entries.subarray(context * width, (context + 1) * width)
    row.set(layerBias)
    for (let place = 0; place < contextLength; place++) {
      const at = (contexts[context * contextLength + place]! * contextLength + place) * width
      for (let unit = 0; unit < width; unit++) row[unit]! += tables[at + unit]!
    }
    for (let unit = 0; unit < width; unit++) row[unit] = Math.tanh(row[unit]!)
  }
  const hidden = yield* linearMap(layer, projection)
  const { entries, columns } = hidden
  for (let index = 0; index < entries.length; index++) entries[index]! += projectionBias[index % columns]!
  return { embedding, byPlace, layer, hidden }
}

/** The population NLL (nats) of an MLP under a kernel, sum_x mu_x CE(P_x, q_x); its gradient is added to `gradient`. */
export function* mlpLoss(
  { contexts, weights, next }: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
  gradient: ModelParameters,
): WithProducts<number> {
  const { contextLength, symbols, width } = shape
  const { projection, head } = partsOf(shape, parameters)
  const to = partsOf(shape, gradient)
  const { embedding, byPlace, layer, hidden } = yield* mlpPass(shape, parameters, contexts)
  const { nll, toHidden } = yield* headLoss(head, hidden, { kind: 'law', weights, next }, to.head)
  addRowsTo(gradient.projectionBias, toHidden)
  const toLayer = yield* linearMapBack(toHidden, layer, projection, to.projection)
  // What each context sends back meets in the rows of the tables that it was a sum of.
  const toTables = matrix(symbols, contextLength * width)
  for (let context = 0; context < layer.rows; context++) {
    const start = context * width
    for (let unit = start; unit < start + width; unit++) toLayer.entries[unit]! *= 1 - layer.entries[unit]! ** 2
    for (let place = 0; place < contextLength; place++) {
      const at = (contexts[context * contextLength + place]! * contextLength + place) * width
      for (let unit = 0; unit < width; unit++) toTables.entries[at + unit]! += toLayer.entries[start + unit]!
    }
  }
  addRowsTo(gradient.layerBias, toLayer)
  const toByPlace: Matrix = matrix(byPlace.rows, byPlace.columns)
  const toEmbedding = yield* linearMapBack(toTables, embedding, byPlace, toByPlace)
  forEachWeight(shape, (weight, moved) => {
    gradient.layerWeights[weight]! += toByPlace.entries[moved]!
  })
  addRowsTo(gradient.embedding, matrix(1, toEmbedding.entries.length, toEmbedding.entries))
  return nll
}
