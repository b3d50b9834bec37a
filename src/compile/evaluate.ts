/**
 * `compile`: a diagram and the meanings of its boxes to an evaluator that runs on gpu.js or onnxruntime.
 *
 * diagram -> normal form -> plan (data) -> operations -> generated kernels in one gpu.js pipeline, or one ONNX graph.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from '../../dsl/diagram.js'
import { normalForm } from '../../dsl/normal-form.js'
import { showWire, type Wire, type Wires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import { openMeaningless } from '../interpret.js'
import { type BackendChoice, type BackendName, chooseBackend } from './backend.js'
import { fuseHeads } from './fuse.js'
import { stepsPipeline } from './gpu-js/pipeline.js'
import type { Execution, FloatMatrix, GpuMode, Pipeline } from './gpu-js/runtime.js'
import type { NumericMeanings } from './meaning.js'
import { parameterEntries } from './parameters.js'
import { createOnnxPipeline } from './onnx/pipeline.js'
import { checkMeanings, type Plan, planOf, type PlanOptions, radicesOf, type Tensor, widthOf } from './plan.js'
import { runReference } from './reference.js'
import { slicedPipeline } from './sliced-pipeline.js'

export interface CompileOptions {
  readonly backend?: BackendName
  /** Categorical entropies of the joint distribution of the random outputs, computed in the same pipeline. */
  readonly entropies?: readonly CategoricalEntropyName[]
  /** Whether the joint distribution itself is wanted, as it is unless this is false: of a large vocabulary it is never stored then. */
  readonly distribution?: boolean
  /** How contractions are ordered: seed, memory limit, a saved plan for one size of the batch. */
  readonly contraction?: PlanOptions
}

/** The numbers of one input wire for a batch, row-major: element numbers, places of sequences, or coordinates. */
export type BatchInput = ArrayLike<number>

/** An output port: its value for each member of the batch, or an axis of the joint distribution. */
export type Output =
  | { readonly kind: 'value'; readonly wire: Wire; readonly width: number; readonly entries: ArrayLike<number> }
  | { readonly kind: 'random'; readonly wire: Wire; readonly axis: number }

export interface Evaluation {
  readonly batch: number
  readonly outputs: readonly Output[]
  /** batch x the product of the axes' cardinalities, row-major; undefined when no output is random, or it is not wanted. */
  readonly distribution: { readonly axes: Wires; readonly entries: ArrayLike<number> } | undefined
  /** One number for each member of the batch. */
  readonly entropies: Readonly<Partial<Record<CategoricalEntropyName, ArrayLike<number>>>>
  /** What really ran. */
  readonly execution: Execution
}

export interface Evaluator {
  /** What was chosen, and why; what ran is in each evaluation. */
  readonly backend: BackendChoice
  readonly plan: (batch: number) => Either<Problem, Plan>
  /** Evaluates a batch, one array for each input wire; other meanings of the same shapes may be given for this call. */
  readonly run: (
    inputs: readonly BatchInput[],
    meanings?: NumericMeanings,
    batch?: number,
  ) => Promise<Either<Problem, Evaluation>>
  /** The same plan in float64, in plain loops: slow, and the measure of the kernels' error. */
  readonly reference: (
    inputs: readonly BatchInput[],
    meanings?: NumericMeanings,
    batch?: number,
  ) => Either<Problem, Evaluation>
  readonly dispose: () => Promise<void>
}

/**
 * Compiles a diagram with a meaning for each box that its normal form keeps.
 *
 * Errors: `missing-meaning`, `invalid-value` (shapes, rows that do not sum to one, negative or infinite numbers) and `unsupported`
 * (a backend that this machine lacks, a plan that is too large), all before any kernel runs.
 */
