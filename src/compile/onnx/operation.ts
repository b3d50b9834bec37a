/**
 * The operations of a plan as nodes of ONNX.
 */
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import type { Digit, Operation, Term } from '../operation.js'
import { contraction, type Operand } from './contraction.js'
import { type Extent, fixed, type GraphBuilder, perMember, type Shape, type Value } from './graph-builder.js'
import {
  beside,
  cast,
  clip,
  columns as columnsOf,
  combine,
  entriesWhere,
  expand,
  gather,
  gatherInEach,
  gemm,
  largestOver,
  pointwise,
  reshape,
  scalar,
  softmax,
  sumOver,
  weighted,
} from './operators.js'

/** What the operations of a plan are written with. */
export interface Lowering {
  readonly graph: GraphBuilder
  /** A value along whose first axis the batch runs; undefined where nothing is given at run time. */
  readonly batched: Value | undefined
  /** The literal size of the batch, which counts where nothing is given at run time. */
  readonly batch: number
}

/** The value of an operation. A `normalise` is written with its logits, whose softmax it is: see `normalised`. */
export const lowerOperation = (
  lowering: Lowering,
  operation: Exclude<Operation, { readonly kind: 'normalise' }>,
  operands: readonly Operand[],
): Value => {
  const { graph } = lowering
  const members = lowering.batched === undefined ? fixed(lowering.batch) : perMember
  const [first, second, third] = operands as readonly [Operand, Operand, Operand]
  const matrixOf = ({ value, columns }: Operand): Value => reshape(graph, value, [members, fixed(columns)])
  switch (operation.kind) {
    case 'embed': {
      const { length, dimension, offset } = operation
      const digits = columnsOf(graph, matrixOf(first), offset, length)
      return reshape(graph, gather(graph, second.value, digits, 0), [members, fixed(length * dimension)])
    }
    case 'affine': {
      const bias = reshape(graph, third.value, [fixed(operation.outputs)])
      const sum = gemm(graph, matrixOf(first), second.value, { transposeRight: true, bias })
      return operation.activation === 'tanh' ? pointwise(graph, 'Tanh', sum) : sum
    }
    case 'concatenate':
      return beside(graph, matrixOf(first), matrixOf(second))
    case 'log-sum-exp': {
      const { highest, total } = exponentials(graph, matrixOf(first))
      return combine(graph, 'Add', highest, pointwise(graph, 'Log', total))
    }
    case 'gather':
      return operation.at === undefined
        ? gathered(lowering, operation, operands, members)
        : lookedUp(lowering, operation, operation.at, operands)
    case 'contract':
      return contraction(graph, operation, first, second)
    case 'exponent': {
      const { group, columns } = operation
      const entries = reshape(graph, first.value, [...groupsOf(lowering, operation, first), fixed(group * columns)])
      return exponents(graph, largestOver(graph, entries, [entries.shape.length - 1], true))
    }
    case 'scale': {
      const { group, columns } = operation
      const entries = reshape(graph, first.value, [
        ...groupsOf(lowering, operation, first),
        fixed(group),
        fixed(columns),
      ])
      const places = combine(graph, 'Add', cast(graph, second.value, 'int64'), graph.constant('int64', [], [127]))
      const factors = gather(graph, graph.constant('float32', [255], inversePowers), places, 0)
      const scales = reshape(graph, factors, [...groupsOf(lowering, operation, second), fixed(1), fixed(1)])
      return combine(graph, 'Mul', entries, scales)
    }
    case 'categorical-entropy': {
      const { group, columns } = operation
      const rows = first.batched ? members : fixed(operation.rows)
      return entropy(graph, operation.measure, reshape(graph, first.value, [rows, fixed(group * columns)]))
    }
  }
}

/** Axes for the groups of rows of an operand: those of each member of the batch one after another. */
const groupsOf = ({ batch }: Lowering, { rows }: { readonly rows: number }, { batched }: Operand): Shape => {
  if (!batched) return [fixed(rows)]
  if (rows % batch !== 0) throw new Error('ONNX: a group of rows of several members of the batch')
  return rows === batch ? [perMember] : [perMember, fixed(rows / batch)]
}

