/**
 * A contraction of two factors as nodes of ONNX.
 *
 * Its indices are of six kinds. One that is summed and belongs to one factor alone is summed there first. What is left is a matrix
 * product for each value of the indices that both factors have and the result keeps (s): a[s, m, k] b[s, k, n] -> c[s, m, n], or a
 * product entry by entry where no index is summed. Of the orders of the axes that make one, that which moves the fewest numbers is
 * taken. Einsum would say the same in one node, but is slower in onnxruntime at every size that was measured.
 *
 * The largest product is taken of all products, which are stored: there is no matrix product of that kind.
 */
import type { Access, Operation } from '../operation.js'
import { type Extent, fixed, type GraphBuilder, merged, perMember, type Shape, type Value } from './graph-builder.js'
import { combine, gather, gemm, largestOver, matrixProducts, reshape, sumOver, transpose } from './operators.js'

type Contraction = Extract<Operation, { readonly kind: 'contract' }>

/** A matrix of a plan as a value of the graph. */
export interface Operand {
  readonly value: Value
  readonly rows: number
  readonly columns: number
  /** Whether its rows are those of each member of the batch, one after another. */
  readonly batched: boolean
  /** Whether it is the number one. */
  readonly isOne: boolean
}

/** A value with an index for each axis. */
interface Factor {
  readonly value: Value
  readonly indices: readonly number[]
}

/** The sum over the summed indices of the product of two factors, or its maximum; rows in the order of the operation. */
export const contraction = (
  graph: GraphBuilder,
  { reduction, sizes, columns, summed, left, right }: Contraction,
  a: Operand,
  b: Operand,
): Value => {
  const batched = a.batched || b.batched
  const allSizes = [...sizes, columns, ...summed]
  const extentOf = (index: number): Extent => (index === 0 && batched ? perMember : fixed(allSizes[index]!))
  const isKept = (index: number): boolean => index <= sizes.length
  const whole = (operand: Operand, access: Access): Factor => readFactor(graph, operand, access, extentOf)

  const [first, second] = [whole(a, left), whole(b, right)]
  const summedHere = ({ value, indices }: Factor, other: Factor): Factor => {
    const isAlone = (index: number): boolean => !isKept(index) && !other.indices.includes(index)
    const axes = indices.flatMap((index, axis) => (isAlone(index) ? [axis] : []))
    const reduced = reduction === 'sum' ? sumOver(graph, value, axes) : largestOver(graph, value, axes)
    return { value: reduced, indices: indices.filter((index) => !isAlone(index)) }
  }
  const [x, y] = [summedHere(first, second), summedHere(second, first)]
  const ascending = (indices: readonly number[]): readonly number[] => [...indices].sort((i, j) => i - j)
  if (b.isOne) return inOrder(graph, x, ascending(x.indices)).value
  if (a.isOne) return inOrder(graph, y, ascending(y.indices)).value

  const result = ascending([...new Set([...x.indices, ...y.indices].filter(isKept))])
  const inner = x.indices.filter((index) => !isKept(index))
  if (inner.length === 0 || reduction === 'max') {
    const all = [...result, ...inner]
    const aligned = (factor: Factor): Value =>
      reshape(
        graph,
        inOrder(
          graph,
          factor,
          all.filter((index) => factor.indices.includes(index)),
        ).value,
        all.map((index) => (factor.indices.includes(index) ? extentOf(index) : fixed(1))),
      )
    const products = combine(graph, 'Mul', aligned(x), aligned(y))
    return largestOver(
      graph,
      products,
      inner.map((_, place) => result.length + place),
    )
  }
  return inOrder(graph, product(graph, x, y, result, extentOf), result).value
}

/** An operand with an axis for each index that it is read by, apart from indices of one value. */
const readFactor = (
  graph: GraphBuilder,
  { value, columns, batched }: Operand,
  { row, column }: Access,
  extentOf: (index: number) => Extent,
): Factor => {
  const isLong = ({ index }: { readonly index: number }): boolean =>
    extentOf(index).size !== 1 || extentOf(index).batched
  const terms = [...row.map(({ index, stride }) => ({ index, stride: stride * columns })), ...column].filter(isLong)
  const indices = [...new Set(terms.map(({ index }) => index))]
  const extents = indices.map(extentOf)
  if (batched !== (indices[0] === 0 && extentOf(0).batched) || extents.slice(1).some((extent) => extent.batched))
    throw new Error('ONNX: the batch is not the first index of a factor')

  const entries = merged(value.shape).size
  const strideAfter = (axis: number): number => merged(extents.slice(axis + 1)).size
  const isWhole = terms.every(({ stride }, axis) => stride === strideAfter(axis)) && merged(extents).size === entries
  if (isWhole) return { value: reshape(graph, value, extents), indices }

  // A diagonal, or a part: its entries by number.
  const axes = batched ? 1 : 0
  const rest = indices.slice(axes)
  const sizes = rest.map((index) => extentOf(index).size)
  const numbers = entryNumbers(
    sizes,
    rest.map((index) => terms.reduce((sum, term) => (term.index === index ? sum + term.stride : sum), 0)),
  )
  const flat = reshape(graph, value, [...extents.slice(0, axes), fixed(entries)])
  return { value: gather(graph, flat, graph.constant('int64', sizes, numbers), axes), indices }
}

