import fc from 'fast-check'

import type { DataKernel } from '../../../src/language-model/data-kernel.js'
import { standardNormals } from '../../../src/linear-algebra/standard-normal.js'
import { distributionsOn, normalised } from '../information/support.js'

/** A data kernel with contexts of one symbol, numbered; names do not matter here. */
export const kernelOf = (weights: ArrayLike<number>, next: ArrayLike<number>): DataKernel => ({
  name: 'test kernel',
  symbols: Array.from({ length: next.length / weights.length }, (_, w) => `s${w}`),
  contextLength: 1,
  contexts: Int32Array.from({ length: weights.length }, (_, x) => x),
  weights: Float64Array.from(weights),
  next: Float64Array.from(next),
})

/** The golden kernel of 3 contexts and 3 tokens; its numbers were computed with numpy in float64. */
export const goldenKernel = kernelOf([0.5, 0.3, 0.2], [0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.25, 0.25, 0.5])

/** Data kernels of up to 7 contexts and 5 tokens, some probabilities zero or tiny, all weights positive. */
export const kernels: fc.Arbitrary<DataKernel> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }))
  .chain(([n, width]) =>
    fc.tuple(
      fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      fc.array(distributionsOn(width), { minLength: n, maxLength: n }),
    ),
  )
  .map(([weights, rows]) =>
    kernelOf(
      normalised(weights),
      rows.flatMap((row) => Array.from(row)),
    ),
  )

/** A generic kernel: the softmax of normal logits, with uniform weights or with weights spread over four orders of magnitude. */
export const softmaxKernel = (n: number, width: number, seed: number, weighting: 'uniform' | 'spread'): DataKernel => {
  const draw = standardNormals(seed)
  const logits = new Float64Array(n * width)
  draw(logits)
  const spread = new Float64Array(n)
  draw(spread)
  const rows = Array.from({ length: n }, (_, x) =>
    Array.from(normalised(Array.from(logits.subarray(x * width, (x + 1) * width), Math.exp))),
  )
  const weights = normalised(Array.from(spread, (z) => (weighting === 'uniform' ? 1 : Math.exp(1.5 * z))))
  return kernelOf(weights, rows.flat())
}
