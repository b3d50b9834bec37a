/** Factors as matrices: where the numbers of a factor over some indices are. */
import { batch } from './factor-graph.js'

export interface Layout {
  /** Row-major along the rows; an index may occur twice when a box reads a wire twice. */
  readonly rowIndices: readonly number[]
  /** The index along the columns; undefined when there is one column. */
  readonly columnIndex: number | undefined
}

/** A tensor over some indices. */
export interface Placed extends Layout {
  readonly tensor: number
}

/** What a look-up reads: one row for each combination of inputs, the outputs' elements as digits in its columns. */
export interface FunctionTable {
  /** How many of the factor's indices are inputs: they come first. */
  readonly inputCount: number
  readonly tensor: () => number
  /** For each output the columns of its digits, with what each digit counts for. */
  readonly outputs: readonly (readonly { readonly column: number; readonly stride: number }[])[]
}

/** A factor of the graph; its tensors are asked for when they are needed, and may never be. */
export interface Factor extends Layout {
  readonly tensor: () => number
  readonly table: FunctionTable | undefined
}

export type SizeOf = (index: number) => number

/** The indices of a layout, in the order of its axes. */
export const indicesOf = ({ rowIndices, columnIndex }: Layout): readonly number[] =>
  columnIndex === undefined ? rowIndices : [...rowIndices, columnIndex]

/** The layout with the last index along the columns; the batch index always stays along the rows. */
export const layoutOver = (indices: readonly number[]): Layout => {
  const last = indices[indices.length - 1]
  return last === undefined || last === batch
    ? { rowIndices: indices, columnIndex: undefined }
    : { rowIndices: indices.slice(0, -1), columnIndex: last }
}

/** A factor with its last index along the columns. */
export const factorOver = (tensor: number, indices: readonly number[]): Factor => ({
  ...layoutOver(indices),
  tensor: () => tensor,
  table: undefined,
})

/** How far apart in a layout's rows the values of each index are; an index that occurs twice is read along a diagonal. */
export const rowStrides = ({ rowIndices }: Layout, sizeOf: SizeOf): ReadonlyMap<number, number> => {
  const strides = new Map<number, number>()
  let stride = 1
  for (let place = rowIndices.length - 1; place >= 0; place--) {
    const index = rowIndices[place]!
    strides.set(index, (strides.get(index) ?? 0) + stride)
    stride *= sizeOf(index)
  }
  return strides
}
