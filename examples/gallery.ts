/**
 * A page of drawn diagrams: `npm run gallery` writes gallery/index.html.
 *
 * Each diagram is shown as a picture, in both directions of reading, and as text, TikZ and Typst.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

import {
  box,
  copy,
  type Diagram,
  discard,
  drawSvg,
  drawText,
  drawTikz,
  drawTypst,
  finite,
  id,
  open,
  par,
  program,
  real,
  seq,
  state,
  swap,
} from '../dsl/index.js'
import { languageModel } from './language-model.js'

interface Exhibit {
  readonly title: string
  readonly text: string
  readonly diagram: Diagram
}

const A = finite('A', 2)
const B = finite('B', 2)
const X = finite('X', 2)
const f = box('f', [A], [B])
const g = box('g', [A], [B], { deterministic: true })

const Hidden = finite('State', 8)
const Symbol = finite('Symbol', 8)
const step = box('step', [Hidden], [Hidden])
const emit = box('emit', [Hidden], [Symbol])
const hiddenMarkov = program([Hidden], (start) => {
  const [s1] = step(start)
  const [s2] = step(s1)
  const [s3] = step(s2)
  const [s4] = step(s3)
  return [...emit(s1), ...emit(s2), ...emit(s3), ...emit(s4)]
})

const joint = state('joint', [A, B])
const marginal = state('marginal', [A])
const conditional = box('conditional', [A], [B])

const pair = box('layer', [X, X], [X, X])
const even = par(pair, pair, pair)
const odd = par(id(X), pair, pair, id(X))

const Stream = real('Stream', 64)
const Update = real('Update', 64)
const residual = box('residual', [Stream], [Stream], {
  deterministic: true,
  body: seq(
    copy(Stream),
    par(id(Stream), box('attention', [Stream], [Update], { deterministic: true })),
    box('add', [Stream, Update], [Stream], { deterministic: true }),
  ),
})

export const exhibits: readonly Exhibit[] = [
  {
    title: 'A language model',
    text: 'Three stages; round corners mark the deterministic ones.',
    diagram: languageModel({ symbols: ['a', 'b'], contextLength: 2, embedding: 16, hidden: 8 }).kGen,
  },
  { title: 'Copy', text: 'The weather is used twice.', diagram: seq(copy(A), par(id(A), f)) },
  { title: 'Discard', text: 'Equal to discarding the input: discard is natural.', diagram: seq(f, discard(B)) },
  { title: 'Symmetry', text: 'Two wires change places.', diagram: seq(par(f, g), swap(B, B)) },
  {
    title: 'Common cause',
    text: 'One draw, used twice.',
    diagram: seq(state('cause', [A]), copy(A), par(f, g)),
  },
  {
    title: 'Disintegration, left side',
    text: 'A joint state.',
    diagram: joint,
  },
  {
    title: 'Disintegration, right side',
    text: 'Its marginal, copied, and a conditional.',
    diagram: seq(marginal, copy(A), par(id(A), conditional)),
  },
  { title: 'A hidden Markov model', text: 'A comb: every state is copied.', diagram: hiddenMarkov },
  { title: 'A brick wall', text: 'Layers of two-wire boxes.', diagram: seq(even, odd, even, odd) },
  {
    title: 'An effect',
    text: 'A box without outputs; in the normal form it is gone.',
    diagram: seq(copy(A), par(box('observe', [A], []), f)),
  },
  { title: 'A box that contains a diagram, closed', text: 'A double outline.', diagram: seq(residual, residual) },
  { title: 'The same, opened', text: 'Two residual blocks.', diagram: open(seq(residual, residual)) },
]

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)

const source = (name: string, text: string): string =>
  `<details><summary>${name}</summary><pre>${escape(text)}</pre></details>`

const card = ({ title, text, diagram }: Exhibit): string => `<section>
<h2>${escape(title)}</h2>
<p>${escape(text)}</p>
<div class="pictures">
<figure>${drawSvg(diagram, { title })}</figure>
<figure>${drawSvg(diagram, { title: `${title}, orthogonal`, wires: 'orthogonal' })}</figure>
<figure>${drawSvg(diagram, { title: `${title}, upwards`, direction: 'bottom-to-top' })}</figure>
</div>
<pre>${escape(drawText(diagram))}</pre>
${source('TikZ', drawTikz(diagram))}
${source('Typst', drawTypst(diagram))}
</section>`

export const galleryPage = (): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>markovcat: a gallery of string diagrams</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 1180px; margin: 0 auto; padding: 24px; font: 16px/1.5 system-ui, sans-serif; }
section { border-top: 1px solid #8884; padding: 12px 0 20px; }
.pictures { display: flex; flex-wrap: wrap; gap: 24px; align-items: center; }
figure { margin: 0; max-width: 100%; overflow-x: auto; }
pre { overflow-x: auto; font: 14px/1.2 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
</style>
</head>
<body>
<h1>A gallery of string diagrams</h1>
${exhibits.map(card).join('\n')}
</body>
</html>
`

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync('gallery', { recursive: true })
  writeFileSync('gallery/index.html', galleryPage())
  console.log(`wrote gallery/index.html with ${exhibits.length} diagrams`)
}
