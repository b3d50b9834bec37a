/**
 * One layout for every printer: where boxes stand, how wires run, where labels go. Plain data.
 *
 * It is computed along the direction of reading and across it, and turned into x and y at the end.
 */
import type { Diagram } from '../diagram.js'
import type { Wire, Wires } from '../object.js'
import { type WiredBox, type Wiring, wiringOf } from '../wiring.js'
import { type Extent, middles } from './coordinates.js'
import { type Item, type Layering, layeringOf, type Net } from './layering.js'
import type { Metrics } from './metrics.js'
import { ordered } from './ordering.js'
import { routesOf } from './routing.js'

export type Direction = 'left-to-right' | 'bottom-to-top'
export type WireStyle = 'curved' | 'orthogonal'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A box, with its outline: states and effects, which lack a side, are triangles. */
export interface LaidOutBox extends Point {
  readonly width: number
  readonly height: number
  readonly name: string
  readonly shape: 'box' | 'state' | 'effect'
  readonly deterministic: boolean
  /** Whether it contains a diagram. */
  readonly closed: boolean
  /** The middle of its name. */
  readonly label: Point
}

/** A piece of a wire: straight along the direction of reading, a bend across it, straight again. */
export interface Connection {
  readonly wire: number
  readonly from: Point
  /** Where the bend begins and ends, in the direction of reading. */
  readonly bend: readonly [Point, Point]
  /** Where an orthogonal wire turns, in order. */
  readonly corners: readonly Point[]
  readonly to: Point
}

export interface Label extends Point {
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
}

export interface Layout {
  readonly direction: Direction
  readonly width: number
  readonly height: number
  readonly boxes: readonly LaidOutBox[]
  readonly connections: readonly Connection[]
  /** Where a wire is copied. */
  readonly dots: readonly Point[]
  /** Where a wire is discarded. */
  readonly grounds: readonly Point[]
  readonly labels: readonly Label[]
}

export interface LayoutOptions {
  readonly direction?: Direction
  /** Whether wires between boxes are labelled; the boundary always is. */
  readonly labels?: boolean
}

/** The layout of a diagram, drawn as it is written up to wiring. */
export const layout = (diagram: Diagram, metrics: Metrics, options: LayoutOptions = {}): Layout => {
  const { direction = 'left-to-right', labels = true } = options
  const wiring = wiringOf(diagram)
  const layering = ordered(layeringOf(wiring))
  const sizes = layering.items.map((item) => sizeOf(item, wiring, metrics, direction, labels))
  const spacing = labels && direction === 'bottom-to-top' ? trailingLabel(layering, wiring, metrics) : () => 0
  const isBox = (item: number): boolean => layering.items[item]!.kind === 'box'
  // Wires side by side keep the distance of the ports of a box, so that they meet it straight.
  const distance = (a: number, b: number): number =>
    isBox(a) || isBox(b)
      ? metrics.itemGap * (isBox(a) && isBox(b) ? 1 : 0.6) + Math.max(spacing(a), spacing(b) / 4)
      : Math.max(
          direction === 'left-to-right' ? 0 : metrics.itemGap,
          metrics.portGap - (sizes[a]!.height + sizes[b]!.height) / 2,
        )
  const across = middles(layering, sizes, distance)
  return turned(place(wiring, layering, sizes, across, metrics, direction, labels), direction)
}

interface Size extends Extent {
  /** Along the direction of reading. */
  readonly length: number
}

/** What a box shows. */
const boxOf = (wiring: Wiring, index: number): WiredBox => wiring.boxes[index]!
const shapeOf = ({ box }: WiredBox): LaidOutBox['shape'] =>
  box.inputs.length === 0 ? 'state' : box.outputs.length === 0 ? 'effect' : 'box'

const sizeOf = (item: Item, wiring: Wiring, metrics: Metrics, direction: Direction, labels: boolean): Size => {
  const horizontal = direction === 'left-to-right'
  if (item.kind === 'passage') return { length: 0, height: metrics.wireHeight, inputs: [0], outputs: [0] }
  if (item.kind !== 'box') {
    const width = metrics.textWidth(wiring.wires[item.wire]!.name)
    return horizontal
      ? {
          length: width + metrics.labelGap,
          height: Math.max(metrics.textHeight, metrics.wireHeight),
          inputs: [0],
          outputs: [0],
        }
      : { length: metrics.textHeight + metrics.labelGap, height: width, inputs: [0], outputs: [0] }
  }
  const wired = boxOf(wiring, item.index)
  const { name, inputs, outputs } = wired.box
  const shape = shapeOf(wired)
  const stretch = shape === 'box' ? 1 : metrics.triangleStretch
  const text = {
    width: metrics.textWidth(name) * stretch + 2 * metrics.boxPadding,
    height: metrics.boxHeight * stretch,
  }
  const step = (wires: Wires): number =>
    horizontal || !labels
      ? metrics.portGap
      : Math.max(metrics.portGap, ...wires.map((wire) => metrics.textWidth(wire.name) + 2 * metrics.labelGap))
  const ports = (wires: Wires): readonly number[] =>
    wires.map((_, port) => (port - (wires.length - 1) / 2) * step(wires))
  const needed = Math.max((inputs.length - 1) * step(inputs), (outputs.length - 1) * step(outputs)) + metrics.portGap
  return {
    length: horizontal ? text.width : text.height,
    height: Math.max(horizontal ? text.height : text.width, needed),
    inputs: ports(inputs),
    outputs: ports(outputs),
  }
}

