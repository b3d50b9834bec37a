/**
 * From a contraction order to operations on matrices.
 *
 * A pair of tensors is one `contract`, a single one is contracted with the number one, and a function whose outputs are summed is a
 * `gather` of the other tensor's rows. Inside a loop over sliced indices, a factor that carries some of them is gathered at their values.
 */
import type { Operation, Reduction, Term } from '../operation.js'
import { batchFirst, type Contract, contractWith, scaledContractWith, type StepRecorder } from './contract.js'
import { batch } from './factor-graph.js'
import {
  type Factor,
  type FunctionTable,
  indicesOf,
  type Layout,
  layoutOver,
  type Placed,
  rowStrides,
  type SizeOf,
} from './factor.js'
import type { ContractionOrder } from './order.js'

/** Where the operations of an order are recorded. */
export interface Recorder extends StepRecorder {
  /** A tensor of one row that holds the values of the loop's indices. */
  readonly loopValues: (count: number) => number
  /** The operations recorded after this call are those inside the loop. */
  readonly loopStart: () => void
}

export interface LowerOptions {
  readonly reduction: Reduction
  /** Whether results are scaled by powers of two; inside a loop they are not, since its results are added up. */
  readonly scaled: boolean
}

/** A step of an order as it was recorded: what it reads and gives, with where these are. */
export type TracedStep =
  | {
      readonly kind: 'contract'
      /** Factors by number, and after them the results of the steps before. */
      readonly numbers: readonly number[]
      readonly operands: readonly Placed[]
      readonly result: Placed
    }
  | {
      readonly kind: 'look-up'
      readonly numbers: readonly number[]
      /** The function: a row of `tensor` for each combination of inputs, with the digits of each output. */
      readonly inputs: Layout
      readonly tensor: number
      readonly outputs: readonly { readonly index: number; readonly digits: FunctionTable['outputs'][number] }[]
      /** What is looked up, the second of the numbers; the first is the function. */
      readonly other: Placed
      readonly result: Placed
    }

export interface LoweredOrder {
  readonly result: Placed
  readonly steps: readonly TracedStep[]
  /** What the result is multiplied by is two to the power of the sum of these. */
  readonly exponents: readonly { readonly tensor: number; readonly batched: boolean }[]
}

/** Records the operations of an order, and gives the result: over `wanted`, in that order, the other indices summed or maximised. */
export const lowerOrder = (
  order: ContractionOrder,
  factors: readonly Factor[],
  wanted: readonly number[],
  sizeOf: SizeOf,
  recorder: Recorder,
  { reduction, scaled }: LowerOptions = { reduction: 'sum', scaled: false },
): LoweredOrder => {
  const { steps, loop } = order
  const [only] = factors
  if (only === undefined) throw new Error('lowerOrder: there is no factor to contract')
  if (steps.length === 0)
    return { result: { ...layoutOver(indicesOf(only)), tensor: only.tensor() }, steps: [], exponents: [] }

  const plain = contractWith(recorder, sizeOf, reduction)
  const exponents: { readonly tensor: number; readonly batched: boolean }[] = []
  const scaling = scaledContractWith(recorder, sizeOf, reduction, (exponent) => exponents.push(exponent))
  const contractAt = (step: number): Contract =>
    scaled && (loop === undefined || step < loop.firstStep) ? scaling : plain

  const banned = columnBans(order, factors)
  const results: Placed[] = []
  const placed = new Map<number, Placed>()
  const place = (factor: number): Placed => {
    const known = placed.get(factor)
    if (known !== undefined) return known
    const { rowIndices, columnIndex, tensor } = factors[factor]!
    const given: Placed = { rowIndices, columnIndex, tensor: tensor() }
    const bans = banned.get(factor)!
    const fits = columnIndex === undefined || !bans.includes(columnIndex)
    const result = fits ? given : plain(layoutWithout(new Set(indicesOf(given)), bans), given, undefined)
    placed.set(factor, result)
    return result
  }
  const operandAt = (number: number, step: number): Placed => {
    if (number >= factors.length) return results[number - factors.length]!
    const factor = place(number)
    if (loop === undefined || step < loop.firstStep) return factor
    return sliceOf(factor, loop.indices, sizeOf, recorder)
  }

  const traced = steps.map((step, number): TracedStep => {
    if (loop?.firstStep === number) {
      for (const { operands, lookUp: made } of steps.slice(number))
        operands.forEach((operand, side) => {
          if (operand >= factors.length) return
          if (side === made) factors[operand]!.table?.tensor()
          else place(operand)
        })
      recorder.loopStart()
    }
    const isLast = number === steps.length - 1
    const [first, second] = step.operands
    if (step.lookUp !== undefined && second !== undefined) {
      const [made, other] = step.lookUp === 0 ? [first, second] : [second, first]
      const { table } = factors[made]!
      if (table === undefined) throw new Error(`lowerOrder: factor ${made} is no function`)
      const looked = operandAt(other, number)
      const result = lookUp(factors[made]!, table, looked, sizeOf, recorder)
      results.push(result)
      const all = indicesOf(factors[made]!)
      return {
        kind: 'look-up',
        numbers: [made, other],
        inputs: { rowIndices: all.slice(0, table.inputCount), columnIndex: undefined },
        tensor: table.tensor(),
        outputs: all.slice(table.inputCount).map((index, place) => ({ index, digits: table.outputs[place]! })),
        other: looked,
        result,
      }
    }
    const left = operandAt(first, number)
    const right = second === undefined ? undefined : operandAt(second, number)
    const layout = isLast
      ? layoutOver(wanted)
      : layoutFor(step.indices, left, right, banned.get(factors.length + number) ?? [], sizeOf)
    const result = contractAt(number)(layout, left, right)
    results.push(result)
    return { kind: 'contract', numbers: step.operands, operands: right === undefined ? [left] : [left, right], result }
  })
  return { result: results[results.length - 1]!, steps: traced, exponents }
}

