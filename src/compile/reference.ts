/**
 * The float64 reference of every operation: plain loops, against which generated kernels are tested.
 */
import { categoricalEntropy, entropyDivergence } from '../information/categorical-entropy.js'
import type { Access, KernelOperation, Term } from './operation.js'
import { resultShape } from './operation.js'
import type { Plan, Tensor } from './plan.js'
import { softmaxEntropy } from './softmax-entropy.js'

/** The tensors of a plan, filled in float64 from its inputs and parameters. */
export const runReference = (plan: Plan, load: (tensor: Tensor) => ArrayLike<number>): readonly Float64Array[] => {
  const filled: Float64Array[] = plan.tensors.map((tensor) =>
    isMade(tensor) ? new Float64Array(0) : Float64Array.from(load(tensor)),
  )
  const { steps, loop } = plan
  const run = (from: number, to: number): void => {
    for (const { operation, operands, result } of steps.slice(from, to))
      filled[result] = applyReference(
        operation,
        operands.map((tensor) => filled[tensor]!),
        operands.map((tensor) => plan.tensors[tensor]!.columns),
      )
  }
  if (loop === undefined) run(0, steps.length)
  else {
    run(0, loop.first)
    const { rows, columns } = plan.tensors[loop.result]!
    const total = new Float64Array(rows * columns)
    const values = new Int32Array(loop.sizes.length)
    for (let time = 0; time < loop.count; time++) {
      decode(time, loop.sizes, values)
      filled[loop.values] = Float64Array.from(values)
      run(loop.first, loop.last + 1)
      filled[loop.result]!.forEach((entry, place) => (total[place]! += entry))
    }
    filled[loop.result] = total
    run(loop.last + 1, steps.length)
  }
  return filled
}

const isMade = ({ source }: Tensor): boolean => source.kind === 'step' || source.kind === 'loop'

