/**
 * report.html: the analysis as a page that stands alone, without scripts and without anything fetched.
 */
import type { Figure } from '../information/figure.js'
import type { Report } from './codec.js'
import { evidence, formatNumber } from './format.js'
import { plotsOf } from './plots.js'
import { finalFigures } from './rows.js'

/** The page of a report; `drawing` is the SVG of the model's diagram. */
export const htmlPage = (report: Report, drawing: string): string => {
  const { law, model, backend, checkpoints, ledger } = report
  const rows = finalFigures(report)
  const groups = [...new Set(rows.map(({ group }) => group))]
  const last = checkpoints[checkpoints.length - 1]!
  const failing = rows.filter(({ figure }) => figure.kind !== 'measurement' && !figure.holds)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>markovcat: ${escape(law.name)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escape(law.name)}</h1>
<p>${escape(law.note)}</p>
<p>${law.contexts} contexts of ${law.contextLength} symbols over an alphabet of ${law.symbols.length};
hidden states of dimension ${model.hidden}; ${model.steps} training steps, seed ${model.seed}.
Kernels ran on <strong>${escape(backend.ran)}</strong> (${escape(backend.executor)}): ${escape(backend.reason)}.</p>
<p class="verdict ${failing.length === 0 ? 'good' : 'bad'}">${
    failing.length === 0
      ? 'Every identity and every bound of the tables below holds.'
      : `These do not hold: ${failing.map(({ name }) => escape(name)).join(', ')}.`
  }</p>
</header>

<section>
<h2>The model as a diagram</h2>
<figure class="diagram">${drawing}
<figcaption>k_gen = k_head · k_bb · k_emb, read from left to right. k_emb and k_bb are deterministic; only the head is not.</figcaption></figure>
</section>

<section>
<h2>In numbers</h2>
<p>An <em>identity</em> is exact: its residual is rounding. A <em>bound</em> is an inequality, shown with its limit. A
<em>measurement</em> is what was seen: beside it stands what chance gives (mean and 95% band of random features with the same
weights), the untrained network, and a network trained on shuffled targets.</p>
${groups
  .map(
    (group) => `<h3>${escape(group)}</h3>
<div class="scroll"><table>
<thead><tr><th>quantity</th><th class="number">value</th><th>unit</th><th>kind</th><th>held against</th></tr></thead>
<tbody>
${rows
  .filter((row) => row.group === group)
  .map(({ name, figure }) => tableRow(name, figure))
  .join('\n')}
</tbody>
</table></div>`,
  )
  .join('\n')}
<p>The embedding tells ${ledger.distinctEmbeddings} of ${law.contexts} contexts apart, the hidden state ${ledger.distinctHiddenStates}.
${
  ledger.distinctHiddenStates === law.contexts
    ? 'The encoder is injective, so it loses no Shannon information: the first two lines of the ledger are zero and the whole of KL is lost at the head.'
    : 'Where contexts are merged, Shannon information is lost before the head.'
}</p>
</section>

<section>
<h2>Curves and spectra</h2>
<p>The model at the end has NLL ${formatNumber(last.nll.value)} nats. Each plot says how to read it.</p>
<div class="plots">
${plotsOf(report)
  .map(
    ({ title, svg, caption }) => `<figure>
<h3>${escape(title)}</h3>
${svg}
<figcaption>${escape(caption)}</figcaption>
</figure>`,
  )
  .join('\n')}
</div>
</section>

<footer><p>All numbers are in report.json beside this page, under documented names. Logarithms are natural.</p></footer>
</main>
</body>
</html>
`
}

const tableRow = (name: string, figure: Figure): string => {
  const failed = figure.kind !== 'measurement' && !figure.holds
  return `<tr${failed ? ' class="bad"' : ''}><td title="${escape(figure.statement)}">${escape(name)}</td><td class="number">${formatNumber(
    figure.value,
  )}</td><td>${figure.unit === '1' ? '' : figure.unit}</td><td class="kind ${figure.kind}">${figure.kind}</td><td>${escape(
    evidence(figure),
  )}</td></tr>`
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)!};`)

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --muted: #5a6675; --paper: #fdfdfb; --card: #ffffff; --line: #d9dee5; --good: #1d6b3a; --bad: #a8281f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --muted: #a3adba; --paper: #14181e; --card: #1b2129; --line: #343d49; --good: #6fcf97; --bad: #ff8f84; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 28px; margin: 0 0 8px; } h2 { font-size: 21px; margin: 40px 0 10px; } h3 { font-size: 16px; margin: 20px 0 6px; }
p { max-width: 78ch; margin: 8px 0; }
.verdict { font-weight: 600; } .good { color: var(--good); } .bad, .bad td { color: var(--bad); }
figure { margin: 0; } figcaption { color: var(--muted); font-size: 14px; max-width: 72ch; }
.diagram { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; overflow-x: auto; }
.diagram svg { display: block; max-width: 100%; height: auto; margin: 0 auto 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; table-layout: fixed; }
table th:nth-child(1) { width: 34%; } table th:nth-child(2) { width: 8em; } table th:nth-child(3) { width: 4.5em; } table th:nth-child(4) { width: 8em; }
th, td { text-align: left; padding: 4px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--muted); font-weight: 500; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; } .scroll table { min-width: 760px; }
.kind { white-space: nowrap; color: var(--muted); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 20px; }
.plots figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.plots svg { display: block; width: 100%; height: auto; }
.plots h3 { margin-top: 0; }
footer { color: var(--muted); margin-top: 40px; border-top: 1px solid var(--line); }
`
