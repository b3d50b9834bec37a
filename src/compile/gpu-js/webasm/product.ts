/**
 * Sums of products, or the largest of them, for WebAssembly: every contraction and affine map, as data that kernels are written from.
 *
 * Three forms of kernel do them. Where other kernels read the result, a cell is one number; the four that run together are neighbours
 * in a row, and all they read is the same for the four: see quad.ts. Where the result is final, a cell is four rows at a column: see
 * four-rows.ts. Large results that are final and read as well are made cell by cell: see row.ts.
 */
import type { Reduction } from '../../operation.js'
import { times } from './text.js'

/** An operand: the places of a flat array at which it is read are linear in the indices. */
export interface Factor {
  /** For each index: the rows', the column, the summed ones. */
  readonly coefficients: readonly number[]
  /** The entries that it has. */
  readonly length: number
  /** Where it is packed in panels of four values of an index, the summed index running between these. */
  readonly panels: Panels | undefined
}

export interface Panels {
  readonly index: number
  readonly summed: number
}

/** What becomes of a sum. */
export type Finish = 'identity' | 'tanh' | 'exponential'

/** result[rows, column] = finish(addend + sum over the summed indices of left * right), or the largest product in place of the sum. */
export interface Product {
  readonly sizes: readonly number[]
  readonly columns: number
  readonly summed: readonly number[]
  /** A maximum has neither addend nor finish. */
  readonly reduction: Reduction
  readonly left: Factor
  readonly right: Factor
  /** Read at a row and a column: what each sum begins with. */
  readonly addend: Factor | undefined
  readonly finish: Finish
  /** Read at a row: what is taken off a sum before its exponential. */
  readonly normaliser: Factor | undefined
}

/**
 * The same product with fewer indices: those of one value are left out, and two are one where everything is read in even steps along
 * both. Summed indices are in the order in which the operands are read in the smallest steps. Where there is one column, the last row
 * index takes its place if it fills whole vectors.
 */
export const simplified = (given: Product): Product => {
  const product = withFewerRows(given)
  const { sizes, columns, summed } = product
  const first = sizes.length + 1
  const reach = (place: number): number =>
    Math.max(product.left.coefficients[first + place]!, product.right.coefficients[first + place]!)
  const order = summed
    .map((_, place) => place)
    .filter((place) => summed[place]! > 1)
    .sort((a, b) => reach(b) - reach(a))
  const merged: { readonly size: number; readonly place: number }[] = []
  for (const place of order) {
    const outer = merged[merged.length - 1]
    const isEven = ({ coefficients }: Factor): boolean =>
      coefficients[first + outer!.place] === coefficients[first + place]! * summed[place]!
    if (outer !== undefined && isEven(product.left) && isEven(product.right))
      merged[merged.length - 1] = { size: outer.size * summed[place]!, place }
    else merged.push({ size: summed[place]!, place })
  }
  const lastSize = sizes[sizes.length - 1] ?? 1
  const moves = columns === 1 && lastSize % 4 === 0
  const kept = moves ? sizes.slice(0, -1) : sizes
  return {
    ...withFactors(product, ({ coefficients }) => [
      ...coefficients.slice(0, kept.length),
      coefficients[moves ? sizes.length - 1 : sizes.length] ?? 0,
      ...merged.map(({ place }) => coefficients[first + place] ?? 0),
    ]),
    sizes: kept,
    columns: moves ? lastSize : columns,
    summed: merged.map(({ size }) => size),
  }
}

/** The same product, its row indices of one value left out, and those that follow each other in even steps together. */
const withFewerRows = (product: Product): Product => {
  const { sizes } = product
  // Panels are of an index by its number.
  if (factorsOf(product).some(({ panels }) => panels !== undefined)) return product
  const merged: { readonly size: number; readonly place: number }[] = []
  sizes.forEach((size, place) => {
    if (size === 1) return
    const outer = merged[merged.length - 1]
    const isEven = ({ coefficients }: Factor): boolean => coefficients[outer!.place] === coefficients[place]! * size
    if (outer !== undefined && factorsOf(product).every(isEven))
      merged[merged.length - 1] = { size: outer.size * size, place }
    else merged.push({ size, place })
  })
  return {
    ...withFactors(product, ({ coefficients }) => [
      ...merged.map(({ place }) => coefficients[place]!),
      ...coefficients.slice(sizes.length),
    ]),
    sizes: merged.map(({ size }) => size),
  }
}

const factorsOf = ({ left, right, addend, normaliser }: Product): readonly Factor[] =>
  [left, right, addend, normaliser].filter((factor) => factor !== undefined)

const withFactors = (product: Product, coefficientsOf: (factor: Factor) => readonly number[]): Product => {
  const changed = (factor: Factor): Factor => ({ ...factor, coefficients: coefficientsOf(factor) })
  const { left, right, addend, normaliser } = product
  return {
    ...product,
    left: changed(left),
    right: changed(right),
    addend: addend === undefined ? undefined : changed(addend),
    normaliser: normaliser === undefined ? undefined : changed(normaliser),
  }
}

/** The arguments of a kernel: `a`, `b`, and where there are any the addend `c` and the normaliser `n`. */
export const parametersOf = ({ addend, normaliser }: Product): readonly string[] => [
  'a',
  'b',
  ...(addend === undefined ? [] : ['c']),
  ...(normaliser === undefined ? [] : ['n']),
]

export const coefficientOf = ({ coefficients }: Factor, index: number): number => coefficients[index] ?? 0

/** Where a factor is read, but for the column and the summed indices. */
export const rowPlace = (factor: Factor, names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name, index) => {
    if (factor.panels?.index !== index) return times(coefficientOf(factor, index), name)
    return `(${name} >> 2) * ${4 * factor.panels.summed} + (${name} & 3)`
  })
