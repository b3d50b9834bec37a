/**
 * Which edges are to be drawn as straight lines: at most one into a node and one out of it.
 */
import { kindOf, type LayeredGraph } from './layering.js'
import type { Orders } from './ordering.js'

/** How much it matters that an edge is short: most inside long wires, where bends are needless. */
export const edgeWeights = (graph: LayeredGraph): Float64Array =>
  Float64Array.from({ length: graph.edges.count }, (_, edge) => {
    const { from, to } = graph.edges
    const passing = Number(kindOf(graph, from[edge]!) === 'passing') + Number(kindOf(graph, to[edge]!) === 'passing')
    return passing === 2 ? 8 : passing === 1 ? 2 : 1
  })

/**
 * The straight edge into each node, and the one out of it, or -1: those that both of their nodes prefer to all others. A node prefers
 * the edge with the longest chain of boxes behind it, then the one of the greatest weight; among equals it prefers none, and lies in
 * their middle. With `equalsShare`, of two equal edges that cross neither is straight.
 */
export const straightEdges = (
  graph: LayeredGraph,
  orders: Orders,
  weight: Float64Array,
  equalsShare: boolean,
): readonly [Int32Array, Int32Array] => {
  const { edges, layerOf, incoming, incomingStart, outgoing, outgoingStart } = graph
  const boxes = (node: number): number => Number(kindOf(graph, node) === 'box')
  // The number of boxes on the longest path to the end of each edge, and from its start.
  const upstream = new Int32Array(layerOf.length)
  const downstream = new Int32Array(layerOf.length)
  for (const layer of orders)
    for (const node of layer) {
      for (let k = incomingStart[node]!; k < incomingStart[node + 1]!; k++)
        upstream[node] = Math.max(upstream[node]!, upstream[edges.from[incoming[k]!]!]!)
      upstream[node]! += boxes(node)
    }
  for (const layer of [...orders].reverse())
    for (const node of layer) {
      for (let k = outgoingStart[node]!; k < outgoingStart[node + 1]!; k++)
        downstream[node] = Math.max(downstream[node]!, downstream[edges.to[outgoing[k]!]!]!)
      downstream[node]! += boxes(node)
    }

  const preferred = (node: number, list: Int32Array, start: Int32Array, depth: (edge: number) => number): number => {
    let best = -1
    let tied = false
    for (let k = start[node]!; k < start[node + 1]!; k++) {
      const edge = list[k]!
      const better = best === -1 ? 1 : depth(edge) - depth(best) || weight[edge]! - weight[best]!
      if (better > 0) best = edge
      tied = better === 0 || (tied && better < 0)
    }
    return tied ? -1 : best
  }
  const straightIn = new Int32Array(layerOf.length).fill(-1)
  const straightOut = new Int32Array(layerOf.length).fill(-1)
  for (let node = 0; node < layerOf.length; node++) {
    const edge = preferred(node, outgoing, outgoingStart, (onward) => downstream[edges.to[onward]!]!)
    if (edge === -1) continue
    const to = edges.to[edge]!
    if (preferred(to, incoming, incomingStart, (back) => upstream[edges.from[back]!]!) !== edge) continue
    straightOut[node] = edge
    straightIn[to] = edge
  }
  dropCrossings(graph, orders, weight, straightIn, straightOut, equalsShare)
  return [straightIn, straightOut]
}

/** The straight edges with those of the candidates that can join them: neither end has another one, and no crossing arises. */
export const withStraight = (
  graph: LayeredGraph,
  orders: Orders,
  weight: Float64Array,
  before: readonly [Int32Array, Int32Array],
  candidates: readonly number[],
): readonly [Int32Array, Int32Array] => {
  const [straightIn, straightOut] = [before[0].slice(), before[1].slice()]
  const preference = weight.slice()
  for (const edge of candidates) {
    const [from, to] = [graph.edges.from[edge]!, graph.edges.to[edge]!]
    if (straightOut[from] !== -1 || straightIn[to] !== -1) continue
    straightOut[from] = edge
    straightIn[to] = edge
    preference[edge]! /= 1000
  }
  dropCrossings(graph, orders, preference, straightIn, straightOut, false)
  return [straightIn, straightOut]
}

/** Equal wires that cross are looked for among so many. */
const mostSharing = 64

/**
 * Keeps, of the straight edges between two layers, those of the greatest weight in all that do not cross each other. Where two equals
 * cross, `equalsShare` says whether none of them is straight, so that they form a cross, or the one goes round the other.
 */
const dropCrossings = (
  { edges }: LayeredGraph,
  orders: Orders,
  weight: Float64Array,
  straightIn: Int32Array,
  straightOut: Int32Array,
  equalsShare: boolean,
): void => {
  const place = new Int32Array(straightIn.length)
  for (let layer = 0; layer + 1 < orders.length; layer++) {
    orders[layer + 1]!.forEach((node, index) => (place[node] = index))
    const straight = orders[layer]!.map((node) => straightOut[node]!).filter((edge) => edge !== -1)
    const ends = straight.map((edge) => place[edges.to[edge]!]!)
    if (ends.every((end, k) => k === 0 || ends[k - 1]! < end)) continue
    const kept = heaviestIncreasing(
      ends,
      straight.map((edge) => weight[edge]!),
      orders[layer + 1]!.length,
    )
    const sharing = new Set<number>()
    if (equalsShare && straight.length <= mostSharing)
      straight.forEach((edge, k) => {
        if (kept.has(k)) return
        const crossed = [...kept].filter((other) => k < other !== ends[k]! < ends[other]!)
        const total = crossed.reduce((sum, other) => sum + weight[straight[other]!]!, 0)
        if (total === weight[edge]) for (const other of crossed) sharing.add(other)
      })
    straight.forEach((edge, k) => {
      if (kept.has(k) && !sharing.has(k)) return
      straightOut[edges.from[edge]!] = -1
      straightIn[edges.to[edge]!] = -1
    })
  }
}

/** The indices of the increasing subsequence of distinct values below a bound whose weights sum to the most. */
const heaviestIncreasing = (
  values: readonly number[],
  weights: readonly number[],
  bound: number,
): ReadonlySet<number> => {
  // A Fenwick tree of the best subsequence that ends at most at a value: its last index.
  const tree = new Int32Array(bound + 1).fill(-1)
  const sum = new Float64Array(values.length)
  const before = new Int32Array(values.length).fill(-1)
  const better = (a: number, b: number): number => (a === -1 || (b !== -1 && sum[b]! > sum[a]!) ? b : a)
  let best = -1
  values.forEach((value, index) => {
    let last = -1
    for (let k = value; k > 0; k -= k & -k) last = better(last, tree[k]!)
    before[index] = last
    sum[index] = weights[index]! + (last === -1 ? 0 : sum[last]!)
    for (let k = value + 1; k <= bound; k += k & -k) tree[k] = better(tree[k]!, index)
    best = better(best, index)
  })
  const kept = new Set<number>()
  for (let index = best; index !== -1; index = before[index]!) kept.add(index)
  return kept
}
