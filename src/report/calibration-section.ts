/** The headline: whether the model is as sure as it should be. */
import { entropyTitle, headlineEntropies } from '../information/categorical-entropy.js'
import type { Analysis } from '../language-model/analysis.js'
import { linePlot } from './drawing.js'
import { formatShort } from './format.js'
import { named, type Section } from './section.js'

/** Below this part of the NLL a difference is called none. */
const negligible = 1e-3

export const calibrationSection = ({ calibration, checkpoints, ledger }: Analysis): Section => {
  const last = checkpoints[checkpoints.length - 1]!
  const { gap, excess, momentResidual, scale, scaleGain, entropies, refit } = calibration
  return {
    title: 'Is the model as sure as it should be?',
    plain: [
      verdictOf(gap.value, last.nll.value, scale),
      `It does not say that the model is good: one that knows nothing but how frequent tokens are can be as well calibrated. What the
model still lacks is KL: ${formatShort(last.kl.value)} nats of the NLL of ${formatShort(last.nll.value)}. Of the loss at the head,
${formatShort(refit.gap.value)} nats would go if the head alone were trained to its end on these hidden states (the refit gap), and
${formatShort(refit.refitLoss.value)} no linear softmax head can avoid.`,
      'Three entropies of the next token must not be confused: what the head says it is, the least that any head could reach from these hidden states, and the least that any model could reach.',
    ],
    figures: named([
      ['NLL − H̄, entropy calibration', gap, 'zero where the model is as sure as it should be'],
      ['H̄ − H_data', excess],
      ['NLL', last.nll],
      ['KL(k_data || k_gen)', last.kl],
      ['moment residual |∇|', momentResidual],
      ['head loss', refit.headLoss],
      ['refit gap', refit.gap],
      ['H_model(W | H), what the head says', entropies.modelGivenHidden],
      ['H_data(W | H), least for any head', entropies.dataGivenHidden],
      ['H_data(W | X), least for any model', entropies.dataGivenContext],
    ]),
    plots: [],
    tables: [],
    lights: [],
    expert: {
      figures: named([
        ...(scaleGain === undefined
          ? []
          : [['gain of recalibration', scaleGain, `best scale of all logits ${formatShort(scale ?? 1)}`] as const]),
        ['refit loss', refit.refitLoss, `L-BFGS: ${refit.outcome} after ${refit.iterations} iterations`],
        ['NLL = H̄ at the refitted head', refit.calibration],
        ['head loss in the ledger', ledger.head],
        ['|H̄ − H_data| against total variation', last.entropyGap],
        ...headlineEntropies.map(
          (name) => [`categorical entropy of k_head, ${entropyTitle[name]}`, last.categoricalEntropy[name]] as const,
        ),
      ]),
      plots: [
        {
          title: 'Categorical entropies of the head',
          svg: linePlot(
            'Categorical entropies of the head',
            checkpoints.flatMap(({ step, categoricalEntropy }) =>
              headlineEntropies.map((series) => ({ step, value: categoricalEntropy[series].value, series })),
            ),
            'mean over contexts',
          ),
          caption:
            'Five divergences define five entropies; each is zero exactly for a deterministic head. They are computed by the gpu.js kernels and agree with float64 to the residual in the table.',
        },
      ],
      tables: [],
    },
  }
}

const verdictOf = (gap: number, nll: number, scale: number | undefined): string => {
  const meaning =
    'NLL is how surprised the model is by what comes next, H̄ how surprised it expects to be. Their difference is zero exactly where no common scale of all logits would lower the loss.'
  if (Math.abs(gap) <= negligible * nll)
    return `${meaning} Here it is ${formatShort(gap)} nats, less than a thousandth of the NLL: the model is as sure as it should be.`
  const [sure, remedy] =
    gap > 0
      ? ['over-confident: it is surprised more often than it says', 'smaller']
      : ['under-confident: it knows more than it says', 'larger']
  const advice =
    scale === undefined ? '' : ` Logits that are ${remedy}, ${formatShort(scale)} times these, would mend it.`
  return `${meaning} Here it is ${formatShort(gap)} nats, so the model is ${sure}.${advice}`
}
