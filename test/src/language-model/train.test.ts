import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { readCorpus } from '../../../src/language-model/corpus.js'
import type { DataKernel } from '../../../src/language-model/data-kernel.js'
import { nllGradient } from '../../../src/language-model/gradient.js'
import { copyParameters, initialise, modelShape } from '../../../src/language-model/initialise.js'
import { mobyDick } from '../../../src/language-model/moby-dick.js'
import { nGramKernel } from '../../../src/language-model/n-gram.js'
import { conditionalEntropy, nllIdentities } from '../../../src/language-model/nll-identities.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { shuffleTargets } from '../../../src/language-model/shuffled-targets.js'
import { checkpointSteps, train } from '../../../src/language-model/train.js'
import type { TrainingProgress } from '../../../src/language-model/training-run.js'
import { shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'

const law = (name: string, length: number): DataKernel => valueOf(processKernel(valueOf(parseProcess(name)), length))

describe('train', () => {
  it('brings the loss down, from the untrained model on', async () => {
    const kernel = law('mess3', 3)
    const shape = shapeOf(kernel, 4, 16, 2)
    const checkpoints = valueOf(await train(kernel, shape, { steps: 400, seed: 1, checkpoints: 8 }))
    expect(checkpoints.map(({ step }) => step)).toEqual(checkpointSteps(400, 8))
    expect(copyParameters(shape, checkpoints[0]!.parameters)).toEqual(copyParameters(shape, initialise(shape, 1)))
    for (let index = 1; index < checkpoints.length; index++)
      expect(checkpoints[index]!.nll).toBeLessThan(checkpoints[index - 1]!.nll)
    const final = checkpoints.at(-1)!
    const identities = nllIdentities(kernel, shape, final.parameters)
    expect(final.nll).toBe(nllGradient(kernel, shape, final.parameters).nll)
    expect(Math.abs(final.nll - identities.nll)).toBeLessThan(1e-12)
    expect(identities.divergence).toBeLessThan(0.01)
    expect(Math.abs(identities.crossEntropyResidual)).toBeLessThan(1e-12)
    expect(Math.abs(identities.calibrationResidual)).toBeLessThan(1e-12)
  })

  it('finds a law that the model can express: z1r at N = 4 with two hidden dimensions', async () => {
    const kernel = law('z1r', 4)
    const shape = shapeOf(kernel, 4, 16, 2)
    const checkpoints = valueOf(
      await train(kernel, shape, { steps: 1000, seed: 1, checkpoints: 2, learningRate: 0.03 }),
    )
    const { divergence, modelEntropy, nll } = nllIdentities(kernel, shape, checkpoints.at(-1)!.parameters)
    expect(divergence).toBeLessThan(5e-5)
    // At a head that is nearly stationary, NLL is the categorical entropy of the head.
    expect(Math.abs(nll - modelEntropy)).toBeLessThan(5e-4)
  })

  it('learns letters: Moby-Dick with contexts of two', async () => {
    const kernel = valueOf(nGramKernel(valueOf(readCorpus('Moby-Dick', mobyDick())), 2))
    const shape = valueOf(modelShape(kernel))
    const checkpoints = valueOf(await train(kernel, shape, { steps: 80, seed: 1, checkpoints: 2, learningRate: 0.02 }))
    const [untrained, trained] = checkpoints.map(({ parameters }) => nllIdentities(kernel, shape, parameters))
    expect(untrained!.divergence).toBeGreaterThan(1)
    expect(trained!.divergence).toBeLessThan(0.3)
    for (const identities of [untrained!, trained!]) {
      expect(Math.abs(identities.crossEntropyResidual)).toBeLessThan(1e-12)
      expect(Math.abs(identities.calibrationResidual)).toBeLessThan(1e-12)
    }
  })

  it('is determined by the seed bit for bit', async () => {
    const kernel = law('order-2', 3)
    const shape = valueOf(modelShape(kernel, { width: 8, hidden: 2 }))
    const run = async (seed: number) =>
      valueOf(await train(kernel, shape, { steps: 50, seed, checkpoints: 5 })).map(({ step, nll, parameters }) => ({
        step,
        nll,
        flat: copyParameters(shape, parameters).flat,
      }))
    const first = await run(3)
    expect(await run(3)).toEqual(first)
    expect((await run(4)).at(-1)!.flat).not.toEqual(first.at(-1)!.flat)
  })

  it('keeps each checkpoint apart from the run', async () => {
    const kernel = law('golden-mean', 2)
    const shape = shapeOf(kernel)
    const checkpoints = valueOf(await train(kernel, shape, { steps: 10, seed: 1, checkpoints: 3 }))
    expect(checkpoints.map(({ step }) => step)).toEqual([0, 1, 10])
    for (const { nll, parameters } of checkpoints) expect(nllGradient(kernel, shape, parameters).nll).toBe(nll)
  })

  it('reports progress to the last step, between turns of the event loop', async () => {
    const kernel = law('golden-mean', 2)
    const seen: TrainingProgress[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const options = {
      steps: 5,
      seed: 1,
      checkpoints: 2,
      onProgress: (progress: TrainingProgress) => seen.push(progress),
    }
    const checkpoints = valueOf(await train(kernel, shapeOf(kernel), options))
    clearInterval(timer)
    expect(seen.at(-1)).toEqual({ step: 5, steps: 5, nll: checkpoints.at(-1)!.nll })
    expect(turns).toBeGreaterThan(0)
  })

  it('leaves an untrained model as it is for no steps', async () => {
    const kernel = law('golden-mean', 2)
    const checkpoints = valueOf(await train(kernel, shapeOf(kernel), { steps: 0, seed: 1, checkpoints: 4 }))
    expect(checkpoints.map(({ step }) => step)).toEqual([0])
  })

  it('refuses options out of range', async () => {
    const kernel = law('golden-mean', 2)
    const options = { steps: 5, seed: 1, checkpoints: 2 }
    for (const [name, wrong] of [
      ['steps', { steps: -1 }],
      ['steps', { steps: 1.5 }],
      ['checkpoints', { checkpoints: 1 }],
      ['seed', { seed: 2 ** 40 }],
      ['seed', { seed: NaN }],
      ['learning rate', { learningRate: 0 }],
    ] as const)
      expect(await train(kernel, shapeOf(kernel), { ...options, ...wrong })).toMatchObject(
        left({ kind: 'out-of-range', where: name }),
      )
  })
})

describe('checkpointSteps', () => {
  it('are evenly spaced logarithms with both ends, none twice', () => {
    expect(checkpointSteps(1000, 5)).toEqual([0, 1, 10, 100, 1000])
    expect(checkpointSteps(3000, 2)).toEqual([0, 3000])
    expect(checkpointSteps(2, 10)).toEqual([0, 1, 2])
    expect(checkpointSteps(0, 3)).toEqual([0])
  })
})

describe('shuffleTargets', () => {
  const kernel = law('mess3', 4)
  const rows = ({ next }: DataKernel): readonly string[] =>
    Array.from({ length: next.length / 3 }, (_, context) => next.subarray(3 * context, 3 * context + 3).join(','))

  it('permutes the rows and nothing else, by its seed', () => {
    const shuffled = shuffleTargets(kernel, 1)
    expect(rows(shuffled)).not.toEqual(rows(kernel))
    expect([...rows(shuffled)].sort()).toEqual([...rows(kernel)].sort())
    expect(shuffled.contexts).toEqual(kernel.contexts)
    expect(shuffled.weights).toEqual(kernel.weights)
    expect(shuffleTargets(kernel, 1)).toEqual(shuffled)
    expect(rows(shuffleTargets(kernel, 2))).not.toEqual(rows(shuffled))
  })

  it('keeps the entropy of the rows where the weights are equal', () => {
    const uniform = { ...kernel, weights: kernel.weights.map(() => 1 / 81) }
    expect(conditionalEntropy(shuffleTargets(uniform, 5))).toBeCloseTo(conditionalEntropy(uniform), 13)
  })
})
