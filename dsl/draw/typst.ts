/**
 * Drawings for Typst 0.13 or later, without packages: a box of a fixed size, to be put anywhere in a document.
 */
import type { Diagram } from '../diagram.js'
import { decimal } from './format.js'
import { type Label, layout, type PlacedBox, type Point, type Rectangle, type WirePath } from './layout.js'
import { outlineSteps } from './outline.js'
import { type DrawOptions, labelFontSize, nameFontSize } from './style.js'
import { shownText } from './text-width.js'

/**
 * A diagram as a Typst expression in markup.
 *
 * @example
 * const A = finite('A', 2)
 * drawTypst(box('f', [A], [A])).startsWith('#box(width: ') // => true
 * drawTypst(box('"f"', [A], [A])).includes('"\\"f\\""') // => true
 */
export const drawTypst = (diagram: Diagram, options: DrawOptions = {}): string => {
  const drawing = layout(diagram, options)
  const title = options.title === undefined ? [] : [`// ${shownText(options.title)}`]
  return [
    ...title,
    `#box(width: ${length(drawing.width)}, height: ${length(drawing.height)}, {`,
    '  set text(top-edge: "cap-height", bottom-edge: "baseline", hyphenate: false)',
    '  set curve(stroke: 0.6pt)',
    '  let drawn(..steps) = place(top + left, curve(..steps))',
    '  let filled(colour, ..steps) = place(top + left, curve(fill: colour, ..steps))',
    '  let doubled(colour, ..steps) = {',
    '    place(top + left, curve(fill: colour, stroke: 2.2pt, ..steps))',
    '    place(top + left, curve(stroke: 1pt + colour, ..steps))',
    '  }',
    '  let dot(x, y) = place(top + left, dx: x - 2.4pt, dy: y - 2.4pt, circle(radius: 2.4pt, fill: black))',
    '  let named(size, side, x, y, width, height, name) = place(',
    '    top + left, dx: x, dy: y, box(width: width, height: height, align(side + horizon, text(size: size, name))),',
    '  )',
    ...drawing.wires.map((path) => `  drawn(${curve(path)})`),
    ...drawing.grounds.flatMap(({ bars }) =>
      bars.map(({ from, to }) => `  drawn(${curve({ start: from, steps: [{ kind: 'line', to }] })})`),
    ),
    ...drawing.dots.map(({ x, y }) => `  dot(${length(x)}, ${length(y)})`),
    ...drawing.boxes.flatMap(boxLines),
    ...drawing.labels.map(label),
    '})',
    '',
  ].join('\n')
}

const length = (pixels: number): string => `${decimal(0.75 * pixels)}pt`
const pair = ({ x, y }: Point): string => `(${length(x)}, ${length(y)})`

const curve = ({ start, steps }: Pick<WirePath, 'start' | 'steps'>): string =>
  [
    `curve.move(${pair(start)})`,
    ...steps.map((step) =>
      step.kind === 'line'
        ? `curve.line(${pair(step.to)})`
        : `curve.cubic(${pair(step.first)}, ${pair(step.second)}, ${pair(step.to)})`,
    ),
  ].join(', ')

const boxLines = ({ name, deterministic, composite, outline, cornerRadius, text }: PlacedBox): readonly string[] => {
  const colour = deterministic ? 'white' : 'luma(240)'
  const path = `  ${composite ? 'doubled' : 'filled'}(${colour}, ${curve(outlineSteps(outline, cornerRadius))}, curve.close())`
  return name === '' ? [path] : [path, named(nameFontSize, 'center', text, name)]
}

type Side = 'left' | 'center' | 'right'
const sides: Readonly<Record<Label['anchor'], Side>> = { start: 'left', middle: 'center', end: 'right' }

const label = (drawn: Label): string => named(labelFontSize, sides[drawn.anchor], drawn, drawn.text)

/** A text in twice the room that it should need, so that it is never broken into lines. */
const named = (size: number, side: Side, room: Rectangle, text: string): string => {
  const before = { left: 0, center: 0.5, right: 1 }[side] * room.width
  const place = [room.x - before, room.y, 2 * room.width, room.height].map(length).join(', ')
  return `  named(${length(size)}, ${side}, ${place}, "${escapeString(text)}")`
}

const escapeString = (text: string): string => text.replace(/[\\"]/g, (character) => `\\${character}`)
