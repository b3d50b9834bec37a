/**
 * Greedy contraction: next is the pair of tensors that share a summed index and whose result exceeds them least.
 *
 * With noise on that choice, several tries give several trees, of which the best is kept.
 *
 * Source: D. G. A. Smith and J. Gray, "opt_einsum" (2018); J. Gray and S. Kourtis, "Hyper-optimized tensor network contraction" (2021).
 */
import { type Forest, forestOf } from './forest.js'
import type { CompactGraph } from './factor-graph.js'
import { priorityQueue } from './heap.js'
import type { ContractionTree } from './tree.js'

export interface GreedyStyle {
  /** How much the sizes of the two tensors count against that of their result. */
  readonly weight: number
  /** The scale of the noise on the logarithm of the choice's measure; 0 is none. */
  readonly temperature: number
}

/** Pairs of more tensors than this that share one index are not all looked at. */
const crowd = 16

/** A tree of a connected graph; `uniform` gives numbers in [0, 1). */
export const greedyTree = (
  graph: CompactGraph,
  { weight, temperature }: GreedyStyle,
  uniform: () => number,
): ContractionTree => {
  const forest = forestOf(graph)
  const candidates = priorityQueue<readonly [number, number]>()
  const offer = (a: number, b: number): void => {
    const [x, y] = [forest.at(a)!, forest.at(b)!]
    const excess = forest.measure(a, b).entries - weight * (x.entries + y.entries)
    // Gumbel noise: the least of noisy numbers is then one of them with probabilities proportional to their exponentials.
    const noise = temperature === 0 ? 0 : -temperature * Math.log(Math.max(-Math.log(1 - uniform()), Number.MIN_VALUE))
    candidates.push(Math.sign(excess) * Math.log1p(Math.abs(excess)) - noise, [a, b])
  }
  const crowds = crowdsOf(graph, forest)

  const seen = new Set<number>()
  /** Offers the pairs of a node with those after it that share an index. */
  const offerAll = (node: number, isPartner: (other: number) => boolean): void => {
    seen.clear()
    for (const index of forest.at(node)!.indices) {
      const carriers = forest.carriers(index)
      if (carriers.size > crowd) {
        const other = crowds.smallestBut(index, node)
        if (other !== undefined && !seen.has(other)) {
          seen.add(other)
          offer(node, other)
        }
        continue
      }
      for (const other of carriers)
        if (other !== node && isPartner(other) && !seen.has(other)) {
          seen.add(other)
          offer(node, other)
        }
    }
  }

  let left = graph.factors.length
  let last = left - 1
  graph.factors.forEach((_, node) => {
    offerAll(node, (other) => other < node)
  })
  while (left > 1) {
    const pair = candidates.pop() ?? crowds.anyPair()
    const [a, b] = pair
    if (forest.at(a) === undefined || forest.at(b) === undefined) continue
    last = forest.join(a, b)
    left -= 1
    crowds.enter(last)
    offerAll(last, () => true)
  }
  return forest.tree(last)
}

interface Crowds {
  readonly enter: (node: number) => void
  /** The smallest tensor that carries an index, other than one. */
  readonly smallestBut: (index: number, node: number) => number | undefined
  /** The two smallest tensors of an index that two carry. */
  readonly anyPair: () => readonly [number, number]
}

/** The tensors of each index by size, for indices that many tensors carry. */
const crowdsOf = (graph: CompactGraph, forest: Forest): Crowds => {
  const isCrowded = (index: number): boolean => graph.carriers[index]! > crowd && graph.wanted[index] === 0
  const queues = new Map<number, ReturnType<typeof priorityQueue<number>>>()
  const enter = (node: number): void => {
    const { indices, entries } = forest.at(node)!
    for (const index of indices) {
      if (!isCrowded(index)) continue
      const queue = queues.get(index) ?? priorityQueue<number>()
      queues.set(index, queue)
      queue.push(entries, node)
    }
  }
  graph.factors.forEach((_, node) => {
    enter(node)
  })
  /** The smallest tensors of an index, which stay in its queue. */
  const smallest = (index: number, count: number): readonly number[] => {
    const found: number[] = []
    const queue = queues.get(index)
    while (queue !== undefined && found.length < count) {
      const node = queue.pop()
      if (node === undefined) break
      if (forest.at(node) !== undefined) found.push(node)
    }
    for (const node of found) queue?.push(forest.at(node)!.entries, node)
    return found
  }
  return {
    enter,
    smallestBut: (index, node) => smallest(index, 2).find((other) => other !== node),
    anyPair: () => {
      for (const index of queues.keys()) {
        const [a, b] = smallest(index, 2)
        if (a !== undefined && b !== undefined) return [a, b]
      }
      throw new Error('greedyTree: the graph is not connected')
    },
  }
}
