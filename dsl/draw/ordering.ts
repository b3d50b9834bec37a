/**
 * The order of the nodes in each layer: sweeps that sort every layer by the barycentres of its neighbours, then exchanges of
 * neighbours as long as they remove crossings. The inputs and the outputs of the diagram keep their order.
 *
 * Source: K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures" (1981); crossings
 * are counted as in W. Barth, M. Jünger and P. Mutzel, "Simple and efficient bilayer cross counting" (2002).
 */
import type { LayeredGraph } from './layering.js'

export type Orders = readonly (readonly number[])[]

/** Edges that the sweeps may look at, all of them together; it bounds the time on large diagrams. */
const edgeBudget = 12_000_000
const mostRounds = 16
/** Exchanges are tried on graphs of up to so many edges. */
const mostExchangedEdges = 40_000

interface Work {
  readonly graph: LayeredGraph
  readonly layers: number[][]
  /** The place of each node in its layer. */
  readonly place: Float64Array
  /** The places of an edge's two ends, as fractions of a node's place for ports. */
  readonly fromFraction: Float64Array
  readonly toFraction: Float64Array
}

/** An order of each layer with few crossings. */
export const orderLayers = (graph: LayeredGraph): Orders => {
  const rounds = Math.max(2, Math.min(mostRounds, Math.floor(edgeBudget / (graph.edges.count + 1))))
  let best: Orders = graph.layers
  let fewest = crossingsOf(graph, best)
  for (const start of ['outputs', 'inputs'] as const) {
    const work = workOn(graph)
    // Sweeps from either end first lead to different orders.
    if (start === 'inputs') sweepForward(work)
    let idle = 0
    for (let round = 0; round < rounds && fewest > 0 && idle < 4; round++) {
      sweepBackward(work)
      sweepForward(work)
      if (graph.edges.count <= mostExchangedEdges) exchange(work)
      const crossings = crossingsOf(graph, work.layers)
      idle += 1
      if (crossings < fewest) {
        fewest = crossings
        best = work.layers.map((layer) => [...layer])
        idle = 0
      }
    }
  }
  return best
}

const workOn = (graph: LayeredGraph): Work => {
  const { edges, firstBox, firstOutput, wiring } = graph
  const fraction = (node: number, port: number, side: 'inputs' | 'outputs'): number =>
    node < firstBox || node >= firstOutput ? 0.5 : (port + 0.5) / wiring.boxes[node - firstBox]!.box[side].length
  const work: Work = {
    graph,
    layers: graph.layers.map((layer) => [...layer]),
    place: new Float64Array(graph.layerOf.length),
    fromFraction: Float64Array.from({ length: edges.count }, (_, edge) =>
      fraction(edges.from[edge]!, edges.fromPort[edge]!, 'outputs'),
    ),
    toFraction: Float64Array.from({ length: edges.count }, (_, edge) =>
      fraction(edges.to[edge]!, edges.toPort[edge]!, 'inputs'),
    ),
  }
  for (const layer of work.layers) number(work, layer)
  return work
}

const number = ({ place }: Work, layer: readonly number[]): void => {
  for (let index = 0; index < layer.length; index++) place[layer[index]!] = index
}

const sweepForward = (work: Work): void => {
  for (let layer = 1; layer < work.layers.length - 1; layer++) sortLayer(work, layer, true)
}
const sweepBackward = (work: Work): void => {
  for (let layer = work.layers.length - 2; layer >= 1; layer--) sortLayer(work, layer, false)
}

/** Sorts a layer by the barycentres of the neighbours on one side; nodes without any go by those on the other, or stay. */
const sortLayer = (work: Work, index: number, forward: boolean): void => {
  const { place } = work
  const layer = work.layers[index]!
  const count = work.layers[index + (forward ? -1 : 1)]!.length
  const otherCount = work.layers[index + (forward ? 1 : -1)]!.length
  const keys = layer.map((node) => {
    const near = barycentre(work, node, forward)
    if (near !== undefined) return near / count
    const far = barycentre(work, node, !forward)
    return far !== undefined ? far / otherCount : (place[node]! + 0.5) / layer.length
  })
  if (keys.every((key, at) => at === 0 || keys[at - 1]! <= key)) return
  const sorted = [...layer.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b).map((at) => layer[at]!)
  work.layers[index] = sorted
  number(work, sorted)
}

