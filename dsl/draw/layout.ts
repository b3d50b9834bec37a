/**
 * The layout of a string diagram: a plain record of where everything is, which every printer draws.
 *
 * The diagram is drawn as it is written up to wiring: nothing is simplified, discarded boxes stay. The method is that of layered
 * graphs: layers (layering.ts), the order in each of them (ordering.ts), places across the flow (coordinates.ts), places along it
 * (columns.ts), and the paths of the wires (routing.ts). No part of it recurses.
 */
import type { Diagram } from '../diagram.js'
import { wiringOf } from '../wiring.js'
import { type Columns, placeAlong } from './columns.js'
import { placeAcross } from './coordinates.js'
import { kindOf, layeredGraph, type LayeredGraph } from './layering.js'
import { type Nodes, nodesOf } from './nodes.js'
import { orderLayers } from './ordering.js'
import { type FlowRoutes, routeWires, type WireEnd } from './routing.js'
import type { FlowPoint, Shape } from './shapes.js'
import { type Direction, type LayoutOptions, type Measures, pictureMeasures } from './style.js'

/** A place in the drawing: x to the right, y down. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

/** A drawing of a diagram: everything lies between (0, 0) and (width, height). */
export interface Layout {
  readonly direction: Direction
  readonly width: number
  readonly height: number
  /** The boxes, in the order of the wiring graph. */
  readonly boxes: readonly PlacedBox[]
  readonly wires: readonly WirePath[]
  /** The copies: from each of them two or more pieces of one wire go on. */
  readonly dots: readonly Mark[]
  /** The discards: the wire arrives at the place that is given. */
  readonly grounds: readonly Ground[]
  readonly labels: readonly Label[]
}

export interface PlacedBox {
  readonly name: string
  readonly deterministic: boolean
  /** It stands for a diagram, and is drawn with a double outline. */
  readonly composite: boolean
  readonly shape: Shape
  readonly bounds: Rectangle
  /** The corners of its outline, in order. */
  readonly outline: readonly Point[]
  readonly cornerRadius: number
  readonly inputs: readonly Point[]
  readonly outputs: readonly Point[]
  /** The room of its name. */
  readonly text: Rectangle
}

/** A piece of a wire, from a producer or a copy to a copy, a discard or a consumer. */
export interface WirePath {
  readonly wire: number
  readonly from: WireEnd
  readonly to: WireEnd
  readonly start: Point
  readonly steps: readonly WireSegment[]
}

export type WireSegment =
  | { readonly kind: 'line'; readonly to: Point }
  | { readonly kind: 'curve'; readonly first: Point; readonly second: Point; readonly to: Point }

export interface Mark extends Point {
  readonly wire: number
}

/** Bars across the wire, each shorter than the one before. */
export interface Ground extends Mark {
  readonly bars: readonly { readonly from: Point; readonly to: Point }[]
}

/** The name of a wire, an input or an output. */
export interface Label extends Rectangle {
  readonly kind: 'wire' | 'input' | 'output'
  readonly text: string
  /** The end of its room that the text is set at. */
  readonly anchor: 'start' | 'middle' | 'end'
}

/**
 * The layout of a diagram; lengths are CSS pixels.
 *
 * @example
 * const A = finite('A', 2)
 * const both = seq(copy(A), par(id(A), box('f', [A], [A])))
 * layout(both).dots.length // => 1
 * layout(both).boxes.map(({ shape }) => shape) // => ['rectangle']
 */
export const layout = (diagram: Diagram, options: LayoutOptions = {}): Layout =>
  layoutWith(diagram, pictureMeasures(options))

export const layoutWith = (diagram: Diagram, measures: Measures): Layout => {
  const graph = layeredGraph(wiringOf(diagram))
  const nodes = nodesOf(graph, measures)
  const place = placeAcross(graph, orderLayers(graph), nodes, measures)
  const columns = placeAlong(graph, nodes, place, measures)
  const routes = routeWires(graph, nodes, place, columns, measures)
  return placed(flowItems(graph, nodes, place, columns, routes, measures), routes, measures)
}

/** A rectangle in the flow. */
interface FlowRectangle {
  readonly along: readonly [number, number]
  readonly across: readonly [number, number]
}
interface FlowLabel extends FlowRectangle {
  readonly kind: Label['kind']
  readonly text: string
}
interface FlowBox extends FlowRectangle, Pick<PlacedBox, 'name' | 'deterministic' | 'composite' | 'shape'> {
  readonly outline: readonly FlowPoint[]
  readonly inputs: readonly FlowPoint[]
  readonly outputs: readonly FlowPoint[]
  readonly nameAt: FlowPoint
}
interface FlowItems {
  readonly boxes: readonly FlowBox[]
  readonly labels: readonly FlowLabel[]
}

