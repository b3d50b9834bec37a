import { describe, expect, test } from 'vitest'

import { languageModel } from '../../../examples/language-model.js'
import { compile } from '../../../src/compile/evaluate.js'
import { shannonEntropy } from '../../../src/information/categorical-entropy.js'
import { initialParameters } from '../../../src/language-model/architecture.js'
import { type Law, processLaw } from '../../../src/language-model/law.js'
import type { Architecture } from '../../../src/language-model/model.js'
import { hiddenSize, modelOfLaw } from '../../../src/language-model/model-of-law.js'
import { nllIdentitiesOf } from '../../../src/language-model/nll-identities.js'
import { shuffledSequences, textSequences } from '../../../src/language-model/sequences.js'
import { readCorpus } from '../../../src/language-model/corpus.js'
import { beginTraining, continueTraining } from '../../../src/language-model/training-run.js'
import { valueOf } from '../../support/value-of.js'

const law = valueOf(processLaw('mess3', 3))
const [symbols, contexts, contextLength] = [3, law.kernel.weights.length, 3]

const architectures: readonly Architecture[] = [
  { kind: 'mlp', symbols, contextLength, embedding: 4, width: 6, hidden: 2 },
  { kind: 'table', symbols, contexts, hidden: 2 },
  {
    kind: 'transformer',
    symbols,
    width: 4,
    heads: 2,
    keyValueHeads: 1,
    layers: 2,
    inner: 8,
    tied: true,
    headBias: true,
  },
]

const decompositionOf = ({ kernel }: Law, architecture: Architecture) => {
  const hidden = hiddenSize(architecture)
  const each = architecture.kind === 'mlp' ? architecture.embedding : hidden
  return languageModel({
    symbols: kernel.symbols,
    contextLength: kernel.contextLength,
    embedding: architecture.kind === 'table' ? hidden : kernel.contextLength * each,
    hidden,
  })
}

describe.each(architectures)('$kind', (architecture) => {
  const made = modelOfLaw(law, architecture, decompositionOf(law, architecture), 1)
  const parameters = initialParameters(architecture, 5)
  const model = made.model(parameters)

  test('the compiled part, evaluated, is the model: the same hidden states and predictions', async () => {
    const { diagram, meanings, inputs, givesHidden } = made.compiled
    const evaluator = valueOf(await compile(diagram, meanings(parameters), { backend: 'cpu', entropies: ['shannon'] }))
    const { outputs, entropies, distribution } = valueOf(evaluator.reference(inputs(model)))
    await evaluator.dispose()
    const [first] = outputs
    expect(first!.kind).toBe(givesHidden ? 'value' : 'random')
    if (first!.kind === 'value')
      Array.from(first!.entries).forEach((entry, place) => expect(entry).toBeCloseTo(model.hidden[place]!, 12))
    for (let context = 0; context < contexts; context++) {
      const q = model.logProbabilities.subarray(context * symbols, (context + 1) * symbols).map(Math.exp)
      expect(entropies.shannon![context]).toBeCloseTo(shannonEntropy(q), 12)
      q.forEach((p, w) => expect(distribution!.entries[context * symbols + w]).toBeCloseTo(p, 12))
    }
  })

  test('its head and states give its predictions, and both identities of NLL hold', () => {
    expect(made.hidden).toBe(hiddenSize(architecture))
    expect(model.hidden).toHaveLength(contexts * made.hidden)
    const { crossEntropyResidual, calibrationResidual } = nllIdentitiesOf(law.kernel, model)
    expect(Math.abs(crossEntropyResidual)).toBeLessThan(1e-12)
    expect(Math.abs(calibrationResidual)).toBeLessThan(1e-12)
  })

  test('it learns from its data, and less from shuffled ones', async () => {
    const after = async (data: typeof made.data): Promise<number> => {
      const run = valueOf(beginTraining(architecture, { steps: 150, seed: 1, learningRate: 0.02 }))
      const { parameters: learnt } = valueOf(await continueTraining(run, valueOf(data)))
      return nllIdentitiesOf(law.kernel, made.model(learnt)).divergence
    }
    const start = nllIdentitiesOf(law.kernel, made.model(initialParameters(architecture, 1))).divergence
    const [own, shuffled] = [await after(made.data), await after(made.shuffled)]
    expect(own).toBeLessThan(start)
    expect(own).toBeLessThan(shuffled)
  })
})

describe('shuffled sequences', () => {
  const corpus = valueOf(readCorpus('own', 'it was the best of times it was the worst of times'))
  const source = valueOf(textSequences(corpus, { sequences: 6, length: 4 }))
  const shuffled = shuffledSequences(source, 3)

  test('the tokens that are seen stay, those that come next are the same ones at other places', () => {
    const [before, after] = [source.batch(1, 5), shuffled.batch(1, 5)]
    expect(after.tokens).toEqual(before.tokens)
    expect(after.next).not.toEqual(before.next)
    expect(after.next.slice().sort()).toEqual(before.next.slice().sort())
  })

  test('a batch is a function of seed and step, whichever was asked for before', () => {
    const fifth = shuffled.batch(1, 5)
    shuffled.batch(1, 9)
    expect(shuffled.batch(1, 5)).toEqual(fifth)
    expect(shuffled.batch(1, 6).next).not.toEqual(fifth.next)
    expect(shuffledSequences(source, 4).batch(1, 5).next).not.toEqual(fifth.next)
  })
})
