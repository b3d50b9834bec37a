/**
 * The parameters of a small language model: their number, their place in one flat array, and where training starts.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { standardNormals } from '../linear-algebra/standard-normal.js'
import type { DataKernel } from './data-kernel.js'
import type { ModelParameters, ModelShape } from './model.js'

/** The sizes of a model that its data do not fix. */
export interface ModelSizes {
  readonly embedding: number
  readonly width: number
  readonly hidden: number
}

/** Embeddings of 8 and a tanh layer of 64 over a hidden state of 8. */
export const defaultSizes: ModelSizes = { embedding: 8, width: 64, hidden: 8 }

/** Parameters as views of one array, in the order of the fields of `ModelParameters`. */
export interface FlatParameters {
  readonly flat: Float64Array
  readonly parameters: ModelParameters
}

const largestSize = 4096

/** The shape of a model of a kernel. Errors: a size that is no whole number from 1 to 4096. */
export const modelShape = (kernel: DataKernel, sizes: Partial<ModelSizes> = {}): Either<Problem, ModelShape> => {
  const { embedding, width, hidden } = { ...defaultSizes, ...sizes }
  const wrong = Object.entries({ embedding, width, hidden }).find(
    ([, size]) => !(Number.isInteger(size) && size >= 1 && size <= largestSize),
  )
  return wrong === undefined
    ? right({ symbols: kernel.symbols.length, contextLength: kernel.contextLength, embedding, width, hidden })
    : left(
        problem(
          'out-of-range',
          `model shape, ${wrong[0]}`,
          `${wrong[1]} is no size`,
          `give a whole number from 1 to ${largestSize}`,
        ),
      )
}

/**
 * How many numbers the parameters of a shape are.
 *
 * @example
 * parameterCount({ symbols: 27, contextLength: 2, embedding: 8, width: 64, hidden: 8 }) // => 2067
 */
export const parameterCount = ({ symbols, contextLength, embedding, width, hidden }: ModelShape): number =>
  symbols * embedding + width * contextLength * embedding + width + hidden * width + hidden + symbols * hidden + symbols

/** The parameters that a flat array holds; zeros where none is given. */
export const parametersOver = (
  shape: ModelShape,
  flat: Float64Array = new Float64Array(parameterCount(shape)),
): FlatParameters => {
  if (flat.length !== parameterCount(shape))
    throw new Error(`parameters: ${flat.length} numbers for a shape of ${parameterCount(shape)}`)
  const { symbols, contextLength, embedding, width, hidden } = shape
  let end = 0
  const take = (length: number): Float64Array => flat.subarray(end, (end += length))
  const parameters = {
    embedding: take(symbols * embedding),
    layerWeights: take(width * contextLength * embedding),
    layerBias: take(width),
    projectionWeights: take(hidden * width),
    projectionBias: take(hidden),
    headWeights: take(symbols * hidden),
    headBias: take(symbols),
  }
  return { flat, parameters }
}

/** The same parameters in an array of their own. */
export const copyParameters = (shape: ModelShape, source: ModelParameters): FlatParameters => {
  const copy = parametersOver(shape)
  copy.parameters.embedding.set(source.embedding)
  copy.parameters.layerWeights.set(source.layerWeights)
  copy.parameters.layerBias.set(source.layerBias)
  copy.parameters.projectionWeights.set(source.projectionWeights)
  copy.parameters.projectionBias.set(source.projectionBias)
  copy.parameters.headWeights.set(source.headWeights)
  copy.parameters.headBias.set(source.headBias)
  return copy
}

/**
 * Where training starts: embeddings N(0, 1/4), the weights of each linear map N(0, 1 / inputs), biases zero.
 *
 * The seed, a 32-bit integer, determines every number; the head's bias of zero makes the untrained prediction nearly uniform.
 */
export const initialise = (shape: ModelShape, seed: number): ModelParameters => {
  const { parameters } = parametersOver(shape)
  const normal = standardNormals(seed)
  const draw = (target: Float64Array, deviation: number): void => {
    normal(target)
    for (let index = 0; index < target.length; index++) target[index]! *= deviation
  }
  draw(parameters.embedding, 0.5)
  draw(parameters.layerWeights, 1 / Math.sqrt(shape.contextLength * shape.embedding))
  draw(parameters.projectionWeights, 1 / Math.sqrt(shape.width))
  draw(parameters.headWeights, 1 / Math.sqrt(shape.hidden))
  return parameters
}