export const compile = async (
  diagram: Diagram,
  meanings: NumericMeanings,
  options: CompileOptions = {},
): Promise<Either<Problem, Evaluator>> => {
  const form = normalForm(openMeaningless(diagram, meanings))
  const checked = checkMeanings(form, meanings)
  if (isLeft(checked)) return checked
  const chosen = await chooseBackend(options.backend ?? 'auto')
  if (isLeft(chosen)) return chosen
  const backend = chosen.right

  const plans = new Map<number, Either<Problem, Plan>>()
  const pipelines = new Map<string, Pipeline>()
  const plan = (batch: number): Either<Problem, Plan> => {
    const { saved, ...order } = options.contraction ?? {}
    const ordering = saved?.batch === batch ? { ...order, saved } : order
    const known = plans.get(batch) ?? planOf(form, checked.right, batch, options.entropies ?? [], ordering)
    plans.set(batch, known)
    return known
  }
  const withDistribution = options.distribution ?? true
  const resultsOf = (planned: Plan): readonly number[] => resultTensors(planned, withDistribution)
  const pipelineOf = (planned: Plan, given: readonly number[], parameters: Load | undefined): Pipeline => {
    const key = `${planned.batch} ${given.length}`
    const known =
      pipelines.get(key) ??
      (backend.mode === 'onnx'
        ? lowerToOnnx(planned, diagram.inputs, given, resultsOf(planned), parameters)
        : lower(planned, backend.mode, resultsOf(planned)))
    pipelines.set(key, known)
    return known
  }
  const prepare = (
    inputs: readonly BatchInput[],
    others: NumericMeanings | undefined,
    batch: number | undefined,
  ): Either<Problem, Prepared> => {
    const current = others === undefined ? checked : checkMeanings(form, others)
    if (isLeft(current)) return current
    const size = checkInputs(diagram.inputs, inputs, batch)
    if (isLeft(size)) return size
    const planned = plan(size.right)
    if (isLeft(planned)) return planned
    const load = ({ source }: Tensor): ArrayLike<number> => {
      switch (source.kind) {
        case 'input':
          return inputs[source.port]!
        case 'parameter':
          return parameterEntries(source.box, current.right.get(source.box.name)!, source.parameter)
        case 'one':
          return [1]
        case 'loop':
        case 'step':
          throw new Error(`compile: the result of a ${source.kind} is not loaded`)
      }
    }
    return right({ plan: planned.right, load })
  }

  return right({
    backend,
    plan,
    run: async (inputs, others, batch) => {
      const prepared = prepare(inputs, others, batch)
      if (isLeft(prepared)) return prepared
      const { plan: planned, load } = prepared.right
      if (backend.mode === 'onnx' && planned.loop !== undefined)
        return left(
          problem(
            'unsupported',
            'backend onnx',
            `the plan is done in ${planned.loop.count} slices, and an ONNX graph is one`,
            'use another backend, or a higher memory limit',
          ),
        )
      // onnxruntime prepares the parameters that a diagram was compiled with; others are handed over at each run.
      const parameters = backend.mode === 'onnx' && others === undefined ? load : undefined
      const loaded = loadedTensors(planned).filter(
        (tensor) => parameters === undefined || planned.tensors[tensor]!.source.kind === 'input',
      )
      const floats = (tensor: number): Float32Array => new Float32Array(load(planned.tensors[tensor]!))
      const given = loaded.map((tensor): FloatMatrix => ({ ...planned.tensors[tensor]!, entries: floats(tensor) }))
      const pipeline = pipelineOf(planned, loaded, parameters)
      const results = await pipeline.run(given)
      const execution = pipeline.execution()!
      const tensors = new Map(resultsOf(planned).map((tensor, index) => [tensor, results[index]!]))
      given.forEach(({ entries }, index) => tensors.set(loaded[index]!, entries))
      const asked = backend.mode
      const ran = execution.backend === asked || resultsOf(planned).length === 0
      if (options.backend !== undefined && options.backend !== 'auto' && !ran)
        return left(
          problem(
            'unsupported',
            `backend ${asked}`,
            `${execution.backend} ran instead${execution.fallbackReason === undefined ? '' : ` (${execution.fallbackReason})`}`,
            'use auto, or the backend that ran',
          ),
        )
      return right(
        evaluationOf(planned, (tensor) => tensors.get(tensor) ?? floats(tensor), execution, withDistribution),
      )
    },
    reference: (inputs, others, batch) => {
      const prepared = prepare(inputs, others, batch)
      if (isLeft(prepared)) return prepared
      const { plan: planned, load } = prepared.right
      const tensors = runReference(planned, load)
      const execution: Execution = { backend: 'float64 reference', executor: 'loops', fallbackReason: undefined }
      return right(evaluationOf(planned, (tensor) => tensors[tensor]!, execution, withDistribution))
    },
    dispose: async () => {
      for (const pipeline of pipelines.values()) await pipeline.destroy()
      pipelines.clear()
    },
  })
}

interface Prepared {
  readonly plan: Plan
  readonly load: Load
}
type Load = (tensor: Tensor) => ArrayLike<number>

/** The tensors that do not come from steps, in the order in which they are handed to the pipeline. */
const loadedTensors = ({ tensors }: Plan): readonly number[] =>
  tensors.flatMap(({ source }, tensor) => (source.kind === 'step' || source.kind === 'loop' ? [] : [tensor]))

/** The results of steps that an evaluation needs, each once. */
const resultTensors = (
  { tensors, outputs, distribution, readouts }: Plan,
  withDistribution: boolean,
): readonly number[] => {
  const needed = [
    ...outputs.flatMap((output) => (output.kind === 'value' ? [output.value.tensor] : [])),
    ...(distribution === undefined || !withDistribution ? [] : [distribution.tensor]),
    ...readouts.map(({ tensor }) => tensor),
  ]
  return [...new Set(needed)].filter((tensor) => tensors[tensor]!.source.kind === 'step')
}

