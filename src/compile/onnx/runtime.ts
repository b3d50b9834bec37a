/**
 * onnxruntime behind a narrow typed interface: the only module that loads it. It is an optional peer dependency, so it is loaded when
 * it is asked for, and its absence is a problem that says what to install.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../../dsl/problem.js'

/** A tensor as onnxruntime takes and gives it. */
export interface OnnxTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: unknown
}

export interface OnnxSession {
  readonly run: (inputs: Readonly<Record<string, OnnxTensor>>) => Promise<Readonly<Record<string, OnnxTensor>>>
  readonly release: () => Promise<void>
}

export interface OnnxRuntime {
  /** The package and its version, for people. */
  readonly name: string
  readonly tensor: (entries: Float32Array | BigInt64Array, dimensions: readonly number[]) => OnnxTensor
  readonly session: (model: Uint8Array) => Promise<OnnxSession>
}

/** What is read of either package. */
interface OnnxPackage {
  readonly Tensor: new (
    type: 'float32' | 'int64',
    entries: Float32Array | BigInt64Array,
    dimensions: readonly number[],
  ) => OnnxTensor
  readonly InferenceSession: {
    readonly create: (model: Uint8Array, options: SessionOptions) => Promise<OnnxSession>
  }
  readonly env: {
    readonly versions: Readonly<Partial<Record<string, string>>>
    readonly wasm: { numThreads?: number }
  }
}
interface SessionOptions {
  /** 3: errors only. */
  readonly logSeverityLevel: 3
  readonly executionProviders: readonly string[]
}

/** The runtimes that are looked for, the faster one first, each by its own name for the processor. */
const candidates = [
  { name: 'onnxruntime-node', provider: 'cpu', version: 'node' },
  { name: 'onnxruntime-web', provider: 'wasm', version: 'web' },
] as const

/**
 * The runtime that is installed, native or WebAssembly; `unsupported` where there is none. Looked for once. In Node the WebAssembly one
 * uses one thread, unless its `env.wasm.numThreads` has been set before.
 */
export const onnxRuntime = (): Promise<Either<Problem, OnnxRuntime>> => (sought ??= seek())
let sought: Promise<Either<Problem, OnnxRuntime>> | undefined

const seek = async (): Promise<Either<Problem, OnnxRuntime>> => {
  const failures: string[] = []
  for (const { name, provider, version } of candidates) {
    const loaded = await load(name)
    if (typeof loaded === 'string') failures.push(loaded)
    else {
      // The threads of WebAssembly in Node begin with the options of the program's own command, which may be none that they can have.
      if (typeof process !== 'undefined') loaded.env.wasm.numThreads ??= 1
      return right(runtimeOf(loaded, provider, `${name} ${loaded.env.versions[version] ?? ''}`.trim()))
    }
  }
  return left(
    problem(
      'unsupported',
      'backend onnx',
      `no onnxruntime loads here (${failures.join('; ')})`,
      'install onnxruntime-node, or onnxruntime-web, which runs everywhere',
    ),
  )
}

const runtimeOf = ({ Tensor, InferenceSession }: OnnxPackage, provider: string, name: string): OnnxRuntime => ({
  name,
  tensor: (entries, dimensions) =>
    new Tensor(entries instanceof Float32Array ? 'float32' : 'int64', entries, dimensions),
  session: (model) => InferenceSession.create(model, { logSeverityLevel: 3, executionProviders: [provider] }),
})

/** A package, or why it does not load. The name is no literal, so that nothing looks for the package before it is asked for. */
const load = async (name: string): Promise<OnnxPackage | string> => {
  try {
    const loaded: unknown = await import(/* @vite-ignore */ name)
    return isOnnxPackage(loaded) ? loaded : `${name} is not the package of that name`
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return line.includes(name) ? line : `${name}: ${line}`
  }
}

const isOnnxPackage = (loaded: unknown): loaded is OnnxPackage =>
  typeof loaded === 'object' && loaded !== null && 'Tensor' in loaded && 'InferenceSession' in loaded && 'env' in loaded
