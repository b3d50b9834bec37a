import fc from 'fast-check'

import type { Head } from '../../../src/language-model/head-divergence.js'
import { normalMatrix, seeds } from '../linear-algebra/support.js'

export interface HeadCase {
  readonly symbols: number
  readonly dimension: number
  readonly head: Head
  readonly from: Float64Array
  readonly to: Float64Array
}

/** The golden head: 4 tokens, 2 dimensions, two hidden states; its numbers were computed with numpy in float64. */
export const golden: HeadCase = {
  symbols: 4,
  dimension: 2,
  head: {
    headWeights: Float64Array.of(1, 0, 0, 1, -1, 0.5, 0.5, -1),
    headBias: Float64Array.of(0.1, 0, -0.2, 0.3),
  },
  from: Float64Array.of(0.4, -0.3),
  to: Float64Array.of(-0.6, 0.8),
}

/** Heads with normal weights, at two normal hidden states. */
export const headCases: fc.Arbitrary<HeadCase> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), seeds)
  .map(([symbols, dimension, seed]) => ({
    symbols,
    dimension,
    head: {
      headWeights: normalMatrix(symbols, dimension, seed).entries,
      headBias: normalMatrix(symbols, 1, seed + 1).entries,
    },
    from: normalMatrix(1, dimension, seed + 2).entries,
    to: normalMatrix(1, dimension, seed + 3).entries,
  }))
