/**
 * Interpreters with a fault: what they make of a diagram is not what the diagram says.
 */
import type { Diagram } from '../../dsl/diagram.js'
import { par, permute, seq } from '../../dsl/diagram.js'
import { fold, type Leaf } from '../../dsl/fold.js'
import { normalForm } from '../../dsl/normal-form.js'
import { finite } from '../../dsl/object.js'
import { sameWires } from '../../dsl/object.js'
import { diagramOf } from '../../dsl/wiring.js'
import { FinStoch } from '../../src/category/fin-stoch.js'
import { finStochArbitraries } from '../arbitraries/fin-stoch.js'
import { type Interpreter, semanticsLaws } from '../semantics-laws.js'
import { groups, type MutantCase } from './mutant.js'

/** A diagram with its leaves changed. */
const changed = (diagram: Diagram, leaf: (node: Leaf) => Diagram): Diagram =>
  fold<Diagram>(diagram, {
    leaf,
    join: ({ kind }, before, part) =>
      before === undefined ? part : kind === 'seq' ? seq(before, part) : par(before, part),
    empty: (node) => node,
  })

/** Every box is shared with those that read the same wires, as only deterministic ones may be. */
const shared = (diagram: Diagram): Diagram => {
  const sure = changed(diagram, (node) =>
    node.kind === 'box' ? { ...node, name: tagged(node), deterministic: true } : node,
  )
  return changed(diagramOf(normalForm(sure)), (node) => (node.kind === 'box' ? untagged(node) : node))
}
/** Whether a box was deterministic, kept in its name. */
const tagged = ({ name, deterministic }: { readonly name: string; readonly deterministic: boolean }): string =>
  `${deterministic ? '!' : '?'}${name}`
const untagged = <B extends { readonly name: string; readonly deterministic: boolean }>(node: B): B => ({
  ...node,
  name: node.name.slice(1),
  deterministic: node.name.startsWith('!'),
})

/** Permutations are read in the other direction, where that fits. */
const reversed = (diagram: Diagram): Diagram =>
  changed(diagram, (node) => {
    if (node.kind !== 'permute') return node
    const back = node.order.map((_, place) => node.order.indexOf(place))
    const other = permute(node.inputs, back)
    return sameWires(other.outputs, node.outputs) ? other : node
  })

const signature = [
  { kind: 'box', name: 'coin', inputs: [], outputs: [finite('A', 2)], deterministic: false },
  { kind: 'box', name: 'noise', inputs: [finite('A', 2)], outputs: [finite('A', 2)], deterministic: false },
  { kind: 'box', name: 'function', inputs: [finite('A', 2)], outputs: [finite('A', 2)], deterministic: true },
] as const

/** Broken versions of an interpreter, each with the groups of laws that reject it. */
export const interpretationMutants = (interpreter: Interpreter): readonly MutantCase[] => {
  const after =
    (change: (diagram: Diagram) => Diagram): Interpreter =>
    (category, meanings) =>
    (diagram) =>
      interpreter(category, meanings)(change(diagram))
  const caseOf = (name: string, change: (diagram: Diagram) => Diagram, caughtBy: string, note: string): MutantCase => ({
    category: 'interpretation',
    name,
    laws: () => semanticsLaws(FinStoch, finStochArbitraries, after(change), signature),
    runs: 300,
    caughtBy: groups(caughtBy),
    rarelyCaughtBy: [],
    note,
  })
  return [
    caseOf('random boxes are shared', shared, 'N1', 'Two coins become one.'),
    caseOf(
      'permutations in the other direction',
      reversed,
      'N1 N2',
      'A cycle of three wires shows it; a swap of two does not.',
    ),
  ]
}
