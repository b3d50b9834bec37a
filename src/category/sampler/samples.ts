/**
 * Draws in columns: one typed array for each wire, all draws one after another.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { cardinality, showWire, type Wire, type Wires } from '../../../dsl/object.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import { addressCount } from './addressed-randomness.js'
import { isElement } from '../finite-element.js'
import { wireProblem } from './check-meaning.js'
import type { SampleValue } from './meaning.js'

/** The draws of a finite wire: the number of the element. */
export interface FiniteColumn {
  readonly kind: 'finite'
  readonly elements: Int32Array
}
/** The draws of a real wire: vector after vector. */
export interface RealColumn {
  readonly kind: 'real'
  readonly dimension: number
  readonly entries: Float64Array
}
export type SampleColumn = FiniteColumn | RealColumn

/** A value as a user gives it: an element of a finite set by number, or by name where the wire has names. */
export type GivenValue = SampleValue | string

/** Draws of some wires together. */
export interface Samples {
  readonly wires: Wires
  readonly count: number
  /** One for each wire. */
  readonly columns: readonly SampleColumn[]
}

export interface SampleOptions {
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number
  /** How many draws. */
  readonly count: number
  /** The number of the first draw, 0 unless told: draws 100 .. 199 are the same whether or not those before them are made. */
  readonly first?: number
}

/** What is drawn in one draw: a value for each wire. */
export const valuesAt = ({ columns }: Pick<Samples, 'columns'>, draw: number): readonly SampleValue[] =>
  columns.map((column) =>
    column.kind === 'finite'
      ? column.elements[draw]!
      : [...column.entries.subarray(draw * column.dimension, (draw + 1) * column.dimension)],
  )

/**
 * Whether two batches are the same draws, to the last bit: what equal morphisms give for equal seeds.
 *
 * @example
 * const Coin = finite('Coin', 2)
 * const flip = toUnion(Sampler.read([[0.5, 0.5]], [], [Coin], 'flip'))
 * const draw = (f: SamplerMorphism) => toUnion(sample(f, [], { seed: 1, count: 100 }))
 * sameSamples(draw(Sampler.seq(flip, Sampler.id([Coin]))), draw(flip)) // => true
 */
export const sameSamples = (a: Samples, b: Samples): boolean =>
  a.count === b.count &&
  a.columns.length === b.columns.length &&
  a.columns.every((column, index) => {
    const other = b.columns[index]!
    if (column.kind === 'finite') return other.kind === 'finite' && sameNumbers(column.elements, other.elements)
    return other.kind === 'real' && sameNumbers(column.entries, other.entries)
  })

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false
  return true
}

/** Zeros for so many draws of a wire. */
export const emptyColumn = (wire: Wire, count: number): SampleColumn =>
  wire.kind === 'real'
    ? { kind: 'real', dimension: wire.dimension, entries: new Float64Array(wire.dimension * count) }
    : { kind: 'finite', elements: new Int32Array(count) }

/** Writes the draws of one column over those of another of the same wire, from a draw on. */
export const writeColumn = (target: SampleColumn, start: number, source: SampleColumn, length: number): void => {
  if (target.kind === 'finite' && source.kind === 'finite')
    target.elements.set(source.elements.subarray(0, length), start)
  else if (target.kind === 'real' && source.kind === 'real')
    target.entries.set(source.entries.subarray(0, length * source.dimension), start * target.dimension)
}

/** Writes one value into a column. */
export const writeValue = (target: SampleColumn, draw: number, value: SampleValue): void => {
  if (target.kind === 'finite' && typeof value === 'number') target.elements[draw] = value
  else if (target.kind === 'real' && typeof value !== 'number') target.entries.set(value, draw * target.dimension)
}

/** What keeps a value from being one of a wire, if anything does: what is wrong, and what would be right. */
export const misfit = (wire: Wire, value: GivenValue | undefined): readonly [string, string] | undefined => {
  if (wire.kind === 'real') {
    const remedy = `give ${wire.dimension} finite numbers`
    if (typeof value !== 'object') return [`${value} is no vector of ${showWire(wire)}`, remedy]
    return value.length === wire.dimension && value.every(Number.isFinite)
      ? undefined
      : [`[${value.join(', ')}] is no vector of ${showWire(wire)}`, remedy]
  }
  const size = cardinality(wire)!
  if (typeof value === 'number' && isElement(value, size)) return undefined
  const named = wire.kind === 'finite' && typeof wire.elements !== 'number' ? wire.elements : []
  const names = named.length === 0 ? '' : `, or one of ${named.slice(0, 12).join(', ')}`
  return [`${String(value)} is no element of ${showWire(wire)}`, `give a whole number from 0 to ${size - 1}${names}`]
}

/** A value that a user gives for a wire; `where` names the place. */
export const readValue = (wire: Wire, given: GivenValue | undefined, where: string): Either<Problem, SampleValue> => {
  const unfit = wireProblem(wire)
  if (unfit !== undefined) return left(unfit)
  if (typeof given === 'string' && wire.kind === 'finite' && typeof wire.elements !== 'number') {
    const element = wire.elements.indexOf(given)
    if (element !== -1) return right(element)
  }
  const reason = misfit(wire, given)
  return reason === undefined && given !== undefined && typeof given !== 'string'
    ? right(given)
    : left(problem('invalid-value', where, ...(reason ?? ['there is no value', 'give one'])))
}

/** The values of the inputs of a morphism. */
export const readInputs = (wires: Wires, given: readonly GivenValue[]): Either<Problem, readonly SampleValue[]> => {
  if (given.length !== wires.length)
    return left(
      problem(
        'invalid-value',
        'inputs',
        `there are ${given.length} values`,
        `give one for each of the ${wires.length} inputs`,
      ),
    )
  const values: SampleValue[] = []
  for (let k = 0; k < wires.length; k++) {
    const value = readValue(wires[k]!, given[k], `input ${k}`)
    if (isLeft(value)) return value
    values.push(value.right)
  }
  return right(values)
}

/** The options if they name addresses of random numbers. */
export const checkOptions = (options: SampleOptions): Either<Problem, Required<SampleOptions>> => {
  const { seed, count, first = 0 } = options
  const refused = (where: string, value: number): Either<Problem, never> =>
    left(problem('out-of-range', where, `${value} does not do`, `give a whole number from 0 to ${addressCount - 1}`))
  const isAddress = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < addressCount
  if (!isAddress(seed)) return refused('seed', seed)
  if (!isAddress(count)) return refused('count', count)
  if (!isAddress(first)) return refused('first draw', first)
  if (first + count > addressCount) return refused('last draw', first + count - 1)
  return right({ seed, count, first })
}
