/**
 * The parameters of a small language model of the shape k_head . k_bb . k_emb, as flat float64 arrays.
 *
 *     k_emb    looks up a row of `embedding` for each of the N symbols of a context and lays them side by side: R^(N E)
 *     k_bb     a tanh layer of a width, then a linear map: R^D
 *     k_head   the softmax of a linear map: a distribution on V tokens
 */

export interface ModelShape {
  /** V, the size of the alphabet. */
  readonly symbols: number
  /** N, the length of a context. */
  readonly contextLength: number
  /** E, the dimension of one symbol's embedding. */
  readonly embedding: number
  /** The width of the tanh layer. */
  readonly width: number
  /** D, the dimension of the hidden state. */
  readonly hidden: number
}

/** Matrices are row-major, one row for each output. */
export interface ModelParameters {
  /** V x E. */
  readonly embedding: Float64Array
  /** width x (N E), and width. */
  readonly layerWeights: Float64Array
  readonly layerBias: Float64Array
  /** D x width, and D. */
  readonly projectionWeights: Float64Array
  readonly projectionBias: Float64Array
  /** V x D, the rows g(w); and V. */
  readonly headWeights: Float64Array
  readonly headBias: Float64Array
}
