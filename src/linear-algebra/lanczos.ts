/**
 * The Lanczos method with full reorthogonalisation: leading eigenpairs of a large symmetric operator that is known by its products with
 * single vectors, each of which may cost a pass over data that is as large as memory.
 *
 * Every new vector is made orthogonal to all before it, twice, so the compressed operator is the tridiagonal one to rounding and no
 * eigenvalue comes back as a ghost. Where the space of A^k x is exhausted, the method goes on from a new random vector outside it, so
 * that repeated eigenvalues are found once the space is. Short of that a single vector sees only one direction of an eigenspace:
 * `leadingEigen`, which iterates blocks, is the method for repeated eigenvalues.
 *
 * Source: B. Parlett, "The Symmetric Eigenvalue Problem" (1980), chapters 11 and 13.
 */
import { largestMagnitude, type Matrix, matrix } from './matrix.js'
import { standardNormals } from './standard-normal.js'
import { type Eigen, symmetricEigen } from './symmetric-eigen.js'

export interface LanczosEigen {
  /** The largest Ritz values (not magnitudes), descending. Each is at most the eigenvalue of its rank, but for rounding. */
  readonly values: Float64Array
  /** n x count, orthonormal columns. */
  readonly vectors: Matrix
  /** |A v - lambda v| of each pair, by one more product: an eigenvalue of A lies within it of each value. */
  readonly residuals: Float64Array
  /** Products with the operator, those for the residuals not counted: the dimension of the space that was searched. */
  readonly steps: number
  /** Whether the method's own bounds on the residuals were below the tolerance when it stopped. */
  readonly converged: boolean
}

export interface LanczosSettings {
  /** A 32-bit integer: where the iteration starts. */
  readonly seed?: number
  /** The largest residual, as a part of the largest magnitude among the Ritz values; 1e-10 where it is not given. */
  readonly tolerance?: number
  /** 300, or three times the count, where it is not given; n x this many numbers are kept. */
  readonly mostSteps?: number
}

/** The compressed operator is diagonalised once in so many steps. */
const stepsBetweenChecks = 4

/**
 * The `count` largest eigenvalues of a symmetric operator on n dimensions, with eigenvectors and residuals; deterministic under a seed.
 *
 * `apply` maps a vector to its image. Kind: each value is a measurement with a bound, its residual; nothing certifies that no larger
 * eigenvalue was missed, though a random start misses a simple one with probability zero. A count that is not from 1 to n, fewer steps
 * than the count, and an image that is not finite throw.
 *
 * @example
 * const { values, steps } = lanczos((x) => x.map((entry, i) => entry / (1 + i)), 1000, 2)
 * Array.from(values, (value) => Math.round(value * 1e8) / 1e8) // => [1, 0.5]
 * steps < 50 // => true
 */
export const lanczos = (
  apply: (vector: Float64Array) => Float64Array,
  n: number,
  count: number,
  { seed = 0, tolerance = 1e-10, mostSteps = Math.max(300, 3 * count) }: LanczosSettings = {},
): LanczosEigen => {
  if (!Number.isInteger(count) || count < 1 || count > n)
    throw new Error(`lanczos: ${count} eigenvalues of an operator on ${n} dimensions`)
  const most = Math.min(n, mostSteps)
  if (!(most >= count)) throw new Error(`lanczos: ${mostSteps} steps for ${count} eigenvalues`)

  const normals = standardNormals(seed)
  const basis: Float64Array[] = []
  const [diagonal, couplings]: [number[], number[]] = [[], []]
  let blockStart = 0
  let next = freshDirection(normals, n, basis)
  for (;;) {
    const image = applied(apply, next)
    basis.push(next)
    diagonal.push(innerProduct(next, image))
    removeSpan(image, basis)
    const norm = length(image)
    const steps = basis.length
    // What is left of an exhausted space is rounding.
    const exhausted = norm <= 1e-14 * n * scaleOf(diagonal, couplings) || norm === 0
    const checked = exhausted || steps === most || (steps >= count && (steps - count) % stepsBetweenChecks === 0)
    if (checked && steps >= count) {
      const eigen = symmetricEigen(tridiagonalMatrix(diagonal, couplings, 0))
      const last = exhausted ? 0 : norm
      const accurate = boundsOf(eigen, count, last).every((bound) => bound <= tolerance * magnitude(eigen))
      const complete =
        blockStart === 0
          ? !exhausted || count === 1
          : addsNothing(
              symmetricEigen(tridiagonalMatrix(diagonal, couplings, blockStart)),
              eigen,
              count,
              last,
              tolerance,
            )
      const converged = steps === n || (accurate && complete)
      if (converged || steps === most) return pairsOf(apply, basis, eigen, count, converged)
    }
    if (exhausted) {
      blockStart = steps
      couplings.push(0)
      next = freshDirection(normals, n, basis)
    } else {
      couplings.push(norm)
      next = image.map((entry) => entry / norm)
    }
  }
}

