/**
 * Drawings as text for a terminal.
 *
 *     [f]   a box, (f) a deterministic one      ●   a copy      ⏚   a discard
 *     ┼     two wires that cross: wires are joined at ● only
 *
 * Boxes with several inputs or outputs are frames, deterministic ones with round corners. Text always runs from left to right.
 */
import type { Diagram } from '../diagram.js'
import { type Label, layoutWith, type PlacedBox, type Point, type WirePath } from './layout.js'
import { type DrawOptions, textMeasures } from './style.js'
import { columnsOf, columnsOfCharacter, shownText } from './text-width.js'

/** The title, if any, is the first line. */
export type TextOptions = Pick<DrawOptions, 'title' | 'labels'>

/**
 * A diagram as lines of text, without a line break at the end.
 *
 * @example
 * const A = finite('A', 2)
 * const B = finite('B', 2)
 * drawText(seq(box('f', [A], [B]), box('g', [B], [A], { deterministic: true }))) // => 'A ──[f]── B ──(g)── A'
 */
export const drawText = (diagram: Diagram, options: TextOptions = {}): string => {
  const drawing = layoutWith(diagram, textMeasures(options))
  const canvas = Array.from({ length: drawing.height + 1 }, (): Row => ({
    arms: new Uint8Array(drawing.width + 1),
    signs: new Map(),
  }))
  for (const wire of drawing.wires) drawWire(canvas, wire)
  for (const { x, y } of drawing.dots) write(canvas, x, y, '●')
  for (const { x, y } of drawing.grounds) write(canvas, x, y, '⏚')
  for (const box of drawing.boxes) drawBox(canvas, box)
  for (const label of drawing.labels) drawLabel(canvas, label)
  const lines = canvas.map(lineOf)
  while (lines[lines.length - 1] === '') lines.pop()
  return (options.title === undefined ? lines : [shownText(options.title), ...lines]).join('\n')
}

/** The cells of a line: wires that pass have arms to the four sides, signs cover them. */
interface Row {
  readonly arms: Uint8Array
  readonly signs: Map<number, string>
}
type Canvas = readonly Row[]

const left = 1
const right = 2
const up = 4
const down = 8
/** The sign for each set of arms. */
const wireSigns = ' ───│┘└┴│┐┌┬│┤├┼'

const drawWire = (canvas: Canvas, { start, steps, to }: WirePath): void => {
  let here = start
  steps.forEach((step, index) => {
    // A piece ends in the cell before a box or a name, and in the cell of a copy or a discard.
    const last = index === steps.length - 1 && (to.kind === 'box' || to.kind === 'output')
    line(canvas, here, last ? { x: step.to.x - 1, y: step.to.y } : step.to)
    here = step.to
  })
}

const line = (canvas: Canvas, from: Point, to: Point): void => {
  if (from.y === to.y) {
    const { arms } = canvas[from.y]!
    for (let x = from.x; x <= to.x; x++) arms[x]! |= (x > from.x ? left : 0) | (x < to.x || from.x === to.x ? right : 0)
    return
  }
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
  for (let y = top; y <= bottom; y++) canvas[y]!.arms[from.x]! |= (y > top ? up : 0) | (y < bottom ? down : 0)
}

const drawBox = (canvas: Canvas, { name, deterministic, bounds, inputs, outputs, text }: PlacedBox): void => {
  const { x, y, width, height } = bounds
  const end = x + width - 1
  if (height === 0) {
    write(canvas, x, y, deterministic ? `(${name})` : `[${name}]`)
    return
  }
  const bar = '─'.repeat(width - 2)
  write(canvas, x, y, deterministic ? `╭${bar}╮` : `┌${bar}┐`)
  for (let row = y + 1; row < y + height; row++) {
    const arrives = inputs.some((port) => port.y === row)
    const leaves = outputs.some((port) => port.y === row)
    write(canvas, x, row, `${arrives ? '┤' : '│'}${' '.repeat(width - 2)}${leaves ? '├' : '│'}`)
  }
  write(canvas, x, y + height, deterministic ? `╰${bar}╯` : `└${bar}┘`)
  write(canvas, end - 1 - columnsOf(name), text.y, name)
}

const drawLabel = (canvas: Canvas, { kind, text, x, y }: Label): void => {
  if (kind === 'wire') write(canvas, x - 1, y, ` ${text} `)
  else write(canvas, x, y, text)
}

const write = (canvas: Canvas, x: number, y: number, text: string): void => {
  const { signs } = canvas[y]!
  let column = x
  for (const character of text) {
    const columns = columnsOfCharacter(character)
    if (columns === 0) signs.set(column - 1, (signs.get(column - 1) ?? '') + character)
    else signs.set(column, character)
    // The second half of a wide character has no sign of its own.
    if (columns === 2) signs.set(column + 1, '')
    column += columns
  }
}

const lineOf = ({ arms, signs }: Row): string => {
  let text = ''
  for (let x = 0; x < arms.length; x++) text += signs.get(x) ?? wireSigns[arms[x]!]!
  return text.trimEnd()
}
