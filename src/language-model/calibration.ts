/**
 * Entropy calibration, the headline of any model: from logits and what came next alone, whether the model is as sure as it should be.
 *
 *     NLL - Hbar = E <q - P, z> = d/dt NLL(t z) at t = 1                                    an identity, at any parameters
 *
 * z are the logits, q = softmax z, P the law of the next token (one-hot where a token is known), Hbar = E H(q). Positive: the model is
 * overconfident, and smaller logits would lower the NLL; negative: underconfident. It is zero where anything that scales the logits
 * (a head without weight decay, a temperature, the gain of the last norm under a head without bias) is trained to the end; then
 * Hbar - H_data = E KL(P || q) exactly.
 *
 * This replaces Theorem 5.2 of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), whose hypothesis, that the
 * joint laws converge, contains its conclusion. Logits are read as exact numbers, so the identity holds to 1e-12 whatever precision
 * they were computed in; figures of a float16 dump against those of the model it came from agree to about 1e-3 only.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { Distribution } from '../information/divergence.js'
import { compensatedSum } from '../linear-algebra/compensated-sum.js'
import { largestPlace, logSoftmaxInto } from '../linear-algebra/log-softmax.js'

/** One prediction: V logits, and the token that came next or a law of it; it counts with its weight, one where none is given. */
export interface ScoredRow {
  readonly logits: ArrayLike<number>
  readonly next: number | Distribution
  readonly weight?: number
}

/** What comes next after each of n contexts: a token, or a law (n x V, row-major). */
export type NextTokens =
  | { readonly kind: 'labels'; readonly labels: ArrayLike<number> }
  | { readonly kind: 'laws'; readonly laws: Float64Array }

export interface Calibration {
  /** E CE(P, q), nats. */
  readonly nll: number
  /** Hbar, the mean Shannon entropy of the predictions, nats. */
  readonly entropy: number
  /** NLL - Hbar, nats: positive where the model is overconfident. */
  readonly gap: number
  /** E <q - P, z>, the derivative of NLL(t z) by t at t = 1, nats. */
  readonly slope: number
  /** E Var_q(z), the second derivative there: never negative, so NLL(t z) is convex in t. */
  readonly curvature: number
  /** gap - slope: zero, computed from different sums. */
  readonly residual: number
  readonly rows: number
  /** The sum of the weights, which the means are divided by. */
  readonly weight: number
}

/**
 * Both sides of the calibration identity over a stream of predictions, one row in memory at a time.
 *
 * With `scale` t all logits are multiplied by t: the slope is then t d/dt NLL(t z).
 *
 * Errors: no row of positive weight, a weight below zero, a label that is no token, a law that does not sum to one within 1e-3 (it is
 * divided by its sum) or has another length, logits that are no numbers, a token that occurs and has a logit of -Infinity.
 *
 * @example
 * const rows = [{ logits: [0, Math.log(3)], next: 1 }, { logits: [0, Math.log(3)], next: 0 }]
 * const { nll, entropy, gap, slope } = toUnion(entropyCalibration(rows))
 * nll // => 0.8369882167858358
 * entropy // => 0.5623351446188083
 * gap // => 0.27465307216702745
 * slope // => 0.27465307216702745
 */
export const entropyCalibration = (rows: Iterable<ScoredRow>, scale = 1): Either<Problem, Calibration> => {
  const sums = calibrationSums()
  let place = 0
  for (const row of rows) {
    const wrong = wrongRow(row, place++)
    if (wrong !== undefined) return left(wrong)
    sums.add(row, scale)
  }
  const calibration = sums.means()
  return calibration.weight > 0
    ? right(calibration)
    : left(problem('empty-input', 'calibration', 'no row has a weight', 'give at least one prediction'))
}

/**
 * The scored rows of n x V logits, row-major, for `entropyCalibration`.
 *
 * @example
 * const rows = scoredRows(Float64Array.of(0, 0, 1, 0), { kind: 'labels', labels: [0, 1] })
 * Array.from(rows, ({ next }) => next) // => [0, 1]
 */
