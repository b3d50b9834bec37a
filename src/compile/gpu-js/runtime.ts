/**
 * gpu.js behind a narrow typed interface: the only module that imports it, and the one place of this folder where the compiler is
 * overruled, because gpu.js types an `Input`'s numbers as a plain array and a pipeline's handles and results as anything at all.
 *
 * A plan is one gpu.js pipeline: all its kernels over one memory, one dispatch a call. It says itself which backend really ran.
 */
import { GPU, type IKernelRunShortcut, Input, type IPipelineRunShortcut } from 'gpu.js'

import type { KernelSource } from './source.js'

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
  /** Slots: the arguments of the pipeline come first, then the results of the steps. */
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

/** Compiles steps to one pipeline that gives the slots in `results`. */
export const createPipeline = (
  mode: GpuMode,
  inputCount: number,
  steps: readonly PipelineStep[],
  results: readonly number[],
): Pipeline => {
  const gpu = new GPU({ mode })
  const kernels = new Map<string, IKernelRunShortcut>()
  const kernelOf = ({ source, rows, columns }: KernelSource): IKernelRunShortcut => {
    const key = `${rows}x${columns} ${source}`
    const known =
      kernels.get(key) ??
      gpu.createKernel(source, { output: [columns, rows], precision: 'single' }).setLoopMaxIterations(loopMaxIterations)
    kernels.set(key, known)
    return known
  }
  const stepKernels = steps.map(({ kernel }) => kernelOf(kernel))

  // Called once, with a handle for each argument; gpu.js counts the arguments by the function's length.
  const orchestrate = (...handles: unknown[]): unknown[] => {
    const slots = [...handles]
    steps.forEach(({ operands }, index) => {
      const call = stepKernels[index]! as unknown as (...operands: unknown[]) => unknown
      slots.push(call(...operands.map((slot) => slots[slot])))
    })
    return results.map((slot) => slots[slot])
  }
  Object.defineProperty(orchestrate, 'length', { value: inputCount })
  const pipeline: IPipelineRunShortcut = gpu.createPipeline(orchestrate)
  let execution: Execution | undefined

  return {
    run: async (inputs) => {
      const handed = inputs.map(
        ({ rows, columns, entries }) => new Input(entries as unknown as number[], [columns, rows]),
      )
      const given = (await pipeline(...handed)) as unknown as readonly (readonly Float32Array[])[]
      execution = {
        backend: pipeline.backend ?? 'unknown',
        executor: pipeline.pipeline.executorKind,
        fallbackReason: pipeline.pipeline.fallbackReason ?? undefined,
      }
      return given.map(flatten)
    },
    execution: () => execution,
    destroy: async () => {
      await pipeline.destroy()
      await gpu.destroy()
    },
  }
}

const flatten = (rows: readonly Float32Array[]): Float32Array => {
  const columns = rows[0]?.length ?? 0
  const entries = new Float32Array(rows.length * columns)
  rows.forEach((row, index) => entries.set(row, index * columns))
  return entries
}

/** Whether this program can run WebAssembly kernels, and whether a page gives it WebGL. */
export const supports = (): { readonly webasm: boolean; readonly webgl: boolean; readonly webgl2: boolean } => ({
  webasm: GPU.isWebAssemblySupported,
  webgl: GPU.isWebGLSupported,
  webgl2: GPU.isWebGL2Supported,
})
