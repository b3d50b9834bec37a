/**
 * A contraction tree: which factors are contracted with which, leaving open what is done first. An index is summed at the lowest node
 * below which are all the factors that carry it; that makes the cost of a tree independent of the order in which its nodes are done.
 */
import { type CompactGraph, mostEntries, volumeOf } from './factor-graph.js'

/** Leaves are the factors; node `leafCount + k` has the children `left[k]` and `right[k]`. */
export interface ContractionTree {
  readonly leafCount: number
  readonly left: Int32Array
  readonly right: Int32Array
  /** Leaves whose own indices, which no other factor carries, are summed before the leaf is contracted with anything. */
  readonly summedFirst: Uint8Array
  readonly root: number
}

/** The numbers of a node: of the tensor that it makes, and of making it. */
export interface NodeMeasure {
  /** The indices of its tensor. */
  readonly indices: Int32Array
  /** How many factors below it carry each of these. */
  readonly counts: Int32Array
  readonly entries: number
  /** Multiplications and additions, not counting those of its children. */
  readonly operations: number
  /** The child that is a function which is looked up in the other child's tensor. */
  readonly lookUp: 'left' | 'right' | undefined
}

/** Collects the nodes of a tree from its leaves up. */
export interface TreeBuilder {
  readonly join: (left: number, right: number) => number
  readonly tree: (root: number) => ContractionTree
}

/** A builder of trees in which every leaf sums its own indices first, unless the caller has other flags. */
export const treeBuilder = (graph: CompactGraph, summedFirst = loneLeaves(graph)): TreeBuilder => {
  const leafCount = graph.factors.length
  const left: number[] = []
  const right: number[] = []
  return {
    join: (a, b) => {
      left.push(a)
      right.push(b)
      return leafCount + left.length - 1
    },
    tree: (root) => ({ leafCount, left: Int32Array.from(left), right: Int32Array.from(right), summedFirst, root }),
  }
}

/** The factors that alone carry an index which is not wanted. */
export const loneLeaves = ({ factors, carriers, wanted }: CompactGraph): Uint8Array =>
  Uint8Array.from(factors, (factor) => (factor.some((index) => carriers[index] === 1 && wanted[index] === 0) ? 1 : 0))

/** The tensor of a leaf. */
export const measureLeaf = (graph: CompactGraph, leaf: number, summedFirst: boolean): NodeMeasure => {
  const { factors, carriers, wanted, sizes } = graph
  const factor = factors[leaf]!
  const indices = summedFirst ? factor.filter((index) => carriers[index]! > 1 || wanted[index] === 1) : factor
  return {
    indices,
    counts: new Int32Array(indices.length).fill(1),
    entries: volumeOf(indices, sizes),
    operations: summedFirst ? Math.min(2 * volumeOf(factor, sizes), mostEntries) : 0,
    lookUp: undefined,
  }
}

/** The tensor of two nodes contracted; `lookUpOf` says, from the indices that it keeps, whether it is a look-up. */
export const measureJoin = (
  { sizes, carriers, wanted }: CompactGraph,
  a: NodeMeasure,
  b: NodeMeasure,
  lookUpOf: (kept: Int32Array) => 'left' | 'right' | undefined,
): NodeMeasure => {
  const indices: number[] = []
  const counts: number[] = []
  let volume = 1
  let entries = 1
  let i = 0
  let j = 0
  while (i < a.indices.length || j < b.indices.length) {
    const x = i < a.indices.length ? a.indices[i]! : Infinity
    const y = j < b.indices.length ? b.indices[j]! : Infinity
    const index = Math.min(x, y)
    let count = 0
    if (x === index) count += a.counts[i++]!
    if (y === index) count += b.counts[j++]!
    volume *= sizes[index]!
    if (count < carriers[index]! || wanted[index] === 1) {
      entries *= sizes[index]!
      indices.push(index)
      counts.push(count)
    }
  }
  const kept = Int32Array.from(indices)
  const lookUp = lookUpOf(kept)
  return {
    indices: kept,
    counts: Int32Array.from(counts),
    entries: Math.min(entries, mostEntries),
    operations: lookUp === undefined ? Math.min(2 * volume, mostEntries) : 0,
    lookUp,
  }
}

