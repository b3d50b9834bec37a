/** Random well-typed diagrams of finite boxes, with a stochastic matrix for every box. */
import fc from 'fast-check'

import {
  type Box,
  box,
  cardinality,
  copy,
  type Diagram,
  discard,
  finite,
  fold,
  id,
  normalForm,
  par,
  seq,
  sequence,
  swap,
  type Wire,
  type Wires,
} from '../../dsl/index.js'
import type { Rows } from '../../src/category/fin-stoch.js'
import { finiteFunction, type NumericMeanings } from '../../src/compile/meaning.js'
import { openMeaningless } from '../../src/interpret.js'
import { randomDiagram } from './random-diagram.js'

export interface MeantDiagram {
  readonly diagram: Diagram
  readonly meanings: Readonly<Record<string, Rows>>
}

const bit = finite('D', 2)
const wires: readonly Wire[] = [finite('A', ['a0', 'a1']), finite('B', 3), finite('C', 1), bit]

/** Probabilities in eighths, zeros and points included. */
const eighths = (width: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(width - 1), { minLength: 8, maxLength: 8 }).map((picks) => {
    const counts = new Array<number>(width).fill(0)
    for (const pick of picks) counts[pick]! += 1 / 8
    return counts
  })
const point = (width: number): fc.Arbitrary<readonly number[]> =>
  fc.nat(width - 1).map((at) => Array.from({ length: width }, (_, k) => (k === at ? 1 : 0)))

/** Probabilities that float32 does not hold, of all magnitudes down to 1e-9, and zeros. */
const generic = (width: number): fc.Arbitrary<readonly number[]> =>
  fc
    .tuple(
      fc.nat(width - 1),
      fc.array(
        fc.oneof(
          fc.constant(0),
          fc.double({ min: 0.01, max: 1, noNaN: true }),
          fc.double({ min: 1e-9, max: 1e-6, noNaN: true }),
        ),
        { minLength: width, maxLength: width },
      ),
    )
    .map(([at, weights]) => {
      const positive = weights.map((weight, k) => (k === at ? 0.5 + weight : weight))
      const total = positive.reduce((sum, weight) => sum + weight, 0)
      return positive.map((weight) => weight / total)
    })

const size = (object: Wires): number => object.reduce((total, wire) => total * cardinality(wire)!, 1)

interface Layer {
  readonly step: 'box' | 'again' | 'copy' | 'discard' | 'swap'
  readonly at: number
  readonly takes: number
  readonly gives: readonly Wire[]
  readonly deterministic: boolean
}

interface LayeredShape {
  readonly wires: readonly Wire[]
  readonly steps: readonly [Layer['step'], ...Layer['step'][]]
  readonly layers: fc.ArrayConstraints
  /** The most wires that a box takes, how many it gives, and the most that there are side by side. */
  readonly mostTaken: number
  readonly given: fc.ArrayConstraints
  readonly widest: number
  /** The most elements of an object. */
  readonly largest: number
}

/** Layer upon layer of one node each; `again` is a box that was used before. */
const layeredDiagram = (shape: LayeredShape): fc.Arbitrary<Diagram> => {
  const anyWire = fc.constantFrom(...shape.wires)
  const layer: fc.Arbitrary<Layer> = fc.record({
    step: fc.constantFrom(...shape.steps),
    at: fc.nat(7),
    takes: fc.nat(shape.mostTaken),
    gives: fc.array(anyWire, shape.given),
    deterministic: fc.boolean(),
  })
  return fc
    .record({ inputs: fc.array(anyWire, { maxLength: 2 }), layers: fc.array(layer, shape.layers) })
    .map(({ inputs, layers }) => {
      const parts: Diagram[] = [id(...inputs)]
      const known: Box[] = []
      let current: readonly Wire[] = inputs
      layers.forEach(({ step, at, takes, gives, deterministic }, index) => {
        const start = at % (current.length + 1)
        const reading = known.filter((made) => fits(made, current, start))
        const before = step === 'again' ? reading[takes % reading.length] : undefined
        const count = step === 'box' ? takes : step === 'again' ? (before?.inputs.length ?? 0) : step === 'swap' ? 2 : 1
        const taken = current.slice(start, start + count)
        const [first, second] = taken
        const boxed =
          step === 'again' ? before : step === 'box' ? box(`f${index}`, taken, gives, { deterministic }) : undefined
        let middle: Diagram
        if (boxed !== undefined) {
          if (current.length - taken.length + boxed.outputs.length > shape.widest) return
          middle = boxed
          known.push(boxed)
        } else if (step === 'copy' && first !== undefined && current.length < shape.widest) middle = copy(first)
        else if (step === 'discard' && first !== undefined) middle = discard(first)
        else if (step === 'swap' && first !== undefined && second !== undefined) middle = swap(first, second)
        else return
        const after = current.slice(start + taken.length)
        const part = par(id(...current.slice(0, start)), middle, id(...after))
        if (size(part.outputs) > shape.largest) return
        parts.push(part)
        current = part.outputs
      })
      const [head, ...tail] = parts
      return seq(head!, ...tail)
    })
}

const fits = ({ inputs }: Box, current: Wires, start: number): boolean =>
  inputs.length > 0 && inputs.every((wire, port) => current[start + port] === wire)

