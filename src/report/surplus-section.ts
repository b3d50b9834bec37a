/** What the context says of the tokens after the next one, and what drafters make of it. */
import type { BoundFigure } from '../information/figure.js'
import type { Analysis, DraftingAnalysis } from '../language-model/analysis.js'
import { formatShort } from './format.js'
import { named, type NamedFigure, nothing, type Section } from './section.js'

export const surplusSection = ({ data, drafting }: Analysis): Section => ({
  title: 'Information surplus and drafting',
  plain: [
    'The surplus is what the context still says of the tokens after the next one, once the next one is known: what a drafter that looks at the hidden state can gain over one that does not, in nats. It belongs to the law, not to the model: every encoder that keeps contexts apart has the same.',
    ...(drafting === undefined
      ? ['The law has too many words of these lengths for drafters to be fitted here.']
      : [usableText(drafting)]),
    'How many drafts are accepted is a total variation: the surplus bounds it on both sides and does not fix it.',
  ],
  figures: named([
    ...data.surplus.map(({ tokens, surplus }) => [`information surplus, K = ${tokens}`, surplus] as const),
    ...(data.process === undefined
      ? []
      : ([
          ['excess entropy E', data.process.excessEntropy],
          ['surplus of whole past and future', data.process.infiniteDraft],
        ] as const)),
    ...(drafting === undefined ? [] : draftingFigures(drafting)),
  ]),
  plots: [],
  tables: [],
  lights: [],
  expert: {
    ...nothing,
    figures: [
      ...named([
        ...(data.process === undefined ? [] : ([['entropy rate h', data.process.entropyRate]] as const)),
        ...data.surplus.flatMap(({ tokens, infinitePast }) =>
          infinitePast === undefined ? [] : [[`surplus of the whole past, K = ${tokens}`, infinitePast] as const],
        ),
      ]),
      ...(drafting === undefined ? [] : expertFigures(drafting)),
    ],
  },
})

const usableText = ({ usable }: DraftingAnalysis): string =>
  `Linear softmax probes of the trained hidden state read ${formatShort(usable.trained.value)} nats of it. That is not what training has added: the untrained
network’s states give ${formatShort(usable.untrained.value)}, and training may lose some as well as gain some. States that belong to other contexts give ${formatShort(usable.permuted.value)}.`

const draftingFigures = ({
  encoder,
  usable,
  acceptance,
}: DraftingAnalysis): readonly (readonly [string, BoundFigure, string?])[] => [
  ['surplus under the trained encoder, K = 2', encoder],
  [
    'usable surplus, K = 2',
    usable.trained,
    `untrained ${formatShort(usable.untrained.value)}, shuffled targets ${formatShort(usable.shuffled.value)}, states permuted ${formatShort(usable.permuted.value)}`,
  ],
  ['acceptance of P(W_t+1 | W_t)', acceptance.token],
  ['acceptance of the best drafter on W_t', acceptance.mostAccepted],
  ['acceptance of a trained head, h and W_t', acceptance.perTokenHead],
  ['acceptance of a trained head, h alone', acceptance.parallelHead],
  ['acceptance of P(W_t+1 | W_t, H)', acceptance.state],
]

const expertFigures = ({
  usable,
  acceptance,
  crossEntropy,
  entries,
  mostIterations,
}: DraftingAnalysis): readonly NamedFigure[] =>
  named([
    ['usable surplus, untrained network', usable.untrained],
    ['usable surplus, shuffled targets', usable.shuffled],
    ['usable surplus, states permuted', usable.permuted],
    ['acceptance of P(W_t+1 | W_t), from above', acceptance.tokenCeiling],
    [
      'cross-entropy of the head of h and W_t',
      crossEntropy.perTokenHead,
      `fitted on ${entries} words by at most ${mostIterations} steps of L-BFGS`,
    ],
    ['cross-entropy of the head of h alone', crossEntropy.parallelHead],
  ])
