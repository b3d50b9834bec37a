/**
 * What a transformer computes: hidden states and log-probabilities at every place of sequences of tokens.
 */
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'
import type { ForwardPass } from '../forward.js'
import type { TransformerShape } from '../model.js'
import { addTo, inFloat64, linearMap, type WithProducts } from '../products.js'
import { headLogProbabilities } from '../softmax-head.js'
import { attend, type Attention, type AttentionInputs } from './attention.js'
import { gated } from './gated.js'
import { type LayerParameters, type TransformerParameters, transformerParameters } from './parameters.js'
import { type Normalised, rmsNorm } from './rms-norm.js'
import { rotate, type Rotations, rotations } from './rotary.js'

/** Sequences of one length, one after another. */
export interface Sequences {
  readonly tokens: Int32Array
  readonly length: number
}

/** What a layer writes on its way and reads on the way back; one row for each place. */
export interface LayerPass extends AttentionInputs {
  readonly input: Matrix
  readonly attentionNorm: Normalised
  readonly attention: Attention
  /** The residual stream between the attention and the gated layer. */
  readonly middle: Matrix
  readonly gatedNorm: Normalised
  readonly gate: Matrix
  readonly up: Matrix
  readonly product: Matrix
}

/** A pass up to the hidden states. */
export interface BackbonePass {
  readonly rotations: Rotations
  readonly embeddings: Matrix
  readonly layers: readonly LayerPass[]
  /** The residual stream before the last norm. */
  readonly stream: Matrix
  readonly finalNorm: Normalised
}

const plus = (a: Matrix, b: Matrix): Matrix => {
  const sum = matrix(a.rows, a.columns, a.entries.slice())
  addTo(sum.entries, b.entries)
  return sum
}

function* layerPass(
  shape: TransformerShape,
  parameters: LayerParameters,
  turns: Rotations,
  input: Matrix,
): WithProducts<{ readonly pass: LayerPass; readonly output: Matrix }> {
  const attentionNorm = rmsNorm(input, parameters.attentionGain)
  const query = yield* linearMap(attentionNorm.output, parameters.query)
  const key = yield* linearMap(attentionNorm.output, parameters.key)
  const value = yield* linearMap(attentionNorm.output, parameters.value)
  rotate(query, turns, 1)
  rotate(key, turns, 1)
  const attention = attend(shape, { query, key, value }, turns.length)
  const middle = plus(input, yield* linearMap(attention.output, parameters.attentionOutput))
  const gatedNorm = rmsNorm(middle, parameters.gatedGain)
  const gate = yield* linearMap(gatedNorm.output, parameters.gate)
  const up = yield* linearMap(gatedNorm.output, parameters.up)
  const product = gated(gate, up)
  const output = plus(middle, yield* linearMap(product, parameters.down))
  return {
    pass: { input, attentionNorm, query, key, value, attention, middle, gatedNorm, gate, up, product },
    output,
  }
}

/** From tokens to hidden states. */
export function* backbonePass(
  shape: TransformerShape,
  { embedding, layers, finalGain }: TransformerParameters,
  { tokens, length }: Sequences,
): WithProducts<BackbonePass> {
  const turns = rotations(length, shape.width / shape.heads)
  const embeddings = matrix(tokens.length, shape.width)
  tokens.forEach((token, row) => {
    embeddings.entries.set(
      embedding.entries.subarray(token * shape.width, (token + 1) * shape.width),
      row * shape.width,
    )
  })
  const passes: LayerPass[] = []
  let stream = embeddings
  for (const layer of layers) {
    const { pass, output } = yield* layerPass(shape, layer, turns, stream)
    passes.push(pass)
    stream = output
  }
  return { rotations: turns, embeddings, layers: passes, stream, finalNorm: rmsNorm(stream, finalGain) }
}

/**
 * A transformer on sequences of one length: at each place the embedding (R x D), the hidden state (R x D, what the last norm gives) and
 * the log-probabilities of the next token (R x V, nats), R the number of tokens. A place sees the places up to its own.
 *
 * @example
 * const shape = { kind: 'transformer', symbols: 3, width: 4, heads: 1, keyValueHeads: 1, layers: 1, inner: 8, tied: true, headBias: false } as const
 * const pass = transformerForward(shape, initialParameters(shape, 1), { tokens: Int32Array.of(0, 1, 2), length: 3 })
 * pass.hidden.length // => 12
 * pass.logProbabilities.length // => 9
 */
export const transformerForward = (
  shape: TransformerShape,
  parameters: Float64Array,
  sequences: Sequences,
): ForwardPass => {
  if (sequences.tokens.length % sequences.length !== 0)
    throw new Error(`transformer: ${sequences.tokens.length} tokens are no sequences of ${sequences.length}`)
  const matrices = transformerParameters(shape, parameters)
  const { embeddings, finalNorm } = inFloat64(backbonePass(shape, matrices, sequences))
  return {
    embeddings: embeddings.entries,
    hidden: finalNorm.output.entries,
    logProbabilities: inFloat64(headLogProbabilities(matrices.head, finalNorm.output)).entries,
  }
}
