/**
 * Which backend runs a plan, and why.
 *
 * gpu.js's own choice prefers software GL over WebAssembly, twenty times slower; so the choice is made here, and after a run gpu.js
 * says what really ran.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem, type Problem } from '../../dsl/problem.js'
import { type GpuMode, supports } from './gpu-js/runtime.js'
import { adapterName, isSoftware, mayHaveGpu, requestAdapter } from './gpu-js/webgpu.js'
import { onnxRuntime } from './onnx/runtime.js'
import { operationCount } from './operation.js'
import type { Plan, Step } from './plan.js'

/** What a user may ask for. */
export const backendNames = ['auto', 'cpu', 'webasm', 'webgl', 'webgpu', 'onnx'] as const
export type BackendName = (typeof backendNames)[number]

export interface BackendChoice {
  /** A mode of gpu.js, or onnxruntime. */
  readonly mode: GpuMode | 'onnx'
  /** Why this one: shown to the user. */
  readonly reason: string
  /** The name of the WebGPU adapter, where one is used. */
  readonly adapter: string | undefined
}

/**
 * The mode for a wish, or why it cannot be had here.
 *
 * `auto` takes WebGPU on a real adapter, else WebAssembly, else plain JavaScript; a wish for one backend is never quietly replaced.
 * Problems: `unsupported`, with what this machine lacks.
 */
export const chooseBackend = async (wish: BackendName): Promise<Either<Problem, BackendChoice>> => {
  const { webasm, webgl, webgl2 } = supports()
  const unsupported = (what: string, remedy: string): Either<Problem, never> =>
    left(problem('unsupported', `backend ${wish}`, what, remedy))
  const choice = (mode: BackendChoice['mode'], reason: string, adapter?: string): Either<Problem, BackendChoice> =>
    right({ mode, reason, adapter })

  switch (wish) {
    case 'cpu':
      return choice('cpu', 'asked for')
    case 'webasm':
      return webasm ? choice('webasm', 'asked for') : unsupported('there is no WebAssembly here', 'use cpu or auto')
    case 'webgl':
      if (webgl2) return choice('webgl2', 'asked for')
      if (webgl) return choice('webgl', 'asked for')
      return unsupported('there is no WebGL here: Node has none, a browser does', 'use auto, webasm or cpu')
    case 'webgpu': {
      const adapter = await requestAdapter()
      return adapter === undefined
        ? unsupported('no WebGPU adapter answers', 'install a Vulkan, Metal or Direct3D 12 driver, or use auto')
        : choice('webgpu', 'asked for', adapterName(adapter))
    }
    case 'onnx': {
      const runtime = await onnxRuntime()
      return isLeft(runtime) ? runtime : choice('onnx', `asked for: ${runtime.right.name}`)
    }
    case 'auto': {
      const adapter = (await mayHaveGpu()) ? await requestAdapter() : undefined
      if (adapter !== undefined && !isSoftware(adapter))
        return choice('webgpu', `a GPU answers: ${adapterName(adapter)}`, adapterName(adapter))
      const why = adapter === undefined ? 'no GPU answers' : `the only adapter is software (${adapterName(adapter)})`
      return webasm ? choice('webasm', why) : choice('cpu', `${why}, and there is no WebAssembly`)
    }
  }
}

/** What runs a plan. */
export type PlanChoice =
  BackendChoice | { readonly mode: 'loops'; readonly reason: string; readonly adapter: undefined }

/** Plain loops over fewer operations and entries are done before a call of gpu.js would begin. */
const fewOperations = 2 ** 9

const plainLoops: PlanChoice = {
  mode: 'loops',
  reason: 'there is so little to do that plain loops take less time than a call of anything else',
  adapter: undefined,
}

/** Matrix products of fewer operations take less time than it takes to hand them over. */
const worthOnnx = 2 ** 25

/**
 * The backend for a plan. `auto` takes plain loops where there is little to do; and where it has found no GPU, onnxruntime for large
 * matrix products, if it is installed: it is faster at these than anything that gpu.js can make of a processor.
 */
export const forPlan = (wish: BackendName, choice: BackendChoice, plan: Plan): Promise<PlanChoice> => {
  const { loop, steps, tensors, operations } = plan
  if (loop !== undefined) return Promise.resolve(choice)
  const entries = steps.reduce((sum, { result }) => sum + tensors[result]!.rows * tensors[result]!.columns, 0)
  if (wish === 'auto' && operations + entries < fewOperations) return Promise.resolve(plainLoops)
  return forOperations(wish, choice, steps)
}

/** The same for steps that are many, or done once. */
export const forOperations = async (
  wish: BackendName,
  choice: BackendChoice,
  steps: readonly Step[],
): Promise<BackendChoice> => {
  const isProcessor = choice.mode === 'webasm' || choice.mode === 'cpu'
  if (wish !== 'auto' || !isProcessor) return choice
  const products = steps.reduce(
    (sum, { operation }) =>
      operation.kind === 'affine' || operation.kind === 'contract' ? sum + operationCount(operation) : sum,
    0,
  )
  if (products < worthOnnx) return choice
  const runtime = await onnxRuntime()
  if (isLeft(runtime)) return choice
  const reason = `${choice.reason}; ${products.toLocaleString('en-US')} operations are matrix products, and ${runtime.right.name} is installed`
  return { mode: 'onnx', reason, adapter: undefined }
}
