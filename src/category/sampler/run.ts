/**
 * Drawing from a morphism: its normal form is walked once for each block of draws.
 *
 * A wire has a column only from the box that writes it to the last one that reads it, so that memory grows with how many wires are
 * alive at once, and not with the number of boxes.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { NormalForm } from '../../../dsl/normal-form.js'
import type { Problem } from '../../../dsl/problem.js'
import type { SampleValue } from './meaning.js'
import { formOf, isSamplerBox, type SamplerMorphism } from './morphism.js'
import {
  checkOptions,
  type SampleColumn,
  emptyColumn,
  type GivenValue,
  readInputs,
  type SampleOptions,
  type Samples,
  writeColumn,
  writeValue,
} from './samples.js'
import { type Placed, type Step, stepOf } from './step.js'

/**
 * Draws from a morphism at one value for each of its inputs.
 *
 * Draw i depends on the normal form of the morphism, the seed and i alone: not on how many draws are asked for, and not on how the
 * morphism was put together. Finite wires are the same on every machine; normal numbers may differ in the last digits, as the host's
 * logarithm and cosine do. Uniform numbers have 53 bits, so that what is rarer than 2^-53 is not resolved.
 *
 * Errors: `invalid-value` for inputs that are no values of the wires, `out-of-range` for a seed, count or first draw that is none,
 * `unsupported` for a finite wire of more than 2^31 - 1 elements. Functions of the user's that break their promises throw.
 *
 * @example
 * const Die = finite('Die', 6)
 * const roll = toUnion(Sampler.read([[1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6]], [], [Die], 'roll'))
 * const { columns } = toUnion(sample(Sampler.par(roll, roll), [], { seed: 2, count: 1000 }))
 * columns.map((column) => column.kind) // => ['finite', 'finite']
 */
export const sample = (
  f: SamplerMorphism,
  inputs: readonly GivenValue[],
  options: SampleOptions,
): Either<Problem, Samples> => {
  const values = readInputs(f.diagram.inputs, inputs)
  if (isLeft(values)) return values
  const checked = checkOptions(options)
  if (isLeft(checked)) return checked
  const wires = f.diagram.outputs
  const columns = wires.map((wire) => emptyColumn(wire, options.count))
  run(formOf(f), values.right, checked.right, stepOf, (block, start, length) =>
    columns.forEach((column, index) => writeColumn(column, start, block[index]!, length)),
  )
  return right({ wires, count: options.count, columns })
}

/** The type of `sample`: whatever draws from morphisms can be held against the laws of samplers. */
export type Draw = typeof sample

/** What is done with a block: the outputs' columns, which hold its draws from 0 on, and which of the wanted draws they are. */
export type Visit = (outputs: readonly SampleColumn[], start: number, length: number) => void

/** Most draws in a block, and most numbers in all its columns: what a processor keeps at hand. */
export const largestBlock = 1024
const largestStore = 2 ** 22

/** Makes the draws block by block; `stepFor` says how each box takes part. */
export const run = (
  form: NormalForm,
  inputs: readonly SampleValue[],
  { seed, count, first }: Required<SampleOptions>,
  stepFor: (placed: Placed) => Step,
  visit: Visit,
): void => {
  const { slots, slotOf } = allocate(form)
  const numbersADraw = slots.reduce(
    (sum, wire) => sum + (form.wires[wire]!.kind === 'real' ? dimensionAt(form, wire) : 1),
    0,
  )
  const block = Math.max(1, Math.min(count, largestBlock, Math.floor(largestStore / Math.max(1, numbersADraw))))
  const store = slots.map((wire) => emptyColumn(form.wires[wire]!, block))
  const columnOf = (wire: number): SampleColumn => store[slotOf[wire]!]!

  inputs.forEach((value, wire) => {
    for (let draw = 0; draw < block; draw++) writeValue(columnOf(wire), draw, value)
  })
  const scratch = { rows: new Int32Array(block), outcomes: new Int32Array(block) }
  const steps = form.boxes.map(({ box, inputs: reads, firstOutput }, place) => {
    if (!isSamplerBox(box)) throw new Error(`Sampler: box '${box.name}' carries nothing to sample`)
    const writes = box.outputs.map((_, port) => columnOf(firstOutput + port))
    return stepFor({ box, place, reads: reads.map(columnOf), writes, seed, scratch })
  })
  const outputs = form.outputs.map(columnOf)
  for (let start = 0; start < count; start += block) {
    const length = Math.min(block, count - start)
    for (const step of steps) step(first + start, length)
    visit(outputs, start, length)
  }
}

const dimensionAt = ({ wires }: NormalForm, wire: number): number => {
  const type = wires[wire]!
  return type.kind === 'real' ? type.dimension : 1
}

/** For each column a wire that it fits, and for each wire its column; a column is taken again once its wire has been read. */
const allocate = (form: NormalForm): { readonly slots: readonly number[]; readonly slotOf: Int32Array } => {
  const { wires, inputCount, boxes, outputs } = form
  const never = boxes.length
  const lastRead = new Int32Array(wires.length).fill(-1)
  boxes.forEach(({ inputs }, index) => inputs.forEach((wire) => (lastRead[wire] = index)))
  outputs.forEach((wire) => (lastRead[wire] = never))
  // Inputs are written once, before the first block.
  lastRead.fill(never, 0, inputCount)

  const slots: number[] = []
  const slotOf = new Int32Array(wires.length)
  const free = new Map<number, number[]>()
  const shapeOf = (wire: number): number => (wires[wire]!.kind === 'real' ? dimensionAt(form, wire) : -1)
  const take = (wire: number): void => {
    const slot = free.get(shapeOf(wire))?.pop() ?? slots.push(wire) - 1
    slotOf[wire] = slot
  }
  const giveBack = (wire: number): void => {
    const shape = shapeOf(wire)
    const others = free.get(shape)
    if (others === undefined) free.set(shape, [slotOf[wire]!])
    else others.push(slotOf[wire]!)
  }

  for (let wire = 0; wire < inputCount; wire++) take(wire)
  boxes.forEach(({ box, inputs, firstOutput }, index) => {
    const writes = box.outputs.map((_, port) => firstOutput + port)
    writes.forEach(take)
    for (const wire of new Set(inputs)) if (lastRead[wire] === index) giveBack(wire)
    for (const wire of writes) if (lastRead[wire] === -1) giveBack(wire)
  })
  return { slots, slotOf }
}