/** Reading upwards, a label stands beside its wire: the space that the last output of a box needs for it. */
const trailingLabel =
  ({ items }: Layering, wiring: Wiring, metrics: Metrics) =>
  (item: number): number => {
    const it = items[item]!
    if (it.kind !== 'box') return 0
    const last = boxOf(wiring, it.index).box.outputs.at(-1)
    return last === undefined ? 0 : metrics.textWidth(last.name)
  }

const place = (
  wiring: Wiring,
  { items, layers, gaps }: Layering,
  sizes: readonly Size[],
  across: Float64Array,
  metrics: Metrics,
  direction: Direction,
  labels: boolean,
): Layout => {
  const horizontal = direction === 'left-to-right'
  const boxes: LaidOutBox[] = []
  const connections: Connection[] = []
  const dots: Point[] = []
  const grounds: Point[] = []
  const texts: Label[] = []
  const thickness = layers.map((layer) => layer.reduce((most, item) => Math.max(most, sizes[item]!.length), 0))

  const portOut = (item: number, port: number): number => across[item]! + sizes[item]!.outputs[port]!
  const portIn = (item: number, port: number): number => across[item]! + sizes[item]!.inputs[port]!
  const isLabelled = ({ wire, from, to }: Net): boolean =>
    labels &&
    items[from.item]!.kind === 'box' &&
    !(to.length === 1 && items[to[0]!.item]!.kind === 'output') &&
    wire >= 0

  let along = 0
  const starts: number[] = []
  layers.forEach((layer, index) => {
    starts.push(along)
    const thick = thickness[index]!
    for (const item of layer) {
      const it = items[item]!
      const size = sizes[item]!
      if (it.kind === 'box') {
        const wired = boxOf(wiring, it.index)
        const shape = shapeOf(wired)
        const start = along + (thick - size.length) / 2
        const lean = shape === 'box' ? 0 : ((shape === 'state' ? 1 : -1) * size.length) / 6
        boxes.push({
          x: start,
          y: across[item]! - size.height / 2,
          width: size.length,
          height: size.height,
          name: wired.box.name,
          shape,
          deterministic: wired.box.deterministic,
          closed: wired.box.body !== undefined,
          label: { x: start + size.length / 2 + lean, y: across[item]! },
        })
      } else if (it.kind !== 'passage') {
        const name = wiring.wires[it.wire]!.name
        const atStart = it.kind === 'input'
        texts.push(
          horizontal
            ? {
                x: atStart ? along + thick - metrics.labelGap : along + metrics.labelGap,
                y: across[item]!,
                text: name,
                anchor: atStart ? 'end' : 'start',
              }
            : {
                x: atStart
                  ? along + thick - metrics.labelGap - metrics.textHeight / 2
                  : along + metrics.labelGap + metrics.textHeight / 2,
                y: across[item]!,
                text: name,
                anchor: 'middle',
              },
        )
      }
    }
    along += thick
    const gap = gaps[index]
    if (gap === undefined) return

    // The gap: labels on straight wires first, then dots and grounds, then the bends.
    const labelLength = gap.some(isLabelled)
      ? horizontal
        ? Math.max(...gap.filter(isLabelled).map(({ wire }) => metrics.textWidth(wiring.wires[wire]!.name))) +
          2 * metrics.labelGap
        : metrics.textHeight + metrics.labelGap
      : metrics.labelGap
    const needsDot = gap.some(({ to }) => to.length !== 1)
    const straight = along + labelLength + (needsDot ? metrics.dotSpace : 0)
    const rises = gap.map(({ from, to }) => ({
      source: portOut(from.item, from.port),
      targets: to.map((end) => portIn(end.item, end.port)),
    }))
    const routes = routesOf(rises, metrics.near, metrics.portGap / 2)
    const bendLength = Math.max(
      metrics.bendLength(
        rises
          .flatMap(({ source, targets }) => targets.map((target) => Math.abs(source - target)))
          .reduce((most, fall) => Math.max(most, fall), 0),
      ),
      (routes.columns + 1) * metrics.channel,
    )
    const end = straight + bendLength
    gap.forEach((net, number) => {
      const { wire, from, to } = net
      const level = portOut(from.item, from.port)
      const leaves = along - (thick - sizes[from.item]!.length) / 2
      const source = { x: items[from.item]!.kind === 'box' ? leaves : along, y: level }
      if (isLabelled(net)) texts.push(wireLabel(wiring.wires[wire]!, along, level, metrics, horizontal))
      if (to.length === 0) {
        const ground = { x: straight, y: level }
        grounds.push(ground)
        connections.push(line(wire, source, ground))
        return
      }
      if (to.length > 1) dots.push({ x: straight, y: level })
      to.forEach((target, branch) => {
        const item = items[target.item]!
        const arrives = portIn(target.item, target.port)
        const inset = item.kind === 'box' ? (thickness[index + 1]! - sizes[target.item]!.length) / 2 : 0
        // A wire that goes on runs through the layer that it crosses.
        const far = item.kind === 'passage' ? end + thickness[index + 1]! : end + inset
        const column = (index: number): number => straight + ((index + 1) * bendLength) / (routes.columns + 1)
        const route = routes.of[number]
        const aside = route?.aside
        const leaving: readonly Point[] =
          aside === undefined
            ? [{ x: column(route?.column ?? 0), y: level }]
            : [
                { x: column(aside.column), y: level },
                { x: column(aside.column), y: aside.level },
                { x: column(route?.column ?? 0), y: aside.level },
              ]
        connections.push({
          wire,
          // The stem before the dot is drawn once.
          from: branch === 0 ? source : { x: straight, y: level },
          bend: [
            { x: straight, y: level },
            { x: end, y: arrives },
          ],
          corners: [...leaving, { x: column(route?.column ?? 0), y: arrives }],
          to: { x: far, y: arrives },
        })
      })
    })
    along = end
  })

  return fitted({ direction, width: along, height: 0, boxes, connections, dots, grounds, labels: texts }, metrics)
}