/** All nodes of a tree, children before parents. */
export const bottomUp = ({ leafCount, left, right, root }: ContractionTree): Int32Array => {
  const order: number[] = []
  const stack = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node)
    if (node >= leafCount) stack.push(left[node - leafCount]!, right[node - leafCount]!)
  }
  return Int32Array.from(order).reverse()
}

/** The numbers of every node, by node. */
export const measureTree = (graph: CompactGraph, tree: ContractionTree): NodeMeasure[] => {
  const measures = new Array<NodeMeasure>(tree.leafCount + tree.left.length)
  for (const node of bottomUp(tree)) measures[node] = measureNode(graph, tree, node, measures)
  return measures
}

/** The numbers of a node whose children have theirs. */
export const measureNode = (
  graph: CompactGraph,
  tree: ContractionTree,
  node: number,
  measures: readonly NodeMeasure[],
): NodeMeasure => {
  const { leafCount, left, right, summedFirst, root } = tree
  if (node < leafCount) return measureLeaf(graph, node, summedFirst[node] === 1)
  const [a, b] = [left[node - leafCount]!, right[node - leafCount]!]
  return measureJoin(graph, measures[a]!, measures[b]!, (kept) => {
    // The result of a look-up has its axes in an order of its own, and the last result has the order that is asked for.
    if (node === root) return undefined
    if (isLookUp(graph, tree, a, measures[b]!.indices, kept)) return 'left'
    return isLookUp(graph, tree, b, measures[a]!.indices, kept) ? 'right' : undefined
  })
}

/**
 * Whether a node is a function of which exactly the outputs are summed when it is contracted with a tensor over `others`. The tensor is
 * then read at the function's values.
 */
const isLookUp = (
  graph: CompactGraph,
  { leafCount, summedFirst }: ContractionTree,
  node: number,
  others: Int32Array,
  kept: Int32Array,
): boolean => {
  if (node >= leafCount || summedFirst[node] === 1) return false
  const made = graph.functions[node]
  if (made === undefined) return false
  const { inputs, outputs } = made
  return (
    outputs.every((output) => others.includes(output) && !kept.includes(output)) &&
    inputs.every((input) => kept.includes(input)) &&
    others.every((other) => kept.includes(other) || outputs.includes(other))
  )
}

/** The tree in which each leaf sums its own indices first only where that takes fewer operations than summing them with its neighbour. */
export const withBestSums = (graph: CompactGraph, given: ContractionTree): ContractionTree => {
  const { leafCount, left, right } = given
  const isLone = loneLeaves(graph)
  const tree = { ...given, summedFirst: given.summedFirst.slice() }
  const measures = measureTree(graph, tree)
  for (let node = leafCount; node < leafCount + left.length; node++) {
    const children = [left[node - leafCount]!, right[node - leafCount]!]
    const lone = children.filter((child) => child < leafCount && isLone[child] === 1)
    if (lone.length === 0) continue
    const choose = (choice: number): number => {
      lone.forEach((leaf, place) => {
        tree.summedFirst[leaf] = (choice >> place) & 1
        measures[leaf] = measureNode(graph, tree, leaf, measures)
      })
      const operations = measureNode(graph, tree, node, measures).operations
      return lone.reduce((sum, leaf) => sum + measures[leaf]!.operations, operations)
    }
    const totals = Array.from({ length: 2 ** lone.length }, (_, choice) => choose(choice))
    choose(totals.indexOf(Math.min(...totals)))
  }
  return tree
}

/** The operations of all nodes. */
export const operationsOf = (tree: ContractionTree, measures: readonly NodeMeasure[]): number => {
  let total = 0
  for (const node of bottomUp(tree)) total += measures[node]!.operations
  return Math.min(total, mostEntries)
}
