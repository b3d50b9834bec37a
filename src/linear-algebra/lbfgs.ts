/**
 * L-BFGS: minimisation of a smooth function of many variables from values and gradients. Deterministic: no random numbers anywhere.
 *
 * Source: J. Nocedal and S. Wright, "Numerical Optimization" (2006), algorithms 7.4 and 7.5, with a line search for the strong Wolfe
 * conditions.
 */
import { type LinePoint, wolfeStep, type WolfeConstants } from './line-search.js'

/** The value of a function at a point; its gradient is written over the second argument. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

export interface MinimiseOptions {
  /** It stops where the Euclidean norm of the gradient is at most this; 1e-10 where it is not given. */
  readonly gradientTolerance?: number
  /** 1000 where it is not given. */
  readonly mostIterations?: number
  /** How many steps are remembered as curvature; 20 where it is not given. */
  readonly memory?: number
  readonly wolfe?: WolfeConstants
}

export interface Minimum {
  readonly point: Float64Array
  readonly value: number
  /** The Euclidean norm of the gradient at the point. */
  readonly gradientNorm: number
  readonly iterations: number
  /** How often the function was evaluated. */
  readonly evaluations: number
  /** Why it stopped: the gradient is as small as wanted; the iterations are used up; steps make no difference in float64. */
  readonly outcome: 'converged' | 'iterations' | 'no-step'
}

/** So many steps in a row that lower neither the value nor the gradient by more than rounding are the end. */
const mostIdleSteps = 30

/** A step and the change of the gradient along it, with 1 / <step, change>. */
interface Curvature {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly inverse: number
}

/**
 * A local minimum of a function from a start, the global one where the function is convex and has one.
 *
 * An infimum that is not attained is approached until the gradient is small. The start is not changed. A value or gradient at the
 * start that is not finite throws.
 *
 * @example
 * const bowl = ([x, y], gradient) => {
 *   gradient.set([2 * (x - 1), 20 * (y + 2)])
 *   return (x - 1) ** 2 + 10 * (y + 2) ** 2
 * }
 * const { point, outcome } = minimise(bowl, Float64Array.of(0, 0))
 * Array.from(point, (x) => Math.round(x * 1e8) / 1e8) // => [1, -2]
 * outcome // => 'converged'
 */
export const minimise = (
  objective: Objective,
  start: Float64Array,
  { gradientTolerance = 1e-10, mostIterations = 1000, memory = 20, wolfe = {} }: MinimiseOptions = {},
): Minimum => {
  let point = start.slice()
  let gradient = new Float64Array(start.length)
  let value = objective(point, gradient)
  if (!Number.isFinite(value) || !Number.isFinite(norm(gradient)))
    throw new Error(`minimise: the value at the start is ${value}, the norm of its gradient ${norm(gradient)}`)
  let evaluations = 1
  let remembered: readonly Curvature[] = []
  let [idle, leastNorm, leastValue] = [0, Infinity, value]
  const finished = (iterations: number, outcome: Minimum['outcome']): Minimum => ({
    point,
    value,
    gradientNorm: norm(gradient),
    iterations,
    evaluations,
    outcome,
  })

  for (let iteration = 0; ; iteration++) {
    const size = norm(gradient)
    if (size <= gradientTolerance) return finished(iteration, 'converged')
    if (iteration === mostIterations) return finished(iteration, 'iterations')
    if (size < 0.99 * leastNorm) [idle, leastNorm] = [0, size]
    if (idle++ === mostIdleSteps) return finished(iteration, 'no-step')
    const direction = descentDirection(gradient, remembered)
    const slope = dot(gradient, direction)
    if (!(slope < 0)) {
      // Rounding has spoilt the curvature; the gradient itself always falls, unless it is as small as a double can be.
      if (remembered.length === 0) return finished(iteration, 'no-step')
      remembered = []
      continue
    }
    let trial = { point, gradient }
    const along = (step: number): LinePoint => {
      trial = { point: point.map((x, i) => x + step * direction[i]!), gradient: new Float64Array(point.length) }
      evaluations++
      const there = objective(trial.point, trial.gradient)
      return { step, value: there, slope: dot(trial.gradient, direction) }
    }
    const first = remembered.length === 0 ? Math.min(1, 1 / size) : 1
    const reached = wolfeStep(along, { step: 0, value, slope }, first, wolfe)
    if (reached === undefined) {
      if (remembered.length === 0) return finished(iteration, 'no-step')
      remembered = []
      continue
    }
    // The step that is returned is the last that was tried.
    const step = difference(trial.point, point)
    const change = difference(trial.gradient, gradient)
    const product = dot(step, change)
    if (product > Number.EPSILON * norm(step) * norm(change))
      remembered = [...remembered.slice(-(memory - 1)), { step, change, inverse: 1 / product }]
    if (reached.value < leastValue - 1e-13 * Math.abs(leastValue)) [idle, leastValue] = [0, reached.value]
    point = trial.point
    gradient = trial.gradient
    value = reached.value
  }
}

/** Minus the gradient times the inverse Hessian that the remembered steps suggest: the two-loop recursion. */
const descentDirection = (gradient: Float64Array, remembered: readonly Curvature[]): Float64Array => {
  const direction = gradient.map((x) => -x)
  const parts = new Float64Array(remembered.length)
  for (let k = remembered.length - 1; k >= 0; k--) {
    const { step, change, inverse } = remembered[k]!
    parts[k] = inverse * dot(step, direction)
    addScaled(direction, change, -parts[k]!)
  }
  const latest = remembered[remembered.length - 1]
  if (latest !== undefined) {
    const scale = 1 / (latest.inverse * dot(latest.change, latest.change))
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale
  }
  remembered.forEach(({ step, change, inverse }, k) => {
    addScaled(direction, step, parts[k]! - inverse * dot(change, direction))
  })
  return direction
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Without overflow or underflow of the squares. */
const norm = (a: Float64Array): number => {
  let largest = 0
  for (const x of a) if (!(Math.abs(x) <= largest)) largest = Math.abs(x)
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  for (const x of a) sum += (x / largest) ** 2
  return largest * Math.sqrt(sum)
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x - b[i]!)

const addScaled = (target: Float64Array, a: Float64Array, factor: number): void => {
  for (let i = 0; i < target.length; i++) target[i]! += factor * a[i]!
}
