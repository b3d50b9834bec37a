/**
 * Householder QR of a tall matrix with column pivoting: A P = Q R.
 */
import { type Matrix, scalingFactor } from './matrix.js'

export interface PivotedQr {
  readonly rows: number
  readonly columns: number
  /** The power of two that the matrix was multiplied by. */
  readonly scale: number
  /** columns x rows, row-major: row k holds the Householder vector of step k, from position k on. */
  readonly reflections: Float64Array
  /** 2 / |v_k|^2, or 0 where step k is the identity. */
  readonly factors: Float64Array
  /** Column k of A P is column order[k] of A. */
  readonly order: Int32Array
  /** R, columns x columns. */
  readonly triangle: Float64Array
}

/** The factors of a matrix with at least as many rows as columns; an entry that is not finite throws. */
export const pivotedQr = (a: Matrix): PivotedQr => {
  const { rows: n, columns: m } = a
  const scale = scalingFactor('pivoted QR', a.entries)
  // Transposed, so that a column is contiguous.
  const work = new Float64Array(m * n)
  const squares = new Float64Array(m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const entry = a.entries[i * m + j]! * scale
      work[j * n + i] = entry
      squares[j]! += entry * entry
    }
  const order = Int32Array.from({ length: m }, (_, j) => j)
  const factors = new Float64Array(m)
  const triangle = new Float64Array(m * m)

  for (let k = 0; k < m; k++) {
    let pivot = k
    for (let j = k + 1; j < m; j++) if (squares[j]! > squares[pivot]!) pivot = j
    if (pivot !== k) {
      const column = work.slice(k * n, (k + 1) * n)
      work.copyWithin(k * n, pivot * n, (pivot + 1) * n)
      work.set(column, pivot * n)
      const [index, square] = [order[k]!, squares[k]!]
      order[k] = order[pivot]!
      order[pivot] = index
      squares[k] = squares[pivot]!
      squares[pivot] = square
    }

    const start = k * n
    for (let i = 0; i < k; i++) triangle[i * m + k] = work[start + i]!
    const head = work[start + k]!
    let tail = 0
    for (let i = k + 1; i < n; i++) tail += work[start + i]! ** 2
    const norm = Math.sqrt(head * head + tail)
    const target = head > 0 ? -norm : norm
    triangle[k * m + k] = tail === 0 ? head : target
    if (tail !== 0) {
      work[start + k] = head - target
      factors[k] = 1 / (norm * (norm + Math.abs(head)))
    }

    const factor = factors[k]!
    for (let j = k + 1; j < m; j++) {
      const column = j * n
      let product = 0
      for (let i = k; i < n; i++) product += work[start + i]! * work[column + i]!
      product *= factor
      let square = 0
      if (product !== 0) work[column + k]! -= product * work[start + k]!
      for (let i = k + 1; i < n; i++) {
        const entry = work[column + i]! - product * work[start + i]!
        work[column + i] = entry
        square += entry * entry
      }
      squares[j] = square
    }
  }
  return { rows: n, columns: m, scale, reflections: work, factors, order, triangle }
}

/** A vector x of length n becomes Q x. */
export const applyReflections = ({ rows: n, columns: m, reflections, factors }: PivotedQr, x: Float64Array): void => {
  // Reflections beyond the last nonzero entry leave x as it is.
  let last = n - 1
  while (last >= 0 && x[last] === 0) last--
  for (let k = Math.min(m - 1, last); k >= 0; k--) {
    const start = k * n
    const factor = factors[k]!
    if (factor === 0) continue
    let product = 0
    for (let i = k; i < n; i++) product += reflections[start + i]! * x[i]!
    product *= factor
    for (let i = k; i < n; i++) x[i]! -= product * reflections[start + i]!
  }
}
