/** Runs operations of plans on onnxruntime, beside the float64 reference. */
import fc from 'fast-check'
import { expect } from 'vitest'

import { box, finite, real, sequence } from '../../dsl/index.js'
import { createOnnxPipeline } from '../../src/compile/onnx/pipeline.js'
import { type Operation, resultShape } from '../../src/compile/operation.js'
import type { Step, Tensor } from '../../src/compile/plan.js'
import { applyReference } from '../../src/compile/reference.js'

/** A matrix that an operation reads. */
export interface Given {
  readonly rows: number
  readonly columns: number
  readonly entries: ArrayLike<number>
  /** Its rows are those of each member of the batch; otherwise it is a parameter. */
  readonly batched?: boolean
  /** Its entries are element numbers. */
  readonly whole?: boolean
}

type Steps = readonly { readonly operation: Operation; readonly operands: readonly number[] }[]

/** Whether a number is what it should be, for a kind of operation. */
export type Agreement = (found: number, wanted: number, kind: Operation['kind']) => boolean

const nearly: Agreement = (found, wanted) => Math.abs(found - wanted) <= 2e-6 * (1 + Math.abs(wanted))
export const toTheLastBit: Agreement = (found, wanted) => found === Math.fround(wanted)

/** Runs operations on onnxruntime, with parameters inside the graph and with parameters as inputs, and in float64. */
export const compare = async (
  batch: number,
  given: readonly Given[],
  operations: Steps,
  agrees: Agreement = nearly,
): Promise<void> => {
  const batched = given.filter((matrix) => matrix.batched)
  const tensors: Tensor[] = given.map(({ rows, columns, whole, batched: isInput }, number) => ({
    rows,
    columns,
    source:
      isInput === true
        ? { kind: 'input', port: batched.indexOf(given[number]!) }
        : {
            kind: 'parameter',
            box: box(`p${number}`, [], []),
            parameter: whole === true ? 'function' : 'table',
            varying: false,
          },
  }))
  const steps = operations.map(({ operation, operands }, step): Step => {
    const result = tensors.push({ ...resultShape(operation), source: { kind: 'step', step } }) - 1
    return { operation, operands, result }
  })
  const exact: Float64Array[] = given.map(({ entries }) => Float64Array.from(entries))
  for (const { operation, operands } of steps)
    exact.push(
      applyReference(
        operation,
        operands.map((tensor) => exact[tensor]!),
        operands.map((tensor) => tensors[tensor]!.columns),
      ),
    )

  const wires = batched.map(({ rows, columns, whole }, port) => {
    const width = (rows / batch) * columns
    return whole === true ? sequence(`w${port}`, finite('S', 1000), width) : real(`w${port}`, width)
  })
  const results = steps.map(({ result }) => result)
  const plan = { batch, tensors, steps, loop: undefined }
  for (const inside of [true, false]) {
    const handed = given.flatMap((matrix, tensor) => (inside && matrix.batched !== true ? [] : [tensor]))
    const pipeline = createOnnxPipeline(
      plan,
      wires,
      handed,
      results,
      inside ? (tensor) => given[tensors.indexOf(tensor)]!.entries : undefined,
    )
    const found = await pipeline.run(
      handed.map((tensor) => ({ ...tensors[tensor]!, entries: Float32Array.from(given[tensor]!.entries) })),
    )
    await pipeline.destroy()
    expect(pipeline.execution()?.backend).toBe('onnx')
    results.forEach((result, place) => {
      const wanted = exact[result]!
      expect(found[place]!.length).toBe(wanted.length)
      found[place]!.forEach((value, k) => {
        const { kind } = operations[place]!.operation
        if (!agrees(value, wanted[k]!, kind)) expect.fail(`${kind}, entry ${k}: ${value} for ${wanted[k]}`)
      })
    })
  }
}

export const numbers = (count: number, low = 0, high = 1): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.double({ min: low, max: high, noNaN: true }).map((number) => Math.fround(number)),
    { minLength: count, maxLength: count },
  )
export const wholeNumbers = (count: number, below: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(below - 1), { minLength: count, maxLength: count })
export const size = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most })
