/**
 * Panels: four neighbouring values of one index side by side, then the next value of the summed index.
 *
 * A matrix read against its rows takes a cache line for each number, and at strides of powers of two all lines fall into one set. Where
 * each number is read often, it is first written anew in the order in which it is read.
 */
import type { Kernel } from '../kernel.js'
import { kernelText } from '../text.js'
import { type Factor, type Product, simplified } from './product.js'
import { nextMultipleOfFour, sumOf, times } from './text.js'

/** An operand that is packed before the product. */
export interface Packing {
  readonly side: 'left' | 'right'
  readonly kernel: Kernel
  readonly packed: Product
}

/** Fewer entries than this are in the nearest cache in any order. */
const fewEntries = 2 ** 12
/** Rows of a matrix of more entries than this come from memory, four at a time from four places: panels come from one. */
const manyEntries = 2 ** 20
/** How often each entry must be read for it to be worthwhile. */
const fewReads = 32

/** The operands of a product that are better packed, with what packs them and the product that reads the panels. */
export const packings = (given: Product): { readonly product: Product; readonly packings: readonly Packing[] } => {
  let product = simplified(given)
  const found: Packing[] = []
  for (const side of ['left', 'right'] as const) {
    const packing = packingOf(product, side)
    if (packing === undefined) continue
    found.push(packing)
    product = packing.packed
  }
  return { product: found.length === 0 ? given : product, packings: found }
}

const packingOf = (product: Product, side: 'left' | 'right'): Packing | undefined => {
  const factor = product[side]
  const { sizes, columns, summed } = product
  const [count] = summed
  const step = factor.coefficients[sizes.length + 1]
  if (count === undefined || step === undefined || summed.length !== 1) return undefined
  // Only one index besides the summed one makes panels, and what is read along its rows needs none, unless it is large.
  const extents = [...sizes, columns]
  const carried = extents.flatMap((size, index) => (size > 1 && factor.coefficients[index] !== 0 ? [index] : []))
  const [index] = carried
  if (index === undefined || carried.length !== 1) return undefined
  const extent = extents[index]!
  if (step <= 1 && extent * count < manyEntries) return undefined
  const reads = extents.reduce((total, size) => total * size, 1) / extent
  if (extent < 4 || extent * count < fewEntries || reads < fewReads) return undefined
  const coefficient = factor.coefficients[index]!
  const panels: Factor = { ...factor, panels: { index, summed: count }, length: nextMultipleOfFour(extent) * count }
  return { side, kernel: panelKernel(coefficient, step, extent, count), packed: { ...product, [side]: panels } }
}

/** Cell (y, x) holds the entry for value 4y + x mod 4 of the index, and value x / 4 of the summed one. */
export const panelKernel = (coefficient: number, step: number, extent: number, summed: number): Kernel => ({
  source: kernelText(
    ['m'],
    [
      `return m[${sumOf([
        times(step, '(this.thread.x >> 2)'),
        times(coefficient, '(this.thread.x & 3)'),
        times(4 * coefficient, 'this.thread.y'),
      ])}];`,
    ],
  ),
  output: [4 * summed, Math.ceil(extent / 4)],
  result: { kind: 'matrix', layout: { stride: 4 * summed } },
})
