import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import type { DataKernel } from '../../../src/language-model/data-kernel.js'
import { forward, type ForwardPass } from '../../../src/language-model/forward.js'
import { initialise } from '../../../src/language-model/initialise.js'
import { ledger, type Ledger } from '../../../src/language-model/ledger.js'
import { conditionalEntropy, nllIdentities } from '../../../src/language-model/nll-identities.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { anyKernel, kernelOf, shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'

type Encoder = (context: readonly number[]) => readonly number[]

const contextsOf = ({ contexts, contextLength, weights }: DataKernel): readonly (readonly number[])[] =>
  Array.from(weights, (_, context) =>
    Array.from(contexts.subarray(context * contextLength, (context + 1) * contextLength)),
  )

/** Encoders with the head that knows the law given its hidden state. */
const chain = (kernel: DataKernel, embed: Encoder, encode: Encoder): ForwardPass => {
  const width = kernel.symbols.length
  const contexts = contextsOf(kernel)
  const joint = new Map<string, readonly number[]>()
  const keys = contexts.map((context) => encode(context).join(','))
  keys.forEach((key, context) => {
    const sums = joint.get(key) ?? Array.from({ length: width }, () => 0)
    joint.set(
      key,
      sums.map((sum, w) => sum + kernel.weights[context]! * kernel.next[context * width + w]!),
    )
  })
  const logProbabilities = keys.flatMap((key) => {
    const sums = joint.get(key)!
    const total = sums.reduce((sum, mass) => sum + mass, 0)
    return sums.map((mass) => Math.log(mass / total))
  })
  return {
    embeddings: Float64Array.from(contexts.flatMap(embed)),
    hidden: Float64Array.from(contexts.flatMap(encode)),
    logProbabilities: Float64Array.from(logProbabilities),
  }
}
const whole: Encoder = (context) => context
const last =
  (count: number): Encoder =>
  (context) =>
    context.slice(-count)
const bag: Encoder = (context) => [0, 1, 2].map((w) => context.filter((symbol) => symbol === w).length)

describe('the ledger of mess3 at n = 5, nats', () => {
  const kernel = valueOf(processKernel(valueOf(parseProcess('mess3')), 5))
  const information = Math.log(3) - conditionalEntropy(kernel)

  it.each([
    ['the last symbol', last(1), 0.240893, 0.063936, 3],
    ['the last two', last(2), 0.285257, 0.019573, 9],
    ['the last three', last(3), 0.300495, 0.004335, 27],
    ['the bag of symbols', bag, 0.250665, 0.054164, 21],
    ['the whole context', whole, 0.304829, 0, 243],
  ])('a hidden state that is %s', (_, encode, kept, lost, classes) => {
    const figures = valueOf(ledger(kernel, chain(kernel, whole, encode)))
    expect(figures.embeddingLoss).toBe(0)
    expect(figures.backboneLoss).toBeCloseTo(lost, 6)
    expect(information - figures.backboneLoss).toBeCloseTo(kept, 6)
    expect(figures.headLoss).toBeCloseTo(0, 14)
    expect(figures.residual).toBeCloseTo(0, 14)
    expect(figures.distinctEmbeddings).toBe(243)
    expect(figures.distinctHiddenStates).toBe(classes)
  })

  it('charges the embedding with what it merges', () => {
    const figures = valueOf(ledger(kernel, chain(kernel, last(3), last(1))))
    expect(figures.embeddingLoss).toBeCloseTo(0.004335, 6)
    expect(figures.backboneLoss).toBeCloseTo(0.063936 - 0.004335, 5)
    expect(figures.divergence).toBeCloseTo(0.063936, 6)
  })
})

const three = kernelOf(
  3,
  [[0], [1], [2]],
  [0.5, 0.3, 0.2],
  [
    [0.7, 0.2, 0.1],
    [0.1, 0.6, 0.3],
    [0.25, 0.25, 0.5],
  ],
)
const logSoftmax = (rows: readonly (readonly number[])[]): Float64Array =>
  Float64Array.from(
    rows.flatMap((row) => {
      const partition = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0))
      return row.map((logit) => logit - partition)
    }),
  )

