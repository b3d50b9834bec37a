/** A product of matrices with enough to do for threads, whose entries are sums of few numbers. */
import { box, type Diagram, finite, seq } from '../../dsl/index.js'
import type { NumericMeanings } from '../../src/compile/meaning.js'

const size = 128
const A = finite('A', size)
/** Every element goes to itself, and to another one `step` further. */
const walk = (step: number): number[][] =>
  Array.from({ length: size }, (_, from) =>
    Array.from({ length: size }, (_, to) => (to === from ? 0.25 : to === (from + step) % size ? 0.75 : 0)),
  )

const diagram: Diagram = seq(box('f', [A], [A]), box('g', [A], [A]))
const meanings: NumericMeanings = { f: walk(1), g: walk(5) }
const batch = 1024
const input = Array.from({ length: batch }, (_, member) => member % size)

/** From x to x + 1, x + 5 and x + 6; in binary fractions, so that float32 holds every entry. */
export const threadedCase = {
  diagram,
  meanings,
  inputs: [input],
  batch,
  joint: input.map((from) => {
    const row = new Array<number>(size).fill(0)
    for (const [step, weight] of [
      [0, 0.0625],
      [1, 0.1875],
      [5, 0.1875],
      [6, 0.5625],
    ] as const)
      row[(from + step) % size]! += weight
    return row
  }),
}
