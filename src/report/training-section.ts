/** What training did: the curves, the equations that hold all along them, and how far the hidden states follow the data's operators. */
import type { IdentityFigure } from '../information/figure.js'
import type { Analysis, CheckpointAnalysis } from '../language-model/analysis.js'
import { reportedSimilarities } from '../language-model/analysis.js'
import { reportedTitle } from '../language-model/operator-analysis.js'
import { linePlot, type Point, type ReportPlot, scorePlot } from './drawing.js'
import { nothing, type Section } from './section.js'

export const trainingSection = (analysis: Analysis): Section => {
  const { checkpoints } = analysis
  return {
    title: 'Training',
    plain: [
      `Three equations hold at every one of the ${checkpoints.length} checkpoints, trained or not; they are checked, not assumed. Where the curve
NLL − H̄ has come to zero, H̄ − H_data and KL are one curve.`,
      'The captured fraction says how much of what the data’s operator tells apart the hidden states span. It is a measurement: the loss does not aim at it. It often rises first, peaks and relaxes while the loss keeps falling. The dashed line is what the optimum of a quadratic upper bound of the loss scores, a reference and no goal; the grey band holds 95 in 100 random features of the same dimension and weights.',
    ],
    lights: [
      lightOf('NLL = KL + H_data', checkpoints, ({ nll }) => nll),
      lightOf('NLL − H̄ = ⟨W, ∇W⟩ + ⟨b, ∇b⟩', checkpoints, ({ calibration }) => calibration),
      lightOf('H̄ − H_data = KL − (NLL − H̄)', checkpoints, ({ excess }) => excess),
    ],
    figures: [],
    tables: [],
    plots: [...curves(analysis), ...scorePlots(analysis, 'captured')],
    expert: { ...nothing, plots: scorePlots(analysis, 'overlap') },
  }
}

const lightOf = (
  statement: string,
  checkpoints: readonly CheckpointAnalysis[],
  of: (checkpoint: CheckpointAnalysis) => IdentityFigure,
) => {
  const figures = checkpoints.map(of)
  return {
    statement,
    residual: Math.max(...figures.map(({ residual }) => Math.abs(residual))),
    holds: figures.every(({ holds }) => holds),
  }
}

const curves = ({ checkpoints, data }: Analysis): readonly ReportPlot[] => {
  const entropy = data.conditionalEntropy.value
  const gaps = checkpoints.flatMap(({ step, kl, calibration, excess }): readonly Point[] => [
    { step, value: kl.value, series: 'KL' },
    { step, value: calibration.value, series: 'NLL − H̄' },
    { step, value: excess.value, series: 'H̄ − H_data' },
  ])
  const losses = checkpoints.flatMap(({ step, nll, categoricalEntropy }): readonly Point[] => [
    { step, value: nll.value, series: 'NLL' },
    { step, value: categoricalEntropy.shannon.value, series: 'H̄, head' },
    { step, value: entropy, series: 'H_data' },
  ])
  return [
    {
      title: 'Divergence and calibration',
      svg: linePlot('Divergence and calibration', gaps, 'nats per token'),
      caption:
        'KL is the sum of the two others. NLL − H̄ above zero is over-confidence, below it under-confidence; it is zero wherever the gradient of the head vanishes.',
    },
    {
      title: 'Loss',
      svg: linePlot('Loss', losses, 'nats per token'),
      caption:
        'The loss NLL falls towards H_data, the least that any model of this law can reach; their distance is KL. The untrained head is nearly uniform, so its entropy H̄ starts high.',
    },
  ]
}

const scorePlots = (
  { checkpoints, alignment: { surrogate, mixture } }: Analysis,
  score: 'captured' | 'overlap',
): readonly ReportPlot[] =>
  reportedSimilarities.map((similarity): ReportPlot => {
    const label = score === 'captured' ? 'Captured fraction' : 'Overlap'
    const title = `${label}, ${reportedTitle[similarity]}`
    return {
      title,
      svg: scorePlot(
        title,
        label.toLowerCase(),
        checkpoints.map(({ step, alignment }) => ({ step, figure: alignment[similarity][score] })),
        surrogate[score][similarity],
      ),
      caption: captions[similarity](mixture),
    }
  })

const captions: Readonly<Record<(typeof reportedSimilarities)[number], (mixture: number) => string>> = {
  bhattacharyya: () =>
    'Contexts are alike as far as the square roots of their laws are. With the linear one the most robust.',
  linear: () => 'Contexts are alike as far as their laws are.',
  cca: () => 'The geometry of the surrogate. It gives rare tokens much weight.',
  'log-ratio': (mixture) =>
    mixture === 0
      ? 'The geometry of the likelihood itself where the model can reach the law: then this fraction tends to 1.'
      : `The geometry of the likelihood itself where the model can reach the law. The law has zeros, so ${100 * mixture}% of the law of the token is mixed into each row.`,
}
