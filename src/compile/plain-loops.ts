/**
 * Plans with little to do as plain loops, in float64: they are done before a call of gpu.js would have begun, and nothing has to be
 * compiled for them.
 *
 * Where a contraction reads its operands is worked out once, entry by entry, so a plan takes as much memory as it has operations.
 */
import type { Execution, Pipeline } from './gpu-js/runtime.js'
import type { Access, Operation, Term } from './operation.js'
import type { Plan } from './plan.js'
import { applyReference } from './reference.js'
import { productOf } from './wire-numbers.js'

const execution: Execution = { backend: 'loops', executor: 'float64', fallbackReason: undefined }

/** A pipeline of plain loops that takes the `given` tensors, in order, and gives the `wanted` ones; the `known` ones are always the same. */
export const loopsPipeline = (
  { tensors, steps }: Pick<Plan, 'tensors' | 'steps'>,
  given: readonly number[],
  wanted: readonly number[],
  known: ReadonlyMap<number, ArrayLike<number>>,
): Pipeline => {
  const filled = tensors.map(({ rows, columns }, tensor) => {
    const numbers = known.get(tensor)
    return numbers === undefined ? new Float64Array(rows * columns) : Float64Array.from(numbers)
  })
  const live = new Set(wanted)
  const work: (() => void)[] = []
  for (const { operation, operands, result } of steps.toReversed()) {
    if (!live.has(result)) continue
    for (const operand of operands) live.add(operand)
    const widths = operands.map((tensor) => tensors[tensor]!.columns)
    const read = operands.map((tensor) => filled[tensor]!)
    work.unshift(loopOf(operation, read, widths, filled[result]!))
  }
  const inputs = given.map((tensor) => filled[tensor]!)
  const results = wanted.map((tensor) => filled[tensor]!)
  return {
    run: (matrices) => {
      for (let place = 0; place < inputs.length; place++) inputs[place]!.set(matrices[place]!.entries)
      for (const loop of work) loop()
      return Promise.resolve(results.map((entries) => new Float32Array(entries)))
    },
    execution: () => execution,
    destroy: () => Promise.resolve(),
  }
}

/** An operation on arrays that stay where they are. */
const loopOf = (
  operation: Operation,
  operands: readonly Float64Array[],
  widths: readonly number[],
  result: Float64Array,
): (() => void) => {
  switch (operation.kind) {
    case 'contract':
      return contraction(operation, operands, widths, result)
    case 'gather':
      return gather(operation, operands, widths, result)
    default:
      return () => {
        result.set(applyReference(operation, operands, widths))
      }
  }
}

const contraction = (
  { sizes, columns, summed, left, right, reduction }: Extract<Operation, { readonly kind: 'contract' }>,
  operands: readonly Float64Array[],
  widths: readonly number[],
  result: Float64Array,
): (() => void) => {
  const [a, b] = operands as readonly [Float64Array, Float64Array]
  const all = [...sizes, columns, ...summed]
  const terms = productOf(summed)
  const placesOf = ({ row, column }: Access, width: number): Int32Array =>
    linear(all, [...row.map(({ index, stride }) => ({ index, stride: stride * width })), ...column])
  const [leftAt, rightAt] = [placesOf(left, widths[0]!), placesOf(right, widths[1]!)]
  if (reduction === 'max')
    return () => {
      let at = 0
      for (let entry = 0; entry < result.length; entry++) {
        let largest = 0
        for (let term = 0; term < terms; term++, at++) largest = Math.max(largest, a[leftAt[at]!]! * b[rightAt[at]!]!)
        result[entry] = largest
      }
    }
  return () => {
    let at = 0
    for (let entry = 0; entry < result.length; entry++) {
      let sum = 0
      for (let term = 0; term < terms; term++, at++) sum += a[leftAt[at]!]! * b[rightAt[at]!]!
      result[entry] = sum
    }
  }
}

const gather = (
  { sizes, columns, terms, digits, at }: Extract<Operation, { readonly kind: 'gather' }>,
  operands: readonly Float64Array[],
  widths: readonly number[],
  result: Float64Array,
): (() => void) => {
  const table = operands[0]!
  const firstRows = linear(sizes, terms)
  const places = linear(sizes, at ?? [{ index: 0, stride: 1 }])
  const readers = digits.map(({ operand, column, stride }) => ({
    numbers: operands[operand]!,
    width: widths[operand]!,
    column,
    stride,
  }))
  return () => {
    for (let row = 0; row < firstRows.length; row++) {
      let from = firstRows[row]!
      for (const { numbers, width, column, stride } of readers) from += stride * numbers[places[row]! * width + column]!
      for (let column = 0; column < columns; column++) result[row * columns + column] = table[from * columns + column]!
    }
  }
}

/** The values of a linear function of indices, the last index running fastest. */
const linear = (sizes: readonly number[], terms: readonly Term[]): Int32Array => {
  const coefficients = sizes.map(() => 0)
  for (const { index, stride } of terms) coefficients[index]! += stride
  const values = new Int32Array(productOf(sizes))
  let count = 1
  // Each index more repeats what there is, a step further each time.
  for (let index = sizes.length - 1; index >= 0; index--) {
    for (let value = 1; value < sizes[index]!; value++)
      for (let place = 0; place < count; place++)
        values[value * count + place] = values[place]! + value * coefficients[index]!
    count *= sizes[index]!
  }
  return values
}
