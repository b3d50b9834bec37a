/**
 * A diagram as text for the terminal: lines of box-drawing characters.
 *
 * ● is a copy, ┤ a discard, ┼ two wires that pass over each other; boxes are in brackets, deterministic ones in round ones.
 */
import type { Diagram } from '../diagram.js'
import { type Connection, layout, type Point } from './layout.js'
import { textMetrics } from './metrics.js'

export interface TextOptions {
  /** Whether wires between boxes are labelled; the boundary always is. */
  readonly labels?: boolean
}

/**
 * The text of a diagram, without a newline at its end.
 *
 * @example
 * const A = finite('A', 2)
 * drawText(seq(box('f', [A], [A]), box('g', [A], [A])))
 * // => 'A ───[f] A ──[g]─── A'
 */
export const drawText = (diagram: Diagram, options: TextOptions = {}): string => {
  const drawn = layout(diagram, textMetrics, options)
  const grid = new Map<number, Cell[]>()
  const cell = ({ x, y }: Point): Cell => {
    const row = grid.get(Math.round(y)) ?? []
    grid.set(Math.round(y), row)
    return (row[Math.round(x)] ??= { arms: new Map(), character: undefined })
  }
  for (const connection of drawn.connections) trace(connection, cell)
  const write = (at: Point, text: string): void =>
    Array.from(text).forEach(
      (character, index) => (cell({ x: Math.round(at.x) + index, y: at.y }).character = character),
    )
  for (const label of drawn.labels) {
    const width = textMetrics.textWidth(label.text)
    const text = ` ${label.text} `
    const start = label.anchor === 'start' ? label.x : label.x - width
    if (start < 1) write({ x: start, y: label.y }, text.slice(1))
    else write({ x: start - 1, y: label.y }, text)
  }
  for (const ground of drawn.grounds) cell(ground).character = '┤'
  for (const { x, y, width, height, name, deterministic } of drawn.boxes) {
    const rows = Math.max(1, Math.round(height) - 1)
    const [left, right] = [Math.round(x), Math.round(x + width) - 1]
    const middle = Math.round(y + height / 2)
    for (let row = 0; row < rows; row++) {
      const level = middle - (rows - 1) / 2 + row
      const [open, close] = brackets(row, rows, deterministic)
      write({ x: left, y: level }, open + ' '.repeat(Math.max(0, right - left - 1)) + close)
    }
    write({ x: left + 1, y: middle }, name)
  }
  const first = [...grid.keys()].reduce((least, row) => Math.min(least, row), 0)
  const last = [...grid.keys()].reduce((most, row) => Math.max(most, row), 0)
  const lines = Array.from({ length: last - first + 1 }, (_, index) =>
    Array.from(grid.get(first + index) ?? [], (content) => (content === undefined ? ' ' : characterOf(content)))
      .join('')
      .trimEnd(),
  )
  return lines.join('\n').replace(/^\n+|\n+$/g, '')
}

interface Cell {
  /** For each wire that passes, the sides on which it leaves. */
  readonly arms: Map<number, number>
  character: string | undefined
}

const [up, right, down, left] = [1, 2, 4, 8]

const trace = ({ wire, from, corners, to }: Connection, cell: (at: Point) => Cell): void => {
  const points = [from, ...corners, to].map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }))
  const join = (at: Point, side: number): void => {
    const { arms } = cell(at)
    arms.set(wire, (arms.get(wire) ?? 0) | side)
  }
  for (let index = 1; index < points.length; index++) {
    const [start, end] = [points[index - 1]!, points[index]!]
    const [dx, dy] = [Math.sign(end.x - start.x), Math.sign(end.y - start.y)]
    const [ahead, behind] = dx > 0 ? [right, left] : dx < 0 ? [left, right] : dy > 0 ? [down, up] : [up, down]
    for (let { x, y } = start; x !== end.x || y !== end.y;) {
      join({ x, y }, ahead)
      x += dx
      y += dy
      // The last piece ends before the box or label that it leads to.
      if (index < points.length - 1 || x !== end.x || y !== end.y) join({ x, y }, behind)
    }
  }
}

const characterOf = ({ arms, character }: Cell): string => {
  if (character !== undefined) return character
  const all = [...arms.values()]
  if (all.length > 1) return '┼'
  const sides = all[0] ?? 0
  return pieces[sides] ?? '●'
}

const pieces: Readonly<Record<number, string>> = {
  0: ' ',
  [left]: '─',
  [right]: '─',
  [up]: '│',
  [down]: '│',
  [left | right]: '─',
  [up | down]: '│',
  [right | down]: '╭',
  [left | down]: '╮',
  [right | up]: '╰',
  [left | up]: '╯',
}

const brackets = (row: number, rows: number, deterministic: boolean): readonly [string, string] => {
  if (rows === 1) return deterministic ? ['(', ')'] : ['[', ']']
  if (row === 0) return deterministic ? ['⎛', '⎞'] : ['⎡', '⎤']
  if (row === rows - 1) return deterministic ? ['⎝', '⎠'] : ['⎣', '⎦']
  return deterministic ? ['⎜', '⎟'] : ['⎢', '⎥']
}
