/** Equality of diagrams as trees: the same nodes with the same fields and the same parts, whichever records they are. */
import { dataOf, type Diagram, sameWires } from '../../dsl/index.js'

/** The first difference of two diagrams as trees, or undefined. Pairs of shared parts are compared once. */
export const differenceOfTrees = (left: Diagram, right: Diagram): string | undefined => {
  const compared = new Map<Diagram, Set<Diagram>>()
  const stack: (readonly [Diagram, Diagram])[] = [[dataOf(left), dataOf(right)]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [a, b] = pair
    const seen = compared.get(a) ?? new Set()
    if (seen.has(b)) continue
    compared.set(a, seen.add(b))
    if (!sameWires(a.inputs, b.inputs) || !sameWires(a.outputs, b.outputs)) return `${a.kind}: boundaries`
    const [ours, theirs] = [ownOf(a), ownOf(b)]
    if (ours.text !== theirs.text) return `${ours.text} and ${theirs.text}`
    if (ours.parts.length !== theirs.parts.length)
      return `${a.kind}: ${ours.parts.length} and ${theirs.parts.length} parts`
    ours.parts.forEach((part, at) => stack.push([dataOf(part), dataOf(theirs.parts[at]!)]))
  }
  return undefined
}

/** What a node says of itself, and its parts. */
const ownOf = (node: Diagram): { readonly text: string; readonly parts: readonly Diagram[] } => {
  const { kind } = node
  switch (kind) {
    case 'box':
      return {
        text: JSON.stringify([kind, node.name, node.deterministic]),
        parts: node.body === undefined ? [] : [node.body],
      }
    case 'identity':
    case 'copy':
    case 'discard':
      return { text: kind, parts: [] }
    case 'permute':
      return { text: JSON.stringify([kind, node.order]), parts: [] }
    case 'seq':
    case 'par':
      return { text: kind, parts: node.parts }
    case 'program':
      return {
        text: JSON.stringify([kind, node.steps.map(({ reads }) => reads), node.returns]),
        parts: node.steps.map(({ diagram }) => diagram),
      }
  }
}
