/**
 * Matrices as flat float64 arrays, row-major, with their shape; and the few products that the rest of the library needs.
 */
import { addTile, tile } from './tile.js'

/** rows x columns; entry (i, j) is entries[i * columns + j]. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly entries: Float64Array
}

/**
 * A matrix of a shape over entries in row-major order, zeros where none are given; a Float64Array is used as it is, not copied.
 *
 * @example
 * matrix(2, 2, [1, 2, 3, 4]).entries[1 * 2 + 0] // => 3
 */
export const matrix = (rows: number, columns: number, entries?: ArrayLike<number>): Matrix => {
  const flat =
    entries === undefined
      ? new Float64Array(rows * columns)
      : entries instanceof Float64Array
        ? entries
        : Float64Array.from(entries)
  if (flat.length !== rows * columns)
    throw new Error(`matrix: ${flat.length} entries do not fill ${rows} x ${columns}, which takes ${rows * columns}`)
  return { rows, columns, entries: flat }
}

/** The n x n identity. */
export const identityMatrix = (n: number): Matrix => {
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) result.entries[i * n + i] = 1
  return result
}

/** A^T. */
export const transpose = ({ rows, columns, entries }: Matrix): Matrix => {
  const result = matrix(columns, rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result.entries[j * rows + i] = entries[i * columns + j]!
  return result
}

/**
 * A B.
 *
 * @example
 * Array.from(matrixProduct(matrix(1, 2, [1, 2]), matrix(2, 2, [1, 0, 0, 3])).entries) // => [1, 6]
 */
export const matrixProduct = (a: Matrix, b: Matrix): Matrix => {
  if (a.columns !== b.rows) throw new Error(`matrixProduct: ${shape(a)} meets ${shape(b)}`)
  const result = matrix(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++)
      addScaledRow(result.entries, i * b.columns, b.entries, k * b.columns, b.columns, a.entries[i * a.columns + k]!)
  return result
}

/** A^T B, without forming A^T. */
export const crossProduct = (a: Matrix, b: Matrix): Matrix => {
  if (a.rows !== b.rows) throw new Error(`crossProduct: ${shape(a)} transposed meets ${shape(b)}`)
  const result = matrix(a.columns, b.columns)
  for (let start = 0; start < a.rows; start += blockRows)
    addCrossProduct(result.entries, a, b, start, Math.min(start + blockRows, a.rows))
  return result
}

/** So many rows of both factors stay in the cache while all pairs of their columns meet. */
const blockRows = 128

/** Four columns of B at a time, their sums in registers: this is the inner loop of every score of alignment. */
const addCrossProduct = (target: Float64Array, a: Matrix, b: Matrix, start: number, end: number): void => {
  const [x, y, m, width] = [a.entries, b.entries, a.columns, b.columns]
  const inFours = width - (width % 4)
  for (let k = 0; k < m; k++) {
    for (let j = 0; j < inFours; j += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0]
      for (let i = start; i < end; i++) {
        const factor = x[i * m + k]!
        const place = i * width + j
        s0 += factor * y[place]!
        s1 += factor * y[place + 1]!
        s2 += factor * y[place + 2]!
        s3 += factor * y[place + 3]!
      }
      target[k * width + j]! += s0
      target[k * width + j + 1]! += s1
      target[k * width + j + 2]! += s2
      target[k * width + j + 3]! += s3
    }
    for (let j = inFours; j < width; j++) {
      let sum = 0
      for (let i = start; i < end; i++) sum += x[i * m + k]! * y[i * width + j]!
      target[k * width + j]! += sum
    }
  }
}

/**
 * The Gram matrix A^T A of the columns.
 *
 * @example
 * Array.from(gramMatrix(matrix(2, 2, [1, 2, 0, 3])).entries) // => [1, 2, 2, 13]
 */
export const gramMatrix = (a: Matrix): Matrix => {
  const m = a.columns
  const wide = Math.ceil(m / tile) * tile
  const sums = new Float64Array(wide * wide)
  const packed = new Float64Array(wide * packedRows)
  for (let start = 0; start < a.rows; start += packedRows) {
    const length = Math.min(packedRows, a.rows - start)
    for (let i = 0; i < length; i++)
      for (let j = 0; j < m; j++) packed[j * packedRows + i] = a.entries[(start + i) * m + j]!
    for (let k = 0; k < m; k += tile)
      for (let j = k; j < m; j += tile)
        addTile(sums, wide, k * wide + j, packed, k * packedRows, packed, j * packedRows, packedRows, length)
  }
  const result = matrix(m, m)
  for (let k = 0; k < m; k++)
    for (let j = k; j < m; j++) {
      result.entries[k * m + j] = sums[k * wide + j]!
      result.entries[j * m + k] = sums[k * wide + j]!
    }
  return result
}

/** So many rows, transposed so that a column is contiguous, stay in the cache while all pairs of columns meet. */
const packedRows = 64

/** sqrt(sum of the squared entries), without overflow or underflow on the way. */
export const frobeniusNorm = ({ entries }: Matrix): number => {
  const largest = largestMagnitude(entries)
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  for (const entry of entries) sum += (entry / largest) ** 2
  return largest * Math.sqrt(sum)
}

/** The largest magnitude among the entries; NaN if one is. */
export const largestMagnitude = (entries: Float64Array): number => {
  let largest = 0
  for (const entry of entries) {
    const magnitude = Math.abs(entry)
    // Written so that a NaN stays.
    if (!(magnitude <= largest)) largest = magnitude
    if (Number.isNaN(largest)) return largest
  }
  return largest
}

/**
 * The power of two that brings the largest magnitude to between one half and one: multiplying by it is exact, and squares of what
 * matters neither overflow nor underflow. Entries that are not finite throw.
 */
export const scalingFactor = (where: string, entries: Float64Array): number => {
  const largest = largestMagnitude(entries)
  if (!Number.isFinite(largest)) throw new Error(`${where}: an entry is ${largest}; every entry must be finite`)
  if (largest === 0) return 1
  // Kept inside the range in which both the factor and its inverse are normal numbers.
  return 2 ** Math.max(-1000, Math.min(1000, -Math.ceil(Math.log2(largest))))
}

const shape = ({ rows, columns }: Matrix): string => `${rows} x ${columns}`

const addScaledRow = (
  target: Float64Array,
  targetStart: number,
  source: Float64Array,
  sourceStart: number,
  length: number,
  factor: number,
): void => {
  if (factor === 0) return
  for (let j = 0; j < length; j++) target[targetStart + j]! += factor * source[sourceStart + j]!
}
