/** Diagrams as sums of products, for programs that know no diagrams. */
import type { Box } from '../../dsl/diagram.js'
import { normalForm } from '../../dsl/normal-form.js'
import { cardinality, type Wires } from '../../dsl/object.js'
import { type Diagram, wiringOf } from '../../dsl/index.js'
import { outputsOf, type WiredBox } from '../../dsl/wiring.js'
import type { Rows } from '../../src/index.js'
import type { Einsum, Given, Operand } from './numpy.js'

/** The tables of boxes as arrays, each once, and the factors over wires that read them. */
interface Tables {
  readonly arrays: Given[]
  readonly factor: (box: WiredBox) => Operand
  /** An array that is no box's, by a name of its own. */
  readonly other: (name: string, make: () => Given, indices: readonly number[]) => Operand
}

const tablesOf = (
  wires: Wires,
  meanings: Readonly<Record<string, Rows>>,
  inputs: ReadonlyMap<number, number>,
): Tables => {
  const arrays: Given[] = []
  const places = new Map<string, number>()
  const operand = (name: string, make: () => Given, indices: readonly number[]): Operand => {
    const array = places.get(name) ?? arrays.push(make()) - 1
    places.set(name, array)
    return { array, indices, at: new Map([...inputs].filter(([wire]) => indices.includes(wire))) }
  }
  const arrayOf = ({ name }: Box, indices: readonly number[]): Given => ({
    dimensions: indices.map((index) => sizeOf(wires, index)),
    entries: meanings[name]!.flat(),
  })
  return {
    arrays,
    factor: (wired) => {
      const indices = [...wired.inputs, ...outputsOf(wired)]
      return operand(`box ${wired.box.name}`, () => arrayOf(wired.box, indices), indices)
    },
    other: operand,
  }
}

const sizeOf = (wires: Wires, index: number): number => cardinality(wires[index]!)!

/**
 * The normal form as one sum of products for each output, over the boxes that it depends on: a copy is an index that several factors
 * share, a discard is nothing. Inputs have these values.
 */
export const normalisedEinsum = (
  name: string,
  diagram: Diagram,
  meanings: Readonly<Record<string, Rows>>,
  inputs: readonly number[] = [],
): Einsum => {
  const form = normalForm(diagram)
  const tables = tablesOf(form.wires, meanings, new Map(inputs.entries()))
  const operands = form.boxes.map(tables.factor)
  const makers = new Map(form.boxes.flatMap((box, place) => outputsOf(box).map((wire) => [wire, place])))
  const ancestors = (wire: number): readonly number[] => {
    const found = new Set<number>()
    const waiting = [makers.get(wire)]
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (found.has(place)) continue
      found.add(place)
      waiting.push(...form.boxes[place]!.inputs.flatMap((input) => makers.get(input) ?? []))
    }
    return [...found].sort((a, b) => a - b)
  }
  return {
    name,
    arrays: tables.arrays,
    operands,
    sums: form.outputs.map((wire) => ({ operands: ancestors(wire), output: [wire] })),
  }
}

/** All boxes of the normal form in the sum for each output: nothing is known of which of them sum to one. */
export const unprunedEinsum = (name: string, diagram: Diagram, meanings: Readonly<Record<string, Rows>>): Einsum => {
  const einsum = normalisedEinsum(name, diagram, meanings)
  const all = einsum.operands.map((_, place) => place)
  return { ...einsum, sums: einsum.sums.map(({ output }) => ({ operands: all, output })) }
}

/**
 * The diagram as it was written as one sum of products: a copy is a tensor that is one on the diagonal, a discard a vector of ones.
 * Every output must be a wire of its own.
 */
export const literalEinsum = (
  name: string,
  diagram: Diagram,
  meanings: Readonly<Record<string, Rows>>,
  inputs: readonly number[] = [],
): Einsum => {
  const { wires, boxes, outputs } = wiringOf(diagram)
  const ends = wires.map((): number[] => [])
  let next = wires.length
  // Each place that reads a wire has an index of its own.
  const end = (wire: number): number => {
    ends[wire]!.push(next)
    return next++
  }
  const ported = boxes.map((box) => ({ ...box, inputs: box.inputs.map(end) }))
  const results = outputs.map(end)
  // A wire that is read once is the place that reads it.
  const single = new Map(
    ends.flatMap(([only, ...more], wire) => (only !== undefined && more.length === 0 ? [[only, wire] as const] : [])),
  )
  const named = (index: number): number => single.get(index) ?? index
  const sizes = new Map(ends.flatMap((all, wire) => [wire, ...all].map((index) => [index, wires[wire]!] as const)))
  const wireAt = Array.from({ length: next }, (_, index) => sizes.get(index)!)
  const tables = tablesOf(wireAt, meanings, new Map(inputs.entries()))
  const operands = ported.map((box) => tables.factor({ ...box, inputs: box.inputs.map(named) }))
  const splits = ends.flatMap((all, wire): Operand[] => {
    const size = sizeOf(wireAt, wire)
    if (all.length === 1) return []
    if (all.length === 0)
      return [tables.other(`discard ${size}`, () => ({ dimensions: [size], entries: ones(size) }), [wire])]
    const dimensions = [wire, ...all].map(() => size)
    return [tables.other(`copy ${dimensions.join(' ')}`, () => diagonal(dimensions), [wire, ...all])]
  })
  const all = [...operands, ...splits]
  return {
    name,
    arrays: tables.arrays,
    operands: all,
    sums: [{ operands: all.map((_, place) => place), output: results.map(named) }],
  }
}

const ones = (size: number): Float32Array => new Float32Array(size).fill(1)

const diagonal = (dimensions: readonly number[]): Given => {
  const [size = 1] = dimensions
  const entries = new Float32Array(size ** dimensions.length)
  const step = dimensions.reduce((sum, _, place) => sum + size ** place, 0)
  for (let k = 0; k < size; k++) entries[k * step] = 1
  return { dimensions, entries }
}
