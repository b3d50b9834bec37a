/**
 * Boxes whose outputs are observed, in part or all of them: they write what was observed, draw the rest given that, and account for
 * the likelihood.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'
import { match } from 'ts-pattern'

import type { Wires } from '../../../dsl/object.js'
import type { Problem } from '../../../dsl/problem.js'
import { cholesky, solveLower } from '../../linear-algebra/cholesky.js'
import { crossProduct, type Matrix, matrix, transpose } from '../../linear-algebra/matrix.js'
import { sizeOfObject } from '../finite-object.js'
import { normalsAt, uniformAt } from './addressed-randomness.js'
import { covarianceFactor, deviationsOf } from './covariance-factor.js'
import type { SampleValue } from './meaning.js'
import { meaningOf } from './morphism.js'
import {
  addProduct,
  affine,
  decode,
  encode,
  type GaussianBox,
  type KernelBox,
  type Placed,
  scatter,
  type Step,
  stepOf,
} from './step.js'

/** The observed value of each output of a box, undefined where nothing is observed. */
export type Clamp = readonly (SampleValue | undefined)[]

/**
 * A step that adds the logarithm of the likelihood of each draw of a block to an array; minus infinity where a draw contradicts what
 * was observed.
 */
export const clampedStepOf = (placed: Placed, clamp: Clamp, logWeights: Float64Array): Step =>
  match(meaningOf(placed.box))
    .with({ kind: 'finite-kernel' }, (meaning) => clampedKernel(meaning, placed, clamp, logWeights))
    .with({ kind: 'gaussian' }, (meaning) => clampedGaussian(meaning, placed, clamp, logWeights))
    .with({ kind: 'finite-function' }, { kind: 'function' }, () => comparedStep(placed, clamp, logWeights))
    .exhaustive()

/** Draws as ever, and compares. */
const comparedStep = (placed: Placed, clamp: Clamp, logWeights: Float64Array): Step => {
  const step = stepOf(placed)
  return (first, length) => {
    step(first, length)
    placed.writes.forEach((column, port) => {
      if (column.kind !== 'finite' || clamp[port] === undefined) return
      for (let i = 0; i < length; i++) if (column.elements[i] !== clamp[port]) logWeights[i] = -Infinity
    })
  }
}

/** The likelihood is the mass of the columns that agree with what was observed, and one of them is drawn. */
const clampedKernel = (
  { rows: { domain, codomain, entries } }: KernelBox,
  { seed, place, reads, writes, scratch }: Placed,
  clamp: Clamp,
  logWeights: Float64Array,
): Step => {
  const width = sizeOfObject(codomain)
  const agreeing = Int32Array.from({ length: width }, (_, column) => column).filter((column) =>
    agrees(column, codomain, clamp),
  )
  return (first, length) => {
    encode(reads, domain, scratch.rows, length)
    for (let i = 0; i < length; i++) {
      const start = scratch.rows[i]! * width
      let mass = 0
      for (const column of agreeing) mass += entries[start + column]!
      logWeights[i]! += Math.log(mass)
      let level = mass * uniformAt(seed, place, first + i, 0)
      // The last agreeing column that has mass takes what rounding leaves over.
      let outcome = agreeing[0]!
      for (const column of agreeing) {
        const entry = entries[start + column]!
        if (entry === 0) continue
        outcome = column
        if (level < entry) break
        level -= entry
      }
      scratch.outcomes[i] = outcome
    }
    decode(scratch.outcomes, codomain, writes, length)
  }
}

const agrees = (column: number, sizes: readonly number[], clamp: Clamp): boolean => {
  let rest = column
  for (let port = sizes.length - 1; port >= 0; port--) {
    const element = rest % sizes[port]!
    rest = Math.floor(rest / sizes[port]!)
    if (clamp[port] !== undefined && clamp[port] !== element) return false
  }
  return true
}

