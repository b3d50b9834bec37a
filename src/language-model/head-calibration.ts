/**
 * The calibration identity of a linear softmax head z = W h + b, its form under weight decay, and the moments that a stationary head
 * matches.
 *
 *     NLL - Hbar = <W, grad_W NLL> + <b, grad_b NLL>                                        Euler's formula, at any parameters
 *     with the ridge r/2 |W|^2:  NLL - Hbar = <W, grad_W L> + <b, grad_b L> - r |W|^2       L = NLL + ridge
 *     grad_W NLL = -E[(e_w - q) h^T]                                                        zero at a stationary head
 *
 * So at a stationary point of an unpenalised head NLL = Hbar, and E[h g(w)^T] = E[h (E_q g)^T] for the rows g(w) of W; with a ridge
 * NLL - Hbar = -r |W|^2, and where the states are free and have a ridge r/2 E|h|^2 of their own also -r E|h|^2.
 *
 * It replaces Theorem 5.2 of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025).
 */
import { type Calibration, calibrationSums, nextOf, type NextTokens } from './calibration.js'
import type { Head } from './head-divergence.js'
import { headRows } from './head-entropy.js'

/** Hidden states and what comes next: what a head is fitted to, and measured on. */
export interface HeadData {
  /** n x D, row-major. */
  readonly hidden: Float64Array
  /** After each of the n states; laws sum to one. */
  readonly next: NextTokens
  /** n, at least zero; all alike where they are not given. Means are divided by their sum. */
  readonly weights?: ArrayLike<number>
}

export interface HeadCalibration extends Calibration {
  /** grad NLL: q h^T - e_w h^T in the mean, V x D, and q - e_w, V. */
  readonly gradient: Head
  /** |grad_W NLL| and |grad_b NLL| together. */
  readonly gradientNorm: number
  /** <W, grad_W NLL> + <b, grad_b NLL>, nats. */
  readonly euler: number
  /** gap - euler: zero. */
  readonly eulerResidual: number
}

/**
 * Both sides of the calibration identity of a head, with the gradient of its NLL; identities, nats. O(n V D).
 *
 * A bias of -Infinity is a token that the head rules out. Sizes that do not fit throw.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * const data = { hidden: Float64Array.of(1, 1), next: { kind: 'labels', labels: [1, 0] } }
 * const { gap, euler } = headCalibration(head, data)
 * gap // => 0.27465307216702745
 * euler // => 0.27465307216702745
 */
export const headCalibration = (head: Head, { hidden, next, weights }: HeadData): HeadCalibration => {
  const { headWeights, headBias } = head
  const [symbols, dimension] = [headBias.length, headWeights.length / headBias.length]
  const states = weights?.length ?? hidden.length / dimension
  const given = next.kind === 'labels' ? next.labels.length : next.laws.length / symbols
  if (given !== states)
    throw new Error(`headCalibration: ${states} hidden states are followed by ${given} tokens or laws`)
  const sums = calibrationSums()
  const gradient = { headWeights: new Float64Array(headWeights.length), headBias: new Float64Array(symbols) }
  let row = 0
  for (const { logits, weight } of headRows(head, hidden, weights)) {
    const following = nextOf(next, row, symbols)
    if (typeof following === 'number' && !(following in head.headBias))
      throw new Error(`headCalibration: row ${row} is followed by token ${following} of ${symbols}`)
    const logProbabilities = sums.add({ logits, next: following, weight })
    for (let w = 0; w < symbols; w++) {
      const occurs = typeof following === 'number' ? (following === w ? 1 : 0) : following[w]!
      const toLogit = weight * (Math.exp(logProbabilities[w]!) - occurs)
      if (toLogit === 0) continue
      gradient.headBias[w]! += toLogit
      for (let i = 0; i < dimension; i++)
        gradient.headWeights[w * dimension + i]! += toLogit * hidden[row * dimension + i]!
    }
    row++
  }
  const calibration = sums.means()
  if (!(calibration.weight > 0))
    throw new Error(`headCalibration: ${row} rows of weight ${calibration.weight} have no mean`)
  for (const part of [gradient.headWeights, gradient.headBias])
    for (let k = 0; k < part.length; k++) part[k]! /= calibration.weight
  const euler = inner(headWeights, gradient.headWeights) + inner(headBias, gradient.headBias)
  return {
    ...calibration,
    gradient,
    gradientNorm: Math.hypot(norm(gradient.headWeights), norm(gradient.headBias)),
    euler,
    eulerResidual: calibration.gap - euler,
  }
}

