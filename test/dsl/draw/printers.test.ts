import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { drawSvg, drawTikz, drawTypst } from '../../../dsl/draw/index.js'
import { emsOf, shownText } from '../../../dsl/draw/text-width.js'
import { box, copy, type Diagram, discard, finite, id, par, seq, state } from '../../../dsl/index.js'
import { chain, drawnDiagram, grid } from './drawn-diagram.js'

const A = finite('A', 2)
const B = finite('B', 2)
const both = seq(copy(A), par(id(A), box('f', [A], [B], { deterministic: true })))
const named = (name: string): Diagram => box(name, [finite(name, 2)], [B])
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'\\{}$#_%^~|[]@`*-,\n\t\u0000 ab\ud800'), maxLength: 12 }),
)

interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  text: string
}

/** The elements of an XML document; throws where it is not well-formed. */
const parseXml = (xml: string): readonly Element[] => {
  const elements: Element[] = []
  const open: Element[] = []
  const unescape = (text: string): string => {
    // Only the characters of XML 1.0, and only references that it knows.
    if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|<|&(?!(amp|lt|gt|quot);)/u.test(text))
      throw new Error(`not allowed in a text: ${JSON.stringify(text)}`)
    return text.replace(
      /&(amp|lt|gt|quot);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? '',
    )
  }
  for (const [piece, closing, name, rest, empty] of xml.matchAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g,
  )) {
    if (piece === '<') throw new Error('a < that starts nothing')
    if (name === undefined) {
      const top = open[open.length - 1]
      if (top !== undefined) top.text += unescape(piece)
      else if (piece.trim() !== '') throw new Error('text outside the document')
      continue
    }
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
      continue
    }
    const attributes = new Map(
      [...rest!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescape(value!)]),
    )
    const element: Element = { name, attributes, text: '' }
    elements.push(element)
    if (empty !== '/') open.push(element)
  }
  if (open.length > 0) throw new Error(`${open[0]!.name} is not closed`)
  return elements
}

describe('SVG', () => {
  test('is well-formed, accessible and self-contained', () => {
    fc.assert(
      fc.property(drawnDiagram, fc.constantFrom('auto', 'light', 'dark'), (diagram, theme) => {
        const svg = drawSvg(diagram, { theme })
        const elements = parseXml(svg)
        const [root] = elements
        expect(root!.name).toBe('svg')
        expect(root!.attributes.get('role')).toBe('img')
        expect(root!.attributes.get('viewBox')).toMatch(/^0 0 \d+(\.\d+)? \d+(\.\d+)?$/)
        const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? [])
        expect(new Set(ids).size).toBe(ids.length)
        expect(root!.attributes.get('aria-labelledby')!.split(' ')).toEqual(ids)
        expect(
          elements.filter(({ name }) => name === 'title' || name === 'desc').map(({ text }) => text !== ''),
        ).toEqual([true, true])
        expect(svg.includes('prefers-color-scheme:dark')).toBe(theme === 'auto')
        expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
          /NaN|undefined|Infinity|https?:|url\(|<script|href/,
        )
      }),
      { numRuns: 100 },
    )
  })

  test('shows any name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const texts = parseXml(drawSvg(named(name), { title: name, description: name })).filter(
          ({ name: tag }) => tag === 'text' || tag === 'title' || tag === 'desc',
        )
        const shown = shownText(name)
        expect(texts.map(({ text }) => text)).toEqual([shown, shown, ...(name === '' ? ['B'] : [shown, shown, 'B'])])
      }),
      { numRuns: 300 },
    )
  })

  test('has ids of its own for different drawings, and the same for the same', () => {
    const idOf = (svg: string): string => /id="([^"]*)-title"/.exec(svg)![1]!
    const drawings = [
      drawSvg(both),
      drawSvg(both, { title: 'another' }),
      drawSvg(both, { description: 'another' }),
      drawSvg(both, { wires: 'orthogonal' }),
      drawSvg(both, { direction: 'bottom-to-top' }),
      drawSvg(id(A)),
      drawSvg(id(B)),
    ]
    expect(new Set(drawings.map(idOf)).size).toBe(drawings.length)
    expect(drawSvg(both)).toBe(drawings[0])
  })

  test('says what it shows', () => {
    const description = parseXml(drawSvg(par(both, discard(A)))).find(({ name }) => name === 'desc')!.text
    expect(description).toContain('A string diagram with 1 box, 1 copy and 1 discard. Boxes: f (deterministic).')
    expect(description).toContain('in from A, A, out to A, B')
    expect(description).toContain('Boxes with round corners are deterministic')
    expect(drawSvg(chain(500))).toContain('f, f, f, f, f, f, f, f, f, f, f, f and 488 more')
  })

  test('draws copies as dots, discards as bars, boxes as outlines', () => {
    const elements = parseXml(drawSvg(par(both, discard(A), state('p', [A]))))
    const count = (name: string) =>
      elements.filter(({ attributes }) => attributes.get('class')?.split(' ')[0] === name).length
    expect([count('copy'), count('ground'), count('box'), count('name'), count('label')]).toEqual([1, 1, 2, 2, 5])
    expect(elements.filter(({ attributes }) => attributes.get('class') === 'box deterministic').length).toBe(1)
  })

  test('large diagrams', () => {
    expect(parseXml(drawSvg(grid(23))).filter(({ attributes }) => attributes.get('class') === 'box').length).toBe(529)
    expect(drawSvg(chain(5000)).length).toBeGreaterThan(500_000)
  })
})

