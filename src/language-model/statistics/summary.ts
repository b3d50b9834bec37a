/** The figures of a head that follow from its statistics, without another look at the contexts. */
import { bound, type BoundFigure, identity, type IdentityFigure, kernelTolerance } from '../../information/figure.js'
import { sumsOf } from '../../linear-algebra/exact-sums.js'
import { crossProduct, type Matrix, matrix, matrixProduct } from '../../linear-algebra/matrix.js'
import { symmetricEigen } from '../../linear-algebra/symmetric-eigen.js'
import { summedEntropies } from './chunk-sums.js'
import type { HeadParameters } from './head-parameters.js'
import { type ChunkSums, eachSum, type Statistics } from './statistics.js'

export interface StatisticsSummary {
  readonly contexts: number
  readonly chunks: number
  readonly weight: number
  /** Mean negative log-likelihood (nats). */
  readonly nll: number
  /** Mean categorical entropies of the head, by the divergence that defines them. */
  readonly entropies: Readonly<Record<(typeof summedEntropies)[number], number>>
  /** NLL - Hbar = <W, grad_W> + <b, grad_b>: both sides from different sums. */
  readonly calibration: IdentityFigure
  /** |E[(e_W - q) h^T]| and |E[e_W - q]|: zero at a stationary head; how far its training has gone. */
  readonly momentResidual: { readonly weights: number; readonly bias: number }
  /** The entropy of the next token alone (nats): what a model that ignores its context loses. */
  readonly unigramEntropy: number
  /** The eigenvalues of the covariance of h, the largest first. */
  readonly hiddenSpectrum: Float64Array
  /** The eigenvalues of the mean pullback metric E g*(h), the largest first, and its trace. */
  readonly metricSpectrum: Float64Array
  /**
   * The sum of the squared canonical correlations of h and the next token, as it is and corrected for what chance gives on so many
   * contexts; at most the smaller of D and V - 1.
   */
  readonly pillai: { readonly raw: BoundFigure; readonly corrected: number; readonly rank: number }
  /** A 95 in 100 interval of the NLL and of NLL - Hbar (normal, chunks taken as independent); undefined for fewer than ten chunks. */
  readonly intervals: { readonly nll: Interval; readonly calibration: Interval } | undefined
}

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** The figures of statistics that were gathered with this head. At least one context must be there. */
export const summarise = (statistics: Statistics, { weights: w, bias }: HeadParameters): StatisticsSummary => {
  const { dimension: d, vocabulary: v } = statistics.shape
  const all: ChunkSums = eachSum((name) => sumsOf(statistics.sums[name]))
  const weight = all.weight[0]!
  if (!(weight > 0)) throw new Error('summarise: there is no context')
  const mean = (sums: Float64Array): Float64Array => sums.map((sum) => sum / weight)
  const means: ChunkSums = eachSum((name) => mean(all[name]))
  const contexts = statistics.chunks.reduce((total, chunk) => total + chunk.contexts, 0)

  const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, place) => x - b[place]!)
  const gradient = difference(means.predictionMoment, means.targetMoment)
  const biasGradient = difference(means.predictions, means.targets)
  const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, place) => sum + x * b[place]!, 0)
  const nll = means.nll[0]!

  const covariance = matrix(d, d)
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      covariance.entries[i * d + j] =
        (means.secondMoment[i * d + j]! + means.secondMoment[j * d + i]!) / 2 - means.hidden[i]! * means.hidden[j]!
  const spectrum = symmetricEigen(covariance)

  return {
    contexts,
    chunks: statistics.chunks.length,
    weight,
    nll,
    entropies: {
      shannon: means.entropies[0]!,
      'total-variation': means.entropies[1]!,
      'squared-hellinger': means.entropies[2]!,
      'renyi-1/2': means.entropies[3]!,
    },
    calibration: identity(
      'NLL - H̄ = <W, grad_W> + <b, grad_b>',
      nll - means.entropies[0]!,
      inner(w, gradient) + inner(bias, biasGradient),
      'nats',
      kernelTolerance,
    ),
    momentResidual: {
      weights: Math.sqrt(inner(gradient, gradient)),
      bias: Math.sqrt(inner(biasGradient, biasGradient)),
    },
    unigramEntropy: means.targets.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0),
    hiddenSpectrum: spectrum.values,
    metricSpectrum: symmetricEigen(meanMetric(w, means, d, v)).values,
    pillai: pillai(means, spectrum.values, spectrum.vectors, contexts, d, v),
    intervals: intervals(statistics),
  }
}

/** E g*(h) = W^T diag(E q) W - E[m m^T]. */
const meanMetric = (w: Float64Array, { predictions, meanRowMoment }: ChunkSums, d: number, v: number): Matrix => {
  const rows = matrix(v, d, w)
  const scaled = matrix(
    v,
    d,
    w.map((entry, place) => entry * predictions[Math.floor(place / d)]!),
  )
  const second = crossProduct(rows, scaled)
  return matrix(
    d,
    d,
    second.entries.map((entry, place) => {
      const [i, j] = [Math.floor(place / d), place % d]
      return (entry + second.entries[j * d + i]!) / 2 - (meanRowMoment[place]! + meanRowMoment[j * d + i]!) / 2
    }),
  )
}

/** Directions of h with less of the variance than this are rounding. */
const rankTolerance = 1e-6

/** tr(Sigma_h^-1 C diag(u)^-1 C^T) with C the covariance of h and the one-hot next token. */
const pillai = (
  { targetMoment, hidden, targets }: ChunkSums,
  values: Float64Array,
  vectors: Matrix,
  contexts: number,
  d: number,
  v: number,
): StatisticsSummary['pillai'] => {
  const kept = Array.from(values.keys()).filter((place) => values[place]! > rankTolerance * values[0]!)
  const rank = kept.length
  const observed = targets.filter((share) => share > 0).length
  const centred = matrix(
    v,
    d,
    targetMoment.map((entry, place) => {
      const token = Math.floor(place / d)
      const share = targets[token]!
      return share > 0 ? (entry - share * hidden[place % d]!) / Math.sqrt(share) : 0
    }),
  )
  const turned = matrixProduct(centred, vectors)
  let raw = 0
  for (const place of kept)
    for (let token = 0; token < v; token++) raw += turned.entries[token * d + place]! ** 2 / values[place]!
  const most = Math.min(rank, observed - 1)
  const chance = (rank * (observed - 1)) / (contexts - 1)
  return {
    raw: bound('sum of squared canonical correlations <= min(rank, V - 1)', raw, 'at most', most, '1'),
    corrected: (raw - chance) / (1 - chance / most),
    rank,
  }
}

/** Normal intervals from the ratio estimator over chunks. */
const intervals = ({ chunks }: Statistics): StatisticsSummary['intervals'] => {
  if (chunks.length < 10) return undefined
  const interval = (of: (chunk: (typeof chunks)[number]) => number): Interval => {
    const weight = chunks.reduce((sum, chunk) => sum + chunk.weight, 0)
    const mean = chunks.reduce((sum, chunk) => sum + of(chunk), 0) / weight
    const squares = chunks.reduce((sum, chunk) => sum + (of(chunk) - mean * chunk.weight) ** 2, 0)
    const error = (Math.sqrt((squares * chunks.length) / (chunks.length - 1)) / weight) * 1.96
    return { lower: mean - error, upper: mean + error }
  }
  return { nll: interval(({ nll }) => nll), calibration: interval(({ nll, entropy }) => nll - entropy) }
}
