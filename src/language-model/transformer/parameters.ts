/**
 * The matrices of a transformer by their place in it.
 */
import type { Matrix } from '../../linear-algebra/matrix.js'
import type { TransformerShape } from '../model.js'
import { namedParameters, parameterNamed } from '../parameter-layout.js'
import type { Head } from '../softmax-head.js'

/** One row for each output of a map; gains are one row. */
export interface LayerParameters {
  readonly attentionGain: Matrix
  readonly query: Matrix
  readonly key: Matrix
  readonly value: Matrix
  readonly attentionOutput: Matrix
  readonly gatedGain: Matrix
  readonly gate: Matrix
  readonly up: Matrix
  readonly down: Matrix
}

export interface TransformerParameters {
  readonly embedding: Matrix
  readonly layers: readonly LayerParameters[]
  readonly finalGain: Matrix
  /** Its weights are the embedding itself where they are tied: gradients of both then meet in one matrix. */
  readonly head: Head
}

/** Views of a flat array; a gradient has the same form. */
export const transformerParameters = (shape: TransformerShape, flat: Float64Array): TransformerParameters => {
  const named = namedParameters(shape, flat)
  const part = (name: string): Matrix => parameterNamed(named, name)
  const layer = (index: number): LayerParameters => {
    const at = (name: string): Matrix => part(`layers.${index}.${name}`)
    return {
      attentionGain: at('attentionGain'),
      query: at('query'),
      key: at('key'),
      value: at('value'),
      attentionOutput: at('attentionOutput'),
      gatedGain: at('gatedGain'),
      gate: at('gate'),
      up: at('up'),
      down: at('down'),
    }
  }
  return {
    embedding: part('embedding'),
    layers: Array.from({ length: shape.layers }, (_, index) => layer(index)),
    finalGain: part('finalGain'),
    head: { weights: part(shape.tied ? 'embedding' : 'headWeights'), bias: named.get('headBias') },
  }
}
