/**
 * The refit of a head: the best linear softmax head on given hidden states, a convex problem, and how much a model's own head is short
 * of it.
 *
 *     E KL(P(. | h) || k_head(h)) = min over linear softmax heads + gap          head loss = refit loss + refit gap, in nats
 *
 * At the optimum moments match, so NLL = Hbar; and for a head k of the class itself the gap is E KL(refit || k), the Pythagorean
 * identity of exponential families (I. Csiszar, "I-divergence geometry of probability distributions and minimization problems", 1975).
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { minimise } from '../linear-algebra/lbfgs.js'
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { rankOf, thinSvd } from '../linear-algebra/singular-values.js'
import { relativeEntropy } from './chain-ledger.js'
import type { DataKernel } from './data-kernel.js'
import { classesOf, givenClass } from './encoding-classes.js'
import type { NextTokens } from './calibration.js'
import { type Head, headLogits } from './head-divergence.js'
import { type HeadCalibration, headCalibration, type HeadData, ridgeCalibration } from './head-calibration.js'
import { centreAndScale, directionTolerance, weightedFeatures } from './weighted-features.js'

export interface RefitOptions {
  /** r of the penalty r/2 |W|^2; 0 where it is not given. The bias is free. */
  readonly ridge?: number
  /** Of the gradient in whitened coordinates; 1e-10 where it is not given. */
  readonly gradientTolerance?: number
  /** 2000 where it is not given. */
  readonly mostIterations?: number
}

export interface HeadRefit {
  readonly head: Head
  /** NLL, Hbar and both sides of the calibration identity at the head. */
  readonly calibration: HeadCalibration
  /** The norm of the gradient of NLL + ridge in W and b: zero at the optimum. */
  readonly gradientNorm: number
  readonly iterations: number
  /**
   * Why it stopped. Where some law is on the boundary of what heads can say (a token that never follows some states), the minimum is
   * not attained, and the head goes on growing until the gradient is small.
   */
  readonly outcome: 'converged' | 'iterations' | 'no-step'
}

/**
 * The linear softmax head with the least NLL on hidden states, by L-BFGS in coordinates in which the states are white. Deterministic.
 *
 * Directions with less than 1e-9 of the largest deviation of the states count as constant and get no weight. A token that never occurs
 * gets the bias -Infinity, which is the exact optimum. Sizes that do not fit, and no weight at all, throw.
 *
 * @example
 * const laws = Float64Array.of(0.75, 0.25, 0.5, 0.5)
 * const data = { hidden: Float64Array.of(0, 1), next: { kind: 'laws', laws }, weights: [1, 1] }
 * const { head, outcome } = refitHead(data, 2)
 * Array.from(headDistribution(head, Float64Array.of(0)), (p) => Math.round(p * 1e8) / 1e8) // => [0.75, 0.25]
 * outcome // => 'converged'
 */
export const refitHead = (
  data: HeadData,
  symbols: number,
  { ridge = 0, gradientTolerance = 1e-10, mostIterations = 2000 }: RefitOptions = {},
): HeadRefit => {
  const { weights, dimension } = shapeOf(data, symbols)
  const { white, back, mean, penalties } = whitened(data.hidden, weights, dimension, ridge)
  const rank = penalties.length
  const frequencies = frequenciesOf(data.next, weights, symbols)
  const seen = Array.from(frequencies.keys()).filter((w) => frequencies[w]! > 0)
  const coordinates = problemOf(white, rank, seen, data.next, weights, symbols, penalties)

  const start = new Float64Array(seen.length * (rank + 1))
  seen.forEach((w, k) => (start[seen.length * rank + k] = Math.log(frequencies[w]!)))
  const { point, iterations, outcome } = minimise(coordinates, start, { gradientTolerance, mostIterations })

  const headWeights = new Float64Array(symbols * dimension)
  const headBias = new Float64Array(symbols).fill(-Infinity)
  seen.forEach((w, k) => {
    let bias = point[seen.length * rank + k]!
    for (let i = 0; i < dimension; i++) {
      let weight = 0
      for (let j = 0; j < rank; j++) weight += point[k * rank + j]! * back[i * rank + j]!
      headWeights[w * dimension + i] = weight
      bias -= weight * mean[i]!
    }
    headBias[w] = bias
  })
  const head = { headWeights, headBias }
  const calibration = headCalibration(head, { ...data, weights })
  return {
    head,
    calibration,
    gradientNorm: ridgeCalibration(head, calibration, ridge).gradientNorm,
    iterations,
    outcome,
  }
}