/** The result of one operation in float64; `widths` are the columns of the operands. */
export const applyReference = (
  operation: KernelOperation,
  operands: readonly Float64Array[],
  widths: readonly number[],
): Float64Array => {
  const { rows, columns } = resultShape(operation)
  const result = new Float64Array(rows * columns)
  const [first, second, third] = operands as readonly [Float64Array, Float64Array, Float64Array]
  switch (operation.kind) {
    case 'embed': {
      const { length, dimension, offset } = operation
      for (let row = 0; row < rows; row++)
        for (let place = 0; place < length; place++) {
          const symbol = first[row * widths[0]! + offset + place]!
          for (let k = 0; k < dimension; k++)
            result[row * columns + place * dimension + k] = second[symbol * dimension + k]!
        }
      return result
    }
    case 'affine': {
      const { inputs, activation } = operation
      for (let row = 0; row < rows; row++)
        for (let output = 0; output < columns; output++) {
          let sum = third[output]!
          for (let k = 0; k < inputs; k++) sum += first[row * inputs + k]! * second[output * inputs + k]!
          result[row * columns + output] = activation === 'tanh' ? Math.tanh(sum) : sum
        }
      return result
    }
    case 'affine-log-sum-exp':
    case 'affine-softmax':
    case 'affine-entropy': {
      const { inputs, outputs } = operation
      const logits = applyReference({ kind: 'affine', rows, inputs, outputs, activation: 'identity' }, operands, widths)
      const shape = { rows, columns: outputs }
      if (operation.kind === 'affine-softmax')
        return applyReference({ kind: 'normalise', ...shape }, [logits, operands[3]!], [outputs, 1])
      const normaliser = applyReference({ kind: 'log-sum-exp', ...shape }, [logits], [outputs])
      if (operation.kind === 'affine-log-sum-exp') return normaliser
      for (let row = 0; row < rows; row++)
        result[row] = softmaxEntropy(operation.measure, logits.subarray(row * outputs, (row + 1) * outputs))
      return result
    }
    case 'concatenate': {
      const { left, right } = operation
      for (let row = 0; row < rows; row++) {
        result.set(first.subarray(row * left, (row + 1) * left), row * columns)
        result.set(second.subarray(row * right, (row + 1) * right), row * columns + left)
      }
      return result
    }
    case 'log-sum-exp': {
      const width = operation.columns
      for (let row = 0; row < rows; row++) {
        let largest = -Infinity
        for (let k = 0; k < width; k++) largest = Math.max(largest, first[row * width + k]!)
        let sum = 0
        for (let k = 0; k < width; k++) sum += Math.exp(first[row * width + k]! - largest)
        result[row] = largest + Math.log(sum)
      }
      return result
    }
    case 'normalise': {
      for (let row = 0; row < rows; row++)
        for (let k = 0; k < columns; k++) result[row * columns + k] = Math.exp(first[row * columns + k]! - second[row]!)
      return result
    }
    case 'gather': {
      const { sizes, terms, digits, at = batchRow } = operation
      const indices = new Int32Array(sizes.length)
      for (let row = 0; row < rows; row++) {
        decode(row, sizes, indices)
        const place = digits.length === 0 ? 0 : linear(at, indices)
        let source = linear(terms, indices)
        for (const { operand, column, stride } of digits)
          source += operands[operand]![place * widths[operand]! + column]! * stride
        for (let k = 0; k < columns; k++) result[row * columns + k] = first[source * columns + k]!
      }
      return result
    }
    case 'contract': {
      const { reduction, sizes, summed, left, right } = operation
      const indices = new Int32Array(sizes.length + 1 + summed.length)
      const terms = summed.reduce((product, size) => product * size, 1)
      const inner = new Int32Array(summed.length)
      const at = (operand: Float64Array, width: number, { row, column }: Access): number =>
        operand[linear(row, indices) * width + linear(column, indices)]!
      for (let row = 0; row < rows; row++) {
        decode(row, sizes, indices)
        for (let k = 0; k < columns; k++) {
          indices[sizes.length] = k
          let total = 0
          for (let term = 0; term < terms; term++) {
            decode(term, summed, inner)
            indices.set(inner, sizes.length + 1)
            const product = at(first, widths[0]!, left) * at(second, widths[1]!, right)
            total = reduction === 'sum' ? total + product : Math.max(total, product)
          }
          result[row * columns + k] = total
        }
      }
      return result
    }
    case 'exponent': {
      const size = operation.group * operation.columns
      for (let row = 0; row < rows; row++)
        result[row] = exponentOf(first.subarray(row * size, (row + 1) * size).reduce((a, b) => Math.max(a, b), 0))
      return result
    }
    case 'scale': {
      const size = operation.group * columns
      result.forEach((_, at) => (result[at] = first[at]! * 2 ** -second[Math.floor(at / size)]!))
      return result
    }
    case 'categorical-entropy': {
      const size = operation.group * operation.columns
      const divergence = entropyDivergence(operation.measure)
      for (let row = 0; row < rows; row++)
        result[row] = categoricalEntropy(divergence, first.subarray(row * size, (row + 1) * size))
      return result
    }
  }
}

/** The exponent of two of a number in float32, 0 for 0. Math.log2 may be off by a rounding next to a power of two. */
const exponentOf = (value: number): number => {
  if (value === 0) return 0
  const near = Math.round(Math.log2(value))
  return Math.min(127, Math.max(-126, 2 ** near <= value ? near : near - 1))
}

/** Where a gather reads its digits unless it says so: at the row of the batch. */
const batchRow: readonly Term[] = [{ index: 0, stride: 1 }]

/** Row-major indices of a number. */
const decode = (number: number, sizes: readonly number[], indices: Int32Array): void => {
  let rest = number
  for (let place = sizes.length - 1; place >= 0; place--) {
    indices[place] = rest % sizes[place]!
    rest = Math.floor(rest / sizes[place]!)
  }
}

const linear = (terms: readonly Term[], indices: Int32Array): number =>
  terms.reduce((sum, { index, stride }) => sum + stride * indices[index]!, 0)
