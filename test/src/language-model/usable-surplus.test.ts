import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { documentBootstrap } from '../../../src/language-model/document-bootstrap.js'
import { draftLaw, surplusUnder } from '../../../src/language-model/draft-law.js'
import { forward } from '../../../src/language-model/forward.js'
import { initialise, modelShape } from '../../../src/language-model/initialise.js'
import { mlpPass } from '../../../src/language-model/mlp.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel, processWords } from '../../../src/language-model/process-law.js'
import { inFloat64 } from '../../../src/language-model/products.js'
import { train } from '../../../src/language-model/train.js'
import { usableSurplus, usableSurplusOfLaw } from '../../../src/language-model/usable-surplus.js'
import { valueOf } from '../../support/value-of.js'

const setting = (name: string, n: number) => {
  const process = valueOf(parseProcess(name))
  return {
    kernel: valueOf(processKernel(process, n)),
    law: valueOf(draftLaw(valueOf(processWords(process, n + 2)), n)),
  }
}
/** Hidden state and tanh layer of a model that is not trained. */
const untrained = (kernel: ReturnType<typeof setting>['kernel'], hidden: number, seed: number) => {
  const shape = valueOf(modelShape(kernel, { hidden }))
  const { hidden: states, layer } = inFloat64(mlpPass(shape, initialise(shape, seed), kernel.contexts))
  return { hidden: states.entries, layer: layer.entries }
}
const loose = { gradientTolerance: 1e-6, mostIterations: 300 }

describe('usable surplus under an exact law', () => {
  it('is from zero to the surplus, and grows with what the probe may say', () => {
    for (const [name, n] of [
      ['rrxor', 5],
      ['even', 5],
      ['mess3', 3],
      ['z1r', 5],
    ] as const) {
      const { kernel, law } = setting(name, n)
      const { hidden, layer } = untrained(kernel, 2, 4)
      const exact = surplusUnder(law)
      for (const states of [hidden, layer]) {
        const [additive, perToken] = (['additive', 'per-token'] as const).map((sight) =>
          usableSurplusOfLaw(law, states, sight, loose),
        )
        expect(additive!).toBeGreaterThan(-1e-6)
        expect(perToken!).toBeGreaterThan(additive! - 1e-6)
        expect(perToken!).toBeLessThan(exact + 1e-9)
      }
    }
  })

  it('RRXOR, n = 6: an untrained layer of 64 has all 0.1533 nats for heads by token, nothing for additive ones', () => {
    const { kernel, law } = setting('rrxor', 6)
    const { hidden, layer } = untrained(kernel, 2, 3)
    expect(surplusUnder(law)).toBeCloseTo(0.1533, 4)
    expect(usableSurplusOfLaw(law, layer, 'per-token', loose)).toBeCloseTo(0.1533, 3)
    expect(usableSurplusOfLaw(law, layer, 'additive', loose)).toBeCloseTo(0, 6)
    expect(usableSurplusOfLaw(law, hidden, 'per-token', loose)).toBeLessThan(0.05)
  })

  it('training creates it: even n = 6, d = 2', async () => {
    const { kernel, law } = setting('even', 6)
    const shape = valueOf(modelShape(kernel, { hidden: 2 }))
    const checkpoints = valueOf(await train(kernel, shape, { steps: 400, seed: 3, checkpoints: 2, learningRate: 1e-2 }))
    const [before, after] = [checkpoints[0]!, checkpoints.at(-1)!].map(({ parameters }) => {
      const { hidden } = forward(parameters, shape, kernel.contexts)
      return usableSurplusOfLaw(law, hidden, 'per-token', loose)
    })
    expect(surplusUnder(law)).toBeCloseTo(0.1259, 4)
    expect(before!).toBeLessThan(0.02)
    expect(after!).toBeGreaterThan(0.08)
  })
})

/** Places of documents of z1r: h is the phase, one-hot; or noise. */
const sampled = (documents: number, length: number, seed: number) => {
  const generator = xoroshiro128plus(seed)
  const [tokens, futures, ids, phases, noise]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  for (let document = 0; document < documents; document++) {
    let phase = uniformInt(generator, 0, 2)
    const emit = () => {
      const symbol = phase === 0 ? 0 : phase === 1 ? 1 : uniformInt(generator, 0, 1)
      phase = (phase + 1) % 3
      return symbol
    }
    for (let place = 0; place < length; place++) {
      // A gap between places, so that their overlap does not matter.
      phases.push(...[0, 1, 2].map((each) => (each === phase ? 1 : 0)))
      noise.push(uniformInt(generator, -1000, 1000) / 1000)
      tokens.push(emit())
      futures.push(emit())
      ids.push(document)
    }
  }
  return { hidden: Float64Array.from(phases), noise: Float64Array.from(noise), tokens, futures, documents: ids }
}

