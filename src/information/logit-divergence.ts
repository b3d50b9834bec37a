/**
 * Divergences between two softmax laws from the logits of one and the step dz to the logits of the other, to full relative accuracy
 * however close the laws are, and without overflow however far.
 *
 * With p = softmax z, q = softmax (z + dz) and s = dz - E_p dz:
 *
 *     KL(p || q) = log E_p e^s = log (1 + E_p [e^s - 1 - s])          log Z is convex in z, and this is its Bregman divergence
 *     J(p, q) = KL(p || q) + KL(q || p) = <q - p, dz> = E_p [(e^l - 1) l]          l = s - KL(p || q) = log q - log p
 *
 * Every term of both sums is at least zero. Identities, in nats.
 */
import { logSumExp } from '../linear-algebra/log-softmax.js'

/**
 * KL(softmax z || softmax (z + dz)) in nats, from log softmax z and dz, V numbers each; a logarithm of -Infinity is a token that cannot
 * occur, whose step does not count. Sizes that differ throw.
 *
 * @example
 * logitKullbackLeibler([Math.log(0.5), Math.log(0.5)], [0, Math.log(3)]) // => 0.14384103622589042
 * logitKullbackLeibler([Math.log(0.5), Math.log(0.5)], [0, 2e-9]) // => 5e-19
 */
export const logitKullbackLeibler = (logProbabilities: ArrayLike<number>, steps: ArrayLike<number>): number =>
  stepsBeyondMean(logProbabilities, steps).divergence

/**
 * J(softmax z, softmax (z + dz)) in nats, symmetric; arguments as above.
 *
 * @example
 * logitJeffreys([Math.log(0.5), Math.log(0.5)], [0, Math.log(3)]) // => 0.27465307216702745
 */
export const logitJeffreys = (logProbabilities: ArrayLike<number>, steps: ArrayLike<number>): number => {
  const { mean, divergence } = stepsBeyondMean(logProbabilities, steps)
  let sum = 0
  for (let w = 0; w < steps.length; w++) {
    const log = logProbabilities[w]!
    if (log === -Infinity) continue
    const ratio = steps[w]! - mean - divergence
    // p e^l where p alone may be too small for a double.
    sum += ratio * (ratio > 1 ? Math.exp(log + ratio) - Math.exp(log) : Math.exp(log) * Math.expm1(ratio))
  }
  return sum
}

/** E_p dz, and KL(p || q). */
const stepsBeyondMean = (
  logProbabilities: ArrayLike<number>,
  steps: ArrayLike<number>,
): { readonly mean: number; readonly divergence: number } => {
  if (logProbabilities.length !== steps.length)
    throw new Error(`logit divergence: ${logProbabilities.length} log-probabilities and ${steps.length} steps`)
  let mean = 0
  for (let w = 0; w < steps.length; w++)
    if (logProbabilities[w]! !== -Infinity) mean += Math.exp(logProbabilities[w]!) * steps[w]!
  let [excess, largest] = [0, -Infinity]
  for (let w = 0; w < steps.length; w++) {
    const log = logProbabilities[w]!
    if (log === -Infinity) continue
    const step = steps[w]! - mean
    largest = Math.max(largest, log + step)
    excess += step > 1 ? Math.exp(log + step) - Math.exp(log) * (1 + step) : Math.exp(log) * exponentialExcess(step)
  }
  if (largest < 700) return { mean, divergence: Math.log1p(excess) }
  return { mean, divergence: logSumExp(Array.from(logProbabilities, (log, w) => log + steps[w]! - mean)) }
}

/** e^s - 1 - s, with its full relative accuracy near zero. */
const exponentialExcess = (s: number): number => {
  if (Math.abs(s) > 0.5) return Math.expm1(s) - s
  let sum = 1
  for (let k = 16; k >= 3; k--) sum = 1 + (sum * s) / k
  return (s * s * sum) / 2
}
