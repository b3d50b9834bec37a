/**
 * A published model of 260,000 parameters that writes stories for children: its parameters, the texts of its tokens, and stories that it
 * writes itself. It is read from the layout of llama2.c, where all layers of one matrix are together.
 */
import { existsSync, readFileSync } from 'node:fs'

import { uniformAt } from '../../src/category/sampler/addressed-randomness.js'
import type { TransformerShape } from '../../src/language-model/model.js'
import { namedParameters, parametersIn } from '../../src/language-model/parameter-layout.js'
import { inFloat64 } from '../../src/language-model/products.js'
import { headLogProbabilities } from '../../src/language-model/softmax-head.js'
import { backbonePass } from '../../src/language-model/transformer/forward.js'
import { type TransformerParameters, transformerParameters } from '../../src/language-model/transformer/parameters.js'
import { rmsNorm } from '../../src/language-model/transformer/rms-norm.js'
import { logSoftmax } from '../../src/linear-algebra/log-softmax.js'
import { type Matrix, matrix } from '../../src/linear-algebra/matrix.js'

export const storiesFolder = '../shared/data/models/stories260K'
export const storiesAreAbsent = !existsSync(`${storiesFolder}/stories260K.bin`)

export interface StoriesModel {
  readonly shape: TransformerShape
  readonly flat: Float64Array
}

export const storiesModel = (): StoriesModel => {
  const file = readFileSync(`${storiesFolder}/stories260K.bin`)
  const [width, inner, layers, heads, keyValueHeads, symbols] = Array.from({ length: 6 }, (_, k) =>
    file.readInt32LE(4 * k),
  )
  const shape: TransformerShape = {
    kind: 'transformer',
    symbols: symbols!,
    width: width!,
    heads: heads!,
    keyValueHeads: keyValueHeads!,
    layers: layers!,
    inner: inner!,
    tied: true,
    headBias: false,
  }
  const flat = new Float64Array(parametersIn(shape))
  const named = namedParameters(shape, flat)
  let at = 28
  const read = (name: string): void => {
    const { entries } = named.get(name)!
    for (let index = 0; index < entries.length; index++, at += 4) entries[index] = file.readFloatLE(at)
  }
  const all = (name: string): void => {
    for (let layer = 0; layer < shape.layers; layer++) read(`layers.${layer}.${name}`)
  }
  read('embedding')
  for (const name of ['attentionGain', 'query', 'key', 'value', 'attentionOutput', 'gatedGain', 'gate', 'down', 'up'])
    all(name)
  read('finalGain')
  return { shape, flat }
}

/** The text of each token. */
export const storiesTexts = (): readonly string[] => {
  const file = readFileSync(`${storiesFolder}/tok512.bin`)
  const texts: string[] = []
  for (let at = 4; at < file.length;) {
    const length = file.readInt32LE(at + 4)
    texts.push(file.toString('utf8', at + 8, at + 8 + length))
    at += 8 + length
  }
  return texts
}

/** The token of the beginning. */
const beginning = 1

/** Stories and what the model says at each of their places: n places, story after story. */
export interface StoriesSample {
  readonly model: StoriesModel
  readonly parameters: TransformerParameters
  readonly length: number
  /** n: the token at a place, the one that was drawn after it, and the story that they are of. */
  readonly tokens: Int32Array
  readonly next: Int32Array
  readonly stories: Int32Array
  /** n x D: the residual stream after each layer, and the hidden state that the head reads. */
  readonly layers: readonly Float64Array[]
  readonly hidden: Float64Array
  /** n x V, nats. */
  readonly logProbabilities: Float64Array
}

/** What a model says at the places of given stories. */
export const readStories = (
  model: StoriesModel,
  tokens: Int32Array,
  next: Int32Array,
  length: number,
): StoriesSample => {
  const parameters = transformerParameters(model.shape, model.flat)
  const { layers, stream, finalNorm } = inFloat64(backbonePass(model.shape, parameters, { tokens, length }))
  return {
    model,
    parameters,
    length,
    tokens,
    next,
    stories: Int32Array.from(tokens, (_, place) => Math.floor(place / length)),
    layers: [...layers.slice(1).map(({ input }) => input.entries), stream.entries],
    hidden: finalNorm.output.entries,
    logProbabilities: inFloat64(headLogProbabilities(parameters.head, finalNorm.output)).entries,
  }
}

