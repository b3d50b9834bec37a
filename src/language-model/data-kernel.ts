/**
 * k_data : Context -> Token, the law that a language model is measured against, with the weight of every context.
 */

export interface DataKernel {
  /** What the law is, as it is named in reports: a text's file name or a process with its parameters. */
  readonly name: string
  /** The alphabet; a token is an index into it. V symbols. */
  readonly symbols: readonly string[]
  /** N, how many symbols a context has. */
  readonly contextLength: number
  /** n x N, row-major: the symbols of each context of positive weight, the oldest first. */
  readonly contexts: Int32Array
  /** mu, n: the probability of each context; sums to one. */
  readonly weights: Float64Array
  /** n x V, row-major: P(next symbol | context); rows sum to one. */
  readonly next: Float64Array
}

/** A stationary law on sequences, through the Shannon entropies (nats) of its blocks. */
export interface BlockEntropies {
  /** H(k), the entropy of k consecutive symbols; H(0) = 0. */
  readonly of: (length: number) => number
  /** The longest block whose entropy is known. */
  readonly longest: number
}

/** How many contexts of positive weight a kernel has. */
export const contextCount = (kernel: DataKernel): number => kernel.weights.length
