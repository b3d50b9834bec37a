/**
 * The symmetric eigenproblem: Householder reduction to tridiagonal form, then implicit QL with Wilkinson's shift.
 *
 * The transposed factor is carried along, one eigenvector a row, so that a plane rotation runs over contiguous memory.
 *
 * Source: G. Golub and C. Van Loan, "Matrix Computations", sections 8.3.1 to 8.3.3.
 */
import { type Matrix, matrix, scalingFactor } from './matrix.js'

export interface Eigen {
  /** The eigenvalues, the largest first. */
  readonly values: Float64Array
  /** Column j is the eigenvector of values[j]. */
  readonly vectors: Matrix
}

/**
 * The eigenvalues of a symmetric matrix, descending, with orthonormal eigenvectors; only the symmetric part (A + A^T)/2 counts.
 *
 * Residuals are of the order of the rounding error times |A|; the basis of a repeated eigenvalue's space is one of many. A matrix
 * that is not square, or an entry that is not finite, throws.
 *
 * @example
 * Array.from(symmetricEigen(matrix(2, 2, [2, 1, 1, 2])).values) // => [3, 1]
 */
export const symmetricEigen = (a: Matrix): Eigen => {
  const n = a.rows
  if (a.columns !== n) throw new Error(`symmetricEigen: the matrix is ${a.rows} x ${a.columns}, not square`)
  const scale = scalingFactor('symmetricEigen', a.entries)
  const work = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) work[i * n + j] = ((a.entries[i * n + j]! + a.entries[j * n + i]!) / 2) * scale
  const { diagonal, subdiagonal, rows } = tridiagonal(n, work)
  diagonalise(n, diagonal, subdiagonal, rows)

  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!)
  const vectors = matrix(n, n)
  order.forEach((row, column) => {
    for (let i = 0; i < n; i++) vectors.entries[i * n + column] = rows[row * n + i]!
  })
  return { values: Float64Array.from(order, (index) => diagonal[index]! / scale), vectors }
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Entry k couples k and k + 1. */
  readonly subdiagonal: Float64Array
  /** Q^T, where A = Q T Q^T. */
  readonly rows: Float64Array
}

/** Overwrites the matrix: row k ends as the Householder vector of step k, from column k + 1 on. */
const tridiagonal = (n: number, work: Float64Array): Tridiagonal => {
  const diagonal = new Float64Array(n)
  const subdiagonal = new Float64Array(n)
  const factors = new Float64Array(n)
  const p = new Float64Array(n)

  for (let k = 0; k + 1 < n; k++) {
    const row = k * n
    diagonal[k] = work[row + k]!
    let tail = 0
    for (let j = k + 2; j < n; j++) tail += work[row + j]! ** 2
    const head = work[row + k + 1]!
    if (tail === 0) {
      subdiagonal[k] = head
      continue
    }
    const norm = Math.sqrt(head * head + tail)
    const target = head > 0 ? -norm : norm
    subdiagonal[k] = target
    work[row + k + 1] = head - target
    const factor = 1 / (norm * (norm + Math.abs(head)))
    factors[k] = factor

    // The trailing block becomes H A H = A - v w^T - w v^T, with w = p - (factor/2)(p.v) v and p = factor A v.
    let product = 0
    for (let i = k + 1; i < n; i++) {
      let sum = 0
      for (let j = k + 1; j < n; j++) sum += work[i * n + j]! * work[row + j]!
      p[i] = factor * sum
      product += p[i]! * work[row + i]!
    }
    for (let i = k + 1; i < n; i++) p[i]! -= ((factor * product) / 2) * work[row + i]!
    for (let i = k + 1; i < n; i++) {
      const [v, w] = [work[row + i]!, p[i]!]
      for (let j = k + 1; j < n; j++) work[i * n + j]! -= v * p[j]! + w * work[row + j]!
    }
  }
  if (n > 0) diagonal[n - 1] = work[n * n - 1]!

  // Q^T from the last reflection to the first: the part that is not yet the identity grows by one row and column a step.
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) rows[i * n + i] = 1
  for (let k = n - 2; k >= 0; k--) {
    const factor = factors[k]!
    if (factor === 0) continue
    for (let i = k + 1; i < n; i++) {
      let sum = 0
      for (let j = k + 1; j < n; j++) sum += rows[i * n + j]! * work[k * n + j]!
      sum *= factor
      for (let j = k + 1; j < n; j++) rows[i * n + j]! -= sum * work[k * n + j]!
    }
  }
  return { diagonal, subdiagonal, rows }
}

