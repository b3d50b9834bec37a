/**
 * Training of a context MLP: Adam on the exact population loss, every context at every step, with checkpoints.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { DataKernel } from './data-kernel.js'
import { parametersOver } from './initialise.js'
import type { Architecture, ModelParameters, ModelShape } from './model.js'
import type { TrainingData } from './objective.js'
import { defaultLearningRate } from './optimiser.js'
import { beginTraining, continueTraining, type TrainingProgress } from './training-run.js'

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

/** The parameters after a number of steps, and their population NLL in nats. */
export interface Checkpoint {
  readonly step: number
  readonly nll: number
  readonly parameters: ModelParameters
}

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

/** The parameters of any architecture after a number of steps, flat, and the NLL in nats: of the law, or of the step's batch. */
export interface FlatCheckpoint {
  readonly step: number
  readonly nll: number
  readonly parameters: Float64Array
}

/**
 * The checkpoints of a model of any architecture, in the order of their steps; the first is untrained.
 *
 * `beginTraining` and `continueTraining` are the general form: a run that can stop and go on. The event loop gets its turn every few
 * hundredths of a second. Errors: steps, checkpoints, seed or learning rate out of range, data that do not fit the architecture.
 */
export const trainArchitecture = async (
  architecture: Architecture,
  data: TrainingData,
  { steps, seed, checkpoints, learningRate = defaultLearningRate, onProgress }: TrainingOptions,
): Promise<Either<Problem, readonly FlatCheckpoint[]>> => {
  const run = beginTraining(architecture, { steps, seed, learningRate })
  if (isLeft(run)) return run
  if (!(Number.isInteger(checkpoints) && checkpoints >= 2))
    return left(
      problem('out-of-range', 'checkpoints', `${checkpoints} are too few`, 'give a whole number of at least 2'),
    )
  const due = new Set(checkpointSteps(steps, checkpoints))
  const kept: FlatCheckpoint[] = []
  const trained = await continueTraining(run.right, data, {
    onStep: ({ step, nll, parameters }) => {
      if (due.has(step)) kept.push({ step, nll, parameters: parameters.slice() })
    },
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  return isLeft(trained) ? trained : right(kept)
}

/** The checkpoints of a context MLP trained on a kernel; otherwise as `trainArchitecture`. */
export const train = async (
  kernel: DataKernel,
  shape: ModelShape,
  options: TrainingOptions,
): Promise<Either<Problem, readonly Checkpoint[]>> => {
  const trained = await trainArchitecture({ ...shape, kind: 'mlp' }, { kind: 'law', kernel }, options)
  return isLeft(trained)
    ? trained
    : right(
        trained.right.map(({ step, nll, parameters }) => ({
          step,
          nll,
          parameters: parametersOver(shape, parameters).parameters,
        })),
      )
}
