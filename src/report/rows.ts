/**
 * The figures of a report that sum it up, named for people, in the order in which they are read.
 */
import { entropyTitle, headlineEntropies } from '../information/categorical-entropy.js'
import type { Figure } from '../information/figure.js'
import type { Analysis } from '../language-model/analysis.js'
import { similarities, similarityTitle } from '../language-model/similarity.js'

export interface NamedFigure {
  readonly group: string
  readonly name: string
  readonly figure: Figure
}

/** The figures at the end of training, and those of the data. */
export const finalFigures = ({ data, checkpoints, ledger, pullback }: Analysis): readonly NamedFigure[] => {
  const last = checkpoints[checkpoints.length - 1]!
  const group = (name: string, figures: readonly (readonly [string, Figure])[]): readonly NamedFigure[] =>
    figures.map(([figureName, figure]) => ({ group: name, name: figureName, figure }))
  return [
    ...group('The data', [
      ['H(W), entropy of a token', data.entropyOfToken],
      ['H_data = H(W | X)', data.conditionalEntropy],
      ['I(X; W), information in the context', data.information],
      ...headlineEntropies.map((name): [string, Figure] => [
        `categorical entropy of k_data, ${entropyTitle[name]}`,
        data.categoricalEntropy[name],
      ]),
      ...data.surplus.map(({ tokens, surplus }): [string, Figure] => [`information surplus, K = ${tokens}`, surplus]),
    ]),
    ...group('The model', [
      ['NLL', last.nll],
      ['KL(k_data || k_gen)', last.kl],
      ['NLL − H̄, calibration', last.calibration],
      ['|H̄ − H_data|', last.entropyGap],
      ...headlineEntropies.map((name): [string, Figure] => [
        `categorical entropy of k_head, ${entropyTitle[name]}`,
        last.categoricalEntropy[name],
      ]),
    ]),
    ...group('The ledger of KL', [
      ['embedding, I(W; X | E)', ledger.embedding],
      ['backbone, I(W; E | H)', ledger.backbone],
      ['head', ledger.head],
      ['sum', ledger.total],
    ]),
    ...group('The geometry of the head', [
      ['trace of g* at the mean state', pullback.spectrum.trace],
      ['rank of g*', pullback.rank],
      ['largest eigenvalue of g*', pullback.curvature],
    ]),
    ...group(
      'Alignment with the data',
      similarities.flatMap((similarity): readonly (readonly [string, Figure])[] => [
        [`captured fraction, ${similarityTitle[similarity]}`, last.alignment[similarity].captured],
        [`overlap, ${similarityTitle[similarity]}`, last.alignment[similarity].overlap],
      ]),
    ),
  ]
}