const line = (wire: number, from: Point, to: Point): Connection => ({
  wire,
  from,
  bend: [from, to],
  corners: [],
  to,
})

const wireLabel = (wire: Wire, along: number, level: number, metrics: Metrics, horizontal: boolean): Label =>
  horizontal
    ? { x: along + metrics.labelGap, y: level - metrics.labelRise, text: wire.name, anchor: 'start' }
    : {
        x: along + metrics.labelGap + metrics.textHeight / 2,
        y: level + metrics.labelGap,
        text: wire.name,
        anchor: 'start',
      }

/** The layout moved so that everything, its labels too, lies inside width and height with a margin. */
const fitted = (drawn: Layout, metrics: Metrics): Layout => {
  const { direction, boxes, labels, connections, dots, grounds } = drawn
  const spread = (label: Label): readonly Point[] => {
    const width = metrics.textWidth(label.text)
    const before = label.anchor === 'start' ? 0 : label.anchor === 'end' ? width : width / 2
    const half = metrics.textHeight / 2
    return direction === 'left-to-right'
      ? [
          { x: label.x - before, y: label.y - half },
          { x: label.x - before + width, y: label.y + half },
        ]
      : [
          { x: label.x - half, y: label.y - before },
          { x: label.x + half, y: label.y - before + width },
        ]
  }
  const reach = metrics.groundSize
  const corners: Point[] = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...labels.flatMap(spread),
    ...connections.flatMap(({ from, to }) => [from, to]),
    ...grounds.flatMap(({ x, y }) => [
      { x, y: y - reach },
      { x: x + reach, y: y + reach },
    ]),
  ]
  let [left, top, right, bottom] = [0, 0, 0, 0]
  corners.forEach(({ x, y }, index) => {
    left = index === 0 ? x : Math.min(left, x)
    right = index === 0 ? x : Math.max(right, x)
    top = index === 0 ? y : Math.min(top, y)
    bottom = index === 0 ? y : Math.max(bottom, y)
  })
  const { margin } = metrics
  const move = ({ x, y }: Point): Point => ({ x: x - left + margin, y: y - top + margin })
  return mapPoints({ ...drawn, dots, width: right - left + 2 * margin, height: bottom - top + 2 * margin }, move)
}

const mapPoints = (drawn: Layout, move: (point: Point) => Point): Layout => ({
  ...drawn,
  boxes: drawn.boxes.map((box) => ({ ...box, ...move(box), label: move(box.label) })),
  connections: drawn.connections.map(({ wire, from, bend, corners, to }) => ({
    wire,
    from: move(from),
    bend: [move(bend[0]), move(bend[1])],
    corners: corners.map(move),
    to: move(to),
  })),
  dots: drawn.dots.map(move),
  grounds: drawn.grounds.map(move),
  labels: drawn.labels.map((label) => ({ ...label, ...move(label) })),
})

/** Reading upwards: along becomes up, across becomes right. */
const turned = (drawn: Layout, direction: Direction): Layout => {
  if (direction === 'left-to-right') return drawn
  const result = mapPoints(drawn, ({ x, y }) => ({ x: y, y: drawn.width - x }))
  return {
    ...result,
    width: drawn.height,
    height: drawn.width,
    boxes: result.boxes.map((box) => ({ ...box, y: box.y - box.width, width: box.height, height: box.width })),
  }
}