export function* scoredRows(
  logits: Float64Array | Float32Array,
  next: NextTokens,
  weights?: ArrayLike<number>,
): Generator<ScoredRow> {
  const count = next.kind === 'labels' ? next.labels.length : (weights?.length ?? NaN)
  const width = next.kind === 'laws' && weights === undefined ? NaN : logits.length / count
  if (!Number.isInteger(width)) throw new Error(`scoredRows: ${logits.length} logits do not make ${count} rows`)
  for (let row = 0; row < count; row++)
    yield {
      logits: logits.subarray(row * width, (row + 1) * width),
      next: nextOf(next, row, width),
      weight: weights?.[row] ?? 1,
    }
}

/** What came next after one context. */
export const nextOf = (next: NextTokens, row: number, width: number): number | Distribution =>
  next.kind === 'labels' ? next.labels[row]! : next.laws.subarray(row * width, (row + 1) * width)

/** The inverse temperature at which a model is calibrated, and its figures there. */
export interface CalibratedScale {
  /** t* > 0, which minimises NLL(t z): below one for an overconfident model. */
  readonly scale: number
  /** At t*: NLL is Hbar. */
  readonly calibration: Calibration
  /** NLL(z) - NLL(t* z), nats: what scaling all logits gains; at least zero. */
  readonly gain: number
}

const mostSteps = 200

/**
 * The one scale t > 0 of all logits that minimises the NLL, by Newton's method kept inside a bracket: NLL(t z) is convex in t. There
 * NLL(t z) = Hbar(t z). The rows are read once for each step, so they must be an iterable that starts again, such as an array.
 *
 * Errors: those of `entropyCalibration`; `out-of-range` where there is no minimum, which is exactly where E <P, z> is not above the mean
 * logit (the logits say nothing of the next token, or point away from it), or P never leaves the largest logit.
 *
 * @example
 * const rows = [1, 1, 1, 0].map((next) => ({ logits: [0, 2 * Math.log(3)], next }))
 * toUnion(calibratedScale(rows)).scale // => 0.5
 */
export const calibratedScale = (rows: Iterable<ScoredRow>): Either<Problem, CalibratedScale> => {
  const before = entropyCalibration(rows)
  if (isLeft(before)) return before
  const { atZero, atInfinity } = limitSlopes(rows)
  if (!(atZero < 0 && atInfinity > 0))
    return left(
      problem(
        'out-of-range',
        'calibrated scale',
        'the NLL has no minimum over positive scales of the logits',
        'give predictions that are right more often than chance and wrong at least once',
      ),
    )
  let [low, high, scale] = [0, Infinity, 1]
  let here = before.right
  for (let step = 0; step < mostSteps; step++) {
    const { slope, curvature } = here
    if (Math.abs(slope) <= 1e-15 * Math.max(1, here.nll)) break
    if (slope > 0) high = scale
    else low = scale
    if (high - low <= 2 * Number.EPSILON * scale) break
    const newton = scale * (1 - slope / curvature)
    const [least, most] = [Math.max(low, scale / 4), Math.min(high, scale * 4)]
    scale = newton > least && newton < most ? newton : Math.sqrt(least * most)
    const next = entropyCalibration(rows, scale)
    if (isLeft(next)) return next
    here = next.right
  }
  return right({ scale, calibration: here, gain: Math.max(0, before.right.nll - here.nll) })
}

/** d/dt NLL(t z) as t goes to zero, E <1/V - P, z>, and as it grows without end, E (max z - <P, z>); both up to a positive factor. */
const limitSlopes = (rows: Iterable<ScoredRow>): { readonly atZero: number; readonly atInfinity: number } => {
  let [atZero, atInfinity] = [0, 0]
  for (const { logits, next, weight = 1 } of rows) {
    const largest = logits[largestPlace(logits)]!
    let [sum, count] = [0, 0]
    for (let w = 0; w < logits.length; w++) {
      if (logits[w] === -Infinity) continue
      sum += logits[w]! - largest
      count++
    }
    const below = expectation(next, (w) => logits[w]! - largest)
    atZero += weight * (sum / count - below)
    atInfinity -= weight * below
  }
  return { atZero, atInfinity }
}

/** The mean of a value under what came next; a law is divided by its sum. */
const expectation = (next: ScoredRow['next'], value: (token: number) => number): number => {
  if (typeof next === 'number') return value(next)
  let [sum, mass] = [0, 0]
  for (let w = 0; w < next.length; w++) {
    mass += next[w]!
    // Where P is zero, a value of minus infinity costs nothing.
    if (next[w]! > 0) sum += next[w]! * value(w)
  }
  return sum / mass
}

