import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { loadRun, saveRun } from '../../../src/language-model/checkpoint/run-file.js'
import { charactersOf, readCorpus } from '../../../src/language-model/corpus.js'
import type { Architecture, TransformerShape } from '../../../src/language-model/model.js'
import { conditionalEntropy } from '../../../src/language-model/nll-identities.js'
import { forwardOnLaw, type TrainingData } from '../../../src/language-model/objective.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { processSequences, textSequences } from '../../../src/language-model/sequences.js'
import { meanNll } from '../../../src/language-model/softmax-head.js'
import { beginTraining, continueTraining, type TrainingRun } from '../../../src/language-model/training-run.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { valueOf } from '../../support/value-of.js'

const mess3 = valueOf(parseProcess('mess3'))
const kernel = valueOf(processKernel(mess3, 3))
const law: TrainingData = { kind: 'law', kernel }
const sequences: TrainingData = {
  kind: 'sequences',
  source: valueOf(processSequences(mess3, { sequences: 4, length: 5 })),
}
const transformer: TransformerShape = {
  kind: 'transformer',
  symbols: 3,
  width: 8,
  heads: 2,
  keyValueHeads: 1,
  layers: 2,
  inner: 12,
  tied: true,
  headBias: true,
}
const models: readonly (readonly [Architecture, TrainingData])[] = [
  [{ kind: 'table', symbols: 3, contexts: 27, hidden: 2 }, law],
  [{ kind: 'mlp', symbols: 3, contextLength: 3, embedding: 3, width: 8, hidden: 2 }, law],
  [transformer, sequences],
]
/** Everything that the optimiser can do. */
const settings = {
  steps: 100,
  seed: 5,
  learningRate: 0.02,
  warmUp: 10,
  decayFrom: 0.3,
  largestNorm: 0.2,
  weightDecay: 0.01,
}

/** The exact population NLL of a model on the law. */
const population = ({ architecture, parameters }: TrainingRun, of = kernel): number => {
  const { logProbabilities } = forwardOnLaw(architecture, parameters, of)
  const rows = matrix(of.weights.length, of.symbols.length, logProbabilities)
  return meanNll(rows, { kind: 'law', weights: of.weights, next: of.next })
}

