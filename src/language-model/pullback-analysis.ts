/**
 * The geometry that the head induces on hidden states, as figures.
 */
import { bound, identity } from '../information/figure.js'
import type { PullbackAnalysis } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import { forward } from './forward.js'
import { headDistribution } from './head-divergence.js'
import type { ModelParameters, ModelShape } from './model.js'
import { spectrumFigure } from './operator-analysis.js'
import { curvatureBound, headRank, pullbackSpectrum } from './pullback.js'

/** Eigenvalues of g* below this part of the largest are rounding. */
const rounding = 1e-13

/** The pullback of the Fisher-Rao metric along the head, at the mean hidden state of a kernel's contexts. */
export const analyzePullback = (
  { contexts, weights }: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
): PullbackAnalysis => {
  const { symbols, hidden } = shape
  const { headWeights } = parameters
  const states = forward(parameters, shape, contexts).hidden
  const mean = new Float64Array(hidden)
  weights.forEach((weight, context) => mean.forEach((_, d) => (mean[d]! += weight * states[context * hidden + d]!)))
  const { values, trace } = pullbackSpectrum(headWeights, headDistribution(parameters, mean))
  const largest = values[0] ?? 0
  return {
    spectrum: spectrumFigure(values, trace, 'nats'),
    rank: identity(
      'rank g* = rank (C W), the same at every hidden state',
      values.filter((value) => value > rounding * largest).length,
      headRank(headWeights, symbols),
      'count',
    ),
    curvature: bound(
      'lambda_max(g*) <= diam(W)^2 / 4',
      largest,
      'at most',
      curvatureBound(headWeights, symbols),
      'nats',
    ),
  }
}