describe('usable surplus on held-out places', () => {
  it('of z1r’s phase is log 1.5, with an interval that holds it; of noise it is zero or less', () => {
    const { hidden, noise, tokens, futures, documents } = sampled(60, 20, 7)
    const settings = { seed: 1, draws: 200, ridge: 1e-4, gradientTolerance: 1e-5 }
    for (const sight of ['per-token', 'additive'] as const) {
      const found = valueOf(
        usableSurplus({ hidden, untrained: noise, tokens, futures, documents }, 2, { ...settings, sight }),
      )
      expect(found.usable).toBeGreaterThan(0.3)
      expect(found.usable).toBeCloseTo(found.tokenCrossEntropy - found.crossEntropy, 12)
      expect(found.interval.lower).toBeLessThan(Math.log(1.5))
      expect(found.interval.upper).toBeGreaterThan(Math.log(1.5))
      expect(found.untrained!.usable).toBeLessThan(0.02)
      expect(found.untrained!.tokenCrossEntropy).toBe(found.tokenCrossEntropy)
      expect(found.gain!.value).toBeCloseTo(found.usable - found.untrained!.usable, 12)
      expect(found.gain!.interval.lower).toBeGreaterThan(0.2)
      expect([found.trainingPlaces, found.heldOutPlaces]).toEqual([900, 300])
    }
  })

  it('is what its seed says, and without a baseline has none', () => {
    const { hidden, tokens, futures, documents } = sampled(12, 10, 3)
    const run = (seed: number) =>
      valueOf(
        usableSurplus({ hidden, tokens, futures, documents }, 2, {
          seed,
          draws: 20,
          ridge: 1e-3,
          gradientTolerance: 1e-5,
        }),
      )
    expect(run(1)).toEqual(run(1))
    expect(run(1).usable).not.toBe(run(2).usable)
    expect(run(1).untrained).toBeUndefined()
    expect(run(1).gain).toBeUndefined()
  })

  it('refuses arrays of other lengths, and shares that leave a side empty', () => {
    const data = { hidden: Float64Array.of(1, 2, 3), tokens: [0, 1, 0], futures: [0, 1, 1] }
    expect(usableSurplus({ ...data, futures: [0] }, 2, { seed: 1 })).toMatchObject(left({ kind: 'invalid-value' }))
    expect(usableSurplus({ ...data, untrained: Float64Array.of(1) }, 2, { seed: 1 })).toMatchObject(
      left({ kind: 'invalid-value' }),
    )
    for (const heldOut of [0, 1])
      expect(usableSurplus(data, 2, { seed: 1, heldOut })).toMatchObject(left({ kind: 'out-of-range' }))
  })
})

describe('documentBootstrap', () => {
  it('has the mean of the places and the deviation of means of documents', () => {
    const count = 400
    const values = Float64Array.from({ length: count }, (_, place) => Math.sin(place * 12.9898) * 3)
    const weights = new Float64Array(count).fill(1)
    const alone = Int32Array.from(values, (_, place) => place)
    const [draws] = documentBootstrap([{ weight: 1, weights, documents: alone, values: [values] }], 2000, 5)
    const mean = (of: Float64Array) => of.reduce((sum, x) => sum + x, 0) / of.length
    const deviation = (of: Float64Array) => Math.sqrt(of.reduce((sum, x) => sum + (x - mean(of)) ** 2, 0) / of.length)
    expect(mean(draws!)).toBeCloseTo(mean(values), 1)
    expect(deviation(draws!) / (deviation(values) / 20)).toBeCloseTo(1, 1)
    // Documents of four equal places: twice the deviation.
    const repeated = values.map((_, place) => values[Math.floor(place / 4)]!)
    const [byDocument] = documentBootstrap(
      [{ weight: 1, weights, documents: alone.map((place) => Math.floor(place / 4)), values: [repeated] }],
      2000,
      5,
    )
    expect(deviation(byDocument!) / (deviation(repeated) / 10)).toBeCloseTo(1, 1)
  })
})
