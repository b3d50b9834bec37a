/**
 * The layered graph of a wiring: every box has a layer after those of the boxes that it reads, and every wire passes through a node
 * of its own in each layer between its producer and its last consumer, so that wires join neighbouring layers only.
 *
 *     layer 0           the inputs of the diagram
 *     layer 1 .. n      boxes, and the wires that pass
 *     layer n + 1       the outputs
 *
 * Nodes are numbered: inputs, boxes, outputs, passing wires. A wire with several consumers in later layers passes once and branches
 * as late as it can.
 */
import type { Wiring } from '../wiring.js'

export interface LayeredGraph {
  readonly wiring: Wiring
  readonly layerOf: Int32Array
  /** The nodes of each layer, in the order in which they were made. */
  readonly layers: readonly (readonly number[])[]
  readonly firstBox: number
  readonly firstOutput: number
  readonly firstPassing: number
  /** Edges from a port of a node to a port of a node in the next layer; edges from one port belong to one wire. */
  readonly edges: Edges
  /** The edges that leave node v: outgoing[outgoingStart[v]] .. outgoing[outgoingStart[v + 1] - 1], port by port. */
  readonly outgoing: Int32Array
  readonly outgoingStart: Int32Array
  readonly incoming: Int32Array
  readonly incomingStart: Int32Array
  /** The node that produces each wire, and the number of consumers of each wire. */
  readonly producer: Int32Array
  readonly consumers: Int32Array
}

export interface Edges {
  readonly count: number
  readonly from: Int32Array
  readonly fromPort: Int32Array
  readonly to: Int32Array
  readonly toPort: Int32Array
  readonly wire: Int32Array
}

export type NodeKind = 'input' | 'box' | 'output' | 'passing'

export const kindOf = (graph: LayeredGraph, node: number): NodeKind =>
  node < graph.firstBox ? 'input' : node < graph.firstOutput ? 'box' : node < graph.firstPassing ? 'output' : 'passing'

/** Whatever reads a wire: a port of a node. */
interface Consumer {
  readonly node: number
  readonly port: number
}

export const layeredGraph = (wiring: Wiring): LayeredGraph => {
  const { wires, inputCount, boxes, outputs } = wiring
  const firstBox = inputCount
  const firstOutput = firstBox + boxes.length
  const firstPassing = firstOutput + outputs.length

  const readers: Consumer[][] = wires.map(() => [])
  boxes.forEach(({ inputs }, index) =>
    inputs.forEach((wire, port) => readers[wire]!.push({ node: firstBox + index, port })),
  )
  outputs.forEach((wire, index) => readers[wire]!.push({ node: firstOutput + index, port: 0 }))
  const producer = Int32Array.from(wires, (_, wire) => wire)
  boxes.forEach(({ box, firstOutput: first }, index) =>
    box.outputs.forEach((_, port) => (producer[first + port] = firstBox + index)),
  )

  const nodeLayers = boxLayers(wiring, readers, producer)
  const from: number[] = []
  const fromPort: number[] = []
  const to: number[] = []
  const toPort: number[] = []
  const edgeWire: number[] = []
  const join = (source: number, port: number, target: number, targetPort: number, wire: number): void => {
    from.push(source)
    fromPort.push(port)
    to.push(target)
    toPort.push(targetPort)
    edgeWire.push(wire)
  }
  readers.forEach((consumers, wire) => {
    const source = producer[wire]!
    let trunk = source
    let port = source < firstBox ? 0 : wire - boxes[source - firstBox]!.firstOutput
    const sorted = [...consumers].sort((a, b) => nodeLayers[a.node]! - nodeLayers[b.node]!)
    let next = 0
    for (let layer = nodeLayers[source]! + 1; next < sorted.length; layer++) {
      for (; next < sorted.length && nodeLayers[sorted[next]!.node] === layer; next++)
        join(trunk, port, sorted[next]!.node, sorted[next]!.port, wire)
      if (next === sorted.length) break
      const passing = nodeLayers.length
      nodeLayers.push(layer)
      join(trunk, port, passing, 0, wire)
      trunk = passing
      port = 0
    }
  })

  const count = from.length
  const layerOf = Int32Array.from(nodeLayers)
  const edges: Edges = {
    count,
    from: Int32Array.from(from),
    fromPort: Int32Array.from(fromPort),
    to: Int32Array.from(to),
    toPort: Int32Array.from(toPort),
    wire: Int32Array.from(edgeWire),
  }
  const layerCount = layerOf.reduce((most, layer) => Math.max(most, layer), 1) + 1
  const layers: number[][] = Array.from({ length: layerCount }, () => [])
  layerOf.forEach((layer, node) => layers[layer]!.push(node))
  const [outgoing, outgoingStart] = grouped(edges.from, layerOf.length)
  const [incoming, incomingStart] = grouped(edges.to, layerOf.length)
  return {
    wiring,
    layerOf,
    layers,
    firstBox,
    firstOutput,
    firstPassing,
    edges,
    outgoing,
    outgoingStart,
    incoming,
    incomingStart,
    producer,
    consumers: Int32Array.from(readers, (consumers) => consumers.length),
  }
}

/**
 * The layers of inputs, boxes and outputs: the longest path from the inputs; then boxes whose outputs are longer than their inputs
 * would become, as those of states, move towards what reads them.
 */
const boxLayers = (
  { inputCount, boxes, outputs }: Wiring,
  readers: readonly (readonly Consumer[])[],
  producer: Int32Array,
): number[] => {
  const layers = new Array<number>(inputCount).fill(0)
  let last = 1
  for (const { inputs } of boxes) {
    let layer = 1
    for (const wire of inputs) layer = Math.max(layer, 1 + layers[producer[wire]!]!)
    layers.push(layer)
    last = Math.max(last, layer + 1)
  }
  for (let index = 0; index < outputs.length; index++) layers.push(last)

  // The last layer that each wire is read in, without one of its readers.
  const lastRead = (wire: number, without: number): number => {
    let latest = layers[producer[wire]!]!
    for (const { node } of readers[wire]!) if (node !== without) latest = Math.max(latest, layers[node]!)
    return latest
  }
  for (let index = boxes.length - 1; index >= 0; index--) {
    const { box, inputs, firstOutput } = boxes[index]!
    const node = inputCount + index
    const layer = layers[node]!
    let latest = Infinity
    let read = 0
    box.outputs.forEach((_, port) => {
      const consumers = readers[firstOutput + port]!
      if (consumers.length > 0) read += 1
      for (const { node: reader } of consumers) latest = Math.min(latest, layers[reader]! - 1)
    })
    if (latest === Infinity || latest <= layer) continue
    let lengthened = 0
    for (const wire of new Set(inputs)) lengthened += Math.max(0, latest - Math.max(layer, lastRead(wire, node)))
    if (read * (latest - layer) > lengthened) layers[node] = latest
  }
  return layers
}

/** Edge numbers grouped by a node of each, and where the group of each node starts. */
const grouped = (nodes: Int32Array, nodeCount: number): readonly [Int32Array, Int32Array] => {
  const start = new Int32Array(nodeCount + 1)
  for (const node of nodes) start[node + 1]! += 1
  for (let node = 0; node < nodeCount; node++) start[node + 1]! += start[node]!
  const next = start.slice()
  const members = new Int32Array(nodes.length)
  nodes.forEach((node, edge) => (members[next[node]!++] = edge))
  return [members, start]
}
