/** Random factor graphs with numbers, what they sum to by definition, and what an order makes of them. */
import fc from 'fast-check'

import { batch, type FactorGraph } from '../../src/compile/contraction/factor-graph.js'
import { type Factor, factorOver } from '../../src/compile/contraction/factor.js'
import { lowerOrder } from '../../src/compile/contraction/lower.js'
import type { ContractionOrder } from '../../src/compile/contraction/order.js'
import { type Operation, operationCount, resultShape } from '../../src/compile/operation.js'
import { applyReference } from '../../src/compile/reference.js'

export interface NumberedGraph {
  readonly graph: FactorGraph
  /** The entries of each factor, row-major along its indices. */
  readonly entries: readonly (readonly number[])[]
}

export interface GraphShape {
  readonly mostFactors: number
  readonly mostIndices: number
  readonly mostAxes: number
  readonly mostValues: number
  readonly leastValues: number
  readonly withBatch: boolean
  readonly withFunctions: boolean
}

export const smallShape: GraphShape = {
  mostFactors: 7,
  mostIndices: 7,
  mostAxes: 4,
  mostValues: 3,
  leastValues: 1,
  withBatch: true,
  withFunctions: true,
}

export const volume = (indices: Iterable<number>, sizes: ReadonlyMap<number, number>): number => {
  let total = 1
  for (const index of indices) total *= sizes.get(index)!
  return total
}

/** Factor graphs: indices that occur twice in a factor, factors without indices, parts that are not connected, all of them at times. */
export const numberedGraph = (shape: GraphShape): fc.Arbitrary<NumberedGraph> =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: shape.leastValues, max: shape.mostValues }), {
        minLength: 1,
        maxLength: shape.mostIndices,
      }),
      batchSize: fc.integer({ min: 1, max: 3 }),
      factors: fc.array(
        fc.record({
          axes: fc.array(fc.nat(1000), { maxLength: shape.mostAxes }),
          isBatched: fc.boolean(),
          isFunction: fc.boolean(),
          inputs: fc.nat(3),
        }),
        { minLength: 1, maxLength: shape.mostFactors },
      ),
      wanted: fc.array(fc.nat(1000), { maxLength: 3 }),
      seed: fc.nat(),
    })
    .map(({ sizes: list, batchSize, factors: drawn, wanted: picks, seed }) => {
      const sizes = new Map(list.map((size, index) => [index, size]))
      sizes.set(batch, batchSize)
      const produced = new Set<number>()
      const functions: (readonly [number, number])[] = []
      const factors = drawn.map(({ axes, isBatched, isFunction, inputs }, factor) => {
        const indices = axes.map((axis) => axis % list.length)
        const isDistinct = new Set(indices).size === indices.length
        if (shape.withFunctions && isFunction && isDistinct && inputs < indices.length) {
          const outputs = indices.slice(inputs)
          if (indices.every((index) => sizes.get(index)! > 0) && outputs.every((output) => !produced.has(output))) {
            outputs.forEach((output) => produced.add(output))
            functions.push([factor, inputs])
            return indices
          }
        }
        return shape.withBatch && isBatched ? [batch, ...indices] : indices
      })
      const carried = [...new Set(factors.flat())]
      const isBatched = carried.includes(batch)
      const candidates = carried.filter((index) => index !== batch)
      const wanted = [
        ...(isBatched ? [batch] : []),
        ...new Set(candidates.length === 0 ? [] : picks.map((pick) => candidates[pick % candidates.length]!)),
      ]
      let state = seed
      const next = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return state / 2 ** 32
      }
      const inputCounts = new Map(functions)
      const entries = factors.map((indices, factor) => {
        const size = volume(indices, sizes)
        const inputCount = inputCounts.get(factor)
        if (inputCount === undefined) return Array.from({ length: size }, () => next() * 2 - 0.5)
        const width = volume(indices.slice(inputCount), sizes)
        const table = new Array<number>(size).fill(0)
        for (let row = 0; row * width < size; row++) table[row * width + Math.floor(next() * width)] = 1
        return table
      })
      return {
        graph: { factors, functions, sizes: carried.map((index) => [index, sizes.get(index)!]), wanted },
        entries,
      }
    })