describe.each(models)('training a $kind', (architecture, data) => {
  it('is the same, bit for bit, twice, and when it stops, is saved, loaded and goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'markovcat-'))
    try {
      const run = valueOf(beginTraining(architecture, settings))
      const begun = run.parameters.slice()
      const whole = valueOf(await continueTraining(run, data))
      expect(run.parameters).toEqual(begun)
      expect(valueOf(await continueTraining(valueOf(beginTraining(architecture, settings)), data))).toEqual(whole)

      const half = valueOf(await continueTraining(run, data, { until: 50 }))
      expect(half.step).toBe(50)
      const path = join(folder, 'run.safetensors')
      valueOf(await saveRun(path, half))
      expect(await readdir(folder)).toEqual(['run.safetensors'])
      const loaded = valueOf(await loadRun(path))
      expect(loaded).toEqual(half)
      expect(valueOf(await continueTraining(loaded, data))).toEqual(whole)

      const other = valueOf(beginTraining(architecture, { ...settings, seed: 6 }))
      expect(valueOf(await continueTraining(other, data)).parameters).not.toEqual(whole.parameters)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('brings the loss on the law down', async () => {
    const run = valueOf(beginTraining(architecture, settings))
    const trained = valueOf(await continueTraining(run, data))
    expect(population(run)).toBeGreaterThan(0.98)
    expect(population(trained)).toBeLessThan(0.9)
    expect(population(trained)).toBeGreaterThan(conditionalEntropy(kernel))
  })
})

describe('continueTraining', () => {
  it('shows every step, the last of the call included, and its loss', async () => {
    const [architecture, data] = models[0]!
    const run = valueOf(beginTraining(architecture, settings))
    const seen: (readonly [number, number])[] = []
    const half = valueOf(
      await continueTraining(run, data, { until: 3, onStep: ({ step, nll }) => seen.push([step, nll]) }),
    )
    expect(seen.map(([step]) => step)).toEqual([0, 1, 2, 3])
    expect(seen[0]![1]).toBeCloseTo(population(run), 14)
    expect(seen[3]![1]).toBeCloseTo(population(half), 14)
  })

  it('refuses a step to stop at that lies behind or beyond', async () => {
    const [architecture, data] = models[0]!
    const run = valueOf(await continueTraining(valueOf(beginTraining(architecture, settings)), data, { until: 4 }))
    for (const until of [3, 101, 4.5, NaN])
      expect(await continueTraining(run, data, { until })).toMatchObject(
        left({ kind: 'out-of-range', where: 'until', remedy: 'give a whole number from 4 to 100' }),
      )
  })

  it('refuses data that do not fit', async () => {
    const [[table], [mlp], [deep]] = [models[0]!, models[1]!, models[2]!]
    const cases: readonly (readonly [Architecture, TrainingData, string])[] = [
      [table, sequences, 'a table learns from law, not from sequences'],
      [deep, law, 'a transformer learns from sequences, not from law'],
      [{ ...transformer, symbols: 4 }, sequences, 'it has 3 symbols, the model 4'],
      [{ kind: 'table', symbols: 3, contexts: 9, hidden: 2 }, law, 'it has 27 contexts, the table 9'],
      [
        { kind: 'mlp', symbols: 3, contextLength: 2, embedding: 3, width: 8, hidden: 2 },
        law,
        'its contexts have 3 symbols, those of the model 2',
      ],
    ]
    expect(mlp.kind).toBe('mlp')
    for (const [architecture, data, what] of cases)
      expect(await continueTraining(valueOf(beginTraining(architecture, settings)), data)).toMatchObject(
        left({ kind: 'invalid-value', where: 'training data', what }),
      )
  })

  it('learns a text by heart: a transformer on a line that repeats', async () => {
    const line = 'to be or not to be, that is the question: '
    const corpus = valueOf(readCorpus('hamlet', line, charactersOf(line)))
    const source = valueOf(textSequences(corpus, { sequences: 4, length: 16 }))
    const shape = { ...transformer, symbols: corpus.symbols.length, width: 16, inner: 32, headBias: false }
    const run = valueOf(beginTraining(shape, { steps: 120, seed: 1, learningRate: 0.01, warmUp: 10, largestNorm: 1 }))
    const losses: number[] = []
    await continueTraining(run, { kind: 'sequences', source }, { onStep: ({ nll }) => losses.push(nll) })
    expect(losses[0]).toBeGreaterThan(2.5)
    // What stays is the first letters of a window, which have many continuations.
    expect(losses.at(-1)).toBeLessThan(0.5)
  })
})

describe('beginTraining', () => {
  it.each([
    [{ steps: -1 }, 'steps'],
    [{ seed: 0.5 }, 'seed'],
    [{ learningRate: -1 }, 'learning rate'],
    [{ warmUp: 1.5 }, 'warm-up'],
    [{ decayFrom: 1.1 }, 'decay'],
    [{ largestNorm: 0 }, 'largest norm'],
    [{ largestNorm: Infinity }, 'largest norm'],
    [{ weightDecay: -0.1 }, 'weight decay'],
  ])('refuses settings out of range: %j', (wrong, where) => {
    expect(beginTraining(models[0]![0], { ...settings, ...wrong })).toMatchObject(left({ kind: 'out-of-range', where }))
  })

  it.each([
    [{ ...transformer, heads: 3 }, 'transformer, heads', '3 do not divide 8 into even parts'],
    [{ ...transformer, heads: 8 }, 'transformer, heads', '8 do not divide 8 into even parts'],
    [{ ...transformer, keyValueHeads: 4 }, 'transformer, keyValueHeads', '4 do not divide 2'],
    [{ ...transformer, layers: 0 }, 'transformer, layers', '0 is no size'],
    [
      { ...transformer, inner: 2 ** 30 },
      'transformer, size',
      `it has ${3 * 8 + 2 * (8 * 8 * 2 + 4 * 8 * 2 + 16 + 3 * 8 * 2 ** 30) + 8 + 3} parameters`,
    ],
  ])('refuses sizes that do not fit', (architecture, where, what) => {
    expect(beginTraining(architecture, settings)).toMatchObject(left({ kind: 'out-of-range', where, what }))
  })
})

describe('loadRun', () => {
  it('says what is wrong with a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'markovcat-'))
    try {
      const path = join(folder, 'run.safetensors')
      expect(await loadRun(path)).toMatchObject(left({ kind: 'file', where: path }))
      await writeFile(path, 'hello')
      expect(await loadRun(path)).toMatchObject(left({ kind: 'malformed', what: 'it has 5 bytes' }))
      const run = valueOf(beginTraining(models[0]![0], settings))
      expect(await saveRun(join(folder, 'none', 'run'), run)).toMatchObject(left({ kind: 'file' }))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
