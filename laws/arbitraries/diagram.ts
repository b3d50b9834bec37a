/**
 * Random diagrams over a signature, and random pairs of diagrams that are equal by construction.
 *
 * Both come from a straight-line program, laid out as a term in a random way; equal pairs are two layouts of one program, after
 * padding it with boxes that nothing reads and with deterministic boxes that are computed twice.
 */
import * as fc from 'fast-check'

import { box, type Box, type Diagram } from '../../dsl/diagram.js'
import { sameWire, type Wire, type Wires } from '../../dsl/object.js'
import type { Arbitraries } from './arbitraries.js'
import { type Choose, layOut, type Step, type StraightLine } from './layout.js'

/** The boxes that diagrams are made of. */
export type Signature = readonly Box[]

/**
 * The name of the box without inputs that supplies a wire where a diagram must give one and has none to give. It is deterministic if
 * every box of the signature is.
 */
export const supplyName = (wire: Wire): string => `some ${wire.name}`

/** The most boxes of the signature in a diagram, before padding. */
const mostBoxes = 5

/**
 * Random objects and diagrams, for the laws of the free Markov category on a signature.
 *
 * @example
 * const A = finite('A', 2)
 * const set = markovLaws(freeMarkov, diagramArbitraries([box('f', [A], [A])]))
 * checkLaws(set).every(({ kind }) => kind === 'passed') // => true
 */
export const diagramArbitraries = (signature: Signature): Arbitraries<Wires, Diagram> => {
  const wires = signature.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
  return {
    object: wires.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...wires), { maxLength: 2 }),
    morphism: (domain, codomain) => diagrams(signature, domain, codomain),
    deterministic: (domain, codomain) =>
      diagrams(
        signature.filter((generator) => generator.deterministic),
        domain,
        codomain,
      ),
  }
}

/** Random diagrams between two objects. */
export const diagrams = (signature: Signature, inputs: Wires, outputs: Wires): fc.Arbitrary<Diagram> =>
  fc.tuple(straightLines(signature, inputs, outputs), choices).map(([line, numbers]) => layOut(line, chooser(numbers)))

/** Random pairs of diagrams between two objects that are equal in the free Markov category on the boxes. */
export const equalDiagrams = (
  signature: Signature,
  inputs: Wires,
  outputs: Wires,
): fc.Arbitrary<readonly [Diagram, Diagram]> =>
  fc.tuple(straightLines(signature, inputs, outputs), choices, choices).map(([line, left, right]) => {
    const choose = chooser(right)
    return [layOut(line, chooser(left)), layOut(padded(line, signature, choose), choose)]
  })

const choices = fc.array(fc.nat(59), { minLength: 24, maxLength: 24 })

/** The numbers to choose by, over and over. */
const chooser = (numbers: readonly number[]): Choose => {
  let next = 0
  return (count) => numbers[next++ % numbers.length]! % count
}

const straightLines = (signature: Signature, inputs: Wires, wanted: Wires): fc.Arbitrary<StraightLine> =>
  fc
    .tuple(fc.array(fc.nat(59), { maxLength: signature.length === 0 ? 0 : mostBoxes }), choices)
    .map(([boxes, numbers]) => {
      const choose = chooser(numbers)
      const types: Wire[] = [...inputs]
      const steps: Step[] = []
      const pick = (wires: Wires): readonly number[] | undefined =>
        pickWires(
          types,
          types.map((_, wire) => wire),
          wires,
          choose,
        )
      const add = (generator: Box, reads: readonly number[]): readonly number[] => {
        const writes = write(types, generator)
        steps.push({ box: generator, reads, writes })
        return writes
      }
      for (const index of boxes) {
        const generator = signature[index % signature.length]!
        const reads = pick(generator.inputs)
        if (reads !== undefined) add(generator, reads)
      }
      const deterministic = signature.every((generator) => generator.deterministic)
      const supply = (wire: Wire): Box => box(supplyName(wire), [], [wire], { deterministic })
      const outputs = wanted.map((wire) => (pick([wire]) ?? add(supply(wire), []))[0]!)
      return { inputs, types, steps, outputs }
    })

/** The same morphism: with boxes that nothing of the program reads, and with deterministic boxes computed twice. */
const padded = (line: StraightLine, signature: Signature, choose: Choose): StraightLine => {
  const types = [...line.types]
  const steps: Step[] = []
  const twins = new Map<number, number>()
  const eitherTwin = (wire: number): number => (choose(2) === 0 ? wire : (twins.get(wire) ?? wire))
  const available = line.inputs.map((_, wire) => wire)
  for (const step of line.steps) {
    const { reads, writes } = step
    steps.push({ ...step, reads: reads.map(eitherTwin) })
    available.push(...writes)
    if (step.box.deterministic && choose(2) === 0) {
      const again = write(types, step.box)
      steps.push({ ...step, reads: reads.map(eitherTwin), writes: again })
      again.forEach((wire, port) => twins.set(writes[port]!, wire))
    }
    const idle = signature[choose(signature.length)]
    const idleReads = idle === undefined ? undefined : pickWires(types, available, idle.inputs, choose)
    if (idle !== undefined && idleReads !== undefined && choose(2) === 0) {
      const unread = write(types, idle)
      steps.push({ box: idle, reads: idleReads, writes: unread })
      // Later idle boxes may read them.
      available.push(...unread)
    }
  }
  return { ...line, types, steps, outputs: line.outputs.map(eitherTwin) }
}

/** Numbers for the outputs of a box. */
const write = (types: Wire[], { outputs }: Box): readonly number[] => outputs.map((wire) => types.push(wire) - 1)

/** For each wire one of the available numbers of its type, if there is one for each. */
const pickWires = (
  types: Wires,
  available: readonly number[],
  wires: Wires,
  choose: Choose,
): readonly number[] | undefined => {
  const options = wires.map((wire) => available.filter((number) => sameWire(types[number]!, wire)))
  return options.every((numbers) => numbers.length > 0)
    ? options.map((numbers) => numbers[choose(numbers.length)]!)
    : undefined
}
