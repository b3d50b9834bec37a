import fc from 'fast-check'

import type { DataKernel } from '../../src/language-model/data-kernel.js'
import type { ModelShape } from '../../src/language-model/model.js'

const normalised = (masses: readonly number[]): readonly number[] => {
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return masses.map((mass) => mass / total)
}

/** A kernel from nested lists: contexts of N symbols, their weights, and the law of the next symbol. */
export const kernelOf = (
  symbols: number,
  contexts: readonly (readonly number[])[],
  weights: readonly number[],
  next: readonly (readonly number[])[],
): DataKernel => ({
  name: 'kernel',
  symbols: Array.from({ length: symbols }, (_, symbol) => String(symbol)),
  contextLength: contexts[0]!.length,
  contexts: Int32Array.from(contexts.flat()),
  weights: Float64Array.from(normalised(weights)),
  next: Float64Array.from(next.flatMap(normalised)),
})

/** Kernels with 2 to 4 symbols and contexts of one or two, all of them; some probabilities are zero. */
export const anyKernel: fc.Arbitrary<DataKernel> = fc
  .record({ symbols: fc.integer({ min: 2, max: 4 }), length: fc.integer({ min: 1, max: 2 }) })
  .chain(({ symbols, length }) => {
    const count = symbols ** length
    const contexts = Array.from({ length: count }, (_, index) =>
      Array.from({ length }, (_, place) => Math.floor(index / symbols ** place) % symbols),
    )
    const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: count, maxLength: count })
    // The first symbol always occurs, so that no row is empty.
    const row = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1, noNaN: true })), {
        minLength: symbols - 1,
        maxLength: symbols - 1,
      })
      .map((rest) => [0.5, ...rest])
    const next = fc.array(row, { minLength: count, maxLength: count })
    return fc.tuple(weights, next).map(([mu, rows]) => kernelOf(symbols, contexts, mu, rows))
  })

/** A small model of a kernel. */
export const shapeOf = (kernel: DataKernel, embedding = 3, width = 5, hidden = 2): ModelShape => ({
  symbols: kernel.symbols.length,
  contextLength: kernel.contextLength,
  embedding,
  width,
  hidden,
})
