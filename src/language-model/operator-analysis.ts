/**
 * The predictive-similarity operators of the data, as figures.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import { identity, type Unit } from '../information/figure.js'
import {
  type OperatorAnalysis,
  type PerSimilarity,
  type ReportedSimilarity,
  reportedSimilarities,
  type SpectrumFigure,
} from './analysis.js'
import { positiveLaw } from './positive-law.js'
import type { PredictiveLaw } from './predictive-law.js'
import {
  canonicalCorrelations,
  type OperatorSpectrum,
  predictiveSpectrum,
  similarityTitle,
  spectralGap,
} from './similarity.js'

/** The names of the operators for people. */
export const reportedTitle: Readonly<Record<ReportedSimilarity, string>> = {
  ...similarityTitle,
  'log-ratio': 'log-ratio',
}

export interface DataOperators {
  readonly spectra: PerSimilarity<OperatorSpectrum>
  readonly correlations: Float64Array
  /** How much of the law of the token is in the law of the log-ratio operator, which needs positive probabilities. */
  readonly mixture: number
}

/** The spectra of the operators of a law. */
export const dataOperators = (law: PredictiveLaw): Either<Problem, DataOperators> => {
  const positive = positiveLaw(law)
  const bhattacharyya = predictiveSpectrum(law, { kind: 'bhattacharyya' })
  if (isLeft(bhattacharyya)) return bhattacharyya
  const linear = predictiveSpectrum(law, { kind: 'linear' })
  if (isLeft(linear)) return linear
  const logRatio = predictiveSpectrum(positive.law, { kind: 'log-ratio' })
  if (isLeft(logRatio)) return logRatio
  const cca = predictiveSpectrum(law, { kind: 'cca' })
  if (isLeft(cca)) return cca
  return right({
    spectra: {
      bhattacharyya: bhattacharyya.right,
      linear: linear.right,
      cca: cca.right,
      'log-ratio': logRatio.right,
    },
    correlations: canonicalCorrelations(cca.right),
    mixture: positive.share,
  })
}

/** One value for each operator. */
export const perSimilarity = <A>(of: (similarity: ReportedSimilarity) => A): PerSimilarity<A> => ({
  bhattacharyya: of('bhattacharyya'),
  linear: of('linear'),
  cca: of('cca'),
  'log-ratio': of('log-ratio'),
})

/** One value for each operator, or the first problem. */
export const eachSimilarity = <A>(
  of: (similarity: ReportedSimilarity) => Either<Problem, A>,
): Either<Problem, PerSimilarity<A>> => {
  const found = new Map<ReportedSimilarity, A>()
  for (const similarity of reportedSimilarities) {
    const value = of(similarity)
    if (isLeft(value)) return value
    found.set(similarity, value.right)
  }
  return right(perSimilarity((similarity) => found.get(similarity)!))
}

export const operatorAnalyses = (
  { spectra, correlations }: DataOperators,
  hidden: number,
): PerSimilarity<OperatorAnalysis> =>
  perSimilarity((similarity): OperatorAnalysis => {
    const spectrum = spectra[similarity]
    const largest = spectrum.centred[0] ?? 0
    return {
      uncentred: spectrumFigure(spectrum.uncentred, spectrum.uncentredTrace),
      centred: spectrumFigure(spectrum.centred, spectrum.centredTrace),
      canonicalCorrelations: similarity === 'cca' ? Array.from(correlations) : undefined,
      relativeGap: largest === 0 ? 0 : spectralGap(spectrum, hidden) / largest,
    }
  })

/** Eigenvalues with the identity that their sum is the trace, which is computed without them. */
export const spectrumFigure = (values: Float64Array, trace: number, unit: Unit = '1'): SpectrumFigure => ({
  values: Array.from(values),
  trace: identity(
    'trace = sum of the eigenvalues',
    trace,
    values.reduce((sum, value) => sum + value, 0),
    unit,
  ),
})
