/**
 * Slicing: some summed indices are fixed, and the contraction is done once for each of their values, so that its tensors are smaller.
 *
 * Source: J. Gray and S. Kourtis, "Hyper-optimized tensor network contraction" (2021), on dynamic slicing.
 */
import { type CompactGraph, mostEntries, volumeOf, withoutIndices } from './factor-graph.js'
import { type Schedule, scheduleTree } from './schedule.js'
import { type ContractionTree, measureTree, type NodeMeasure } from './tree.js'

export interface SlicedTree {
  readonly tree: ContractionTree
  readonly measures: readonly NodeMeasure[]
  /** The indices that are fixed, in the order in which they were chosen. */
  readonly sliced: readonly number[]
  /** How often the loop is done: the product of their sizes. */
  readonly slices: number
  readonly schedule: Schedule
}

/** What is done once, before the loop: all that can be, all that is not quite small, or nothing. */
const leastShares = [0, 1 / 64, Infinity]

/** A tree with some indices fixed, of its loops the one of fewest operations with at most `limit` entries alive at once. */
export const slicedAt = (
  graph: CompactGraph,
  tree: ContractionTree,
  sliced: readonly number[],
  limit = Infinity,
): SlicedTree => {
  const indices = new Set(sliced)
  const measures = measureTree(withoutIndices(graph, indices), tree)
  const slices = countOf(graph, sliced)
  const schedules = (sliced.length === 0 ? [0] : leastShares).map((leastShare) =>
    scheduleTree(graph, tree, measures, { indices, count: slices, leastShare }),
  )
  const fits = ({ peak }: Schedule): boolean => peak <= limit
  const isBetter = (a: Schedule, b: Schedule): boolean =>
    fits(a) && fits(b) ? a.operations < b.operations : fits(a) || (!fits(b) && a.peak < b.peak)
  const schedule = schedules.reduce((best, next) => (isBetter(next, best) ? next : best))
  return { tree, measures, sliced, slices, schedule }
}

/** How often a loop over indices is done. */
export const countOf = ({ sizes }: CompactGraph, sliced: readonly number[]): number =>
  volumeOf(Int32Array.from(sliced), sizes)

/** Candidates that are weighed for each index that is fixed. */
const mostCandidates = 24

/**
 * The tree with as few indices fixed as it takes for at most `limit` entries to be alive at once. Where that cannot be reached, because
 * what is wanted is too large itself, the last attempt is given.
 *
 * Next is the index with the least growth of the operations for the shrinking of the peak.
 */
export const sliceTree = (graph: CompactGraph, tree: ContractionTree, limit: number): SlicedTree => {
  let current = slicedAt(graph, tree, [], limit)
  while (current.schedule.peak > limit) {
    const candidates = candidatesOf(graph, current)
    let best: SlicedTree | undefined
    let bestScore = Infinity
    for (const index of candidates) {
      const next = slicedAt(graph, tree, [...current.sliced, index], limit)
      const shrinking = Math.log(current.schedule.peak / next.schedule.peak)
      const growth = Math.log(next.schedule.operations / current.schedule.operations)
      // Two tensors of the same size may both be in the way, so an index may have to go before anything is gained.
      const score = shrinking > 0 ? growth / shrinking : mostEntries * (1 + growth)
      if (score < bestScore || best === undefined) [best, bestScore] = [next, score]
    }
    if (best === undefined) return current
    current = best
  }
  return current
}

/** Summed indices of the results, those of the largest results first. */
const candidatesOf = (graph: CompactGraph, { measures, schedule, sliced }: SlicedTree): readonly number[] => {
  const found = new Set<number>()
  const largestFirst = [...schedule.nodes].sort((a, b) => measures[b]!.entries - measures[a]!.entries)
  for (const node of largestFirst) {
    for (const index of measures[node]!.indices)
      if (graph.wanted[index] === 0 && graph.sizes[index]! > 1 && !sliced.includes(index)) found.add(index)
    if (found.size >= mostCandidates) break
  }
  return [...found]
}
