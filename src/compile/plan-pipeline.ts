/** A plan as something that runs: pipelines of gpu.js, or a session of onnxruntime. */
import type { Wires } from '../../dsl/object.js'
import { fuseHeads } from './fuse.js'
import { stepsPipeline } from './gpu-js/pipeline.js'
import type { Execution, FloatMatrix, GpuMode, Pipeline } from './gpu-js/runtime.js'
import { createOnnxPipeline } from './onnx/pipeline.js'
import type { ParameterValues } from './onnx/lower-plan.js'
import { loopsPipeline } from './plain-loops.js'
import type { Plan, Tensor } from './plan.js'
import { slicedPipeline } from './sliced-pipeline.js'

/** Told what part of a run is done; whether it shall go on. */
export type Watch = (done: number, of: number) => Promise<boolean>

export interface PlanPipeline {
  /** The tensors that a run is handed, in order. */
  readonly given: readonly number[]
  /** The tensors that it gives, in order. */
  readonly results: readonly number[]
  readonly run: (
    inputs: readonly FloatMatrix[],
    watch: Watch | undefined,
  ) => Promise<readonly Float32Array[] | 'cancelled'>
  /** Undefined before the first run. */
  readonly execution: () => Execution | undefined
  readonly destroy: () => Promise<void>
}

/** The tensors that do not come from steps. */
const loadedTensors = ({ tensors }: Plan): readonly number[] =>
  tensors.flatMap(({ source }, tensor) => (source.kind === 'step' || source.kind === 'loop' ? [] : [tensor]))

/** A pipeline of gpu.js that gives some results of steps; parameters that are known now are copied once, and not among what it is given. */
export const gpuPipeline = (
  plan: Plan,
  mode: GpuMode,
  results: readonly number[],
  parameters: ((tensor: Tensor) => Float32Array) | undefined,
): PlanPipeline => {
  // The pipelines of a loop are handed everything.
  const { given, known } = handedAndKnown(plan, plan.loop === undefined ? parameters : undefined)
  // A diagram of wires only has no kernels to run: its outputs are its inputs.
  if (results.length === 0) return withoutKernels(given)
  const { loop } = plan
  if (loop !== undefined)
    return {
      given,
      results,
      ...slicedPipeline(plan, loop, given, results, (section, takes, gives) =>
        stepsPipeline(plan.tensors, section, takes, gives, mode),
      ),
    }
  // A GPU has more use for one cell an entry than for one cell a row.
  const isProcessor = mode === 'cpu' || mode === 'webasm'
  const steps = isProcessor ? fuseHeads(plan.steps, results) : plan.steps
  return { given, results, ...inOneGo(stepsPipeline(plan.tensors, steps, given, results, mode, known)) }
}

/** The tensors that a run is handed, and the numbers of the others, which are the same at each run. */
const handedAndKnown = <Numbers>(
  plan: Plan,
  parameters: ((tensor: Tensor) => Numbers) | undefined,
): { readonly given: readonly number[]; readonly known: ReadonlyMap<number, Numbers> } => {
  const isKnown = (tensor: number): boolean => {
    const { source } = plan.tensors[tensor]!
    return source.kind === 'one' || (source.kind === 'parameter' && !source.varying)
  }
  const loaded = loadedTensors(plan)
  if (parameters === undefined) return { given: loaded, known: new Map() }
  return {
    given: loaded.filter((tensor) => !isKnown(tensor)),
    known: new Map(loaded.filter(isKnown).map((tensor) => [tensor, parameters(plan.tensors[tensor]!)])),
  }
}

/** Plain loops that give some results of steps; parameters that are known now are not among what it is given. */
export const plainPipeline = (
  plan: Plan,
  results: readonly number[],
  parameters: ParameterValues | undefined,
): PlanPipeline => {
  const { given, known } = handedAndKnown(plan, parameters)
  if (results.length === 0) return withoutKernels(given)
  return { given, results, ...inOneGo(loopsPipeline(plan, given, results, known)) }
}

/** A session of onnxruntime; parameters that are known now are prepared once, and not among what it is given. */
export const onnxPipeline = (
  plan: Plan,
  inputs: Wires,
  results: readonly number[],
  parameters: ParameterValues | undefined,
): PlanPipeline => {
  const given = loadedTensors(plan).filter((tensor) => {
    const { source } = plan.tensors[tensor]!
    return parameters === undefined || source.kind !== 'parameter' || source.varying
  })
  if (results.length === 0) return withoutKernels(given)
  return { given, results, ...inOneGo(createOnnxPipeline(plan, inputs, given, results, parameters)) }
}

const inOneGo = (pipeline: Pipeline): Omit<PlanPipeline, 'given' | 'results'> => ({
  ...pipeline,
  run: (inputs, watch) =>
    watch === undefined
      ? pipeline.run(inputs)
      : watch(0, 1).then<readonly Float32Array[] | 'cancelled'>((goesOn) =>
          goesOn ? pipeline.run(inputs) : 'cancelled',
        ),
})

const withoutKernels = (given: readonly number[]): PlanPipeline => ({
  given,
  results: [],
  run: () => Promise.resolve([]),
  execution: () => ({ backend: 'none', executor: 'no kernels', fallbackReason: undefined }),
  destroy: () => Promise.resolve(),
})
