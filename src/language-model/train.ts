/**
 * Training: Adam on the exact population loss, every context at every step, with checkpoints.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { DataKernel } from './data-kernel.js'
import { gradientWorkspace, runGradient } from './gradient.js'
import { copyParameters, initialise } from './initialise.js'
import type { ModelParameters, ModelShape } from './model.js'

/** How a model is trained. */
export interface TrainingOptions {
  readonly steps: number
  /** A 32-bit integer; it determines the result bit for bit. */
  readonly seed: number
  /** How many checkpoints to keep, the first and the last step among them; fewer where there are fewer steps. */
  readonly checkpoints: number
  /** Adam's step size until half of the steps are done; from there it falls to zero along a cosine. */
  readonly learningRate?: number
  /** Called a few times a second, between steps. */
  readonly onProgress?: (progress: TrainingProgress) => void
}

export interface TrainingProgress {
  readonly step: number
  readonly steps: number
  /** The population NLL (nats) before the step. */
  readonly nll: number
}

/** The parameters after a number of steps, and their population NLL in nats. */
export interface Checkpoint {
  readonly step: number
  readonly nll: number
  readonly parameters: ModelParameters
}

export const defaultLearningRate = 3e-3
const [decayOfMean, decayOfSquare, epsilon] = [0.9, 0.999, 1e-8]
const mostSteps = 10_000_000
/** How long the event loop waits at most for its turn, in milliseconds, where one step is not longer. */
const turn = 40

/**
 * The steps at which checkpoints are kept: 0, the last one, and between them the logarithms are spaced evenly.
 *
 * @example
 * checkpointSteps(1000, 5) // => [0, 1, 10, 100, 1000]
 */
export const checkpointSteps = (steps: number, count: number): readonly number[] => {
  if (steps === 0) return [0]
  const between = Array.from({ length: Math.max(0, count - 2) }, (_, index) =>
    Math.round(Math.exp((Math.log(steps) * index) / Math.max(1, count - 2))),
  )
  return [...new Set([0, ...between, steps])]
}

const rateAt = (step: number, steps: number, rate: number): number => {
  const done = step / steps
  return done < 0.5 ? rate : (rate * (1 + Math.cos(Math.PI * (2 * done - 1)))) / 2
}

/** One Adam step, in place. Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015). */
const descend = (
  values: Float64Array,
  gradient: Float64Array,
  mean: Float64Array,
  square: Float64Array,
  step: number,
  rate: number,
): void => {
  const scale = rate / (1 - decayOfMean ** step)
  const correction = 1 / (1 - decayOfSquare ** step)
  for (let index = 0; index < values.length; index++) {
    const slope = gradient[index]!
    mean[index] = decayOfMean * mean[index]! + (1 - decayOfMean) * slope
    square[index] = decayOfSquare * square[index]! + (1 - decayOfSquare) * slope * slope
    values[index]! -= (scale * mean[index]!) / (Math.sqrt(square[index]! * correction) + epsilon)
  }
}

/** Every step of a training run: its number and the NLL before it; and the checkpoints where one is due. */
function* trainingSteps(
  kernel: DataKernel,
  shape: ModelShape,
  { steps, seed, checkpoints, learningRate = defaultLearningRate }: TrainingOptions,
): Generator<{ readonly step: number; readonly nll: number }, readonly Checkpoint[]> {
  const due = new Set(checkpointSteps(steps, checkpoints))
  const kept: Checkpoint[] = []
  const workspace = gradientWorkspace(kernel, shape)
  const { flat, parameters } = copyParameters(shape, initialise(shape, seed))
  const [mean, square] = [new Float64Array(flat.length), new Float64Array(flat.length)]
  for (let step = 0; ; step++) {
    const nll = runGradient(kernel, shape, parameters, workspace)
    if (due.has(step)) kept.push({ step, nll, parameters: copyParameters(shape, parameters).parameters })
    yield { step, nll }
    if (step === steps) return kept
    descend(flat, workspace.gradient.flat, mean, square, step + 1, rateAt(step, steps, learningRate))
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

const checkedOptions = ({
  steps,
  checkpoints,
  seed,
  learningRate = defaultLearningRate,
}: TrainingOptions): Problem | undefined => {
  if (!(Number.isInteger(steps) && steps >= 0 && steps <= mostSteps))
    return problem(
      'out-of-range',
      'steps',
      `${steps} is too few or too many`,
      `give a whole number from 0 to ${mostSteps}`,
    )
  if (!(Number.isInteger(checkpoints) && checkpoints >= 2))
    return problem('out-of-range', 'checkpoints', `${checkpoints} are too few`, 'give a whole number of at least 2')
  if ((seed | 0) !== seed)
    return problem('out-of-range', 'seed', `${seed} is no 32-bit integer`, `give a whole number up to ${2 ** 31 - 1}`)
  return learningRate > 0 && Number.isFinite(learningRate)
    ? undefined
    : problem('out-of-range', 'learning rate', `${learningRate} is no step size`, 'give a positive number')
}

/**
 * The checkpoints of a model trained on a kernel, in the order of their steps; the first is untrained.
 *
 * The event loop gets its turn every few hundredths of a second. Errors: steps, checkpoints, seed or learning rate out of range.
 */
export const train = async (
  kernel: DataKernel,
  shape: ModelShape,
  options: TrainingOptions,
): Promise<Either<Problem, readonly Checkpoint[]>> => {
  const wrong = checkedOptions(options)
  if (wrong !== undefined) return left(wrong)
  const run = trainingSteps(kernel, shape, options)
  let last = performance.now()
  for (;;) {
    const result = run.next()
    if (result.done === true) return right(result.value)
    if (performance.now() - last < turn && result.value.step < options.steps) continue
    options.onProgress?.({ ...result.value, steps: options.steps })
    await nextTurn()
    last = performance.now()
  }
}
