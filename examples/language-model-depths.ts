/**
 * A language model read at three depths: one box, its three stages, and the layers of its backbone.
 *
 * A box may contain a diagram. Kept closed it is a generator like any other; `open` puts what it contains in its place, to a depth.
 * Run it after a build: `node dist/examples/language-model-depths.js`.
 */
import { box, copy, drawText, equal, finite, id, open, par, real, seq, sequence } from '../dsl/index.js'

const Token = finite('Token', 512)
const Context = sequence('Context', Token, 16)
const Stream = real('Stream', 64)
const Update = real('Update', 64)
const deterministic = { deterministic: true } as const

// A residual block: the stream is copied, one copy is transformed, and the two are added.
const add = box('add', [Stream, Update], [Stream], deterministic)
const block = (name: string) => {
  const transform = box(name, [Stream], [Update], deterministic)
  return seq(copy(Stream), par(id(Stream), transform), add)
}

const kEmb = box('k_emb', [Context], [Stream], deterministic)
const kBb = box('k_bb', [Stream], [Stream], { ...deterministic, body: seq(block('attention'), block('feed-forward')) })
const kHead = box('k_head', [Stream], [Token])
const kGen = box('k_gen', [Context], [Token], { body: seq(kEmb, kBb, kHead) })

for (const depth of [0, 1, 2]) console.log(`depth ${depth}\n\n${drawText(open(kGen, depth))}\n`)

console.log(`opening twice by one is opening by two: ${equal(open(open(kGen, 1), 1), open(kGen, 2))}`)
