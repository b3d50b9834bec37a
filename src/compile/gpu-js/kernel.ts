/** Kernels as data: their text, the cells they fill, and where the entries of the result are among these. */

/** Where a matrix is in a flat array: entry (row, column) at `row * stride + column`. */
export interface Layout {
  readonly stride: number
}

/** A kernel of gpu.js. */
export interface KernelSource {
  readonly source: string
  /** The axes of its output, that of `this.thread.x` first. */
  readonly output: readonly number[]
}

/**
 * What a kernel gives: a matrix that other kernels can read, or vectors of four or fewer numbers a cell, which gpu.js takes as a final
 * result only.
 */
export type Result =
  | { readonly kind: 'matrix'; readonly layout: Layout }
  /** Cell (z, y, x) holds rows 4y to 4y + 3 of block z, at column x. */
  | { readonly kind: 'four-rows'; readonly blockRows: number; readonly stride: number }
  /** Cell x holds a number of row x for each of several columns. */
  | { readonly kind: 'components'; readonly count: number }

export interface Kernel extends KernelSource {
  readonly result: Result
}

/** Reads a matrix of a result, row-major; of components, the column `component`. */
export const readResult = (
  flat: Float32Array,
  { result }: Kernel,
  rows: number,
  columns: number,
  component = 0,
): Float32Array => {
  switch (result.kind) {
    case 'matrix': {
      const { stride } = result.layout
      if (stride === columns) return flat.length === rows * columns ? flat : flat.slice(0, rows * columns)
      const entries = new Float32Array(rows * columns)
      for (let row = 0; row < rows; row++)
        entries.set(flat.subarray(row * stride, row * stride + columns), row * columns)
      return entries
    }
    case 'four-rows': {
      const { blockRows, stride } = result
      const entries = new Float32Array(rows * columns)
      const quads = Math.ceil(blockRows / 4)
      for (let block = 0; block * blockRows < rows; block++)
        for (let quad = 0; quad < quads; quad++) {
          const from = (block * quads + quad) * stride * 4
          const row = block * blockRows + 4 * quad
          const count = Math.min(4, blockRows - 4 * quad)
          for (let lane = 0; lane < count; lane++)
            for (let column = 0; column < columns; column++)
              entries[(row + lane) * columns + column] = flat[from + 4 * column + lane]!
        }
      return entries
    }
    case 'components': {
      const entries = new Float32Array(rows)
      for (let row = 0; row < rows; row++) entries[row] = flat[row * result.count + component]!
      return entries
    }
  }
}