const shapeOf = ({ hidden, next, weights: given }: HeadData, symbols: number) => {
  const count = given?.length ?? (next.kind === 'labels' ? next.labels.length : next.laws.length / symbols)
  const dimension = hidden.length / count
  const following = next.kind === 'labels' ? next.labels.length : next.laws.length / symbols
  if (!Number.isInteger(dimension) || following !== count)
    throw new Error(
      `refitHead: ${hidden.length} numbers of hidden states and ${following} next tokens for ${count} contexts`,
    )
  const weights = Float64Array.from({ length: count }, (_, x) => given?.[x] ?? 1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (!(total > 0)) throw new Error(`refitHead: the weights sum to ${total}`)
  return { dimension, weights: weights.map((weight) => weight / total) }
}

/**
 * States in coordinates in which neither their covariance nor the ridge is far from the identity: white = (h - mean) back. The ridge is
 * then diagonal.
 */
const whitened = (hidden: Float64Array, weights: Float64Array, dimension: number, ridge: number) => {
  const { centred, mean } = centreAndScale(hidden.slice(), weights)
  const { values, right: axes } = thinSvd(centred)
  const rank = rankOf(values, directionTolerance(weightedFeatures(hidden, weights)))
  const scales = values.subarray(0, rank).map((value) => 1 / Math.sqrt(value * value + ridge))
  const back = new Float64Array(dimension * rank)
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < rank; j++) back[i * rank + j] = axes.entries[i * axes.columns + j]! * scales[j]!
  const white = new Float64Array(weights.length * rank)
  for (let x = 0; x < weights.length; x++)
    for (let i = 0; i < dimension; i++) {
      const entry = hidden[x * dimension + i]! - mean[i]!
      for (let j = 0; j < rank; j++) white[x * rank + j]! += entry * back[i * rank + j]!
    }
  return { white, back, mean, penalties: scales.map((scale) => ridge * scale * scale) }
}

/** How often each token is next. */
const frequenciesOf = (next: NextTokens, weights: Float64Array, symbols: number): Float64Array => {
  const sums = new Float64Array(symbols)
  weights.forEach((weight, x) => {
    if (next.kind === 'labels') sums[next.labels[x]!]! += weight
    else for (let w = 0; w < symbols; w++) sums[w]! += weight * next.laws[x * symbols + w]!
  })
  return sums
}

/** NLL + ridge as a function of the weights of the tokens that occur (k x rank) and their biases (k). */
const problemOf = (
  white: Float64Array,
  rank: number,
  seen: readonly number[],
  next: NextTokens,
  weights: Float64Array,
  symbols: number,
  penalties: Float64Array,
) => {
  const count = seen.length
  const place = new Int32Array(symbols)
  seen.forEach((w, k) => (place[w] = k))
  const logits = new Float64Array(count)
  return (point: Float64Array, gradient: Float64Array): number => {
    const nll = compensatedSum()
    gradient.fill(0)
    for (let x = 0; x < weights.length; x++) {
      const weight = weights[x]!
      if (weight === 0) continue
      let largest = -Infinity
      for (let k = 0; k < count; k++) {
        let logit = point[count * rank + k]!
        for (let j = 0; j < rank; j++) logit += point[k * rank + j]! * white[x * rank + j]!
        logits[k] = logit
        if (logit > largest) largest = logit
      }
      let total = 0
      for (let k = 0; k < count; k++) total += Math.exp(logits[k]! - largest)
      const logTotal = largest + Math.log(total)
      const label = next.kind === 'labels' ? place[next.labels[x]!]! : -1
      let crossEntropy = 0
      for (let k = 0; k < count; k++) {
        const occurs = next.kind === 'labels' ? (k === label ? 1 : 0) : next.laws[x * symbols + seen[k]!]!
        if (occurs > 0) crossEntropy += occurs * (logTotal - logits[k]!)
        const toLogit = weight * (Math.exp(logits[k]! - logTotal) - occurs)
        gradient[count * rank + k]! += toLogit
        for (let j = 0; j < rank; j++) gradient[k * rank + j]! += toLogit * white[x * rank + j]!
      }
      nll.add(weight * crossEntropy)
    }
    let squares = 0
    for (let k = 0; k < count; k++)
      for (let j = 0; j < rank; j++) {
        const entry = point[k * rank + j]!
        squares += penalties[j]! * entry * entry
        gradient[k * rank + j]! += penalties[j]! * entry
      }
    return nll.total() + squares / 2
  }
}