/**
 * After a space is exhausted, what is outside it no longer counts once its largest eigenvalue is known and no larger than the least
 * wanted: `block` is the operator on what was searched since.
 */
const addsNothing = (block: Eigen, whole: Eigen, count: number, coupling: number, tolerance: number): boolean => {
  const slack = tolerance * magnitude(whole)
  return boundsOf(block, 1, coupling)[0]! <= slack && block.values[0]! <= whole.values[count - 1]! + slack
}

/** The method's own bounds on the residuals of the leading Ritz pairs: the next coupling times the last entries of their vectors. */
const boundsOf = ({ vectors }: Eigen, count: number, coupling: number): Float64Array =>
  Float64Array.from({ length: count }, (_, j) =>
    Math.abs(coupling * vectors.entries[(vectors.rows - 1) * vectors.columns + j]!),
  )

/** The largest magnitude among eigenvalues in descending order. */
const magnitude = ({ values }: Eigen): number => Math.max(Math.abs(values[0]!), Math.abs(values[values.length - 1]!))

const scaleOf = (diagonal: readonly number[], couplings: readonly number[]): number =>
  largestMagnitude(Float64Array.of(...diagonal, ...couplings))

/** The tridiagonal matrix from a step on. */
const tridiagonalMatrix = (diagonal: readonly number[], couplings: readonly number[], start: number): Matrix => {
  const size = diagonal.length - start
  const result = matrix(size, size)
  for (let k = 0; k < size; k++) {
    result.entries[k * size + k] = diagonal[start + k]!
    if (k + 1 < size) result.entries[k * size + k + 1] = result.entries[(k + 1) * size + k] = couplings[start + k]!
  }
  return result
}

/** The Ritz vectors, and what the operator makes of them. */
const pairsOf = (
  apply: (vector: Float64Array) => Float64Array,
  basis: readonly Float64Array[],
  eigen: Eigen,
  count: number,
  converged: boolean,
): LanczosEigen => {
  const n = basis[0]!.length
  const vectors = matrix(n, count)
  const residuals = new Float64Array(count)
  for (let j = 0; j < count; j++) {
    const vector = new Float64Array(n)
    basis.forEach((direction, k) => addScaled(vector, eigen.vectors.entries[k * eigen.vectors.columns + j]!, direction))
    const image = applied(apply, vector)
    addScaled(image, -eigen.values[j]!, vector)
    residuals[j] = length(image)
    for (let i = 0; i < n; i++) vectors.entries[i * count + j] = vector[i]!
  }
  return { values: eigen.values.slice(0, count), vectors, residuals, steps: basis.length, converged }
}

const applied = (apply: (vector: Float64Array) => Float64Array, vector: Float64Array): Float64Array => {
  const image = apply(vector)
  if (image.length !== vector.length)
    throw new Error(`lanczos: the image of ${vector.length} numbers has ${image.length}`)
  if (!Number.isFinite(largestMagnitude(image))) throw new Error('lanczos: the image of a vector is not finite')
  // The image is written to, and may be the operator's own.
  return image.slice()
}

/** A random unit vector orthogonal to a basis that is not complete. */
const freshDirection = (
  normals: (target: Float64Array) => void,
  n: number,
  basis: readonly Float64Array[],
): Float64Array => {
  const direction = new Float64Array(n)
  normals(direction)
  // Near a complete basis little is left of the first pass, and scaling it up scales its rounding.
  for (let pass = 0; pass < 2; pass++) {
    removeSpan(direction, basis)
    const norm = length(direction)
    for (let i = 0; i < n; i++) direction[i]! /= norm
  }
  return direction
}

/** Twice: after one pass there is rounding of the size of what was taken away. */
const removeSpan = (vector: Float64Array, basis: readonly Float64Array[]): void => {
  for (let pass = 0; pass < 2; pass++)
    for (const direction of basis) addScaled(vector, -innerProduct(vector, direction), direction)
}

const addScaled = (target: Float64Array, factor: number, source: Float64Array): void => {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[i]!
}

const innerProduct = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const length = (a: Float64Array): number => Math.sqrt(innerProduct(a, a))