/** The mean of the places of the other ends of a node's edges, in the layer before it or after it. */
const barycentre = (
  { graph, place, fromFraction, toFraction }: Work,
  node: number,
  before: boolean,
): number | undefined => {
  const list = before ? graph.incoming : graph.outgoing
  const start = before ? graph.incomingStart : graph.outgoingStart
  const nodes = before ? graph.edges.from : graph.edges.to
  const fractions = before ? fromFraction : toFraction
  const first = start[node]!
  const end = start[node + 1]!
  let sum = 0
  for (let k = first; k < end; k++) sum += place[nodes[list[k]!]!]! + fractions[list[k]!]!
  return first === end ? undefined : sum / (end - first)
}

/** The places of the other ends of a node's edges, sorted. */
const endPlaces = ({ graph, place, fromFraction, toFraction }: Work, node: number, before: boolean): Float64Array => {
  const list = before ? graph.incoming : graph.outgoing
  const start = before ? graph.incomingStart : graph.outgoingStart
  const nodes = before ? graph.edges.from : graph.edges.to
  const fractions = before ? fromFraction : toFraction
  const first = start[node]!
  const ends = new Float64Array(start[node + 1]! - first)
  for (let k = 0; k < ends.length; k++) {
    const edge = list[first + k]!
    ends[k] = place[nodes[edge]!]! + fractions[edge]!
  }
  return ends.sort()
}

/** Exchanges neighbours in a layer wherever that removes crossings. */
const exchange = (work: Work): void => {
  const { place } = work
  let improved = true
  for (let round = 0; round < 8 && improved; round++) {
    improved = false
    for (let index = 1; index < work.layers.length - 1; index++) {
      const layer = work.layers[index]!
      const ends = layer.map((node) => [endPlaces(work, node, true), endPlaces(work, node, false)] as const)
      for (let k = 0; k + 1 < layer.length; k++) {
        const [a, b] = [ends[k]!, ends[k + 1]!]
        const gain = inversions(a[0], b[0]) + inversions(a[1], b[1]) - inversions(b[0], a[0]) - inversions(b[1], a[1])
        if (gain <= 0) continue
        improved = true
        const [left, right] = [layer[k]!, layer[k + 1]!]
        layer[k] = right
        layer[k + 1] = left
        ends[k] = b
        ends[k + 1] = a
        place[right] = k
        place[left] = k + 1
      }
    }
  }
}

/** How many pairs have the first of `a` after the second of `b`: the crossings if a's node is before b's. */
const inversions = (a: Float64Array, b: Float64Array): number => {
  let count = 0
  let below = 0
  for (const place of a) {
    while (below < b.length && b[below]! < place) below += 1
    count += below
  }
  return count
}

/** How many pairs of edges cross, ports taken in their order. */
export const crossingsOf = (graph: LayeredGraph, orders: Orders): number => {
  const { edges, incoming, incomingStart } = graph
  // The ports on the left of each gap are numbered in order; crossings are inversions of the sequence seen from the right.
  const rank = new Int32Array(edges.count)
  let crossings = 0
  for (let layer = 0; layer + 1 < orders.length; layer++) {
    let ports = 0
    for (const node of orders[layer]!) {
      let before = -1
      for (let k = graph.outgoingStart[node]!; k < graph.outgoingStart[node + 1]!; k++) {
        const edge = graph.outgoing[k]!
        if (edges.fromPort[edge]! !== before) ports += 1
        before = edges.fromPort[edge]!
        rank[edge] = ports
      }
    }
    const tree = new Int32Array(ports + 1)
    let seen = 0
    for (const node of orders[layer + 1]!) {
      const group = Array.from(incoming.subarray(incomingStart[node], incomingStart[node + 1]))
      if (group.length > 1) group.sort((a, b) => edges.toPort[a]! - edges.toPort[b]!)
      for (const edge of group) {
        let atMost = 0
        for (let k = rank[edge]!; k > 0; k -= k & -k) atMost += tree[k]!
        crossings += seen - atMost
        for (let k = rank[edge]!; k <= ports; k += k & -k) tree[k]! += 1
        seen += 1
      }
    }
  }
  return crossings
}
