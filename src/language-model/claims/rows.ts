/** Rows of matrices that claims read. */
import type { ClaimData } from './claim.js'

/** A row of a flat matrix. */
export const rowAt = (entries: Float64Array, row: number, width: number): Float64Array =>
  entries.subarray(row * width, (row + 1) * width)

/** q(. | x) of the trained model, n x V. */
export const predictionsOf = ({ pass }: ClaimData): Float64Array => pass.logProbabilities.map(Math.exp)

/** P(. | x) and q(. | x) with the weight of each context. */
export const overContexts = (
  data: ClaimData,
  of: (data: Float64Array, model: Float64Array, context: number) => number,
): number => {
  const { weights, next, symbols } = data.law.kernel
  const predictions = predictionsOf(data)
  return weights.reduce(
    (sum, weight, context) =>
      sum + weight * of(rowAt(next, context, symbols.length), rowAt(predictions, context, symbols.length), context),
    0,
  )
}

/** Pairs of contexts whose hidden states are far enough apart to tell: the first, each of some others. */
export const contextPairs = ({ law, pass, shape }: ClaimData, most: number): readonly (readonly [number, number])[] => {
  const count = law.kernel.weights.length
  const isApart = (a: number, b: number): boolean => {
    let distance = 0
    for (let k = 0; k < shape.hidden; k++)
      distance += (pass.hidden[a * shape.hidden + k]! - pass.hidden[b * shape.hidden + k]!) ** 2
    return distance > 1e-12
  }
  const pairs: (readonly [number, number])[] = []
  const stride = Math.max(1, Math.floor(count / (most + 1)))
  for (let first = 0; first + stride < count && pairs.length < most; first += stride)
    if (isApart(first, first + stride)) pairs.push([first, first + stride])
  // Where no two are apart any pair will do: every divergence between them is zero.
  return pairs.length === 0 ? [[0, Math.min(stride, count - 1)]] : pairs
}

/** Contexts that pairs or kernels are made of: all, or some hundreds of many, their weights divided by their sum. */
export const sampledContexts = ({ law: { kernel }, pass }: ClaimData, most = 200) => {
  const width = kernel.symbols.length
  const count = kernel.weights.length
  const picks = Array.from({ length: Math.min(most, count) }, (_, k) => Math.floor((k * count) / Math.min(most, count)))
  const total = picks.reduce((sum, context) => sum + kernel.weights[context]!, 0)
  const rowsOf = (rows: Float64Array): Float64Array =>
    Float64Array.from(picks.flatMap((context) => Array.from(rowAt(rows, context, width))))
  return {
    weights: Float64Array.from(picks, (context) => kernel.weights[context]! / total),
    next: rowsOf(kernel.next),
    predictions: rowsOf(pass.logProbabilities).map(Math.exp),
  }
}
