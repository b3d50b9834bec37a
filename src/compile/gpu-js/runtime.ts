/**
 * gpu.js behind a narrow typed interface: the only module that imports it, and the one place of this folder where the compiler is
 * overruled, because gpu.js types an `Input`'s numbers as a plain array and a pipeline's handles and results as anything at all.
 *
 * A plan is one gpu.js pipeline: all its kernels over one memory, one dispatch a call. It says itself which backend really ran.
 */
import { GPU, type IKernelRunShortcut, Input, type IPipelineRunShortcut } from 'gpu.js'

import type { KernelSource } from './kernel.js'

/** The modes of gpu.js that kernels are generated for. */
export type GpuMode = 'cpu' | 'webasm' | 'webgl' | 'webgl2' | 'webgpu'

/** A matrix as kernels see it: float32, row-major. */
export interface FloatMatrix {
  readonly rows: number
  readonly columns: number
  readonly entries: Float32Array
}

export interface PipelineStep {
  readonly kernel: KernelSource
  /** Slots: the arguments of the pipeline come first, then the matrices that are known before, then the results of the steps. */
  readonly operands: readonly number[]
}

/** What gpu.js says of a run: the backend of the kernels that executed, how, and why not fused if it was not. */
export interface Execution {
  readonly backend: string
  readonly executor: string
  readonly fallbackReason: string | undefined
}

export interface Pipeline {
  readonly run: (inputs: readonly FloatMatrix[]) => Promise<readonly Float32Array[]>
  /** Undefined before the first run. */
  readonly execution: () => Execution | undefined
  readonly destroy: () => Promise<void>
}

/** Loops have literal bounds, but gpu.js cuts them at 1000 unless it is told otherwise. */
const loopMaxIterations = 2 ** 30

export interface PipelineOptions {
  /** Whether a pipeline on WebAssembly may run in several threads. */
  readonly threads: boolean
  /** Matrices that nobody changes: they are copied to where kernels read them once, not at each run. */
  readonly known?: readonly FloatMatrix[]
}

/**
 * Compiles steps to one pipeline that gives the slots in `results`, each as its cells one after another, `this.thread.x` running fastest.
 *
 * On WebAssembly kernels may read each other's results by the place in memory, which is only right where gpu.js runs the pipeline over
 * one memory: if it should not, a run throws.
 */
export const createPipeline = (
  mode: GpuMode,
  inputCount: number,
  steps: readonly PipelineStep[],
  results: readonly number[],
  { threads, known = [] }: PipelineOptions = { threads: true },
): Pipeline => {
  const gpu = new GPU({ mode })
  const kernels = new Map<string, IKernelRunShortcut>()
  const kernelOf = ({ source, output }: KernelSource): IKernelRunShortcut => {
    const key = `${output.join('x')} ${source}`
    const known =
      kernels.get(key) ??
      gpu.createKernel(source, { output: [...output], precision: 'single' }).setLoopMaxIterations(loopMaxIterations)
    kernels.set(key, known)
    return known
  }
  const stepKernels = steps.map(({ kernel }) => kernelOf(kernel))
  const literals = known.map((matrix) => literal(matrix, mode))

  // Called once, with a handle for each argument; gpu.js counts the arguments by the function's length.
  const orchestrate = (...handles: unknown[]): unknown[] => {
    const slots = [...handles, ...literals]
    steps.forEach(({ operands }, index) => {
      const call = stepKernels[index]! as unknown as (...operands: unknown[]) => unknown
      slots.push(call(...operands.map((slot) => slots[slot])))
    })
    return results.map((slot) => slots[slot])
  }
  Object.defineProperty(orchestrate, 'length', { value: inputCount })
  const pipeline: IPipelineRunShortcut = gpu.createPipeline(orchestrate, {
    threads: threads && mayHaveThreads(),
  })
  let execution: Execution | undefined

  return {
    run: async (inputs) => {
      const handed = inputs.map(
        ({ rows, columns, entries }) => new Input(entries as unknown as number[], [columns, rows]),
      )
      const given = (await pipeline(...handed)) as unknown as readonly Cells[]
      const executor = pipeline.pipeline.executorKind
      if (execution?.executor !== executor)
        execution = {
          backend: backendOf(pipeline.backend ?? 'unknown', mode),
          executor,
          fallbackReason: pipeline.pipeline.fallbackReason ?? undefined,
        }
      if (mode === 'webasm' && execution.backend === mode && !execution.executor.startsWith('fused'))
        throw new Error(
          `gpu.js did not run the pipeline over one memory: ${execution.fallbackReason ?? 'no reason given'}`,
        )
      return given.map(flatten)
    },
    execution: () => execution,
    destroy: async () => {
      await pipeline.destroy()
      await gpu.destroy()
    },
  }
}

/** In Node threads begin with the options of the program's own command: where it is a module in text, theirs would be taken for one. */
const mayHaveThreads = (): boolean =>
  typeof process === 'undefined' || !process.execArgv?.some((option) => option.startsWith('--input-type'))

/** Every kernel of WebGL says 'gpu'; gpu.js has no other WebGL than the one that it was asked for. */
const backendOf = (reported: string, mode: GpuMode): string =>
  reported === 'gpu' && (mode === 'webgl' || mode === 'webgl2') ? mode : reported

/**
 * The same numbers as an array that gpu.js takes as it is wherever a step reads it. Of any other it keeps a copy for each step, and
 * compiles the kernel anew for each copy. Kernels for WebAssembly read matrices by the place in memory, all others by row and column.
 */
const literal = ({ rows, columns, entries }: FloatMatrix, mode: GpuMode): Float32Array | readonly Float32Array[] => {
  if (mode === 'webasm') {
    const flat = entries.subarray()
    return Object.defineProperty(flat, 'slice', { value: () => flat })
  }
  const nested = Array.from({ length: rows }, (_, row) => entries.subarray(row * columns, (row + 1) * columns))
  return Object.defineProperty(nested, 'map', { value: () => nested })
}

/** Cells as gpu.js gives them: rows of numbers, or of vectors, and for three axes rows of rows. */
type Cells = Float32Array | readonly Cells[]

const flatten = (cells: Cells): Float32Array => {
  let length = 1
  let first: Cells = cells
  for (; !(first instanceof Float32Array) && first.length > 0; first = first[0]!) length *= first.length
  if (!(first instanceof Float32Array)) return new Float32Array(0)
  length *= first.length
  // Most often all rows are parts of one array, in order.
  if (first.byteOffset === 0 && first.buffer.byteLength === 4 * length) return new Float32Array(first.buffer)
  const entries = new Float32Array(length)
  let at = 0
  const copy = (part: Cells): void => {
    if (part instanceof Float32Array) {
      entries.set(part, at)
      at += part.length
    } else part.forEach(copy)
  }
  copy(cells)
  return entries
}

/** Whether this program can run WebAssembly kernels, and whether a page gives it WebGL. */
export const supports = (): { readonly webasm: boolean; readonly webgl: boolean; readonly webgl2: boolean } => ({
  webasm: GPU.isWebAssemblySupported,
  webgl: GPU.isWebGLSupported,
  webgl2: GPU.isWebGL2Supported,
})
