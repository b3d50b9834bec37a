/**
 * The pure bloom form of a diagram: every wire is an output.
 */
import type { Diagram, Program } from './diagram.js'
import { diagramOf, wiringOf } from './wiring.js'

export interface Bloom {
  /** The boxes of the diagram, and as outputs each of its wires once: its inputs, then what the boxes give, box after box. */
  readonly diagram: Program
  /** The name of each output of `diagram`; no two are the same. */
  readonly names: readonly string[]
  /** For each output of the original diagram the output of `diagram` that carries its wire. */
  readonly outputs: readonly number[]
}

/**
 * A diagram with every wire as an output, so that questions can be asked about wires inside.
 *
 * Output p of a box is named `box/p`, of its second occurrence `box#2/p`, and so on; input p of the diagram is named `input/p`.
 * The boxes are those of the diagram as it is written: one whose outputs were discarded is kept, since its wires are outputs now.
 * A box that contains a diagram is one box; bloom the opened diagram (`open`) for the wires in it.
 *
 * @example
 * const A = finite('A', 2)
 * const f = box('f', [A], [A])
 * bloom(seq(f, f)).names // => ['input/0', 'f/0', 'f#2/0']
 * bloom(seq(f, f)).outputs // => [2]
 */
export const bloom = (diagram: Diagram): Bloom => {
  const wiring = wiringOf(diagram)
  const taken = new Set(['input'])
  const occurrences = new Map<string, number>()
  const occurrence = (name: string): string => {
    // A later box may have the very name that an occurrence was given: then the next number that is free.
    for (let number = (occurrences.get(name) ?? 0) + 1; ; number++) {
      const candidate = number === 1 ? name : `${name}#${number}`
      if (taken.has(candidate)) continue
      taken.add(candidate)
      occurrences.set(name, number)
      return candidate
    }
  }
  const names = diagram.inputs.map((_, port) => `input/${port}`)
  for (const { box } of wiring.boxes) {
    const name = occurrence(box.name)
    box.outputs.forEach((_, port) => names.push(`${name}/${port}`))
  }
  const everyWire = wiring.wires.map((_, wire) => wire)
  return { diagram: diagramOf({ ...wiring, outputs: everyWire }), names, outputs: wiring.outputs }
}
