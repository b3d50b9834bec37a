/**
 * Plots as SVG text, drawn without a browser.
 */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

import type { MeasurementFigure } from '../information/figure.js'

/** One drawing with what to see in it. */
export interface ReportPlot {
  readonly title: string
  readonly svg: string
  /** How to read it. */
  readonly caption: string
}

/** A number at a training step, on a named line. */
export interface Point {
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
    marginLeft: 56,
    marginTop: 30,
    marginBottom: 42,
    style: { background: 'none', fontSize: '13px', overflow: 'visible' },
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

/** Lines over training steps, each named at its end. */
export const linePlot = (title: string, points: readonly Point[], label: string): string => {
  const series = [...new Set(points.map((point) => point.series))]
  return render(title, {
    x: stepAxis,
    y: { label: `↑ ${label}`, grid: true },
    color: { domain: series, range: colours, legend: false },
    marginRight: 124,
    marks: [
      ...(points.some(({ value }) => value < 0) ? [Plot.ruleY([0], { stroke: '#888' })] : []),
      Plot.line(points, { x: onAxis, y: 'value', stroke: 'series', strokeWidth: 2 }),
      namesAtEnds(series, points, points),
    ],
  })
}

/** A score at a training step, and what it is called where it is drawn. */
export interface ScoredStep {
  readonly step: number
  readonly figure: MeasurementFigure
}

const scoreSeries = ['trained', 'surrogate’s optimum', 'shuffled targets', 'untrained'] as const

/** A score over training steps from 0 to 1, with its null band and baselines, and what the surrogate's optimum scores. */
export const scorePlot = (title: string, label: string, steps: readonly ScoredStep[], reference: number): string => {
  const points: readonly Point[] = steps.flatMap(({ step, figure }) => [
    { step, value: figure.value, series: 'trained' },
    { step, value: reference, series: 'surrogate’s optimum' },
    { step, value: figure.baselines['shuffled targets'] ?? Number.NaN, series: 'shuffled targets' },
    { step, value: figure.baselines['untrained'] ?? Number.NaN, series: 'untrained' },
  ])
  const band = steps.map(({ step, figure }) => ({ step, ...figure.null }))
  const range = [
    { step: 0, value: 0, series: '' },
    { step: 0, value: 1, series: '' },
  ]
  return render(title, {
    x: stepAxis,
    y: { label: `↑ ${label}`, domain: [0, 1], grid: true },
    color: { domain: scoreSeries, range: [colours[0]!, colours[3]!, colours[1]!, colours[4]!] },
    marginRight: 140,
    marks: [
      Plot.areaY(band, { x: onAxis, y1: 'lower', y2: 'upper', fill: '#888', fillOpacity: 0.25 }),
      Plot.line(
        points.filter(({ series }) => series !== 'surrogate’s optimum'),
        { x: onAxis, y: 'value', stroke: 'series', strokeWidth: 2 },
      ),
      Plot.line(
        points.filter(({ series }) => series === 'surrogate’s optimum'),
        { x: onAxis, y: 'value', stroke: 'series', strokeWidth: 1.5, strokeDasharray: '5 4' },
      ),
      namesAtEnds(scoreSeries, points, range),
    ],
  })
}

const namesAtEnds = (series: readonly string[], points: readonly Point[], range: readonly Point[]) =>
  Plot.text(
    spread(
      series.map((name) => points.filter((point) => point.series === name).at(-1)!),
      range,
    ),
    { x: onAxis, y: 'place', text: 'series', fill: 'series', textAnchor: 'start', dx: 8 },
  )

/** Places for labels at the ends of lines: at the line's end, but never nearer to another label than a line of text. */
const spread = (ends: readonly Point[], range: readonly Point[]): readonly (Point & { readonly place: number })[] => {
  const values = range.map(({ value }) => value)
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

/** The first eigenvalues as bars; some of them are marked. */
export const spectrumPlot = (title: string, values: readonly number[], marked: number): string =>
  render(title, {
    x: {
      label: 'number of the eigenvalue →',
      tickFormat: (k: number) => (values.length <= 12 || k % 4 === 0 || k === 1 ? `${k}` : ''),
    },
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
