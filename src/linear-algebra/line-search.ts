/**
 * A line search: how far to go along a direction in which a function falls, so that quasi-Newton methods converge.
 */

/** A function along a line: its value and its slope at a step. */
export interface LinePoint {
  readonly step: number
  readonly value: number
  readonly slope: number
}

export interface WolfeConstants {
  /** c1: the value falls by at least this part of what the first slope promises; 1e-4 where it is not given. */
  readonly decrease?: number
  /** c2: the slope is at most this part of the first slope in absolute value; 0.9 where it is not given. */
  readonly curvature?: number
}

/** Values this close, as a part of their size, cannot be told apart: then slopes decide. */
const indistinct = 1e-13
const mostTrials = 60

/**
 * A step that satisfies the strong Wolfe conditions
 *
 *     phi(t) <= phi(0) + c1 t phi'(0)        |phi'(t)| <= c2 |phi'(0)|
 *
 * or undefined where sixty evaluations find none. Close to a minimum the first cannot be seen in float64: values that differ by
 * rounding alone count as a decrease where the slope says so, phi'(t) <= (2 c1 - 1) phi'(0). A value that is not finite is a step too
 * far. The first slope must be negative, else it throws.
 *
 * Source: J. Nocedal and S. Wright, "Numerical Optimization" (2006), algorithms 3.5 and 3.6; W. Hager and H. Zhang, "A new conjugate
 * gradient method with guaranteed descent and an efficient line search" (2005), for the approximate condition.
 *
 * @example
 * const parabola = (t) => ({ step: t, value: (t - 3) ** 2, slope: 2 * (t - 3) })
 * wolfeStep(parabola, parabola(0), 1, { curvature: 0.1 }).step // => 3
 */
export const wolfeStep = (
  along: (step: number) => LinePoint,
  start: LinePoint,
  firstStep: number,
  { decrease = 1e-4, curvature = 0.9 }: WolfeConstants = {},
): LinePoint | undefined => {
  if (!(start.slope < 0)) throw new Error(`wolfeStep: the function does not fall, its slope is ${start.slope}`)
  const rounding = indistinct * Math.abs(start.value)
  const hasFallen = ({ step, value, slope }: LinePoint): boolean =>
    value <= start.value + decrease * step * start.slope ||
    (Math.abs(value - start.value) <= rounding && slope <= (2 * decrease - 1) * start.slope)
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -curvature * start.slope
  const isSeen = ({ value, slope }: LinePoint): boolean => Number.isFinite(value) && Number.isFinite(slope)

  // `low` has fallen; a minimum lies between it and `high`.
  let low = start
  let high: LinePoint | undefined
  let step = firstStep
  for (let trial = 0; trial < mostTrials; trial++) {
    const point = along(step)
    if (!isSeen(point) || !hasFallen(point) || point.value > low.value + rounding) high = point
    else {
      if (isFlat(point)) return point
      const isAhead = high === undefined || high.step > point.step
      // The slope points from the point to the minimum.
      if (point.slope > 0 === isAhead) high = low
      low = point
    }
    if (high !== undefined && Math.abs(high.step - low.step) <= Number.EPSILON * Math.abs(low.step)) return undefined
    step =
      high === undefined
        ? extrapolated(start, low)
        : isSeen(high)
          ? interpolated(low, high)
          : low.step + (high.step - low.step) / 10
  }
  return undefined
}

/** Twice as far, or to where the slopes of the two points would meet zero, at most ten times as far. */
const extrapolated = (start: LinePoint, low: LinePoint): number => {
  const secant = (low.step * start.slope) / (start.slope - low.slope)
  return Math.min(10 * low.step, Math.max(2 * low.step, Number.isFinite(secant) ? secant : 0))
}

/** The minimum of the cubic through both points, at least a tenth of the way from either end; the middle where there is none. */
const interpolated = (low: LinePoint, high: LinePoint): number => {
  const width = high.step - low.step
  const theta = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const root = Math.sqrt(theta * theta - low.slope * high.slope)
  const part =
    1 - (high.slope + Math.sign(width) * root - theta) / (high.slope - low.slope + 2 * Math.sign(width) * root)
  return low.step + width * (Number.isFinite(part) ? Math.min(0.9, Math.max(0.1, part)) : 0.5)
}