/** The sum over all values of all indices of the product of all factors, by definition. */
export const sumByDefinition = ({ graph, entries }: NumberedGraph): Float64Array => {
  const sizes = new Map(graph.sizes)
  const all = [...graph.wanted, ...[...sizes.keys()].filter((index) => !graph.wanted.includes(index))]
  const result = new Float64Array(volume(graph.wanted, sizes))
  const values = new Map(all.map((index) => [index, 0]))
  const place = (indices: readonly number[]): number =>
    indices.reduce((at, index) => at * sizes.get(index)! + values.get(index)!, 0)
  const count = volume(all, sizes)
  for (let number = 0; number < count; number++) {
    let rest = number
    for (let k = all.length - 1; k >= 0; k--) {
      const size = sizes.get(all[k]!)!
      values.set(all[k]!, rest % size)
      rest = Math.floor(rest / size)
    }
    let product = 1
    graph.factors.forEach((indices, factor) => (product *= entries[factor]![place(indices)]!))
    result[place(graph.wanted)]! += product
  }
  return result
}

export interface Lowered {
  readonly result: Float64Array
  /** Multiplications and additions that the operations are predicted to take, those of a loop as often as it runs. */
  readonly operations: number
  /** Operations that are not steps of the order: what puts a factor's axes elsewhere, and slices. */
  readonly kinds: readonly Operation['kind'][]
}

/** What the operations of an order give, in float64. */
export const runOrder = ({ graph, entries }: NumberedGraph, order: ContractionOrder): Lowered => {
  const sizes = new Map(graph.sizes)
  const sizeOf = (index: number): number => sizes.get(index)!
  const tensors: { entries: Float64Array; readonly columns: number }[] = []
  const add = (numbers: ArrayLike<number>, columns: number): number =>
    tensors.push({ entries: Float64Array.from(numbers), columns }) - 1
  const steps: { readonly operation: Operation; readonly operands: readonly number[]; readonly result: number }[] = []
  let first: number | undefined
  let values: number | undefined

  const inputCounts = new Map(graph.functions)
  const factors = graph.factors.map((indices, factor): Factor => {
    const placed = factorOver(-1, indices)
    const columns = placed.columnIndex === undefined ? 1 : sizeOf(placed.columnIndex)
    const inputCount = inputCounts.get(factor)
    const given = { ...placed, tensor: () => add(entries[factor]!, columns) }
    if (inputCount === undefined) return given
    const outputs = indices.slice(inputCount)
    const width = volume(outputs, sizes)
    const table = Array.from({ length: entries[factor]!.length / width }, (_, row) => {
      let rest = entries[factor]!.slice(row * width, (row + 1) * width).indexOf(1)
      return outputs
        .map((_, place) => {
          const stride = volume(outputs.slice(place + 1), sizes)
          const digit = Math.floor(rest / stride)
          rest -= digit * stride
          return digit
        })
        .flat()
    })
    return {
      ...given,
      table: {
        inputCount,
        tensor: () => add(table.flat(), outputs.length),
        outputs: outputs.map((_, column) => [{ column, stride: 1 }]),
      },
    }
  })
  const { result: placed } = lowerOrder(order, factors, graph.wanted, sizeOf, {
    step: (operation, operands) => {
      const { rows, columns } = resultShape(operation)
      const result = add(new Float64Array(rows * columns), columns)
      steps.push({ operation, operands, result })
      return result
    },
    one: () => add([1], 1),
    loopValues: (count) => (values ??= add(new Float64Array(count), count)),
    loopStart: () => void (first = steps.length),
  })
  const run = (from: number, to: number): void => {
    for (const { operation, operands, result } of steps.slice(from, to))
      tensors[result]!.entries = applyReference(
        operation,
        operands.map((operand) => tensors[operand]!.entries),
        operands.map((operand) => tensors[operand]!.columns),
      )
  }
  const start = first ?? steps.length
  const times = order.loop?.count ?? 1
  run(0, start)
  let result = tensors[placed.tensor]!.entries
  if (order.loop !== undefined) {
    const total = new Float64Array(tensors[placed.tensor]!.entries.length)
    for (let time = 0; time < times; time++) {
      let rest = time
      const digits = order.loop.indices.map(sizeOf)
      for (let k = digits.length - 1; k >= 0; k--) {
        if (values !== undefined) tensors[values]!.entries[k] = rest % digits[k]!
        rest = Math.floor(rest / digits[k]!)
      }
      run(start, steps.length)
      tensors[placed.tensor]!.entries.forEach((entry, k) => (total[k]! += entry))
    }
    result = total
  }
  const operations = steps.reduce(
    (sum, { operation }, step) => sum + (step >= start ? times : 1) * operationCount(operation),
    order.loop === undefined ? 0 : times * result.length,
  )
  return { result, operations, kinds: steps.map(({ operation }) => operation.kind) }
}