/** Exponents of two. A rounding of the logarithm may put one next to a power of two off by one, and beyond the bounds. */
const exponents = (graph: GraphBuilder, values: Value): Value => {
  const logarithm = combine(graph, 'Mul', pointwise(graph, 'Log', values), scalar(graph, Math.LOG2E))
  const floor = clip(graph, pointwise(graph, 'Floor', logarithm), -126, 127)
  return entriesWhere(graph, cast(graph, values, 'bool'), floor, 0)
}

/** Two to the power of minus each exponent from -127 to 127. */
const inversePowers = Array.from({ length: 255 }, (_, place) => 2 ** (127 - place))

/** Exponentials of the entries of each row, at most one, and their sum. */
const exponentials = (graph: GraphBuilder, logits: Value) => {
  const highest = largestOver(graph, logits, [1], true)
  const shifted = combine(graph, 'Sub', logits, highest)
  const weights = pointwise(graph, 'Exp', shifted)
  return { highest, shifted, weights, total: sumOver(graph, weights, [1], true) }
}

/**
 * The softmax of rows of logits. Where its Shannon entropy is asked for too, both come from the same exponentials; else one node says
 * it and runs faster.
 */
export const normalised = (graph: GraphBuilder, logits: Value, withEntropy: boolean): Value => {
  if (!withEntropy) return softmax(graph, logits)
  const { weights, total } = exponentials(graph, logits)
  return combine(graph, 'Div', weights, total)
}

/**
 * Shannon entropy of the softmax of each row of logits: log z + (sum of e^y (-y)) / z for y = x - max x and z = sum of e^y. Both terms
 * are at least zero, so nothing cancels, and no logarithm of a probability is taken.
 */
export const softmaxEntropy = (graph: GraphBuilder, logits: Value): Value => {
  const { shifted, weights, total } = exponentials(graph, logits)
  const moment = sumOver(graph, combine(graph, 'Mul', weights, shifted), [1], true)
  return combine(graph, 'Sub', pointwise(graph, 'Log', total), combine(graph, 'Div', moment, total))
}

const gathered = (
  { graph, batched }: Lowering,
  { sizes, columns, terms, digits }: Extract<Operation, { readonly kind: 'gather' }>,
  operands: readonly Operand[],
  members: Extent,
): Value => {
  if (terms.some(({ index }) => index === 0))
    throw new Error('ONNX: a gather whose rows depend on the place in the batch')
  const { value: table, rows: height } = operands[0]!
  const inner = sizes.slice(1)
  const shape = [members, ...inner.map(fixed), fixed(columns)]
  const numbers = rowNumbers(inner, terms)
  const block = numbers.length
  // Where a member reads a run of rows, which starts at a multiple of its length, whole runs are gathered.
  const isRun = numbers.every((number, k) => number === k) && digits.every(({ stride }) => stride % block === 0)
  const scale = isRun ? block : 1
  const starts = digitSum(graph, digits, operands, scale)
  if (isRun) {
    const runs = reshape(graph, table, [fixed(height / block), fixed(block * columns)])
    const start = starts ?? expand(graph, graph.constant('int64', [1], [0]), [members], batched)
    return reshape(graph, gather(graph, runs, start, 0), shape)
  }
  const offsets = graph.constant('int64', [1, block], numbers)
  const rows =
    starts === undefined
      ? expand(graph, offsets, [members, fixed(block)], batched)
      : combine(graph, 'Add', reshape(graph, starts, [members, fixed(1)]), offsets)
  return reshape(graph, gather(graph, table, rows, 0), shape)
}