/**
 * With the observed coordinates y1 first and L L^T their covariance: z = L^-1 (y1 - mean1) has the density, and the other coordinates
 * are mean2 + (C21 L^-T) z plus noise of the covariance that is left.
 */
const clampedGaussian = (
  meaning: GaussianBox,
  { box, seed, place, reads, writes }: Placed,
  clamp: Clamp,
  logWeights: Float64Array,
): Step => {
  const split = splitGaussian(meaning, box.outputs, clamp)
  if (isLeft(split)) throw new Error(`importanceSample: ${split.left.what}`)
  const { observed, others, values, lower, slope, factor } = split.right
  let logVolume = (observed.length * Math.log(2 * Math.PI)) / 2
  for (let k = 0; k < observed.length; k++) logVolume += Math.log(lower.entries[k * observed.length + k]!)

  const y = new Float64Array(meaning.map.shift.length)
  const z = new Float64Array(observed.length)
  const rest = new Float64Array(others.length)
  const noise = new Float64Array(factor.columns)
  const meanAt = affine(meaning.map, reads)
  return (first, length) => {
    for (let i = 0; i < length; i++) {
      meanAt(i, y)
      let square = 0
      for (let k = 0; k < z.length; k++) {
        let sum = values[k]! - y[observed[k]!]!
        for (let j = 0; j < k; j++) sum -= lower.entries[k * z.length + j]! * z[j]!
        z[k] = sum / lower.entries[k * z.length + k]!
        square += z[k]! ** 2
      }
      logWeights[i]! -= square / 2 + logVolume
      others.forEach((coordinate, k) => (rest[k] = y[coordinate]!))
      addProduct(rest, slope.entries, z)
      normalsAt(seed, place, first + i, noise)
      addProduct(rest, factor.entries, noise)
      others.forEach((coordinate, k) => (y[coordinate] = rest[k]!))
      observed.forEach((coordinate, k) => (y[coordinate] = values[k]!))
      scatter(y, writes, i)
    }
  }
}

interface SplitGaussian {
  /** The coordinates that are observed, their values, and those that are not. */
  readonly observed: readonly number[]
  readonly values: readonly number[]
  readonly others: readonly number[]
  /** The Cholesky factor of the covariance of the observed ones. */
  readonly lower: Matrix
  /** C21 L^-T. */
  readonly slope: Matrix
  /** A factor of the covariance that the others have given the observed ones. */
  readonly factor: Matrix
}

/** The parts of a Gaussian that is observed in part; a problem where the observed part has no density. */
export const splitGaussian = (
  { map: { covariance, shift } }: GaussianBox,
  outputs: Wires,
  clamp: Clamp,
): Either<Problem, SplitGaussian> => {
  const observed: number[] = []
  const others: number[] = []
  const values: number[] = []
  let coordinate = 0
  outputs.forEach((wire, port) => {
    const value = clamp[port]
    const dimension = wire.kind === 'real' ? wire.dimension : 0
    for (let k = 0; k < dimension; k++, coordinate++) {
      if (value === undefined || typeof value === 'number') others.push(coordinate)
      else {
        observed.push(coordinate)
        values.push(value[k]!)
      }
    }
  })
  const block = (rows: readonly number[], columns: readonly number[]): Matrix =>
    matrix(
      rows.length,
      columns.length,
      rows.flatMap((i) => columns.map((j) => covariance[i * shift.length + j]!)),
    )
  const lower = cholesky(block(observed, observed))
  if (isLeft(lower)) return lower
  const whitened = solveLower(lower.right, block(observed, others))
  const explained = crossProduct(whitened, whitened)
  const whole = block(others, others)
  const remaining = whole.entries.map((entry, index) => entry - explained.entries[index]!)
  // Rounding is of the size of the variances before the observation, so that what remains is held against those.
  const factor = covarianceFactor(matrix(others.length, others.length, remaining), deviationsOf(whole))
  return right({ observed, others, values, lower: lower.right, slope: transpose(whitened), factor })
}
