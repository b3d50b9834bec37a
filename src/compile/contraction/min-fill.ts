/**
 * Variable elimination: indices are summed one after the other, each by contracting all tensors that carry it. Next is the index that
 * adds the fewest edges between its neighbours, or that makes the smallest tensor.
 *
 * Source: U. Kjærulff, "Triangulation of graphs: algorithms giving small total state space" (1990).
 */
import { type Forest, forestOf } from './forest.js'
import type { CompactGraph } from './factor-graph.js'
import { priorityQueue } from './heap.js'
import type { ContractionTree } from './tree.js'

/** What an index costs: missing edges between its neighbours, each counted once or by its sizes; or the tensor it makes. */
export type EliminationRule = 'fill' | 'weighted-fill' | 'weight'

/** Neighbours beyond this many are not looked at in pairs: all edges are taken to be missing. */
const crowd = 48
/** Pairs of neighbours that may be looked at before the attempt is given up. */
const mostWork = 1e7

/** A tree of a connected graph, or undefined where the work would be too much. `uniform` breaks ties. */
export const eliminationTree = (
  graph: CompactGraph,
  rule: EliminationRule,
  uniform: () => number,
): ContractionTree | undefined => {
  const forest = forestOf(graph)
  const order = eliminationOrder(graph, forest, rule, uniform)
  if (order === undefined) return undefined
  let last = graph.factors.length - 1
  for (const index of order) last = eliminate(forest, index) ?? last
  return forest.tree(last)
}

/** Contracts all tensors that carry an index, the smallest first; undefined if it is gone already. */
const eliminate = (forest: Forest, index: number): number | undefined => {
  const bucket = priorityQueue<number>()
  const carriers = [...forest.carriers(index)].sort((a, b) => a - b)
  for (const node of carriers) bucket.push(forest.at(node)!.entries, node)
  let last: number | undefined
  for (let left = carriers.length; left > 1; left--) {
    last = forest.join(bucket.pop()!, bucket.pop()!)
    bucket.push(forest.at(last)!.entries, last)
  }
  return last
}

const eliminationOrder = (
  { sizes, wanted }: CompactGraph,
  forest: Forest,
  rule: EliminationRule,
  uniform: () => number,
): readonly number[] | undefined => {
  const neighbours = neighbourhoods(sizes.length, wanted, forest)
  const logSizes = sizes.map((size) => Math.log2(Math.max(size, 1)))
  let work = 0
  const scoreOf = (index: number): number => {
    const around = neighbours[index]!
    if (rule === 'weight') {
      let total = 0
      for (const other of around) total += logSizes[other]!
      work += around.size
      return total
    }
    if (around.size > crowd) return (around.size * (around.size - 1)) / 2
    work += around.size ** 2
    let missing = 0
    for (const a of around)
      for (const b of around)
        if (a < b && !neighbours[a]!.has(b)) missing += rule === 'fill' ? 1 : logSizes[a]! * logSizes[b]!
    return missing
  }

  // A queue entry is stale when the index has been given another score since.
  const current = new Float64Array(sizes.length)
  const queue = priorityQueue<readonly [number, number]>()
  const tie = Float64Array.from(sizes, uniform)
  const enter = (index: number): void => {
    const score = scoreOf(index) + tie[index]! / 1024
    if (score === current[index]) return
    current[index] = score
    queue.push(score, [index, score])
  }
  const isSummed = (index: number): boolean => wanted[index] === 0
  current.fill(-1)
  sizes.forEach((_, index) => {
    if (isSummed(index)) enter(index)
  })

  const order: number[] = []
  const done = new Uint8Array(sizes.length)
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const [index, score] = entry
    if (done[index] === 1 || current[index] !== score) continue
    if (work > mostWork) return undefined
    done[index] = 1
    order.push(index)
    const around = [...neighbours[index]!]
    const touched = new Set(around)
    for (const a of around) neighbours[a]!.delete(index)
    for (let i = 0; i < around.length; i++)
      for (let j = i + 1; j < around.length; j++) {
        const [a, b] = [neighbours[around[i]!]!, neighbours[around[j]!]!]
        work += 1
        if (a.has(around[j]!)) continue
        a.add(around[j]!)
        b.add(around[i]!)
        if (rule === 'weight') continue
        // Those who know both have one missing edge less.
        const [few, many] = a.size < b.size ? [a, b] : [b, a]
        work += few.size
        for (const other of few) if (many.has(other)) touched.add(other)
      }
    for (const other of touched) if (isSummed(other) && done[other] === 0) enter(other)
  }
  return order
}

/** For each index, those that occur in a tensor with it; wanted indices that occur nearly everywhere are left out. */
const neighbourhoods = (count: number, wanted: Uint8Array, forest: Forest): readonly Set<number>[] => {
  const neighbours = Array.from({ length: count }, () => new Set<number>())
  const occurrences = new Int32Array(count)
  const nodes: Int32Array[] = []
  for (let node = 0, measure = forest.at(0); measure !== undefined; measure = forest.at(++node)) {
    nodes.push(measure.indices)
    for (const index of measure.indices) occurrences[index]! += 1
  }
  const counts = (index: number): boolean => wanted[index] === 0 || occurrences[index]! <= crowd
  for (const indices of nodes)
    for (const a of indices) if (counts(a)) for (const b of indices) if (a !== b && counts(b)) neighbours[a]!.add(b)
  return neighbours
}
