/**
 * A plan as a session of onnxruntime, behind the same interface as a pipeline of gpu.js.
 */
import type { Wires } from '../../../dsl/object.js'
import { valueOrThrow } from '../../../dsl/value-or-throw.js'
import type { Execution, FloatMatrix, Pipeline } from '../gpu-js/runtime.js'
import { batchDimension } from './graph-builder.js'
import { lowerPlan, type Operations, type ParameterValues } from './lower-plan.js'
import { modelBytes, type Port } from './model.js'
import { type OnnxRuntime, onnxRuntime, type OnnxSession, type OnnxTensor } from './runtime.js'

/**
 * Compiles a plan to a session that is handed the tensors in `given` and gives those in `results`. Parameters are among the given
 * ones, unless their values are known now: then onnxruntime prepares them once. Where there is no onnxruntime, a run throws.
 */
export const createOnnxPipeline = (
  plan: Operations,
  inputs: Wires,
  given: readonly number[],
  results: readonly number[],
  parameters: ParameterValues | undefined,
): Pipeline => {
  const { graph, operands } = lowerPlan(plan, inputs, parameters)
  const names = results.map((tensor) => graph.output(`result_${tensor}`, operands[tensor]!.value, `tensor ${tensor}`))
  const finished = graph.graph('plan', '')
  const model = modelBytes({ producer: 'markovcat', graph: finished, metadata: {} })
  const portOf = (tensor: number): Port | undefined =>
    finished.inputs.find(({ name }) => name === operands[tensor]!.value.name)
  // The number one is a constant of the graph.
  const ports = given.map(portOf)

  let session: Promise<OnnxSession> | undefined
  let execution: Execution | undefined
  return {
    run: async (matrices) => {
      const runtime = valueOrThrow(await onnxRuntime())
      session ??= runtime.session(model)
      const opened = await session
      const feeds = ports.flatMap((port, index) =>
        port === undefined ? [] : [[port.name, tensorOf(runtime, port, matrices[index]!, plan.batch)] as const],
      )
      const outputs = await opened.run(Object.fromEntries(feeds))
      execution = { backend: 'onnx', executor: runtime.name, fallbackReason: undefined }
      return names.map((name) => entriesOf(outputs[name]!))
    },
    execution: () => execution,
    destroy: async () => {
      // A session that could not be made is not there to be released.
      const opened = await session?.catch(() => undefined)
      session = undefined
      await opened?.release()
    },
  }
}

const tensorOf = (
  runtime: OnnxRuntime,
  { type, dimensions }: Port,
  { entries }: FloatMatrix,
  batch: number,
): OnnxTensor =>
  runtime.tensor(
    type === 'float32' ? entries : wholeNumbers(entries),
    dimensions.map((size) => (size === batchDimension ? batch : Number(size))),
  )

/** Element numbers as 64-bit integers, through their lower halves: they are not negative. */
const wholeNumbers = (entries: Float32Array): BigInt64Array => {
  const numbers = new BigInt64Array(entries.length)
  const halves = new Int32Array(numbers.buffer)
  for (let k = 0; k < entries.length; k++) halves[2 * k] = entries[k]!
  return numbers
}

const entriesOf = ({ data }: OnnxTensor): Float32Array => {
  if (data instanceof Float32Array) return data
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number)
  throw new Error('ONNX: a result of an unexpected type')
}
