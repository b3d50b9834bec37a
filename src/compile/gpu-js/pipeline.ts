/** Steps as one running pipeline of gpu.js. */
import type { KernelStep } from '../operation.js'
import { lowerSteps } from './lower.js'
import { createPipeline, type FloatMatrix, type GpuMode, type Pipeline } from './runtime.js'

/**
 * A pipeline that takes the `given` tensors, in order, and gives the `wanted` ones, row-major; the `known` ones are the same at each run.
 *
 * Every tensor that is wanted must be the result of a step.
 */
export const stepsPipeline = (
  tensors: readonly { readonly rows: number; readonly columns: number }[],
  steps: readonly KernelStep[],
  given: readonly number[],
  wanted: readonly number[],
  mode: GpuMode,
  known: ReadonlyMap<number, Float32Array> = new Map(),
): Pipeline => {
  const lowered = lowerSteps(tensors, steps, [...given, ...known.keys()], wanted, mode)
  const pipeline = createPipeline(mode, given.length, lowered.steps, lowered.results, {
    threads: lowered.isLarge,
    known: Array.from(known, ([tensor, entries]): FloatMatrix => ({ ...tensors[tensor]!, entries })),
  })
  return { ...pipeline, run: async (inputs) => lowered.read(await pipeline.run(inputs)) }
}
