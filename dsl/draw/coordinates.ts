/**
 * The places of the nodes across the flow, in the order of their layers.
 *
 * Sweeps along the layers place each of them exactly (isotonic.ts) where the layer before, or after, draws it. The edges that go on
 * in a straight line where they can are chosen first (straight-edges.ts) and dominate the others: long wires and main chains become
 * straight, and what branches off is balanced around them. At the end straight runs are moved, each as a whole, towards what they are
 * connected to.
 */
import { nearestPlaces } from './isotonic.js'
import { kindOf, type LayeredGraph } from './layering.js'
import type { Nodes } from './nodes.js'
import type { Orders } from './ordering.js'
import { edgeWeights, straightEdges } from './straight-edges.js'
import type { Measures } from './style.js'

/** Edges that the sweeps may look at, all of them together; it bounds the time on large diagrams. */
const edgeBudget = 24_000_000
const mostSweeps = 12
const mostBalances = 12

interface Work {
  readonly graph: LayeredGraph
  readonly orders: Orders
  readonly quantum: number
  /** Least distances of neighbours: distances[layer][k] between the nodes k and k + 1 of a layer. */
  readonly distances: readonly (readonly number[])[]
  /** Where an edge that leaves its first node at 0 meets its second node, if it is straight. */
  readonly offset: Float64Array
  readonly weight: Float64Array
  /** The straight edge into each node and out of it, or -1. */
  readonly straightIn: Int32Array
  readonly straightOut: Int32Array
  readonly place: Float64Array
}

/** The place across the flow of every node; a multiple of the quantum. */
export const placeAcross = (graph: LayeredGraph, orders: Orders, nodes: Nodes, measures: Measures): Float64Array => {
  const work = workOn(graph, orders, nodes, measures)
  const { place, quantum } = work
  orders.forEach((layer, index) => {
    const places = nearestPlaces(
      layer.map(() => 0),
      layer.map(() => 1),
      work.distances[index]!,
    )
    layer.forEach((node, k) => (place[node] = places[k]!))
  })
  const sweeps = Math.max(2, Math.min(mostSweeps, Math.floor(edgeBudget / (graph.edges.count + 1))))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let layer = orders.length - 1; layer >= 0; layer--) placeLayer(work, layer, false)
    for (let layer = 0; layer < orders.length; layer++) placeLayer(work, layer, true)
  }
  // Distances are multiples of the quantum, so rounding keeps them.
  for (let node = 0; node < place.length; node++) place[node] = quantum * Math.round(place[node]! / quantum)
  const balances = Math.min(mostBalances, sweeps)
  for (let round = 0; round < balances; round++) if (!balance(work, round % 2 === 0)) break
  return place
}

const workOn = (graph: LayeredGraph, orders: Orders, nodes: Nodes, measures: Measures): Work => {
  const { edges, layerOf } = graph
  const separation = (above: number, below: number): number => {
    const reach = nodes.extentOf(above).after + nodes.extentOf(below).before
    const boxes = Number(kindOf(graph, above) === 'box') + Number(kindOf(graph, below) === 'box')
    if (boxes === 2) return reach + measures.boxSeparation
    if (boxes === 1) return reach + measures.boxWireSeparation
    return Math.max(measures.wireSeparation, reach + measures.labelSeparation)
  }
  const weight = edgeWeights(graph)
  const [straightIn, straightOut] = straightEdges(graph, orders, weight)
  return {
    graph,
    orders,
    quantum: measures.quantum,
    distances: orders.map((layer) => layer.slice(1).map((node, k) => separation(layer[k]!, node))),
    offset: Float64Array.from({ length: edges.count }, (_, edge) => nodes.fromOffset(edge) - nodes.toOffset(edge)),
    weight,
    straightIn,
    straightOut,
    place: new Float64Array(layerOf.length),
  }
}

/** Places one layer where the layer before it, or after it, draws it. */
const placeLayer = (work: Work, layer: number, forward: boolean): void => {
  const { graph, orders, distances, offset, weight, place } = work
  const { edges } = graph
  const list = forward ? graph.incoming : graph.outgoing
  const start = forward ? graph.incomingStart : graph.outgoingStart
  const straight = forward ? work.straightIn : work.straightOut
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

/** Moves every straight run towards what it is connected to, as far as its neighbours allow; whether any was moved. */
const balance = (work: Work, backwards: boolean): boolean => {
  const { graph, orders, distances, offset, weight, place, straightIn, straightOut, quantum } = work
  const { edges, layerOf, incoming, incomingStart, outgoing, outgoingStart } = graph
  const isStraight = (edge: number): boolean =>
    edge !== -1 && place[edges.to[edge]!]! === place[edges.from[edge]!]! + offset[edge]!
  const index = new Int32Array(layerOf.length)
  for (const layer of orders) for (let k = 0; k < layer.length; k++) index[layer[k]!] = k

  let moved = false
  const count = layerOf.length
  for (let at = 0; at < count; at++) {
    const head = backwards ? count - 1 - at : at
    // Runs are found at their first node.
    if (isStraight(straightIn[head]!)) continue
    let least = -Infinity
    let most = Infinity
    let pull = 0
    let total = 0
    // The shortest move that makes one more main edge straight.
    let closing = Infinity
    const draw = (edge: number, distance: number, main: boolean): void => {
      pull += weight[edge]! * distance
      total += weight[edge]!
      if (main && distance !== 0 && Math.abs(distance) < Math.abs(closing)) closing = distance
    }
    for (let node = head; ; ) {
      const layer = layerOf[node]!
      const order = orders[layer]!
      const k = index[node]!
      if (k > 0) least = Math.max(least, place[order[k - 1]!]! + distances[layer]![k - 1]! - place[node]!)
      if (k + 1 < order.length) most = Math.min(most, place[order[k + 1]!]! - distances[layer]![k]! - place[node]!)
      for (let e = incomingStart[node]!; e < incomingStart[node + 1]!; e++) {
        const edge = incoming[e]!
        if (edge === straightIn[node] && node !== head) continue
        draw(edge, place[edges.from[edge]!]! + offset[edge]! - place[node]!, edge === straightIn[node])
      }
      const onward = straightOut[node]!
      const goesOn = isStraight(onward)
      for (let e = outgoingStart[node]!; e < outgoingStart[node + 1]!; e++) {
        const edge = outgoing[e]!
        if (edge === onward && goesOn) continue
        draw(edge, place[edges.to[edge]!]! - offset[edge]! - place[node]!, edge === onward)
      }
      if (!goesOn) break
      node = edges.to[onward]!
    }
    const closes = Number.isFinite(closing) && closing >= least && closing <= most
    const wanted = closes ? closing : total === 0 ? 0 : pull / total
    const shift = quantum * Math.trunc(Math.max(least, Math.min(most, wanted)) / quantum)
    if (shift === 0) continue
    moved = true
    for (let node = head; ; ) {
      // The edge onward is straight before the move, and must be looked at before its first node has moved.
      const onward = straightOut[node]!
      const goesOn = isStraight(onward)
      place[node]! += shift
      if (!goesOn) break
      node = edges.to[onward]!
    }
  }
  return moved
}
