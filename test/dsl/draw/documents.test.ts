/** One diagram of every kind of box, with a copy, a discard and a bent wire, word for word in every format. */
import { describe, expect, test } from 'vitest'

import { drawSvg, drawText, drawTikz, drawTypst } from '../../../dsl/draw/index.js'
import { box, copy, type Diagram, discard, finite, id, par, seq, state } from '../../../dsl/index.js'

const A = finite('A', 2)
const B = finite('B', 2)
const body = seq(box('h', [A], [A]), copy(A), par(id(A), box('k', [A], [B])))
const g = box('g', [A], [A, B], { deterministic: true, body })
const every = seq(state('p', [A]), g, par(seq(copy(A), par(box('e', [A], []), id(A))), discard(B)))

/** A document without what its style sheet and its ids add. */
const drawn = (svg: string): string =>
  svg.replace(/<style>.*<\/style>\n/, '').replaceAll(/markovcat-[0-9a-z]+-/g, 'markovcat-ID-')
const styleOf = (svg: string): readonly string[] => /<style>(.*)<\/style>/.exec(svg)![1]!.split('}.')

describe('SVG', () => {
  test('from left to right', () => {
    expect(drawn(drawSvg(every, { title: 'a < b & "c" > d', description: 'one & two' }))).toMatchInlineSnapshot(`
      "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 299 91" width="299" height="91" class="markovcat-diagram" role="img" aria-labelledby="markovcat-ID-title markovcat-ID-description">
      <title id="markovcat-ID-title">a &lt; b &amp; &quot;c&quot; &gt; d</title>
      <desc id="markovcat-ID-description">one &amp; two</desc>
      <g class="wires">
      <path class="wire" d="M48 49L76 49M112 36L153 36M153 36L206 36M153 36C173.5 36 173.5 69 194 69L268 69M112 62L136 62"/>
      </g>
      <g class="discards">
      <path class="ground" d="M136 54L136 70M140.5 56.8L140.5 67.2M145 59.6L145 64.4"/>
      </g>
      <g class="copies">
      <circle class="copy" cx="153" cy="36" r="3.5"/>
      </g>
      <g class="boxes">
      <path class="box" d="M14 49L48 27L48 71Z"/>
      <text class="name" x="37" y="53.9">p</text>
      <path class="box deterministic composite" d="M76 68L76 30C76 25.03 80.03 21 85 21L103 21C107.97 21 112 25.03 112 30L112 68C112 72.97 107.97 77 103 77L85 77C80.03 77 76 72.97 76 68Z"/>
      <path class="box deterministic inner" d="M76 68L76 30C76 25.03 80.03 21 85 21L103 21C107.97 21 112 25.03 112 30L112 68C112 72.97 107.97 77 103 77L85 77C80.03 77 76 72.97 76 68Z"/>
      <text class="name" x="94" y="53.9">g</text>
      <path class="box" d="M240 36L206 14L206 58Z"/>
      <text class="name" x="217" y="40.9">e</text>
      </g>
      <g class="labels">
      <text class="label" x="60" y="42.2" text-anchor="middle">A</text>
      <text class="label" x="124" y="29.2" text-anchor="middle">A</text>
      <text class="label" x="124" y="55.2" text-anchor="middle">B</text>
      <text class="label" x="275" y="73.2" text-anchor="start">A</text>
      </g>
      </svg>
      "
    `)
  })

  test('from bottom to top, orthogonal, with the title and the description that are made for it', () => {
    expect(drawn(drawSvg(every, { direction: 'bottom-to-top', wires: 'orthogonal' }))).toMatchInlineSnapshot(`
      "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 280" width="90" height="280" class="markovcat-diagram" role="img" aria-labelledby="markovcat-ID-title markovcat-ID-description">
      <title id="markovcat-ID-title">String diagram from I to A</title>
      <desc id="markovcat-ID-description">A string diagram with 3 boxes, 1 copy and 1 discard. Boxes: p (state), g (deterministic composite), e (effect). Wires run from bottom to top, out to A. Boxes with round corners are deterministic, those with sharp corners are not; a double outline contains a diagram; pointed boxes are states or effects; dots copy a wire, and three bars discard it.</desc>
      <g class="wires">
      <path class="wire" d="M47.5 222L47.5 194M34 164L34 119M34 119L34 107M34 119L59 119C62.31 119 65 116.31 65 113L65 35M61 164L61 136"/>
      </g>
      <g class="discards">
      <path class="ground" d="M53 136L69 136M55.8 131.5L66.2 131.5M58.6 127L63.4 127"/>
      </g>
      <g class="copies">
      <circle class="copy" cx="34" cy="119" r="3.5"/>
      </g>
      <g class="boxes">
      <path class="box" d="M47.5 266L27.5 222L67.5 222Z"/>
      <text class="name" x="47.5" y="239.9">p</text>
      <path class="box deterministic composite" d="M67 194L28 194C23.03 194 19 189.97 19 185L19 173C19 168.03 23.03 164 28 164L67 164C71.97 164 76 168.03 76 173L76 185C76 189.97 71.97 194 67 194Z"/>
      <path class="box deterministic inner" d="M67 194L28 194C23.03 194 19 189.97 19 185L19 173C19 168.03 23.03 164 28 164L67 164C71.97 164 76 168.03 76 173L76 185C76 189.97 71.97 194 67 194Z"/>
      <text class="name" x="47.5" y="183.9">g</text>
      <path class="box" d="M34 63L14 107L54 107Z"/>
      <text class="name" x="34" y="98.9">e</text>
      </g>
      <g class="labels">
      <text class="label" x="51.5" y="212.2" text-anchor="start">A</text>
      <text class="label" x="38" y="154.2" text-anchor="start">A</text>
      <text class="label" x="65" y="154.2" text-anchor="start">B</text>
      <text class="label" x="65" y="25.2" text-anchor="middle">A</text>
      </g>
      </svg>
      "
    `)
  })

  test('nothing has no groups but the empty path of its wires', () => {
    expect(drawn(drawSvg(id(), { title: 'nothing' }))).toMatchInlineSnapshot(`
      "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" width="28" height="28" class="markovcat-diagram" role="img" aria-labelledby="markovcat-ID-title markovcat-ID-description">
      <title id="markovcat-ID-title">nothing</title>
      <desc id="markovcat-ID-description">A string diagram with no boxes, no copies and no discards. Wires run from left to right. Boxes with round corners are deterministic, those with sharp corners are not; a double outline contains a diagram; pointed boxes are states or effects; dots copy a wire, and three bars discard it.</desc>
      <g class="wires">
      <path class="wire" d=""/>
      </g>
      </svg>
      "
    `)
  })

  test('a box without a name has no text', () => {
    expect(drawSvg(box('', [A], [A]), { labels: false })).not.toContain('<text')
  })

  test('styles', () => {
    const light = styleOf(drawSvg(every, { theme: 'light' }))
    const dark = styleOf(drawSvg(every, { theme: 'dark' }))
    expect(light).toEqual([
      '.markovcat-diagram text{font-family:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;white-space:pre',
      'markovcat-diagram .name{font-size:14px;text-anchor:middle',
      'markovcat-diagram .label{font-size:12px',
      'markovcat-diagram .wire,.markovcat-diagram .ground{fill:none;stroke-width:1.4;stroke-linejoin:round',
      'markovcat-diagram .ground{stroke-linecap:round',
      'markovcat-diagram .box{stroke-width:1.4;stroke-linejoin:round',
      'markovcat-diagram .composite{stroke-width:4.6',
      'markovcat-diagram .inner{stroke-width:1.8',
      'markovcat-diagram .wire,.markovcat-diagram .ground,.markovcat-diagram .box{stroke:#1c2530',
      'markovcat-diagram .copy,.markovcat-diagram .name{fill:#1c2530',
      'markovcat-diagram .label{fill:#4d5a68',
      'markovcat-diagram .box{fill:#e4edf7',
      'markovcat-diagram .deterministic{fill:#ffffff',
      'markovcat-diagram .box.inner{fill:none;stroke:#e4edf7',
      'markovcat-diagram .deterministic.inner{stroke:#ffffff}',
    ])
    expect(dark.filter((rule) => !light.includes(rule))).toEqual([
      'markovcat-diagram .wire,.markovcat-diagram .ground,.markovcat-diagram .box{stroke:#e3e8ee',
      'markovcat-diagram .copy,.markovcat-diagram .name{fill:#e3e8ee',
      'markovcat-diagram .label{fill:#a9b5c2',
      'markovcat-diagram .box{fill:#24384f',
      'markovcat-diagram .deterministic{fill:#15191e',
      'markovcat-diagram .box.inner{fill:none;stroke:#24384f',
      'markovcat-diagram .deterministic.inner{stroke:#15191e}',
    ])
    expect(styleOf(drawSvg(every)).join('}.')).toBe(
      `${light.join('}.')}@media (prefers-color-scheme:dark){.${dark.slice(-7).join('}.')}}`,
    )
  })
})

