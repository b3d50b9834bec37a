/**
 * Improvement of a contraction tree: a few nodes at a time are replaced by the best tree of the tensors that hang below them.
 *
 * Source: J. Gray and S. Kourtis, "Hyper-optimized tensor network contraction" (2021), on subtree reconfiguration.
 */
import { bestTree } from './dynamic-programming.js'
import type { CompactGraph } from './factor-graph.js'
import { bottomUp, type ContractionTree, measureNode, measureTree, type NodeMeasure } from './tree.js'

/** Rounds over all nodes; most trees stay as they are after two or three. */
const mostRounds = 8
/** A change by less is rounding. */
const leastGain = 1e-9

/**
 * A tree that takes no more operations. Parts of up to `breadth` tensors are looked at, until about `budget` splits have been.
 */
export const improveTree = (
  graph: CompactGraph,
  given: ContractionTree,
  breadth: number,
  budget: number,
): ContractionTree => {
  const tree = {
    ...given,
    left: given.left.slice(),
    right: given.right.slice(),
    summedFirst: given.summedFirst.slice(),
  }
  const { leafCount, left, right, summedFirst, root } = tree
  const measures = measureTree(graph, tree)
  let splits = budget

  // When each node last got other children, and when the region below it was last looked at.
  const changedAt = new Int32Array(leafCount + left.length)
  const lookedAt = new Int32Array(leafCount + left.length).fill(-1)
  let clock = 0

  const improveAt = (top: number): boolean => {
    const { frontier, inner } = regionBelow(tree, measures, top, breadth)
    const looked = lookedAt[top]!
    if (inner.every((node) => changedAt[node]! <= looked)) return false
    lookedAt[top] = clock
    if (frontier.length < 3 && frontier.every((node) => node >= leafCount)) return false
    splits -= 3 ** frontier.length / 2
    const before = [...inner, ...frontier.filter((node) => node < leafCount)].reduce(
      (sum, node) => sum + measures[node]!.operations,
      0,
    )
    const kept = measures[top]!.indices
    const solution = bestTree(
      {
        sets: frontier.map((node) => (node < leafCount ? graph.factors[node]! : measures[node]!.indices)),
        sizes: graph.sizes,
        keeps: (index) => kept.includes(index),
        functions: frontier.map((node) => (node < leafCount ? graph.functions[node] : undefined)),
        isLast: top === root,
      },
      before * (1 - leastGain),
    )
    if (solution === undefined) return false
    frontier.forEach((node, place) => {
      if (node >= leafCount) return
      summedFirst[node] = solution.summedFirst[place] ? 1 : 0
      measures[node] = measureNode(graph, tree, node, measures)
    })
    // The nodes keep their numbers as a set, and the top keeps its own. What has been put in the best order need not be looked at.
    clock += 1
    for (const node of inner) changedAt[node] = clock
    lookedAt[top] = clock
    const numbers = [...frontier, ...inner.slice(1), top]
    solution.pairs.forEach(([a, b], place) => {
      const node = numbers[frontier.length + place]!
      left[node - leafCount] = numbers[a]!
      right[node - leafCount] = numbers[b]!
      measures[node] = measureNode(graph, tree, node, measures)
    })
    return true
  }

  for (let round = 0; round < mostRounds; round++) {
    let isBetter = false
    for (const node of bottomUp(tree)) {
      if (node < leafCount) continue
      if (splits < 0) return tree
      isBetter = improveAt(node) || isBetter
    }
    if (!isBetter) break
  }
  return tree
}

interface Region {
  /** The tensors that hang below the region. */
  readonly frontier: readonly number[]
  /** Its nodes, the top first. */
  readonly inner: readonly number[]
}

/** The nodes below a node, those with the largest tensors first, until `breadth` tensors hang below them. */
const regionBelow = (
  { leafCount, left, right }: ContractionTree,
  measures: readonly NodeMeasure[],
  top: number,
  breadth: number,
): Region => {
  const inner = [top]
  const frontier = [left[top - leafCount]!, right[top - leafCount]!]
  while (frontier.length < breadth) {
    let largest = -1
    frontier.forEach((node, place) => {
      if (node < leafCount) return
      if (largest === -1 || measures[node]!.entries > measures[frontier[largest]!]!.entries) largest = place
    })
    if (largest === -1) break
    const node = frontier[largest]!
    inner.push(node)
    frontier.splice(largest, 1, left[node - leafCount]!, right[node - leafCount]!)
  }
  return { frontier, inner }
}