/** Stories of one length that the model writes, each token drawn from its own prediction: a seed gives the same ones. */
export const sampleStories = (model: StoriesModel, count: number, length: number, seed: number): StoriesSample => {
  const [tokens, next] = [new Int32Array(count * length), new Int32Array(count * length)]
  for (let story = 0; story < count; story++) {
    const write = writer(model, length)
    let token = beginning
    for (let place = story * length; place < (story + 1) * length; place++) {
      tokens[place] = token
      const p = logSoftmax(write(token)).map(Math.exp)
      let rest = uniformAt(seed, place, 0, 0)
      token = p.findIndex((mass) => (rest -= mass) < 0)
      // Rounding may leave the sum of all a little below one.
      if (token === -1) token = p.length - 1
      next[place] = token
    }
  }
  return readStories(model, tokens, next, length)
}

const times = ({ rows, columns, entries }: Matrix, x: Float64Array): Float64Array => {
  const image = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += entries[i * columns + k]! * x[k]!
    image[i] = sum
  }
  return image
}

/** Attention of one query over the places up to its own. */
const attention = (
  { heads, keyValueHeads }: TransformerShape,
  query: Float64Array,
  keys: Float64Array,
  values: Float64Array,
  places: number,
): Float64Array => {
  const size = query.length / heads
  const row = keyValueHeads * size
  const mixed = new Float64Array(query.length)
  for (let h = 0; h < heads; h++) {
    const at = Math.floor((h * keyValueHeads) / heads) * size
    const scores = Float64Array.from({ length: places }, (_, other) => {
      let product = 0
      for (let k = 0; k < size; k++) product += query[h * size + k]! * keys[other * row + at + k]!
      return product / Math.sqrt(size)
    })
    logSoftmax(scores).forEach((log, other) => {
      for (let k = 0; k < size; k++) mixed[h * size + k]! += Math.exp(log) * values[other * row + at + k]!
    })
  }
  return mixed
}

/** The logits after each further token of one story; keys and values of the tokens before are kept. */
const writer = ({ shape, flat }: StoriesModel, most: number): ((token: number) => Float64Array) => {
  const { embedding, layers, finalGain, head } = transformerParameters(shape, flat)
  const size = shape.width / shape.heads
  const row = shape.keyValueHeads * size
  const kept = layers.map(() => [new Float64Array(most * row), new Float64Array(most * row)] as const)
  let place = 0
  const turned = (x: Float64Array): Float64Array => {
    for (let k = 0; k < x.length; k += 2) {
      const angle = place * 10_000 ** (-(k % size) / size)
      const [c, s, a, b] = [Math.cos(angle), Math.sin(angle), x[k]!, x[k + 1]!]
      x[k] = a * c - b * s
      x[k + 1] = a * s + b * c
    }
    return x
  }
  return (token) => {
    let stream = embedding.entries.slice(token * shape.width, (token + 1) * shape.width)
    const normed = (gain: Matrix): Float64Array => rmsNorm(matrix(1, shape.width, stream), gain).output.entries
    const add = (x: Float64Array): void => void (stream = stream.map((entry, k) => entry + x[k]!))
    layers.forEach((layer, index) => {
      const input = normed(layer.attentionGain)
      const [keys, values] = kept[index]!
      keys.set(turned(times(layer.key, input)), place * row)
      values.set(times(layer.value, input), place * row)
      const mixed = attention(shape, turned(times(layer.query, input)), keys, values, place + 1)
      add(times(layer.attentionOutput, mixed))
      const middle = normed(layer.gatedGain)
      const [gate, up] = [times(layer.gate, middle), times(layer.up, middle)]
      const product = gate.map((x, k) => (x / (1 + Math.exp(-x))) * up[k]!)
      add(times(layer.down, product))
    })
    place++
    return times(head.weights, normed(finalGain))
  }
}
