/** A linear-softmax head: the logits at h are weights (V x D, row-major) times h, plus the bias (V). */
export interface HeadParameters {
  readonly weights: Float64Array
  readonly bias: Float64Array
}