/** The fewest operations of any sequence of contractions of two tensors and sums of one, by trying all of them. */
export const fewestOperations = ({ factors, functions, sizes: list, wanted }: FactorGraph): number => {
  const sizes = new Map(list)
  const inputCounts = new Map(functions)
  interface Node {
    readonly indices: ReadonlySet<number>
    /** The outputs of a factor that is a function, as long as it is that factor. */
    readonly made: { readonly inputs: readonly number[]; readonly outputs: readonly number[] } | undefined
  }
  const keptOf = (union: ReadonlySet<number>, others: readonly Node[]): ReadonlySet<number> =>
    new Set([...union].filter((index) => wanted.includes(index) || others.some((other) => other.indices.has(index))))
  const isLookUp = ({ made }: Node, other: Node, kept: ReadonlySet<number>): boolean =>
    made !== undefined &&
    made.outputs.every((output) => other.indices.has(output) && !kept.has(output)) &&
    made.inputs.every((input) => kept.has(input)) &&
    [...other.indices].every((index) => kept.has(index) || made.outputs.includes(index))

  const fewest = (nodes: readonly Node[], bound: number): number => {
    if (nodes.length === 1) return 0
    let best = bound
    const attempt = (others: readonly Node[], result: Node, operations: number): void => {
      if (operations >= best) return
      best = Math.min(best, operations + fewest([...others, result], best - operations))
    }
    nodes.forEach((a, i) => {
      const rest = nodes.filter((_, place) => place !== i)
      const kept = keptOf(a.indices, rest)
      if (kept.size < a.indices.size) attempt(rest, { indices: kept, made: undefined }, 2 * volume(a.indices, sizes))
      for (let j = i + 1; j < nodes.length; j++) {
        const b = nodes[j]!
        const others = rest.filter((node) => node !== b)
        const union = new Set([...a.indices, ...b.indices])
        const result = keptOf(union, others)
        const isFree = others.length > 0 && (isLookUp(a, b, result) || isLookUp(b, a, result))
        attempt(others, { indices: result, made: undefined }, isFree ? 0 : 2 * volume(union, sizes))
      }
    })
    return best
  }
  return fewest(
    factors.map((indices, factor) => {
      const inputCount = inputCounts.get(factor)
      const isDistinct = new Set(indices).size === indices.length
      const made =
        inputCount === undefined || !isDistinct
          ? undefined
          : { inputs: indices.slice(0, inputCount), outputs: indices.slice(inputCount) }
      return { indices: new Set(indices), made }
    }),
    Infinity,
  )
}
