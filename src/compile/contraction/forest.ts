/** What a planner builds a tree in: the tensors that are left, and which of them carry each index that is summed. */
import type { CompactGraph } from './factor-graph.js'
import { type ContractionTree, loneLeaves, measureJoin, measureLeaf, type NodeMeasure, treeBuilder } from './tree.js'

export interface Forest {
  /** The tensor of a node, or undefined where it has been contracted. */
  readonly at: (node: number) => NodeMeasure | undefined
  /** The nodes that carry an index which is to be summed. */
  readonly carriers: (index: number) => ReadonlySet<number>
  /** Contracts two nodes. */
  readonly join: (a: number, b: number) => number
  readonly measure: (a: number, b: number) => NodeMeasure
  readonly tree: (root: number) => ContractionTree
}

const noCarriers: ReadonlySet<number> = new Set()

/** The factors of a graph, each with its own indices summed. */
export const forestOf = (graph: CompactGraph): Forest => {
  const summedFirst = loneLeaves(graph)
  const builder = treeBuilder(graph, summedFirst)
  const measures: (NodeMeasure | undefined)[] = []
  const carriers: (Set<number> | undefined)[] = Array.from(graph.wanted, (wanted) =>
    wanted === 1 ? undefined : new Set<number>(),
  )
  const enter = (node: number, measure: NodeMeasure): void => {
    measures[node] = measure
    for (const index of measure.indices) carriers[index]?.add(node)
  }
  const leave = (node: number): void => {
    for (const index of measures[node]!.indices) carriers[index]?.delete(node)
    measures[node] = undefined
  }
  const measure = (a: number, b: number): NodeMeasure => measureJoin(graph, measures[a]!, measures[b]!, () => undefined)
  graph.factors.forEach((_, leaf) => {
    enter(leaf, measureLeaf(graph, leaf, summedFirst[leaf] === 1))
  })
  return {
    at: (node) => measures[node],
    carriers: (index) => carriers[index] ?? noCarriers,
    measure,
    join: (a, b) => {
      const result = measure(a, b)
      leave(a)
      leave(b)
      const node = builder.join(a, b)
      enter(node, result)
      return node
    },
    tree: builder.tree,
  }
}
