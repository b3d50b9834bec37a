/**
 * The free Markov category on boxes: diagrams, up to the equality that normal forms decide.
 *
 * A law read in it is a pair of diagrams, its drawing; and a law that fails in it does not follow from those of Markov categories.
 *
 * Source: T. Fritz and W. Liang, "Free gs-monoidal categories and free Markov categories" (2023).
 */
import { right } from 'fp-ts/lib/Either.js'

import { copy, type Diagram, discard, id, par, seq, swap } from '../../dsl/diagram.js'
import { equal, normalForm } from '../../dsl/normal-form.js'
import { sameWires, showWires, type Wires } from '../../dsl/object.js'
import { outputsOf } from '../../dsl/wiring.js'
import type { MarkovStructure } from './markov-category.js'

/** Diagrams as a Markov category. */
export const freeMarkov: MarkovStructure<Wires, Diagram> = {
  name: 'free-markov',
  equality: 'the normal forms are the same',
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameWires,
  domain: (f) => f.inputs,
  codomain: (f) => f.outputs,
  id: (a) => id(...a),
  seq: (f, g) => seq(f, g),
  par: (f, g) => par(f, g),
  swap: (a, b) => swap(a, b),
  copy: (a) => copy(...a),
  discard: (a) => discard(...a),
  isDeterministic: (f) => equal(seq(f, copy(...f.outputs)), seq(copy(...f.inputs), par(f, f))),
  equals: equal,
  // The constructors refuse what is no diagram.
  validate: right,
  show: (f) => {
    const { boxes, outputs } = normalForm(f)
    const lines = boxes.map((wired) => `${outputsOf(wired).join(', ')} = ${wired.box.name}(${wired.inputs.join(', ')})`)
    return [
      `${showWires(f.inputs)} -> ${showWires(f.outputs)}`,
      `takes ${f.inputs.map((_, wire) => wire).join(', ')}`,
      ...lines,
      `gives ${outputs.join(', ')}`,
    ]
      .map((line, index) => (index === 0 ? line : `  ${line.trimEnd()}`))
      .join('\n')
  },
}
