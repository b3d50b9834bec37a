/**
 * The logarithm of a softmax, with its full relative accuracy also where one entry has nearly all of the probability.
 */

/**
 * log sum exp z, without overflow.
 *
 * @example
 * logSumExp([1000, 1000]) - 1000 // => 0.6931471805599453
 */
export const logSumExp = (logits: ArrayLike<number>): number => {
  const top = largestPlace(logits)
  return logits[top]! + Math.log1p(restOver(logits, top))
}

/**
 * log softmax z of one row (nats) into an array of its length, which may be the row itself.
 *
 * With the largest entry m and r the sum of exp(z - m) over the others it is z - m - log(1 + r): near a point mass the largest entry
 * becomes -r, not the zero that the difference to a rounded log sum exp would leave. A logit of -Infinity is a token that cannot occur.
 * A row that is empty, has a NaN or infinity, or nothing but -Infinity, gives NaN.
 *
 * @example
 * const logProbabilities = new Float64Array(2)
 * logSoftmaxInto(logProbabilities, [0, -60])
 * Array.from(logProbabilities) // => [-8.75651076269652e-27, -60]
 */
export const logSoftmaxInto = (target: Float64Array, logits: ArrayLike<number>): void => {
  if (target.length !== logits.length) throw new Error(`logSoftmaxInto: ${logits.length} logits into ${target.length}`)
  const top = largestPlace(logits)
  const largest = logits[top]!
  const excess = Math.log1p(restOver(logits, top))
  for (let w = 0; w < target.length; w++) target[w] = logits[w]! - largest - excess
}

/**
 * log softmax z of one row, nats.
 *
 * @example
 * Array.from(logSoftmax([0, Math.log(3)])) // => [-1.3862943611198906, -0.2876820724517809]
 */
export const logSoftmax = (logits: ArrayLike<number>): Float64Array => {
  const result = new Float64Array(logits.length)
  logSoftmaxInto(result, logits)
  return result
}

/** Where the first of the largest numbers is. */
export const largestPlace = (values: ArrayLike<number>): number => {
  let top = 0
  for (let w = 1; w < values.length; w++) if (values[w]! > values[top]!) top = w
  return top
}

/** sum exp(z - m) over all entries but the largest one, m. */
const restOver = (logits: ArrayLike<number>, top: number): number => {
  const largest = logits[top]!
  // Compensated: a vocabulary may have hundreds of thousands of tokens.
  let [rest, lost] = [0, 0]
  for (let w = 0; w < logits.length; w++) {
    if (w === top) continue
    const term = Math.exp(logits[w]! - largest) - lost
    const next = rest + term
    lost = next - rest - term
    rest = next
  }
  return rest
}
