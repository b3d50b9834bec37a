/** Runs single operations as kernels, beside the float64 reference on the same float32 numbers. */
import { stepsPipeline } from '../../src/compile/gpu-js/pipeline.js'
import type { Execution, FloatMatrix, GpuMode } from '../../src/compile/gpu-js/runtime.js'
import { type KernelOperation, type KernelStep, resultShape } from '../../src/compile/operation.js'
import { applyReference } from '../../src/compile/reference.js'

export interface KernelRun {
  readonly results: readonly Float32Array[]
  readonly execution: Execution
}

/** Numbers that look random, from -1 to 1, always the same for a seed. */
export const noise = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}

export const filled = (rows: number, columns: number, entry: (row: number, column: number) => number): FloatMatrix => ({
  rows,
  columns,
  entries: Float32Array.from({ length: rows * columns }, (_, at) => entry(Math.floor(at / columns), at % columns)),
})

/** Steps on given tensors, which are numbered first. */
export const runSteps = async (
  given: readonly FloatMatrix[],
  steps: readonly KernelStep[],
  wanted: readonly number[],
  mode: GpuMode,
): Promise<KernelRun> => {
  const tensors: { readonly rows: number; readonly columns: number }[] = [...given]
  for (const { operation, result } of steps) tensors[result] = resultShape(operation)
  const slots = given.map((_, slot) => slot)
  const pipeline = stepsPipeline(tensors, steps, slots, wanted, mode)
  try {
    const results = await pipeline.run(given)
    return { results, execution: pipeline.execution()! }
  } finally {
    await pipeline.destroy()
  }
}

/** One operation, read by no other. */
export const runOperation = async (
  operation: KernelOperation,
  operands: readonly FloatMatrix[],
  mode: GpuMode,
): Promise<Float32Array> => {
  const result = operands.length
  const step = { operation, operands: operands.map((_, slot) => slot), result }
  return (await runSteps(operands, [step], [result], mode)).results[0]!
}

/** One operation whose result another kernel reads as well, so that it is stored entry by entry. */
export const runInner = async (
  operation: KernelOperation,
  operands: readonly FloatMatrix[],
  mode: GpuMode,
): Promise<Float32Array> => {
  const result = operands.length
  const { rows, columns } = resultShape(operation)
  const steps: readonly KernelStep[] = [
    { operation, operands: operands.map((_, slot) => slot), result },
    {
      operation: { kind: 'concatenate', rows, left: columns, right: columns },
      operands: [result, result],
      result: result + 1,
    },
  ]
  const [inner, twice] = (await runSteps(operands, steps, [result, result + 1], mode)).results
  inner!.forEach((entry, at) => {
    const place = Math.floor(at / columns) * 2 * columns + (at % columns)
    if (!Object.is(twice![place], entry) || !Object.is(twice![place + columns], entry))
      throw new Error(`entry ${at} is ${entry}, but was read as ${twice![place]} and ${twice![place + columns]}`)
  })
  return inner!
}

export const exactly = (operation: KernelOperation, operands: readonly FloatMatrix[]): Float64Array =>
  applyReference(
    operation,
    operands.map(({ entries }) => Float64Array.from(entries)),
    operands.map(({ columns }) => columns),
  )
