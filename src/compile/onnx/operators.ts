/**
 * Operators of ONNX on values of a graph; one that would change nothing writes no node.
 */
import { type Attribute, type ElementType, elementTypes } from './model.js'
import {
  type Extent,
  fixed,
  fixedShape,
  type GraphBuilder,
  sameShape,
  type Shape,
  type Value,
} from './graph-builder.js'

const integer = (name: string, value: number): Attribute => ({ kind: 'integer', name, value })
const integers = (name: string, values: readonly number[]): Attribute => ({ kind: 'integers', name, values })

/** The same numbers in the same order, in another shape. */
export const reshape = (graph: GraphBuilder, value: Value, shape: Shape): Value => {
  const origin = value.origin ?? value
  if (sameShape(value.shape, shape)) return value
  if (sameShape(origin.shape, shape)) return origin
  const sizes = shape.map(({ size, batched }) => (batched ? -1 : size))
  const target = graph.constant('int64', [sizes.length], sizes)
  return { ...graph.node('Reshape', [origin, target], { type: value.type, shape }), origin }
}

/** Axis k of the result is axis order[k]. */
export const transpose = (graph: GraphBuilder, value: Value, order: readonly number[]): Value => {
  const shape = order.map((axis) => value.shape[axis]!)
  return order.every((axis, place) => axis === place)
    ? value
    : graph.node('Transpose', [value], { type: value.type, shape }, [integers('perm', order)])
}

/** The sum over some axes, which are dropped or kept with size one. */
export const sumOver = (graph: GraphBuilder, value: Value, axes: readonly number[], keep = false): Value => {
  if (axes.length === 0) return value
  const shape = reducedShape(value, axes, keep)
  const axesValue = graph.constant('int64', [axes.length], axes)
  return graph.node('ReduceSum', [value, axesValue], { type: value.type, shape }, [integer('keepdims', keep ? 1 : 0)])
}

/** The largest entry over some axes, which are dropped or kept with size one. */
export const largestOver = (graph: GraphBuilder, value: Value, axes: readonly number[], keep = false): Value => {
  if (axes.length === 0) return value
  const shape = reducedShape(value, axes, keep)
  return graph.node('ReduceMax', [value], { type: value.type, shape }, [
    integers('axes', axes),
    integer('keepdims', keep ? 1 : 0),
  ])
}

const reducedShape = ({ shape }: Value, axes: readonly number[], keep: boolean): Shape =>
  shape.flatMap((extent, axis) => (axes.includes(axis) ? (keep ? [fixed(1)] : []) : [extent]))

/** One of the operators that work entry by entry. */
export const pointwise = (
  graph: GraphBuilder,
  operator: 'Exp' | 'Floor' | 'Log' | 'Neg' | 'Sqrt' | 'Tanh',
  value: Value,
): Value => graph.node(operator, [value], value)

/** The same numbers as another type: zero as false, false as zero. */
export const cast = (graph: GraphBuilder, value: Value, type: ElementType): Value =>
  value.type === type
    ? value
    : graph.node('Cast', [value], { type, shape: value.shape }, [integer('to', elementTypes[type])])

/** Entries no smaller and no larger than two numbers. */
export const clip = (graph: GraphBuilder, value: Value, least: number, most: number): Value =>
  graph.node('Clip', [value, scalar(graph, least), scalar(graph, most)], value)

/** Entries where a condition of the same shape holds, and a number elsewhere. */
export const entriesWhere = (graph: GraphBuilder, condition: Value, value: Value, otherwise: number): Value =>
  graph.node('Where', [condition, value, scalar(graph, otherwise)], value)

/** Entry by entry on two values; axes are aligned at the last one, and an axis of size one is repeated. */
export const combine = (
  graph: GraphBuilder,
  operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max' | 'Mod',
  left: Value,
  right: Value,
): Value => {
  const rank = Math.max(left.shape.length, right.shape.length)
  const extentAt = (value: Value, axis: number): Extent => value.shape[axis - rank + value.shape.length] ?? fixed(1)
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [a, b] = [extentAt(left, axis), extentAt(right, axis)]
    return a.size === 1 && !a.batched ? b : a
  })
  return graph.node(operator, [left, right], { type: left.type, shape })
}

/** One number as a value. */
export const scalar = (graph: GraphBuilder, value: number): Value => graph.constant('float32', [], [value])

