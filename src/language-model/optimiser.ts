/**
 * Adam with warm-up, cosine decay, clipping of the gradient's norm and decoupled weight decay.
 *
 * Sources: D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization" (2015); I. Loshchilov and F. Hutter, "Decoupled Weight
 * Decay Regularization" (2019), whose decay is no ridge: what holds at the optimum of a ridge does not hold here.
 */
import type { ParameterMatrix } from './parameter-layout.js'

export interface OptimiserSettings {
  /** The steps of the whole schedule. */
  readonly steps: number
  /** Adam's step size between warm-up and decay. */
  readonly learningRate: number
  /** Over so many steps the step size rises in a line from zero. */
  readonly warmUp: number
  /** From this share of the steps on, 0 to 1, the step size falls to zero along a cosine. */
  readonly decayFrom: number
  /** A gradient of a larger norm is shortened to it; undefined: never. */
  readonly largestNorm: number | undefined
  /** Each step shortens the weights by this share of the step size; biases and gains stay. */
  readonly weightDecay: number
}

export const defaultLearningRate = 3e-3

/** A constant step size for half of the steps, then a cosine; nothing else. */
export const defaultOptimiser: Omit<OptimiserSettings, 'steps'> = {
  learningRate: defaultLearningRate,
  warmUp: 0,
  decayFrom: 0.5,
  largestNorm: undefined,
  weightDecay: 0,
}

const [decayOfMean, decayOfSquare, epsilon] = [0.9, 0.999, 1e-8]

/**
 * The step size before step `step`, which counts from 0.
 *
 * @example
 * const schedule = { ...defaultOptimiser, learningRate: 1, warmUp: 4, steps: 12 }
 * const steps = [0, 1, 4, 6, 9, 12]
 * steps.map((step) => Math.round(rateAt(schedule, step) * 1000) / 1000) // => [0.25, 0.5, 1, 1, 0.5, 0]
 */
export const rateAt = ({ steps, learningRate, warmUp, decayFrom }: OptimiserSettings, step: number): number => {
  const done = step / steps
  const rate = step < warmUp ? (learningRate * (step + 1)) / warmUp : learningRate
  return done < decayFrom || decayFrom >= 1
    ? rate
    : (rate * (1 + Math.cos((Math.PI * (done - decayFrom)) / (1 - decayFrom)))) / 2
}

/** The state of a descent: what one step changes. */
export interface Descent {
  readonly parameters: Float64Array
  /** Running means of the gradient and of its squares. */
  readonly mean: Float64Array
  readonly square: Float64Array
}

/** A descent that has arrays of its own. */
export const copyDescent = ({ parameters, mean, square }: Descent): Descent => ({
  parameters: parameters.slice(),
  mean: mean.slice(),
  square: square.slice(),
})

/** Shortens a gradient to a norm, in place, where it is longer. */
const clip = (gradient: Float64Array, largestNorm: number): void => {
  let squares = 0
  for (const slope of gradient) squares += slope * slope
  const norm = Math.sqrt(squares)
  if (norm > largestNorm) for (let index = 0; index < gradient.length; index++) gradient[index]! *= largestNorm / norm
}

/** Step `step`, which counts from 0, in place; the gradient may be clipped in place. */
export const descend = (
  { parameters, mean, square }: Descent,
  gradient: Float64Array,
  settings: OptimiserSettings,
  step: number,
  layout: readonly ParameterMatrix[],
): void => {
  const { largestNorm, weightDecay } = settings
  if (largestNorm !== undefined) clip(gradient, largestNorm)
  const rate = rateAt(settings, step)
  if (weightDecay !== 0) decayWeights(parameters, layout, 1 - rate * weightDecay)
  const scale = rate / (1 - decayOfMean ** (step + 1))
  const correction = 1 / (1 - decayOfSquare ** (step + 1))
  for (let index = 0; index < parameters.length; index++) {
    const slope = gradient[index]!
    mean[index] = decayOfMean * mean[index]! + (1 - decayOfMean) * slope
    square[index] = decayOfSquare * square[index]! + (1 - decayOfSquare) * slope * slope
    parameters[index]! -= (scale * mean[index]!) / (Math.sqrt(square[index]! * correction) + epsilon)
  }
}

const decayWeights = (parameters: Float64Array, layout: readonly ParameterMatrix[], factor: number): void => {
  let end = 0
  for (const { rows, columns, kind } of layout) {
    const start = end
    end += rows * columns
    if (kind === 'weights') for (let index = start; index < end; index++) parameters[index]! *= factor
  }
}
