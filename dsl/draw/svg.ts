/**
 * Drawings as SVG: accessible, with a light and a dark style, and nothing outside the file.
 */
import type { Diagram } from '../diagram.js'
import { showWires } from '../object.js'
import { describe } from './description.js'
import { decimal } from './format.js'
import { type Label, layout, type PlacedBox, type Point, type Rectangle, type WirePath } from './layout.js'
import { outlineSteps } from './outline.js'
import { type DrawOptions, labelFontSize, nameFontSize } from './style.js'
import { shownText } from './text-width.js'

export interface SvgOptions extends DrawOptions {
  /** Dark on light, light on dark, or (the default) what the reader's system prefers. */
  readonly theme?: 'auto' | 'light' | 'dark'
}

/**
 * A diagram as an SVG document.
 *
 * @example
 * const A = finite('A', 2)
 * drawSvg(box('f', [A], [A])).startsWith('<svg xmlns="http://www.w3.org/2000/svg"') // => true
 * drawSvg(box('f & g', [A], [A])).includes('>f &amp; g</text>') // => true
 */
export const drawSvg = (diagram: Diagram, options: SvgOptions = {}): string => {
  const drawing = layout(diagram, options)
  const title = options.title ?? `String diagram from ${showWires(diagram.inputs)} to ${showWires(diagram.outputs)}`
  const content = [
    group('wires', [`<path class="wire" d="${drawing.wires.map(wireData).join('')}"/>`]),
    group(
      'discards',
      drawing.grounds.map(({ bars }) => `<path class="ground" d="${bars.map(lineData).join('')}"/>`),
    ),
    group(
      'copies',
      drawing.dots.map(({ x, y }) => `<circle class="copy" cx="${decimal(x)}" cy="${decimal(y)}" r="3.5"/>`),
    ),
    group('boxes', drawing.boxes.flatMap(boxElements)),
    group('labels', drawing.labels.map(labelElement)),
  ].join('')
  const texts = [escapeXml(title), escapeXml(options.description ?? describe(drawing))] as const
  // Two drawings on one page must not share ids; the same drawing twice may, its ids name the same texts.
  const id = `markovcat-${hash([...texts, content].join('\n'))}`
  const width = decimal(drawing.width)
  const height = decimal(drawing.height)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `class="markovcat-diagram" role="img" aria-labelledby="${id}-title ${id}-description">\n` +
    `<title id="${id}-title">${texts[0]}</title>\n<desc id="${id}-description">${texts[1]}</desc>\n` +
    `<style>${styles(options.theme ?? 'auto')}</style>\n${content}</svg>\n`
  )
}

interface Palette {
  readonly ink: string
  readonly label: string
  readonly stochastic: string
  readonly deterministic: string
}
const light: Palette = { ink: '#1c2530', label: '#4d5a68', stochastic: '#e4edf7', deterministic: '#ffffff' }
const dark: Palette = { ink: '#e3e8ee', label: '#a9b5c2', stochastic: '#24384f', deterministic: '#15191e' }

const styles = (theme: NonNullable<SvgOptions['theme']>): string => {
  const shapes =
    `.markovcat-diagram text{font-family:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;white-space:pre}` +
    `.markovcat-diagram .name{font-size:${nameFontSize}px;text-anchor:middle}` +
    `.markovcat-diagram .label{font-size:${labelFontSize}px}` +
    `.markovcat-diagram .wire,.markovcat-diagram .ground{fill:none;stroke-width:1.4;stroke-linejoin:round}` +
    `.markovcat-diagram .ground{stroke-linecap:round}` +
    `.markovcat-diagram .box{stroke-width:1.4;stroke-linejoin:round}` +
    `.markovcat-diagram .composite{stroke-width:4.6}.markovcat-diagram .inner{stroke-width:1.8}`
  const colours = ({ ink, label, stochastic, deterministic }: Palette): string =>
    `.markovcat-diagram .wire,.markovcat-diagram .ground,.markovcat-diagram .box{stroke:${ink}}` +
    `.markovcat-diagram .copy,.markovcat-diagram .name{fill:${ink}}` +
    `.markovcat-diagram .label{fill:${label}}` +
    `.markovcat-diagram .box{fill:${stochastic}}.markovcat-diagram .deterministic{fill:${deterministic}}` +
    `.markovcat-diagram .box.inner{fill:none;stroke:${stochastic}}.markovcat-diagram .deterministic.inner{stroke:${deterministic}}`
  const prefersDark = theme === 'auto' ? `@media (prefers-color-scheme:dark){${colours(dark)}}` : ''
  return shapes + colours(theme === 'dark' ? dark : light) + prefersDark
}

const group = (name: string, elements: readonly string[]): string =>
  elements.length === 0 ? '' : `<g class="${name}">\n${elements.join('\n')}\n</g>\n`

const pair = ({ x, y }: Point): string => `${decimal(x)} ${decimal(y)}`
const lineData = ({ from, to }: { readonly from: Point; readonly to: Point }): string => `M${pair(from)}L${pair(to)}`

type Steps = Pick<WirePath, 'start' | 'steps'>
const wireData = ({ start, steps }: Steps): string =>
  `M${pair(start)}` +
  steps
    .map((step) =>
      step.kind === 'line' ? `L${pair(step.to)}` : `C${pair(step.first)} ${pair(step.second)} ${pair(step.to)}`,
    )
    .join('')

const boxElements = (box: PlacedBox): readonly string[] => {
  const kind = box.deterministic ? 'box deterministic' : 'box'
  const data = `${wireData(outlineSteps(box.outline, box.cornerRadius))}Z`
  // A double outline is a thin line in the colour of the box on a thick one.
  const paths = [
    `<path class="${kind}${box.composite ? ' composite' : ''}" d="${data}"/>`,
    ...(box.composite ? [`<path class="${kind} inner" d="${data}"/>`] : []),
  ]
  return box.name === '' ? paths : [...paths, textElement('name', box.text, box.name, 'middle', nameFontSize)]
}

const labelElement = (label: Label): string => textElement('label', label, label.text, label.anchor, labelFontSize)

/** The baseline is set from the middle of the text's room, as renderers differ in the other ways to centre a text. */
const textElement = (
  name: string,
  { x, y, width, height }: Rectangle,
  text: string,
  anchor: Label['anchor'],
  size: number,
): string => {
  const at = anchor === 'start' ? x : anchor === 'middle' ? x + width / 2 : x + width
  const baseline = y + height / 2 + 0.35 * size
  const anchored = name === 'name' ? '' : ` text-anchor="${anchor}"`
  return `<text class="${name}" x="${decimal(at)}" y="${decimal(baseline)}"${anchored}>${escapeXml(text)}</text>`
}

const escapeXml = (text: string): string =>
  shownText(text).replace(/[&<>"]/g, (character) =>
    character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&quot;',
  )

/** FNV-1a in two halves, as a short text. */
const hash = (text: string): string => {
  let a = 0x811c9dc5
  let b = 0x01234567
  for (let k = 0; k < text.length; k++) {
    a = Math.imul(a ^ text.charCodeAt(k), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(k), 0x85ebca6b)
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36)
}
