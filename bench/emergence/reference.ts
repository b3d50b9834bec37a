/**
 * The table of section 3 of the specification's mathematics, for letters and words of an English text that it does not name.
 */
import type { ScoreName } from './scores.js'

/** Scores at the start, at the peak with its steps, at the end, and of random features; what was not given is not there. */
export interface ReferenceCurve {
  readonly initial?: number
  readonly peak?: number
  readonly steps?: string
  readonly final?: number
  readonly chance?: number
}

export type ReferenceRow = Partial<Record<ScoreName, ReferenceCurve>>

export const referenceRows = {
  A: {
    'overlap, Bhattacharyya': { initial: 0.266, peak: 0.876, steps: '100-250', final: 0.712, chance: 0.25 },
    'captured, Bhattacharyya': { initial: 0.346, peak: 0.94, final: 0.828, chance: 0.309 },
    'captured, canonical correlation': { initial: 0.362, peak: 0.9, final: 0.788, chance: 0.315 },
    'CKA, Bhattacharyya': { initial: 0.282, peak: 0.908, final: 0.538, chance: 0.251 },
  },
  B: {
    'overlap, Bhattacharyya': { initial: 0.06, peak: 0.633, steps: '60-100', final: 0.458, chance: 0.07 },
    'captured, Bhattacharyya': { initial: 0.073, peak: 0.861, final: 0.632, chance: 0.082 },
    'captured, canonical correlation': { initial: 0.085, peak: 0.746, final: 0.522, chance: 0.101 },
  },
  C: {
    'overlap, Bhattacharyya': { initial: 0.17, peak: 0.599, steps: '400-700', final: 0.568, chance: 0.068 },
    'captured, Bhattacharyya': { initial: 0.214, peak: 0.787, final: 0.748, chance: 0.081 },
    'captured, canonical correlation': { initial: 0.188, peak: 0.636, final: 0.604, chance: 0.098 },
  },
  "C'": {
    'overlap, Bhattacharyya': { initial: 0.181, peak: 0.213, steps: '30-100', final: 0.092, chance: 0.071 },
    'captured, Bhattacharyya': { initial: 0.238, peak: 0.295, final: 0.106, chance: 0.088 },
    'captured, canonical correlation': { initial: 0.201, peak: 0.232, final: 0.135, chance: 0.105 },
  },
  D: {
    'overlap, Bhattacharyya': { initial: 0.146, peak: 0.621, final: 0.598, chance: 0.177 },
    'captured, Bhattacharyya': { initial: 0.275, peak: 0.85, final: 0.822, chance: 0.312 },
    'captured, canonical correlation': { initial: 0.115, peak: 0.47, final: 0.425, chance: 0.122 },
  },
  E: {
    'overlap, log-ratio': { initial: 0.354, final: 0.9999, chance: 0.054 },
    'overlap, linear': { initial: 0.35, final: 0.9928 },
    'overlap, canonical correlation': { initial: 0.35, final: 0.9928 },
    'overlap, Bhattacharyya': { final: 0.9981 },
    'CKA, Bhattacharyya': { final: 0.958 },
  },
  'small-start': {
    'overlap, Bhattacharyya': { initial: 0.214, peak: 0.933, steps: '141: .918', final: 0.723 },
  },
} as const satisfies Record<string, ReferenceRow>

/** Final KL, nats. */
export const referenceDivergence: Partial<Record<string, number>> = {
  A: 0.0713,
  B: 0.0658,
  C: 0.0869,
  D: 0.121,
  E: 1e-4,
}

/** I(X; W) of the specification's laws, nats. */
export const referenceInformation: Partial<Record<string, number>> = {
  A: 0.508,
  B: 0.899,
  C: 0.899,
  "C'": 0.899,
  D: 0.587,
  'small-start': 0.508,
  ridge: 0.508,
}

/** Optima with a ridge: rate, overlap and captured fraction with the Bhattacharyya operator, CKA. */
export const referenceRidge = [
  { ridge: 1e-2, overlap: 0.919, captured: 0.967, cka: 0.916 },
  { ridge: 1e-3, overlap: 0.79, captured: 0.902, cka: 0.845 },
  { ridge: 1e-4, overlap: 0.736, captured: 0.854, cka: 0.772 },
  { ridge: 0, overlap: 0.706, captured: 0.818, cka: 0.439 },
] as const
