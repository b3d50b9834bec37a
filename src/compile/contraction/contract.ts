/** Pairs of tensors as operations on matrices. */
import type { Access, Operation, Reduction, Term } from '../operation.js'
import { batch } from './factor-graph.js'
import { indicesOf, type Layout, type Placed, type SizeOf } from './factor.js'

/** Where operations are recorded. */
export interface StepRecorder {
  /** Records an operation on tensors, and gives the number of its result. */
  readonly step: (operation: Operation, operands: readonly number[]) => number
  /** A tensor that holds the number one. */
  readonly one: () => number
}

/** Contracts two tensors, or one with the number one, to a layout: the other indices are summed or maximised. */
export type Contract = (layout: Layout, left: Placed, right: Placed | undefined) => Placed

export const contractWith =
  (recorder: StepRecorder, sizeOf: SizeOf, reduction: Reduction): Contract =>
  (layout, left, right) => {
    const other = right ?? { rowIndices: [], columnIndex: undefined, tensor: recorder.one() }
    const operation = contraction(left, other, layout, sizeOf, reduction)
    return { ...layout, tensor: recorder.step(operation, [left.tensor, other.tensor]) }
  }

/**
 * Contraction with results that are divided by powers of two, so that the largest entry of each member of the batch is about one: for
 * products of so many small numbers that they would be too small for a kernel. Each exponent is handed to `onExponent`.
 */
export const scaledContractWith = (
  recorder: StepRecorder,
  sizeOf: SizeOf,
  reduction: Reduction,
  onExponent: (exponent: { readonly tensor: number; readonly batched: boolean }) => void,
): Contract => {
  const contract = contractWith(recorder, sizeOf, reduction)
  return (layout, left, right) => {
    const result = contract(layout, left, right)
    const { rowIndices, columnIndex } = result
    const batched = rowIndices[0] === batch
    const rows = batched ? sizeOf(batch) : 1
    const group = rowIndices.slice(batched ? 1 : 0).reduce((total, index) => total * sizeOf(index), 1)
    const shape = { rows, group, columns: columnIndex === undefined ? 1 : sizeOf(columnIndex) }
    const exponent = recorder.step({ kind: 'exponent', ...shape }, [result.tensor])
    onExponent({ tensor: exponent, batched })
    return { ...result, tensor: recorder.step({ kind: 'scale', ...shape }, [result.tensor, exponent]) }
  }
}

/** Indices with the batch before all others, as in every tensor that depends on the inputs. */
export const batchFirst = (indices: readonly number[]): readonly number[] =>
  indices.includes(batch) ? [batch, ...indices.filter((index) => index !== batch)] : indices

/** The operation that contracts two tensors to a layout. Its indices: the result's, then the summed ones. */
const contraction = (a: Layout, b: Layout, result: Layout, sizeOf: SizeOf, reduction: Reduction): Operation => {
  const outer = indicesOf(result)
  const summed = [...new Set([...indicesOf(a), ...indicesOf(b)])].filter((index) => !outer.includes(index))
  // The column has a place of its own even where there is one column.
  const order = [...result.rowIndices, result.columnIndex, ...summed]
  const places = new Map(order.map((index, place) => [index, place]))
  const access = (operand: Layout): Access => {
    const row: Term[] = []
    let stride = 1
    for (let place = operand.rowIndices.length - 1; place >= 0; place--) {
      const index = operand.rowIndices[place]!
      row.unshift({ index: places.get(index)!, stride })
      stride *= sizeOf(index)
    }
    const { columnIndex } = operand
    return { row, column: columnIndex === undefined ? [] : [{ index: places.get(columnIndex)!, stride: 1 }] }
  }
  return {
    kind: 'contract',
    reduction,
    sizes: result.rowIndices.map(sizeOf),
    columns: result.columnIndex === undefined ? 1 : sizeOf(result.columnIndex),
    summed: summed.map(sizeOf),
    left: access(a),
    right: access(b),
  }
}
