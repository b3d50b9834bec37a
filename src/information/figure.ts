/**
 * A figure: a number that is shown to someone, with what kind of statement it is.
 *
 * The three kinds are never mixed up. An identity says by how much it fails to hold; a bound says what it is held against; a
 * measurement says what chance, and a model that has learnt nothing, would give.
 */

export type Unit = 'nats' | 'bits' | '1' | 'count'

/** A number that an exact equation fixes; `residual` is the difference of the equation's two sides as computed. */
export interface IdentityFigure {
  readonly kind: 'identity'
  readonly value: number
  readonly unit: Unit
  /** The equation, in words or symbols. */
  readonly statement: string
  readonly residual: number
  readonly tolerance: number
  readonly holds: boolean
}

/** A number that an inequality limits. */
export interface BoundFigure {
  readonly kind: 'bound'
  readonly value: number
  readonly unit: Unit
  readonly statement: string
  readonly relation: 'at most' | 'at least'
  readonly limit: number
  readonly holds: boolean
}

/** What chance gives: the mean of draws and the interval that holds 95 in 100 of them. */
export interface NullBand {
  readonly mean: number
  readonly lower: number
  readonly upper: number
  readonly draws: number
}

/** A number that was seen and that nothing fixes, beside what chance and the baselines give. */
export interface MeasurementFigure {
  readonly kind: 'measurement'
  readonly value: number
  readonly unit: Unit
  readonly statement: string
  readonly null: NullBand
  readonly baselines: Readonly<Record<string, number>>
}

/** An interval that holds what is estimated in 95 of 100 samples. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** A number that was estimated from a sample, with its interval where there is one, beside baselines: a measurement too. */
export interface EstimateFigure {
  readonly kind: 'measurement'
  readonly value: number
  readonly unit: Unit
  readonly statement: string
  readonly interval: Interval | undefined
  readonly baselines: Readonly<Record<string, number>>
}

export type Figure = IdentityFigure | BoundFigure | MeasurementFigure

/** How far the two sides of an identity may differ in float64: 1e-10 of their size, at least of one. */
export const identityTolerance = 1e-10
/** The same where one side was computed in float32 kernels. */
export const kernelTolerance = 1e-5

/**
 * An identity with its two sides; the left one is shown.
 *
 * @example
 * identity('1/2 = 2/4', 0.5, 0.5, 'nats').holds // => true
 */
export const identity = (
  statement: string,
  value: number,
  other: number,
  unit: Unit,
  tolerance: number = identityTolerance,
): IdentityFigure => {
  const residual = value - other
  // Against an infinite side every difference would be within a tolerance that is relative.
  const holds =
    Number.isFinite(residual) && Math.abs(residual) <= tolerance * Math.max(1, Math.abs(value), Math.abs(other))
  return { kind: 'identity', value, unit, statement, residual, tolerance, holds }
}

/** A number with what limits it; rounding may carry it over the limit by 1e-12 of its size, at least of one. */
export const bound = (
  statement: string,
  value: number,
  relation: 'at most' | 'at least',
  limit: number,
  unit: Unit,
): BoundFigure => {
  const [less, more] = relation === 'at most' ? [value, limit] : [limit, value]
  return {
    kind: 'bound',
    value,
    unit,
    statement,
    relation,
    limit,
    holds: less <= more || (Number.isFinite(limit) && less - more <= 1e-12 * Math.max(1, Math.abs(limit))),
  }
}

/** A measured number beside its null band and its baselines. */
export const measurement = (
  statement: string,
  value: number,
  nullBand: NullBand,
  baselines: Readonly<Record<string, number>>,
  unit: Unit = '1',
): MeasurementFigure => ({ kind: 'measurement', value, unit, statement, null: nullBand, baselines })

/** An estimated number beside its interval and its baselines. */
export const estimate = (
  statement: string,
  value: number,
  interval: Interval | undefined,
  baselines: Readonly<Record<string, number>>,
  unit: Unit,
): EstimateFigure => ({ kind: 'measurement', value, unit, statement, interval, baselines })