export interface CalibrationSums {
  /** Adds a row whose numbers are known to be sound; returns its log-probabilities, which the next row overwrites. */
  readonly add: (row: ScoredRow, scale?: number) => Float64Array
  readonly means: () => Calibration
}

/** The sums of the calibration identity, for those who have the rows in hand. */
export const calibrationSums = (): CalibrationSums => {
  const sums = {
    weight: compensatedSum(),
    nll: compensatedSum(),
    entropy: compensatedSum(),
    slope: compensatedSum(),
    curvature: compensatedSum(),
  }
  let rows = 0
  let scaled = new Float64Array(0)
  let logProbabilities = new Float64Array(0)
  return {
    add: ({ logits, next, weight = 1 }, scale = 1) => {
      if (scaled.length !== logits.length) {
        scaled = new Float64Array(logits.length)
        logProbabilities = new Float64Array(logits.length)
      }
      const largest = logits[largestPlace(logits)]!
      // A common shift of the logits changes nothing, and this one cancels least.
      for (let w = 0; w < scaled.length; w++) scaled[w] = scale * (logits[w]! - largest)
      logSoftmaxInto(logProbabilities, scaled)
      let [entropy, mean] = [0, 0]
      for (let w = 0; w < scaled.length; w++) {
        const q = Math.exp(logProbabilities[w]!)
        if (q === 0) continue
        entropy -= q * logProbabilities[w]!
        mean += q * scaled[w]!
      }
      let variance = 0
      for (let w = 0; w < scaled.length; w++) {
        const q = Math.exp(logProbabilities[w]!)
        if (q > 0) variance += q * (scaled[w]! - mean) ** 2
      }
      rows++
      sums.weight.add(weight)
      sums.nll.add(-weight * expectation(next, (w) => logProbabilities[w]!))
      sums.entropy.add(weight * entropy)
      sums.slope.add(weight * (mean - expectation(next, (w) => scaled[w]!)))
      sums.curvature.add(weight * variance)
      return logProbabilities
    },
    means: () => {
      const weight = sums.weight.total()
      const nll = sums.nll.total() / weight
      const entropy = sums.entropy.total() / weight
      const slope = sums.slope.total() / weight
      const curvature = sums.curvature.total() / weight
      const gap = nll - entropy
      return { nll, entropy, gap, slope, curvature, residual: gap - slope, rows, weight }
    },
  }
}

/** How far the sum of a law may be from one: those that come as float16 or float32 are further off than rounding of a double. */
const lawTolerance = 1e-3

const wrongRow = ({ logits, next, weight = 1 }: ScoredRow, row: number): Problem | undefined => {
  const wrong = (what: string, remedy: string): Problem =>
    problem('invalid-value', `calibration, row ${row}`, what, remedy)
  if (!(weight >= 0 && weight < Infinity)) return wrong(`its weight is ${weight}`, 'give weights of at least zero')
  for (let w = 0; w < logits.length; w++)
    if (!(logits[w]! < Infinity)) return wrong(`the logit of token ${w} is ${logits[w]}`, 'give finite logits')
  if (typeof next === 'number')
    return !(Number.isInteger(next) && next >= 0 && next < logits.length)
      ? wrong(`${next} is no token`, `give a whole number from 0 to ${logits.length - 1}`)
      : logits[next] === -Infinity
        ? wrong(`token ${next} comes next and has a logit of -Infinity`, 'give tokens that occur a finite logit')
        : undefined
  if (next.length !== logits.length)
    return wrong(`${next.length} probabilities meet ${logits.length} logits`, 'give as many')
  let mass = 0
  for (let w = 0; w < next.length; w++) {
    if (!(next[w]! >= 0)) return wrong(`the probability of token ${w} is ${next[w]}`, 'give probabilities')
    if (next[w]! > 0 && logits[w] === -Infinity)
      return wrong(`token ${w} occurs and has a logit of -Infinity`, 'give tokens that occur a finite logit')
    mass += next[w]!
  }
  return Math.abs(mass - 1) <= lawTolerance ? undefined : wrong(`its law sums to ${mass}`, 'give laws that sum to one')
}
