/**
 * A diagram as TikZ: a picture for LaTeX that needs \usepackage{tikz} and nothing else.
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

export interface TikzOptions extends LayoutOptions {
  readonly wires?: WireStyle
}

/**
 * A tikzpicture environment; one unit is a pixel of the SVG, printed as 0.03 cm.
 *
 * @example
 * drawTikz(id()).startsWith('\\begin{tikzpicture}') // => true
 */
export const drawTikz = (diagram: Diagram, options: TikzOptions = {}): string => {
  const drawn = layout(diagram, pictureMetrics, options)
  const { wires = 'curved' } = options
  return [
    '\\begin{tikzpicture}[x=0.03cm, y=-0.03cm, line width=0.5pt, line cap=round, line join=round, font=\\small]',
    ...drawn.connections.map((connection) => `  \\draw ${wire(connection, wires, drawn)};`),
    ...drawn.dots.map((dot) => `  \\fill ${p(dot)} circle[radius=1.6pt];`),
    ...drawn.grounds.flatMap((ground) =>
      groundBars(ground, drawn.direction).map(([from, to]) => `  \\draw ${p(from)} -- ${p(to)};`),
    ),
    ...drawn.boxes.map((box) => `  ${outline(box, drawn)}`),
    ...drawn.boxes.map(({ label, name }) => `  \\node at ${p(label)} {${escape(name)}};`),
    ...drawn.labels.map(
      ({ text, anchor, ...at }) =>
        `  \\node[${anchors[anchor]}inner sep=0pt, font=\\footnotesize, text=black!70] at ${p(at)} {${escape(text)}};`,
    ),
    '\\end{tikzpicture}',
  ].join('\n')
}

const anchors = { start: 'anchor=west, ', middle: '', end: 'anchor=east, ' } as const

const f = (value: number): string => String(Math.round(value * 100) / 100)
const p = ({ x, y }: Point): string => `(${f(x)}, ${f(y)})`

const wire = (connection: Connection, wires: WireStyle, { direction }: Layout): string => {
  const { from, bend, corners, to } = connection
  if (isStraight(connection, direction)) return `${p(from)} -- ${p(to)}`
  if (wires === 'orthogonal') return [from, ...corners, to].map(p).join(' -- ')
  const [first, second] = bendControls(connection, direction)
  return `${p(from)} -- ${p(bend[0])} .. controls ${p(first)} and ${p(second)} .. ${p(bend[1])} -- ${p(to)}`
}

const outline = (box: LaidOutBox, { direction }: Layout): string => {
  if (box.shape !== 'box') return `\\draw[fill=white] ${outlineCorners(box, direction).map(p).join(' -- ')} -- cycle;`
  const { x, y, width, height, deterministic, closed } = box
  const style = `fill=white${deterministic ? ', rounded corners=4pt' : ''}${closed ? ', double, double distance=1.2pt' : ''}`
  return `\\draw[${style}] ${p({ x, y })} rectangle ${p({ x: x + width, y: y + height })};`
}

const escape = (text: string): string =>
  Array.from(text, (character) => commands[character] ?? (character.codePointAt(0)! < 32 ? ' ' : character)).join('')

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
}
