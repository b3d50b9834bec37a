/**
 * Random well-typed diagrams of every kind of node, nested and with shared parts, between any objects of a few wires. Few wires and
 * few names, so that boundaries often agree and boxes repeat.
 */
import fc from 'fast-check'

import {
  box,
  type Box,
  copy,
  dataOf,
  type Diagram,
  discard,
  finite,
  id,
  par,
  permute,
  type Program,
  type ProgramStep,
  real,
  sameWires,
  seq,
  sequence,
  type Wire,
  type Wires,
} from '../../dsl/index.js'

const bit = finite('Bit', 2)
export const fewWires: readonly Wire[] = [
  bit,
  finite('Weather', ['sun', 'rain']),
  real('Hidden', 2),
  sequence('Word', bit, 3),
]

/** The most wires that a part is given side by side. */
const widest = 4
const names = ['f', 'g', 'h'] as const

export interface RandomDiagramOptions {
  readonly inputs?: Wires
  /** How deep composites are nested. */
  readonly depth?: number
  /** The wires that there are. */
  readonly wires?: readonly Wire[]
  /** The name of a box: without it a few names, whatever the wires of the box are. */
  readonly nameOf?: (name: string, box: Pick<Box, 'inputs' | 'outputs' | 'deterministic'>) => string
}

export const randomDiagram = ({
  inputs,
  depth = 4,
  wires = fewWires,
  nameOf = (name) => name,
}: RandomDiagramOptions = {}): fc.Arbitrary<Diagram> =>
  fc
    .record({
      from: inputs === undefined ? fc.array(fc.constantFrom(...wires), { maxLength: 3 }) : fc.constant(inputs),
      numbers: fc.array(fc.nat(9999), { minLength: 1, maxLength: 40 }),
    })
    .map(({ from, numbers }) => {
      let next = 0
      // The numbers are used over and over, each time otherwise: a short list still makes many choices.
      const choose = (among: number): number => {
        const turn = Math.floor(next / numbers.length)
        return (numbers[next++ % numbers.length]! * (2 * turn + 1) + turn) % among
      }
      return grow(from, depth, { choose, wires, nameOf, known: [] })
    })

type Choose = (among: number) => number

interface Growth extends Required<Pick<RandomDiagramOptions, 'wires' | 'nameOf'>> {
  readonly choose: Choose
  /** The diagrams that were made before: some of them are used again. */
  readonly known: Diagram[]
}

/** A diagram from an object. */
const grow = (inputs: Wires, depth: number, growth: Growth): Diagram => {
  const { choose, known } = growth
  const again = known.filter((diagram) => sameWires(diagram.inputs, inputs))
  if (again.length > 0 && choose(4) === 0) return again[choose(again.length)]!
  const made = depth === 0 || choose(4) === 0 ? leaf(inputs, growth) : composite(inputs, depth, growth)
  known.push(made)
  return made
}

const leaf = (inputs: Wires, growth: Growth): Diagram => {
  const { choose } = growth
  switch (choose(8)) {
    case 0:
      return id(...inputs)
    case 1:
      return inputs.length * 2 <= widest ? copy(...inputs) : id(...inputs)
    case 2:
      return discard(...inputs)
    case 3:
      return permute(inputs, shuffled(inputs.length, choose))
    default:
      return boxOf(inputs, someWires(growth), growth)
  }
}

const boxOf = (inputs: Wires, outputs: Wires, { choose, nameOf }: Growth, body?: Diagram): Diagram => {
  const name = names[choose(names.length)]!
  const deterministic = choose(3) === 0
  const options = body === undefined ? { deterministic } : { deterministic, body }
  return box(nameOf(name, { inputs, outputs, deterministic }), inputs, outputs, options)
}

const composite = (inputs: Wires, depth: number, growth: Growth): Diagram => {
  const { choose } = growth
  switch (choose(4)) {
    case 0: {
      const parts: [Diagram, ...Diagram[]] = [grow(inputs, depth - 1, growth)]
      for (let more = choose(4); more > 0; more--) parts.push(grow(parts[parts.length - 1]!.outputs, depth - 1, growth))
      return seq(...parts)
    }
    case 1: {
      const parts: Diagram[] = []
      let rest = inputs
      for (let left = choose(3); left > 0; left--) {
        const count = choose(rest.length + 1)
        parts.push(grow(rest.slice(0, count), depth - 1, growth))
        rest = rest.slice(count)
      }
      return rest.length === 0 ? par(...parts) : par(...parts, grow(rest, depth - 1, growth))
    }
    case 2: {
      const body = grow(inputs, depth - 1, growth)
      return boxOf(inputs, body.outputs, growth, body)
    }
    default:
      return randomProgram(inputs, depth, growth)
  }
}

const randomProgram = (inputs: Wires, depth: number, growth: Growth): Program => {
  const { choose } = growth
  const wires: Wire[] = [...inputs]
  const some = (most: number): readonly number[] =>
    wires.length === 0 ? [] : Array.from({ length: choose(most + 1) }, () => choose(wires.length))
  const steps: ProgramStep[] = []
  for (let left = choose(4); left > 0; left--) {
    const reads = some(3)
    const diagram = dataOf(
      grow(
        reads.map((wire) => wires[wire]!),
        depth - 1,
        growth,
      ),
    )
    steps.push({ diagram, reads })
    wires.push(...diagram.outputs)
  }
  const returns = some(widest)
  return { kind: 'program', steps, returns, inputs, outputs: returns.map((wire) => wires[wire]!) }
}

const someWires = ({ choose, wires }: Growth): Wires =>
  Array.from({ length: choose(3) }, () => wires[choose(wires.length)]!)

const shuffled = (count: number, choose: Choose): readonly number[] => {
  const order = Array.from({ length: count }, (_, k) => k)
  for (let k = count - 1; k > 0; k--) {
    const other = choose(k + 1)
    ;[order[k], order[other]] = [order[other]!, order[k]!]
  }
  return order
}
