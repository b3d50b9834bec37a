/**
 * Layers: which items stand in which column, and which wires run between neighbouring columns.
 *
 * Layer 0 holds the inputs, the last one the outputs, and each box stands one layer after the last box that it reads; boxes without
 * inputs stand just before what reads them. A wire that crosses a layer passes through a point of its own there, so that it never
 * runs through a box.
 */
import type { Wiring } from '../wiring.js'

export type Item =
  | { readonly kind: 'input'; readonly wire: number }
  | { readonly kind: 'output'; readonly port: number; readonly wire: number }
  | { readonly kind: 'box'; readonly index: number }
  /** Where a wire crosses a layer. */
  | { readonly kind: 'passage'; readonly wire: number }

/** One end of a connection: an item of a layer, and a port of it (outputs on the left side of a gap, inputs on the right). */
export interface End {
  readonly item: number
  readonly port: number
}

/** A wire between two neighbouring layers: from one end to all its ends there; none means that it is discarded. */
export interface Net {
  readonly wire: number
  readonly from: End
  readonly to: readonly End[]
}

export interface Layering {
  readonly items: readonly Item[]
  /** Items by layer, in an order that `ordered` improves. */
  readonly layers: readonly (readonly number[])[]
  /** gaps[k] lies between layer k and layer k + 1. */
  readonly gaps: readonly (readonly Net[])[]
}

/** The layers of a wiring graph and the wires between them. */
export const layeringOf = ({ wires, inputCount, boxes, outputs }: Wiring): Layering => {
  const producedIn = new Int32Array(wires.length)
  const depth = new Int32Array(boxes.length)
  const readers: number[][] = wires.map(() => [])
  boxes.forEach(({ box, inputs, firstOutput }, index) => {
    depth[index] = inputs.reduce((most, wire) => Math.max(most, producedIn[wire]! + 1), 1)
    box.outputs.forEach((_, port) => (producedIn[firstOutput + port] = depth[index]!))
    inputs.forEach((wire) => readers[wire]!.push(index))
  })
  const last = depth.reduce((most, layer) => Math.max(most, layer), 0) + 1
  for (let index = boxes.length - 1; index >= 0; index--) {
    const { box, inputs, firstOutput } = boxes[index]!
    if (inputs.length > 0) continue
    const next = box.outputs.flatMap((_, port) => readers[firstOutput + port]!.map((reader) => depth[reader]!))
    if (next.length === 0) continue
    depth[index] = next.reduce((least, layer) => Math.min(least, layer), last) - 1
    box.outputs.forEach((_, port) => (producedIn[firstOutput + port] = depth[index]!))
  }

  const items: Item[] = []
  const layers: number[][] = Array.from({ length: last + 1 }, () => [])
  const gaps: Net[][] = Array.from({ length: last }, () => [])
  const place = (item: Item, layer: number): number => {
    layers[layer]!.push(items.push(item) - 1)
    return items.length - 1
  }

  const ends: { readonly layer: number; readonly end: End }[][] = wires.map(() => [])
  const sources: End[] = []
  for (let wire = 0; wire < inputCount; wire++) sources[wire] = { item: place({ kind: 'input', wire }, 0), port: 0 }
  boxes.forEach(({ box, inputs, firstOutput }, index) => {
    const layer = depth[index]!
    const item = place({ kind: 'box', index }, layer)
    inputs.forEach((wire, port) => ends[wire]!.push({ layer, end: { item, port } }))
    box.outputs.forEach((_, port) => (sources[firstOutput + port] = { item, port }))
  })
  outputs.forEach((wire, port) => {
    const item = place({ kind: 'output', port, wire }, last)
    ends[wire]!.push({ layer: last, end: { item, port: 0 } })
  })

  wires.forEach((_, wire) => {
    let from = sources[wire]!
    const furthest = ends[wire]!.reduce((most, { layer }) => Math.max(most, layer), 0)
    for (let layer = producedIn[wire]!; layer === producedIn[wire]! || layer < furthest; layer++) {
      const to = ends[wire]!.filter((end) => end.layer === layer + 1).map(({ end }) => end)
      if (layer + 1 < furthest) {
        const passage = place({ kind: 'passage', wire }, layer + 1)
        gaps[layer]!.push({ wire, from, to: [...to, { item: passage, port: 0 }] })
        from = { item: passage, port: 0 }
      } else gaps[layer]!.push({ wire, from, to })
    }
  })
  return { items, layers, gaps }
}
