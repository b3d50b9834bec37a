/**
 * The places of the nodes across the flow, in the order of their layers.
 *
 *  1. sweeps along the layers place each of them exactly (isotonic.ts) where the layer before, or after, draws it;
 *  2. the edges that are to be straight lines (straight-edges.ts) join nodes to chains, and chains as a whole are drawn to what they
 *     are connected to (chains.ts): long wires and the main path become straight, and what branches off is balanced around them;
 *  3. chains are moved a little where that makes one more edge straight (balance.ts), and edges that are nearly straight join them.
 */
import { balance } from './balance.js'
import { chainsOf, drawChains } from './chains.js'
import { nearestPlaces } from './isotonic.js'
import { kindOf, type LayeredGraph } from './layering.js'
import type { Nodes } from './nodes.js'
import type { Orders } from './ordering.js'
import { edgeWeights, straightEdges, withStraight } from './straight-edges.js'
import type { Measures } from './style.js'

/** What decides the places. */
export interface Placing {
  readonly graph: LayeredGraph
  readonly orders: Orders
  readonly quantum: number
  /** Edges that are this near to a straight line look like mistakes, and are made straight if they can be. */
  readonly nearlyStraight: number
  /** Least distances of neighbours: distances[layer][k] between the nodes k and k + 1 of a layer. */
  readonly distances: readonly (readonly number[])[]
  /** Where an edge that leaves its first node at 0 meets its second node, if it is straight. */
  readonly offset: Float64Array
  readonly weight: Float64Array
  /** The straight edge into each node and out of it, or -1. */
  readonly straightIn: Int32Array
  readonly straightOut: Int32Array
}

/** Edges that the sweeps may look at, all of them together; it bounds the time on large diagrams. */
const edgeBudget = 6_000_000
const mostSweeps = 6

/** The place across the flow of every node; a multiple of the quantum. */
export const placeAcross = (graph: LayeredGraph, orders: Orders, nodes: Nodes, measures: Measures): Float64Array => {
  const placing = placingOf(graph, orders, nodes, measures)
  const place = new Float64Array(graph.layerOf.length)
  orders.forEach((layer, index) => {
    const start = layer.map(() => 0)
    const places = nearestPlaces(
      start,
      layer.map(() => 1),
      placing.distances[index]!,
    )
    layer.forEach((node, k) => (place[node] = places[k]!))
  })
  const rounds = Math.max(2, Math.min(mostSweeps, Math.floor(edgeBudget / (graph.edges.count + 1))))
  for (let round = 0; round < rounds; round++) {
    for (let layer = orders.length - 1; layer >= 0; layer--) placeLayer(placing, place, layer, false)
    for (let layer = 0; layer < orders.length; layer++) placeLayer(placing, place, layer, true)
  }
  settle(placing, place, 4 * rounds)
  return rounds < mostSweeps ? place : straightened(placing, place, 2 * rounds)
}

/** Draws the chains, as wholes, to what they are connected to. */
const settle = (placing: Placing, place: Float64Array, rounds: number): void => {
  drawChains(placing, chainsOf(placing), place, rounds)
  for (let round = 0; round < rounds / 2; round++) if (!balance(placing, place, round % 2 === 0)) break
}

/** Makes edges straight that nearly are, as long as the drawing is better for it. */
const straightened = (placing: Placing, place: Float64Array, rounds: number): Float64Array => {
  const { graph, orders, weight, offset, nearlyStraight } = placing
  const { edges } = graph
  const bend = (at: Float64Array, edge: number): number =>
    Math.abs(at[edges.to[edge]!]! - at[edges.from[edge]!]! - offset[edge]!)
  /** A slight bend looks like a mistake, and counts as three. */
  const badness = (at: Float64Array): number => {
    let total = 0
    for (let edge = 0; edge < edges.count; edge++) {
      const size = bend(at, edge)
      total += size === 0 ? 0 : size <= nearlyStraight ? 3 : 1
    }
    return total
  }
  let best = place
  let least = badness(place)
  let current = placing
  for (let attempt = 0; attempt < 3 && least > 0; attempt++) {
    const at = best
    const nearly = Array.from({ length: edges.count }, (_, edge) => edge)
      .filter((edge) => bend(at, edge) <= nearlyStraight)
      .sort((a, b) => bend(at, a) - bend(at, b))
    const chosen = withStraight(graph, orders, weight, [current.straightIn, current.straightOut], nearly)
    current = { ...current, straightIn: chosen[0], straightOut: chosen[1] }
    const tried = at.slice()
    settle(current, tried, rounds)
    const left = badness(tried)
    if (left >= least) break
    best = tried
    least = left
  }
  return best
}

const placingOf = (graph: LayeredGraph, orders: Orders, nodes: Nodes, measures: Measures): Placing => {
  const { edges } = graph
  const separation = (above: number, below: number): number => {
    const reach = nodes.extentOf(above).after + nodes.extentOf(below).before
    const boxes = Number(kindOf(graph, above) === 'box') + Number(kindOf(graph, below) === 'box')
    if (boxes === 2) return reach + measures.boxSeparation
    if (boxes === 1) return reach + measures.boxWireSeparation
    return Math.max(measures.wireSeparation, reach + measures.labelSeparation)
  }
  const weight = edgeWeights(graph)
  const [straightIn, straightOut] = straightEdges(graph, orders, weight, measures.wires === 'curved')
  return {
    graph,
    orders,
    quantum: measures.quantum,
    nearlyStraight: measures.wireSeparation / 3,
    distances: orders.map((layer) => layer.slice(1).map((node, k) => separation(layer[k]!, node))),
    offset: Float64Array.from({ length: edges.count }, (_, edge) => nodes.fromOffset(edge) - nodes.toOffset(edge)),
    weight,
    straightIn,
    straightOut,
  }
}

/** Places one layer where the layer before it, or after it, draws it. */
const placeLayer = (
  { graph, orders, distances, offset, weight, straightIn, straightOut }: Placing,
  place: Float64Array,
  layer: number,
  forward: boolean,
): void => {
  const { edges } = graph
  const list = forward ? graph.incoming : graph.outgoing
  const start = forward ? graph.incomingStart : graph.outgoingStart
  const straight = forward ? straightIn : straightOut
  const order = orders[layer]!
  /** Where an edge wants the node to be. */
  const drawn = (edge: number): number =>
    forward ? place[edges.from[edge]!]! + offset[edge]! : place[edges.to[edge]!]! - offset[edge]!
  const weights: number[] = []
  const wanted = order.map((node) => {
    const main = straight[node]!
    if (main !== -1) {
      weights.push(100 * weight[main]!)
      return drawn(main)
    }
    let sum = 0
    let total = 0
    for (let k = start[node]!; k < start[node + 1]!; k++) {
      sum += weight[list[k]!]! * drawn(list[k]!)
      total += weight[list[k]!]!
    }
    // A node that nothing draws stays where it is, unless others push it.
    weights.push(1)
    return total === 0 ? place[node]! : sum / total
  })
  const places = nearestPlaces(wanted, weights, distances[layer]!)
  order.forEach((node, k) => (place[node] = places[k]!))
}
