/** The figures of a head that follow from its statistics, without another look at the contexts. */
import { isLeft } from 'fp-ts/lib/Either.js'

import {
  bound,
  type BoundFigure,
  estimate,
  type EstimateFigure,
  identity,
  type IdentityFigure,
  type Interval,
  kernelTolerance,
} from '../../information/figure.js'
import { crossProduct, type Matrix, matrix } from '../../linear-algebra/matrix.js'
import { rankOf } from '../../linear-algebra/singular-values.js'
import { symmetricEigen } from '../../linear-algebra/symmetric-eigen.js'
import { enclosingBall } from '../head-geometry-curvature.js'
import { normalQuantile } from '../pillai-null.js'
import { bohningMetric } from '../pullback.js'
import type { summedEntropies } from './chunk-sums.js'
import { correlationFigures, type CorrelationFigures } from './correlation-figures.js'
import type { HeadParameters } from './head-parameters.js'
import { effectiveContexts, meansOf, momentsOfMeans } from './moments.js'
import type { ChunkFigures, ChunkSums, Statistics } from './statistics.js'

export interface StatisticsSummary {
  readonly contexts: number
  readonly chunks: number
  /** How many contexts of one weight say as much: (sum w)^2 / sum w^2. */
  readonly effectiveContexts: number
  /** Mean negative log-likelihood, nats, beside that of the best prediction without a context and of the uniform one. */
  readonly nll: EstimateFigure
  /** Hbar: the mean entropy of the predictions, nats. */
  readonly entropy: EstimateFigure
  /** The mean categorical entropies of the head for the other divergences, below those of the uniform law. */
  readonly entropies: Readonly<Record<Exclude<(typeof summedEntropies)[number], 'shannon'>, BoundFigure>>
  /** NLL - Hbar = <W, grad_W> + <b, grad_b>: both sides from different sums. */
  readonly calibration: IdentityFigure
  /** NLL - Hbar once more, with its interval: above zero the model is overconfident. */
  readonly overconfidence: EstimateFigure
  /**
   * |E[(e_W - q) h^T]| and |E[e_W - q]|: zero where the head is trained to the end. Beside them what is left by chance of so many contexts
   * if the predictions are right: the root of the mean square, exactly.
   */
  readonly gradient: { readonly weights: EstimateFigure; readonly bias: EstimateFigure }
  readonly geometry: GeometryFigures
  /** What the hidden states have to do with the next token, or why it cannot be said. */
  readonly correlations: CorrelationFigures | { readonly missing: string }
}

export interface GeometryFigures {
  /** (sum of eigenvalues)^2 / sum of their squares, of the covariance of h: at most D. It depends on the basis of the hidden space. */
  readonly hiddenDimension: BoundFigure
  /** The eigenvalues of the covariance of h, the largest first. */
  readonly hiddenSpectrum: readonly number[]
  /** rank g* = rank(C W), the same at every hidden state, at most D and V - 1. */
  readonly rank: BoundFigure
  /** The largest eigenvalue of E g*(h) under the squared radius of a ball that holds the rows of the head. */
  readonly curvature: BoundFigure
  /** The eigenvalues of the mean pullback metric E g*(h), the largest first. */
  readonly metricSpectrum: readonly number[]
}

