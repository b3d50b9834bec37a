/**
 * Programs that do the same work: onnxruntime on graphs written by hand, and the WebAssembly backend of TensorFlow.js.
 *
 * TensorFlow.js is no dependency: it takes part where the folder named by the environment variable MARKOVCAT_PEERS has the packages
 * @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm in its node_modules.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { isLeft } from 'fp-ts/lib/Either.js'

import { type Graph, modelBytes, type Node, type Port } from '../../src/compile/onnx/model.js'
import { onnxRuntime, type OnnxTensor } from '../../src/compile/onnx/runtime.js'
import type { Peer } from './contest.js'

/** An array of a graph; whole numbers are 64 bits wide. */
export interface Named {
  readonly name: string
  readonly dimensions: readonly number[]
  readonly entries: Float32Array | BigInt64Array
}

/** Operator, inputs, outputs. */
export type NodeText = readonly [string, readonly string[], readonly string[], Node['attributes']?]

export interface OnnxWork {
  /** Handed over at each run. */
  readonly given: readonly Named[]
  /** In the graph. */
  readonly constants: readonly Named[]
  readonly nodes: readonly NodeText[]
  readonly outputs: readonly Omit<Named, 'entries'>[]
}

const typeOf = ({ entries }: Named): 'float32' | 'int64' => (entries instanceof Float32Array ? 'float32' : 'int64')

/** A graph written by hand in onnxruntime. */
export const onnxPeer = async ({ given, constants, nodes, outputs }: OnnxWork): Promise<Peer> => {
  const name = 'graph written by hand'
  const found = await onnxRuntime()
  if (isLeft(found)) return { name: `onnxruntime, ${name}`, why: found.left.what }
  const runtime = found.right
  const port = ({ name, dimensions }: Omit<Named, 'entries'>, type: 'float32' | 'int64'): Port => ({
    name,
    dimensions,
    type,
    description: '',
  })
  const graph: Graph = {
    name: 'peer',
    description: '',
    nodes: nodes.map(([operator, inputs, results, attributes = []], place) => ({
      operator,
      name: `${operator}${place}`,
      inputs,
      outputs: results,
      attributes,
    })),
    initialisers: constants.map((constant) => ({
      name: constant.name,
      type: typeOf(constant),
      dimensions: constant.dimensions,
      entries: Array.from(constant.entries, Number),
    })),
    inputs: given.map((array) => port(array, typeOf(array))),
    outputs: outputs.map((array) => port(array, 'float32')),
  }
  const session = await runtime.session(modelBytes({ producer: 'bench', graph, metadata: {} }))
  const inputs: Record<string, OnnxTensor> = {}
  for (const { name, dimensions, entries } of given) inputs[name] = runtime.tensor(entries, dimensions)
  return {
    name: `${name} (${runtime.name})`,
    run: async () => {
      const results = await session.run(inputs)
      return outputs.map((output) => floatsOf(results[output.name]!))
    },
    stop: () => session.release(),
  }
}

const floatsOf = ({ data }: OnnxTensor): Float32Array => {
  if (data instanceof Float32Array) return data
  throw new Error('onnxruntime: a result is not float32')
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

/** Work of TensorFlow.js on WebAssembly; its arguments are made once. */
export const tensorflowPeer = async (work: (tf: Tensorflow) => () => TensorflowTensor): Promise<Peer> => {
  const name = 'TensorFlow.js, WebAssembly'
  const folder = process.env['MARKOVCAT_PEERS']
  if (folder === undefined) return { name, why: 'MARKOVCAT_PEERS names no folder with TensorFlow.js' }
  try {
    const load = createRequire(join(folder, 'package.json'))
    const tf: Tensorflow = load('@tensorflow/tfjs-core')
    load('@tensorflow/tfjs-backend-wasm')
    await tf.setBackend('wasm')
    await tf.ready()
    const once = work(tf)
    return {
      name,
      run: () => {
        const result = tf.tidy(once)
        const entries = result.dataSync()
        result.dispose()
        return entries
      },
      stop: () => Promise.resolve(),
    }
  } catch (error) {
    return { name, why: (error instanceof Error ? error.message : String(error)).split('\n')[0]! }
  }
}
