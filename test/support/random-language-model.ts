/** Random diagrams of the shape of language models, with what they give, computed member by member in plain float64. */
import fc from 'fast-check'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

import { box, type Diagram, finite, id, par, program, real, seq, sequence, type Wires } from '../../dsl/index.js'
import { embedding, type Layer, layers, type NumericMeanings, softmaxHead } from '../../src/compile/meaning.js'
import { type Matrix, matrix } from '../../src/linear-algebra/matrix.js'

export interface LanguageModelCase {
  readonly diagram: Diagram
  readonly meanings: NumericMeanings
  readonly inputs: readonly (readonly number[])[]
  readonly batch: number
  /** For each member the hidden state, and the joint distribution of the random outputs. */
  readonly hidden: readonly (readonly number[])[]
  readonly joint: readonly (readonly number[])[]
}

const outputNames = ['hidden', 'token', 'other', 'label'] as const

const shape = fc.record({
  seed: fc.integer(),
  symbols: fc.integer({ min: 2, max: 7 }),
  length: fc.integer({ min: 1, max: 3 }),
  dimension: fc.integer({ min: 1, max: 5 }),
  extra: fc.nat(3),
  backbone: fc.array(fc.record({ width: fc.integer({ min: 1, max: 9 }), bent: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  vocabulary: fc.integer({ min: 1, max: 13 }),
  others: fc.integer({ min: 1, max: 6 }),
  labels: fc.integer({ min: 1, max: 4 }),
  scale: fc.constantFrom(0.1, 1, 3),
  batch: fc.integer({ min: 1, max: 6 }),
  outputs: fc.subarray([...outputNames], { minLength: 1 }),
})

/**
 * Context -> k_emb -> k_bb -> two heads on one hidden state, a label drawn after the first head's token; some of the hidden state, both
 * tokens and the label are outputs. The backbone may take a vector beside the embedding.
 */
export const languageModelCase: fc.Arbitrary<LanguageModelCase> = shape.map((chosen) => {
  const { symbols, length, dimension, extra, backbone, vocabulary, others, labels, scale, batch, outputs } = chosen
  const generator = xoroshiro128plus(chosen.seed)
  const uniform = (): number => uniformFloat64(generator)
  const some = (count: number, size: number = scale): Float64Array =>
    Float64Array.from({ length: count }, () => size * (2 * uniform() - 1))
  // A sum of many numbers is no larger than one of few.
  const weightsOf = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, some(rows * columns, scale / Math.sqrt(columns)))
  const whole = (below: number): number => Math.floor(uniform() * below)

  const table = some(symbols * dimension)
  let width = length * dimension + extra
  const all = backbone.map(({ width: next, bent }): Layer => {
    const weights = weightsOf(next, width)
    width = next
    return { weights, bias: some(next), activation: bent ? 'tanh' : 'identity' }
  })
  const head = { weights: weightsOf(vocabulary, width), bias: some(vocabulary) }
  const second = { weights: weightsOf(others, width), bias: some(others) }
  const judge = Array.from({ length: vocabulary }, () =>
    normalised(Array.from({ length: labels }, () => 0.01 + uniform())),
  )

  const Symbol = finite('Symbol', symbols)
  const Context = length === 1 ? Symbol : sequence('Context', Symbol, length)
  const Extra = real('Extra', extra)
  const [Embedding, Hidden] = [real('Embedding', length * dimension), real('Hidden', width)]
  const [Token, Other, Label] = [finite('Token', vocabulary), finite('Other', others), finite('Label', labels)]
  const kEmb = box('k_emb', [Context], [Embedding], { deterministic: true })
  const kHead = box('k_head', [Hidden], [Token])
  const kOther = box('k_other', [Hidden], [Other])
  const kLabel = box('k_label', [Token], [Label])
  const front =
    extra === 0
      ? seq(kEmb, box('k_bb', [Embedding], [Hidden], { deterministic: true }))
      : seq(par(kEmb, id(Extra)), box('k_bb', [Embedding, Extra], [Hidden], { deterministic: true }))
  const back = program([Hidden], (hidden) => {
    const [token] = kHead(hidden)
    const [other] = kOther(hidden)
    const [label] = kLabel(token)
    const named = { hidden, token, other, label }
    return outputs.map((name) => named[name])
  })
  const diagram: Diagram = seq(front as Diagram<Wires, [typeof Hidden]>, back)

  const contexts = Array.from({ length: batch }, () => Array.from({ length }, () => whole(symbols)))
  const extras = Array.from({ length: batch }, () => Array.from(some(extra)))
  const hidden = contexts.map((context, member) =>
    all.reduce<readonly number[]>(
      (x, layer) => through(layer, x),
      [
        ...context.flatMap((symbol) => [...table.subarray(symbol * dimension, (symbol + 1) * dimension)]),
        ...extras[member]!,
      ],
    ),
  )
  const sizes = { token: vocabulary, other: others, label: labels }
  const random = outputs.filter((name) => name !== 'hidden')
  return {
    diagram,
    meanings: {
      k_emb: embedding(matrix(symbols, dimension, table)),
      k_bb: layers(...all),
      k_head: softmaxHead(head.weights, head.bias),
      k_other: softmaxHead(second.weights, second.bias),
      k_label: judge,
    },
    inputs: extra === 0 ? [contexts.flat()] : [contexts.flat(), extras.flat()],
    batch,
    hidden,
    joint: hidden.map((h) => {
      const [p, q] = [softmax(head, h), softmax(second, h)]
      const joint = new Array<number>(random.reduce((product, name) => product * sizes[name], 1)).fill(0)
      for (let token = 0; token < vocabulary; token++)
        for (let other = 0; other < others; other++)
          for (let label = 0; label < labels; label++) {
            const at = { token, other, label }
            const cell = random.reduce((place, name) => place * sizes[name] + at[name], 0)
            joint[cell]! += p[token]! * q[other]! * judge[token]![label]!
          }
      return joint
    }),
  }
})

const normalised = (weights: readonly number[]): readonly number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

const through = (
  { weights, bias, activation }: Omit<Layer, 'activation'> & { activation: string },
  x: readonly number[],
): readonly number[] =>
  Array.from(bias, (start, output) => {
    const sum = x.reduce((total, entry, k) => total + weights.entries[output * weights.columns + k]! * entry, start)
    return activation === 'tanh' ? Math.tanh(sum) : sum
  })

const softmax = (head: Omit<Layer, 'activation'>, h: readonly number[]): readonly number[] => {
  const logits = through({ ...head, activation: 'identity' }, h)
  const top = Math.max(...logits)
  return normalised(logits.map((logit) => Math.exp(logit - top)))
}
