/**
 * A plan with a loop over sliced indices as pipelines: what is before the loop, what is in it, and what is after it. The pipeline in the
 * loop runs once for each value of the sliced indices, and its results are added up in float64.
 */
import type { Execution, FloatMatrix, Pipeline } from './gpu-js/runtime.js'
import type { Loop, Plan, Step } from './plan.js'
import type { PlanPipeline } from './plan-pipeline.js'

/** A pipeline of some steps that takes the `given` tensors and gives the `wanted` ones, in order; these are results of its steps. */
export type MakePipeline = (steps: readonly Step[], given: readonly number[], wanted: readonly number[]) => Pipeline

/** The pipeline of a plan with a loop; `given` are all tensors that are neither results of steps nor the loop's own. */
export const slicedPipeline = (
  { tensors, steps }: Pick<Plan, 'tensors' | 'steps'>,
  loop: Loop,
  given: readonly number[],
  wanted: readonly number[],
  make: MakePipeline,
): Omit<PlanPipeline, 'given' | 'results'> => {
  const sections = [steps.slice(0, loop.first), steps.slice(loop.first, loop.last + 1), steps.slice(loop.last + 1)]
  const needs = sections.map((section) => {
    const made = new Set(section.map(({ result }) => result))
    return [...new Set(section.flatMap(({ operands }) => operands))].filter((tensor) => !made.has(tensor))
  })
  const part = (place: number): Part => {
    const later = new Set([...wanted, ...needs.slice(place + 1).flat()])
    const made = sections[place]!.map(({ result }) => result)
    const gives = made.filter((tensor) => later.has(tensor))
    return {
      takes: needs[place]!,
      gives,
      pipeline: gives.length === 0 ? undefined : make(sections[place]!, needs[place]!, gives),
    }
  }
  const [before, inside, after] = [part(0), part(1), part(2)]

  const size = ({ rows, columns }: { readonly rows: number; readonly columns: number }): number => rows * columns
  let execution: Execution | undefined
  return {
    run: async (inputs, watch) => {
      const known = new Map(given.map((tensor, place) => [tensor, inputs[place]!]))
      const enter = (tensor: number, entries: Float32Array): void => {
        const { rows, columns } = tensors[tensor]!
        known.set(tensor, { rows, columns, entries })
      }
      const run = async ({ takes, gives, pipeline }: Part): Promise<void> => {
        if (pipeline === undefined) return
        const results = await pipeline.run(takes.map((tensor): FloatMatrix => known.get(tensor)!))
        execution = pipeline.execution()
        gives.forEach((tensor, place) => {
          enter(tensor, results[place]!)
        })
      }
      await run(before)
      const total = new Float64Array(size(tensors[loop.result]!))
      const values = new Float32Array(loop.sizes.length)
      for (let time = 0; time < loop.count; time++) {
        if (watch !== undefined && !(await watch(time, loop.count))) return 'cancelled'
        let rest = time
        for (let place = values.length - 1; place >= 0; place--) {
          values[place] = rest % loop.sizes[place]!
          rest = Math.floor(rest / loop.sizes[place]!)
        }
        enter(loop.values, values)
        await run(inside)
        known.get(loop.result)!.entries.forEach((entry, place) => (total[place]! += entry))
      }
      enter(loop.result, Float32Array.from(total))
      const inLoop = execution
      await run(after)
      execution = inLoop
      return wanted.map((tensor) => known.get(tensor)!.entries)
    },
    execution: () => execution,
    destroy: async () => {
      for (const { pipeline } of [before, inside, after]) await pipeline?.destroy()
    },
  }
}

interface Part {
  readonly takes: readonly number[]
  readonly gives: readonly number[]
  /** Undefined where there is nothing to do. */
  readonly pipeline: Pipeline | undefined
}
