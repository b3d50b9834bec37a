/**
 * The numbers behind the parameter tensors of a plan: meanings as flat matrices.
 */
import { match, P } from 'ts-pattern'

import type { Box } from '../../dsl/diagram.js'
import { cardinality, sizeOf } from '../../dsl/object.js'
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
export const parameterEntries = (box: Box, meaning: NumericMeaning, name: ParameterName): ArrayLike<number> =>
  match([meaning, name] as const)
    .returnType<ArrayLike<number>>()
    .with([{ kind: 'embedding' }, 'table'], ([{ table }]) => table.entries)
    .with([{ kind: 'softmax-head' }, 'weights'], ([{ weights }]) => weights.entries)
    .with([{ kind: 'softmax-head' }, 'bias'], ([{ bias }]) => bias)
    .with([{ kind: 'layers' }, P.string], ([{ layers }]) => {
      const [matrix, index] = name.split(' ')
      const layer = layers[Number(index)]!
      return matrix === 'weights' ? layer.weights.entries : layer.bias
    })
    .with([{ kind: 'finite-kernel' }, 'kernel'], ([{ rows }]) => rows.flat())
    .with([{ kind: 'finite-function' }, 'function'], ([{ values }]) => values.flatMap((row) => digitsOf(box, row)))
    .with([{ kind: 'finite-kernel' }, 'function'], ([{ rows }]) =>
      rows.flatMap((row) => digitsOf(box, elementsAt(largestPlace(row), outputSizes(box)))),
    )
    .with([{ kind: 'finite-function' }, 'kernel'], ([{ values }]) => {
      const sizes = outputSizes(box)
      const width = sizes.reduce((product, size) => product * size, 1)
      const entries = new Float64Array(values.length * width)
      values.forEach((row, x) => (entries[x * width + row.reduce((y, value, port) => y * sizes[port]! + value, 0)] = 1))
      return entries
    })
    .otherwise(() => {
      throw new Error(`parameterEntries: a ${meaning.kind} has no parameter '${name}'`)
    })

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