const flowItems = (
  graph: LayeredGraph,
  nodes: Nodes,
  place: Float64Array,
  columns: Columns,
  { paths }: FlowRoutes,
  measures: Measures,
): FlowItems => {
  const { wiring, firstBox, firstOutput, firstPassing } = graph
  const sideways = measures.direction === 'left-to-right'
  const boxes = wiring.boxes.map(({ box }, index): FlowBox => {
    const geometry = nodes.boxes[index]!
    const node = firstBox + index
    const start = columns.startOf(node)
    const at = (along: number, across: number): FlowPoint => ({ along: start + along, across: place[node]! + across })
    return {
      name: geometry.name,
      deterministic: box.deterministic,
      composite: box.body !== undefined,
      shape: geometry.shape,
      along: [start, start + geometry.along],
      across: [place[node]! - geometry.body.before, place[node]! + geometry.body.after],
      outline: geometry.outline.map(({ along, across }) => at(along, across)),
      inputs: geometry.inputs.map((offset) => at(0, offset)),
      outputs: geometry.outputs.map((offset) => at(geometry.along, offset)),
      nameAt: at(geometry.nameAt.along, geometry.nameAt.across),
    }
  })

  const labels: FlowLabel[] = []
  const boundary = (node: number): void => {
    const text = nodes.boundaryName(node)
    if (text === undefined) return
    const kind = kindOf(graph, node) === 'input' ? 'input' : 'output'
    const size = sideways ? measures.labelWidth(text) : measures.labelHeight
    const half = (sideways ? measures.labelHeight : measures.labelWidth(text)) / 2
    const start = columns.startOf(node) + (kind === 'input' ? 0 : measures.boundaryGap)
    labels.push({ kind, text, along: [start, start + size], across: [place[node]! - half, place[node]! + half] })
  }
  for (let node = 0; node < firstBox; node++) boundary(node)
  const named = new Set<number>()
  for (const { wire, from, start } of paths) {
    const { label: text } = nodes.dressOf(wire)
    if (text === undefined || from.kind !== 'box' || named.has(wire)) continue
    named.add(wire)
    const size = sideways ? measures.labelWidth(text) : measures.labelHeight
    const height = sideways ? measures.labelHeight : measures.labelWidth(text)
    const first = start.along + measures.labelPadding
    const across = start.across
    labels.push({
      kind: 'wire',
      text,
      along: [first, first + size],
      across: measures.labelsInline
        ? [across - height / 2, across + height / 2]
        : sideways
          ? [across - measures.labelGap - height, across - measures.labelGap]
          : [across + measures.labelGap, across + measures.labelGap + height],
    })
  }
  for (let node = firstOutput; node < firstPassing; node++) boundary(node)
  return { boxes, labels }
}

/** From the flow to the drawing: turned into its direction, and moved so that everything is inside. */
const placed = ({ boxes, labels }: FlowItems, { paths, dots, grounds }: FlowRoutes, measures: Measures): Layout => {
  const { margin, dotRadius, groundDepth, groundHalfWidth } = measures
  let [firstAlong, lastAlong, firstAcross, lastAcross] = [Infinity, -Infinity, Infinity, -Infinity]
  const include = ({ along, across }: FlowPoint, radius = 0): void => {
    firstAlong = Math.min(firstAlong, along - radius)
    lastAlong = Math.max(lastAlong, along + radius)
    firstAcross = Math.min(firstAcross, across - radius)
    lastAcross = Math.max(lastAcross, across + radius)
  }
  for (const { along, across } of [...boxes, ...labels]) {
    include({ along: along[0], across: across[0] })
    include({ along: along[1], across: across[1] })
  }
  for (const { start, steps } of paths) {
    include(start)
    for (const { to } of steps) include(to)
  }
  for (const { at } of dots) include(at, dotRadius)
  for (const { at } of grounds) {
    include({ along: at.along, across: at.across - groundHalfWidth })
    include({ along: at.along + groundDepth, across: at.across + groundHalfWidth })
  }
  const drawn = firstAlong <= lastAlong
  const length = (drawn ? lastAlong - firstAlong : 0) + 2 * margin
  const breadth = (drawn ? lastAcross - firstAcross : 0) + 2 * margin
  const sideways = measures.direction === 'left-to-right'
  const at = ({ along, across }: FlowPoint): Point => {
    const flow = along - firstAlong + margin
    const side = across - firstAcross + margin
    return sideways ? { x: flow, y: side } : { x: side, y: length - flow }
  }
  const rectangle = ({ along, across }: FlowRectangle): Rectangle => {
    const a = at({ along: along[0], across: across[0] })
    const b = at({ along: along[1], across: across[1] })
    return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }
  }
  const anchorOf = ({ kind }: FlowLabel): Label['anchor'] => {
    if (kind === 'wire') return sideways ? 'middle' : 'start'
    return !sideways ? 'middle' : kind === 'input' ? 'end' : 'start'
  }
  return {
    direction: measures.direction,
    width: sideways ? length : breadth,
    height: sideways ? breadth : length,
    boxes: boxes.map((box) => {
      const centre = at(box.nameAt)
      const width = measures.nameWidth(box.name)
      const height = measures.nameHeight
      return {
        name: box.name,
        deterministic: box.deterministic,
        composite: box.composite,
        shape: box.shape,
        bounds: rectangle(box),
        outline: box.outline.map(at),
        cornerRadius: box.deterministic ? measures.boxCornerRadius : 0,
        inputs: box.inputs.map(at),
        outputs: box.outputs.map(at),
        text: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
      }
    }),
    wires: paths.map(({ wire, from, to, start, steps }) => ({
      wire,
      from,
      to,
      start: at(start),
      steps: steps.map((step) =>
        step.kind === 'line'
          ? { kind: 'line', to: at(step.to) }
          : { kind: 'curve', first: at(step.first), second: at(step.second), to: at(step.to) },
      ),
    })),
    dots: dots.map((dot) => ({ wire: dot.wire, ...at(dot.at) })),
    grounds: grounds.map((ground) => ({
      wire: ground.wire,
      ...at(ground.at),
      bars: [0, 1, 2].map((bar) => {
        const along = ground.at.along + (bar * groundDepth) / 2
        const half = groundHalfWidth * (1 - 0.35 * bar)
        return {
          from: at({ along, across: ground.at.across - half }),
          to: at({ along, across: ground.at.across + half }),
        }
      }),
    })),
    labels: labels.map((label) => ({
      kind: label.kind,
      text: label.text,
      anchor: anchorOf(label),
      ...rectangle(label),
    })),
  }
}
