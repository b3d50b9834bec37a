/**
 * The best contraction tree of a few tensors, by dynamic programming over their subsets.
 *
 * Every way to split every subset in two is looked at, outer products included, so no sequence of contractions of two tensors and of
 * sums of one takes fewer operations. For n tensors that is 3^n / 2 splits; indices that the same tensors carry count as one.
 */
import { type FunctionFactor, mostEntries, volumeOf } from './factor-graph.js'

export interface SmallProblem {
  /** The indices of each tensor. */
  readonly sets: readonly Int32Array[]
  readonly sizes: Float64Array
  /** Whether an index is to be kept: it is wanted, or others carry it. */
  readonly keeps: (index: number) => boolean
  /** The tensors that are functions. */
  readonly functions: readonly (FunctionFactor | undefined)[]
  /** Whether the result is the last one, which no look-up may make. */
  readonly isLast: boolean
}

export interface SmallSolution {
  readonly operations: number
  /** Tensors that sum their own indices first. */
  readonly summedFirst: readonly boolean[]
  /** Pairs of numbers: the given tensors come first, then the results of the pairs; children before parents. */
  readonly pairs: readonly (readonly [number, number])[]
}

/** The most tensors that subsets are written for. */
export const mostTensors = 20

/** The best tree that takes fewer than `bound` operations, or undefined where there is none. */
export const bestTree = (problem: SmallProblem, bound = Infinity): SmallSolution | undefined => {
  const { sets, sizes, keeps, functions, isLast } = problem
  const count = sets.length
  if (count < 1 || count > mostTensors) throw new Error(`bestTree: ${count} tensors`)
  const full = 2 ** count - 1
  const groups = groupIndices(problem)
  const words = Math.max(1, Math.ceil(groups.length / 32))
  const volume = volumeTable(groups.map(({ members }) => volumeOf(Int32Array.from(members), sizes)))

  // Bit sets of groups, `words` words each: all that a subset carries, and what is left after its contraction.
  const carried = new Int32Array((full + 1) * words)
  const kept = new Int32Array((full + 1) * words)
  const kept0 = new Int32Array(words)
  groups.forEach(({ leaves, members }, group) => {
    const bit = 1 << (group & 31)
    for (let leaf = 0; leaf < count; leaf++)
      if (((leaves >> leaf) & 1) === 1) carried[2 ** leaf * words + (group >> 5)]! |= bit
    if (keeps(members[0]!)) kept0[group >> 5]! |= bit
  })
  for (let subset = 1; subset <= full; subset++) {
    const lowest = subset & -subset
    for (let word = 0; word < words; word++)
      carried[subset * words + word]! |= carried[lowest * words + word]! | carried[(subset ^ lowest) * words + word]!
  }
  for (let subset = 1; subset <= full; subset++)
    for (let word = 0; word < words; word++)
      kept[subset * words + word] =
        carried[subset * words + word]! & (kept0[word]! | carried[(full ^ subset) * words + word]!)

  const sameSet = (a: Int32Array, i: number, b: Int32Array, j: number): boolean => {
    for (let word = 0; word < words; word++) if (a[i * words + word] !== b[j * words + word]) return false
    return true
  }
  const operationsOfUnion = (a: Int32Array, i: number, b: Int32Array, j: number): number => {
    let total = 2
    for (let word = 0; word < words; word++) total *= volume(word, a[i * words + word]! | b[j * words + word]!)
    return Math.min(total, mostEntries)
  }

  // A single tensor may be used as it is, at no cost, or with its own indices summed first.
  const summing = new Float64Array(count)
  const isLone: boolean[] = []
  for (let leaf = 0; leaf < count; leaf++) {
    isLone.push(!sameSet(carried, 2 ** leaf, kept, 2 ** leaf))
    summing[leaf] = operationsOfUnion(carried, 2 ** leaf, carried, 2 ** leaf)
  }
  const someLone = isLone.some(Boolean)

  const masks = functions.map((made, leaf) => {
    if (made === undefined) return undefined
    const inputs = new Int32Array(words)
    const outputs = new Int32Array(words)
    groups.forEach(({ leaves, members }, group) => {
      if (((leaves >> leaf) & 1) === 0) return
      const target = made.outputs.includes(members[0]!) ? outputs : inputs
      target[group >> 5]! |= 1 << (group & 31)
    })
    return { inputs, outputs }
  })
  const someFunction = masks.some((mask) => mask !== undefined)
  /** Whether tensor `leaf`, a function, is looked up in that of `other`, whose set is set `j` of `b`. */
  const isLookUp = (leaf: number, b: Int32Array, j: number, subset: number): boolean => {
    const mask = masks[leaf]
    if (mask === undefined || (isLast && subset === full)) return false
    for (let word = 0; word < words; word++) {
      const [input, output] = [mask.inputs[word]!, mask.outputs[word]!]
      const [others, rest] = [b[j * words + word]!, kept[subset * words + word]!]
      if ((output & ~others) !== 0 || (output & rest) !== 0 || (input & ~rest) !== 0) return false
      if ((others & ~(rest | output)) !== 0) return false
    }
    return true
  }

  const cost = new Float64Array(full + 1).fill(Infinity)
  /** The part of the best split that has the highest tensor; and which single parts sum first: 1 this one, 2 the other one. */
  const split = new Int32Array(full + 1)
  const sums = new Uint8Array(full + 1)
  for (let leaf = 0; leaf < count; leaf++) cost[2 ** leaf] = 0

  const single = (subset: number): number => ((subset & (subset - 1)) === 0 ? 31 - Math.clz32(subset) : -1)
  for (let subset = 3; subset <= full; subset++) {
    if ((subset & (subset - 1)) === 0) continue
    let best = bound
    for (let part = (subset - 1) & subset; part > (subset ^ part); part = (part - 1) & subset) {
      const other = subset ^ part
      const before = cost[part]! + cost[other]!
      if (before >= best) continue
      if (!someLone && !someFunction) {
        const total = before + operationsOfUnion(kept, part, kept, other)
        if (total < best) {
          best = total
          split[subset] = part
        }
        continue
      }
      const [one, two] = [single(part), single(other)]
      const choices = (one >= 0 && isLone[one] ? 2 : 1) * (two >= 0 && isLone[two] ? 2 : 1)
      for (let choice = 0; choice < choices; choice++) {
        const first = one >= 0 && isLone[one] === true && choice % 2 === 0
        const second = two >= 0 && isLone[two] === true && (one >= 0 && isLone[one] ? choice < 2 : choice < 1)
        const a = one >= 0 && !first ? carried : kept
        const b = two >= 0 && !second ? carried : kept
        const looked =
          (one >= 0 && !first && isLookUp(one, b, other, subset)) ||
          (two >= 0 && !second && isLookUp(two, a, part, subset))
        const total =
          before +
          (first ? summing[one]! : 0) +
          (second ? summing[two]! : 0) +
          (looked ? 0 : operationsOfUnion(a, part, b, other))
        if (total < best) {
          best = total
          split[subset] = part
          sums[subset] = (first ? 1 : 0) + (second ? 2 : 0)
        }
      }
    }
    if (split[subset] !== 0) cost[subset] = best
  }
  if (count === 1) return { operations: 0, summedFirst: [false], pairs: [] }
  if (cost[full] === Infinity) return undefined

  const summedFirst = new Array<boolean>(count).fill(false)
  const pairs: (readonly [number, number])[] = []
  const build = (subset: number): number => {
    const leaf = single(subset)
    if (leaf >= 0) return leaf
    const part = split[subset]!
    const [one, two] = [single(part), single(subset ^ part)]
    if (one >= 0 && (sums[subset]! & 1) !== 0) summedFirst[one] = true
    if (two >= 0 && (sums[subset]! & 2) !== 0) summedFirst[two] = true
    const [a, b] = [build(part), build(subset ^ part)]
    return count + pairs.push([a, b]) - 1
  }
  build(full)
  return { operations: cost[full]!, summedFirst, pairs }
}

