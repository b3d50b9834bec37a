/**
 * The kernel of predictive similarity seen through an encoder x -> h that may merge contexts.
 *
 *     K~(h, h') = E[K(X, X') | h, h'] = <E[phi | h], E[phi | h']>     X given h and X' given h' independent
 *
 *     h ──▢ inverse of the encoder under mu ── X ──▢ phi          (and the same for h')
 *
 * Compression by a conditional expectation, so K~ is positive semidefinite where K is, and its eigenvalues are at most those of K, one
 * by one. For an injective encoder K~ is K: then the operator says nothing about the encoder. Where X and X' may depend on each other,
 * K~ need not be positive semidefinite.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (7.5), with the independence that it needs made plain.
 */
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { classesOf, givenClass } from './encoding-classes.js'

/** The contexts that an encoder merges, and what is expected of a context given its class. */
export interface EncoderDisintegration {
  /** n: the class of each context, numbered by first occurrence. */
  readonly of: Int32Array
  /** P(class). */
  readonly masses: Float64Array
  /** classes x m: E[phi | class]. */
  readonly features: Float64Array
}

/**
 * E[phi | h] for features (n x m) and hidden states (n x D) of n weighted contexts; states are equal where they are bit for bit.
 *
 * With phi = P the rows are P(. | h), the composite of the encoder's Bayesian inverse and k_data.
 *
 * @example
 * const coins = Float64Array.of(1, 0, 0, 1, 0.5, 0.5)
 * const merged = disintegratedFeatures(coins, Float64Array.of(0.25, 0.5, 0.25), Float64Array.of(7, 8, 7))
 * Array.from(merged.features) // => [0.75, 0.25, 0, 1]
 */
export const disintegratedFeatures = (
  features: Float64Array,
  weights: Float64Array,
  hidden: Float64Array,
): EncoderDisintegration => {
  const n = weights.length
  if (features.length % n !== 0 || hidden.length % n !== 0)
    throw new Error(`disintegratedFeatures: ${features.length} features and ${hidden.length} states for ${n} contexts`)
  const classes = classesOf(hidden, n)
  return { of: classes.of, ...givenClass(features, weights, classes) }
}

/**
 * K~ between classes, for any n x n kernel: sum P(x | h) P(x' | h') K(x, x').
 *
 * @example
 * const merged = { of: Int32Array.of(0, 0), masses: Float64Array.of(1) }
 * disintegratedKernel(matrix(2, 2, [1, 0, 0, 1]), Float64Array.of(0.5, 0.5), merged).entries[0] // => 0.5
 */
export const disintegratedKernel = (
  { rows: n, entries }: Matrix,
  weights: Float64Array,
  { of, masses }: Pick<EncoderDisintegration, 'of' | 'masses'>,
): Matrix => {
  const count = masses.length
  const result = matrix(count, count)
  for (let x = 0; x < n; x++) {
    const c = of[x]!
    for (let y = 0; y < n; y++)
      result.entries[c * count + of[y]!]! +=
        (weights[x]! / masses[c]!) * (weights[y]! / masses[of[y]!]!) * entries[x * n + y]!
  }
  return result
}
