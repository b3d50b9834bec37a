/**
 * The pullback metric in its three forms, each computed as it is written: they are one matrix.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (6.1), (6.2) and Remark 6.2.
 */
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { crossProduct, largestMagnitude, type Matrix, matrix } from '../linear-algebra/matrix.js'
import { type Head, headLogits } from './head-divergence.js'
import { pullbackMetric } from './pullback.js'

export interface PullbackForms {
  /** W^T (diag p - p p^T) W: the metric of the simplex, in the coordinates of its logits, pulled back along W. */
  readonly fisherRao: Matrix
  /** The Hessian of log Z at h, from the first two derivatives of Z. */
  readonly hessian: Matrix
  /** E_p [s s^T] with the score s_w = grad_h log p_w = W_w - E_p W; positive semidefinite in floating point too. */
  readonly score: Matrix
}

/**
 * g*(h) three times, D x D each; O(V D^2). Identity: they differ by rounding.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, 2), headBias: Float64Array.of(0, 0) }
 * const { fisherRao, hessian, score } = pullbackForms(head, Float64Array.of(0))
 * Array.of(fisherRao, hessian, score).map(({ entries }) => entries[0]) // => [1, 1, 1]
 */
export const pullbackForms = (head: Head, hidden: Float64Array): PullbackForms => {
  const logits = headLogits(head, hidden)
  const p = logSoftmax(logits).map(Math.exp)
  const w = matrix(p.length, hidden.length, head.headWeights)
  return { fisherRao: pulledBack(w, p), hessian: hessian(w, logits), score: pullbackMetric(head.headWeights, p) }
}

const pulledBack = (w: Matrix, p: Float64Array): Matrix => {
  const mean = crossProduct(w, matrix(p.length, 1, p)).entries
  const image = matrix(
    w.rows,
    w.columns,
    w.entries.map((entry, index) => {
      const token = Math.floor(index / w.columns)
      return p[token]! * entry - p[token]! * mean[index % w.columns]!
    }),
  )
  return crossProduct(w, image)
}

/** Z''/Z - Z' Z'^T / Z^2, where Z is scaled by its largest term. */
const hessian = (w: Matrix, logits: Float64Array): Matrix => {
  const shift = logits.reduce((most, logit) => Math.max(most, logit), -Infinity)
  const terms = logits.map((logit) => Math.exp(logit - shift))
  const z = terms.reduce((sum, term) => sum + term, 0)
  const first = crossProduct(w, matrix(w.rows, 1, terms)).entries
  const second = crossProduct(
    w,
    matrix(
      w.rows,
      w.columns,
      w.entries.map((entry, index) => terms[Math.floor(index / w.columns)]! * entry),
    ),
  )
  const d = w.columns
  return matrix(
    d,
    d,
    second.entries.map((entry, index) => entry / z - (first[Math.floor(index / d)]! / z) * (first[index % d]! / z)),
  )
}

/** The largest entry by which two of the forms differ: what is left of the identity in floating point. */
export const pullbackFormsResidual = ({ fisherRao, hessian: second, score }: PullbackForms): number =>
  Math.max(
    largestMagnitude(fisherRao.entries.map((entry, index) => entry - score.entries[index]!)),
    largestMagnitude(second.entries.map((entry, index) => entry - score.entries[index]!)),
  )