export interface RidgeCalibration {
  /** -r |W|^2, nats: what NLL - Hbar is at a stationary point of NLL + r/2 |W|^2. */
  readonly expected: number
  /** (NLL - Hbar) - expected = <W, grad_W L> + <b, grad_b L>, nats: zero at a stationary point. */
  readonly departure: number
  /** departure minus its other side, computed apart: zero at any parameters. */
  readonly residual: number
  /** The norm of the gradient of L = NLL + r/2 |W|^2 in W and b: how far the head is from stationary. */
  readonly gradientNorm: number
}

/**
 * The calibration identity under the ridge r/2 |W|^2 (the bias is free): weight decay leaves a model underconfident by r |W|^2 nats.
 *
 * Identity; at a stationary point to the accuracy of the gradient.
 *
 * @example
 * const head = { headWeights: Float64Array.of(-0.5, 0.5), headBias: Float64Array.of(0, 0) }
 * const data = { hidden: Float64Array.of(1), next: { kind: 'labels', labels: [1] } }
 * ridgeCalibration(head, headCalibration(head, data), 0.1).expected // => -0.05
 */
export const ridgeCalibration = (head: Head, { gap, gradient }: HeadCalibration, ridge: number): RidgeCalibration => {
  const penalised = gradient.headWeights.map((slope, k) => slope + ridge * head.headWeights[k]!)
  const expected = -ridge * inner(head.headWeights, head.headWeights)
  const departure = gap - expected
  return {
    expected,
    departure,
    residual: departure - (inner(head.headWeights, penalised) + inner(head.headBias, gradient.headBias)),
    gradientNorm: Math.hypot(norm(penalised), norm(gradient.headBias)),
  }
}

export interface MomentMatching {
  /** The Frobenius norm of E[(e_w - q) h^T], V x D: zero at a stationary head. */
  readonly tokens: number
  /** |E[e_w - q]|, V: zero where the bias is stationary. */
  readonly frequencies: number
  /** The Frobenius norm of E[h g(w)^T] - E[h (E_q g)^T], D x D. */
  readonly prototypes: number
  /** The trace of the last matrix plus <b, E[e_w - q]>, nats: Hbar - NLL, exactly. */
  readonly trace: number
}

/**
 * How far a head is from matching the moments of its data: diagnostics of convergence, zero at a stationary head, measurements elsewhere.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, 0), headBias: Float64Array.of(0, 0) }
 * const data = { hidden: Float64Array.of(2, 2), next: { kind: 'labels', labels: [0, 1] } }
 * momentMatching(head, headCalibration(head, data)) // => { tokens: 0, frequencies: 0, prototypes: 0, trace: 0 }
 */
export const momentMatching = (
  { headWeights, headBias }: Head,
  { gradient }: Pick<HeadCalibration, 'gradient'>,
): MomentMatching => {
  const dimension = headWeights.length / headBias.length
  let [squares, trace] = [0, 0]
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < dimension; j++) {
      let entry = 0
      for (let w = 0; w < headBias.length; w++)
        entry -= gradient.headWeights[w * dimension + i]! * headWeights[w * dimension + j]!
      squares += entry * entry
      if (i === j) trace += entry
    }
  return {
    tokens: norm(gradient.headWeights),
    frequencies: norm(gradient.headBias),
    prototypes: Math.sqrt(squares),
    trace: trace - inner(headBias, gradient.headBias),
  }
}

/** <a, slope>; a bias of -Infinity has a slope of exactly zero and counts as nothing. */
const inner = (a: Float64Array, slope: Float64Array): number => {
  let sum = 0
  for (let k = 0; k < a.length; k++) if (slope[k] !== 0) sum += a[k]! * slope[k]!
  return sum
}

const norm = (a: Float64Array): number => Math.sqrt(inner(a, a))
