/**
 * The search for a contraction tree: exact for few factors, and otherwise the best of several greedy and elimination trees, improved.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

import { bestTree, type SmallProblem } from './dynamic-programming.js'
import { type CompactGraph, components, subgraph, volumeOf } from './factor-graph.js'
import { greedyTree } from './greedy.js'
import { priorityQueue } from './heap.js'
import { improveTree } from './improvement.js'
import { eliminationTree } from './min-fill.js'
import { bottomUp, type ContractionTree, loneLeaves, measureTree, operationsOf, withBestSums } from './tree.js'

export interface SearchOptions {
  /** A 32-bit integer: equal seeds give equal trees. */
  readonly seed: number
  /** Connected parts of up to this many factors are contracted in the best of all orders. */
  readonly exactUpTo: number
  /** How many trees are tried for each connected part; fewer where there are very many factors. */
  readonly tries: number
}

/** How a tree was found; `mixed` where connected parts differ in that. */
export type Strategy = (typeof strategies)[number]
export const strategies = ['exact', 'greedy', 'min-fill', 'mixed'] as const

export interface FoundTree {
  readonly tree: ContractionTree
  readonly strategy: Strategy
}

/** Splits of subsets that dynamic programming may look at, for all parts of a graph together. */
const exactBudget = 3 ** 14
/** Factors that all tries may contract together. */
const tryBudget = 24_000
/** Splits that the improvement of a tree may look at. */
const improvementBudget = 2e6
/** The best trees are improved before the best of them is taken. */
const finalists = 3

/** The best tree that was found. The graph has at least one factor. */
export const searchTree = (graph: CompactGraph, options: SearchOptions): FoundTree => {
  const count = graph.factors.length
  const whole = count <= options.exactUpTo ? exactTree(graph) : undefined
  if (whole !== undefined) return { tree: whole, strategy: 'exact' }

  const parts = components(graph)
  if (parts.length === 1) return heuristicTree(graph, options)
  let exactLeft = exactBudget
  const found = parts.map((members): FoundTree => {
    const part = subgraph(graph, members)
    const size = members.length <= options.exactUpTo ? 3 ** members.length : Infinity
    const tree = size <= exactLeft ? exactTree(part) : undefined
    if (tree === undefined) return heuristicTree(part, { ...options, tries: triesFor(count, options) })
    exactLeft -= size
    return { tree, strategy: 'exact' }
  })
  const [strategy] = new Set(found.map((part) => part.strategy))
  return {
    tree: improved(graph, joinParts(graph, parts, found)),
    strategy: found.every((part) => part.strategy === strategy) ? strategy! : 'mixed',
  }
}

const triesFor = (count: number, { tries }: SearchOptions): number =>
  Math.max(2, Math.min(tries, Math.floor(tryBudget / count)))

const exactTree = (graph: CompactGraph): ContractionTree | undefined => {
  const solution = bestTree({
    sets: graph.factors,
    sizes: graph.sizes,
    keeps: (index) => graph.wanted[index] === 1,
    functions: graph.functions,
    isLast: true,
  })
  if (solution === undefined) return undefined
  const { pairs, summedFirst } = solution
  return {
    leafCount: graph.factors.length,
    left: Int32Array.from(pairs, ([left]) => left),
    right: Int32Array.from(pairs, ([, right]) => right),
    summedFirst: pairs.length === 0 ? loneLeaves(graph) : Uint8Array.from(summedFirst, Number),
    root: graph.factors.length + pairs.length - 1,
  }
}

