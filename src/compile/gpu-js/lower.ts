/**
 * Steps as kernels of one gpu.js pipeline: which kernels, where each finds its operands, and how results are read.
 *
 * For WebAssembly the kernels are written for what gpu.js makes of them there; everywhere else they are one cell an entry.
 */
import type { CategoricalEntropyName } from '../../information/categorical-entropy.js'
import { type KernelStep, operationCount, resultShape } from '../operation.js'
import { onePassKernel, type HeadResult } from './head.js'
import { type Kernel, readResult } from './kernel.js'
import type { GpuMode, PipelineStep } from './runtime.js'
import { kernelSource } from './source.js'
import { headOf, lowerOperation, type Operand } from './webasm/lower.js'
import { copyKernel } from './webasm/rows.js'

interface Shape {
  readonly rows: number
  readonly columns: number
}

/** Where a tensor is found after a run. */
interface Place {
  readonly slot: number
  readonly kernel: Kernel
  readonly component: number
}

export interface LoweredSteps {
  readonly steps: readonly PipelineStep[]
  /** The slots that a run gives, each once. */
  readonly results: readonly number[]
  /** The entries of the wanted tensors, in order, row-major, from what a run gives. */
  readonly read: (results: readonly Float32Array[]) => readonly Float32Array[]
  /** Whether there is enough to do for several threads. */
  readonly isLarge: boolean
}

/** Fewer operations take less time than it takes to wake threads. */
const fewOperations = 2 ** 21

/** Results of more entries are given back by rows. */
const manyCells = 2 ** 12

/** `given` are the tensors that are handed over at each run, in order, and `wanted` those that a run gives, all results of steps. */
export const lowerSteps = (
  tensors: readonly Shape[],
  allSteps: readonly KernelStep[],
  given: readonly number[],
  wanted: readonly number[],
  mode: GpuMode,
): LoweredSteps => {
  const steps = needed(allSteps, wanted)
  const lowered: PipelineStep[] = []
  const known = new Map<string, number>()
  /** A kernel that has been recorded on the same operands is not run again. */
  const record = (kernel: Kernel, operands: readonly number[]): number => {
    const key = `${operands.join(' ')} ${kernel.output.join(' ')} ${kernel.source}`
    const slot = known.get(key) ?? given.length + lowered.push({ kernel, operands }) - 1
    known.set(key, slot)
    return slot
  }
  const places =
    mode === 'webasm' ? onWebAssembly(tensors, steps, given, wanted, record) : portable(steps, given, record)
  const results = [...new Set(wanted.map((tensor) => places.get(tensor)!.slot))]
  return {
    steps: lowered,
    results,
    read: (flat) =>
      wanted.map((tensor) => {
        const { slot, kernel, component } = places.get(tensor)!
        const { rows, columns } = tensors[tensor]!
        return readResult(flat[results.indexOf(slot)]!, kernel, rows, columns, component)
      }),
    isLarge: steps.reduce((sum, { operation }) => sum + operationCount(operation), 0) >= fewOperations,
  }
}

/** The steps that what is wanted depends on. */
const needed = (steps: readonly KernelStep[], wanted: readonly number[]): readonly KernelStep[] => {
  const live = new Set(wanted)
  const kept = steps.toReversed().filter(({ operands, result }) => {
    if (!live.has(result)) return false
    for (const operand of operands) live.add(operand)
    return true
  })
  return kept.reverse()
}

type Record = (kernel: Kernel, operands: readonly number[]) => number

const portable = (steps: readonly KernelStep[], given: readonly number[], record: Record): Map<number, Place> => {
  const slots = new Map(given.map((tensor, slot) => [tensor, slot]))
  const places = new Map<number, Place>()
  for (const { operation, operands, result } of steps) {
    const kernel = kernelSource(operation)
    const slot = record(
      kernel,
      operands.map((tensor) => slots.get(tensor)!),
    )
    slots.set(result, slot)
    places.set(result, { slot, kernel, component: 0 })
  }
  return places
}

const onWebAssembly = (
  tensors: readonly Shape[],
  steps: readonly KernelStep[],
  given: readonly number[],
  wanted: readonly number[],
  record: Record,
): Map<number, Place> => {
  const read = new Set(steps.flatMap(({ operands }) => operands))
  const isFinal = (tensor: number): boolean => wanted.includes(tensor) && !read.has(tensor)
  const available = new Map(
    given.map((tensor, slot): [number, Operand] => {
      const { rows, columns } = tensors[tensor]!
      return [tensor, { slot, rows, layout: { stride: columns } }]
    }),
  )
  const places = new Map<number, Place>()
  const alike = headsAlike(steps, isFinal)

  for (const step of steps) {
    const { operation, operands, result } = step
    if (places.has(result)) continue
    const at = operands.map((tensor) => available.get(tensor)!)
    const group = alike.get(step)
    if (group !== undefined && operation.kind === 'affine-entropy') {
      const { head, at: headAt } = headOf(operation, at, record)
      const kernel = onePassKernel(
        head,
        group.map(({ measure }) => measure),
      )
      const slot = record(kernel, headAt)
      group.forEach(({ tensor }, component) => places.set(tensor, { slot, kernel, component }))
      continue
    }
    const isWanted = wanted.includes(result)
    const { kernel, slot } = lowerOperation(operation, at, { isRead: read.has(result), isWanted }, record)
    if (isWanted) {
      const { rows, columns } = tensors[result]!
      const copy =
        kernel.result.kind === 'matrix' && kernel.output[0] === 4 && rows * columns >= manyCells
          ? copyKernel(rows, columns, kernel.result.layout.stride)
          : undefined
      const from = copy === undefined ? slot : record(copy, [slot])
      places.set(result, { slot: from, kernel: copy ?? kernel, component: 0 })
    }
    if (kernel.result.kind === 'matrix')
      available.set(result, { slot, rows: resultShape(operation).rows, layout: kernel.result.layout })
  }
  return places
}

interface Wanted {
  readonly measure: Exclude<HeadResult, 'log-sum-exp'>
  readonly tensor: number
}

/** For steps that are final and ask for different entropies of one head: those that one pass gives, up to four. */
const headsAlike = (
  steps: readonly KernelStep[],
  isFinal: (tensor: number) => boolean,
): ReadonlyMap<KernelStep, readonly Wanted[]> => {
  const heads = new Map<string, { readonly step: KernelStep; readonly wanted: Wanted }[]>()
  for (const step of steps) {
    const { operation, operands, result } = step
    if (operation.kind !== 'affine-entropy' || !isFinal(result) || !isOnePass(operation.measure)) continue
    const key = operands.join(' ')
    heads.set(key, [...(heads.get(key) ?? []), { step, wanted: { measure: operation.measure, tensor: result } }])
  }
  const alike = new Map<KernelStep, readonly Wanted[]>()
  for (const group of heads.values()) {
    if (group.length < 2) continue
    for (let first = 0; first < group.length; first += 4) {
      const together = group.slice(first, first + 4)
      if (together.length > 1)
        for (const { step } of together)
          alike.set(
            step,
            together.map(({ wanted }) => wanted),
          )
    }
  }
  return alike
}

const isOnePass = (measure: CategoricalEntropyName): measure is Wanted['measure'] => measure !== 'jensen-shannon'
