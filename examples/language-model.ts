/**
 * The language model of arXiv 2507.19247 as a string diagram: k_gen = k_head . k_bb . k_emb.
 *
 * This is the specification that `markovcat analyze` draws, compiles and measures. Run it on its own to see it:
 * `node dist/examples/language-model.js`.
 */
import { pathToFileURL } from 'node:url'

import { box, drawText, finite, real, seq, sequence } from '../dsl/index.js'

export interface LanguageModelSizes {
  /** The alphabet. */
  readonly symbols: readonly string[]
  /** How many symbols a context has. */
  readonly contextLength: number
  /** The dimension of an embedded context, and of a hidden state. */
  readonly embedding: number
  readonly hidden: number
}

export const languageModel = ({ symbols, contextLength, embedding, hidden }: LanguageModelSizes) => {
  // Wires.
  const Token = finite('Token', symbols)
  const Context = sequence('Context', Token, contextLength)
  const Embedding = real('Embedding', embedding)
  const Hidden = real('Hidden', hidden)

  // Boxes: the encoder is deterministic, only the head is not.
  const kEmb = box('k_emb', [Context], [Embedding], { deterministic: true })
  const kBb = box('k_bb', [Embedding], [Hidden], { deterministic: true })
  const kHead = box('k_head', [Hidden], [Token])

  return { Context, Embedding, Hidden, Token, kEmb, kBb, kHead, kGen: seq(kEmb, kBb, kHead) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { kGen } = languageModel({ symbols: ['a', 'b', ' '], contextLength: 2, embedding: 16, hidden: 8 })
  console.log(drawText(kGen))
}
