/**
 * The rows of the table that are curves: a law, a model, how it is trained, and what shape is expected.
 */
import { kernelInformation } from '../../src/information/mutual-information.js'
import { modelShape } from '../../src/language-model/initialise.js'
import type { DataKernel } from '../../src/language-model/data-kernel.js'
import { processLaw } from '../../src/language-model/law.js'
import type { Architecture, TableShape } from '../../src/language-model/model.js'
import { shuffleTargets } from '../../src/language-model/shuffled-targets.js'
import { checkpointSteps } from '../../src/language-model/train.js'
import { adamCurve, type CurvePoint, descentCurve } from './curve.js'
import {
  type ReferenceCurve,
  referenceDivergence,
  referenceInformation,
  type ReferenceRow,
  referenceRows,
} from './reference.js'
import { scorer, type ScoreName, scoreNames } from './scores.js'
import {
  type CurveSummary,
  type ExpectedShape,
  missing,
  type Spread,
  spreadOf,
  summarise,
  type Track,
  verdict,
} from './shape.js'
import type { NullBand } from '../../src/information/figure.js'
import { letters, orThrow, type Text, words } from './texts.js'

export interface CurveRow {
  readonly name: keyof typeof referenceRows
  readonly title: string
  readonly kernel: (text: Text) => DataKernel
  readonly model: (kernel: DataKernel) => Architecture
  readonly optimiser: 'adam' | 'descent'
  readonly learningRate: number
  readonly steps: number
  readonly seeds: number
  readonly expected: ExpectedShape
}

export const tableOf = (kernel: DataKernel, hidden: number): TableShape => ({
  kind: 'table',
  symbols: kernel.symbols.length,
  contexts: kernel.weights.length,
  hidden,
})

export const mlpOf = (kernel: DataKernel, hidden: number): Architecture => ({
  kind: 'mlp',
  ...orThrow(modelShape(kernel, { hidden })),
})

const mess3 = 'mess3(x=0.05,a=0.85)'

export const curveRows: readonly CurveRow[] = [
  {
    name: 'A',
    title: 'letters, one before; table, d = 4',
    kernel: (text) => letters(text, 1),
    model: (kernel) => tableOf(kernel, 4),
    optimiser: 'adam',
    learningRate: 0.03,
    steps: 6000,
    seeds: 5,
    expected: 'relaxes',
  },
  {
    name: 'B',
    title: 'letters, two before; table, d = 8',
    kernel: (text) => letters(text, 2),
    model: (kernel) => tableOf(kernel, 8),
    optimiser: 'adam',
    learningRate: 0.03,
    steps: 2000,
    seeds: 5,
    expected: 'relaxes',
  },
  {
    name: 'C',
    title: 'letters, two before; MLP, d = 8',
    kernel: (text) => letters(text, 2),
    model: (kernel) => mlpOf(kernel, 8),
    optimiser: 'adam',
    learningRate: 0.003,
    steps: 6000,
    seeds: 5,
    expected: 'relaxes',
  },
  {
    name: 'D',
    title: '500 words, one before; table, d = 8',
    kernel: (text) => words(text, 500),
    model: (kernel) => tableOf(kernel, 8),
    optimiser: 'adam',
    learningRate: 0.03,
    steps: 3000,
    seeds: 2,
    expected: 'relaxes',
  },
  {
    name: 'E',
    title: `${mess3}, six before; MLP, d = 2: it can express the law`,
    kernel: () => orThrow(processLaw(mess3, 6)).kernel,
    model: (kernel) => mlpOf(kernel, 2),
    optimiser: 'adam',
    learningRate: 0.01,
    steps: 5000,
    seeds: 5,
    expected: 'rises',
  },
  {
    name: 'small-start',
    title: 'letters, one before; table, d = 4; gradient descent from deviations of .01',
    kernel: (text) => letters(text, 1),
    model: (kernel) => tableOf(kernel, 4),
    optimiser: 'descent',
    learningRate: 2,
    steps: 20_000,
    seeds: 5,
    expected: 'relaxes',
  },
]

export interface ScoreResult {
  readonly score: ScoreName
  readonly reference: ReferenceCurve | undefined
  readonly summary: CurveSummary
  readonly chance: NullBand
  readonly verdict: string
}

