/**
 * The geometry that the head induces on hidden states, as figures.
 */
import { divergence, totalVariation } from '../information/divergence.js'
import { bound, identity } from '../information/figure.js'
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.js'
import type { ContextDistance, DirectionAnalysis, PullbackAnalysis } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import { type Head, headDistribution, headJeffreys } from './head-divergence.js'
import { enclosingBall } from './head-geometry-curvature.js'
import { directionMeaning, type TokenMove } from './head-geometry-direction.js'
import { headDistance } from './head-geometry-distance.js'
import type { LawModel } from './law-model.js'
import { spectrumFigure } from './operator-analysis.js'
import { curvatureBound, headRank, pullbackMetric, pullbackSpectrum } from './pullback.js'

/** Eigenvalues of g* below this part of the largest are rounding. */
const rounding = 1e-13
const mostDirections = 4
const tokensShown = 4
/** Distances are between this many contexts, the most frequent ones. */
const contextsCompared = 4

/** The pullback of the Fisher-Rao metric along the head, at the mean hidden state of a kernel's contexts. */
export const analyzeGeometry = (kernel: DataKernel, { head, hidden }: LawModel): PullbackAnalysis => {
  const { weights, symbols } = kernel
  const { headWeights } = head
  const dimension = hidden.length / weights.length
  const mean = new Float64Array(dimension)
  weights.forEach((weight, context) => mean.forEach((_, d) => (mean[d]! += weight * hidden[context * dimension + d]!)))
  const p = headDistribution(head, mean)
  const { values, trace } = pullbackSpectrum(headWeights, p)
  const largest = values[0] ?? 0
  const diameterBound = curvatureBound(headWeights, symbols.length)
  const { radius } = enclosingBall(headWeights, symbols.length)
  return {
    spectrum: spectrumFigure(values, trace, 'nats'),
    rank: identity(
      'rank g* = rank (C W), the same at every hidden state',
      values.filter((value) => value > rounding * largest).length,
      headRank(headWeights, symbols.length),
      'count',
    ),
    curvature: bound('lambda_max(g*) <= diam(W)^2 / 4', largest, 'at most', diameterBound, 'nats'),
    diameter: bound(
      'diam(W)^2 / 4 <= R^2, R the radius of a ball that holds all rows of W',
      diameterBound,
      'at most',
      radius * radius,
      'nats',
    ),
    ball: bound('trace g* <= R^2, at every hidden state', trace, 'at most', radius * radius, 'nats'),
    directions: directionsOf(kernel, head, mean, p, radius),
    distances: distancesOf(kernel, head, hidden),
  }
}

const directionsOf = (
  { symbols }: DataKernel,
  head: Head,
  mean: Float64Array,
  p: Float64Array,
  radius: number,
): readonly DirectionAnalysis[] => {
  const metric = pullbackMetric(head.headWeights, p)
  const { values, vectors } = symmetricEigen(metric)
  const named = ({ token, probability, slope, flow }: TokenMove) => ({
    token: symbols[token]!,
    probability,
    slope,
    flow,
  })
  return Array.from(values)
    .filter((value) => value > rounding * values[0]!)
    .slice(0, mostDirections)
    .map((value, index): DirectionAnalysis => {
      const axis = mean.map((_, i) => vectors.entries[i * vectors.columns + index]!)
      // An eigenvector has no sign of its own: the token that it moves most rises along it.
      const upwards = directionMeaning(head, mean, axis, { by: 'flow', count: 1 })
      const [up, down] = [upwards.rising[0]?.flow ?? 0, upwards.falling[0]?.flow ?? 0]
      const direction = up >= -down ? axis : axis.map((entry) => -entry)
      const { squaredLength, cost, rising, falling } = directionMeaning(head, mean, direction, {
        by: 'flow',
        count: tokensShown,
      })
      return {
        eigenvalue: identity('g*(u, u) = the eigenvalue, u the unit eigenvector', squaredLength, value, 'nats'),
        cost: bound(
          'KL(p_h || p_h+u) <= R^2 / 2: what a unit step costs',
          cost,
          'at most',
          (radius * radius) / 2,
          'nats',
        ),
        rising: rising.map(named),
        falling: falling.map(named),
      }
    })
}

/** Between the most frequent contexts, in pairs. */
const distancesOf = (
  { weights, contexts, contextLength, symbols }: DataKernel,
  head: Head,
  hidden: Float64Array,
): readonly ContextDistance[] => {
  const dimension = hidden.length / weights.length
  const frequent = Array.from(weights.keys())
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, contextsCompared)
  const spelling = (context: number): readonly string[] =>
    Array.from(contexts.subarray(context * contextLength, (context + 1) * contextLength), (token) => symbols[token]!)
  const state = (context: number): Float64Array => hidden.subarray(context * dimension, (context + 1) * dimension)
  return frequent.flatMap((a, index) =>
    frequent.slice(index + 1).map((b): ContextDistance => {
      const [from, to] = [state(a), state(b)]
      const { lower, upper } = headDistance(head, from, to)
      const jeffreys = headJeffreys(head, from, to)
      const apart = divergence(totalVariation, headDistribution(head, from), headDistribution(head, to))
      const ranges = rangeOf(head, from, to)
      return {
        from: spelling(a),
        to: spelling(b),
        totalVariation: bound('2 TV <= 2 arccos BC', 2 * apart, 'at most', lower.value, '1'),
        geodesic: bound(
          '2 arccos BC <= geodesic distance <= sum of sqrt J along the straight path',
          lower.value,
          'at most',
          upper.value,
          '1',
        ),
        path: bound(
          'sum of sqrt J along the straight path <= sqrt J',
          upper.value,
          'at most',
          Math.sqrt(jeffreys),
          '1',
        ),
        jeffreys: bound('J <= TV times the range of W (h - h’)', jeffreys, 'at most', apart * ranges, 'nats'),
      }
    }),
  )
}

/** The range over tokens of what a step changes the logits by. */
const rangeOf = ({ headWeights, headBias }: Head, from: Float64Array, to: Float64Array): number => {
  const steps = Array.from(headBias, (_, token) =>
    from.reduce((sum, x, k) => sum + headWeights[token * from.length + k]! * (to[k]! - x), 0),
  )
  return Math.max(...steps) - Math.min(...steps)
}
