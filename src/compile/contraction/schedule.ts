/**
 * The order in which the nodes of a tree are done, such that few entries are alive at once; and what the whole then takes.
 *
 * Source: J. W. H. Liu, "On the storage requirement in the out-of-core multifrontal method for sparse factorization" (1986), on the best
 * postorder of a tree.
 */
import { type CompactGraph, mostEntries } from './factor-graph.js'
import { bottomUp, type ContractionTree, type NodeMeasure } from './tree.js'

export interface Schedule {
  /** The nodes that make a tensor, children before parents: first those that are done once, then those of the loop. */
  readonly nodes: readonly number[]
  /** How many of the nodes are done before the loop over the values of the sliced indices. */
  readonly once: number
  /** Multiplications and additions of all slices together. */
  readonly operations: number
  /** The entries of the largest result. */
  readonly largest: number
  /** The most entries of results alive at once: a result from its making to its use, operands beside their result. */
  readonly peak: number
}

export interface Slices {
  /** Indices of the graph that are fixed: the measures of the tree are without them. */
  readonly indices: ReadonlySet<number>
  /** How often the loop is done: the product of their sizes. */
  readonly count: number
}

export interface LoopStyle extends Slices {
  /**
   * What no sliced index reaches is done once, before the loop, and stays through it, if it takes at least this share of what a slice
   * takes; smaller things are made anew each time.
   */
  readonly leastShare: number
}

/** Schedules a tree of a graph. */
export const scheduleTree = (
  graph: CompactGraph,
  tree: ContractionTree,
  measures: readonly NodeMeasure[],
  style: LoopStyle,
): Schedule => {
  const { leafCount, left, right, summedFirst, root } = tree
  const up = bottomUp(tree)
  const makes = (node: number): boolean => node >= leafCount || summedFirst[node] === 1
  const entriesOf = (node: number): number => (makes(node) ? measures[node]!.entries : 0)
  const childrenOf = (node: number): readonly number[] =>
    node < leafCount ? [] : [left[node - leafCount]!, right[node - leafCount]!]
  const isInLoop = nodesInLoop(graph, tree, measures, style, up)

  const peaks = new Float64Array(isInLoop.length)
  /** The child whose making needs the most beyond what it leaves comes first. */
  const ordered = (node: number): readonly number[] => {
    const [a, b] = childrenOf(node)
    if (a === undefined || b === undefined) return []
    return peaks[a]! - entriesOf(a) >= peaks[b]! - entriesOf(b) ? [a, b] : [b, a]
  }
  for (const node of up) {
    let before = 0
    let peak = 0
    for (const child of ordered(node)) {
      // What was made before the loop stays through it.
      if (isInLoop[node] === 1 && isInLoop[child] === 0) continue
      peak = Math.max(peak, before + peaks[child]!)
      before += entriesOf(child)
    }
    peaks[node] = Math.max(peak, makes(node) ? before + measures[node]!.entries : 0)
  }

  const nodes: number[] = []
  const inPostorder = (top: number, isIncluded: (node: number) => boolean): void => {
    const stack = [top]
    const reversed: number[] = []
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (!isIncluded(node)) continue
      if (makes(node)) reversed.push(node)
      stack.push(...ordered(node))
    }
    for (let place = reversed.length - 1; place >= 0; place--) nodes.push(reversed[place]!)
  }
  if (isInLoop[root] === 0) inPostorder(root, () => true)
  else
    for (const node of up)
      for (const child of childrenOf(node))
        if (isInLoop[node] === 1 && isInLoop[child] === 0) inPostorder(child, () => true)
  const once = nodes.length
  if (isInLoop[root] === 1) inPostorder(root, (node) => isInLoop[node] === 1)
  return measureSchedule(tree, measures, nodes, once, style.count)
}

/** What it takes to do nodes in an order, those from number `once` on in a loop that is done `count` times. */
export const measureSchedule = (
  { leafCount, left, right }: ContractionTree,
  measures: readonly NodeMeasure[],
  nodes: readonly number[],
  once: number,
  count: number,
): Schedule => {
  const last = nodes[nodes.length - 1]
  // The sum of the slices is a tensor beside those of the loop, and each slice is added to it.
  const total = once === nodes.length || last === undefined ? 0 : measures[last]!.entries
  const alive = new Float64Array(measures.length)
  let entries = 0
  let operations = total * count
  let largest = 0
  let peak = 0
  const beforeLoop = new Set(nodes.slice(0, once))
  nodes.forEach((node, place) => {
    const isInLoop = place >= once
    const made = measures[node]!
    entries += made.entries
    alive[node] = made.entries
    largest = Math.max(largest, made.entries)
    peak = Math.max(peak, entries + (isInLoop ? total : 0))
    operations += (isInLoop ? count : 1) * made.operations
    if (node < leafCount) return
    for (const child of [left[node - leafCount]!, right[node - leafCount]!]) {
      if (isInLoop && beforeLoop.has(child)) continue
      entries -= alive[child]!
      alive[child] = 0
    }
  })
  return { nodes, once, operations: Math.min(operations, mostEntries), largest, peak }
}

/** Which nodes are done in the loop: those below which a factor carries a sliced index, and little ones that these read. */
const nodesInLoop = (
  { factors }: CompactGraph,
  { leafCount, left, right, summedFirst, root }: ContractionTree,
  measures: readonly NodeMeasure[],
  { indices, leastShare }: LoopStyle,
  up: Int32Array,
): Uint8Array => {
  const isInLoop = new Uint8Array(leafCount + left.length)
  if (indices.size === 0) return isInLoop
  // The operations of everything below a node, itself included.
  const below = new Float64Array(isInLoop.length)
  let eachTime = 0
  for (const node of up) {
    const { operations } = measures[node]!
    below[node] = operations
    if (node < leafCount) isInLoop[node] = factors[node]!.some((index) => indices.has(index)) ? 1 : 0
    else
      for (const child of [left[node - leafCount]!, right[node - leafCount]!]) {
        below[node]! += below[child]!
        if (isInLoop[child] === 1) isInLoop[node] = 1
      }
    if (isInLoop[node] === 1) eachTime += operations
  }
  // Parents come before their children here.
  for (let place = up.length - 1; place >= 0; place--) {
    const node = up[place]!
    if (node < leafCount || isInLoop[node] === 0) continue
    for (const child of [left[node - leafCount]!, right[node - leafCount]!]) {
      const makes = child >= leafCount || summedFirst[child] === 1
      if (makes && below[child]! < leastShare * eachTime) isInLoop[child] = 1
    }
  }
  return isInLoop[root] === 1 ? isInLoop : new Uint8Array(isInLoop.length)
}
