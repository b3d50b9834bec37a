/**
 * A diagram as Typst: a box that needs no package. Typst 0.13 or later, for `curve`.
 */
import type { Diagram } from '../diagram.js'
import {
  type Connection,
  type LaidOutBox,
  layout,
  type Layout,
  type LayoutOptions,
  type Point,
  type WireStyle,
} from './layout.js'
import { pictureMetrics } from './metrics.js'
import { bendControls, groundBars, isStraight, outlineCorners } from './shape.js'

export interface TypstOptions extends LayoutOptions {
  readonly wires?: WireStyle
}

/**
 * A Typst box; one unit is a pixel of the SVG, printed as 0.85 points.
 *
 * @example
 * drawTypst(id()).startsWith('#box(') // => true
 */
export const drawTypst = (diagram: Diagram, options: TypstOptions = {}): string => {
  const drawn = layout(diagram, pictureMetrics, options)
  const { wires = 'curved' } = options
  return [
    `#box(width: ${u(drawn.width)}, height: ${u(drawn.height)}, {`,
    '  set text(size: 9pt)',
    ...drawn.connections.map((connection) => `  ${place}curve(stroke: 0.6pt, ${wire(connection, wires, drawn)}))`),
    ...drawn.dots.map(({ x, y }) => `  ${at({ x: x - 3, y: y - 3 })}circle(radius: ${u(3)}, fill: black))`),
    ...drawn.grounds.flatMap((ground) =>
      groundBars(ground, drawn.direction).map(
        ([from, to]) => `  ${place}line(start: ${p(from)}, end: ${p(to)}, stroke: 0.6pt))`,
      ),
    ),
    ...drawn.boxes.map((box) => `  ${outline(box, drawn)}`),
    ...drawn.boxes.map(({ label, name }) => `  ${text(label, name, 'middle')}`),
    ...drawn.labels.map(({ text: content, anchor, ...point }) => `  ${text(point, content, anchor)}`),
    '})',
  ].join('\n')
}

const u = (value: number): string => `${Math.round(value * 85) / 100}pt`
const p = ({ x, y }: Point): string => `(${u(x)}, ${u(y)})`
const place = 'place(top + left, '
const at = ({ x, y }: Point): string => `place(top + left, dx: ${u(x)}, dy: ${u(y)}, `

const wire = (connection: Connection, wires: WireStyle, { direction }: Layout): string => {
  const { from, bend, corners, to } = connection
  const moves = (points: readonly Point[]): string => points.map((point) => `curve.line(${p(point)})`).join(', ')
  const start = `curve.move(${p(from)})`
  if (isStraight(connection, direction)) return `${start}, ${moves([to])}`
  if (wires === 'orthogonal') return `${start}, ${moves([...corners, to])}`
  const [first, second] = bendControls(connection, direction)
  return `${start}, ${moves([bend[0]])}, curve.cubic(${p(first)}, ${p(second)}, ${p(bend[1])}), ${moves([to])}`
}

const outline = (box: LaidOutBox, { direction }: Layout): string => {
  if (box.shape !== 'box')
    return `${place}polygon(fill: white, stroke: 0.6pt, ${outlineCorners(box, direction).map(p).join(', ')}))`
  const rectangle = (inset: number): string =>
    `${at({ x: box.x + inset, y: box.y + inset })}rect(width: ${u(box.width - 2 * inset)}, height: ${u(box.height - 2 * inset)}, fill: white, stroke: 0.6pt${
      box.deterministic ? `, radius: ${u(Math.max(2, 9 - inset))}` : ''
    }))`
  return box.closed ? `${rectangle(0)}\n  ${rectangle(3)}` : rectangle(0)
}

/** Text is placed by its middle, or by the middle of its left or right side. */
const text = (point: Point, content: string, anchor: 'start' | 'middle' | 'end'): string => {
  const side = { start: 'left', middle: 'center', end: 'right' }[anchor]
  // A box of no size, on whose point the content is aligned.
  return `${at(point)}box(width: 0pt, height: 0pt, place(${side} + horizon, box(${JSON.stringify(content)}))))`
}
