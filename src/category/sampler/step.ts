/**
 * One box on a block of draws: it reads the columns of its inputs and writes those of its outputs.
 */
import { match } from 'ts-pattern'

import type { Wires } from '../../../dsl/object.js'
import { type FiniteObject, sizeOfObject } from '../finite-object.js'
import type { GaussianMap } from '../gauss.js'
import { addressedRandomness, normalsAt, type Randomness, uniformAt } from './addressed-randomness.js'
import type { CheckedMeaning, SampledFunction, SampleValue } from './meaning.js'
import { meaningOf, type SamplerBox } from './morphism.js'
import { type SampleColumn, misfit, valuesAt, writeValue } from './samples.js'

/** Draws number first, first + 1, ..., into the columns from 0 on. */
export type Step = (first: number, length: number) => void

/** A box where it stands in a run. */
export interface Placed {
  readonly box: SamplerBox
  readonly place: number
  readonly reads: readonly SampleColumn[]
  readonly writes: readonly SampleColumn[]
  readonly seed: number
  readonly scratch: Scratch
}

/** Room for one number a draw, shared by all boxes of a run. */
export interface Scratch {
  readonly rows: Int32Array
  readonly outcomes: Int32Array
}

export type KernelBox = Extract<CheckedMeaning, { readonly kind: 'finite-kernel' }>
export type TableBox = Extract<CheckedMeaning, { readonly kind: 'finite-function' }>
export type GaussianBox = Extract<CheckedMeaning, { readonly kind: 'gaussian' }>

export const stepOf = (placed: Placed): Step =>
  match(meaningOf(placed.box))
    .with({ kind: 'finite-kernel' }, (meaning) => kernelStep(meaning, placed))
    .with({ kind: 'finite-function' }, (meaning) => tableStep(meaning, placed))
    .with({ kind: 'gaussian' }, (meaning) => gaussianStep(meaning, placed))
    .with({ kind: 'function' }, (meaning) => functionStep(meaning, placed))
    .exhaustive()

/** Inverts the distribution function of the row that the inputs name. */
const kernelStep = ({ rows, cumulative }: KernelBox, placed: Placed): Step => {
  const { seed, place, reads, writes, scratch } = placed
  const width = sizeOfObject(rows.codomain)
  return (first, length) => {
    encode(reads, rows.domain, scratch.rows, length)
    for (let i = 0; i < length; i++)
      scratch.outcomes[i] = invert(cumulative, scratch.rows[i]! * width, width, uniformAt(seed, place, first + i, 0))
    decode(scratch.outcomes, rows.codomain, writes, length)
  }
}

/** The first column of a row whose running sum is above the number. */
export const invert = (cumulative: Float64Array, start: number, width: number, level: number): number => {
  let low = 0
  // A few comparisons in order are faster than the jumps of bisection.
  if (width > 8)
    for (let high = width - 1; high - low > 4;) {
      const middle = (low + high) >> 1
      if (cumulative[start + middle]! > level) high = middle
      else low = middle + 1
    }
  while (cumulative[start + low]! <= level) low++
  return low
}

/** The number of the row that the elements of the inputs name together. */
export const encode = (reads: readonly SampleColumn[], sizes: FiniteObject, rows: Int32Array, length: number): void => {
  rows.fill(0, 0, length)
  reads.forEach((column, port) => {
    if (column.kind !== 'finite') return
    const size = sizes[port]!
    for (let i = 0; i < length; i++) rows[i] = rows[i]! * size + column.elements[i]!
  })
}

/** The elements of the outputs from the number that they have together, which is used up. */
export const decode = (
  outcomes: Int32Array,
  sizes: FiniteObject,
  writes: readonly SampleColumn[],
  length: number,
): void => {
  for (let port = sizes.length - 1; port >= 0; port--) {
    const column = writes[port]!
    if (column.kind !== 'finite') continue
    const size = sizes[port]!
    for (let i = 0; i < length; i++) {
      const rest = port === 0 ? 0 : Math.trunc(outcomes[i]! / size)
      column.elements[i] = outcomes[i]! - rest * size
      outcomes[i] = rest
    }
  }
}