test('TikZ', () => {
  expect(drawTikz(every, { direction: 'bottom-to-top', title: 'a\nb', description: 'of all kinds' }))
    .toMatchInlineSnapshot(`
    "% \\usepackage{tikz}
    % a␊b
    % of all kinds
    \\begin{tikzpicture}[
      x=0.75pt, y=-0.75pt, line width=0.6pt, line join=round,
      markovcat box/.style={draw, fill=black!6},
      markovcat deterministic/.style={draw, fill=white, rounded corners=6pt},
      markovcat composite/.style={double, double distance=1pt},
      markovcat name/.style={inner sep=0pt, font=\\normalsize},
      markovcat label/.style={inner sep=0pt, font=\\footnotesize},
    ]
    \\useasboundingbox (0,0) rectangle (90,321);
    \\draw (47.5,263) -- (47.5,235);
    \\draw (34,205) -- (34,160);
    \\draw (34,160) -- (34,107);
    \\draw (34,160) .. controls (34,139.5) and (65,139.5) .. (65,119) -- (65,35);
    \\draw (61,205) -- (61,177);
    \\draw (53,177) -- (69,177);
    \\draw (55.8,172.5) -- (66.2,172.5);
    \\draw (58.6,168) -- (63.4,168);
    \\fill (34,160) circle[radius=2.4pt];
    \\path[markovcat box] (47.5,307) -- (27.5,263) -- (67.5,263) -- cycle;
    \\node[markovcat name, anchor=base] at (47.5,280.2) {p};
    \\path[markovcat deterministic, markovcat composite] (19,235) -- (19,205) -- (76,205) -- (76,235) -- cycle;
    \\node[markovcat name, anchor=base] at (47.5,224.2) {g};
    \\path[markovcat box] (34,63) -- (14,107) -- (54,107) -- cycle;
    \\node[markovcat name, anchor=base] at (34,98.2) {e};
    \\node[markovcat label, anchor=base west] at (51.5,252.4) {A};
    \\node[markovcat label, anchor=base west] at (38,194.4) {A};
    \\node[markovcat label, anchor=base west] at (65,194.4) {B};
    \\node[markovcat label, anchor=base] at (65,24.4) {A};
    \\end{tikzpicture}
    "
  `)
})

