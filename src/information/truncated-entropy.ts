/**
 * What is known of an entropy, and of a Jensen-Shannon divergence, where only the largest probabilities of each distribution are
 * known: bounds, in nats.
 *
 * With m = 1 - sum of the kept, k of V symbols kept and c the least of them, every other symbol has at most c and all others have m:
 *
 *     H_k - m log m              <= H <=  H_k - m log m + m log(V - k)          H_k = -sum over the kept of p log p
 *     H_k + m log(1 / min(c, m)) <= H
 */
import { nonnegative } from './rounding.js'

export interface EntropyBracket {
  /** The least entropy: what is left is laid in portions of c, and one that is smaller. At least both lower bounds above; attained. */
  readonly lower: number
  /** The largest entropy: what is left is spread evenly; attained where that is no more than c for each. */
  readonly upper: number
  /** m, what is left. */
  readonly remainder: number
}

/** How far over one a sum may be, for rows that come from float32. */
const excessTolerance = 1e-6
/** A row in which no more than this is left is whole up to rounding: what is zero in it is zero. */
const negligible = 1e-12

const surprise = (p: number): number => (p > 0 ? -p * Math.log(p) : 0)

/**
 * The entropy of a distribution on V symbols whose k largest probabilities are given, in any order; zeros are not counted as kept.
 *
 * Numbers that sum to more than one, or more than V of them, throw.
 *
 * @example
 * truncatedEntropy([0.5, 0.25], 4).lower // => 1.0397207708
 * truncatedEntropy([0.5, 0.25], 4).upper // => 1.2130075660
 */
export const truncatedEntropy = (kept: ArrayLike<number>, symbols: number): EntropyBracket => {
  let [sum, entropy, least, count] = [0, 0, Infinity, 0]
  for (let index = 0; index < kept.length; index++) {
    const p = kept[index]!
    if (!(p >= 0)) throw new Error(`truncatedEntropy: ${p} is no probability`)
    if (p === 0) continue
    count++
    sum += p
    entropy += surprise(p)
    least = Math.min(least, p)
  }
  if (sum > 1 + excessTolerance || count > symbols)
    throw new Error(`truncatedEntropy: ${count} probabilities of ${symbols}, with sum ${sum}`)
  const remainder = nonnegative(1 - sum)
  const others = symbols - count
  if (remainder === 0 || others === 0) return { lower: entropy, upper: entropy, remainder }
  const cap = Math.min(least, 1)
  // Rounding may leave the others a little more than they can hold.
  const portions = Math.min(others, Math.floor(remainder / cap))
  return {
    lower: entropy + portions * surprise(cap) + surprise(Math.max(0, remainder - portions * cap)),
    upper: entropy + surprise(remainder) + remainder * Math.log(others),
    remainder,
  }
}

/**
 * The Jensen-Shannon divergence H(mean) - mean H of n weighted distributions on V symbols (n x V, row-major), of each of which the
 * entries other than zero are its largest probabilities.
 *
 * Below: what is left after the symbols that all rows keep is lumped into one, which can only lose divergence. Above: the mean has
 * most entropy where all that is left fills up its smallest entries, and each row the least that it can have.
 *
 * @example
 * const whole = truncatedJensenShannon(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5))
 * whole.lower // => 0.6931471806
 * whole.upper // => 0.6931471806
 */
export const truncatedJensenShannon = (
  rows: Float64Array,
  weights: Float64Array,
): { readonly lower: number; readonly upper: number } => {
  const n = weights.length
  if (n === 0 || rows.length % n !== 0)
    throw new Error(`truncatedJensenShannon: ${rows.length} probabilities do not make ${n} rows of one length`)
  const width = rows.length / n
  const mean = new Float64Array(width)
  // A row that is whole keeps all symbols, those of probability zero among them.
  const brackets = Array.from(weights, (_, row) =>
    truncatedEntropy(rows.subarray(row * width, (row + 1) * width), width),
  )
  const common = Array.from({ length: width }, () => true)
  let [total, least] = [0, 0]
  brackets.forEach(({ lower, remainder }, row) => {
    const weight = weights[row]!
    total += weight
    least += weight * lower
    for (let w = 0; w < width; w++) {
      mean[w]! += weight * rows[row * width + w]!
      if (remainder > negligible && rows[row * width + w] === 0) common[w] = false
    }
  })
  let lumped = 0
  let left = 1
  for (let w = 0; w < width; w++)
    if (common[w]) {
      const share = mean[w]! / total
      lumped += surprise(share)
      left -= share
    }
  lumped += surprise(left)
  for (let row = 0; row < n; row++) {
    let rest = 1
    for (let w = 0; w < width; w++)
      if (common[w]) {
        const p = rows[row * width + w]!
        lumped -= (weights[row]! / total) * surprise(p)
        rest -= p
      }
    lumped -= (weights[row]! / total) * surprise(rest)
  }
  const filled = filledUp(mean.map((entry) => entry / total))
  return { lower: nonnegative(lumped), upper: nonnegative(entropyOf(filled) - least / total) }
}

const entropyOf = (p: Float64Array): number => p.reduce((sum, entry) => sum + surprise(entry), 0)

/** The distribution of the largest entropy that is nowhere below given numbers: they are raised to a level until the sum is one. */
const filledUp = (known: Float64Array): Float64Array => {
  const sorted = known.slice().sort()
  let rest = 1 - known.reduce((sum, entry) => sum + entry, 0)
  if (rest <= 0) return known
  let level = sorted[0]!
  for (let count = 1; count <= sorted.length; count++) {
    const until = sorted[count] ?? Infinity
    const room = (until - level) * count
    if (room >= rest) return known.map((entry) => Math.max(entry, level + rest / count))
    rest -= room
    level = until
  }
  return known
}
