/** Diagrams to draw: random circuits with names of every length, and the families that people draw most. */
import fc from 'fast-check'

import {
  apply,
  box,
  type Diagram,
  finite,
  program,
  type ProgramStep,
  state,
  type Variable,
  type Wire,
} from '../../../dsl/index.js'
import { randomDiagram } from '../../support/random-diagram.js'

const wires: readonly Wire[] = [
  finite('A', 2),
  finite('Weather', 2),
  finite('a wire with a long name', 2),
  finite('', 2),
]
const names = ['f', 'k_emb', 'g & h', 'a kernel with a long name', '条件 κ', ''] as const

interface Choice {
  readonly name: string
  /** How far back in the list of wires each input is found. */
  readonly reads: readonly number[]
  readonly gives: readonly Wire[]
  readonly deterministic: boolean
}
const choice: fc.Arbitrary<Choice> = fc.record({
  name: fc.constantFrom(...names),
  reads: fc.array(fc.nat(7), { maxLength: 4 }),
  gives: fc.array(fc.constantFrom(...wires), { maxLength: 3 }),
  deterministic: fc.boolean(),
})

/** Boxes one after the other, each of which reads some wires of before: wires are copied, discarded and crossed at random. */
export const circuit: fc.Arbitrary<Diagram> = fc
  .record({
    inputs: fc.array(fc.constantFrom(...wires), { maxLength: 4 }),
    choices: fc.array(choice, { maxLength: 16 }),
    returns: fc.array(fc.nat(30), { maxLength: 5 }),
  })
  .map(({ inputs, choices, returns }) => {
    const known: Wire[] = [...inputs]
    const pick = (back: number): readonly number[] =>
      known.length === 0 ? [] : [known.length - 1 - (back % known.length)]
    const steps = choices.map(({ name, reads, gives, deterministic }): ProgramStep => {
      const read = reads.flatMap(pick)
      const inputs = read.map((wire) => known[wire]!)
      known.push(...gives)
      return { diagram: { kind: 'box', name, deterministic, inputs, outputs: gives }, reads: read }
    })
    const returned = returns.flatMap(pick)
    return { kind: 'program', steps, returns: returned, inputs, outputs: returned.map((wire) => known[wire]!) }
  })

export const drawnDiagram: fc.Arbitrary<Diagram> = fc.oneof({ arbitrary: circuit, weight: 3 }, randomDiagram())

const Hidden = finite('Hidden', 2)
const Seen = finite('Seen', 2)
const A = finite('A', 2)

/** A hidden Markov model of some steps: every hidden wire is copied. */
export const comb = (steps: number): Diagram =>
  program([], () => {
    let [hidden] = apply(state('start', [Hidden]))
    const seen: Variable[] = []
    for (let step = 0; step < steps; step++) {
      seen.push(...apply(box('emit', [Hidden], [Seen]), hidden))
      ;[hidden] = apply(box('step', [Hidden], [Hidden]), hidden)
    }
    return [...seen, hidden]
  })

/** A square grid of boxes with two inputs and two outputs, which needs no crossing. */
export const grid = (side: number): Diagram => {
  const cell = box('g', [A, A], [A, A])
  return program(
    Array.from({ length: 2 * side }, () => A),
    (...variables: readonly Variable<typeof A>[]) => {
      const down = variables.slice(0, side).reverse()
      const across = variables.slice(side)
      for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++)
          [across[row], down[column]] = apply(cell, down[column]!, across[row]!)
      return [...across, ...down.reverse()]
    },
  )
}

/** A box many times in a row. */
export const chain = (length: number): Diagram => ({
  kind: 'seq',
  parts: Array.from({ length }, () => box('f', [A], [A])),
  inputs: [A],
  outputs: [A],
})
