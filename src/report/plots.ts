/**
 * Plots as SVG text, drawn without a browser.
 */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

import type { Analysis, PerSimilarity } from '../language-model/analysis.js'
import { similarities, type Similarity, similarityTitle } from '../language-model/similarity.js'

/** One drawing with what to see in it. */
export interface ReportPlot {
  readonly title: string
  readonly svg: string
  /** How to read it. */
  readonly caption: string
}

interface Point {
  readonly step: number
  readonly value: number
  readonly series: string
}

const width = 430
const height = 270
const colours = ['#2563a8', '#c2571a', '#3d7d3a', '#8a4fa3', '#6b6b6b']

const render = (title: string, options: Plot.PlotOptions): string => {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = Plot.plot({
    document,
    width,
    height,
    marginLeft: 62,
    marginBottom: 42,
    style: { background: 'none', fontSize: '12px', overflow: 'visible' },
    ...options,
  })
  drawn.setAttribute('role', 'img')
  drawn.setAttribute('aria-label', title)
  return drawn.outerHTML
}

/** Steps are shown as 1 + step, so that the untrained model has a place on a logarithmic axis. */
const stepAxis: Plot.ScaleOptions = {
  type: 'log',
  label: 'training step + 1 →',
  tickFormat: (step: number) => `${step}`,
  ticks: 5,
}
const onAxis = ({ step }: { readonly step: number }): number => step + 1

const lines = (title: string, points: readonly Point[], label: string, y: Plot.ScaleOptions = {}): string => {
  const series = [...new Set(points.map((point) => point.series))]
  return render(title, {
    x: stepAxis,
    y: { label: `↑ ${label}`, grid: true, ...y },
    color: { domain: series, range: colours, legend: false },
    marginRight: 118,
    marks: [
      Plot.line(points, { x: onAxis, y: 'value', stroke: 'series', strokeWidth: 2 }),
      Plot.text(
        spread(
          series.map((name) => points.filter((point) => point.series === name).at(-1)!),
          points,
        ),
        { x: onAxis, y: 'place', text: 'series', fill: 'series', textAnchor: 'start', dx: 8 },
      ),
    ],
  })
}

/** Places for labels at the ends of lines: at the line's end, but never nearer to another label than a line of text. */
const spread = (ends: readonly Point[], all: readonly Point[]): readonly (Point & { readonly place: number })[] => {
  const values = all.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const gap = ((high - low) * 15) / (height - 80)
  const placed: (Point & { readonly place: number })[] = []
  for (const end of [...ends].sort((a, b) => a.value - b.value)) {
    const below = placed[placed.length - 1]
    placed.push({ ...end, place: below === undefined ? end.value : Math.max(end.value, below.place + gap) })
  }
  // If the pile grew over the top, it is let down as a whole.
  const excess = Math.max(0, (placed[placed.length - 1]?.place ?? 0) - high)
  return placed.map((label) => ({ ...label, place: label.place - Math.min(excess, label.place - low) }))
}

const scorePlots = (analysis: Analysis, score: 'captured' | 'overlap'): PerSimilarity<string> => {
  const plot = (similarity: Similarity): string => {
    const figures = analysis.checkpoints.map(({ step, alignment }) => ({ step, figure: alignment[similarity][score] }))
    const points: readonly Point[] = figures.flatMap(({ step, figure }) => [
      { step, value: figure.value, series: 'trained' },
      { step, value: figure.baselines['shuffled targets'] ?? Number.NaN, series: 'shuffled targets' },
      { step, value: figure.baselines['untrained'] ?? Number.NaN, series: 'untrained' },
    ])
    const band = figures.map(({ step, figure }) => ({ step, ...figure.null }))
    const title = `${score === 'captured' ? 'Captured fraction' : 'Overlap'}, ${similarityTitle[similarity]} operator`
    const ends = ['trained', 'shuffled targets', 'untrained'].map((name) =>
      points.filter(({ series }) => series === name).at(-1)!,
    )
    return render(title, {
      x: stepAxis,
      y: { label: `↑ ${score === 'captured' ? 'captured fraction' : 'overlap'}`, domain: [0, 1], grid: true },
      color: { domain: ['trained', 'shuffled targets', 'untrained'], range: [colours[0]!, colours[1]!, colours[4]!] },
      marginRight: 118,
      marks: [
        Plot.areaY(band, { x: onAxis, y1: 'lower', y2: 'upper', fill: '#888', fillOpacity: 0.25 }),
        Plot.line(points, { x: onAxis, y: 'value', stroke: 'series', strokeWidth: 2 }),
        Plot.text(spread(ends, [...points, { step: 0, value: 0, series: '' }, { step: 0, value: 1, series: '' }]), {
          x: onAxis,
          y: 'place',
          text: 'series',
          fill: 'series',
          textAnchor: 'start',
          dx: 8,
        }),
      ],
    })
  }
  return { bhattacharyya: plot('bhattacharyya'), linear: plot('linear'), cca: plot('cca') }
}

