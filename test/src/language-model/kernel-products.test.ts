import { left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

import { initialParameters } from '../../../src/language-model/architecture.js'
import { kernelProducts } from '../../../src/language-model/kernel-products.js'
import type { Architecture, TransformerShape } from '../../../src/language-model/model.js'
import { objectiveOf, type TrainingData } from '../../../src/language-model/objective.js'
import { parameterLayout } from '../../../src/language-model/parameter-layout.js'
import { parseProcess } from '../../../src/language-model/process.js'
import { processKernel } from '../../../src/language-model/process-law.js'
import { inFloat64, withProductsOf } from '../../../src/language-model/products.js'
import { processSequences } from '../../../src/language-model/sequences.js'
import { beginTraining, continueTraining } from '../../../src/language-model/training-run.js'
import { matrix } from '../../../src/linear-algebra/matrix.js'
import { valueOf } from '../../support/value-of.js'

const process = valueOf(parseProcess('cycle8'))
const transformer: TransformerShape = {
  kind: 'transformer',
  symbols: 8,
  width: 16,
  heads: 2,
  keyValueHeads: 1,
  layers: 2,
  inner: 24,
  tied: false,
  headBias: true,
}
const kernel = valueOf(processKernel(process, 3))
/** How many products a step has, forward and back. */
const productsOf = { table: 3, mlp: 9, transformer: 3 * 15 }
const models: readonly (readonly [Architecture, TrainingData])[] = [
  [
    { kind: 'table', symbols: 8, contexts: kernel.weights.length, hidden: 4 },
    { kind: 'law', kernel },
  ],
  [
    { kind: 'mlp', symbols: 8, contextLength: 3, embedding: 6, width: 24, hidden: 4 },
    { kind: 'law', kernel },
  ],
  [transformer, { kind: 'sequences', source: valueOf(processSequences(process, { sequences: 4, length: 6 })) }],
]

describe.each(['webasm', 'cpu', 'onnx'] as const)('products by %s', (backend) => {
  it.each(models)('give the gradients of float64 to 1e-4: $kind', async (architecture, data) => {
    const objective = valueOf(objectiveOf(architecture, data, 1))
    const parameters = initialParameters(architecture, 2)
    const [exact, rounded] = [new Float64Array(parameters.length), new Float64Array(parameters.length)]
    const nll = inFloat64(objective(0, parameters, exact))
    const kernels = valueOf(await kernelProducts(backend, 0))
    try {
      expect(await withProductsOf(objective(0, parameters, rounded), kernels.product)).toBeCloseTo(nll, 5)
      expect(kernels.counts()).toEqual({ kernels: productsOf[architecture.kind], loops: 0 })
    } finally {
      await kernels.dispose()
    }
    // Bit for bit the same would mean that no kernel ran.
    expect(rounded).not.toEqual(exact)
    let end = 0
    for (const { name, rows, columns } of parameterLayout(architecture)) {
      const start = end
      end += rows * columns
      const own = exact.subarray(start, end)
      const error = Math.hypot(...own.map((slope, index) => slope - rounded[start + index]!))
      expect(error / Math.hypot(...own), name).toBeLessThan(1e-4)
    }
  })
})

describe('kernelProducts', () => {
  it('leaves small products to loops', async () => {
    const kernels = valueOf(await kernelProducts('webasm'))
    const small = matrix(
      3,
      4,
      Float64Array.from({ length: 12 }, (_, index) => index / 7),
    )
    const product = await kernels.product({ left: small, right: small })
    expect(product.entries[1]).toBeCloseTo((0 * 4 + 1 * 5 + 2 * 6 + 3 * 7) / 49, 15)
    expect(kernels.counts()).toEqual({ kernels: 0, loops: 1 })
    await kernels.dispose()
  })

  it('says what this machine lacks, and so does a training', async () => {
    expect(await kernelProducts('webgl')).toMatchObject(left({ kind: 'unsupported', where: 'backend webgl' }))
    const [architecture, data] = models[0]!
    const run = valueOf(beginTraining(architecture, { steps: 1, seed: 1 }))
    expect(await continueTraining(run, data, { backend: 'webgl' })).toMatchObject(left({ kind: 'unsupported' }))
  })

  it('trains as float64 does where all products are small', async () => {
    for (const [architecture, data] of models) {
      const run = valueOf(beginTraining(architecture, { steps: 3, seed: 1 }))
      const exact = valueOf(await continueTraining(run, data))
      expect(valueOf(await continueTraining(run, data, { backend: 'webasm' }))).toEqual(exact)
    }
  })
})
