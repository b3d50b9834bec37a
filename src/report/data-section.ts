/** What is known before any model: the law, and where on the way a model loses its divergence from it. */
import { entropyTitle, headlineEntropies } from '../information/categorical-entropy.js'
import type { Analysis } from '../language-model/analysis.js'
import { named, nothing, type Section } from './section.js'

export const dataSection = ({ data }: Analysis): Section => ({
  title: 'The data',
  plain: [
    'What holds of the law itself, before any model: how uncertain a token is on its own, how uncertain it is given the context, and the difference, which is all that a model can learn.',
  ],
  figures: named([
    ['H(W), entropy of a token', data.entropyOfToken],
    ['H_data = H(W | X)', data.conditionalEntropy],
    ['I(X; W), information in the context', data.information],
  ]),
  plots: [],
  tables: [],
  lights: [],
  expert: {
    ...nothing,
    figures: named(
      headlineEntropies.map((name) => [
        `categorical entropy of k_data, ${entropyTitle[name]}`,
        data.categoricalEntropy[name],
      ]),
    ),
  },
})

export const ledgerSection = ({ ledger, law }: Analysis): Section => ({
  title: 'Where the model loses information',
  plain: [
    'KL is split along the diagram: what the embedding forgets of the context, what the backbone forgets of the embedding, and what the head makes wrong of the hidden state.',
    `The embedding tells ${ledger.distinctEmbeddings} of ${law.contexts} contexts apart, the hidden state ${ledger.distinctHiddenStates}. ${
      ledger.distinctHiddenStates === law.contexts
        ? 'The encoder is injective, so it loses no Shannon information: the first two lines are zero and the whole of KL is lost at the head. That says nothing of how easily a head reads the states: see the refit gap and the usable surplus.'
        : 'Where contexts are merged, Shannon information is lost before the head.'
    }`,
  ],
  figures: named([
    ['embedding, I(W; X | E)', ledger.embedding],
    ['backbone, I(W; E | H)', ledger.backbone],
    ['head', ledger.head],
    ['sum', ledger.total],
  ]),
  plots: [],
  tables: [],
  lights: [],
  expert: nothing,
})
