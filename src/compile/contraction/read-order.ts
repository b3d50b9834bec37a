/** A factor graph and an order for it from a document; nothing in it is trusted. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import { legible } from '../../../dsl/legible.js'
import { problem, type Problem } from '../../../dsl/problem.js'
import type { FactorGraph } from './factor-graph.js'
import { type ContractionOrder, knownOrder, withoutFactors } from './order.js'
import type { GraphDocument, OrderDocument } from './plan-document.js'
import { type Strategy, strategies } from './search.js'
import type { ContractionTree } from './tree.js'

const malformed = (where: string, what: string, remedy: string): Either<Problem, never> =>
  left(problem('malformed', `plan, ${where}`, what, remedy))

/** The graph and the order of a document. */
export const readOrder = (
  graphDocument: GraphDocument,
  document: OrderDocument,
): Either<Problem, { readonly graph: FactorGraph; readonly order: ContractionOrder }> => {
  const read = readGraph(graphDocument)
  if (isLeft(read)) return read
  const graph = read.right
  const strategy = strategies.find((known) => known === document.strategy)
  if (strategy === undefined)
    return malformed('order.strategy', `found '${legible(document.strategy)}'`, `give one of ${strategies.join(', ')}`)
  const order = orderOf(graph, document, strategy)
  if (isLeft(order)) return order
  for (const name of ['operations', 'largest', 'peak'] as const)
    if (order.right[name] !== document[name])
      return malformed(`order.${name}`, `${document[name]} are predicted`, `the steps take ${order.right[name]}`)
  return right({ graph, order: order.right })
}

const readGraph = (document: GraphDocument): Either<Problem, FactorGraph> => {
  const sizes = new Map<number, number>()
  const functions = new Map<number, number>()
  for (const [place, pair] of document.sizes.entries()) {
    const [index, size] = pair
    if (pair.length !== 2 || !isCount(index! + 1) || !isCount(size!) || sizes.has(index!))
      return malformed(
        `graph.sizes[${place}]`,
        `found [${pair.join(', ')}]`,
        'give an index, each once and at least -1, and how many values it has',
      )
    sizes.set(index!, size!)
  }
  const carried = new Set<number>()
  for (const [factor, indices] of document.factors.entries())
    for (const index of indices) {
      if (!sizes.has(index))
        return malformed(`graph.factors[${factor}]`, `index ${index} has no size`, 'list its size under sizes')
      carried.add(index)
    }
  for (const [place, index] of document.wanted.entries())
    if (!carried.has(index) || document.wanted.indexOf(index) !== place)
      return malformed(`graph.wanted[${place}]`, `found ${index}`, 'name indices of factors, each once')
  for (const [place, pair] of document.functions.entries()) {
    const [factor, inputCount] = pair
    const indices = document.factors[factor!]
    if (pair.length !== 2 || indices === undefined || !isInputCount(inputCount!, indices) || functions.has(factor!))
      return malformed(
        `graph.functions[${place}]`,
        `found [${pair.join(', ')}]`,
        'give the number of a factor, each once, and how many of its indices are inputs',
      )
    functions.set(factor!, inputCount!)
  }
  return right({ factors: document.factors, functions: [...functions], sizes: [...sizes], wanted: document.wanted })
}

const isInputCount = (count: number, { length }: readonly number[]): boolean => isCount(count) && count <= length

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

const orderOf = (
  graph: FactorGraph,
  { steps, sliced, once }: OrderDocument,
  strategy: Strategy,
): Either<Problem, ContractionOrder> => {
  const carried = new Set(graph.factors.flat())
  for (const [place, index] of sliced.entries())
    if (!carried.has(index) || graph.wanted.includes(index) || sliced.indexOf(index) !== place)
      return malformed(`order.sliced[${place}]`, `found ${index}`, 'name indices that are summed, each once')
  const read = treeOf(graph.factors.length, steps)
  if (isLeft(read)) return read
  if (read.right === undefined) return right(withoutFactors)
  const { tree, nodes } = read.right
  if (!isCount(once) || once > steps.length || (sliced.length === 0 && once < steps.length))
    return malformed(
      'order.once',
      `found ${once}`,
      'give how many steps are done before the loop; all, if there is none',
    )
  const early = firstSliced(graph, tree, new Set(sliced), nodes.slice(0, once))
  if (early !== -1)
    return malformed(
      `order.steps[${early}]`,
      'it depends on sliced indices',
      `do it in the loop: give at most ${early} as once`,
    )
  if (sliced.length > 0 && once === steps.length)
    return malformed('order.once', 'there is no step in the loop', 'do the last step in the loop')
  const [only] = graph.factors
  if (steps.length === 0 && only!.join() !== graph.wanted.join())
    return malformed('order.steps', 'there are none', 'contract the one factor to what is wanted')
  return right(knownOrder(graph, { strategy, tree, nodes, once, sliced }))
}

/** The first of some nodes below which a factor carries a sliced index, by place. */
const firstSliced = (
  { factors }: FactorGraph,
  { leafCount, left: lefts, right: rights }: ContractionTree,
  sliced: ReadonlySet<number>,
  nodes: readonly number[],
): number => {
  const isSliced = new Map<number, boolean>()
  const reaches = (node: number): boolean =>
    isSliced.get(node) ?? (node < leafCount && factors[node]!.some((index) => sliced.has(index)))
  return nodes.findIndex((node) => {
    const found =
      node < leafCount ? reaches(node) : reaches(lefts[node - leafCount]!) || reaches(rights[node - leafCount]!)
    isSliced.set(node, found)
    return found
  })
}

interface ReadTree {
  readonly tree: ContractionTree
  /** The node that each step makes. */
  readonly nodes: readonly number[]
}

/** The tree of the steps; undefined where there is nothing to contract. */
const treeOf = (leafCount: number, steps: readonly (readonly number[])[]): Either<Problem, ReadTree | undefined> => {
  const summedFirst = new Uint8Array(leafCount)
  const lefts: number[] = []
  const rights: number[] = []
  // The node that each factor and each step's result is, and whether it has been used.
  const nodes = Array.from({ length: leafCount }, (_, factor) => factor)
  const isUsed = new Uint8Array(leafCount + steps.length)
  for (const [step, operands] of steps.entries()) {
    const where = `order.steps[${step}]`
    const [first, second] = operands
    if (first === undefined || operands.length > 2)
      return malformed(where, `it has ${operands.length} operands`, 'give one factor, or two tensors')
    for (const operand of operands) {
      if (nodes[operand] === undefined || isUsed[operand] === 1)
        return malformed(
          where,
          `there is no tensor ${operand} that is still to be used`,
          'name factors, and results of earlier steps after them, each once',
        )
      isUsed[operand] = 1
    }
    if (second === undefined) {
      if (first >= leafCount) return malformed(where, 'it sums the result of a step', 'sum factors only')
      summedFirst[first] = 1
      nodes.push(first)
      continue
    }
    lefts.push(nodes[first]!)
    rights.push(nodes[second]!)
    nodes.push(leafCount + lefts.length - 1)
  }
  const unused = nodes.findIndex((_, tensor) => isUsed[tensor] === 0 && tensor !== nodes.length - 1)
  if (unused !== -1)
    return malformed('order.steps', `tensor ${unused} is left over`, 'contract all factors to one result')
  const root = nodes[nodes.length - 1]
  if (root === undefined) return right(undefined)
  const tree = { leafCount, left: Int32Array.from(lefts), right: Int32Array.from(rights), summedFirst, root }
  return right({ tree, nodes: nodes.slice(leafCount) })
}
