import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { initialParameters } from '../../../src/language-model/architecture.js'
import type { Architecture, MlpShape, TableShape, TransformerShape } from '../../../src/language-model/model.js'
import { forwardOnLaw, objectiveOf, type TrainingData } from '../../../src/language-model/objective.js'
import { parameterLayout } from '../../../src/language-model/parameter-layout.js'
import { inFloat64 } from '../../../src/language-model/products.js'
import { transformerForward } from '../../../src/language-model/transformer/forward.js'
import { anyKernel, shapeOf } from '../../support/language-model.js'
import { valueOf } from '../../support/value-of.js'
import { relativeErrors } from './gradient-support.js'

/** Biases away from zero. */
const general = (architecture: Architecture, seed: number): Float64Array =>
  initialParameters(architecture, seed).map((value, index) => value + 0.3 * Math.sin(index + seed))

const evaluate = (architecture: Architecture, data: TrainingData, parameters: Float64Array) => {
  // What was there before is written over.
  const gradient = new Float64Array(parameters.length).fill(7)
  const nll = inFloat64(valueOf(objectiveOf(architecture, data, 1))(0, parameters, gradient))
  return { nll, gradient }
}

describe('objectiveOf', () => {
  it('has the gradient of central differences in every matrix of tables and MLPs', () => {
    fc.assert(
      fc.property(anyKernel, fc.boolean(), fc.integer({ min: 0, max: 1000 }), (kernel, free, seed) => {
        const table: TableShape = {
          kind: 'table',
          symbols: kernel.symbols.length,
          contexts: kernel.weights.length,
          hidden: 2,
        }
        const mlp: MlpShape = { kind: 'mlp', ...shapeOf(kernel) }
        const architecture = free ? table : mlp
        const parameters = general(architecture, seed)
        const data: TrainingData = { kind: 'law', kernel }
        const { gradient } = evaluate(architecture, data, parameters)
        const lossAt = (at: Float64Array): number => evaluate(architecture, data, at).nll
        for (const [name, error] of relativeErrors(parameterLayout(architecture), parameters, gradient, lossAt))
          expect(error, name).toBeLessThan(1e-6)
      }),
      { numRuns: 20 },
    )
  })

  it('of a table obeys the calibration identity: NLL - Hbar = <W, grad_W> + <b, grad_b>', () => {
    fc.assert(
      fc.property(anyKernel, fc.integer({ min: 0, max: 1000 }), (kernel, seed) => {
        const [symbols, contexts] = [kernel.symbols.length, kernel.weights.length]
        const table: TableShape = { kind: 'table', symbols, contexts, hidden: 3 }
        const parameters = general(table, seed)
        const { nll, gradient } = evaluate(table, { kind: 'law', kernel }, parameters)
        const { logProbabilities } = forwardOnLaw(table, parameters, kernel)
        const entropy = logProbabilities.reduce(
          (sum, log, index) => sum - kernel.weights[Math.floor(index / symbols)]! * Math.exp(log) * log,
          0,
        )
        let calibration = 0
        for (let index = 3 * contexts; index < parameters.length; index++)
          calibration += parameters[index]! * gradient[index]!
        expect(Math.abs(nll - entropy - calibration)).toBeLessThan(1e-12)
      }),
    )
  })
})

describe('forwardOnLaw', () => {
  it('reads a context as a sequence, and what its last place says', () => {
    const [kernel] = fc.sample(
      anyKernel.filter(({ contextLength }) => contextLength === 2),
      { numRuns: 1, seed: 4 },
    )
    const shape: TransformerShape = {
      kind: 'transformer',
      symbols: kernel!.symbols.length,
      width: 4,
      heads: 1,
      keyValueHeads: 1,
      layers: 1,
      inner: 5,
      tied: false,
      headBias: false,
    }
    const parameters = general(shape, 2)
    const { hidden, logProbabilities } = forwardOnLaw(shape, parameters, kernel!)
    for (let context = 0; context < kernel!.weights.length; context++) {
      const tokens = kernel!.contexts.subarray(2 * context, 2 * context + 2)
      const alone = transformerForward(shape, parameters, { tokens, length: 2 })
      for (let k = 0; k < 4; k++) expect(hidden[4 * context + k]).toBeCloseTo(alone.hidden[4 + k]!, 13)
      for (let w = 0; w < shape.symbols; w++)
        expect(logProbabilities[shape.symbols * context + w]).toBeCloseTo(
          alone.logProbabilities[shape.symbols + w]!,
          13,
        )
    }
  })
})
