/**
 * The size of every node of a layered graph: boxes with their outlines, and the names of inputs and outputs at the boundary.
 */
import { kindOf, type LayeredGraph } from './layering.js'
import { type BoxGeometry, boxGeometry, dressExtent, type Extent, type PortDress } from './shapes.js'
import type { Measures } from './style.js'
import { shownText } from './text-width.js'

export interface Nodes {
  readonly boxes: readonly BoxGeometry[]
  /** Size along the flow, and reach across it. */
  readonly alongOf: (node: number) => number
  readonly extentOf: (node: number) => Extent
  /** Where the edge meets the node that it leaves, and the one that it enters, relative to their places. */
  readonly fromOffset: (edge: number) => number
  readonly toOffset: (edge: number) => number
  /** The name and the ground of a wire at its producer. */
  readonly dressOf: (wire: number) => PortDress
  /** The name of an input or an output. */
  readonly boundaryName: (node: number) => string | undefined
}

export const nodesOf = (graph: LayeredGraph, measures: Measures): Nodes => {
  const { wiring, consumers, producer, edges, firstBox, firstOutput } = graph
  const onlyLeadsToOutput = new Uint8Array(wiring.wires.length)
  for (const wire of wiring.outputs) if (consumers[wire] === 1) onlyLeadsToOutput[wire] = 1
  // A name is shown once: an input's at the boundary, and so is that of a wire which only leads to an output.
  const dresses = wiring.wires.map((wire, number): PortDress => {
    const atBoundary = producer[number]! < firstBox || onlyLeadsToOutput[number] === 1
    return {
      label: measures.labels && !atBoundary && wire.name !== '' ? shownText(wire.name) : undefined,
      discarded: consumers[number] === 0,
    }
  })
  const boxes = wiring.boxes.map(({ box, firstOutput: first }) =>
    boxGeometry(box, dresses.slice(first, first + box.outputs.length), measures),
  )

  const boundaryName = (node: number): string | undefined => {
    if (!measures.labels) return undefined
    const wire = node < firstBox ? node : wiring.outputs[node - firstOutput]!
    const name = wiring.wires[wire]!.name
    return name === '' ? undefined : shownText(name)
  }
  const boundaryAlong = (node: number): number => {
    const name = boundaryName(node)
    if (name === undefined) return 0
    return (
      measures.boundaryGap + (measures.direction === 'left-to-right' ? measures.labelWidth(name) : measures.labelHeight)
    )
  }
  const boundaryExtent = (node: number): Extent => {
    const ground = node < firstBox ? dressExtent(dresses[node]!, measures).after : 0
    const name = boundaryName(node)
    const half =
      name === undefined || measures.labelsInline
        ? 0
        : (measures.direction === 'left-to-right' ? measures.labelHeight : measures.labelWidth(name)) / 2
    return { before: Math.max(half, ground), after: Math.max(half, ground) }
  }
  const none: Extent = { before: 0, after: 0 }
  return {
    boxes,
    alongOf: (node) => {
      const kind = kindOf(graph, node)
      return kind === 'passing' ? 0 : kind === 'box' ? boxes[node - firstBox]!.along : boundaryAlong(node)
    },
    extentOf: (node) => {
      const kind = kindOf(graph, node)
      return kind === 'passing' ? none : kind === 'box' ? boxes[node - firstBox]!.dressed : boundaryExtent(node)
    },
    fromOffset: (edge) => boxes[edges.from[edge]! - firstBox]?.outputs[edges.fromPort[edge]!] ?? 0,
    toOffset: (edge) => boxes[edges.to[edge]! - firstBox]?.inputs[edges.toPort[edge]!] ?? 0,
    dressOf: (wire) => dresses[wire]!,
    boundaryName,
  }
}
