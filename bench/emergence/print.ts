/**
 * The tables of the study as text.
 */
import type { NullBand } from '../../src/information/figure.js'
import { table } from '../language/table.js'
import type { ReferenceCurve } from './reference.js'
import type { RowResult, ScoreResult } from './rows.js'
import type { Spread } from './shape.js'

export const fixed = (value: number | undefined, digits = 3): string =>
  value === undefined ? '-' : value.toFixed(digits)

export const spread = ({ mean, deviation }: Spread, digits = 3): string =>
  `${mean.toFixed(digits)}±${deviation.toFixed(digits)}`

export const bandText = ({ mean, lower, upper }: NullBand): string =>
  `${mean.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`

const given = ({ initial, peak, steps, final, chance }: ReferenceCurve): readonly string[] => [
  'math.md',
  fixed(initial),
  fixed(peak),
  steps ?? '-',
  fixed(final),
  fixed(chance),
  '',
]

const found = ({ summary: { initial, peak, peakSteps, final }, chance, verdict }: ScoreResult): readonly string[] => [
  'here',
  spread(initial),
  spread(peak),
  peakSteps[0] === peakSteps[1] ? String(peakSteps[0]) : peakSteps.join('-'),
  spread(final),
  bandText(chance),
  verdict,
]

const scoreTable = (scores: readonly ScoreResult[]): string =>
  table(
    ['', '', 'start', 'peak', 'at step', 'end', 'chance', 'shape'],
    scores.flatMap((each) => {
      const rows = [...(each.reference === undefined ? [] : [given(each.reference)]), found(each)]
      return rows.map((row, index) => [index === 0 ? each.score : '', ...row])
    }),
  )

export const rowText = (result: RowResult, seeds: number, steps: number): string => {
  const { row, law, information, scores, shuffled } = result
  const lines = [
    `${row.name}. ${row.title}`,
    `   ${law}; I(X; W) ${fixed(information)} nats (math.md ${fixed(result.referenceInformation)}); ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ` +
      `${steps} steps of ${row.optimiser === 'adam' ? 'Adam' : 'gradient descent'}, step size ${row.learningRate}`,
    `   at the end: KL ${spread(result.divergence, 5)} (math.md ${fixed(result.referenceDivergence, 4)}), Hbar - H_data ` +
      `${spread(result.excess, 5)}, NLL - Hbar ${spread(result.overconfidence, 6)}; KL at the peak / at the end ` +
      spread(result.divergenceAtPeak, 2),
    `   identities, worst residual on all curves: ${result.residual.toExponential(1)} nats`,
    '',
    scoreTable(scores),
  ]
  return [
    ...lines,
    ...(shuffled === undefined
      ? []
      : ['', `   the same on shuffled targets, against the true law`, scoreTable(shuffled)]),
    '',
  ].join('\n')
}
