/**
 * The shapes of small language models k_head . k_bb . k_emb as data, and the parameters of the main one as flat float64 arrays.
 *
 *                  k_emb and k_bb: from a context to a hidden state in R^D          k_head
 *     mlp          embeddings side by side, R^(N E); a tanh layer; a linear map     the softmax of a linear map
 *     table        one free row for each context: what any encoder could reach      the same
 *     transformer  embeddings, causal layers, a last norm: a state at each place    the same, its rows perhaps the embeddings
 */

/** The shape of a context MLP. */
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

/** A context MLP, named as one of several architectures. */
export interface MlpShape extends ModelShape {
  readonly kind: 'mlp'
}

/** A free hidden state for each context, under a linear softmax head. */
export interface TableShape {
  readonly kind: 'table'
  /** V, the size of the alphabet. */
  readonly symbols: number
  /** n, how many contexts there are. */
  readonly contexts: number
  /** D, the dimension of the hidden state. */
  readonly hidden: number
}

/**
 * A causal transformer: RMS norms, rotary attention and gated (SwiGLU) layers without biases; the hidden state of a place is what the
 * last norm gives.
 *
 * Source: H. Touvron et al., "LLaMA: Open and Efficient Foundation Language Models" (2023).
 */
export interface TransformerShape {
  readonly kind: 'transformer'
  /** V, the size of the alphabet. */
  readonly symbols: number
  /** D, the dimension of the residual stream and of the hidden state. */
  readonly width: number
  /** Heads of attention: they divide the width into even parts. */
  readonly heads: number
  /** Heads of keys and values, each shared by as many heads of queries: they divide the heads. */
  readonly keyValueHeads: number
  readonly layers: number
  /** The width inside a gated layer. */
  readonly inner: number
  /** Whether the rows of the head are the embeddings. */
  readonly tied: boolean
  readonly headBias: boolean
}

export type Architecture = TableShape | MlpShape | TransformerShape
