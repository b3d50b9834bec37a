/**
 * Leading eigenpairs of a large symmetric operator that is known by its products with blocks of vectors.
 *
 * Subspace iteration on Krylov blocks: from a block X, the span of X, A X, A^2 X, .. is made orthonormal, the operator is compressed to
 * it (Rayleigh and Ritz), and its leading vectors are the next X. A block holds a few vectors more than are asked for, so that repeated
 * eigenvalues come with their multiplicity, which single-vector methods miss.
 *
 * Source: Y. Saad, "Numerical Methods for Large Eigenvalue Problems", chapters 5 and 6.
 */
import { crossProduct, frobeniusNorm, type Matrix, matrix, matrixProduct } from './matrix.js'
import { leadingColumns, orthonormalBasis } from './singular-values.js'
import { standardNormals } from './standard-normal.js'
import { symmetricEigen } from './symmetric-eigen.js'

export interface LeadingEigen {
  /** The largest eigenvalues (not magnitudes), descending. */
  readonly values: Float64Array
  /** n x count, orthonormal columns. */
  readonly vectors: Matrix
  /** |A v - lambda v| of each pair: an eigenvalue lies within it of each value. */
  readonly residuals: Float64Array
  readonly iterations: number
  /** Whether all residuals are below the tolerance. */
  readonly converged: boolean
}

export interface SubspaceSettings {
  /** A 32-bit integer: where the iteration starts. */
  readonly seed?: number
  /** The largest residual, as a part of the largest magnitude among the Ritz values; 1e-10 where it is not given. */
  readonly tolerance?: number
  readonly mostIterations?: number
}

/** So many products with the operator are in one Krylov block. */
const depth = 4
const spareVectors = 4

/**
 * The `count` largest eigenvalues of a symmetric operator on n dimensions, with eigenvectors.
 *
 * `apply` maps an n x k block to its image, n x k. A count that is not from 1 to n throws.
 *
 * @example
 * const diagonal = Float64Array.from({ length: 50 }, (_, i) => i)
 * const apply = ({ rows, columns, entries }) =>
 *   matrix(rows, columns, entries.map((entry, index) => entry * diagonal[Math.floor(index / columns)]))
 * Array.from(leadingEigen(apply, 50, 2).values) // => [49, 48]
 */
export const leadingEigen = (
  apply: (block: Matrix) => Matrix,
  n: number,
  count: number,
  { seed = 0, tolerance = 1e-10, mostIterations = 300 }: SubspaceSettings = {},
): LeadingEigen => {
  if (!Number.isInteger(count) || count < 1 || count > n)
    throw new Error(`leadingEigen: ${count} eigenvalues of an operator on ${n} dimensions`)
  const width = Math.min(n, count + spareVectors)
  const start = matrix(n, width)
  standardNormals(seed)(start.entries)
  let block = start
  for (let iterations = 1; ; iterations++) {
    const basis = krylovBasis(apply, block)
    const image = apply(basis)
    const { values, vectors } = symmetricEigen(crossProduct(basis, image))
    const chosen = leadingColumns(vectors, Math.min(width, vectors.columns))
    block = matrixProduct(basis, chosen)
    const imageOfBlock = matrixProduct(image, chosen)
    const residuals = Float64Array.from({ length: Math.min(count, block.columns) }, (_, j) => {
      let square = 0
      for (let i = 0; i < n; i++) {
        const place = i * block.columns + j
        square += (imageOfBlock.entries[place]! - values[j]! * block.entries[place]!) ** 2
      }
      return Math.sqrt(square)
    })
    const scale = Math.max(Math.abs(values[0]!), Math.abs(values[values.length - 1]!))
    const converged = residuals.every((residual) => residual <= tolerance * scale)
    if (converged || iterations === mostIterations)
      return {
        values: values.slice(0, residuals.length),
        vectors: leadingColumns(block, residuals.length),
        residuals,
        iterations,
        converged,
      }
  }
}

/** An orthonormal basis of the span of X, A X, .. , each block scaled to norm one before it is multiplied again. */
const krylovBasis = (apply: (block: Matrix) => Matrix, block: Matrix): Matrix => {
  const n = block.rows
  let basis = orthonormalBasis(block, { relative: 1e-12 }).basis
  let last = basis
  for (let power = 1; power < depth && basis.columns < n; power++) {
    const image = outside(apply(last), basis)
    const norm = frobeniusNorm(image)
    if (norm === 0) break
    const fresh = orthonormalBasis(image, { relative: 1e-8 }).basis
    // Orthogonal to what is there once more: the first pass has left rounding, which the scaling has grown.
    last = orthonormalBasis(outside(fresh, basis), { relative: 1e-8 }).basis
    if (last.columns === 0) break
    basis = sideBySide(basis, leadingColumns(last, Math.min(last.columns, n - basis.columns)))
  }
  return basis
}

/** X - Q Q^T X. */
const outside = (x: Matrix, q: Matrix): Matrix => {
  const inside = matrixProduct(q, crossProduct(q, x))
  return matrix(
    x.rows,
    x.columns,
    x.entries.map((entry, index) => entry - inside.entries[index]!),
  )
}

const sideBySide = (a: Matrix, b: Matrix): Matrix => {
  const result = matrix(a.rows, a.columns + b.columns)
  for (let i = 0; i < a.rows; i++) {
    result.entries.set(a.entries.subarray(i * a.columns, (i + 1) * a.columns), i * result.columns)
    result.entries.set(b.entries.subarray(i * b.columns, (i + 1) * b.columns), i * result.columns + a.columns)
  }
  return result
}