/** For each factor and each result, the indices that it must not have along its columns: look-ups and slices go by rows. */
const columnBans = (
  { steps, loop }: ContractionOrder,
  factors: readonly Factor[],
): ReadonlyMap<number, readonly number[]> => {
  const bans = new Map<number, readonly number[]>()
  for (let number = steps.length - 1; number >= 0; number--) {
    const { operands, lookUp: made } = steps[number]!
    for (const [place, operand] of operands.entries()) {
      // What is looked up keeps its columns, which the reader of the result has to do with.
      const own =
        made === undefined || place === made
          ? []
          : [...indicesOf(factors[operands[made]!]!), ...(bans.get(factors.length + number) ?? [])]
      const isSliced = loop !== undefined && number >= loop.firstStep && operand < factors.length
      bans.set(operand, isSliced ? [...own, ...loop.indices] : own)
    }
  }
  return bans
}

/** Any layout of indices in which some are not along the columns. */
const layoutWithout = (indices: ReadonlySet<number>, outOfColumn: readonly number[]): Layout => {
  const all = [...indices]
  const column = all.findLast((index) => index !== batch && !outOfColumn.includes(index))
  return { rowIndices: batchFirst(all.filter((index) => index !== column)), columnIndex: column }
}

/**
 * The layout of a result. Kernels compute neighbouring columns together, and each operand that is read at the column costs a gather:
 * best is a long column that one operand alone carries, along its own columns.
 */
const layoutFor = (
  indices: readonly number[],
  left: Placed,
  right: Placed | undefined,
  outOfColumn: readonly number[],
  sizeOf: SizeOf,
): Layout => {
  const operands = right === undefined ? [left] : [left, right]
  const score = (index: number): number => {
    const carriers = operands.filter((operand) => indicesOf(operand).includes(index))
    return (
      Math.min(sizeOf(index), 4) * 4 +
      (carriers.length === 1 ? 2 : 0) +
      (carriers.some(({ columnIndex }) => columnIndex === index) ? 1 : 0)
    )
  }
  const candidates = indices.filter((index) => index !== batch && !outOfColumn.includes(index))
  const column = candidates.reduce<number | undefined>(
    (best, index) => (best === undefined || score(index) >= score(best) ? index : best),
    undefined,
  )
  const rows = indices.filter((index) => index !== column)
  return { rowIndices: batchFirst(rows), columnIndex: column }
}

/** A function's outputs summed against a tensor: its rows at the function's values. */
const lookUp = (made: Factor, table: FunctionTable, other: Placed, sizeOf: SizeOf, { step }: Recorder): Placed => {
  const all = indicesOf(made)
  const inputs = all.slice(0, table.inputCount)
  const outputs = all.slice(table.inputCount)
  const strides = rowStrides(other, sizeOf)
  const rest = [...strides.keys()].reverse().filter((index) => !all.includes(index))
  const rows = batchFirst([...inputs, ...rest])
  const inputStrides = rowStrides({ rowIndices: inputs, columnIndex: undefined }, sizeOf)
  const operation: Operation = {
    kind: 'gather',
    sizes: rows.map(sizeOf),
    columns: other.columnIndex === undefined ? 1 : sizeOf(other.columnIndex),
    terms: termsOf(rows, strides),
    digits: outputs.flatMap((output, place) =>
      table.outputs[place]!.map(({ column, stride }) => ({
        operand: 1,
        column,
        stride: stride * strides.get(output)!,
      })),
    ),
    at: termsOf(rows, inputStrides),
  }
  return {
    rowIndices: rows,
    columnIndex: other.columnIndex,
    tensor: step(operation, [other.tensor, table.tensor()]),
  }
}

/** A factor at the values of some indices, which are not along its columns. */
const sliceOf = (whole: Placed, sliced: readonly number[], sizeOf: SizeOf, { step, loopValues }: Recorder): Placed => {
  const strides = rowStrides(whole, sizeOf)
  if (!sliced.some((index) => strides.has(index))) return whole
  const rows = batchFirst([...strides.keys()].reverse().filter((index) => !sliced.includes(index)))
  const operation: Operation = {
    kind: 'gather',
    sizes: rows.map(sizeOf),
    columns: whole.columnIndex === undefined ? 1 : sizeOf(whole.columnIndex),
    terms: termsOf(rows, strides),
    digits: sliced.flatMap((index, column) =>
      strides.has(index) ? [{ operand: 1, column, stride: strides.get(index)! }] : [],
    ),
    at: [],
  }
  return {
    rowIndices: rows,
    columnIndex: whole.columnIndex,
    tensor: step(operation, [whole.tensor, loopValues(sliced.length)]),
  }
}

/** The linear part of a row number: the rows of the result that have a stride, with it. */
const termsOf = (rows: readonly number[], strides: ReadonlyMap<number, number>): readonly Term[] =>
  rows.flatMap((index, place) => (strides.has(index) ? [{ index: place, stride: strides.get(index)! }] : []))