/** The figures of statistics that were gathered with this head. At least one context must be there. */
export const summarise = (statistics: Statistics, head: HeadParameters): StatisticsSummary => {
  const { vocabulary: v } = statistics.shape
  const { chunks } = statistics
  const means = meansOf(statistics)
  const nll = means.nll[0]!
  const [shannon, totalVariation, hellinger, renyi] = means.entropies
  const pairs = effectiveContexts(statistics)
  const intervals = chunkIntervals(chunks)
  const unigram = means.targets.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  const baselines = { unigram, uniform: Math.log(v) }
  const gradient = difference(means.predictionMoment, means.targetMoment)
  const biasGradient = difference(means.predictions, means.targets)
  // The sums of squares of weights, over the squared sum of the weights.
  const [, noise, momentNoise] = means.sampling.map((square) => square / (means.sampling[0]! * pairs))
  const correlations = correlationFigures(momentsOfMeans(means), momentsOfMeans(means, 'shuffled'), pairs, head)

  return {
    contexts: chunks.reduce((total, chunk) => total + chunk.contexts, 0),
    chunks: chunks.length,
    effectiveContexts: pairs,
    nll: estimate('mean -log q(w | h)', nll, intervals?.nll, baselines, 'nats'),
    entropy: estimate('H̄, mean entropy of q', shannon!, intervals?.entropy, { uniform: Math.log(v) }, 'nats'),
    entropies: {
      'total-variation': atMost('E[1 - Σ q²] <= 1 - 1/V', totalVariation!, 1 - 1 / v, '1'),
      'squared-hellinger': atMost('E[1 - Σ q^1.5] <= 1 - V^-0.5', hellinger!, 1 - 1 / Math.sqrt(v), '1'),
      'renyi-1/2': atMost('E[-2 log Σ q^1.5] <= log V', renyi!, Math.log(v), 'nats'),
    },
    calibration: identity(
      'NLL - H̄ = <W, grad_W> + <b, grad_b>',
      nll - shannon!,
      inner(head.weights, gradient) + inner(head.bias, biasGradient),
      'nats',
      Math.max(kernelTolerance, 1e-6 * sizeOfProduct(head.weights, means.predictionMoment)),
    ),
    overconfidence: estimate('NLL - H̄', nll - shannon!, intervals?.gap, { calibrated: 0 }, 'nats'),
    gradient: {
      weights: residual('|E[(e_W - q) h^T]|', gradient, momentNoise!),
      bias: residual('|E[e_W - q]|', biasGradient, noise!),
    },
    geometry: geometry(means, head, v),
    correlations: isLeft(correlations) ? { missing: correlations.left.what } : correlations.right,
  }
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, place) => x - b[place]!)
const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, place) => sum + x * b[place]!, 0)

/** What the rounding of float32 kernels is relative to: the size of what is added up. */
const sizeOfProduct = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, place) => sum + Math.abs(x * b[place]!), 0)

/** A bound on means that come from float32 kernels. */
const atMost = (statement: string, value: number, limit: number, unit: BoundFigure['unit']): BoundFigure => ({
  ...bound(statement, value, 'at most', limit, unit),
  holds: value <= limit + kernelTolerance * Math.max(1, limit),
})

const residual = (statement: string, of: Float64Array, noise: number): EstimateFigure =>
  estimate(statement, Math.sqrt(inner(of, of)), undefined, { 'if its predictions are right': Math.sqrt(noise) }, '1')

/** Below this part of the largest, eigenvalues of a head's own rows are rounding. */
const rankPart = 1e-12

const geometry = (means: ChunkSums, { weights: w }: HeadParameters, v: number): GeometryFigures => {
  const d = means.hidden.length
  const { values: hidden } = symmetricEigen(momentsOfMeans(means).covariance)
  const { values: metric } = symmetricEigen(meanMetric(w, means, d, v))
  const trace = hidden.reduce((sum, value) => sum + value, 0)
  const squares = inner(hidden, hidden)
  const rank = rankOf(symmetricEigen(bohningMetric(w, v)).values, { relative: rankPart })
  const { radius } = enclosingBall(w, v, { tolerance: 0.02, mostSteps: 200 })
  return {
    hiddenDimension: atMost('(Σ λ)² / Σ λ² <= D', squares > 0 ? trace ** 2 / squares : 0, d, '1'),
    hiddenSpectrum: Array.from(hidden),
    rank: bound('rank g* = rank(C W) <= min(D, V - 1)', rank, 'at most', Math.min(d, v - 1), 'count'),
    curvature: atMost('largest eigenvalue of E g* <= R²', metric[0]!, radius ** 2, '1'),
    metricSpectrum: Array.from(metric),
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

interface ChunkIntervals {
  readonly nll: Interval
  readonly entropy: Interval
  readonly gap: Interval
}

/** Normal intervals of the ratio estimator, chunks taken as independent; undefined for fewer than ten chunks. */
const chunkIntervals = (chunks: readonly ChunkFigures[]): ChunkIntervals | undefined => {
  if (chunks.length < 10) return undefined
  const weight = chunks.reduce((sum, chunk) => sum + chunk.weight, 0)
  const interval = (of: (chunk: ChunkFigures) => number): Interval => {
    const mean = chunks.reduce((sum, chunk) => sum + of(chunk), 0) / weight
    const squares = chunks.reduce((sum, chunk) => sum + (of(chunk) - mean * chunk.weight) ** 2, 0)
    const error = (Math.sqrt((squares * chunks.length) / (chunks.length - 1)) / weight) * normalQuantile
    return { lower: mean - error, upper: mean + error }
  }
  return {
    nll: interval(({ nll }) => nll),
    entropy: interval(({ entropy }) => entropy),
    gap: interval(({ nll, entropy }) => nll - entropy),
  }
}
