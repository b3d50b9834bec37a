/**
 * How large a squared distance can be at a Kullback-Leibler divergence: the sharp constants C of d^k(p, q) <= C KL(p || q), where each
 * is attained, and what has been published.
 *
 * They replace those of Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), Theorem 7.1 and Definition 7.3, of
 * which C = 1/2 for the Hellinger distance 2 (1 - BC) is too small, and C = 1 for total variation twice as large as needed, or, if
 * total variation is read as the whole L1 distance, half of what is needed.
 */
import {
  type Distribution,
  divergence,
  jensenShannon,
  kullbackLeibler,
  renyi,
  squaredHellinger,
  totalVariation,
} from './divergence.js'
import { fisherRaoDistance } from './fisher-rao.js'

export type DivergenceQuantity =
  | 'total-variation'
  | 'l1'
  | 'squared-hellinger'
  | 'doubled-squared-hellinger'
  | 'bhattacharyya'
  | 'jensen-shannon'
  | 'fisher-rao'

export type DistributionPair = readonly [Distribution, Distribution]

export interface DivergenceConstant {
  /** d^k, as it is written. */
  readonly formula: string
  /** d^k(p, q). */
  readonly of: (p: Distribution, q: Distribution) => number
  /** The least C with d^k <= C KL for all pairs: a bound. */
  readonly sharp: number
  /** The limit of d^k / KL as q approaches p. */
  readonly local: number
  /** Whether d, the square root, is a metric. */
  readonly metric: boolean
  /** Pairs whose ratio d^k / KL tends to the sharp constant as e goes to zero, e from 0 to 1/2. */
  readonly extremal: (e: number) => DistributionPair
  /** The constant of the paper, and what is to be said of it; the counterexample is a pair that is farther apart than it allows. */
  readonly published?:
    | { readonly constant: number; readonly verdict: 'sharp' | 'loose' }
    | { readonly constant: number; readonly verdict: 'wrong'; readonly counterexample: DistributionPair }
}

const aroundHalf = (e: number): DistributionPair => [
  [0.5 + e, 0.5 - e],
  [0.5 - e, 0.5 + e],
]

const fromPointMass = (e: number): DistributionPair => [
  [1, 0],
  [1 - e, e],
]

/**
 * The table, natural logarithms throughout. C of Jensen-Shannon is (log 2)/2; -2 log BC has C = 1 at every pair whose p is a point mass.
 *
 * @example
 * divergenceConstants['doubled-squared-hellinger'].sharp // => 1
 * const { of, sharp } = divergenceConstants['total-variation']
 * of([0.51, 0.49], [0.49, 0.51]) / (sharp * divergence(kullbackLeibler, [0.51, 0.49], [0.49, 0.51])) > 0.9998 // => true
 */
export const divergenceConstants: Readonly<Record<DivergenceQuantity, DivergenceConstant>> = {
  'total-variation': {
    formula: 'TV^2, TV = |p - q|_1 / 2',
    of: (p, q) => divergence(totalVariation, p, q) ** 2,
    sharp: 1 / 2,
    local: 1 / 2,
    metric: true,
    extremal: aroundHalf,
    published: { constant: 1, verdict: 'loose' },
  },
  l1: {
    formula: '|p - q|_1^2',
    of: (p, q) => 4 * divergence(totalVariation, p, q) ** 2,
    sharp: 2,
    local: 2,
    metric: true,
    extremal: aroundHalf,
    published: { constant: 1, verdict: 'wrong', counterexample: aroundHalf(0.25) },
  },
  'squared-hellinger': {
    formula: '1 - BC',
    of: (p, q) => divergence(squaredHellinger, p, q),
    sharp: 1 / 2,
    local: 1 / 4,
    metric: true,
    extremal: fromPointMass,
    published: { constant: 1 / 2, verdict: 'sharp' },
  },
  'doubled-squared-hellinger': {
    formula: '2 (1 - BC)',
    of: (p, q) => 2 * divergence(squaredHellinger, p, q),
    sharp: 1,
    local: 1 / 2,
    metric: true,
    extremal: fromPointMass,
    published: { constant: 1 / 2, verdict: 'wrong', counterexample: fromPointMass(0.5) },
  },
  bhattacharyya: {
    formula: '-2 log BC',
    of: (p, q) => divergence(renyi(1 / 2), p, q),
    sharp: 1,
    local: 1 / 2,
    metric: false,
    extremal: fromPointMass,
  },
  'jensen-shannon': {
    formula: 'JS',
    of: (p, q) => divergence(jensenShannon, p, q),
    sharp: Math.LN2 / 2,
    local: 1 / 4,
    metric: true,
    extremal: fromPointMass,
  },
  'fisher-rao': {
    formula: '(2 arccos BC)^2',
    of: (p, q) => fisherRaoDistance(p, q) ** 2,
    sharp: 4,
    local: 2,
    metric: true,
    extremal: fromPointMass,
  },
}

/** How far the pairwise distances of two kernels' rows are from each other, and how far they can be. */
export interface PairwiseGap {
  /** E |d(q_x, q_x') - d(p_x, p_x')| over independent inputs x, x'. */
  readonly gap: number
  /** E KL(p_x || q_x), nats. */
  readonly kullbackLeibler: number
  /** 2 sqrt(C KL). */
  readonly bound: number
}

/**
 * The mean gap between pairwise distances of predictions and those of the data under one law on n inputs, and its bound: what an NLL
 * close to the least says of the geometry of predictions. Bound: gap <= 2 sqrt(C KL) for every metric d of the table, true and loose.
 *
 * Rows are n x V, the weights sum to one; O(n^2 V). A quantity whose root is no metric throws.
 *
 * Source: Y. Zhang, "A Markov Categorical Framework for Language Modeling" (2025), (7.3), of which this is the exact meaning.
 *
 * @example
 * const [data, model] = [Float64Array.of(1, 0, 0, 1), Float64Array.of(0.5, 0.5, 0, 1)]
 * pairwiseGap('total-variation', [0.5, 0.5], data, model) // => { gap: 0.25, kullbackLeibler: 0.34657359028, bound: 0.83255461116 }
 */
export const pairwiseGap = (
  quantity: DivergenceQuantity,
  weights: Distribution,
  data: Float64Array,
  model: Float64Array,
): PairwiseGap => {
  const { of, sharp, metric, formula } = divergenceConstants[quantity]
  if (!metric) throw new Error(`pairwiseGap: the square root of ${formula} is no metric`)
  const n = weights.length
  const width = data.length / n
  if (n < 1 || !Number.isInteger(width) || model.length !== data.length)
    throw new Error(`pairwiseGap: ${data.length} and ${model.length} probabilities for ${n} inputs`)
  const row = (rows: Float64Array, x: number): Float64Array => rows.subarray(x * width, (x + 1) * width)
  let [gap, mean] = [0, 0]
  for (let x = 0; x < n; x++) {
    if (weights[x] === 0) continue
    mean += weights[x]! * divergence(kullbackLeibler, row(data, x), row(model, x))
    for (let y = 0; y < x; y++) {
      const distances = [data, model].map((rows) => Math.sqrt(of(row(rows, x), row(rows, y))))
      gap += 2 * weights[x]! * weights[y]! * Math.abs(distances[1]! - distances[0]!)
    }
  }
  return { gap, kullbackLeibler: mean, bound: 2 * Math.sqrt(sharp * mean) }
}
