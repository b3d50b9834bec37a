/**
 * Places along the flow: the columns of the layers, and between them the straight pieces of the wires, with their labels, and the
 * room in which wires change their places across.
 */
import { type Channel, routeChannel } from './channel.js'
import { kindOf, type LayeredGraph } from './layering.js'
import type { Nodes } from './nodes.js'
import type { Measures } from './style.js'

/** What follows a layer: straight pieces of wires to `routeStart`, changes of place to `routeEnd`, straight pieces to the next layer. */
export interface Gap {
  readonly routeStart: number
  readonly routeEnd: number
}

/** The wires that leave one port: edges to the next layer. */
export interface Bundle {
  readonly edges: readonly number[]
  /** Where it leaves, across the flow, and where its edges arrive. */
  readonly source: number
  readonly targets: readonly number[]
}

export interface BundleRoute {
  readonly along: number
  readonly detour: { readonly along: number; readonly lane: number } | undefined
}

export interface Columns {
  readonly gaps: readonly Gap[]
  readonly startOf: (node: number) => number
  readonly endOf: (node: number) => number
  /** Where the trunk of a bundle is, by its first edge; for orthogonal wires that are not straight. */
  readonly routes: ReadonlyMap<number, BundleRoute>
}

/** The bundles that leave a node, in the order of its ports. */
export const bundlesOf = (graph: LayeredGraph, nodes: Nodes, place: Float64Array, node: number): readonly Bundle[] => {
  const { edges, outgoing, outgoingStart } = graph
  const bundles: Bundle[] = []
  const end = outgoingStart[node + 1]!
  for (let k = outgoingStart[node]!; k < end;) {
    const port = edges.fromPort[outgoing[k]!]!
    const group: number[] = []
    for (; k < end && edges.fromPort[outgoing[k]!] === port; k++) group.push(outgoing[k]!)
    bundles.push({
      edges: group,
      source: place[node]! + nodes.fromOffset(group[0]!),
      targets: group.map((edge) => place[edges.to[edge]!]! + nodes.toOffset(edge)),
    })
  }
  return bundles
}

export const isStraight = ({ source, targets }: Bundle): boolean => targets.length === 1 && targets[0] === source

/** How long the straight piece of a wire at its producer is, with its name and its ground. */
export const straightLength = (wire: number, nodes: Nodes, measures: Measures): number => {
  const { label, discarded } = nodes.dressOf(wire)
  const labelled =
    label === undefined
      ? measures.stub
      : 2 * measures.labelPadding +
        (measures.direction === 'left-to-right' ? measures.labelWidth(label) : measures.labelHeight)
  return labelled + (discarded ? measures.groundDepth + measures.groundGap : 0)
}

export const placeAlong = (graph: LayeredGraph, nodes: Nodes, place: Float64Array, measures: Measures): Columns => {
  const { wiring, layers, layerOf, firstBox } = graph
  const { quantum, stub } = measures
  const columnStart: number[] = []
  const columnEnd: number[] = []
  const gaps: Gap[] = []
  const routes = new Map<number, BundleRoute>()
  const startOf = (node: number): number => {
    const layer = layerOf[node]!
    const spare = columnEnd[layer]! - columnStart[layer]! - nodes.alongOf(node)
    switch (kindOf(graph, node)) {
      case 'input':
        return columnStart[layer]! + spare
      case 'box':
        return columnStart[layer]! + quantum * Math.floor(spare / 2 / quantum)
      case 'output':
      case 'passing':
        return columnStart[layer]!
    }
  }
  const endOf = (node: number): number =>
    kindOf(graph, node) === 'passing' ? columnEnd[layerOf[node]!]! : startOf(node) + nodes.alongOf(node)

  let along = 0
  layers.forEach((layer, index) => {
    const width = layer.reduce((widest, node) => Math.max(widest, nodes.alongOf(node)), 0)
    columnStart.push(along)
    along += width
    columnEnd.push(along)
    if (index === layers.length - 1) return

    let straight = 0
    const bent: Bundle[] = []
    const straightLanes: number[] = []
    let steepest = 0
    let wired = false
    for (const node of layer) {
      const [first, count] =
        node < firstBox
          ? [node, 1]
          : kindOf(graph, node) === 'box'
            ? [wiring.boxes[node - firstBox]!.firstOutput, wiring.boxes[node - firstBox]!.box.outputs.length]
            : [0, 0]
      for (let wire = first; wire < first + count; wire++)
        straight = Math.max(straight, straightLength(wire, nodes, measures) - (along - endOf(node)))
      for (const bundle of bundlesOf(graph, nodes, place, node)) {
        wired = true
        if (isStraight(bundle)) straightLanes.push(bundle.source)
        else bent.push(bundle)
        for (const target of bundle.targets) steepest = Math.max(steepest, Math.abs(target - bundle.source))
      }
    }
    const routeStart = along + (bent.length === 0 ? straight : Math.max(straight, stub))
    if (bent.length === 0) {
      along = Math.max(routeStart, wired ? along + measures.layerGap : along)
      gaps.push({ routeStart: along, routeEnd: along })
      return
    }
    let room: number
    if (measures.wires === 'curved') room = curveRoom(steepest)
    else {
      const channel = routeChannel(bent, straightLanes, measures.clearance, quantum)
      room = Math.max(0, channel.trackCount - 1) * measures.trackSpacing
      record(routes, bent, channel, routeStart, measures)
    }
    gaps.push({ routeStart, routeEnd: routeStart + room })
    along = routeStart + room + stub
  })
  return { gaps, startOf, endOf, routes }
}

/** Wires that change their places by much get more room, so that they do not become steep and close to each other. */
const curveRoom = (steepest: number): number => Math.round(Math.min(240, 30 + 0.34 * steepest))

const record = (
  routes: Map<number, BundleRoute>,
  bundles: readonly Bundle[],
  channel: Channel,
  start: number,
  { trackSpacing }: Measures,
): void =>
  bundles.forEach((bundle, index) => {
    const { track, detour } = channel.routes[index]!
    routes.set(bundle.edges[0]!, {
      along: start + track * trackSpacing,
      detour: detour === undefined ? undefined : { along: start + detour.track * trackSpacing, lane: detour.lane },
    })
  })
