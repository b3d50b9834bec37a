/**
 * Contraction of a factor graph: the sum, over every index that is not asked for, of the product of all factors.
 *
 * A wire is an index and a copy is a shared index, never a tensor. Factors are contracted two at a time, greedily: next is the pair
 * whose result exceeds its operands least; an index is summed as soon as no other factor carries it.
 */
import type { Access, Operation, Term } from './operation.js'

/** An index is the number of a wire, or `batch`. */
export const batch = -1

export interface Factor {
  readonly tensor: number
  /** Row-major along the rows; an index may occur twice when a box reads a wire twice. */
  readonly rowIndices: readonly number[]
  /** The index along the columns; undefined when there is one column. */
  readonly columnIndex: number | undefined
}

export type SizeOf = (index: number) => number

const indicesOf = ({ rowIndices, columnIndex }: Factor): readonly number[] =>
  columnIndex === undefined ? rowIndices : [...rowIndices, columnIndex]

/** A factor with its last index along the columns; the batch index always stays along the rows. */
export const factorOver = (tensor: number, indices: readonly number[]): Factor => {
  const last = indices[indices.length - 1]
  return last === undefined || last === batch
    ? { tensor, rowIndices: indices, columnIndex: undefined }
    : { tensor, rowIndices: indices.slice(0, -1), columnIndex: last }
}

/**
 * Contracts the factors to one over `wanted`, in that order.
 *
 * `step` records an operation on two tensors and gives the number of its result; `one` is a tensor that holds the number one.
 */
export const contract = (
  factors: readonly Factor[],
  wanted: readonly number[],
  sizeOf: SizeOf,
  step: (operation: Operation, operands: readonly number[]) => number,
  one: () => number,
): Factor => {
  const pending = [...factors]
  const join = (a: Factor, b: Factor, indices: readonly number[]): Factor => {
    const result = factorOver(-1, indices)
    return { ...result, tensor: step(contraction(a, b, result, sizeOf), [a.tensor, b.tensor]) }
  }
  while (pending.length > 1) {
    const [i, j] = cheapestPair(pending, wanted, sizeOf)
    const [a, b] = [pending[i]!, pending[j]!]
    pending.splice(j, 1)
    pending.splice(i, 1)
    const kept = pending.length === 0 ? wanted : keptIndices(a, b, pending, wanted)
    pending.push(join(a, b, kept))
  }
  const last = pending[0]
  if (last === undefined) throw new Error('contract: there is no factor to contract')
  const indices = indicesOf(last)
  if (indices.length === wanted.length && indices.every((index, place) => index === wanted[place])) return last
  return join(last, { tensor: one(), rowIndices: [], columnIndex: undefined }, wanted)
}

const keptIndices = (a: Factor, b: Factor, others: readonly Factor[], wanted: readonly number[]): readonly number[] => {
  const needed = new Set([...wanted, ...others.flatMap(indicesOf)])
  const kept = [...new Set([...indicesOf(a), ...indicesOf(b)])].filter((index) => needed.has(index))
  return kept.includes(batch) ? [batch, ...kept.filter((index) => index !== batch)] : kept
}

const cheapestPair = (
  factors: readonly Factor[],
  wanted: readonly number[],
  sizeOf: SizeOf,
): readonly [number, number] => {
  const occurrences = new Map<number, number>()
  for (const index of wanted) occurrences.set(index, 1)
  const sets = factors.map((factor) => new Set(indicesOf(factor)))
  for (const set of sets) for (const index of set) occurrences.set(index, (occurrences.get(index) ?? 0) + 1)
  const sizes = sets.map((set) => volume(set, sizeOf))

  let best: readonly [number, number] = [0, 1]
  let bestCost = Infinity
  let bestConnected = false
  for (let i = 0; i < factors.length; i++)
    for (let j = i + 1; j < factors.length; j++) {
      const shared = [...sets[i]!].filter((index) => sets[j]!.has(index))
      const connected = shared.length > 0
      // An outer product is only ever formed when nothing is left that is connected.
      if (bestConnected && !connected) continue
      let result = (sizes[i]! * sizes[j]!) / volume(shared, sizeOf)
      for (const index of shared) if (occurrences.get(index) === 2) result /= sizeOf(index)
      const cost = result - sizes[i]! - sizes[j]!
      if (cost < bestCost || (connected && !bestConnected)) [best, bestCost, bestConnected] = [[i, j], cost, connected]
    }
  return best
}

const volume = (indices: Iterable<number>, sizeOf: SizeOf): number => {
  let total = 1
  for (const index of indices) total *= sizeOf(index)
  return total
}

/** The operation that contracts two factors to a third. Its indices: the result's, then the summed ones. */
const contraction = (a: Factor, b: Factor, result: Factor, sizeOf: SizeOf): Operation => {
  const outer = indicesOf(result)
  const summed = [...new Set([...indicesOf(a), ...indicesOf(b)])].filter((index) => !outer.includes(index))
  // The column has a place of its own even where there is one column.
  const order = [...result.rowIndices, result.columnIndex, ...summed]
  const access = (factor: Factor): Access => {
    const row: Term[] = []
    let stride = 1
    for (let place = factor.rowIndices.length - 1; place >= 0; place--) {
      const index = factor.rowIndices[place]!
      row.unshift({ index: order.indexOf(index), stride })
      stride *= sizeOf(index)
    }
    const { columnIndex } = factor
    return { row, column: columnIndex === undefined ? [] : [{ index: order.indexOf(columnIndex), stride: 1 }] }
  }
  return {
    kind: 'contract',
    sizes: result.rowIndices.map(sizeOf),
    columns: result.columnIndex === undefined ? 1 : sizeOf(result.columnIndex),
    summed: summed.map(sizeOf),
    left: access(a),
    right: access(b),
  }
}