test('Typst', () => {
  expect(drawTypst(every, { direction: 'bottom-to-top' })).toMatchInlineSnapshot(`
    "#box(width: 67.5pt, height: 240.75pt, {
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
      drawn(curve.move((35.63pt, 197.25pt)), curve.line((35.63pt, 176.25pt)))
      drawn(curve.move((25.5pt, 153.75pt)), curve.line((25.5pt, 120pt)))
      drawn(curve.move((25.5pt, 120pt)), curve.line((25.5pt, 80.25pt)))
      drawn(curve.move((25.5pt, 120pt)), curve.cubic((25.5pt, 104.63pt), (48.75pt, 104.63pt), (48.75pt, 89.25pt)), curve.line((48.75pt, 26.25pt)))
      drawn(curve.move((45.75pt, 153.75pt)), curve.line((45.75pt, 132.75pt)))
      drawn(curve.move((39.75pt, 132.75pt)), curve.line((51.75pt, 132.75pt)))
      drawn(curve.move((41.85pt, 129.38pt)), curve.line((49.65pt, 129.38pt)))
      drawn(curve.move((43.95pt, 126pt)), curve.line((47.55pt, 126pt)))
      dot(25.5pt, 120pt)
      filled(luma(240), curve.move((35.63pt, 230.25pt)), curve.line((20.63pt, 197.25pt)), curve.line((50.63pt, 197.25pt)), curve.close())
      named(10.5pt, center, 28.13pt, 200.25pt, 15pt, 13.5pt, "p")
      doubled(white, curve.move((50.25pt, 176.25pt)), curve.line((21pt, 176.25pt)), curve.cubic((17.27pt, 176.25pt), (14.25pt, 173.23pt), (14.25pt, 169.5pt)), curve.line((14.25pt, 160.5pt)), curve.cubic((14.25pt, 156.77pt), (17.27pt, 153.75pt), (21pt, 153.75pt)), curve.line((50.25pt, 153.75pt)), curve.cubic((53.98pt, 153.75pt), (57pt, 156.77pt), (57pt, 160.5pt)), curve.line((57pt, 169.5pt)), curve.cubic((57pt, 173.23pt), (53.98pt, 176.25pt), (50.25pt, 176.25pt)), curve.close())
      named(10.5pt, center, 28.13pt, 158.25pt, 15pt, 13.5pt, "g")
      filled(luma(240), curve.move((25.5pt, 47.25pt)), curve.line((10.5pt, 80.25pt)), curve.line((40.5pt, 80.25pt)), curve.close())
      named(10.5pt, center, 18pt, 63.75pt, 15pt, 13.5pt, "e")
      named(9pt, left, 38.63pt, 181.5pt, 15pt, 10.5pt, "A")
      named(9pt, left, 28.5pt, 138pt, 15pt, 10.5pt, "A")
      named(9pt, left, 48.75pt, 138pt, 15pt, 10.5pt, "B")
      named(9pt, center, 41.25pt, 10.5pt, 15pt, 10.5pt, "A")
    })
    "
  `)
  expect(drawTypst(box('', [A], [A]), { labels: false })).not.toContain('  named(')
  expect(drawTypst(box('\\"', [A], [A]), { title: 'a\nb' })).toContain('"\\\\\\""')
  expect(drawTypst(id(), { title: 'a\nb' }).split('\n')[0]).toBe('// a␊b')
})

