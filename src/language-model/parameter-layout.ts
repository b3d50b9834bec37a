/**
 * The parameters of any architecture as named matrices, one after another in a flat array.
 */
import { match } from 'ts-pattern'

import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import type { Architecture, MlpShape, TableShape, TransformerShape } from './model.js'

/** A matrix of parameters: one row for each output of a linear map, one row for a bias or a gain. */
export interface ParameterMatrix {
  readonly name: string
  readonly rows: number
  readonly columns: number
  /** A bias or a gain moves freely: weight decay draws matrices alone to zero. */
  readonly kind: 'weights' | 'bias' | 'gain'
}

const weights = (name: string, rows: number, columns: number): ParameterMatrix => ({
  name,
  rows,
  columns,
  kind: 'weights',
})
const bias = (name: string, columns: number): ParameterMatrix => ({ name, rows: 1, columns, kind: 'bias' })
const gain = (name: string, columns: number): ParameterMatrix => ({ name, rows: 1, columns, kind: 'gain' })

/**
 * The matrices of an architecture, in the order in which they lie in a flat array.
 *
 * @example
 * parameterLayout({ kind: 'table', symbols: 3, contexts: 5, hidden: 2 }).map(({ name, rows, columns }) => [name, rows, columns])
 * // => [['states', 5, 2], ['headWeights', 3, 2], ['headBias', 1, 3]]
 */
export const parameterLayout = (architecture: Architecture): readonly ParameterMatrix[] =>
  match(architecture)
    .with({ kind: 'table' }, tableLayout)
    .with({ kind: 'mlp' }, mlpLayout)
    .with({ kind: 'transformer' }, transformerLayout)
    .exhaustive()

const tableLayout = ({ symbols, contexts, hidden }: TableShape): readonly ParameterMatrix[] => [
  weights('states', contexts, hidden),
  weights('headWeights', symbols, hidden),
  bias('headBias', symbols),
]

/** In the order of the fields of `ModelParameters`. */
const mlpLayout = ({ symbols, contextLength, embedding, width, hidden }: MlpShape): readonly ParameterMatrix[] => [
  weights('embedding', symbols, embedding),
  weights('layerWeights', width, contextLength * embedding),
  bias('layerBias', width),
  weights('projectionWeights', hidden, width),
  bias('projectionBias', hidden),
  weights('headWeights', symbols, hidden),
  bias('headBias', symbols),
]

const transformerLayout = ({
  symbols,
  width,
  heads,
  keyValueHeads,
  layers,
  inner,
  tied,
  headBias,
}: TransformerShape): readonly ParameterMatrix[] => {
  const shared = (width / heads) * keyValueHeads
  const layer = (index: number): readonly ParameterMatrix[] => {
    const at = (name: string): string => `layers.${index}.${name}`
    return [
      gain(at('attentionGain'), width),
      weights(at('query'), width, width),
      weights(at('key'), shared, width),
      weights(at('value'), shared, width),
      weights(at('attentionOutput'), width, width),
      gain(at('gatedGain'), width),
      weights(at('gate'), inner, width),
      weights(at('up'), inner, width),
      weights(at('down'), width, inner),
    ]
  }
  return [
    weights('embedding', symbols, width),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    gain('finalGain', width),
    ...(tied ? [] : [weights('headWeights', symbols, width)]),
    ...(headBias ? [bias('headBias', symbols)] : []),
  ]
}

/** How many numbers the parameters of an architecture are. */
export const parametersIn = (architecture: Architecture): number =>
  parameterLayout(architecture).reduce((sum, { rows, columns }) => sum + rows * columns, 0)

/** The named matrices of an architecture, as views of a flat array. */
export const namedParameters = (architecture: Architecture, flat: Float64Array): ReadonlyMap<string, Matrix> => {
  const layout = parameterLayout(architecture)
  const wanted = parametersIn(architecture)
  if (flat.length !== wanted) throw new Error(`parameters: ${flat.length} numbers for an architecture of ${wanted}`)
  let end = 0
  return new Map(
    layout.map(({ name, rows, columns }) => [name, matrix(rows, columns, flat.subarray(end, (end += rows * columns)))]),
  )
}

/** A matrix that an architecture is known to have. */
export const parameterNamed = (parameters: ReadonlyMap<string, Matrix>, name: string): Matrix => {
  const found = parameters.get(name)
  if (found === undefined) throw new Error(`parameters: there is no ${name}`)
  return found
}
