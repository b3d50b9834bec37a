/**
 * The objective that Theorem 7.6 takes for equivalent to the likelihood, and that is not.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (arXiv 2507.19247, second version), Theorem 7.6. J is even in h,
 * the likelihood is not; on whitened states its maximisers are all bases of the leading eigenspace, of which the likelihood, with its
 * head, prefers some. What holds instead is in `surrogate.ts`.
 */
import { crossProduct } from '../linear-algebra/matrix.js'
import { weightedFeatures } from './weighted-features.js'

/**
 * J(h) = E_(x,x') <h_x, h_x'> K(x, x') for K = <phi, phi'>: |E phi h^T|_F^2, from features (n x m) and hidden states (n x D).
 *
 * A measurement. J(h) = J(-h).
 *
 * @example
 * spectralObjective(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5), Float64Array.of(2, -2)) // => 2
 */
export const spectralObjective = (features: Float64Array, weights: Float64Array, hidden: Float64Array): number =>
  crossProduct(weightedFeatures(features, weights), weightedFeatures(hidden, weights)).entries.reduce(
    (sum, entry) => sum + entry * entry,
    0,
  )
