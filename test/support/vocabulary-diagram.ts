/**
 * Random diagrams over a fixed small vocabulary of boxes, so that the same generator occurs often, and ways to write a diagram
 * differently that the axioms allow.
 */
import fc from 'fast-check'

import { desugar } from '../../dsl/desugar.js'
import {
  box,
  copy,
  dataOf,
  type Diagram,
  diagramOf,
  discard,
  finite,
  id,
  par,
  seq,
  swap,
  type Wire,
  type WiredBox,
  type Wires,
  type Wiring,
  wiringOf,
} from '../../dsl/index.js'
import { sizeOf, wireKey } from '../../dsl/object.js'
import { outputsOf } from '../../dsl/wiring.js'
import type { Rows } from '../../src/category/fin-stoch.js'
import type { Meanings } from '../../src/interpret.js'

export const A = finite('A', 2)
export const B = finite('B', 3)
export const vocabulary = {
  s: box('s', [], [A]),
  f: box('f', [A], [A]),
  g: box('g', [A], [A]),
  k: box('k', [A, A], [A]),
  m: box('m', [A], [A, A]),
  toB: box('toB', [A], [B]),
  toA: box('toA', [B], [A]),
  d: box('d', [A], [A], { deterministic: true }),
  e: box('e', [A, A], [A], { deterministic: true }),
  split: box('split', [B], [A, A], { deterministic: true }),
}
export type Word = keyof typeof vocabulary
export const everyWord: readonly Word[] = ['s', 'f', 'g', 'k', 'm', 'toB', 'toA', 'd', 'e', 'split']

/** One box more in a wiring graph, reading the given wires; what it gives has the next numbers. */
export const withBox = (wiring: Wiring, diagram: Diagram, inputs: readonly number[]): Wiring => {
  const node = dataOf(diagram)
  if (node.kind !== 'box') throw new Error('withBox: no box')
  const wired: WiredBox = { box: node, inputs, firstOutput: wiring.wires.length }
  return { ...wiring, wires: [...wiring.wires, ...node.outputs], boxes: [...wiring.boxes, wired] }
}

/** The wires of a wiring graph that are of a type; by how they were picked if there are several. */
const pickWire = (wires: Wires, type: Wire, pick: number, from = 0): number | undefined => {
  const key = wireKey(type)
  const fitting = wires.flatMap((wire, index) => (index >= from && wireKey(wire) === key ? [index] : []))
  return fitting.length === 0 ? undefined : fitting[pick % fitting.length]
}

export interface VocabularyOptions {
  readonly words?: readonly Word[]
  /** The smallest and the largest number of boxes that are tried. */
  readonly boxes?: readonly [least: number, most: number]
  readonly inputs?: Wires
  /** The smallest and the largest number of outputs. */
  readonly outputs?: readonly [least: number, most: number]
}

/** A random wiring graph over the vocabulary. Late wires are read more often, so that chains are frequent. */
export const vocabularyDiagram = ({
  words = everyWord,
  boxes: [leastBoxes, mostBoxes] = [0, 7],
  inputs,
  outputs: [leastOutputs, mostOutputs] = [0, 3],
}: VocabularyOptions = {}): fc.Arbitrary<Diagram> =>
  fc
    .record({
      wires: inputs === undefined ? fc.array(fc.constantFrom<Wire>(A, A, B), { maxLength: 3 }) : fc.constant(inputs),
      steps: fc.array(
        fc.record({
          word: fc.constantFrom(...words),
          picks: fc.tuple(fc.nat(99), fc.nat(99)),
          recent: fc.boolean(),
        }),
        { minLength: leastBoxes, maxLength: mostBoxes, size: 'max' },
      ),
      returns: fc.array(fc.nat(99), { minLength: leastOutputs, maxLength: mostOutputs, size: 'max' }),
    })
    .map(({ wires, steps, returns }) => {
      let wiring: Wiring = { wires, inputCount: wires.length, boxes: [], outputs: [] }
      for (const { word, picks, recent } of steps) {
        const from = recent ? Math.max(0, wiring.wires.length - 3) : 0
        const reads = vocabulary[word].inputs.map((type, port) => pickWire(wiring.wires, type, picks[port]!, from))
        if (reads.every((read) => read !== undefined)) wiring = withBox(wiring, vocabulary[word], reads)
      }
      // Counted from the end, so that few boxes are discarded.
      const last = wiring.wires.length - 1
      return diagramOf({ ...wiring, outputs: last < 0 ? [] : returns.map((pick) => last - (pick % (last + 1))) })
    })

const size = (object: Wires): number =>
  object.reduce((total, wire) => total * (wire.kind === 'finite' ? sizeOf(wire) : Number.NaN), 1)

/** Random stochastic matrices for the vocabulary, in eighths; 0-1 matrices for the deterministic boxes. */
export const vocabularyMeanings: fc.Arbitrary<Meanings<Rows>> = fc.infiniteStream(fc.nat(2 ** 16)).map((stream) => {
  const next = (below: number): number => stream.next().value % below
  const row = (width: number, deterministic: boolean): readonly number[] => {
    const counts = new Array<number>(width).fill(0)
    if (deterministic) counts[next(width)] = 1
    else for (let part = 0; part < 8; part++) counts[next(width)]! += 1 / 8
    return counts
  }
  return Object.fromEntries(
    Object.values(vocabulary).map(({ name, inputs, outputs, deterministic }) => [
      name,
      Array.from({ length: size(inputs) }, () => row(size(outputs), deterministic)),
    ]),
  )
})