const spectrumPlot = (title: string, values: readonly number[], marked: number): string =>
  render(title, {
    x: { label: 'number of the eigenvalue →', tickFormat: (k: number) => (k % 4 === 0 || k === 1 ? `${k}` : '') },
    y: { label: '↑ eigenvalue', grid: true, zero: true },
    color: { domain: ['top', 'rest'], range: [colours[0]!, '#9aa5b1'] },
    marks: [
      Plot.barY(
        values
          .slice(0, 24)
          .map((value, index) => ({ number: index + 1, value, part: index < marked ? 'top' : 'rest' })),
        { x: 'number', y: 'value', fill: 'part' },
      ),
      Plot.ruleY([0]),
    ],
  })

/** The curves and spectra of a report. */
export const plotsOf = (analysis: Analysis): readonly ReportPlot[] => {
  const { checkpoints, data, pullback, model } = analysis
  const dataEntropy = data.conditionalEntropy.value
  const curve = checkpoints.flatMap(({ step, nll, categoricalEntropy }): readonly Point[] => [
    { step, value: nll.value, series: 'NLL' },
    { step, value: categoricalEntropy.shannon.value, series: 'entropy of head' },
    { step, value: dataEntropy, series: 'H_data' },
  ])
  const gaps = checkpoints.flatMap(({ step, kl, calibration, entropyGap }): readonly Point[] => [
    { step, value: kl.value, series: 'KL' },
    { step, value: calibration.value, series: 'NLL − H̄' },
    { step, value: entropyGap.value, series: '|H̄ − H_data|' },
  ])
  const entropies = checkpoints.flatMap(({ step, categoricalEntropy }): readonly Point[] =>
    Object.entries(categoricalEntropy).map(([series, { value }]) => ({ step, value, series })),
  )
  const captured = scorePlots(analysis, 'captured')
  const overlap = scorePlots(analysis, 'overlap')

  return [
    {
      title: 'Training',
      svg: lines('Training', curve, 'nats per token'),
      caption:
        'The loss NLL falls towards H_data, the least that any model of this law can reach; their distance is KL. The mean Shannon entropy of the head starts high (the untrained head is nearly uniform) and ends a little above H_data.',
    },
    {
      title: 'Calibration',
      svg: lines('Calibration', gaps, 'nats per token'),
      caption:
        'NLL − H̄ is zero exactly where the head is calibrated in entropy, in particular wherever the gradient of the head vanishes; from then on H̄ − H_data equals KL. Above zero the head is over-confident, below it under-confident.',
    },
    {
      title: 'Categorical entropies of the head',
      svg: lines('Categorical entropies of the head', entropies, 'mean over contexts'),
      caption:
        'Five divergences define five entropies; each is zero exactly for a deterministic head. They are computed by the gpu.js kernels and agree with float64 to the residual in the table.',
    },
    ...similarities.flatMap((similarity): readonly ReportPlot[] => [
      {
        title: `Captured fraction, ${similarityTitle[similarity]} operator`,
        svg: captured[similarity],
        caption:
          'How much of the leading centred spectrum of the data’s operator the hidden states span: 1 is all that D dimensions can. The grey band holds 95 in 100 random features of the same dimension and weights; compare the untrained network and the one trained on shuffled targets.',
      },
      {
        title: `Overlap, ${similarityTitle[similarity]} operator`,
        svg: overlap[similarity],
        caption:
          'The mean squared cosine between the span of the hidden states and the top eigenspace of the data’s operator. It may rise, peak and relax while the loss keeps falling: minimising NLL does not aim at this eigenspace.',
      },
      {
        title: `Spectrum of the data, ${similarityTitle[similarity]} operator`,
        svg: spectrumPlot(`Spectrum, ${similarity}`, data.operators[similarity].centred.values, model.hidden),
        caption: `The centred eigenvalues of the data’s predictive-similarity operator; the first ${model.hidden} are what a hidden state of dimension ${model.hidden} can span. Equal neighbours make the eigenspace ambiguous there.`,
      },
    ]),
    {
      title: 'Pullback metric',
      svg: spectrumPlot('Pullback metric', pullback.spectrum.values, pullback.spectrum.values.length),
      caption:
        'The eigenvalues of the Fisher-Rao metric pulled back along the head, at the mean hidden state: how fast the prediction changes along each direction of the hidden space.',
    },
  ]
}
