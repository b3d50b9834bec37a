/**
 * Matrix products by kernels of gpu.js or by onnxruntime, in float32, where they are large enough to be worth it.
 *
 * Measured by bench/training.ts on two busy cores, the way into float32 and back included: float64 loops over tiles do 2 to 4e9 operations
 * a second. WebAssembly by gpu.js does as many, and from 1e9 operations a product on up to one and a half times as many, by threads.
 * onnxruntime does three to five times as many from 4e6 operations a product on; a whole step of a transformer is then 1.6 (V = 512,
 * d = 64) to 3.1 times (V = 4096, d = 256) as fast, one of an MLP 1.7 to 1.9 times from a layer of 256 on. Smaller products cost less
 * than handing them over.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import { box } from '../../dsl/diagram.js'
import type { Problem } from '../../dsl/problem.js'
import { type BackendChoice, type BackendName, chooseBackend, forOperations } from '../compile/backend.js'
import { stepsPipeline } from '../compile/gpu-js/pipeline.js'
import type { FloatMatrix, Pipeline } from '../compile/gpu-js/runtime.js'
import { createOnnxPipeline } from '../compile/onnx/pipeline.js'
import { planRecorder } from '../compile/plan-recorder.js'
import { type Matrix, matrix } from '../linear-algebra/matrix.js'
import { productTransposed } from '../linear-algebra/product-transposed.js'
import type { ProductRequest } from './products.js'

export interface KernelProducts {
  readonly backend: BackendChoice
  /** A B^T. */
  readonly product: (request: ProductRequest) => Matrix | Promise<Matrix>
  /** How many products went to kernels, and how many to float64 loops. */
  readonly counts: () => { readonly kernels: number; readonly loops: number }
  readonly dispose: () => Promise<void>
}

/** From so many operations on a product goes to kernels: measured for webasm and onnx, estimates for the others. */
const worthwhile: Readonly<Record<BackendChoice['mode'], number>> = {
  cpu: 2 ** 30,
  webasm: 2 ** 30,
  webgl: 2 ** 24,
  webgl2: 2 ** 24,
  webgpu: 2 ** 24,
  onnx: 2 ** 22,
}

/** The multiplications and additions of A B^T. */
const operationsOf = ({ left, right: other }: ProductRequest): number => 2 * left.rows * left.columns * other.rows

/** Products of one size, as `affine` steps of a plan: x W^T. */
const recordProduct = ({ left, right: other }: ProductRequest) => {
  const { tensors, steps, step, parameter } = planRecorder()
  const table = (name: string, rows: number, columns: number): number =>
    parameter(box(name, [], []), 'table', rows, columns, undefined)
  const given = [
    table('left', left.rows, left.columns),
    table('right', other.rows, other.columns),
    table('bias', 1, other.rows),
  ]
  const operation = {
    kind: 'affine',
    rows: left.rows,
    inputs: left.columns,
    outputs: other.rows,
    activation: 'identity',
  } as const
  return { tensors, steps, given, result: step(operation, given) }
}

const inFloat32 = ({ rows, columns, entries }: Matrix): FloatMatrix => ({
  rows,
  columns,
  entries: Float32Array.from(entries),
})

/**
 * Products by a backend; `from`, if it is given, is the number of operations from which a product goes to kernels, else what was
 * measured. `auto` takes a GPU, else onnxruntime if it is installed, else WebAssembly. Problems: a backend that this machine lacks.
 */
export const kernelProducts = async (wish: BackendName, from?: number): Promise<Either<Problem, KernelProducts>> => {
  const chosen = await chooseBackend(wish)
  if (isLeft(chosen)) return chosen
  const large = matrix(1024, 1024)
  const backend = await forOperations(wish, chosen.right, recordProduct({ left: large, right: large }).steps)
  const { mode } = backend
  const threshold = from ?? worthwhile[mode]
  const pipelines = new Map<string, Pipeline>()
  let [kernels, loops] = [0, 0]

  const pipelineOf = (request: ProductRequest): Pipeline => {
    const key = `${request.left.rows} ${request.left.columns} ${request.right.rows}`
    const known = pipelines.get(key)
    if (known !== undefined) return known
    const { tensors, steps, given, result } = recordProduct(request)
    const made =
      mode === 'onnx'
        ? createOnnxPipeline(
            { batch: request.left.rows, tensors, steps, loop: undefined },
            [],
            given,
            [result],
            undefined,
          )
        : stepsPipeline(tensors, steps, given, [result], mode)
    pipelines.set(key, made)
    return made
  }
  const byKernels = async (request: ProductRequest): Promise<Matrix> => {
    const { left, right: other } = request
    const bias = { rows: 1, columns: other.rows, entries: new Float32Array(other.rows) }
    const [entries] = await pipelineOf(request).run([inFloat32(left), inFloat32(other), bias])
    return matrix(left.rows, other.rows, Float64Array.from(entries!))
  }
  return right({
    backend,
    product: (request) => {
      if (operationsOf(request) < threshold) {
        loops++
        return productTransposed(request.left, request.right)
      }
      kernels++
      return byKernels(request)
    },
    counts: () => ({ kernels, loops }),
    dispose: async () => {
      for (const pipeline of pipelines.values()) await pipeline.destroy()
      pipelines.clear()
    },
  })
}
