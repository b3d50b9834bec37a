/**
 * Programs that do the same work: onnxruntime on graphs written by hand, numpy, and the WebAssembly backend of TensorFlow.js.
 *
 * TensorFlow.js is no dependency: it takes part where the folder named by the environment variable MARKOVCAT_PEERS has the packages
 * @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm in its node_modules.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { isLeft } from 'fp-ts/lib/Either.js'

import { type Graph, modelBytes, type Node, type Port } from '../../src/compile/onnx/model.js'
import { onnxRuntime, type OnnxTensor } from '../../src/compile/onnx/runtime.js'

/** A matrix that is handed over. */
export interface Given {
  readonly name: string
  readonly dimensions: readonly number[]
  readonly entries: Float32Array
}

/** Something that is timed: what it gives in the end is checked. */
export interface Contender {
  readonly name: string
  readonly run: () => Promise<Float32Array> | Float32Array
  readonly stop: () => Promise<void>
}

/** Operator, inputs, outputs. */
export type NodeText = readonly [string, readonly string[], readonly string[], Node['attributes']?]

/** A graph of float32 tensors in onnxruntime, or why there is none. */
export const onnxContender = async (
  given: readonly Given[],
  nodes: readonly NodeText[],
  output: { readonly name: string; readonly dimensions: readonly number[] },
): Promise<Contender | string> => {
  const found = await onnxRuntime()
  if (isLeft(found)) return found.left.what
  const runtime = found.right
  const port = ({ name, dimensions }: Omit<Given, 'entries'>): Port => ({
    name,
    dimensions,
    type: 'float32',
    description: '',
  })
  const graph: Graph = {
    name: 'peer',
    description: '',
    nodes: nodes.map(([operator, inputs, outputs, attributes = []], place) => ({
      operator,
      name: `${operator}${place}`,
      inputs,
      outputs,
      attributes,
    })),
    // The axis that sums go along.
    initialisers: [{ name: 'axes', type: 'int64', dimensions: [1], entries: [1] }],
    inputs: given.map(port),
    outputs: [port(output)],
  }
  const session = await runtime.session(modelBytes({ producer: 'bench', graph, metadata: {} }))
  const inputs: Record<string, OnnxTensor> = {}
  for (const { name, dimensions, entries } of given) inputs[name] = runtime.tensor(entries, dimensions)
  return {
    name: runtime.name,
    run: async () => (await session.run(inputs))[output.name]!.data as Float32Array,
    stop: () => session.release(),
  }
}

/** What is called of TensorFlow.js. */
export interface Tensorflow {
  readonly tensor2d: (entries: Float32Array, shape: readonly [number, number]) => TensorflowTensor
  readonly matMul: (
    a: TensorflowTensor,
    b: TensorflowTensor,
    transposeA: boolean,
    transposeB: boolean,
  ) => TensorflowTensor
  readonly add: (a: TensorflowTensor, b: TensorflowTensor) => TensorflowTensor
  readonly sub: (a: TensorflowTensor, b: TensorflowTensor) => TensorflowTensor
  readonly mul: (a: TensorflowTensor, b: TensorflowTensor) => TensorflowTensor
  readonly div: (a: TensorflowTensor, b: TensorflowTensor) => TensorflowTensor
  readonly exp: (a: TensorflowTensor) => TensorflowTensor
  readonly log: (a: TensorflowTensor) => TensorflowTensor
  readonly max: (a: TensorflowTensor, axis: number, keepDimensions: boolean) => TensorflowTensor
  readonly sum: (a: TensorflowTensor, axis: number) => TensorflowTensor
  readonly tidy: (work: () => TensorflowTensor) => TensorflowTensor
  readonly setBackend: (name: string) => Promise<boolean>
  readonly ready: () => Promise<void>
}
export interface TensorflowTensor {
  readonly dataSync: () => Float32Array
  readonly dispose: () => void
}

/** Work of TensorFlow.js on WebAssembly, or why there is none. */
export const tensorflowContender = async (
  work: (tf: Tensorflow) => () => TensorflowTensor,
): Promise<Contender | string> => {
  const folder = process.env['MARKOVCAT_PEERS']
  if (folder === undefined) return 'MARKOVCAT_PEERS names no folder with TensorFlow.js'
  const load = createRequire(join(folder, 'package.json'))
  const tf: Tensorflow = load('@tensorflow/tfjs-core')
  load('@tensorflow/tfjs-backend-wasm')
  await tf.setBackend('wasm')
  await tf.ready()
  const once = work(tf)
  return {
    name: 'TensorFlow.js, WebAssembly',
    run: () => {
      const result = tf.tidy(once)
      const entries = result.dataSync()
      result.dispose()
      return entries
    },
    stop: () => Promise.resolve(),
  }
}

/** The median time of a numpy program in milliseconds, with one thread, or why there is none. `setup` is not timed. */
export const numpyTime = (setup: string, work: string, runs: number): number | string => {
  const program = `
import time, statistics, numpy as np
${setup}
def work():
    ${work}
work()
times = []
for _ in range(${runs}):
    start = time.perf_counter()
    work()
    times.append(time.perf_counter() - start)
print(1000 * statistics.median(times))
`
  const { status, stdout } = spawnSync('python3', ['-c', program], {
    encoding: 'utf8',
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  })
  return status === 0 ? Number(stdout) : 'there is no python3 with numpy'
}
