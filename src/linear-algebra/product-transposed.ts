/**
 * A B^T: the product whose factors are both read along their rows, which is what layers of a network are made of.
 */
import { type Matrix, matrix } from './matrix.js'
import { addTile, tile } from './tile.js'

/** So long a part of the rows of both factors stays in the cache while they meet. */
const depth = 256

/**
 * A B^T, for A n x k and B m x k. Equal rows of A give equal rows of the product, bit for bit, wherever they are.
 *
 * @example
 * Array.from(productTransposed(matrix(1, 2, [1, 2]), matrix(2, 2, [1, 0, 0, 3])).entries) // => [1, 6]
 */
export const productTransposed = (a: Matrix, b: Matrix): Matrix => {
  if (a.columns !== b.columns)
    throw new Error(`productTransposed: rows of ${a.columns} entries meet rows of ${b.columns}`)
  const [n, m, length] = [a.rows, b.rows, a.columns]
  const result = matrix(n, m)
  const [wholeRows, wholeColumns] = [n - (n % tile), m - (m % tile)]
  for (let start = 0; start < length; start += depth) {
    const part = Math.min(depth, length - start)
    for (let i = 0; i < wholeRows; i += tile)
      for (let j = 0; j < wholeColumns; j += tile)
        addTile(
          result.entries,
          m,
          i * m + j,
          a.entries,
          i * length + start,
          b.entries,
          j * length + start,
          length,
          part,
        )
  }
  for (let i = 0; i < n; i++)
    for (let j = i < wholeRows ? wholeColumns : 0; j < m; j++)
      result.entries[i * m + j] = innerProduct(a.entries, i * length, b.entries, j * length, length)
  return result
}

/** In the order of the tiles: part by part. */
const innerProduct = (a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number => {
  let sum = 0
  for (let start = 0; start < length; start += depth) {
    let part = 0
    for (let i = start; i < Math.min(start + depth, length); i++) part += a[aStart + i]! * b[bStart + i]!
    sum += part
  }
  return sum
}
