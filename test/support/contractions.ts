/** Contractions of any shape, with operands, for property tests of kernels. */
import fc from 'fast-check'

import type { FloatMatrix } from '../../src/compile/gpu-js/runtime.js'
import type { Access, Operation } from '../../src/compile/operation.js'
import { filled, noise } from './kernel-run.js'

export type Contraction = Extract<Operation, { readonly kind: 'contract' }>

interface ContractionShape {
  readonly sizes: readonly number[]
  readonly columns: number
  readonly summed: readonly number[]
  /** Whether operands have their indices in the order of the contraction, or in any. */
  readonly isOrdered: boolean
}

const anyShape: fc.Arbitrary<ContractionShape> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  columns: fc.integer({ min: 1, max: 9 }),
  summed: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  isOrdered: fc.constant(false),
})

const fewValues = fc.constantFrom(2, 2, 2, 2, 1, 3, 4)

/** Many indices of few values, as the wires of networks have them. */
const narrowShape: fc.Arbitrary<ContractionShape> = fc.record({
  sizes: fc.array(fewValues, { maxLength: 6 }),
  columns: fewValues,
  summed: fc.array(fewValues, { maxLength: 3 }),
  isOrdered: fc.boolean(),
})

const contractionOf = (shape: fc.Arbitrary<ContractionShape>) =>
  fc
    .record({
      shape,
      carriers: fc.array(fc.constantFrom('left', 'right', 'both'), { minLength: 10, maxLength: 10 }),
      orders: fc.tuple(
        fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
        fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
      ),
      columnsOf: fc.tuple(fc.boolean(), fc.boolean()),
      seed: fc.nat(),
    })
    .map(({ shape: { sizes, columns, summed, isOrdered }, carriers, orders, columnsOf, seed }) => {
      const extents = [...sizes, columns, ...summed]
      const next = noise(seed)
      const operand = (
        side: 'left' | 'right',
        place: 0 | 1,
      ): { readonly access: Access; readonly matrix: FloatMatrix } => {
        const own = extents.flatMap((_, index) =>
          carriers[index] === side || carriers[index] === 'both' ? [index] : [],
        )
        const order = isOrdered ? [...own] : [...own].sort((a, b) => orders[place][a]! - orders[place][b]!)
        const column = columnsOf[place] ? order.pop() : undefined
        let rows = 1
        // The last of the rows runs fastest.
        const row = order.reverse().map((index) => {
          const term = { index, stride: rows }
          rows *= extents[index]!
          return term
        })
        const width = column === undefined ? 1 : extents[column]!
        return {
          access: { row, column: column === undefined ? [] : [{ index: column, stride: 1 }] },
          matrix: filled(rows, width, next),
        }
      }
      const [left, right] = [operand('left', 0), operand('right', 1)]
      const operation: Contraction = {
        kind: 'contract',
        reduction: 'sum',
        sizes,
        columns,
        summed,
        left: left.access,
        right: right.access,
      }
      return { operation, operands: [left.matrix, right.matrix] }
    })

export interface GivenContraction {
  readonly operation: Contraction
  readonly operands: readonly FloatMatrix[]
}

/** A contraction of any shape: which indices each operand has, in which order, and which of them runs along its columns. */
export const contractions: fc.Arbitrary<GivenContraction> = contractionOf(anyShape)

/** The same with many indices of few values. */
export const narrowContractions: fc.Arbitrary<GivenContraction> = contractionOf(narrowShape)
