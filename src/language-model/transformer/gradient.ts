/**
 * The mean next-token loss of a transformer and its exact gradient.
 */
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'
import type { TransformerShape } from '../model.js'
import { addTo, inFloat64, linearMapBack, type WithProducts } from '../products.js'
import { headLoss } from '../softmax-head.js'
import { attendBack } from './attention.js'
import { backbonePass, type LayerPass, type Sequences } from './forward.js'
import { gatedBack } from './gated.js'
import { type LayerParameters, transformerParameters } from './parameters.js'
import { rmsNormBack } from './rms-norm.js'
import { rotate, type Rotations } from './rotary.js'

/** The mean NLL (nats a token) of `next`, one token for each place; its gradient is added to `gradient`. */
export function* transformerLoss(
  shape: TransformerShape,
  parameters: Float64Array,
  sequences: Sequences,
  next: Int32Array,
  gradient: Float64Array,
): WithProducts<number> {
  const matrices = transformerParameters(shape, parameters)
  const to = transformerParameters(shape, gradient)
  const { embeddings, layers, stream, finalNorm, rotations } = yield* backbonePass(shape, matrices, sequences)
  const { nll, toHidden } = yield* headLoss(matrices.head, finalNorm.output, { kind: 'tokens', tokens: next }, to.head)
  let toStream = matrix(stream.rows, stream.columns)
  rmsNormBack(toHidden, stream, finalNorm, matrices.finalGain, toStream, to.finalGain)
  for (let index = layers.length - 1; index >= 0; index--)
    toStream = yield* layerBack(shape, matrices.layers[index]!, layers[index]!, rotations, toStream, to.layers[index]!)
  const { columns } = embeddings
  sequences.tokens.forEach((token, row) => {
    for (let k = 0; k < columns; k++) to.embedding.entries[token * columns + k]! += toStream.entries[row * columns + k]!
  })
  return nll
}

/** From the gradient of a layer's output to that of its input. */
function* layerBack(
  shape: TransformerShape,
  parameters: LayerParameters,
  pass: LayerPass,
  turns: Rotations,
  toOutput: Matrix,
  to: LayerParameters,
): WithProducts<Matrix> {
  // A residual stream hands its gradient on as it is, and each branch adds its own.
  const toMiddle = matrix(toOutput.rows, toOutput.columns, toOutput.entries.slice())
  const toProduct = yield* linearMapBack(toOutput, pass.product, parameters.down, to.down)
  const { toGate, toUp } = gatedBack(pass.gate, pass.up, toProduct)
  const normed = pass.gatedNorm.output
  const toNormed = yield* linearMapBack(toGate, normed, parameters.gate, to.gate)
  addTo(toNormed.entries, (yield* linearMapBack(toUp, normed, parameters.up, to.up)).entries)
  rmsNormBack(toNormed, pass.middle, pass.gatedNorm, parameters.gatedGain, toMiddle, to.gatedGain)

  const toInput = matrix(toMiddle.rows, toMiddle.columns, toMiddle.entries.slice())
  const toMixed = yield* linearMapBack(toMiddle, pass.attention.output, parameters.attentionOutput, to.attentionOutput)
  const slopes = attendBack(shape, pass, pass.attention, turns.length, toMixed)
  rotate(slopes.query, turns, -1)
  rotate(slopes.key, turns, -1)
  const attended = pass.attentionNorm.output
  const toAttended = yield* linearMapBack(slopes.query, attended, parameters.query, to.query)
  addTo(toAttended.entries, (yield* linearMapBack(slopes.key, attended, parameters.key, to.key)).entries)
  addTo(toAttended.entries, (yield* linearMapBack(slopes.value, attended, parameters.value, to.value)).entries)
  rmsNormBack(toAttended, pass.input, pass.attentionNorm, parameters.attentionGain, toInput, to.attentionGain)
  return toInput
}

/** The mean NLL (nats a token) of the next tokens of sequences, with its gradient as a flat array in the order of the parameters. */
export const transformerGradient = (
  shape: TransformerShape,
  parameters: Float64Array,
  sequences: Sequences,
  next: Int32Array,
): { readonly nll: number; readonly gradient: Float64Array } => {
  const gradient = new Float64Array(parameters.length)
  return { nll: inFloat64(transformerLoss(shape, parameters, sequences, next, gradient)), gradient }
}
