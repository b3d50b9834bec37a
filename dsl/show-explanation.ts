/**
 * Explanations as plain text.
 */
import type { Descent, Place } from './descent.js'
import type { Box } from './diagram.js'
import { explain, type Explanation, type Occupant } from './explain.js'
import { showWire, showWires, type Wire, wireKey } from './object.js'

/**
 * An explanation in words.
 *
 * @example
 * const A = finite('A', 2)
 * const [f, g] = [box('f', [A], [A]), box('g', [A], [A])]
 * showExplanation(explain(seq(g, f), f))
 * // => 'at output 0, below input 0 of f: on the left box g : A -> A, on the right input 0, A'
 */
export const showExplanation = (explanation: Explanation): string => {
  switch (explanation.kind) {
    case 'equal':
      return 'the two diagrams are equal'
    case 'boundary': {
      const { side, at, left, right } = explanation
      const same = left !== undefined && right !== undefined && showWire(left) === showWire(right)
      const show = (wire: Wire | undefined): string =>
        wire === undefined ? 'no wire' : same ? wireKey(wire) : showWire(wire)
      return `the ${side} differ at ${at}: ${show(left)} on the left, ${show(right)} on the right`
    }
    case 'different': {
      const { left, right } = explanation
      const reason = left.kind === 'box' && right.kind === 'box' ? differenceOf(left, right) : ''
      return `at ${showPlace(explanation)}: on the left ${showOccupant(left)}, on the right ${showOccupant(right)}${reason}`
    }
    case 'sharing': {
      const { box, left, first } = explanation
      const uses =
        left.draws === 1
          ? `the left uses one draw of ${box.name} twice, the right draws twice`
          : `the left draws ${box.name} twice, the right uses one draw twice`
      return `${uses}: at ${showPlace(first)} and at ${showPlace(explanation)}`
    }
  }
}

const showOccupant = (occupant: Occupant): string => {
  if (occupant.kind === 'input') return `input ${occupant.input}, ${occupant.wire.name}`
  const { box, port } = occupant
  const type = `box ${box.name} : ${showWires(box.inputs)} -> ${showWires(box.outputs)}`
  return box.outputs.length > 1 ? `output ${port} of ${type}` : type
}

/** Why two boxes differ that look the same. */
const differenceOf = (left: Occupant & { kind: 'box' }, right: Occupant & { kind: 'box' }): string => {
  if (showOccupant(left) !== showOccupant(right)) return ''
  const [f, g] = [left.box, right.box]
  const boundary = explain({ ...plain(f), name: g.name, deterministic: g.deterministic }, plain(g))
  if (boundary.kind === 'boundary') return `; ${showExplanation(boundary)}`
  if (f.deterministic !== g.deterministic)
    return `; only the ${f.deterministic ? 'left' : 'right'} one is deterministic`
  if (f.body === undefined || g.body === undefined)
    return `; only the ${f.body ? 'left' : 'right'} one contains a diagram`
  return `; what they contain differs: ${showExplanation(explain(f.body, g.body))}`
}

const plain = ({ name, deterministic, inputs, outputs }: Box): Box => ({
  kind: 'box',
  name,
  deterministic,
  inputs,
  outputs,
})

/** How many boxes of a path are shown at each end. */
const shownPath = 4

const showPlace = ({ output, path }: Place): string => {
  const step = ({ box, input }: Descent): string => `below input ${input} of ${box}`
  const steps =
    path.length <= 2 * shownPath
      ? path.map(step)
      : [
          ...path.slice(0, shownPath).map(step),
          `${path.length - 2 * shownPath} boxes further`,
          ...path.slice(-shownPath).map(step),
        ]
  return [`output ${output}`, ...steps].join(', ')
}