describe('TikZ', () => {
  test('pinned', () => {
    expect(drawTikz(both, { title: 'both' })).toMatchInlineSnapshot(`
      "% \\usepackage{tikz}
      % both
      \\begin{tikzpicture}[
        x=0.75pt, y=-0.75pt, line width=0.6pt, line join=round,
        markovcat box/.style={draw, fill=black!6},
        markovcat deterministic/.style={draw, fill=white, rounded corners=6pt},
        markovcat composite/.style={double, double distance=1pt},
        markovcat name/.style={inner sep=0pt, font=\\normalsize},
        markovcat label/.style={inner sep=0pt, font=\\footnotesize},
      ]
      \\useasboundingbox (0,0) rectangle (189,76);
      \\draw (31,47) -- (43,47);
      \\draw (43,47) -- (94,47);
      \\draw (43,47) .. controls (62.5,47) and (62.5,21) .. (82,21) -- (158,21);
      \\draw (130,47) -- (158,47);
      \\fill (43,47) circle[radius=2.4pt];
      \\path[markovcat deterministic] (94,32) -- (130,32) -- (130,62) -- (94,62) -- cycle;
      \\node[markovcat name, anchor=base] at (112,51.2) {f};
      \\node[markovcat label, anchor=base east] at (24,50.4) {A};
      \\node[markovcat label, anchor=base west] at (165,24.4) {A};
      \\node[markovcat label, anchor=base west] at (165,50.4) {B};
      \\end{tikzpicture}
      "
    `)
  })

  test('braces and brackets balance, and TeX reads no character of a name as a command', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const [line] = drawTikz(named(name), { labels: false })
          .split('\n')
          .filter((text) => text.startsWith('\\node'))
        fc.pre(name !== '')
        const text = /\{(.*)\};$/s.exec(line!)![1]!
        const commands =
          /\\(textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar|char34|ensuremath)\{[^{}]*\}|\\[{}$&#_% ]|\{\}/g
        expect(text.replace(/\\ensuremath\{[_^]\{\d\}\}/g, '').replace(commands, '')).not.toMatch(
          /[\\{}$&#_%^~<>|"\n\r]/,
        )
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['k_emb', 'k\\_emb'],
    ['f & g', 'f\\ \\&\\ g'],
    ['<x>', '\\textless{}x\\textgreater{}'],
    ['κ₁ ⊗ α', '\\ensuremath{\\kappa}\\ensuremath{_{1}}\\ \\ensuremath{\\otimes}\\ \\ensuremath{\\alpha}'],
    ['ο Ω', '\\ensuremath{o}\\ \\ensuremath{\\Omega}'],
  ])('%s', (name, tex) => {
    expect(drawTikz(named(name))).toContain(`{${tex}};`)
  })
})

describe('Typst', () => {
  test('pinned', () => {
    expect(drawTypst(both, { title: 'both' })).toMatchInlineSnapshot(`
      "// both
      #box(width: 141.75pt, height: 57pt, {
        set text(top-edge: "cap-height", bottom-edge: "baseline", hyphenate: false)
        set curve(stroke: 0.6pt)
        let drawn(..steps) = place(top + left, curve(..steps))
        let filled(colour, ..steps) = place(top + left, curve(fill: colour, ..steps))
        let doubled(colour, ..steps) = {
          place(top + left, curve(fill: colour, stroke: 2.2pt, ..steps))
          place(top + left, curve(stroke: 1pt + colour, ..steps))
        }
        let dot(x, y) = place(top + left, dx: x - 2.4pt, dy: y - 2.4pt, circle(radius: 2.4pt, fill: black))
        let named(size, side, x, y, width, height, name) = place(
          top + left, dx: x, dy: y, box(width: width, height: height, align(side + horizon, text(size: size, name))),
        )
        drawn(curve.move((23.25pt, 35.25pt)), curve.line((32.25pt, 35.25pt)))
        drawn(curve.move((32.25pt, 35.25pt)), curve.line((70.5pt, 35.25pt)))
        drawn(curve.move((32.25pt, 35.25pt)), curve.cubic((46.88pt, 35.25pt), (46.88pt, 15.75pt), (61.5pt, 15.75pt)), curve.line((118.5pt, 15.75pt)))
        drawn(curve.move((97.5pt, 35.25pt)), curve.line((118.5pt, 35.25pt)))
        dot(32.25pt, 35.25pt)
        filled(white, curve.move((70.5pt, 39.75pt)), curve.line((70.5pt, 30.75pt)), curve.cubic((70.5pt, 27.02pt), (73.52pt, 24pt), (77.25pt, 24pt)), curve.line((90.75pt, 24pt)), curve.cubic((94.48pt, 24pt), (97.5pt, 27.02pt), (97.5pt, 30.75pt)), curve.line((97.5pt, 39.75pt)), curve.cubic((97.5pt, 43.48pt), (94.48pt, 46.5pt), (90.75pt, 46.5pt)), curve.line((77.25pt, 46.5pt)), curve.cubic((73.52pt, 46.5pt), (70.5pt, 43.48pt), (70.5pt, 39.75pt)), curve.close())
        named(10.5pt, center, 79.5pt, 28.5pt, 9pt, 13.5pt, "f")
        named(9pt, right, 3pt, 30pt, 15pt, 10.5pt, "A")
        named(9pt, left, 123.75pt, 10.5pt, 15pt, 10.5pt, "A")
        named(9pt, left, 123.75pt, 30pt, 15pt, 10.5pt, "B")
      })
      "
    `)
  })

  test('strings are closed, and hold any name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const [line] = drawTypst(named(name), { labels: false })
          .split('\n')
          .filter((text) => text.startsWith('  named('))
        fc.pre(name !== '')
        expect(JSON.parse(/("(?:[^"\\]|\\.)*")\)$/s.exec(line!)![1]!)).toBe(shownText(name))
      }),
      { numRuns: 300 },
    )
  })
})

describe('texts', () => {
  test('widths are those of DejaVu Sans, or more', () => {
    expect(emsOf('k_emb')).toBeCloseTo(0.58 + 0.56 + 0.62 + 0.98 + 0.64, 12)
    expect(emsOf('')).toBe(0)
    expect(emsOf('漢字')).toBeCloseTo(2.2, 12)
    expect(emsOf('e\u0301')).toBeCloseTo(0.62, 12)
  })

  test('what no format can hold is replaced by something visible', () => {
    expect(shownText('a\tb\u0000\u007f\u0085\ud800\u202e')).toBe('a␉b␀␡\ufffd\ufffd\ufffd')
    expect(shownText('k_emb 漢字 😀')).toBe('k_emb 漢字 😀')
  })
})
