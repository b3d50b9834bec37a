/**
 * Affine maps with Gaussian noise, y = M x + s + N(0, C), over any kind of numbers: what the float and the exact category share.
 *
 * A kind of numbers is given by its matrices. Composition, tensor product and the wiring are written once, here.
 */
import type { MarkovStructure } from '../markov-category.js'
import { dimensionOf, type RealObject, sameRealObject } from '../real-object.js'

/** M, s (a column) and C of one map. */
export interface AffineParts<M> {
  readonly matrix: M
  readonly shift: M
  readonly covariance: M
}

/** Matrices over one kind of numbers. */
export interface MatrixAlgebra<M> {
  /** The matrix of these whole numbers. */
  readonly whole: (rows: number, columns: number, entry: (row: number, column: number) => number) => M
  readonly sum: (a: M, b: M) => M
  readonly negative: (a: M) => M
  readonly product: (a: M, b: M) => M
  /** A C A^T of a symmetric C, symmetric to the last bit. */
  readonly congruence: (a: M, c: M) => M
  /** The block-diagonal matrix of two. */
  readonly directSum: (a: M, b: M) => M
  /** The columns of two matrices side by side. */
  readonly beside: (a: M, b: M) => M
  readonly select: (a: M, rows: readonly number[], columns: readonly number[]) => M
  /** A C A^T where A takes what a regression explains off: to first order it does not depend on the rounding of A. */
  readonly residualCovariance: (a: M, c: M) => M
}

/** A kind of Gaussian maps: its matrices, and how a map is taken apart and put together. */
export interface GaussianKind<Mor, M> {
  readonly category: string
  readonly algebra: MatrixAlgebra<M>
  readonly partsOf: (f: Mor) => AffineParts<M>
  readonly mapOf: (domain: RealObject, codomain: RealObject, parts: AffineParts<M>) => Mor
}

/** What every Gaussian map says of its boundary. */
export interface RealBoundary {
  readonly domain: RealObject
  readonly codomain: RealObject
}

/** from, from + 1, ..., from + count - 1. */
export const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index)

export const identityOf = <M>({ whole }: MatrixAlgebra<M>, n: number): M => whole(n, n, (i, j) => (i === j ? 1 : 0))
export const zeroOf = <M>({ whole }: MatrixAlgebra<M>, rows: number, columns: number): M =>
  whole(rows, columns, () => 0)

/** The deterministic map of a matrix of whole numbers. */
export const linearMap = <Mor, M>(
  { algebra, mapOf }: GaussianKind<Mor, M>,
  domain: RealObject,
  codomain: RealObject,
  entry: (row: number, column: number) => number,
): Mor => {
  const [columns, rows] = [dimensionOf(domain), dimensionOf(codomain)]
  return mapOf(domain, codomain, {
    matrix: algebra.whole(rows, columns, entry),
    shift: zeroOf(algebra, rows, 1),
    covariance: zeroOf(algebra, rows, rows),
  })
}

/** y = M' (M x + s + e) + s' + e'. */
export const composeGaussian = <Mor extends RealBoundary, M>(kind: GaussianKind<Mor, M>, f: Mor, g: Mor): Mor => {
  if (!sameRealObject(f.codomain, g.domain))
    throw new Error(`${kind.category}.seq: codomain [${f.codomain.join(', ')}] meets domain [${g.domain.join(', ')}]`)
  const { sum, product, congruence } = kind.algebra
  const [first, second] = [kind.partsOf(f), kind.partsOf(g)]
  return kind.mapOf(f.domain, g.codomain, {
    matrix: product(second.matrix, first.matrix),
    shift: sum(product(second.matrix, first.shift), second.shift),
    covariance: sum(congruence(second.matrix, first.covariance), second.covariance),
  })
}

/** The wires of the codomain at these places, in this order. */
export const marginalGaussian = <Mor extends RealBoundary, M>(
  kind: GaussianKind<Mor, M>,
  f: Mor,
  wires: readonly number[],
): Mor => {
  const missing = wires.find((wire) => f.codomain[wire] === undefined)
  if (missing !== undefined)
    throw new Error(`${kind.category}: wire ${missing} of the codomain [${f.codomain.join(', ')}] does not exist`)
  const starts = f.codomain.map((_, wire) => dimensionOf(f.codomain.slice(0, wire)))
  const kept = wires.flatMap((wire) => range(starts[wire]!, f.codomain[wire]!))
  const { matrix, shift, covariance } = kind.partsOf(f)
  const { select } = kind.algebra
  const codomain = wires.map((wire) => f.codomain[wire]!)
  return kind.mapOf(f.domain, codomain, {
    matrix: select(matrix, kept, range(0, dimensionOf(f.domain))),
    shift: select(shift, kept, [0]),
    covariance: select(covariance, kept, kept),
  })
}

type Structural =
  'unit' | 'tensor' | 'sameObject' | 'domain' | 'codomain' | 'id' | 'seq' | 'par' | 'swap' | 'copy' | 'discard'

/** The operations of a Markov category of Gaussian maps that do not depend on how numbers are compared. */
export const gaussianOperations = <Mor extends RealBoundary, M>(
  kind: GaussianKind<Mor, M>,
): Pick<MarkovStructure<RealObject, Mor>, Structural> => {
  const { directSum } = kind.algebra
  /** The rows of directSum are those of a, then those of b; a column of it is a column of one: a shift must stay one column. */
  const stack = (a: M, b: M): M =>
    kind.algebra.product(
      directSum(a, b),
      kind.algebra.whole(2, 1, () => 1),
    )
  return {
    unit: [],
    tensor: (a, b) => [...a, ...b],
    sameObject: sameRealObject,
    domain: (f) => f.domain,
    codomain: (f) => f.codomain,
    id: (a) => linearMap(kind, a, a, (i, j) => (i === j ? 1 : 0)),
    seq: (f, g) => composeGaussian(kind, f, g),
    par: (f, g) => {
      const [left, right] = [kind.partsOf(f), kind.partsOf(g)]
      return kind.mapOf([...f.domain, ...g.domain], [...f.codomain, ...g.codomain], {
        matrix: directSum(left.matrix, right.matrix),
        shift: stack(left.shift, right.shift),
        covariance: directSum(left.covariance, right.covariance),
      })
    },
    swap: (a, b) => {
      const [m, n] = [dimensionOf(a), dimensionOf(b)]
      return linearMap(kind, [...a, ...b], [...b, ...a], (i, j) => (j === (i < n ? i + m : i - n) ? 1 : 0))
    },
    copy: (a) => linearMap(kind, a, [...a, ...a], (i, j) => (i % dimensionOf(a) === j ? 1 : 0)),
    discard: (a) => linearMap(kind, a, [], () => 0),
  }
}
