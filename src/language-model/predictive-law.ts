/**
 * Whose law of the next token a kernel of similarities is made from.
 *
 * A network's hidden states align with the similarities of its own predictions before any training: with a small head, q is an affine
 * image of h up to second order, so that the overlap is one. That says nothing of the data. So a law carries its provenance, in its
 * type and at run time, and scores against a model's own predictions are of another kind (`self-alignment.ts`).
 */
import type { DataKernel } from './data-kernel.js'

/** The provenances that a finding may rest on: a text's law, a known process, or another model that is the teacher. */
export const externalProvenances = ['data', 'process', 'teacher'] as const

export type ExternalProvenance = (typeof externalProvenances)[number]

export type Provenance = ExternalProvenance | 'own-predictions'

/** P(. | x) for n contexts with their weights, and where it comes from. */
export interface PredictiveLaw<P extends Provenance = ExternalProvenance> {
  readonly provenance: P
  readonly name: string
  /** mu, n: sums to one. */
  readonly weights: Float64Array
  /** n x V, row-major; rows sum to one. */
  readonly next: Float64Array
}

/** The law of a text. */
export const lawOfData = ({ name, weights, next }: DataKernel): PredictiveLaw<'data'> => ({
  provenance: 'data',
  name,
  weights,
  next,
})

/** The law of a known process. */
export const lawOfProcess = ({ name, weights, next }: DataKernel): PredictiveLaw<'process'> => ({
  provenance: 'process',
  name,
  weights,
  next,
})

/** What another model, the teacher, predicts (n x V probabilities) on contexts with these weights. */
export const lawOfTeacher = (name: string, weights: Float64Array, next: Float64Array): PredictiveLaw<'teacher'> => ({
  provenance: 'teacher',
  name,
  weights,
  next,
})

/**
 * What the model whose hidden states are looked at predicts itself (n x V log-probabilities, nats).
 *
 * @example
 * ownPredictions('model', Float64Array.of(1), Float64Array.of(Math.log(0.5), Math.log(0.5))).provenance // => 'own-predictions'
 */
export const ownPredictions = (
  name: string,
  weights: Float64Array,
  logProbabilities: Float64Array,
): PredictiveLaw<'own-predictions'> => ({
  provenance: 'own-predictions',
  name,
  weights,
  next: logProbabilities.map(Math.exp),
})

/** Probabilities that differ by no more than this in any entry are one law written down twice. */
export const sameLawTolerance = 1e-12

/**
 * Is this law, whatever it is called, the predictions (n x V log-probabilities) of a model? Entries are compared, to 1e-12.
 *
 * @example
 * const law = lawOfTeacher('teacher', Float64Array.of(1), Float64Array.of(0.5, 0.5))
 * areOwnPredictions(law, Float64Array.of(Math.log(0.5), Math.log(0.5))) // => true
 */
export const areOwnPredictions = (
  { provenance, next }: PredictiveLaw<Provenance>,
  logProbabilities: Float64Array,
): boolean =>
  provenance === 'own-predictions' ||
  (next.length === logProbabilities.length &&
    next.every((probability, index) => Math.abs(probability - Math.exp(logProbabilities[index]!)) <= sameLawTolerance))
