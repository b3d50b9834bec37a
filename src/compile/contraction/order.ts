/**
 * A contraction order: what is contracted with what, in which order, and what it is predicted to take. It is plain data.
 */
import { type CompactGraph, compactGraph, type FactorGraph, withoutIndices } from './factor-graph.js'
import { searchTree, type SearchOptions, type Strategy } from './search.js'
import { measureSchedule } from './schedule.js'
import { countOf, type SlicedTree, slicedAt, sliceTree } from './slicing.js'
import { type ContractionTree, measureTree } from './tree.js'

export interface ContractionStep {
  /** A factor whose indices are summed, or two tensors: factors by number, and after them the results of the steps before. */
  readonly operands: readonly [number] | readonly [number, number]
  /** The indices of the result; those of the operands that are not here are summed. The last step has them in the order wanted. */
  readonly indices: readonly number[]
  /** The entries of the result. */
  readonly entries: number
  /** Predicted multiplications and additions, one of each for each value of all indices of the operands; none for a look-up. */
  readonly operations: number
  /** Of two operands the one that is a function, if its outputs are summed by looking its values up in the other. */
  readonly lookUp: 0 | 1 | undefined
}

/** A loop around the last steps, once for each value of some indices, which are no indices of any tensor inside it. */
export interface SliceLoop {
  readonly indices: readonly number[]
  /** How often it is done: the product of the sizes of the indices. */
  readonly count: number
  /** The first of the steps that are done each time; the result is the sum of what the last step gives. */
  readonly firstStep: number
}

export interface ContractionOrder {
  readonly strategy: Strategy
  readonly steps: readonly ContractionStep[]
  readonly loop: SliceLoop | undefined
  /** Predicted multiplications and additions of all steps, each as often as it is done. */
  readonly operations: number
  /** The entries of the largest result of a step. */
  readonly largest: number
  /**
   * The most entries of results alive at once. A result is alive from its step to the one that reads it, through a loop that reads it,
   * and beside what is made from it; the factors are not counted.
   */
  readonly peak: number
}

export interface OrderOptions {
  /** A 32-bit integer: equal seeds give equal orders. */
  readonly seed?: number
  /** Connected parts of up to this many factors are contracted in the best of all orders. */
  readonly exactUpTo?: number
  /** How many trees are tried for each connected part of more factors; fewer where there are very many. */
  readonly tries?: number
  /** The most entries of results alive at once: beyond, indices are sliced. Where even that does not do, the peak says so. */
  readonly memoryLimit?: number
}

const defaults: SearchOptions = { seed: 1, exactUpTo: 13, tries: 32 }

/**
 * An order for a factor graph: of fewest operations for few factors, and otherwise the best of several that were found.
 *
 * It serves every commutative semiring: associativity and distributivity are all that makes the result the same in every order.
 *
 * @example
 * const chain = { factors: [[0], [0, 1], [1, 2]], functions: [], sizes: [[0, 8], [1, 8], [2, 8]], wanted: [2] }
 * contractionOrder(chain).steps.map(({ operands }) => operands) // => [[1, 0], [2, 3]]
 * contractionOrder(chain).operations // => 256
 */
export const contractionOrder = (graph: FactorGraph, options: OrderOptions = {}): ContractionOrder => {
  if (graph.factors.length === 0) return withoutFactors
  const { memoryLimit = Infinity, ...search } = options
  const settings = { ...defaults, ...search }
  const compact = compactGraph(graph)
  const found = searchTree(compact, settings)
  const tree = finished(graph, found.tree)
  const whole = slicedAt(compact, tree, [])
  if (whole.schedule.peak <= memoryLimit) return orderOf(graph, compact, whole, found.strategy)
  const sliced = sliceTree(compact, tree, memoryLimit)
  // What is best with the sliced indices fixed may be another tree.
  const again = searchTree(withoutIndices(compact, new Set(sliced.sliced)), settings)
  const other = slicedAt(compact, finished(graph, again.tree), sliced.sliced, memoryLimit)
  const fits = ({ schedule }: SlicedTree): boolean => schedule.peak <= memoryLimit
  return fits(other) && (!fits(sliced) || other.schedule.operations < sliced.schedule.operations)
    ? orderOf(graph, compact, other, again.strategy)
    : orderOf(graph, compact, sliced, found.strategy)
}

/** An order that is known: the nodes of a tree as they are done, those from number `once` on in a loop over sliced indices. */
export interface KnownOrder {
  readonly strategy: Strategy
  readonly tree: ContractionTree
  readonly nodes: readonly number[]
  readonly once: number
  readonly sliced: readonly number[]
}

/** An order that is known, with what it is predicted to take. */
export const knownOrder = (
  graph: FactorGraph,
  { strategy, tree, nodes, once, sliced }: KnownOrder,
): ContractionOrder => {
  const compact = compactGraph(graph)
  const numbers = sliced.map((index) => compact.names.indexOf(index))
  const measures = measureTree(withoutIndices(compact, new Set(numbers)), tree)
  const slices = countOf(compact, numbers)
  const schedule = measureSchedule(tree, measures, nodes, once, slices)
  return orderOf(graph, compact, { tree, measures, sliced: numbers, slices, schedule }, strategy)
}

/** The order of a graph without factors: there is nothing to do. */
export const withoutFactors: ContractionOrder = {
  strategy: 'exact',
  steps: [],
  loop: undefined,
  operations: 0,
  largest: 0,
  peak: 0,
}

/** A single factor takes a step if its axes are not those that are asked for. */
const finished = ({ factors, wanted }: FactorGraph, tree: ContractionTree): ContractionTree => {
  const [factor] = factors
  if (factor === undefined || tree.leafCount > 1) return tree
  const isResult = factor.length === wanted.length && factor.every((index, place) => index === wanted[place])
  return { ...tree, summedFirst: Uint8Array.of(isResult ? 0 : 1) }
}

const orderOf = (
  graph: FactorGraph,
  { names }: CompactGraph,
  { tree, measures, sliced, slices, schedule }: SlicedTree,
  strategy: Strategy,
): ContractionOrder => {
  const { leafCount, left, right, root } = tree
  const numbers = new Map<number, number>()
  // A leaf that sums its own indices first is known by its factor before, and by that step after.
  const numberOf = (node: number): number => numbers.get(node) ?? node
  const steps = schedule.nodes.map((node, step): ContractionStep => {
    const { entries, operations, lookUp, indices } = measures[node]!
    const operands =
      node < leafCount
        ? ([node] as const)
        : ([numberOf(left[node - leafCount]!), numberOf(right[node - leafCount]!)] as const)
    numbers.set(node, leafCount + step)
    return {
      operands,
      indices: node === root ? graph.wanted : Array.from(indices, (index) => names[index]!),
      entries,
      operations,
      lookUp: lookUp === undefined ? undefined : lookUp === 'left' ? 0 : 1,
    }
  })
  return {
    strategy,
    steps,
    loop:
      sliced.length === 0
        ? undefined
        : { indices: sliced.map((index) => names[index]!), count: slices, firstStep: schedule.once },
    operations: schedule.operations,
    largest: schedule.largest,
    peak: schedule.peak,
  }
}
