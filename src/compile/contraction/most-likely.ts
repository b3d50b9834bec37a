/**
 * The values at which a product of factors is largest, read back from its contraction in the semiring of maximum and product: from the
 * result to the factors, each step's maximised indices take the values at which what they were maximised over is largest.
 *
 * Of equally large ones the first in lexicographic order of the step's indices is taken. Source: G. D. Forney, "The Viterbi algorithm"
 * (1973), for a chain; the same for every order of contraction.
 */
import { batch } from './factor-graph.js'
import { indicesOf, type Placed, rowStrides, type SizeOf } from './factor.js'
import type { TracedStep } from './lower.js'

/** The value of each index for one member of the batch; `entries` gives the numbers of a tensor, row-major. */
export const readBack = (
  steps: readonly TracedStep[],
  member: number,
  sizeOf: SizeOf,
  entries: (tensor: number) => ArrayLike<number>,
): ReadonlyMap<number, number> => {
  const values = new Map([[batch, member]])
  const unknown = (indices: readonly number[]): readonly number[] =>
    [...new Set(indices)].filter((index) => !values.has(index))
  for (let number = steps.length - 1; number >= 0; number--) {
    const step = steps[number]!
    if (step.kind === 'look-up') {
      const row = placeOf({ ...step.inputs, tensor: step.tensor }, sizeOf)(values)
      const digits = entries(step.tensor)
      const width = step.outputs.reduce((total, output) => total + output.digits.length, 0)
      for (const { index, digits: read } of step.outputs)
        values.set(
          index,
          read.reduce((value, { column, stride }) => value + stride * digits[row * width + column]!, 0),
        )
      continue
    }
    const summed = unknown(step.operands.flatMap(indicesOf))
    if (summed.length === 0) continue
    const factors = step.operands.map((operand) => ({ at: placeOf(operand, sizeOf), table: entries(operand.tensor) }))
    const sizes = summed.map(sizeOf)
    const count = sizes.reduce((product, size) => product * size, 1)
    const set = (combination: number): void => {
      let rest = combination
      for (let place = sizes.length - 1; place >= 0; place--) {
        values.set(summed[place]!, rest % sizes[place]!)
        rest = Math.floor(rest / sizes[place]!)
      }
    }
    let best = 0
    let largest = -1
    for (let combination = 0; combination < count; combination++) {
      set(combination)
      const product = factors.reduce((total, { at, table }) => total * table[at(values)]!, 1)
      if (product > largest) {
        best = combination
        largest = product
      }
    }
    set(best)
  }
  return values
}

/** Where the entry of a tensor at some values is. */
const placeOf = (placed: Placed, sizeOf: SizeOf): ((values: ReadonlyMap<number, number>) => number) => {
  const { columnIndex } = placed
  const columns = columnIndex === undefined ? 1 : sizeOf(columnIndex)
  const strides = [...rowStrides(placed, sizeOf)]
  return (values) =>
    strides.reduce((row, [index, stride]) => row + stride * values.get(index)!, 0) * columns +
    (columnIndex === undefined ? 0 : values.get(columnIndex)!)
}

/** The tensors that `readBack` reads. */
export const tensorsReadBack = (steps: readonly TracedStep[]): readonly number[] => [
  ...new Set(
    steps.flatMap((step) => (step.kind === 'look-up' ? [step.tensor] : step.operands.map(({ tensor }) => tensor))),
  ),
]
