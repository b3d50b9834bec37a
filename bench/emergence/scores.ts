/**
 * Scores of hidden states against the operators of a law, and what chance gives.
 */
import type { NullBand } from '../../src/information/figure.js'
import { alignment, randomFeatureNull } from '../../src/language-model/alignment.js'
import { centredKernelAlignment } from '../../src/language-model/basis-dependent-scores.js'
import type { DataKernel } from '../../src/language-model/data-kernel.js'
import { bandOf } from '../../src/language-model/null-band.js'
import { lawOfData } from '../../src/language-model/predictive-law.js'
import { predictiveSpectrum } from '../../src/language-model/similarity.js'
import { standardNormals } from '../../src/linear-algebra/standard-normal.js'
import { orThrow } from './texts.js'

/** Overlap, captured fraction or linear CKA, with the operator of one kernel. */
export const scoreNames = [
  'overlap, Bhattacharyya',
  'captured, Bhattacharyya',
  'captured, canonical correlation',
  'CKA, Bhattacharyya',
  'overlap, log-ratio',
  'overlap, linear',
  'overlap, canonical correlation',
] as const

export type ScoreName = (typeof scoreNames)[number]

const measureOf = {
  'overlap, Bhattacharyya': ['overlap', 'bhattacharyya'],
  'captured, Bhattacharyya': ['captured', 'bhattacharyya'],
  'captured, canonical correlation': ['captured', 'cca'],
  'CKA, Bhattacharyya': ['cka', 'bhattacharyya'],
  'overlap, log-ratio': ['overlap', 'log-ratio'],
  'overlap, linear': ['overlap', 'linear'],
  'overlap, canonical correlation': ['overlap', 'cca'],
} as const satisfies Record<ScoreName, readonly ['overlap' | 'captured' | 'cka', string]>

export interface Scorer {
  /** One number for each name, of hidden states n x D. */
  readonly of: (hidden: Float64Array) => readonly number[]
  /** The bands of standard normal features with the same weights. */
  readonly chance: (dimension: number, draws: number) => readonly NullBand[]
}

export const scorer = (kernel: DataKernel, names: readonly ScoreName[]): Scorer => {
  const { weights } = kernel
  const kinds = [...new Set(names.map((name) => measureOf[name][1]))]
  const spectra = new Map(kinds.map((kind) => [kind, orThrow(predictiveSpectrum(lawOfData(kernel), { kind }))]))
  const spectrumOf = (name: ScoreName) => spectra.get(measureOf[name][1])!
  const cka = (hidden: Float64Array, name: ScoreName): number =>
    centredKernelAlignment(hidden, weights, spectrumOf(name)).value
  return {
    of: (hidden) => {
      const scores = new Map(kinds.map((kind) => [kind, orThrow(alignment(hidden, weights, spectra.get(kind)!))]))
      return names.map((name) => {
        const [measure, kind] = measureOf[name]
        return measure === 'cka' ? cka(hidden, name) : scores.get(kind)![measure]
      })
    },
    chance: (dimension, draws) => {
      const bands = orThrow(
        randomFeatureNull(
          weights,
          dimension,
          kinds.map((kind) => spectra.get(kind)!),
          { draws, seed: 1 },
        ),
      )
      const normals = standardNormals(1)
      const features = new Float64Array(weights.length * dimension)
      return names.map((name) => {
        const [measure, kind] = measureOf[name]
        if (measure !== 'cka') return bands[kinds.indexOf(kind)]![measure]
        const values = new Float64Array(draws)
        for (let draw = 0; draw < draws; draw++) {
          normals(features)
          values[draw] = cka(features, name)
        }
        return bandOf(values)
      })
    },
  }
}