/** The session of a plan; without values of the parameters it is handed them at each run. */
const lowerToOnnx = (
  plan: Plan,
  inputs: Wires,
  given: readonly number[],
  results: readonly number[],
  parameters: Load | undefined,
): Pipeline => (results.length === 0 ? withoutKernels : createOnnxPipeline(plan, inputs, given, results, parameters))

const lower = (plan: Plan, mode: GpuMode, results: readonly number[]): Pipeline => {
  // A diagram of wires only has no kernels to run: its outputs are its inputs.
  if (results.length === 0) return withoutKernels
  const loaded = loadedTensors(plan)
  const { loop } = plan
  if (loop !== undefined)
    return slicedPipeline(plan, loop, loaded, results, (section, given, wanted) =>
      stepsPipeline(plan.tensors, section, given, wanted, mode),
    )
  // A GPU has more use for one cell an entry than for one cell a row.
  const isProcessor = mode === 'cpu' || mode === 'webasm'
  return stepsPipeline(plan.tensors, isProcessor ? fuseHeads(plan.steps, results) : plan.steps, loaded, results, mode)
}

const withoutKernels: Pipeline = {
  run: () => Promise.resolve([]),
  execution: () => ({ backend: 'none', executor: 'no kernels', fallbackReason: undefined }),
  destroy: () => Promise.resolve(),
}

const evaluationOf = (
  plan: Plan,
  read: (tensor: number) => ArrayLike<number>,
  execution: Execution,
  withDistribution: boolean,
): Evaluation => {
  const { batch, tensors, distribution } = plan
  const columnsOf = (tensor: number): number => tensors[tensor]!.columns
  return {
    batch,
    outputs: plan.outputs.map((output): Output => {
      if (output.kind === 'random') return output
      const { tensor, offset, width } = output.value
      const entries = slice(read(tensor), batch, columnsOf(tensor), offset, width)
      return { kind: 'value', wire: output.wire, width, entries }
    }),
    distribution:
      distribution === undefined || !withDistribution
        ? undefined
        : {
            axes: distribution.axes,
            entries: repeat(read(distribution.tensor), distribution.batched ? 1 : batch),
          },
    entropies: Object.fromEntries(
      plan.readouts.map(({ measure, tensor }) => [measure, repeat(read(tensor), distribution?.batched ? 1 : batch)]),
    ),
    execution,
  }
}

const slice = (
  entries: ArrayLike<number>,
  rows: number,
  columns: number,
  offset: number,
  width: number,
): ArrayLike<number> => {
  if (offset === 0 && width === columns) return entries
  return Float64Array.from({ length: rows * width }, (_, index) => {
    const row = Math.floor(index / width)
    return entries[row * columns + offset + (index - row * width)]!
  })
}

const repeat = (entries: ArrayLike<number>, times: number): ArrayLike<number> =>
  times === 1
    ? entries
    : Float64Array.from({ length: entries.length * times }, (_, index) => entries[index % entries.length]!)

/** The size of the batch, if every input is there, of that size, and made of elements of its wire. */
const checkInputs = (
  wires: Wires,
  inputs: readonly BatchInput[],
  stated: number | undefined,
): Either<Problem, number> => {
  const wrong = (where: string, what: string, remedy: string): Either<Problem, never> =>
    left(problem('invalid-value', where, what, remedy))
  if (inputs.length !== wires.length)
    return wrong('inputs', `there are ${inputs.length}`, `give one array for each of the ${wires.length} input wires`)
  const widths = wires.map(widthOf)
  const batch = stated ?? (wires.length === 0 || widths[0] === 0 ? 1 : inputs[0]!.length / widths[0]!)
  if (!Number.isInteger(batch) || batch < 1)
    return wrong(
      `input 0, ${wires[0] === undefined ? 'the unit' : showWire(wires[0])}`,
      `${inputs[0]?.length ?? 0} numbers make no batch`,
      `give ${widths[0] ?? 0} numbers for each member of the batch, and at least one member`,
    )
  for (const [port, wire] of wires.entries()) {
    const where = `input ${port}, ${showWire(wire)}`
    const entries = inputs[port]!
    if (entries.length !== batch * widths[port]!)
      return wrong(where, `it has ${entries.length} numbers`, `give ${widths[port]!} for each of the ${batch} members`)
    const radices = wire.kind === 'real' ? undefined : radicesOf(wire)
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!
      const size = radices?.[index % radices.length]
      const isElement =
        size === undefined ? Number.isFinite(entry) : Number.isInteger(entry) && entry >= 0 && entry < size
      if (!isElement)
        return wrong(
          `${where}, number ${index}`,
          `${entry} is no ${size === undefined ? 'finite number' : 'element'}`,
          size === undefined ? 'give finite numbers' : `give whole numbers from 0 to ${size - 1}`,
        )
    }
  }
  return right(batch)
}
