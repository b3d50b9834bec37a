/**
 * The linear softmax head on many hidden states, its loss, and the way back.
 */
import { logSoftmaxInto } from '../linear-algebra/log-softmax.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { addRowsTo, linearMap, linearMapBack, type WithProducts } from './products.js'

/** W, V x D, and b, 1 x V, where there is one. */
export interface Head {
  readonly weights: Matrix
  readonly bias: Matrix | undefined
}

/** What the head should say: a law for each hidden state, under weights; or a token for each, all of equal weight. */
export type Targets =
  | { readonly kind: 'law'; readonly weights: Float64Array; readonly next: Float64Array }
  | { readonly kind: 'tokens'; readonly tokens: Int32Array }

/** log-softmax of W h + b, one row for each hidden state (n x D). */
export function* headLogProbabilities({ weights, bias }: Head, hidden: Matrix): WithProducts<Matrix> {
  const logits = yield* linearMap(hidden, weights)
  const { entries, columns } = logits
  for (let start = 0; start < entries.length; start += columns) {
    if (bias !== undefined) for (let w = 0; w < columns; w++) entries[start + w]! += bias.entries[w]!
    const row = entries.subarray(start, start + columns)
    logSoftmaxInto(row, row)
  }
  return logits
}

/** The mean NLL (nats) of rows of log-probabilities. */
export const meanNll = ({ rows, columns, entries }: Matrix, targets: Targets): number => {
  let nll = 0
  if (targets.kind === 'tokens') {
    for (let row = 0; row < rows; row++) nll -= entries[row * columns + targets.tokens[row]!]!
    return nll / rows
  }
  for (let row = 0; row < rows; row++) {
    let crossEntropy = 0
    for (let index = row * columns; index < (row + 1) * columns; index++)
      // Where P is zero, a log-probability of minus infinity costs nothing.
      if (targets.next[index]! > 0) crossEntropy -= targets.next[index]! * entries[index]!
    nll += targets.weights[row]! * crossEntropy
  }
  return nll
}

/** d NLL / d logits: the weight of a row times q - P. */
const toLogits = ({ rows, columns, entries }: Matrix, targets: Targets): Matrix => {
  const result = matrix(rows, columns, entries.map(Math.exp))
  const slopes = result.entries
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const weight = targets.kind === 'tokens' ? 1 / rows : targets.weights[row]!
    if (targets.kind === 'tokens') slopes[start + targets.tokens[row]!]! -= 1
    else for (let w = 0; w < columns; w++) slopes[start + w]! -= targets.next[start + w]!
    for (let w = 0; w < columns; w++) slopes[start + w]! *= weight
  }
  return result
}

/** The loss of a head, and the way back from it. */
export interface HeadLoss {
  readonly nll: number
  /** d NLL / d hidden states, n x D. */
  readonly toHidden: Matrix
}

/** The mean NLL of a head, its gradient added to that of the head's parameters. */
export function* headLoss(head: Head, hidden: Matrix, targets: Targets, gradient: Head): WithProducts<HeadLoss> {
  const logProbabilities = yield* headLogProbabilities(head, hidden)
  const slopes = toLogits(logProbabilities, targets)
  if (gradient.bias !== undefined) addRowsTo(gradient.bias.entries, slopes)
  return {
    nll: meanNll(logProbabilities, targets),
    toHidden: yield* linearMapBack(slopes, hidden, head.weights, gradient.weights),
  }
}