/** The boxes that a diagram needs a meaning for, each once. */
const boxesOf = (diagram: Diagram): readonly Box[] => {
  const boxes = new Map<string, Box>()
  fold(diagram, {
    leaf: (node) => {
      if (node.kind === 'box') boxes.set(node.name, node)
      return true
    },
    join: () => true,
    empty: () => true,
  })
  return [...boxes.values()]
}

/** A matrix for each box: of points where the box is deterministic, otherwise with rows of its own kind. */
const matricesOf = (
  boxes: readonly Box[],
  kindOf: (index: number) => (width: number) => fc.Arbitrary<readonly number[]>,
): fc.Arbitrary<Readonly<Record<string, Rows>>> =>
  fc.record(
    Object.fromEntries(
      boxes.map(({ name, inputs, outputs, deterministic }, index) => {
        const kind = deterministic ? point : kindOf(index)
        return [name, fc.tuple(...Array.from({ length: size(inputs) }, () => kind(size(outputs))))]
      }),
    ),
  )

/** Small diagrams with probabilities in eighths: what is computed from them is exact in float64. */
export const meantDiagram: fc.Arbitrary<MeantDiagram> = layeredDiagram({
  wires,
  steps: ['box', 'box', 'box', 'copy', 'discard', 'swap'],
  layers: { maxLength: 7 },
  mostTaken: 2,
  given: { maxLength: 2 },
  widest: 4,
  largest: Infinity,
}).chain((diagram) => matricesOf(boxesOf(diagram), () => eighths).map((meanings) => ({ diagram, meanings })))

/** A diagram with what the compiler is handed. */
export interface CompilerCase extends MeantDiagram {
  /** The same meanings, some matrices of points written as functions. */
  readonly numeric: NumericMeanings
  /** For each member of the batch the element of each input. */
  readonly members: readonly (readonly number[])[]
}

/** Sequences too. */
const moreWires: readonly Wire[] = [...wires, sequence('Word', bit, 2)]

const layered = layeredDiagram({
  wires: moreWires,
  steps: ['box', 'box', 'box', 'box', 'again', 'again', 'copy', 'copy', 'discard', 'swap'],
  layers: { minLength: 5, maxLength: 18, size: 'max' },
  mostTaken: 3,
  given: { minLength: 1, maxLength: 3 },
  widest: 5,
  largest: 256,
})

/** Composites within composites, programs, and boxes that contain diagrams. */
const nested = randomDiagram({
  wires: moreWires,
  depth: 3,
  nameOf: (name, { inputs, outputs, deterministic }) =>
    `${name}${deterministic ? '!' : ''}: ${inputs.map(({ name }) => name).join(' ')} -> ${outputs.map(({ name }) => name).join(' ')}`,
})
  .map((diagram) => openMeaningless(diagram, {}))
  .filter((diagram) => mostEntries(diagram) <= 2 ** 14 && normalForm(diagram).boxes.length > 0)

/** The entries of the largest matrix that the interpreter makes of a diagram. */
const mostEntries = (diagram: Diagram): number =>
  fold<{ readonly from: number; readonly to: number; readonly most: number }>(diagram, {
    leaf: ({ inputs, outputs }) => ofShape(size(inputs), size(outputs), 0),
    join: ({ kind }, before, part) => {
      if (before === undefined) return part
      const most = Math.max(before.most, part.most)
      return kind === 'seq'
        ? ofShape(before.from, part.to, most)
        : ofShape(before.from * part.from, before.to * part.to, most)
    },
    empty: ({ inputs }) => ofShape(size(inputs), size(inputs), 0),
  }).most

const ofShape = (from: number, to: number, most: number): { from: number; to: number; most: number } => ({
  from,
  to,
  most: Math.max(most, from * to),
})

/** Rows of one box: all points, all in eighths, or of any size. */
const anyRow = fc.constantFrom(point, eighths, generic, generic)

/** Everything that the compiler takes of finite diagrams: batches, repeated boxes, functions, sequences, rare outcomes. */
export const compilerCase: fc.Arbitrary<CompilerCase> = fc
  .tuple(
    fc.oneof({ arbitrary: layered, weight: 3 }, nested),
    fc.array(anyRow, { minLength: 4, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .chain(([diagram, kinds, asFunction]) => {
    const boxes = boxesOf(diagram)
    const member = fc.tuple(...diagram.inputs.map((wire) => fc.nat(cardinality(wire)! - 1)))
    return fc
      .record({
        meanings: matricesOf(boxes, (index) => kinds[index % kinds.length]!),
        members: fc.array(member, { minLength: 1, maxLength: 6 }),
      })
      .map(({ meanings, members }) => ({
        diagram,
        meanings,
        members,
        numeric: Object.fromEntries(
          boxes.map(({ name, outputs }, index) => {
            const rows = meanings[name]!
            return asFunction[index % asFunction.length]! && rows.every((row) => row.includes(1))
              ? [name, finiteFunction(rows.map((row) => elementsOf(row.indexOf(1), outputs)))]
              : [name, rows]
          }),
        ),
      }))
  })

/** The element of each wire in an element of an object. */
const elementsOf = (element: number, object: Wires): readonly number[] => {
  const elements: number[] = []
  let rest = element
  for (const wire of object.toReversed()) {
    const count = cardinality(wire)!
    elements.unshift(rest % count)
    rest = Math.floor(rest / count)
  }
  return elements
}
