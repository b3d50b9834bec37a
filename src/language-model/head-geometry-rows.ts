/**
 * V rows of D numbers, flat: the weights of a head, or the Jacobian of its logits.
 */

/** D. */
export const dimensionOf = (rows: Float64Array, symbols: number): number => {
  if (symbols < 1 || rows.length % symbols !== 0)
    throw new Error(`pullback metric: ${rows.length} weights do not make ${symbols} rows of one length`)
  return rows.length / symbols
}

/** W^T p. */
export const meanRow = (rows: Float64Array, p: ArrayLike<number>): Float64Array =>
  combinationOfRows(rows, dimensionOf(rows, p.length), p)

/** W^T a, for V numbers a. */
export const combinationOfRows = (rows: Float64Array, dimension: number, factors: ArrayLike<number>): Float64Array => {
  const sum = new Float64Array(dimension)
  for (let w = 0; w < factors.length; w++) {
    const factor = factors[w]!
    if (factor === 0) continue
    const start = w * dimension
    for (let i = 0; i < dimension; i++) sum[i]! += factor * rows[start + i]!
  }
  return sum
}

/** The squared distance of the row that starts at a place to a point. */
export const squaredDistance = (rows: Float64Array, start: number, point: Float64Array): number => {
  let square = 0
  for (let i = 0; i < point.length; i++) square += (rows[start + i]! - point[i]!) ** 2
  return square
}
