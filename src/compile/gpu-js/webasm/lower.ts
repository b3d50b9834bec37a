/** Operations as kernels for WebAssembly. */
import type { FusedOperation, KernelOperation, Operation } from '../../operation.js'
import { resultShape } from '../../operation.js'
import { type HeadText, jensenShannonKernel, onePassKernel } from '../head.js'
import type { Kernel, Layout } from '../kernel.js'
import { webAssemblyHead } from './head.js'
import { packings, panelKernel } from './packing.js'
import { exponentKernel, scaleKernel } from './exponent.js'
import { fourRowsKernel, hasFourRows } from './four-rows.js'
import type { Factor, Finish, Product } from './product.js'
import { quadKernel } from './quad.js'
import { rowKernel } from './row.js'
import {
  concatenateKernel,
  embedKernel,
  entropyKernel,
  gatherKernel,
  logSumExpKernel,
  normaliseKernel,
} from './rows.js'

/** A matrix that kernels read. */
export interface Operand {
  readonly slot: number
  readonly rows: number
  readonly layout: Layout
}

/** Records a kernel on slots and gives the slot of its result. */
export type Record = (kernel: Kernel, slots: readonly number[]) => number

/** What is done with a result: another kernel reads it, it is handed back after the run, or both. */
export interface Use {
  readonly isRead: boolean
  readonly isWanted: boolean
}

/** Sums of fewer terms are done before gpu.js has made the array that it gives back for each cell of four rows. */
const worthFourRows = 512
/** Matrices of more entries are stored once only. */
const largeMatrix = 2 ** 22

/** Records the kernels of an operation, and gives the last of them with its slot. */
export const lowerOperation = (
  operation: KernelOperation,
  operands: readonly Operand[],
  { isRead, isWanted }: Use,
  record: Record,
): { readonly kernel: Kernel; readonly slot: number } => {
  const strides = operands.map(({ layout }) => layout.stride)
  const slots = operands.map(({ slot }) => slot)
  const recorded = (kernel: Kernel): { readonly kernel: Kernel; readonly slot: number } => ({
    kernel,
    slot: record(kernel, slots),
  })
  const [first, second] = [strides[0] ?? 1, strides[1] ?? 1]
  switch (operation.kind) {
    case 'embed':
      return recorded(embedKernel(operation, [first, second]))
    case 'concatenate':
      return recorded(concatenateKernel(operation, [first, second]))
    case 'log-sum-exp':
      return recorded(logSumExpKernel(operation, first))
    case 'normalise':
      return recorded(normaliseKernel(operation, first))
    case 'gather':
      return recorded(gatherKernel(operation, strides))
    case 'categorical-entropy':
      return recorded(entropyKernel(operation, first))
    case 'exponent':
      return recorded(exponentKernel(operation, first))
    case 'scale':
      return recorded(scaleKernel(operation, [first, second]))
    case 'affine':
    case 'affine-softmax':
    case 'contract': {
      const given = operation.kind === 'contract' ? contraction(operation, operands) : affine(operation, operands)
      const packed = packings(given)
      const sides = [...slots]
      for (const { side, kernel } of packed.packings) {
        const place = side === 'left' ? 0 : 1
        sides[place] = record(kernel, [slots[place]!])
      }
      const { product } = packed
      const { rows, columns } = resultShape(operation)
      const terms = product.summed.reduce((total, size) => total * size, 1)
      const isLarge = rows * columns > largeMatrix
      const kernel =
        isWanted && !isRead && !isLarge && terms >= worthFourRows && hasFourRows(product)
          ? fourRowsKernel(product)
          : isWanted && isLarge && columns > 1
            ? rowKernel(product)
            : quadKernel(product, columns)
      return { kernel, slot: record(kernel, sides) }
    }
    case 'affine-log-sum-exp': {
      const { head, at } = headOf(operation, operands, record)
      const kernel = onePassKernel(head, ['log-sum-exp'])
      return { kernel, slot: record(kernel, at) }
    }
    case 'affine-entropy': {
      const { head, at } = headOf(operation, operands, record)
      const { measure } = operation
      const kernel = measure === 'jensen-shannon' ? jensenShannonKernel(head) : onePassKernel(head, [measure])
      return { kernel, slot: record(kernel, at) }
    }
  }
}

/**
 * A head whose rows of x are in panels where x is large. It is then read faster; and a pipeline of gpu.js runs in threads only if one of
 * its kernels has more than 4096 cells, which the head itself, one cell a row, need not have.
 */
export const headOf = (
  { rows, inputs, outputs }: Exclude<FusedOperation, { readonly kind: 'affine-softmax' }>,
  [x, weights, bias]: readonly Operand[],
  record: Record,
): { readonly head: HeadText; readonly at: readonly number[] } => {
  const [xStride, weightStride] = [x!.layout.stride, weights!.layout.stride]
  const isLarge = rows * inputs > 4096
  const slot = isLarge ? record(panelKernel(xStride, 1, rows, inputs), [x!.slot]) : x!.slot
  return {
    head: webAssemblyHead({ rows, inputs, outputs, weightStride, xStride: isLarge ? 'panels' : xStride }),
    at: [slot, weights!.slot, bias!.slot],
  }
}

const lengthOf = ({ rows, layout }: Operand): number => rows * layout.stride

const factor = (operand: Operand, coefficients: readonly number[]): Factor => ({
  coefficients,
  length: lengthOf(operand),
  panels: undefined,
})

/** Indices: row, column, summed. */
const affine = (
  operation: Extract<KernelOperation, { readonly kind: 'affine' | 'affine-softmax' }>,
  [x, weights, bias, normaliser]: readonly Operand[],
): Product => {
  const { rows, inputs, outputs } = operation
  const finish: Finish = operation.kind === 'affine-softmax' ? 'exponential' : operation.activation
  return {
    sizes: [rows],
    columns: outputs,
    summed: [inputs],
    reduction: 'sum',
    left: factor(x!, [x!.layout.stride, 0, 1]),
    right: factor(weights!, [0, weights!.layout.stride, 1]),
    addend: factor(bias!, [0, 1]),
    finish,
    normaliser: operation.kind === 'affine-softmax' ? factor(normaliser!, [normaliser!.layout.stride, 0]) : undefined,
  }
}

const contraction = (
  { reduction, sizes, columns, summed, left, right }: Extract<Operation, { readonly kind: 'contract' }>,
  [a, b]: readonly Operand[],
): Product => {
  const flat = (operand: Operand, { row, column }: typeof left): Factor => {
    const coefficients = new Array<number>(sizes.length + 1 + summed.length).fill(0)
    for (const { index, stride } of row) coefficients[index]! += stride * operand.layout.stride
    for (const { index, stride } of column) coefficients[index]! += stride
    return factor(operand, coefficients)
  }
  return {
    sizes,
    columns,
    summed,
    reduction,
    left: flat(a!, left),
    right: flat(b!, right),
    addend: undefined,
    finish: 'identity',
    normaliser: undefined,
  }
}
