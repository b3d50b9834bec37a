/**
 * The numbers behind the parameter tensors of a plan: meanings as flat matrices.
 */
import type { Box } from '../../dsl/diagram.js'
import { cardinality, sizeOf } from '../../dsl/object.js'
import type { Rows } from '../category/fin-stoch.js'
import type { NumericMeaning } from './meaning.js'

/** Which matrix of a meaning a tensor holds. */
export type ParameterName =
  | 'table'
  | 'weights'
  | 'bias'
  | `weights ${number}`
  | `bias ${number}`
  /** A finite meaning as a stochastic matrix; the last output along the columns. */
  | 'kernel'
  /** A deterministic finite meaning as element numbers, of a sequence place by place: one row for each input, outputs side by side. */
  | 'function'

/** The entries of a parameter, row-major. */
export const parameterEntries = (box: Box, meaning: NumericMeaning, name: ParameterName): ArrayLike<number> => {
  switch (meaning.kind) {
    case 'embedding':
      if (name === 'table') return meaning.table.entries
      break
    case 'softmax-head':
      if (name === 'weights') return meaning.weights.entries
      if (name === 'bias') return meaning.bias
      break
    case 'layers': {
      const [matrix, index] = name.split(' ')
      const layer = meaning.layers[Number(index)]
      if (layer !== undefined) return matrix === 'weights' ? layer.weights.entries : layer.bias
      break
    }
    case 'finite-kernel':
      if (name === 'kernel') return sideBySide(meaning.rows)
      if (name === 'function')
        return meaning.rows.flatMap((row) => digitsOf(box, elementsAt(largestPlace(row), outputSizes(box))))
      break
    case 'finite-function': {
      const { values } = meaning
      if (name === 'function') return values.flatMap((row) => digitsOf(box, row))
      if (name !== 'kernel') break
      const sizes = outputSizes(box)
      const width = sizes.reduce((product, size) => product * size, 1)
      const entries = new Float64Array(values.length * width)
      values.forEach((row, x) => (entries[x * width + row.reduce((y, value, port) => y * sizes[port]! + value, 0)] = 1))
      return entries
    }
  }
  throw new Error(`parameterEntries: a ${meaning.kind} has no parameter '${name}'`)
}

/** Rows of one length in one array. */
const sideBySide = (rows: Rows): Float64Array => {
  const columns = rows[0]?.length ?? 0
  const entries = new Float64Array(rows.length * columns)
  rows.forEach((row, place) => {
    entries.set(row, place * columns)
  })
  return entries
}

const outputSizes = (box: Box): readonly number[] => box.outputs.map((wire) => cardinality(wire)!)

/** Where the largest of some numbers is; there may be more of them than a call takes arguments. */
const largestPlace = (row: readonly number[]): number =>
  row.reduce((best, entry, place) => (entry > row[best]! ? place : best), 0)

/** Elements of a box's outputs as numbers, one for each place of a sequence. */
const digitsOf = (box: Box, elements: readonly number[]): readonly number[] =>
  box.outputs.flatMap((wire, port) =>
    wire.kind === 'sequence'
      ? elementsAt(
          elements[port]!,
          Array.from({ length: wire.length }, () => sizeOf(wire.symbols)),
        )
      : [elements[port]!],
  )

/** The elements of the factors that an element of a product is made of. */
const elementsAt = (element: number, sizes: readonly number[]): readonly number[] => {
  const elements: number[] = []
  let rest = element
  for (let port = sizes.length - 1; port >= 0; port--) {
    elements.unshift(rest % sizes[port]!)
    rest = Math.floor(rest / sizes[port]!)
  }
  return elements
}
