/**
 * report.html: the analysis as a page that stands alone, without scripts and without anything fetched.
 */
import type { Report } from './codec.js'
import type { ReportPlot } from './drawing.js'
import { evidence, formatNumber, formatShort } from './format.js'
import type { Exhibits, NamedFigure, ReportTable, Section } from './section.js'
import { failingIn, sectionsOf } from './sections.js'
import { style } from './style.js'

/** The page of a report; `drawing` is the SVG of the model's diagram. */
export const htmlPage = (report: Report, drawing: string): string => {
  const { law, model, backend } = report
  const sections = sectionsOf(report)
  const failing = failingIn(sections)
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
${modelNames[model.architecture]} with ${model.parameters} parameters and hidden states of dimension ${model.hidden}; ${model.steps} training
steps, seed ${model.seed}.</p>
${headline(report)}
<p class="verdict ${failing.length === 0 ? 'good' : 'bad'}">${
    failing.length === 0
      ? '✓ Every identity and every bound on this page holds.'
      : `✗ These do not hold: ${failing.map(escape).join(', ')}.`
  }</p>
<p>An <em>identity</em> is exact: its residual is rounding. A <em>bound</em> is an inequality, shown with its limit. A
<em>measurement</em> is what was seen: beside it stands what chance gives (mean and 95% band, with the same weights of contexts), the
untrained network, and a network trained on shuffled targets.</p>
</header>

${sections.map(sectionHtml).join('\n')}

<section>
<h2>The model as a diagram, and where it ran</h2>
<figure class="diagram">${drawing}
<figcaption>k_gen = k_head · k_bb · k_emb, read from left to right. k_emb and k_bb are deterministic; only the head is not.</figcaption></figure>
<p>Compiled: ${escape(backend.compiled)}. It ran on <strong>${escape(backend.ran)}</strong> (${escape(backend.executor)}): ${escape(backend.reason)}.
${backend.kernels} kernels, some ${formatNumber(backend.operations)} operations for all contexts. Training and the figures other than the
categorical entropies of the head are computed in float64.</p>
</section>

<footer><p>All numbers are in report.json beside this page, under documented names. Logarithms are natural.</p></footer>
</main>
</body>
</html>
`
}

const modelNames: Readonly<Record<Report['model']['architecture'], string>> = {
  mlp: 'a context MLP',
  table: 'a free table of contexts',
  transformer: 'a causal transformer',
}

/** The four numbers that come first. */
const headline = ({ calibration, checkpoints, alignment }: Report): string => {
  const last = checkpoints[checkpoints.length - 1]!
  const cells: readonly (readonly [string, string])[] = [
    [formatShort(calibration.gap.value), 'nats, NLL − H̄: entropy calibration'],
    [formatShort(last.kl.value), 'nats, KL: what the model lacks'],
    [formatShort(last.nll.value), 'nats, NLL of a token'],
    [alignment.kernels.bhattacharyya.captured.figure.value.toFixed(3), 'captured fraction, Bhattacharyya'],
  ]
  return `<ul class="headline">${cells.map(([value, name]) => `<li><strong>${escape(value)}</strong><span>${escape(name)}</span></li>`).join('')}</ul>`
}

const sectionHtml = (section: Section): string => {
  const { title, plain, lights, expert } = section
  const hidden = expert.figures.length + expert.plots.length + expert.tables.length
  return `<section>
<h2>${escape(title)}</h2>
${plain.map((text) => `<p>${escape(text)}</p>`).join('\n')}
${lights.length === 0 ? '' : `<ul class="lights">${lights.map(lightHtml).join('')}</ul>`}
${exhibitsHtml(section)}
${hidden === 0 ? '' : `<details><summary>For experts: ${escape(summaryOf(expert))}</summary>\n${exhibitsHtml(expert)}\n</details>`}
</section>`
}

const summaryOf = ({ figures, plots, tables }: Exhibits): string =>
  [[figures.length, 'figure'] as const, [plots.length, 'plot'] as const, [tables.length, 'table'] as const]
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} more ${name}${count === 1 ? '' : 's'}`)
    .join(', ')

const lightHtml = ({ statement, residual, holds }: Section['lights'][number]): string =>
  `<li class="${holds ? 'good' : 'bad'}">${holds ? '✓' : '✗'} ${escape(statement)} <span>largest residual ${formatNumber(residual)}</span></li>`

const exhibitsHtml = ({ figures, plots, tables }: Exhibits): string =>
  [
    figures.length === 0 ? '' : figuresHtml(figures),
    ...tables.map(tableHtml),
    plots.length === 0 ? '' : `<div class="plots">\n${plots.map(plotHtml).join('\n')}\n</div>`,
  ]
    .filter((part) => part !== '')
    .join('\n')

const figuresHtml = (figures: readonly NamedFigure[]): string => `<div class="figures"><table>
<thead><tr><th>quantity</th><th class="number">value</th><th>unit</th><th>kind</th><th>held against</th></tr></thead>
<tbody>
${figures.map(rowHtml).join('\n')}
</tbody>
</table></div>`

const rowHtml = ({ name, figure, note }: NamedFigure): string => {
  const failed = figure.kind !== 'measurement' && !figure.holds
  return `<tr${failed ? ' class="bad"' : ''}><td title="${escape(figure.statement)}">${escape(name)}</td><td class="number">${formatNumber(
    figure.value,
  )}</td><td>${figure.unit === '1' ? '' : figure.unit}</td><td class="kind">${figure.kind}</td><td>${escape(evidence(figure))}${
    note === undefined ? '' : `<small>${escape(note)}</small>`
  }</td></tr>`
}

const tableHtml = ({ title, head, rows, caption }: ReportTable): string => `<h3>${escape(title)}</h3>
<div class="scroll"><table>
<thead><tr>${head.map((cell) => `<th>${escape(cell)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div>
<p class="caption">${escape(caption)}</p>`

const plotHtml = ({ title, svg, caption }: ReportPlot): string => `<figure>
<h3>${escape(title)}</h3>
${svg}
<figcaption>${escape(caption)}</figcaption>
</figure>`

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)!};`)
