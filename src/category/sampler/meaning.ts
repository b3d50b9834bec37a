/**
 * What a box samples: rows of probabilities, a table of values, an affine Gaussian map, or a function that its author names.
 *
 * The first three are data, written as for the categories FinStoch, FinSet and Gauss, and are compared by value; a function is compared
 * by its name.
 */
import { match } from 'ts-pattern'

import type { Images } from '../fin-set.js'
import type { Rows, StochasticMatrix } from '../fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../finite-object.js'
import type { GaussianMap, GaussianMeaning } from '../gauss.js'
import { dimensionOf } from '../real-object.js'
import type { Matrix } from '../../linear-algebra/matrix.js'
import type { Randomness } from './addressed-randomness.js'

/** A value of a wire: the number of an element of a finite set, or a vector. */
export type SampleValue = number | readonly number[]

/** A stochastic kernel between finite sets: one row for each input (several wires: the last runs fastest). */
export interface SampledRows {
  readonly kind: 'finite-kernel'
  readonly rows: Rows
}
/** A function between finite sets: the image of each input, by its number or by one number for each output. */
export interface SampledTable {
  readonly kind: 'finite-function'
  readonly values: Images
}
/**
 * Any other way to sample: a function from values, one for each input wire, and random numbers to values, one for each output wire.
 *
 * It must depend on nothing else. Its name stands for it wherever morphisms are compared: two functions of one name and type in one
 * comparison are an error. A deterministic one must not ask for random numbers.
 */
export interface SampledFunction {
  readonly kind: 'function'
  readonly name: string
  readonly deterministic?: boolean
  readonly sample: (inputs: readonly SampleValue[], randomness: Randomness) => readonly SampleValue[]
}

/**
 * What a user writes for a box. Nested rows stand for a finite kernel; a record of matrix, shift and covariance is a Gaussian map
 * between the vectors of all real wires, one after another.
 */
export type SamplerMeaning = Rows | SampledRows | SampledTable | GaussianMeaning | SampledFunction

/** A meaning that has been checked against the wires of its box, in the form that it is sampled from. */
export type CheckedMeaning =
  | {
      readonly kind: 'finite-kernel'
      readonly rows: StochasticMatrix
      /** The running sums of each row, from its last positive entry on infinite: what is drawn has positive probability. */
      readonly cumulative: Float64Array
    }
  | {
      readonly kind: 'finite-function'
      readonly domain: FiniteObject
      /** The element of each output wire, for one input after another. */
      readonly values: Int32Array
    }
  | {
      readonly kind: 'gaussian'
      readonly map: GaussianMap
      /** factor factor^T is the covariance. */
      readonly factor: Matrix
    }
  | SampledFunction

/** A checked meaning with the text that names it by its content. */
export interface LabelledMeaning {
  readonly label: string
  readonly deterministic: boolean
  readonly meaning: CheckedMeaning
}

/** A checked meaning as a user would write it. */
export const writtenMeaning = (meaning: CheckedMeaning): SamplerMeaning =>
  match<CheckedMeaning, SamplerMeaning>(meaning)
    .with({ kind: 'finite-kernel' }, ({ rows: { domain, entries } }) => nested(entries, sizeOfObject(domain)))
    .with({ kind: 'finite-function' }, ({ kind, domain, values }) => ({
      kind,
      values: nested(values, sizeOfObject(domain)),
    }))
    .with({ kind: 'gaussian' }, ({ map }) => writtenGaussian(map))
    .with({ kind: 'function' }, (sampled) => sampled)
    .exhaustive()

/** A Gaussian map as a user would write it, complete. */
export const writtenGaussian = ({
  codomain,
  matrix,
  shift,
  covariance,
}: Pick<GaussianMap, 'codomain' | 'matrix' | 'shift' | 'covariance'>): Required<GaussianMeaning> => {
  const height = dimensionOf(codomain)
  return { matrix: nested(matrix, height), shift: [...shift], covariance: nested(covariance, height) }
}

/** Flat entries as so many rows. */
export const nested = (entries: Float64Array | Int32Array, height: number): Rows => {
  const width = height === 0 ? 0 : entries.length / height
  return Array.from({ length: height }, (_, row) => [...entries.subarray(row * width, (row + 1) * width)])
}