describe('ledger', () => {
  it('has these values where two of three contexts are merged', () => {
    const merged: Encoder = ([symbol]) => [Math.min(symbol!, 1)]
    const figures = valueOf(ledger(three, chain(three, whole, merged)))
    expect(figures.backboneLoss).toBeCloseTo(0.03172123204934053, 14)
    expect(figures.divergence).toBeCloseTo(0.1930365737757279 - 0.1613153417263874, 14)
  })

  it('leaves all to the head where no contexts are merged', () => {
    const logits = [
      [1, 0, -0.5],
      [-0.5, 0.8, 0.2],
      [0, 0, 0.6],
    ]
    const encoding = Float64Array.of(0, 1, 2)
    const figures = valueOf(
      ledger(three, { embeddings: encoding, hidden: encoding, logProbabilities: logSoftmax(logits) }),
    )
    expect(figures.headLoss).toBeCloseTo(0.00998054288445474, 14)
    expect([figures.embeddingLoss, figures.backboneLoss]).toEqual([0, 0])
  })

  it('is an equality with lines of at least zero, for every chain and head', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 16, maxLength: 16 })
    const logits = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(anyKernel, labels, labels, logits, (kernel, embed, encode, heads) => {
        const width = kernel.symbols.length
        const ofEmbedding = Array.from(kernel.weights, (_, context) => embed[context]!)
        const ofHidden = ofEmbedding.map((label) => encode[label]!)
        const figures: Ledger = valueOf(
          ledger(kernel, {
            embeddings: Float64Array.from(ofEmbedding),
            hidden: Float64Array.from(ofHidden),
            logProbabilities: logSoftmax(ofHidden.map((label) => heads.slice(label * 4, label * 4 + width))),
          }),
        )
        expect(Math.abs(figures.residual)).toBeLessThan(1e-12)
        for (const line of [figures.embeddingLoss, figures.backboneLoss, figures.headLoss])
          expect(line).toBeGreaterThanOrEqual(-1e-12)
        expect(figures.distinctEmbeddings).toBe(new Set(ofEmbedding).size)
        expect(figures.distinctHiddenStates).toBe(new Set(ofHidden).size)
      }),
    )
  })

  it('of a model: its divergence, and merged contexts where two symbols share an embedding', () => {
    const kernel = valueOf(processKernel(valueOf(parseProcess('mess3')), 3))
    const shape = shapeOf(kernel)
    const parameters = initialise(shape, 4)
    parameters.embedding.copyWithin(0, 3, 6)
    const figures = valueOf(ledger(kernel, forward(parameters, shape, kernel.contexts)))
    expect(figures.distinctEmbeddings).toBe(8)
    expect(figures.distinctHiddenStates).toBe(8)
    expect(figures.embeddingLoss).toBeGreaterThan(0.01)
    expect(figures.backboneLoss).toBe(0)
    expect(figures.residual).toBeCloseTo(0, 14)
    expect(figures.divergence).toBeCloseTo(nllIdentities(kernel, shape, parameters).divergence, 13)
  })

  it('takes 0 and -0 for one number, and the next float for another', () => {
    const log = Math.log(1 / 3)
    const uniform = Float64Array.from({ length: 9 }, () => log)
    const figures = valueOf(
      ledger(three, {
        embeddings: Float64Array.of(0, -0, Number.MIN_VALUE),
        hidden: Float64Array.of(1, 1, 1 + Number.EPSILON),
        logProbabilities: uniform,
      }),
    )
    expect([figures.distinctEmbeddings, figures.distinctHiddenStates]).toEqual([2, 2])
  })

  it('refuses what is no chain of the kernel', () => {
    const [a, b] = [Float64Array.of(0, 1, 1), Float64Array.of(0, 1, 2)]
    const uniform = Float64Array.from({ length: 9 }, () => Math.log(1 / 3))
    expect(ledger(three, { embeddings: a, hidden: b, logProbabilities: uniform })).toMatchObject(
      left({ where: 'ledger, context 2', what: 'another context has its embedding and not its hidden state' }),
    )
    const uneven = logSoftmax([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 1e-6],
    ])
    expect(ledger(three, { embeddings: b, hidden: a, logProbabilities: uneven })).toMatchObject(
      left({ where: 'ledger, context 2', what: 'another context has its hidden state and not its prediction' }),
    )
    expect(
      ledger(three, { embeddings: b, hidden: b, logProbabilities: uniform.map((x, i) => (i === 4 ? -Infinity : x)) }),
    ).toMatchObject(left({ where: 'ledger, context 1, symbol 1' }))
    expect(
      ledger(three, { embeddings: b, hidden: b, logProbabilities: uniform.map((x, i) => (i === 4 ? NaN : x)) }),
    ).toMatchObject(left({ kind: 'invalid-value' }))
    expect(ledger(three, { embeddings: b, hidden: b, logProbabilities: uniform.subarray(1) })).toMatchObject(
      left({ what: 'an array does not have one row for each context' }),
    )
  })
})