const tableStep = ({ domain, values }: TableBox, { reads, writes, scratch }: Placed): Step => {
  const width = writes.length
  return (_, length) => {
    encode(reads, domain, scratch.rows, length)
    writes.forEach((column, port) => {
      if (column.kind !== 'finite') return
      for (let i = 0; i < length; i++) column.elements[i] = values[scratch.rows[i]! * width + port]!
    })
  }
}

/** y = M x + s + F z, where z is standard normal and F F^T the covariance. */
const gaussianStep = (meaning: GaussianBox, { seed, place, reads, writes }: Placed): Step => {
  const { factor } = meaning
  const mean = new Float64Array(factor.rows)
  const noise = new Float64Array(factor.columns)
  const meanAt = affine(meaning.map, reads)
  return (first, length) => {
    for (let i = 0; i < length; i++) {
      meanAt(i, mean)
      normalsAt(seed, place, first + i, noise)
      addProduct(mean, factor.entries, noise)
      scatter(mean, writes, i)
    }
  }
}

/** Writes M x + s over an array, x being the vectors that the inputs hold in a draw. */
export const affine = (
  { matrix, shift }: Pick<GaussianMap, 'matrix' | 'shift'>,
  reads: readonly SampleColumn[],
): ((draw: number, target: Float64Array) => void) => {
  const x = new Float64Array(reads.reduce((sum, column) => sum + (column.kind === 'real' ? column.dimension : 0), 0))
  return (draw, target) => {
    let at = 0
    for (const column of reads) {
      if (column.kind !== 'real') continue
      const from = draw * column.dimension
      for (let k = 0; k < column.dimension; k++) x[at++] = column.entries[from + k]!
    }
    target.set(shift)
    addProduct(target, matrix, x)
  }
}

/** target += M x, the rows of M one after another. */
export const addProduct = (target: Float64Array, entries: Float64Array, x: Float64Array): void => {
  for (let i = 0; i < target.length; i++) {
    let sum = 0
    for (let j = 0; j < x.length; j++) sum += entries[i * x.length + j]! * x[j]!
    target[i]! += sum
  }
}

/** Hands the coordinates of a vector to the outputs, one after another. */
export const scatter = (y: Float64Array, writes: readonly SampleColumn[], draw: number): void => {
  let at = 0
  for (const column of writes) {
    if (column.kind !== 'real') continue
    const to = draw * column.dimension
    for (let k = 0; k < column.dimension; k++) column.entries[to + k] = y[at++]!
  }
}

const functionStep = (meaning: SampledFunction, { box, seed, place, reads, writes }: Placed): Step => {
  const randomness = addressedRandomness(seed, place)
  const given: Randomness = box.deterministic ? noRandomness(meaning.name) : randomness
  return (first, length) => {
    for (let i = 0; i < length; i++) {
      randomness.goTo(first + i)
      const values = meaning.sample(valuesAt({ columns: reads }, i), given)
      requireValues(meaning.name, box.outputs, values)
      for (let port = 0; port < writes.length; port++) writeValue(writes[port]!, i, values[port]!)
    }
  }
}

const noRandomness = (name: string): Randomness => {
  const refuse = (): never => {
    throw new Error(`Sampler: function '${name}' is declared deterministic, and asks for a random number`)
  }
  return { uniform: refuse, normal: refuse }
}

/** A function that gives what its box has no wires for is an error of its author. */
const requireValues = (name: string, wires: Wires, values: readonly SampleValue[]): void => {
  if (values.length !== wires.length)
    throw new Error(`Sampler: function '${name}' gave ${values.length} values for ${wires.length} outputs`)
  wires.forEach((wire, port) => {
    const reason = misfit(wire, values[port])
    if (reason !== undefined) throw new Error(`Sampler: function '${name}', output ${port}: ${reason.join('; ')}`)
  })
}