/** Strides times indices, for all indices below some sizes, the last running fastest. */
const entryNumbers = (sizes: readonly number[], strides: readonly number[]): readonly number[] =>
  sizes.reduce<readonly number[]>(
    (numbers, size, axis) =>
      numbers.flatMap((number) => Array.from({ length: size }, (_, k) => number + k * strides[axis]!)),
    [0],
  )

const inOrder = (graph: GraphBuilder, { value, indices }: Factor, order: readonly number[]): Factor => ({
  value: transpose(
    graph,
    value,
    order.map((index) => indices.indexOf(index)),
  ),
  indices: order,
})

/** Orders of the axes of a matrix product. */
interface Layout {
  readonly shared: readonly number[]
  readonly rows: readonly number[]
  readonly inner: readonly number[]
  readonly columns: readonly number[]
}

/** The product of two factors summed over what they share and the result does not have; its axes in the order that came cheapest. */
const product = (
  graph: GraphBuilder,
  a: Factor,
  b: Factor,
  result: readonly number[],
  extentOf: (index: number) => Extent,
): Factor => {
  const { layout, swapped } = cheapestLayout(a, b, result, extentOf)
  const [x, y] = swapped ? [b, a] : [a, b]
  const { shared, rows, inner, columns } = layout
  const shapeOf = (indices: readonly number[]): Shape => indices.map(extentOf)
  const together = (...groups: readonly (readonly number[])[]): Shape => groups.map((group) => merged(shapeOf(group)))
  const folded = (factor: Factor, ...groups: readonly (readonly number[])[]): Value =>
    reshape(graph, inOrder(graph, factor, groups.flat()).value, together(...groups))

  const indices = [...shared, ...rows, ...columns]
  const unfolded = (value: Value): Factor => ({ value: reshape(graph, value, shapeOf(indices)), indices })
  if (shared.length > 0)
    return unfolded(matrixProducts(graph, folded(x, shared, rows, inner), folded(y, shared, inner, columns)))
  // A plain product reads either factor in either direction.
  const transposeLeft = !isOrder(x.indices, rows, inner) && isOrder(x.indices, inner, rows)
  const transposeRight = !isOrder(y.indices, inner, columns) && isOrder(y.indices, columns, inner)
  const left = transposeLeft ? folded(x, inner, rows) : folded(x, rows, inner)
  const right = transposeRight ? folded(y, columns, inner) : folded(y, inner, columns)
  return unfolded(gemm(graph, left, right, { transposeLeft, transposeRight }))
}

const isOrder = (indices: readonly number[], ...groups: readonly (readonly number[])[]): boolean => {
  const order = groups.flat()
  return order.every((index, place) => index === indices[place])
}

/** The layout that moves the fewest numbers, those of the result included. */
const cheapestLayout = (
  a: Factor,
  b: Factor,
  result: readonly number[],
  extentOf: (index: number) => Extent,
): { readonly layout: Layout; readonly swapped: boolean } => {
  // What the batch multiplies is taken to be large.
  const likely = (indices: readonly number[]): number => {
    const { size, batched } = merged(indices.map(extentOf))
    return batched ? 64 * size : size
  }
  const only = (indices: readonly number[], ...others: readonly (readonly number[])[]): readonly number[] =>
    indices.filter((index) => others.every((other) => other.includes(index)))
  const without = (indices: readonly number[], other: readonly number[]): readonly number[] =>
    indices.filter((index) => !other.includes(index))

  let best: { readonly layout: Layout; readonly swapped: boolean } | undefined
  let fewest = Infinity
  for (const swapped of [false, true]) {
    const [x, y] = swapped ? [b, a] : [a, b]
    for (const shared of [only(result, x.indices, y.indices), only(x.indices, y.indices, result)])
      for (const rows of [without(only(result, x.indices), y.indices), without(only(x.indices, result), y.indices)])
        for (const columns of [
          without(only(result, y.indices), x.indices),
          without(only(y.indices, result), x.indices),
        ])
          for (const inner of [
            without(only(x.indices, y.indices), result),
            without(only(y.indices, x.indices), result),
          ]) {
            const plain = shared.length === 0
            const leftFits = isOrder(x.indices, shared, rows, inner) || (plain && isOrder(x.indices, inner, rows))
            const rightFits =
              isOrder(y.indices, shared, inner, columns) || (plain && isOrder(y.indices, columns, inner))
            const resultFits = isOrder(result, shared, rows, columns)
            const moved =
              (leftFits ? 0 : likely(x.indices)) +
              (rightFits ? 0 : likely(y.indices)) +
              (resultFits ? 0 : likely(result))
            if (moved < fewest) [fewest, best] = [moved, { layout: { shared, rows, inner, columns }, swapped }]
          }
  }
  if (best === undefined) throw new Error('ONNX: a contraction without a layout')
  return best
}