/** One use of an axiom, of a kind, where the numbers say. */
export interface Rewording {
  readonly kind:
    | 'identity'
    | 'counit'
    | 'swap twice'
    | 'unit'
    | 'composites'
    | 'reorder'
    | 'draw and discard'
    | 'compute twice'
    | 'brackets'
  readonly numbers: readonly number[]
}

export const rewordings: fc.Arbitrary<readonly Rewording[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Rewording['kind'][]>(
      'identity',
      'counit',
      'swap twice',
      'unit',
      'composites',
      'reorder',
      'reorder',
      'draw and discard',
      'draw and discard',
      'compute twice',
      'compute twice',
      'brackets',
    ),
    numbers: fc.array(fc.nat(999), { minLength: 12, maxLength: 12 }),
  }),
  { maxLength: 6, size: 'max' },
)

/** A diagram written differently. */
export const reword = (diagram: Diagram, { kind, numbers }: Rewording): Diagram => {
  const { outputs } = diagram
  switch (kind) {
    case 'identity':
      return numbers[0]! % 2 === 0 ? seq(diagram, id(...outputs)) : seq(id(...diagram.inputs), diagram)
    case 'counit':
      return seq(diagram, copy(...outputs), par(discard(...outputs), id(...outputs)))
    case 'swap twice': {
      const at = numbers[0]! % (outputs.length + 1)
      const [first, second] = [outputs.slice(0, at), outputs.slice(at)]
      return seq(diagram, swap(first, second), swap(second, first))
    }
    case 'unit':
      return par(id(), diagram, par())
    case 'composites':
      return diagram.kind === 'program' ? desugar(diagram) : diagram
    case 'brackets': {
      if (diagram.kind !== 'seq' || diagram.parts.length < 3) return seq(diagram)
      const at = 1 + (numbers[0]! % (diagram.parts.length - 1))
      const [head, ...middle] = diagram.parts.slice(0, at)
      const [next, ...tail] = diagram.parts.slice(at)
      return seq(seq(head!, ...middle), seq(next!, ...tail))
    }
    case 'reorder':
      return diagramOf(reordered(wiringOf(diagram), numbers))
    case 'draw and discard': {
      const wiring = wiringOf(diagram)
      const word = vocabulary[everyWord[numbers[0]! % everyWord.length]!]
      const reads = word.inputs.map((type, port) => pickWire(wiring.wires, type, numbers[port + 1]!))
      return reads.every((read) => read !== undefined) ? diagramOf(withBox(wiring, word, reads)) : diagram
    }
    case 'compute twice':
      return diagramOf(computedTwice(wiringOf(diagram), numbers))
  }
}

/** The boxes in another order of evaluation. */
const reordered = (wiring: Wiring, numbers: readonly number[]): Wiring => {
  const left = wiring.boxes.map((_, index) => index)
  const order: number[] = []
  const known = new Set(wiring.wires.slice(0, wiring.inputCount).map((_, wire) => wire))
  while (left.length > 0) {
    const ready = left.filter((index) => wiring.boxes[index]!.inputs.every((wire) => known.has(wire)))
    const next = ready[numbers[order.length % numbers.length]! % ready.length]!
    left.splice(left.indexOf(next), 1)
    order.push(next)
    for (const wire of outputsOf(wiring.boxes[next]!)) known.add(wire)
  }
  return rebuilt(wiring, order, (wire) => wire)
}

/** A deterministic box once more, for some of the places that read it. */
const computedTwice = (wiring: Wiring, numbers: readonly number[]): Wiring => {
  const candidates = wiring.boxes.flatMap(({ box: { deterministic } }, index) => (deterministic ? [index] : []))
  if (candidates.length === 0) return wiring
  const chosen = candidates[numbers[0]! % candidates.length]!
  const { box: generator, inputs, firstOutput } = wiring.boxes[chosen]!
  const second = wiring.wires.length
  const boxes = [...wiring.boxes]
  boxes.splice(chosen + 1, 0, { box: generator, inputs, firstOutput: second })
  let turn = 1
  return rebuilt(
    { ...wiring, wires: [...wiring.wires, ...generator.outputs], boxes },
    boxes.map((_, index) => index),
    (wire) => {
      const port = wire - firstOutput
      const ours = port >= 0 && port < generator.outputs.length
      return ours && numbers[turn++ % numbers.length]! % 2 === 0 ? second + port : wire
    },
  )
}

/** A wiring graph with its boxes in an order, its wires numbered accordingly, and each use of a wire sent through a function first. */
const rebuilt = (wiring: Wiring, order: readonly number[], use: (wire: number) => number): Wiring => {
  const renamed = new Map<number, number>()
  const wires = wiring.wires.slice(0, wiring.inputCount)
  wires.forEach((_, wire) => renamed.set(wire, wire))
  const boxes = order.map((index): WiredBox => {
    const wired = wiring.boxes[index]!
    const inputs = wired.inputs.map((wire) => renamed.get(use(wire))!)
    const firstOutput = wires.length
    outputsOf(wired).forEach((wire, port) => renamed.set(wire, firstOutput + port))
    wires.push(...wired.box.outputs)
    return { box: wired.box, inputs, firstOutput }
  })
  return { wires, inputCount: wiring.inputCount, boxes, outputs: wiring.outputs.map((wire) => renamed.get(use(wire))!) }
}