/** The last line of the ledger, split. */
export interface RefitGap {
  /** E KL(P(. | h) || k_head(h)), nats. */
  readonly headLoss: number
  /** What the best linear softmax head on these states loses, nats: at least zero, and zero where it can say every P(. | h). */
  readonly refitLoss: number
  /** headLoss - refitLoss, nats: at least zero for a linear softmax head, negative for a richer one that does better. */
  readonly gap: number
  /** E KL(refit || k_head), nats: equal to the gap where k_head is a linear softmax of the hidden states. */
  readonly gapAsDivergence: number
  readonly refit: HeadRefit
}

/**
 * The head loss of a ledger as refit loss and gap: how much of it no linear softmax head on these hidden states (n x D) could avoid, and
 * how much the training of this one has left. `logProbabilities` are the model's predictions, n x V.
 *
 * headLoss = refitLoss + gap, and gap = E KL(refit || k_head) for linear heads: identities, to the accuracy of the optimum. With a ridge
 * the refit is not the optimum, and the gap is only what it is.
 *
 * Errors: arrays that do not have one row for each context.
 *
 * @example
 * const kernel = { symbols: ['a', 'b'], weights: Float64Array.of(0.5, 0.5), next: Float64Array.of(0.75, 0.25, 0.5, 0.5) }
 * const even = Float64Array.of(0.5, 0.5, 0.5, 0.5).map(Math.log)
 * const { headLoss, refitLoss, gap } = toUnion(refitGap(kernel, Float64Array.of(0, 1), even))
 * headLoss // => 0.06540601797056483
 * Math.round(refitLoss * 1e12) // => 0
 * Math.round((headLoss - gap) * 1e12) // => 0
 */
export const refitGap = (
  { symbols, weights, next }: Pick<DataKernel, 'symbols' | 'weights' | 'next'>,
  hidden: Float64Array,
  logProbabilities: Float64Array,
  options: RefitOptions = {},
): Either<Problem, RefitGap> => {
  const [count, width] = [weights.length, symbols.length]
  if (hidden.length % count !== 0 || logProbabilities.length !== count * width)
    return left(
      problem(
        'invalid-value',
        'refit gap',
        'an array does not have one row for each context',
        `give ${count} hidden states and ${count} x ${width} log-probabilities`,
      ),
    )
  const dimension = hidden.length / count
  const classes = classesOf(hidden, count)
  const { masses, features: laws } = givenClass(next, weights, classes)
  const states = new Float64Array(classes.count * dimension)
  const said = new Float64Array(classes.count * width)
  classes.of.forEach((c, x) => {
    states.set(hidden.subarray(x * dimension, (x + 1) * dimension), c * dimension)
    said.set(logProbabilities.subarray(x * width, (x + 1) * width), c * width)
  })
  const refit = refitHead({ hidden: states, next: { kind: 'laws', laws }, weights: masses }, width, options)
  const sums = { head: compensatedSum(), refit: compensatedSum(), between: compensatedSum() }
  masses.forEach((mass, c) => {
    if (mass === 0) return
    const law = laws.subarray(c * width, (c + 1) * width)
    const own = said.subarray(c * width, (c + 1) * width)
    const best = logSoftmax(headLogits(refit.head, states.subarray(c * dimension, (c + 1) * dimension)))
    sums.head.add(mass * relativeEntropy(law, own))
    sums.refit.add(mass * relativeEntropy(law, best))
    sums.between.add(mass * relativeEntropy(best.map(Math.exp), own))
  })
  const [headLoss, refitLoss] = [sums.head.total(), sums.refit.total()]
  return right({ headLoss, refitLoss, gap: headLoss - refitLoss, gapAsDivergence: sums.between.total(), refit })
}
