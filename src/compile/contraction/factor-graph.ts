/**
 * The factor graph of a diagram, as far as the order of contraction depends on it: which indices each factor carries, how large each
 * index is, and which are asked for. What is asked of it is the sum, over every index that is not wanted, of the product of all factors.
 *
 * A wire is an index and a copy is a shared index, never a tensor. A discard is a sum.
 */

/** An index is the number of a wire, or `batch`. */
export const batch = -1

export interface FactorGraph {
  /** The indices of each factor in the order of its axes; one that a box reads twice occurs twice. */
  readonly factors: readonly (readonly number[])[]
  /**
   * The factors that are tables of functions between finite sets, each with how many of its indices are inputs: these come first, and
   * the outputs after them.
   */
  readonly functions: readonly (readonly [factor: number, inputCount: number])[]
  /** Each index of a factor once, with how many values it has. */
  readonly sizes: readonly (readonly [index: number, size: number])[]
  /** The indices of the result, in order; each is carried by a factor. */
  readonly wanted: readonly number[]
}

/** A function among the factors: contracted over its outputs alone it is a look-up, which takes no multiplication. */
export interface FunctionFactor {
  readonly inputs: Int32Array
  readonly outputs: Int32Array
}

/** A factor graph with its indices numbered from 0, for the planners. */
export interface CompactGraph {
  /** The index that each number stands for. */
  readonly names: readonly number[]
  readonly sizes: Float64Array
  readonly wanted: Uint8Array
  /** The numbers of each factor's indices, ascending, each once: a diagonal is read in place. */
  readonly factors: readonly Int32Array[]
  /** How many factors carry each index. */
  readonly carriers: Int32Array
  readonly functions: readonly (FunctionFactor | undefined)[]
}

/** Volumes are cut here, far above anything that fits a memory, so that sums and products of them stay finite. */
export const mostEntries = 1e300

/** The product of the sizes of indices. */
export const volumeOf = (indices: Int32Array, sizes: Float64Array): number => {
  let volume = 1
  for (const index of indices) volume *= sizes[index]!
  return Math.min(volume, mostEntries)
}

/** Numbers the indices of a factor graph. */
export const compactGraph = (graph: FactorGraph): CompactGraph => {
  const names: number[] = []
  const numbers = new Map<number, number>()
  const numberOf = (index: number): number => {
    const known = numbers.get(index)
    if (known !== undefined) return known
    numbers.set(index, names.length)
    return names.push(index) - 1
  }
  const factors = graph.factors.map((indices) => Int32Array.from(new Set(indices.map(numberOf))).sort())
  const wanted = new Uint8Array(names.length)
  for (const index of graph.wanted) {
    const number = numbers.get(index)
    if (number === undefined) throw new Error(`compactGraph: no factor carries the wanted index ${index}`)
    wanted[number] = 1
  }
  const sizes = new Map(graph.sizes)
  const inputCounts = new Map(graph.functions)
  const functions = graph.factors.map((indices, factor): FunctionFactor | undefined => {
    const inputCount = inputCounts.get(factor)
    // A function that reads a wire twice is not indexed by one number for each row of its table.
    if (inputCount === undefined || factors[factor]!.length < indices.length) return undefined
    const all = Int32Array.from(indices, numberOf)
    return { inputs: all.slice(0, inputCount), outputs: all.slice(inputCount) }
  })
  return withCarriers({
    names,
    sizes: Float64Array.from(names, (index) => sizeAt(sizes, index)),
    wanted,
    factors,
    functions,
  })
}

const sizeAt = (sizes: ReadonlyMap<number, number>, index: number): number => {
  const size = sizes.get(index)
  if (size === undefined) throw new Error(`compactGraph: index ${index} has no size`)
  return size
}

const withCarriers = (graph: Omit<CompactGraph, 'carriers'>): CompactGraph => {
  const carriers = new Int32Array(graph.sizes.length)
  for (const factor of graph.factors) for (const index of factor) carriers[index]! += 1
  return { ...graph, carriers }
}

/** The graph at one value of each of some indices. */
export const withoutIndices = (graph: CompactGraph, sliced: ReadonlySet<number>): CompactGraph => {
  if (sliced.size === 0) return graph
  const isLeft = (index: number): boolean => !sliced.has(index)
  return withCarriers({
    ...graph,
    factors: graph.factors.map((factor) => factor.filter(isLeft)),
    functions: graph.functions.map((made) =>
      made !== undefined && made.inputs.every(isLeft) && made.outputs.every(isLeft) ? made : undefined,
    ),
  })
}

/** The graph of some of the factors, between which and the others there are no shared indices but wanted ones. */
export const subgraph = (graph: CompactGraph, members: readonly number[]): CompactGraph => {
  const names: number[] = []
  const numbers = new Map<number, number>()
  for (const member of members)
    for (const index of graph.factors[member]!)
      if (!numbers.has(index)) numbers.set(index, names.push(graph.names[index]!) - 1)
  const renumbered = (indices: Int32Array): Int32Array => indices.map((index) => numbers.get(index)!)
  const old = [...numbers.keys()]
  return withCarriers({
    names,
    sizes: Float64Array.from(old, (index) => graph.sizes[index]!),
    wanted: Uint8Array.from(old, (index) => graph.wanted[index]!),
    factors: members.map((member) => renumbered(graph.factors[member]!).sort()),
    functions: members.map((member) => {
      const made = graph.functions[member]
      return made === undefined ? undefined : { inputs: renumbered(made.inputs), outputs: renumbered(made.outputs) }
    }),
  })
}

/** The factors in groups that are connected by indices which are summed; each group in ascending order. */
export const components = ({ factors, wanted, sizes }: CompactGraph): readonly (readonly number[])[] => {
  const parent = Int32Array.from(factors, (_, factor) => factor)
  const rootOf = (factor: number): number => {
    let root = factor
    while (parent[root] !== root) root = parent[root]!
    for (let at = factor; parent[at] !== root;) {
      const next = parent[at]!
      parent[at] = root
      at = next
    }
    return root
  }
  const first = new Int32Array(sizes.length).fill(-1)
  factors.forEach((factor, number) => {
    for (const index of factor) {
      if (wanted[index] === 1) continue
      if (first[index] === -1) first[index] = number
      else parent[rootOf(number)] = rootOf(first[index]!)
    }
  })
  const groups = new Map<number, number[]>()
  factors.forEach((_, number) => {
    const root = rootOf(number)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [number])
    else group.push(number)
  })
  return [...groups.values()]
}
