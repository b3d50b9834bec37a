/** Random wiring graphs with boxes of one or two outputs, open inputs, outputs that share wires; and other diagrams equal to them. */
import fc from 'fast-check'

import { box, type Diagram, diagramOf, finite, type WiredBox, type Wiring } from '../../dsl/index.js'
import { outputsOf } from '../../dsl/wiring.js'

const A = finite('A', 2)

interface Shape {
  readonly mostBoxes: number
  /** Boxes with names of their own, none deterministic; otherwise few names, which repeat, and some boxes deterministic. */
  readonly generic: boolean
  readonly mostOutputs: number
}

export const wiringGraph = ({ mostBoxes, generic, mostOutputs }: Shape): fc.Arbitrary<Wiring> =>
  fc
    .record({
      inputCount: fc.nat(2),
      boxes: fc.array(
        fc.record({
          reads: fc.array(fc.nat(99), { maxLength: 2 }),
          gives: fc.constantFrom(1, 1, 2),
          name: fc.nat(2),
          deterministic: fc.boolean(),
        }),
        { minLength: 1, maxLength: mostBoxes },
      ),
      outputs: fc.array(fc.nat(99), { minLength: 1, maxLength: mostOutputs }),
    })
    .map(({ inputCount, boxes, outputs }) => {
      let count = inputCount
      const wired = boxes.map(({ reads, gives, name, deterministic }, index): WiredBox => {
        const inputs = count === 0 ? [] : reads.map((read) => read % count)
        const firstOutput = count
        count += gives
        const [domain, codomain] = [inputs.map(() => A), new Array<typeof A>(gives).fill(A)]
        return {
          box: generic
            ? box(`f${index}`, domain, codomain)
            : box(`f${name}`, domain, codomain, { deterministic: deterministic && inputs.length > 0 }),
          inputs,
          firstOutput,
        }
      })
      return {
        wires: new Array<typeof A>(count).fill(A),
        inputCount,
        boxes: wired,
        outputs: outputs.map((output) => output % count),
      }
    })

/** Three lists of outputs, which may overlap and be empty. */
export const question = (
  outputCount: number,
): fc.Arbitrary<{ readonly x: number[]; readonly y: number[]; readonly given: number[] }> => {
  const ports = fc.array(fc.nat(outputCount - 1), { maxLength: 3 })
  return fc.record({ x: ports, y: ports, given: ports })
}

/** One of finitely many choices, decided by random numbers that are used over and over. */
export type Choose = (among: number) => number
export const chooser: fc.Arbitrary<Choose> = fc.array(fc.nat(1000), { minLength: 5, maxLength: 25 }).map((numbers) => {
  let at = 0
  return (among) => numbers[at++ % numbers.length]! % among
})

/**
 * A diagram that is equal to that of a wiring graph: its boxes in another order, some deterministic boxes more than once with the
 * readers spread over them, and a box whose outputs are discarded.
 */
export const disguise = ({ wires, inputCount, boxes, outputs }: Wiring, choose: Choose): Diagram => {
  const types = wires.slice(0, inputCount)
  // For each wire the wires that stand for it; empty until its producer is there.
  const standIns: number[][] = wires.map((_, wire) => (wire < inputCount ? [wire] : []))
  const standIn = (wire: number): number => standIns[wire]![choose(standIns[wire]!.length)]!
  const disguised: WiredBox[] = []
  const add = (wired: WiredBox): void => {
    const firstOutput = types.length
    types.push(...wired.box.outputs)
    disguised.push({ box: wired.box, inputs: wired.inputs.map(standIn), firstOutput })
    outputsOf(wired).forEach((wire, port) => standIns[wire]!.push(firstOutput + port))
  }
  const waiting = [...boxes]
  while (waiting.length > 0) {
    const ready = waiting.filter(({ inputs }) => inputs.every((wire) => standIns[wire]!.length > 0))
    const next = ready[choose(ready.length)]!
    waiting.splice(waiting.indexOf(next), 1)
    add(next)
    if (next.box.deterministic && choose(2) === 1) add(next)
  }
  disguised.push({ box: box('unused', [types[0]!], [A]), inputs: [choose(types.length)], firstOutput: types.length })
  types.push(A)
  return diagramOf({ wires: types, inputCount, boxes: disguised, outputs: outputs.map(standIn) })
}
