/**
 * The small set of operations that a plan is made of, as data. It knows nothing of what runs it: kernels are generated from it, and
 * the float64 reference interprets it.
 *
 * Every tensor is a matrix. A factor over several finite indices is stored with its last index along the columns and all others, in
 * row-major order, along the rows. Sizes are literal: a plan belongs to one batch size.
 */
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import type { Activation } from './meaning.js'

/** A term of a linear index: `stride` times the value of loop or output index `index`. */
export interface Term {
  readonly index: number
  readonly stride: number
}

/** Where an operand of a contraction is read: linear in the indices. */
export interface Access {
  readonly row: readonly Term[]
  readonly column: readonly Term[]
}

/** A number in the row of a matrix of element numbers, times a stride: a digit of a row number that is looked up. */
export interface Digit {
  readonly operand: number
  readonly column: number
  readonly stride: number
}

/** What becomes of the products of a contraction: their sum, or the largest of them. */
export type Reduction = 'sum' | 'max'

export type Operation =
  /** digits[rows, length], table[symbols, dimension] -> [rows, length * dimension]: table rows side by side. */
  | {
      readonly kind: 'embed'
      readonly rows: number
      readonly length: number
      readonly dimension: number
      readonly offset: number
    }
  /** x[rows, inputs], weights[outputs, inputs], bias[1, outputs] -> [rows, outputs]. */
  | {
      readonly kind: 'affine'
      readonly rows: number
      readonly inputs: number
      readonly outputs: number
      readonly activation: Activation
    }
  /** a[rows, left], b[rows, right] -> [rows, left + right]. */
  | { readonly kind: 'concatenate'; readonly rows: number; readonly left: number; readonly right: number }
  /** x[rows, columns] -> [rows, 1]: the logarithm of the sum of the exponentials of a row. */
  | { readonly kind: 'log-sum-exp'; readonly rows: number; readonly columns: number }
  /** x[rows, columns], logSumExp[rows, 1] -> [rows, columns]: exp(x - logSumExp). */
  | { readonly kind: 'normalise'; readonly rows: number; readonly columns: number }
  /**
   * table, digits... -> [product(sizes) , columns]: row (i0, i1, ...) of the output is the table's row number
   * sum of strides * indices + sum of digits. Digits are read at row i0, that of the batch, or at the row `at` of their matrices.
   */
  | {
      readonly kind: 'gather'
      readonly sizes: readonly number[]
      readonly columns: number
      readonly terms: readonly Term[]
      readonly digits: readonly Digit[]
      readonly at?: readonly Term[]
    }
  /**
   * a, b -> [product(sizes) , columns]: the sum over the summed indices of a times b, or the largest such product, of entries that are
   * not negative. Indices: row indices, column, summed.
   */
  | {
      readonly kind: 'contract'
      readonly reduction: Reduction
      readonly sizes: readonly number[]
      readonly columns: number
      readonly summed: readonly number[]
      readonly left: Access
      readonly right: Access
    }
  /**
   * x[rows * group, columns] -> [rows, 1]: the exponent of two of the largest entry of each group of rows, from -126 to 127, and 0 where
   * that is 0. Kernels may be off by one: only `scale` reads it. Entries are not negative.
   */
  | { readonly kind: 'exponent'; readonly rows: number; readonly group: number; readonly columns: number }
  /**
   * x[rows * group, columns], exponent[rows, 1] -> [rows * group, columns]: x times two to the power of minus the exponent of its group,
   * from -126 to 127. Only what is below the smallest normal number is rounded.
   */
  | { readonly kind: 'scale'; readonly rows: number; readonly group: number; readonly columns: number }
  /** p[rows * group, columns] -> [rows, 1]: the categorical entropy of each group of rows taken as one distribution. */
  | {
      readonly kind: 'categorical-entropy'
      readonly measure: CategoricalEntropyName
      readonly rows: number
      readonly group: number
      readonly columns: number
    }

/**
 * Steps that a generator may put in the place of several, where what lies between them is not wanted: the logits of a softmax head are
 * computed anew from x[rows, inputs], weights[outputs, inputs] and bias[1, outputs] as often as they are needed, and never stored.
 */
export type FusedOperation =
  /** x, weights, bias -> [rows, 1]: the logarithm of the sum of the exponentials of a row of logits. */
  | { readonly kind: 'affine-log-sum-exp'; readonly rows: number; readonly inputs: number; readonly outputs: number }
  /** x, weights, bias, logSumExp[rows, 1] -> [rows, outputs]: exp(logits - logSumExp). */
  | { readonly kind: 'affine-softmax'; readonly rows: number; readonly inputs: number; readonly outputs: number }
  /** x, weights, bias -> [rows, 1]: the categorical entropy of the softmax of each row of logits. */
  | {
      readonly kind: 'affine-entropy'
      readonly measure: CategoricalEntropyName
      readonly rows: number
      readonly inputs: number
      readonly outputs: number
    }

/** What kernels are generated for. */
export type KernelOperation = Operation | FusedOperation

/** An operation on tensors, by their numbers. */
export interface KernelStep {
  readonly operation: KernelOperation
  readonly operands: readonly number[]
  readonly result: number
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)

/** The shape of what an operation gives. */
export const resultShape = (operation: KernelOperation): { readonly rows: number; readonly columns: number } => {
  switch (operation.kind) {
    case 'embed':
      return { rows: operation.rows, columns: operation.length * operation.dimension }
    case 'affine':
      return { rows: operation.rows, columns: operation.outputs }
    case 'concatenate':
      return { rows: operation.rows, columns: operation.left + operation.right }
    case 'affine-softmax':
      return { rows: operation.rows, columns: operation.outputs }
    case 'log-sum-exp':
    case 'affine-log-sum-exp':
    case 'categorical-entropy':
    case 'exponent':
    case 'affine-entropy':
      return { rows: operation.rows, columns: 1 }
    case 'scale':
      return { rows: operation.rows * operation.group, columns: operation.columns }
    case 'normalise':
      return { rows: operation.rows, columns: operation.columns }
    case 'gather':
    case 'contract':
      return { rows: product(operation.sizes), columns: operation.columns }
  }
}

/** Predicted multiplications and additions (an exponential or a logarithm counts as one). */
export const operationCount = (operation: KernelOperation): number => {
  const { rows, columns } = resultShape(operation)
  switch (operation.kind) {
    case 'affine':
      return 2 * rows * columns * operation.inputs
    case 'log-sum-exp':
      return 3 * rows * operation.columns
    case 'normalise':
      return 2 * rows * columns
    case 'contract':
      return 2 * rows * columns * product(operation.summed)
    case 'exponent':
      return operation.rows * operation.group * operation.columns
    case 'scale':
      return rows * columns
    case 'categorical-entropy':
      return 4 * rows * operation.group * operation.columns
    case 'affine-log-sum-exp':
      return (2 * operation.inputs + 3) * operation.rows * operation.outputs
    case 'affine-softmax':
      return (2 * operation.inputs + 2) * operation.rows * operation.outputs
    case 'affine-entropy':
      return (2 * operation.inputs + 7) * operation.rows * operation.outputs
    case 'embed':
    case 'concatenate':
    case 'gather':
      return 0
  }
}
