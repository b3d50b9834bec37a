/**
 * What a direction among hidden states means to the head: the tokens whose log-probability it moves most, and what a step along it costs.
 *
 *     d log p_w = <W_w - E_p W, v>,   E_p d log p = 0,   E_p (d log p)^2 = g*(v, v)                                    identities
 */
import { logitKullbackLeibler } from '../information/logit-divergence.js'
import { logSoftmax } from '../linear-algebra/log-softmax.js'
import { type Head, headLogits, varianceUnder } from './head-divergence.js'
import { softcapLogits, softcapSlopes } from './head-geometry-softcap.js'

export interface TokenMove {
  readonly token: number
  readonly probability: number
  /** d log p, nats for each unit of length along the direction. */
  readonly slope: number
  /** d p, the probability times the slope. */
  readonly flow: number
}

export interface DirectionMeaning {
  /** The tokens that gain most, the first one first, and those that lose most. */
  readonly rising: readonly TokenMove[]
  readonly falling: readonly TokenMove[]
  /** g*(u, u) for the unit vector u along the direction: a step of e costs e^2/2 of it in nats, for small e. */
  readonly squaredLength: number
  /** KL(p_h || p_h+u) in nats, exact: the cost of a unit step. Without a cap at most half of lambda_max over the states on the way. */
  readonly cost: number
}

export interface DirectionSettings {
  /** How many tokens of each; 10 where it is not given. */
  readonly count?: number
  /** What is compared: the slope, which may belong to tokens that hardly ever come, or the flow; the slope where it is not given. */
  readonly by?: 'slope' | 'flow'
  /** The c of z = c tanh (y / c), where the head has a cap. */
  readonly softcap?: number
}

/**
 * The tokens that a direction moves, at a hidden state; the direction counts without its length. O(V D).
 *
 * A direction of length zero throws. A token that the head rules out does not move.
 *
 * @example
 * const head = { headWeights: Float64Array.of(0, Math.log(3)), headBias: Float64Array.of(0, 0) }
 * const { rising, falling, cost } = directionMeaning(head, Float64Array.of(0), Float64Array.of(5))
 * rising // => [{ token: 1, probability: 0.5, slope: 0.5493061443340549, flow: 0.27465307216702745 }]
 * falling // => [{ token: 0, probability: 0.5, slope: -0.5493061443340549, flow: -0.27465307216702745 }]
 * cost // => 0.14384103622589042
 */
export const directionMeaning = (
  head: Head,
  hidden: Float64Array,
  direction: Float64Array,
  { count = 10, by = 'slope', softcap }: DirectionSettings = {},
): DirectionMeaning => {
  const norm = Math.hypot(...direction)
  if (!(norm > 0 && norm < Infinity)) throw new Error(`directionMeaning: a direction of length ${norm}`)
  const unit = direction.map((entry) => entry / norm)
  const linear = headLogits(head, hidden)
  const steps = headLogits({ ...head, headBias: new Float64Array(linear.length) }, unit)
  const { logits, velocity, change } = underCap(linear, steps, softcap)
  const logProbabilities = logSoftmax(logits)
  const p = logProbabilities.map(Math.exp)
  const mean = velocity.reduce((sum, entry, w) => sum + p[w]! * entry, 0)
  const moves = Array.from(p, (probability, token): TokenMove => {
    const slope = logProbabilities[token]! === -Infinity ? 0 : velocity[token]! - mean
    return { token, probability, slope, flow: probability * slope }
  })
  const ranked = moves.filter((move) => move[by] !== 0).sort((a, b) => b[by] - a[by])
  return {
    rising: ranked.filter((move) => move[by] > 0).slice(0, count),
    falling: ranked
      .filter((move) => move[by] < 0)
      .reverse()
      .slice(0, count),
    squaredLength: varianceUnder(p, velocity),
    cost: logitKullbackLeibler(logProbabilities, change),
  }
}

/** The logits, how fast they change along a step, and by how much it changes them. */
const underCap = (linear: Float64Array, steps: Float64Array, softcap: number | undefined) => {
  if (softcap === undefined) return { logits: linear, velocity: steps, change: steps }
  const logits = softcapLogits(linear, softcap)
  const slopes = softcapSlopes(linear, softcap)
  const after = softcapLogits(
    linear.map((logit, w) => logit + steps[w]!),
    softcap,
  )
  return {
    logits,
    velocity: steps.map((step, w) => slopes[w]! * step),
    change: after.map((logit, w) => logit - logits[w]!),
  }
}
