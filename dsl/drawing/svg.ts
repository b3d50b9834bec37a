/**
 * A diagram as SVG: accessible, without scripts or anything fetched, with a light and a dark style.
 */
import type { Diagram } from '../diagram.js'
import { showWires } from '../object.js'
import {
  type Connection,
  type LaidOutBox,
  layout,
  type LayoutOptions,
  type Layout,
  type Point,
  type WireStyle,
} from './layout.js'
import { pictureMetrics } from './metrics.js'
import { bendControls, groundBars, isStraight, outlineCorners } from './shape.js'

export interface SvgOptions extends LayoutOptions {
  readonly wires?: WireStyle
  readonly title?: string
}

/**
 * The SVG text of a diagram.
 *
 * Copies are dots, discards are ground symbols, states and effects are triangles; deterministic boxes have round corners, and boxes
 * that contain a diagram a double outline.
 *
 * @example
 * drawSvg(discard(finite('A', 2))).startsWith('<svg') // => true
 */
export const drawSvg = (diagram: Diagram, options: SvgOptions = {}): string => {
  const drawn = layout(diagram, pictureMetrics, options)
  const { wires = 'curved', title = `${showWires(diagram.inputs)} → ${showWires(diagram.outputs)}` } = options
  const key = hash(JSON.stringify([title, drawn]))
  const names = drawn.boxes.map(({ name }) => name)
  const description = `String diagram from ${showWires(diagram.inputs)} to ${showWires(diagram.outputs)}, with ${
    names.length === 0 ? 'no boxes' : `the boxes ${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''}`
  }. Dots are copies, ground symbols are discards, triangles are states and effects; round corners mark deterministic boxes.`
  const { width, height } = drawn
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="markovcat" role="img" aria-labelledby="title-${key} description-${key}" viewBox="0 0 ${f(width)} ${f(height)}" width="${f(width)}" height="${f(height)}">`,
    `<title id="title-${key}">${escape(title)}</title>`,
    `<desc id="description-${key}">${escape(description)}</desc>`,
    `<style>${style}</style>`,
    `<g class="wires">${drawn.connections.map((connection) => `<path d="${pathOf(connection, wires, drawn)}"/>`).join('')}</g>`,
    `<g class="dots">${drawn.dots.map(({ x, y }) => `<circle cx="${f(x)}" cy="${f(y)}" r="3.6"/>`).join('')}</g>`,
    `<g class="wires">${drawn.grounds.map((ground) => groundOf(ground, drawn)).join('')}</g>`,
    `<g class="boxes">${drawn.boxes.map((box) => outlineOf(box, drawn)).join('')}</g>`,
    `<g class="names">${drawn.boxes.map(({ name, label }) => text(label, name, 'middle')).join('')}</g>`,
    `<g class="labels">${drawn.labels.map((label) => text(label, label.text, label.anchor)).join('')}</g>`,
    '</svg>',
  ].join('\n')
}

const style = [
  '.markovcat{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
  '.markovcat .wires path{fill:none;stroke:#1c2430;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}',
  '.markovcat .dots circle{fill:#1c2430}',
  '.markovcat .boxes>*{fill:#fff;stroke:#1c2430;stroke-width:1.4;stroke-linejoin:round}',
  '.markovcat text{fill:#1c2430}',
  '.markovcat .labels{font-size:12px;opacity:.72}',
  '@media (prefers-color-scheme:dark){.markovcat .wires path,.markovcat .boxes>*{stroke:#e6e9ee}.markovcat .dots circle,.markovcat text{fill:#e6e9ee}.markovcat .boxes>*{fill:#1f2630}}',
].join('')

/** A number with at most two decimals. */
const f = (value: number): string => String(Math.round(value * 100) / 100)
const p = ({ x, y }: Point): string => `${f(x)} ${f(y)}`

const text = (at: Point, content: string, anchor: string): string =>
  `<text x="${f(at.x)}" y="${f(at.y)}" dy="0.35em" text-anchor="${anchor}">${escape(content)}</text>`

const pathOf = (connection: Connection, wires: WireStyle, { direction }: Layout): string => {
  const { from, bend, corners, to } = connection
  if (isStraight(connection, direction)) return `M${p(from)} L${p(to)}`
  if (wires === 'orthogonal') return `M${[from, ...corners, to].map(p).join(' L')}`
  const [first, second] = bendControls(connection, direction)
  return `M${p(from)} L${p(bend[0])} C${p(first)} ${p(second)} ${p(bend[1])} L${p(to)}`
}

const groundOf = (ground: Point, { direction }: Layout): string =>
  `<path d="${groundBars(ground, direction)
    .map(([from, to]) => `M${p(from)} L${p(to)}`)
    .join(' ')}"/>`

const outlineOf = (box: LaidOutBox, { direction }: Layout): string => {
  const { x, y, width, height, shape, deterministic, closed } = box
  if (shape !== 'box')
    return `<polygon points="${outlineCorners(box, direction)
      .map((corner) => `${f(corner.x)},${f(corner.y)}`)
      .join(' ')}"/>`
  const rectangle = (inset: number): string => {
    const round = deterministic ? ` rx="${f(Math.max(2, 9 - inset))}"` : ''
    return `<rect x="${f(x + inset)}" y="${f(y + inset)}" width="${f(width - 2 * inset)}" height="${f(height - 2 * inset)}"${round}/>`
  }
  return closed ? rectangle(0) + rectangle(3) : rectangle(0)
}

const escape = (content: string): string =>
  // Control characters have no place in XML.
  Array.from(content, (character) => (character.codePointAt(0)! < 32 ? ' ' : (entities[character] ?? character))).join(
    '',
  )
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** FNV-1a, in hexadecimal: identifiers that differ from drawing to drawing on one page. */
const hash = (content: string): string => {
  let value = 0x811c9dc5
  for (let index = 0; index < content.length; index++) value = Math.imul(value ^ content.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(16)
}
