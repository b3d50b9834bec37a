/** Steps as one running pipeline of gpu.js. */
import type { KernelStep } from '../operation.js'
import { lowerSteps } from './lower.js'
import { createPipeline, type GpuMode, type Pipeline } from './runtime.js'

/**
 * A pipeline that takes the `given` tensors, in order, and gives the `wanted` ones, row-major.
 *
 * Every tensor that is wanted must be the result of a step.
 */
export const stepsPipeline = (
  tensors: readonly { readonly rows: number; readonly columns: number }[],
  steps: readonly KernelStep[],
  given: readonly number[],
  wanted: readonly number[],
  mode: GpuMode,
): Pipeline => {
  const lowered = lowerSteps(tensors, steps, given, wanted, mode)
  const pipeline = createPipeline(mode, given.length, lowered.steps, lowered.results, { threads: lowered.isLarge })
  return { ...pipeline, run: async (inputs) => lowered.read(await pipeline.run(inputs)) }
}
