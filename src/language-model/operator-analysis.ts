/**
 * The predictive-similarity operators of the data, as figures.
 */
import { identity, type Unit } from '../information/figure.js'
import type { OperatorAnalysis, PerSimilarity, SpectrumFigure } from './analysis.js'
import type { DataKernel } from './data-kernel.js'
import {
  canonicalCorrelations,
  type OperatorSpectrum,
  operatorSpectrum,
  type Similarity,
  spectralGap,
} from './similarity.js'

export interface DataOperators {
  readonly bhattacharyya: OperatorSpectrum<'bhattacharyya'>
  readonly linear: OperatorSpectrum<'linear'>
  readonly cca: OperatorSpectrum<'cca'>
}

/** The spectra of the three operators of a kernel. */
export const dataOperators = (kernel: DataKernel): DataOperators => ({
  bhattacharyya: operatorSpectrum(kernel, 'bhattacharyya'),
  linear: operatorSpectrum(kernel, 'linear'),
  cca: operatorSpectrum(kernel, 'cca'),
})

/** One value for each similarity kernel. */
export const perSimilarity = <A>(of: (similarity: Similarity) => A): PerSimilarity<A> => ({
  bhattacharyya: of('bhattacharyya'),
  linear: of('linear'),
  cca: of('cca'),
})

export const operatorAnalyses = (operators: DataOperators, hidden: number): PerSimilarity<OperatorAnalysis> =>
  perSimilarity((similarity): OperatorAnalysis => {
    const spectrum = operators[similarity]
    const largest = spectrum.centred[0] ?? 0
    return {
      uncentred: spectrumFigure(spectrum.uncentred, spectrum.uncentredTrace),
      centred: spectrumFigure(spectrum.centred, spectrum.centredTrace),
      canonicalCorrelations: similarity === 'cca' ? Array.from(canonicalCorrelations(operators.cca)) : undefined,
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
