/** Directed acyclic graphs as diagrams, and two other decisions of d-separation that know nothing of diagrams. */
import { box, type Diagram, diagramOf, finite, type Wire } from '../../dsl/index.js'

/** For each node its parents, which have smaller numbers. */
export type CausalGraph = readonly (readonly number[])[]

export interface NodeQuestion {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly given: readonly number[]
}

/** One box a node, which reads the wires of the parents; output k is the wire of node k. */
export const diagramOfGraph = (
  parents: CausalGraph,
  names: readonly string[] = parents.map((_, node) => `v${node}`),
): Diagram => {
  const wires: readonly Wire[] = names.map((name) => finite(name.toUpperCase(), 2))
  const boxes = parents.map((inputs, node) => ({
    box: box(
      names[node]!,
      inputs.map((parent) => wires[parent]!),
      [wires[node]!],
    ),
    inputs,
    firstOutput: node,
  }))
  return diagramOf({ wires, inputCount: 0, boxes, outputs: parents.map((_, node) => node) })
}

/** The graph of numbered bits: bit j of row k of the lower triangle says whether j is a parent of k. */
export const graphOfBits = (size: number, bits: number): CausalGraph => {
  let rest = bits
  return Array.from({ length: size }, (_, node) => {
    const parents = Array.from({ length: node }, (_, parent) => parent).filter((parent) => (rest >> parent) & 1)
    rest >>= node
    return parents
  })
}

/** Separation in the moralised graph of the ancestors, with the given nodes removed (Lauritzen et al. 1990). */
export const separatedInMoralGraph = (parents: CausalGraph, { x, y, given }: NodeQuestion): boolean => {
  const ancestral = new Set([...x, ...y, ...given])
  // A set that grows while it is iterated visits what is added.
  for (const node of ancestral) for (const parent of parents[node]!) ancestral.add(parent)
  const neighbours = parents.map(() => new Set<number>())
  for (const node of ancestral) {
    const family = [node, ...parents[node]!]
    for (const a of family) for (const b of family) if (a !== b) neighbours[a]!.add(b)
  }
  const reached = new Set(x.filter((node) => !given.includes(node)))
  for (const node of reached)
    for (const other of neighbours[node]!) if (ancestral.has(other) && !given.includes(other)) reached.add(other)
  return !y.some((node) => reached.has(node))
}

/** No active trail by Bayes-ball (Shachter 1998): balls move between parents and children by the rules of the given nodes. */
export const separatedByBayesBall = (parents: CausalGraph, { x, y, given }: NodeQuestion): boolean => {
  const children = parents.map((_, node) => parents.flatMap((list, child) => (list.includes(node) ? [child] : [])))
  const isGiven = (node: number): boolean => given.includes(node)
  const visited = new Set<string>()
  const balls = x
    .filter((node) => !isGiven(node))
    .map((node): { node: number; from: 'child' | 'parent' } => ({ node, from: 'child' }))
  for (let ball = balls.pop(); ball !== undefined; ball = balls.pop()) {
    const { node, from } = ball
    const key = `${node} ${from}`
    if (visited.has(key)) continue
    visited.add(key)
    if (!isGiven(node) && y.includes(node)) return false
    const toParents = from === 'child' ? !isGiven(node) : isGiven(node)
    const toChildren = !isGiven(node)
    if (toParents) for (const parent of parents[node]!) balls.push({ node: parent, from: 'child' })
    if (toChildren) for (const child of children[node]!) balls.push({ node: child, from: 'parent' })
  }
  return true
}