/** No eigenvalue of a finite symmetric matrix has been seen to take more than a handful of sweeps. */
const mostSweeps = 60
/** Overwrites the diagonal with the eigenvalues and the rows with the eigenvectors. */
const diagonalise = (n: number, diagonal: Float64Array, subdiagonal: Float64Array, rows: Float64Array): void => {
  // A coupling is zero at the rounding of its neighbours, or of the largest entries so far: a matrix of low rank leaves a block that is
  // all rounding, in which couplings never become small beside their neighbours.
  let largest = 0
  const coupled = (k: number): boolean =>
    Math.abs(subdiagonal[k]!) >
    Number.EPSILON * Math.max(Math.abs(diagonal[k]!) + Math.abs(diagonal[k + 1]!), largest / 2)

  for (let low = 0; low < n; low++) {
    largest = Math.max(largest, Math.abs(diagonal[low]!) + Math.abs(subdiagonal[low]!))
    for (let sweep = 0; ; sweep++) {
      let high = low
      while (high + 1 < n && coupled(high)) high++
      if (high === low) break
      if (sweep === mostSweeps) throw new Error(`symmetricEigen: eigenvalue ${low} of ${n} did not converge`)
      sweepUp(n, low, high, diagonal, subdiagonal, rows)
    }
  }
}

/** One implicit QL sweep on the unreduced block low .. high, with the shift taken from its upper corner. */
const sweepUp = (
  n: number,
  low: number,
  high: number,
  diagonal: Float64Array,
  subdiagonal: Float64Array,
  rows: Float64Array,
): void => {
  const corner = subdiagonal[low]!
  const half = (diagonal[low + 1]! - diagonal[low]!) / 2
  const shift = diagonal[low]! - (corner * corner) / (half + (half < 0 ? -1 : 1) * Math.hypot(half, corner))

  // Each rotation of the rows k and k - 1 takes out the entry that the one before it pushed off the three diagonals.
  let kept = diagonal[high]! - shift
  let bulge = subdiagonal[high - 1]!
  for (let k = high; k > low; k--) {
    const length = Math.hypot(kept, bulge)
    const [cosine, sine] = length === 0 ? [1, 0] : [kept / length, bulge / length]
    if (k < high) subdiagonal[k] = length
    const [below, above, coupling] = [diagonal[k]!, diagonal[k - 1]!, subdiagonal[k - 1]!]
    const moved = sine * (sine * (above - below) + 2 * cosine * coupling)
    diagonal[k] = below + moved
    diagonal[k - 1] = above - moved
    subdiagonal[k - 1] = cosine * sine * (above - below) + (cosine - sine) * (cosine + sine) * coupling
    if (k - 1 > low) {
      bulge = sine * subdiagonal[k - 2]!
      subdiagonal[k - 2]! *= cosine
      kept = subdiagonal[k - 1]!
    }
    rotateRows(rows, k * n, (k - 1) * n, n, cosine, sine)
  }
}

/** Two rows x, y of a flat matrix become c x + s y and c y - s x. */
export const rotateRows = (
  entries: Float64Array,
  x: number,
  y: number,
  length: number,
  cosine: number,
  sine: number,
): void => {
  for (let j = 0; j < length; j++) {
    const a = entries[x + j]!
    const b = entries[y + j]!
    entries[x + j] = cosine * a + sine * b
    entries[y + j] = cosine * b - sine * a
  }
}