/** The best of several trees of a connected graph. */
const heuristicTree = (graph: CompactGraph, options: SearchOptions): FoundTree => {
  const generator = xoroshiro128plus(options.seed)
  const uniform = (): number => uniformFloat64(generator)
  const found: (FoundTree & { readonly operations: number })[] = []
  const enter = (strategy: Strategy, tree: ContractionTree | undefined): void => {
    if (tree === undefined) return
    const best = withBestSums(graph, tree)
    found.push({ tree: best, strategy, operations: operationsOf(best, measureTree(graph, best)) })
    found.sort((a, b) => a.operations - b.operations)
    found.splice(finalists)
  }
  const tries = triesFor(graph.factors.length, options)
  for (let attempt = 0; attempt < tries; attempt++)
    switch (attempt) {
      case 0:
        enter('greedy', greedyTree(graph, { weight: 1, temperature: 0 }, uniform))
        break
      case 1:
        enter('min-fill', eliminationTree(graph, 'fill', uniform))
        break
      case 2:
        enter('min-fill', eliminationTree(graph, 'weight', uniform))
        break
      case 3:
        enter('min-fill', eliminationTree(graph, 'weighted-fill', uniform))
        break
      default:
        if (attempt % 4 === 0) enter('min-fill', eliminationTree(graph, 'fill', uniform))
        else enter('greedy', greedyTree(graph, { weight: 2 * uniform(), temperature: uniform() ** 2 }, uniform))
    }
  const better = found.slice(0, tries > finalists ? finalists : 1).map(({ tree, strategy }) => {
    const result = improved(graph, tree)
    return { tree: result, strategy, operations: operationsOf(result, measureTree(graph, result)) }
  })
  return better.reduce((best, next) => (next.operations < best.operations ? next : best))
}

const improved = (graph: CompactGraph, tree: ContractionTree): ContractionTree => {
  const affordable = Math.log(improvementBudget / graph.factors.length) / Math.log(3)
  return improveTree(graph, tree, Math.max(3, Math.min(9, Math.floor(affordable))), 4 * improvementBudget)
}

/** One tree from the trees of the parts, between which all that is shared is wanted. */
const joinParts = (
  graph: CompactGraph,
  parts: readonly (readonly number[])[],
  found: readonly FoundTree[],
): ContractionTree => {
  const leafCount = graph.factors.length
  const left: number[] = []
  const right: number[] = []
  const join = (a: number, b: number): number => {
    left.push(a)
    right.push(b)
    return leafCount + left.length - 1
  }
  const summedFirst = new Uint8Array(leafCount)
  const roots = found.map(({ tree }, part) => {
    const members = parts[part]!
    const numbers = new Int32Array(members.length + tree.left.length)
    for (const node of bottomUp(tree)) {
      if (node < members.length) {
        numbers[node] = members[node]!
        summedFirst[members[node]!] = tree.summedFirst[node]!
      } else {
        const [a, b] = [tree.left[node - tree.leafCount]!, tree.right[node - tree.leafCount]!]
        numbers[node] = join(numbers[a]!, numbers[b]!)
      }
    }
    return numbers[tree.root]!
  })
  const sets = parts.map((members) => {
    const indices = members.flatMap((member) => [...graph.factors[member]!])
    return Int32Array.from(new Set(indices.filter((index) => graph.wanted[index] === 1)))
  })
  const root = joinWanted(sets, roots, graph.sizes, join)
  return { leafCount, left: Int32Array.from(left), right: Int32Array.from(right), summedFirst, root }
}

/** Few parts are joined in the best order, many the smallest first. */
const mostPartsInBestOrder = 12

const joinWanted = (
  sets: readonly Int32Array[],
  roots: readonly number[],
  sizes: Float64Array,
  join: (a: number, b: number) => number,
): number => {
  if (sets.length <= mostPartsInBestOrder) {
    const small: SmallProblem = { sets, sizes, keeps: () => true, functions: [], isLast: true }
    const numbers = [...roots]
    const solution = bestTree(small)
    if (solution !== undefined) {
      for (const [a, b] of solution.pairs) numbers.push(join(numbers[a]!, numbers[b]!))
      return numbers[numbers.length - 1]!
    }
  }
  const queue = priorityQueue<{ readonly node: number; readonly indices: Int32Array }>()
  const enter = (node: number, indices: Int32Array): void => {
    queue.push(volumeOf(indices, sizes), { node, indices })
  }
  roots.forEach((node, part) => {
    enter(node, sets[part]!)
  })
  for (let count = roots.length; count > 1; count--) {
    const [a, b] = [queue.pop()!, queue.pop()!]
    enter(join(a.node, b.node), Int32Array.from(new Set([...a.indices, ...b.indices])))
  }
  return queue.pop()!.node
}
