/** Whether the hidden states tell contexts apart as the law does. */
import type { Figure } from '../information/figure.js'
import type { Analysis, PerSimilarity, ReportedSimilarity } from '../language-model/analysis.js'
import { reportedSimilarities } from '../language-model/analysis.js'
import { reportedTitle } from '../language-model/operator-analysis.js'
import { spectrumPlot } from './drawing.js'
import { formatNumber } from './format.js'
import { named, nothing, type ReportTable, type Section } from './section.js'

type Named = readonly [string, Figure, string?]

export const alignmentSection = (analysis: Analysis): Section => {
  const { alignment, model, data } = analysis
  const { kernels, pillai, pairs, surrogate } = alignment
  const each = (of: (similarity: ReportedSimilarity, title: string) => readonly Named[]): readonly Named[] =>
    reportedSimilarities.flatMap((similarity) => of(similarity, reportedTitle[similarity]))
  return {
    title: 'Alignment with the data',
    plain: [
      `The law itself says which contexts are alike: their next tokens are. Four kernels measure it, and each has leading directions of its own. The scores below ask how much of those the
${model.hidden}-dimensional hidden states span, against ${alignment.provenance === 'process' ? 'the known process' : 'the text'}, never against the model’s own predictions: those agree with any network before it has learnt anything.`,
      'These scores do not change under a linear map of the hidden space, which no loss could notice. They are measurements: no theorem says that training ends at 1. The optimum of the surrogate, which a theorem does describe, is given beside each.',
    ],
    figures: named([
      ...each((similarity, title) => [
        [
          `captured fraction, ${title}`,
          kernels[similarity].captured.figure,
          `surrogate’s optimum ${surrogate.captured[similarity].toFixed(3)}; ${kernels[similarity].captured.verdict}`,
        ],
      ]),
      ['Pillai trace of h and the next token', pillai.figure, pillai.verdict],
      ...(pairs === undefined
        ? []
        : ([
            [`Pillai trace from ${pairs.count} pairs, raw`, pairs.raw, 'biased upwards'],
            [`Pillai trace from ${pairs.count} pairs, corrected`, pairs.corrected],
          ] as const)),
      ['Pillai trace, most there is', surrogate.correlations],
    ]),
    plots: [],
    tables: [anglesTable(kernels)],
    lights: [],
    expert: {
      ...nothing,
      figures: named([
        ...each((similarity, title) => [
          [
            `overlap, ${title}`,
            kernels[similarity].overlap.figure,
            `surrogate’s optimum ${surrogate.overlap[similarity].toFixed(3)}; ${kernels[similarity].overlap.verdict}`,
          ],
        ]),
        ...each((similarity, title) => [
          [`linear CKA, ${title}`, kernels[similarity].linearCka.figure, dependsOnBasis],
          [`Procrustes, ${title}`, kernels[similarity].procrustes.figure, dependsOnBasis],
          [`centred Rayleigh quotient, ${title}`, kernels[similarity].rayleigh.figure, dependsOnBasis],
        ]),
        ['least surrogate (Theorem A)', surrogate.value, surrogate.conditions],
        ['NLL at the surrogate’s optimum', surrogate.nll, `κ = ${formatNumber(surrogate.factor)}`],
        ['surrogate against no dependence', surrogate.gain],
      ]),
      plots: reportedSimilarities.map((similarity) => ({
        title: `Spectrum of the data, ${reportedTitle[similarity]}`,
        svg: spectrumPlot(`Spectrum, ${similarity}`, data.operators[similarity].centred.values, model.hidden),
        caption: `The centred eigenvalues of the data’s operator; the first ${model.hidden} are what a hidden state of dimension ${model.hidden} can span. Equal neighbours make the eigenspace ambiguous there.`,
      })),
    },
  }
}

const dependsOnBasis = 'depends on the basis'

const anglesTable = (kernels: PerSimilarity<Analysis['alignment']['kernels']['linear']>): ReportTable => ({
  title: 'Principal angles',
  head: ['kernel', 'angles between hidden states and leading eigenspace', 'gap / λ₁'],
  rows: reportedSimilarities.map((similarity) => [
    reportedTitle[similarity],
    kernels[similarity].principalAngles.map((angle) => `${angle.toFixed(1)}°`).join(', '),
    kernels[similarity].relativeGap.toFixed(4),
  ]),
  caption:
    'From 0° (the direction is spanned) to 90° (it is missed). The gap is λ_D − λ_D+1: at zero the eigenspace, and with it angles and overlap, is not unique; the captured fraction is.',
})
