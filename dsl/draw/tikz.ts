/**
 * Drawings as TikZ pictures, in the fonts of the document: `\usepackage{tikz}` is all that they need.
 *
 * Lengths are three quarters of a point, so that the names, set in \normalsize and \footnotesize, have the room that they need in a
 * document of 10 to 12 points. Letters beyond Latin and Greek need LuaLaTeX or XeLaTeX and a font that has them.
 */
import type { Diagram } from '../diagram.js'
import { decimal } from './format.js'
import { type Label, layout, type PlacedBox, type Point, type Rectangle, type WirePath } from './layout.js'
import type { DrawOptions } from './style.js'
import { shownText } from './text-width.js'

/**
 * A diagram as a complete tikzpicture environment.
 *
 * @example
 * const A = finite('A', 2)
 * drawTikz(box('k_emb', [A], [A])).split('\n')[0] // => '% \\usepackage{tikz}'
 * drawTikz(box('k_emb', [A], [A])).includes('{k\\_emb}') // => true
 */
export const drawTikz = (diagram: Diagram, options: DrawOptions = {}): string => {
  const drawing = layout(diagram, options)
  const comments = [options.title, options.description].flatMap((text) =>
    text === undefined ? [] : [`% ${shownText(text)}`],
  )
  return [
    '% \\usepackage{tikz}',
    ...comments,
    '\\begin{tikzpicture}[',
    '  x=0.75pt, y=-0.75pt, line width=0.6pt, line join=round,',
    '  markovcat box/.style={draw, fill=black!6},',
    '  markovcat deterministic/.style={draw, fill=white, rounded corners=6pt},',
    '  markovcat composite/.style={double, double distance=1pt},',
    '  markovcat name/.style={inner sep=0pt, font=\\normalsize},',
    '  markovcat label/.style={inner sep=0pt, font=\\footnotesize},',
    ']',
    `\\useasboundingbox (0,0) rectangle ${pair({ x: drawing.width, y: drawing.height })};`,
    ...drawing.wires.map(wire),
    ...drawing.grounds.flatMap(({ bars }) => bars.map(({ from, to }) => `\\draw ${pair(from)} -- ${pair(to)};`)),
    ...drawing.dots.map((dot) => `\\fill ${pair(dot)} circle[radius=2.4pt];`),
    ...drawing.boxes.flatMap(boxLines),
    ...drawing.labels.map(label),
    '\\end{tikzpicture}',
    '',
  ].join('\n')
}

const pair = ({ x, y }: Point): string => `(${decimal(x)},${decimal(y)})`

const wire = ({ start, steps }: WirePath): string => {
  const path = steps.map((step) =>
    step.kind === 'line'
      ? ` -- ${pair(step.to)}`
      : ` .. controls ${pair(step.first)} and ${pair(step.second)} .. ${pair(step.to)}`,
  )
  return `\\draw ${pair(start)}${path.join('')};`
}

const boxLines = ({ name, deterministic, composite, outline, text }: PlacedBox): readonly string[] => {
  const style = `markovcat ${deterministic ? 'deterministic' : 'box'}${composite ? ', markovcat composite' : ''}`
  const path = `\\path[${style}] ${outline.map(pair).join(' -- ')} -- cycle;`
  return name === '' ? [path] : [path, node('name', 'base', text.x + text.width / 2, baseline(text, 4.2), name)]
}

const label = (drawn: Label): string => {
  const { x, width, anchor, text } = drawn
  const at = anchor === 'start' ? x : anchor === 'middle' ? x + width / 2 : x + width
  const side = anchor === 'start' ? 'base west' : anchor === 'middle' ? 'base' : 'base east'
  return node('label', side, at, baseline(drawn, 3.4), text)
}

/** Names stand on a common baseline, whatever letters they have. */
const baseline = ({ y, height }: Rectangle, drop: number): number => y + height / 2 + drop

const node = (style: string, anchor: string, x: number, y: number, text: string): string =>
  `\\node[markovcat ${style}, anchor=${anchor}] at ${pair({ x, y })} {${escapeTex(text)}};`

const escapeTex = (text: string): string => {
  let escaped = ''
  for (const character of text) escaped += texOf.get(character) ?? character
  return escaped
}

const greek =
  'alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon varphi chi psi omega'
const capitals = new Map(
  [...'ΓΔΘΛΞΠΣΥΦΨΩ'].map((letter, k) => [
    letter,
    'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'.split(' ')[k]!,
  ]),
)
const symbols: Readonly<Record<string, string>> = {
  ϵ: 'epsilon',
  ϕ: 'phi',
  ϑ: 'vartheta',
  '⊗': 'otimes',
  '⊕': 'oplus',
  '×': 'times',
  '∘': 'circ',
  '·': 'cdot',
  '→': 'to',
  '←': 'leftarrow',
  '↦': 'mapsto',
  '∈': 'in',
  '≤': 'leq',
  '≥': 'geq',
  '≠': 'neq',
  '∞': 'infty',
  '∂': 'partial',
  '∇': 'nabla',
  '†': 'dagger',
  '′': 'prime',
  ℓ: 'ell',
}
const mathematics = (command: string): string => `\\ensuremath{${command.length === 1 ? command : `\\${command}`}}`
const raised = (digits: string, command: string): readonly (readonly [string, string])[] =>
  [...digits].map((digit, k) => [digit, `\\ensuremath{${command}{${k}}}`])

/** What TeX would not set as it stands: its own characters, pairs that make ligatures, and mathematics. */
const texOf: ReadonlyMap<string, string> = new Map<string, string>([
  ['\\', '\\textbackslash{}'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['$', '\\$'],
  ['&', '\\&'],
  ['#', '\\#'],
  ['_', '\\_'],
  ['%', '\\%'],
  ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
  ['<', '\\textless{}'],
  ['>', '\\textgreater{}'],
  ['|', '\\textbar{}'],
  ['"', '\\char34{}'],
  ['-', '-{}'],
  ["'", "'{}"],
  ['`', '`{}'],
  [',', ',{}'],
  [' ', '\\ '],
  ['\u00a0', '~'],
  ...greek.split(' ').map((name, k) => [String.fromCodePoint(0x3b1 + k), mathematics(name)] as const),
  ...[...capitals].map(([letter, name]) => [letter, mathematics(name)] as const),
  ...Object.entries(symbols).map(([symbol, name]) => [symbol, mathematics(name)] as const),
  ...raised('₀₁₂₃₄₅₆₇₈₉', '_'),
  ...raised('⁰¹²³⁴⁵⁶⁷⁸⁹', '^'),
])