test('a box without a name is its outline', () => {
  const nameless = box('', [A], [A])
  expect(drawTikz(nameless, { labels: false }).match(/^\\(path|node).*$/gm)).toEqual([
    '\\path[markovcat box] (42,14) -- (78,14) -- (78,44) -- (42,44) -- cycle;',
  ])
  expect(drawTypst(nameless, { labels: false }).match(/^ {2}(filled|named)\(.*$/gm)).toEqual([
    '  filled(luma(240), curve.move((31.5pt, 10.5pt)), curve.line((58.5pt, 10.5pt)), curve.line((58.5pt, 33pt)), curve.line((31.5pt, 33pt)), curve.close())',
  ])
})

test('names of inputs end at their wires', () => {
  expect(drawSvg(box('f', [A], [B])).match(/<text class="label".*$/gm)).toEqual([
    '<text class="label" x="24" y="33.2" text-anchor="end">A</text>',
    '<text class="label" x="130" y="33.2" text-anchor="start">B</text>',
  ])
})

test('text', () => {
  expect(drawText(every).split('\n')).toEqual([
    '          ╭───╮',
    '[p]── A ──┤ g ├── A ────●─[e]',
    '          │   ├── B ──⏚ └────── A',
    '          ╰───╯',
  ])
})

describe('the description', () => {
  const descriptionOf = (diagram: Diagram): string => /<desc[^>]*>([^<]*)</.exec(drawSvg(diagram))![1]!
  const legend =
    'Boxes with round corners are deterministic, those with sharp corners are not; a double outline contains a diagram; ' +
    'pointed boxes are states or effects; dots copy a wire, and three bars discard it.'

  test('of nothing', () => {
    expect(descriptionOf(id())).toBe(
      `A string diagram with no boxes, no copies and no discards. Wires run from left to right. ${legend}`,
    )
  })

  test('counts', () => {
    const squared = seq(copy(A), box('f', [A, A], []))
    expect(descriptionOf(par(squared, squared, discard(A, A)))).toBe(
      `A string diagram with 2 boxes, 2 copies and 2 discards. Boxes: f (effect), f (effect). Wires run from left to right, in from A, A, A, A. ${legend}`,
    )
    expect(descriptionOf(par(state('p', [A]), box('s', [], [])))).toBe(
      `A string diagram with 2 boxes, no copies and no discards. Boxes: p (state), s (scalar). Wires run from left to right, out to A. ${legend}`,
    )
  })

  test('twelve names are listed, of thirteen the first twelve', () => {
    const chain = (length: number): string =>
      descriptionOf({
        kind: 'seq',
        parts: new Array<Diagram>(length).fill(box('f', [A], [A])),
        inputs: [A],
        outputs: [A],
      })
    expect(chain(12)).toContain(`Boxes: ${'f, '.repeat(11)}f. Wires`)
    expect(chain(13)).toContain(`Boxes: ${'f, '.repeat(11)}f and 1 more. Wires`)
  })
})