/** Rows of a table, or entries of its axis, by number: the axis is replaced by those of the numbers. */
export const gather = (graph: GraphBuilder, table: Value, numbers: Value, axis: number): Value => {
  const shape = [...table.shape.slice(0, axis), ...numbers.shape, ...table.shape.slice(axis + 1)]
  return graph.node('Gather', [table, numbers], { type: table.type, shape }, axis === 0 ? [] : [integer('axis', axis)])
}

/** Rows of the table of each member of the batch, by the member's own numbers. */
export const gatherInEach = (graph: GraphBuilder, tables: Value, numbers: Value): Value => {
  const [members, count] = [numbers.shape[0]!, numbers.shape[1]!]
  const places = reshape(graph, numbers, [members, count, fixed(1)])
  const shape = [members, count, tables.shape[2]!]
  return graph.node('GatherND', [tables, places], { type: tables.type, shape }, [integer('batch_dims', 1)])
}

/** Columns of a matrix, from the one at an offset. */
export const columns = (graph: GraphBuilder, value: Value, offset: number, width: number): Value => {
  const [rows, all] = [value.shape[0]!, value.shape[1]!]
  if (offset === 0 && width === all.size) return value
  const bound = (at: number): Value => graph.constant('int64', [1], [at])
  const shape = [rows, fixed(width)]
  return graph.node('Slice', [value, bound(offset), bound(offset + width), bound(1)], { type: value.type, shape })
}

/** Values side by side along the last axis. */
export const beside = (graph: GraphBuilder, left: Value, right: Value): Value => {
  const axis = left.shape.length - 1
  const shape = [...left.shape.slice(0, -1), fixed(left.shape[axis]!.size + right.shape[axis]!.size)]
  return graph.node('Concat', [left, right], { type: left.type, shape }, [integer('axis', axis)])
}

/** The matrix product of matrices, each of which may be given transposed, plus a row. */
export const gemm = (
  graph: GraphBuilder,
  left: Value,
  right: Value,
  { transposeLeft = false, transposeRight = false, bias }: GemmOptions = {},
): Value => {
  const shape = [left.shape[transposeLeft ? 1 : 0]!, right.shape[transposeRight ? 0 : 1]!]
  return graph.node('Gemm', bias === undefined ? [left, right] : [left, right, bias], { type: 'float32', shape }, [
    ...(transposeLeft ? [integer('transA', 1)] : []),
    ...(transposeRight ? [integer('transB', 1)] : []),
  ])
}
interface GemmOptions {
  readonly transposeLeft?: boolean
  readonly transposeRight?: boolean
  readonly bias?: Value
}

/** A matrix product for each entry of the first axis. */
export const matrixProducts = (graph: GraphBuilder, left: Value, right: Value): Value =>
  graph.node('MatMul', [left, right], {
    type: left.type,
    shape: [left.shape[0]!, left.shape[1]!, right.shape[2]!],
  })

/** Numbers times strides, summed along the last axis, which a single number for each row need not have. */
export const weighted = (graph: GraphBuilder, numbers: Value, strides: readonly number[]): Value => {
  const shape = numbers.shape.length === 1 ? numbers.shape : numbers.shape.slice(0, -1)
  const [only] = strides
  if (strides.length !== 1 || only === undefined)
    return graph.node('MatMul', [numbers, graph.constant('int64', [strides.length], strides)], {
      type: 'int64',
      shape,
    })
  const column = reshape(graph, numbers, shape)
  return only === 1 ? column : combine(graph, 'Mul', column, graph.constant('int64', [], [only]))
}

/**
 * A value repeated to a shape. If the shape begins with the batch, a value that has it along its first axis tells the size.
 */
export const expand = (graph: GraphBuilder, value: Value, shape: Shape, batched: Value | undefined): Value => {
  const [first, ...others] = shape
  const sizes = (extents: Shape): Value =>
    graph.constant(
      'int64',
      [extents.length],
      extents.map(({ size }) => size),
    )
  const expanded = (target: Value): Value => graph.node('Expand', [value, target], { type: value.type, shape })
  if (first?.batched !== true) return expanded(sizes(shape))
  if (batched === undefined) throw new Error('ONNX: a batch of which nothing tells the size')
  const members = graph.node('Shape', [batched], { type: 'int64', shape: fixedShape([1]) }, [
    integer('end', 1),
    integer('start', 0),
  ])
  return expanded(others.length === 0 ? members : beside(graph, members, sizes(others)))
}

/** The softmax of each row. */
export const softmax = (graph: GraphBuilder, value: Value): Value =>
  graph.node('Softmax', [value], value, [integer('axis', value.shape.length - 1)])