export interface RowResult {
  readonly row: CurveRow
  readonly law: string
  readonly information: number
  readonly referenceInformation: number | undefined
  /** Of the last step. */
  readonly divergence: Spread
  readonly overconfidence: Spread
  readonly excess: Spread
  readonly referenceDivergence: number | undefined
  /** KL at the peak of the captured fraction over KL at the end, seed by seed. */
  readonly divergenceAtPeak: Spread
  /** The worst of the identities, over all points of all curves. */
  readonly residual: number
  readonly scores: readonly ScoreResult[]
  /** The same models trained on shuffled targets, scored against the true law. */
  readonly shuffled: readonly ScoreResult[] | undefined
}

export interface RowSettings {
  readonly text: Text
  readonly seeds?: number
  readonly steps?: number
  readonly draws?: number
  /** How many points a curve has, about. */
  readonly points?: number
  readonly onProgress?: (what: string) => void
}

const zip = <A>(points: readonly CurvePoint[], of: (point: CurvePoint) => readonly A[]): readonly (readonly A[])[] => {
  const rows = points.map(of)
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!))
}

/** Trains all seeds of a row, and the same on shuffled targets where the optimiser is Adam's. */
export const runRow = async (
  row: CurveRow,
  { text, seeds = row.seeds, steps = row.steps, draws = 200, points = 40, onProgress = () => undefined }: RowSettings,
): Promise<RowResult> => {
  const kernel = row.kernel(text)
  const architecture = row.model(kernel)
  const references: ReferenceRow = referenceRows[row.name]
  const names = scoreNames.filter((name) => name in references)
  const { of, chance } = scorer(kernel, names)
  const dimension = architecture.kind === 'transformer' ? architecture.width : architecture.hidden
  const bands = chance(dimension, draws)
  const at = checkpointSteps(steps, points)
  const settings = (seed: number) => ({ seed, steps, learningRate: row.learningRate })
  const tracksOf = (curve: readonly CurvePoint[]): readonly Track[] =>
    zip(curve, ({ hidden }) => of(hidden)).map((values) => ({ steps: at, values }))

  const curves: (readonly CurvePoint[])[] = []
  const others: (readonly CurvePoint[])[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    onProgress(`${row.name}, seed ${seed}`)
    if (row.optimiser === 'descent' && architecture.kind === 'table')
      curves.push(descentCurve(architecture, kernel, { ...settings(seed), deviation: 0.01 }, at))
    else {
      curves.push((await adamCurve(architecture, kernel, settings(seed), at)).points)
      const target = shuffleTargets(kernel, seed)
      others.push((await adamCurve(architecture, kernel, settings(seed), at, target)).points)
    }
  }
  const tracks = curves.map(tracksOf)
  const otherTracks = others.map(tracksOf)
  const finals = tracks.map((each) => each.map(({ values }) => values.at(-1)!))
  const resultsOf = (
    expected: ExpectedShape,
    reference: ReferenceRow | undefined,
    of: readonly (readonly Track[])[],
  ): readonly ScoreResult[] =>
    names.map((score, column) => ({
      score,
      reference: reference?.[score],
      summary: summarise(of.map((each) => each[column]!)),
      chance: bands[column]!,
      verdict: verdict(of.map((each, seed) => missing(expected, each[column]!, bands[column]!, finals[seed]![column]))),
    }))
  const last = curves.map((curve) => curve.at(-1)!)
  const captured = Math.max(names.indexOf('captured, Bhattacharyya'), 0)
  return {
    row,
    law: kernel.name,
    information: kernelInformation(kernel.weights, kernel.next),
    referenceInformation: referenceInformation[row.name],
    divergence: spreadOf(last.map(({ divergence }) => divergence)),
    overconfidence: spreadOf(last.map(({ overconfidence }) => overconfidence)),
    excess: spreadOf(last.map(({ excess }) => excess)),
    referenceDivergence: referenceDivergence[row.name],
    divergenceAtPeak: spreadOf(
      curves.map((curve, seed) => {
        const { values } = tracks[seed]![captured]!
        return curve[values.indexOf(Math.max(...values))]!.divergence / curve.at(-1)!.divergence
      }),
    ),
    residual: Math.max(...curves.flat().map(({ residual }) => residual)),
    scores: resultsOf(row.expected, references, tracks),
    shuffled:
      others.length === 0
        ? undefined
        : resultsOf('nothing', row.name === 'C' ? referenceRows["C'"] : undefined, otherTracks),
  }
}
