/**
 * A training of any architecture that can stop after any step and go on from there, bit for bit as if it had not stopped.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import type { BackendName } from '../compile/backend.js'
import { checkedArchitecture, initialParameters } from './architecture.js'
import { type KernelProducts, kernelProducts } from './kernel-products.js'
import type { Architecture } from './model.js'
import { type TrainingObjective, objectiveOf, type TrainingData } from './objective.js'
import { copyDescent, defaultOptimiser, type Descent, descend, type OptimiserSettings } from './optimiser.js'
import { parameterLayout } from './parameter-layout.js'
import { inFloat64, withProductsOf } from './products.js'

/** All that determines a training beside its architecture and its data. */
export interface TrainingSettings extends OptimiserSettings {
  /** A 32-bit integer: of the first parameters and of the batches. */
  readonly seed: number
}

/** A training after some of its steps: enough to go on. */
export interface TrainingRun<A extends Architecture = Architecture> extends Descent {
  readonly architecture: A
  readonly settings: TrainingSettings
  /** How many steps are done. */
  readonly step: number
}

/** How far a training has come. */
export interface TrainingProgress {
  readonly step: number
  readonly steps: number
  /** The mean NLL (nats) before the step, of the law or of the step's batch. */
  readonly nll: number
}

/** A step as an observer sees it. */
export interface TrainingStep extends TrainingProgress {
  /** The parameters before the step: copy what is to be kept. */
  readonly parameters: Float64Array
}

export interface ContinueOptions {
  /** The step to stop at; all steps of the schedule. */
  readonly until?: number
  /**
   * What makes the matrix products: float64 loops, which alone repeat a training bit for bit on every machine; or float32 kernels,
   * for the products that are large enough for them to be faster.
   */
  readonly backend?: 'float64' | BackendName
  /** Called at every step, the last one of this call included, which is not taken. */
  readonly onStep?: (step: TrainingStep) => void
  /** Called a few times a second, between steps. */
  readonly onProgress?: (progress: TrainingProgress) => void
}

const mostSteps = 10_000_000
/** How long the event loop waits at most for its turn, in milliseconds, where one step is not longer. */
const turn = 40

/** What is wrong with settings, if something is. */
export const settingsProblem = ({
  steps,
  seed,
  learningRate,
  warmUp,
  decayFrom,
  largestNorm,
  weightDecay,
}: TrainingSettings): Problem | undefined => {
  const out = (where: string, what: string, remedy: string): Problem => problem('out-of-range', where, what, remedy)
  if (!(Number.isInteger(steps) && steps >= 0 && steps <= mostSteps))
    return out('steps', `${steps} is too few or too many`, `give a whole number from 0 to ${mostSteps}`)
  if ((seed | 0) !== seed)
    return out('seed', `${seed} is no 32-bit integer`, `give a whole number up to ${2 ** 31 - 1}`)
  if (!(learningRate > 0 && Number.isFinite(learningRate)))
    return out('learning rate', `${learningRate} is no step size`, 'give a positive number')
  if (!(Number.isInteger(warmUp) && warmUp >= 0))
    return out('warm-up', `${warmUp} is no number of steps`, 'give a whole number of at least 0')
  if (!(decayFrom >= 0 && decayFrom <= 1))
    return out('decay', `it cannot begin at ${decayFrom} of the steps`, 'give a number from 0 to 1')
  if (largestNorm !== undefined && !(largestNorm > 0 && Number.isFinite(largestNorm)))
    return out('largest norm', `${largestNorm} is no norm of a gradient`, 'give a positive number')
  return weightDecay >= 0 && Number.isFinite(weightDecay)
    ? undefined
    : out('weight decay', `${weightDecay} is no rate`, 'give a number of at least 0')
}

/**
 * A training before its first step. What is not set of the optimiser is its default: no warm-up, clipping or weight decay.
 *
 * Errors: an architecture whose sizes do not fit; settings out of range.
 *
 * @example
 * const run = toUnion(beginTraining({ kind: 'table', symbols: 2, contexts: 3, hidden: 1 }, { steps: 10, seed: 1 }))
 * 'step' in run && [run.step, run.parameters.length] // => [0, 7]
 */
export const beginTraining = <A extends Architecture>(
  architecture: A,
  given: Partial<TrainingSettings> & Pick<TrainingSettings, 'steps' | 'seed'>,
): Either<Problem, TrainingRun<A>> => {
  const settings = { ...defaultOptimiser, ...given }
  const wrong = settingsProblem(settings)
  if (wrong !== undefined) return left(wrong)
  const checked = checkedArchitecture(architecture)
  if (isLeft(checked)) return checked
  const parameters = initialParameters(architecture, settings.seed)
  const [mean, square] = [new Float64Array(parameters.length), new Float64Array(parameters.length)]
  return right({ architecture, settings, step: 0, parameters, mean, square })
}

/**
 * The same training some steps later; the run that is handed in stays as it is.
 *
 * The event loop gets its turn every few hundredths of a second. Errors: data that do not fit the architecture, a step to stop at that
 * lies behind or beyond the schedule, a backend that this machine lacks.
 */
export const continueTraining = async <A extends Architecture>(
  run: TrainingRun<A>,
  data: TrainingData,
  { until = run.settings.steps, backend = 'float64', onStep, onProgress }: ContinueOptions = {},
): Promise<Either<Problem, TrainingRun<A>>> => {
  const { architecture, settings } = run
  const { steps, seed } = settings
  if (!(Number.isInteger(until) && until >= run.step && until <= steps))
    return left(
      problem(
        'out-of-range',
        'until',
        `${until} is no step to stop at`,
        `give a whole number from ${run.step} to ${steps}`,
      ),
    )
  const objective = objectiveOf(architecture, data, seed)
  if (isLeft(objective)) return objective
  const kernels = backend === 'float64' ? undefined : await kernelProducts(backend)
  if (kernels !== undefined && isLeft(kernels)) return kernels
  const evaluate = evaluatorOf(objective.right, kernels?.right)
  const layout = parameterLayout(architecture)
  const descent = copyDescent(run)
  const gradient = new Float64Array(descent.parameters.length)
  try {
    let last = performance.now()
    for (let step = run.step; ; step++) {
      const evaluated = evaluate(step, descent.parameters, gradient)
      const nll = typeof evaluated === 'number' ? evaluated : await evaluated
      onStep?.({ step, steps, nll, parameters: descent.parameters })
      if (step === until || performance.now() - last >= turn) {
        onProgress?.({ step, steps, nll })
        await nextTurn()
        last = performance.now()
      }
      if (step === until) return right({ ...descent, architecture, settings, step })
      descend(descent, gradient, settings, step, layout)
    }
  } finally {
    await kernels?.right.dispose()
  }
}

const evaluatorOf =
  (objective: TrainingObjective, kernels: KernelProducts | undefined) =>
  (step: number, parameters: Float64Array, gradient: Float64Array): number | Promise<number> => {
    const computation = objective(step, parameters, gradient)
    return kernels === undefined ? inFloat64(computation) : withProductsOf(computation, kernels.product)
  }

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