interface Group {
  /** The tensors that carry it, as bits. */
  readonly leaves: number
  readonly members: readonly number[]
}

/** The indices in groups of those that are carried by the same tensors and play the same parts: they are kept or summed together. */
const groupIndices = ({ sets, keeps, functions }: SmallProblem): readonly Group[] => {
  const leaves = new Map<number, number>()
  sets.forEach((set, leaf) => {
    for (const index of set) leaves.set(index, (leaves.get(index) ?? 0) | (1 << leaf))
  })
  const outputsOf = new Map<number, number>()
  functions.forEach((made, leaf) => {
    for (const output of made?.outputs ?? []) outputsOf.set(output, (outputsOf.get(output) ?? 0) | (1 << leaf))
  })
  const groups = new Map<number, { leaves: number; members: number[] }>()
  for (const [index, carriers] of leaves) {
    const key = (carriers * 2 + (keeps(index) ? 1 : 0)) * 2 ** mostTensors + (outputsOf.get(index) ?? 0)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { leaves: carriers, members: [index] })
    else group.members.push(index)
  }
  return [...groups.values()]
}

/** The volume of the groups whose bits are set in a word, by bytes. */
const volumeTable = (volumes: readonly number[]): ((word: number, bits: number) => number) => {
  const bytes = Math.ceil(volumes.length / 8)
  const table = new Float64Array(256 * bytes)
  for (let byte = 0; byte < bytes; byte++) {
    table[256 * byte] = 1
    const groups = Math.min(8, volumes.length - 8 * byte)
    for (let bits = 1; bits < 2 ** groups; bits++) {
      const group = 8 * byte + 31 - Math.clz32(bits & -bits)
      table[256 * byte + bits] = Math.min(table[256 * byte + (bits & (bits - 1))]! * volumes[group]!, mostEntries)
    }
  }
  if (bytes <= 1) return (_word, bits) => (bits === 0 ? 1 : table[bits]!)
  return (word, bits) => {
    let total = 1
    let byte = 1024 * word
    for (let rest = bits; rest !== 0; rest >>>= 8) {
      total *= table[byte + (rest & 255)]!
      byte += 256
    }
    return total
  }
}