/** A gather whose digits are read at rows that the result's indices tell. The batch may run before the rows of either matrix. */
const lookedUp = (
  { graph, batch }: Lowering,
  { sizes, columns, terms, digits }: Extract<Operation, { readonly kind: 'gather' }>,
  at: readonly Term[],
  operands: readonly Operand[],
): Value => {
  const [table, numbers] = operands.map((operand): Operand => {
    const { value, rows, columns: width, batched } = operand
    const shape = batched ? [perMember, fixed(rows / batch), fixed(width)] : [fixed(rows), fixed(width)]
    return { ...operand, value: reshape(graph, value, shape) }
  }) as [Operand, Operand | undefined]
  const readsMembers = numbers?.batched === true
  const members = table.batched || readsMembers ? [perMember] : []
  const inner = sizes.slice(members.length)
  const rowsBy = (linear: readonly Term[]): Value => {
    const shifted = linear.map(({ index, stride }) => ({ index: index + 1 - members.length, stride }))
    return graph.constant('int64', [product(inner)], rowNumbers(inner, shifted))
  }
  const starts = digitSum(graph, digits, numbers === undefined ? [table] : [table, numbers], 1)
  const rows =
    starts === undefined
      ? rowsBy(terms)
      : combine(graph, 'Add', gather(graph, starts, rowsBy(at), readsMembers ? 1 : 0), rowsBy(terms))
  const result =
    table.batched && readsMembers
      ? gatherInEach(graph, table.value, rows)
      : gather(graph, table.value, rows, table.batched ? 1 : 0)
  return reshape(graph, result, [...members, ...inner.map(fixed), fixed(columns)])
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)

/** For each member, the sum of its digits times their strides; undefined where there are none. */
const digitSum = (
  graph: GraphBuilder,
  digits: readonly Digit[],
  operands: readonly Operand[],
  scale: number,
): Value | undefined => {
  const parts = [...new Set(digits.map(({ operand }) => operand))].map((number): Value => {
    const { value, columns } = operands[number]!
    const strides = new Array<number>(columns).fill(0)
    for (const { operand, column, stride } of digits) if (operand === number) strides[column]! += stride / scale
    return weighted(graph, value, strides)
  })
  const [head, ...rest] = parts
  return head === undefined ? undefined : rest.reduce((sum, part) => combine(graph, 'Add', sum, part), head)
}

/** The linear part of row numbers, for all indices but that of the batch. */
const rowNumbers = (
  sizes: readonly number[],
  terms: Extract<Operation, { readonly kind: 'gather' }>['terms'],
): readonly number[] =>
  sizes.reduce<readonly number[]>(
    (numbers, size, place) => {
      const stride = terms.reduce((sum, term) => (term.index === place + 1 ? sum + term.stride : sum), 0)
      return numbers.flatMap((number) => Array.from({ length: size }, (_, k) => number + k * stride))
    },
    [0],
  )

/** The smallest normal number of float32: zero times its logarithm is zero. */
const tiny = 2 ** -126

/** The closed forms of the categorical entropies on rows of probabilities. */
const entropy = (graph: GraphBuilder, measure: CategoricalEntropyName, p: Value): Value => {
  const times = (a: Value, b: Value): Value => combine(graph, 'Mul', a, b)
  const plus = (a: Value, b: Value): Value => combine(graph, 'Add', a, b)
  const minus = (a: Value, b: Value): Value => combine(graph, 'Sub', a, b)
  const total = (value: Value): Value => sumOver(graph, value, [1], true)
  const one = scalar(graph, 1)
  const log = (value: Value): Value => pointwise(graph, 'Log', value)
  const safeLog = (value: Value): Value => log(combine(graph, 'Max', value, scalar(graph, tiny)))
  switch (measure) {
    case 'shannon':
      return pointwise(graph, 'Neg', total(times(p, safeLog(p))))
    case 'total-variation':
      return total(times(p, minus(one, p)))
    case 'renyi-1/2':
      return times(scalar(graph, -2), log(total(times(p, pointwise(graph, 'Sqrt', p)))))
    case 'squared-hellinger':
      return total(times(p, minus(one, pointwise(graph, 'Sqrt', p))))
    case 'jensen-shannon': {
      // p log 2 + p (p log p - (1 + p) log(1 + p)) / 2
      const next = plus(one, p)
      const inner = minus(times(p, safeLog(p)), times(next, log(next)))
      return total(times(p, plus(scalar(graph, Math.LN2), times(scalar(graph, 0.5), inner))))
    }
  }
}

/** Whether the rows of an operation's result are those of each member of the batch. */
export const isBatched = (operation: Operation, operands: readonly Operand[]): boolean => {
  if (operation.kind === 'gather' && operation.at !== undefined) return operands.some(({ batched }) => batched)
  switch (operation.kind) {
    case 'contract':
    case 'exponent':
    case 'scale':
    case 'categorical-entropy':
      return operands.some(({ batched }) => batched)
    default:
      return true
  }
}
