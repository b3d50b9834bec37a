/**
 * Places across the direction of reading: each layer is an isotonic regression, so items keep their order and their distance and
 * come as near as they can to where their wires would be straight.
 */
import type { Layering } from './layering.js'

/** The extent of an item across the direction of reading, and the offsets of its ports from its middle. */
export interface Extent {
  readonly height: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** A bend counts as much as a way of this length across. */
const bendCost = 8

/** The middle of each item; `distance` is the least space between two neighbours. */
export const middles = (
  { items, layers, gaps }: Layering,
  extents: readonly Extent[],
  distance: (a: number, b: number) => number,
): Float64Array => {
  const middle = new Float64Array(items.length)
  const separation = (a: number, b: number): number => (extents[a]!.height + extents[b]!.height) / 2 + distance(a, b)
  for (const layer of layers) {
    let position = 0
    layer.forEach((item, index) => {
      if (index > 0) position += separation(layer[index - 1]!, item)
      middle[item] = position
    })
    layer.forEach((item) => (middle[item]! -= position / 2))
  }

  // For each item where its wires want it: the other end's place less the offset of the port.
  type Wish = readonly [other: number, shift: number]
  const before: Wish[][] = items.map(() => [])
  const after: Wish[][] = items.map(() => [])
  for (const gap of gaps)
    for (const { from, to } of gap)
      for (const end of to) {
        const shift = extents[from.item]!.outputs[from.port]! - extents[end.item]!.inputs[end.port]!
        before[end.item]!.push([from.item, shift])
        after[from.item]!.push([end.item, -shift])
      }

  const settle = (layer: readonly number[], sides: readonly Wish[][][]): void => {
    const wanted = layer.map((item) => {
      const wishes = sides.flatMap((side) => side[item]!.map(([other, shift]) => middle[other]! + shift))
      return wishes.length === 0 ? middle[item]! : median(wishes)
    })
    // An item without wishes on these sides goes where the others push it.
    const weight = layer.map((item) => (sides.some((side) => side[item]!.length > 0) ? 1 : 0.01))
    const gapsBetween = layer.map((item, index) => (index === 0 ? 0 : separation(layer[index - 1]!, item)))
    isotonic(wanted, weight, gapsBetween).forEach((value, index) => (middle[layer[index]!] = value))
  }
  // What the eye minds: every bend, and how far it goes.
  const links = gaps.flatMap((gap) =>
    gap.flatMap(({ from, to }) =>
      to.map((end) => ({
        from: from.item,
        to: end.item,
        shift: extents[from.item]!.outputs[from.port]! - extents[end.item]!.inputs[end.port]!,
      })),
    ),
  )
  const cost = (): number =>
    links.reduce((sum, { from, to, shift }) => {
      const fall = Math.abs(middle[from]! + shift - middle[to]!)
      return fall < 1e-6 ? sum : sum + fall + bendCost
    }, 0)
  let best = middle.slice()
  let least = cost()
  const keepBest = (): void => {
    const now = cost()
    if (now < least - 1e-9) [best, least] = [middle.slice(), now]
  }
  const forward = (): void => layers.slice(1).forEach((layer) => settle(layer, [before]))
  const backward = (): void =>
    layers
      .slice(0, -1)
      .reverse()
      .forEach((layer) => settle(layer, [after]))
  const rounds = items.length > 4000 ? 3 : 8
  for (let round = 0; round < rounds; round++) {
    for (const pass of [forward, backward, backward, forward]) {
      pass()
      keepBest()
    }
    layers.forEach((layer) => settle(layer, [before, after]))
    keepBest()
  }
  return best
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/**
 * The places nearest to the wanted ones, in weighted squares, of which each is at least its gap after the one before it: pool
 * adjacent violators.
 */
export const isotonic = (
  wanted: readonly number[],
  weight: readonly number[],
  gaps: readonly number[],
): readonly number[] => {
  const offsets: number[] = []
  gaps.forEach((gap, index) => offsets.push((offsets[index - 1] ?? 0) + gap))
  const blocks: { value: number; weight: number; count: number }[] = []
  wanted.forEach((value, index) => {
    blocks.push({ value: value - offsets[index]!, weight: weight[index]!, count: 1 })
    for (;;) {
      const [below, top] = [blocks[blocks.length - 2], blocks[blocks.length - 1]!]
      if (below === undefined || below.value <= top.value) break
      blocks.pop()
      const total = below.weight + top.weight
      below.value = (below.value * below.weight + top.value * top.weight) / total
      below.weight = total
      below.count += top.count
    }
  })
  return blocks
    .flatMap(({ value, count }) => new Array<number>(count).fill(value))
    .map((value, index) => value + offsets[index]!)
}
