/**
 * The order of the items in each layer: barycentre sweeps that keep the order with the fewest crossings that they meet.
 *
 * The inputs and the outputs of the diagram keep their order.
 */
import type { Layering, Net } from './layering.js'

/** A layering with its layers reordered. */
export const ordered = (layering: Layering): Layering => {
  const { items, gaps } = layering
  let layers = layering.layers.map((layer) => [...layer])
  const fixed = (layer: number): boolean => layer === 0 || layer === layers.length - 1
  const place = new Float64Array(items.length)
  layers.forEach((layer) => layer.forEach((item, index) => (place[item] = index)))
  let best = layers
  let fewest = crossings(gaps, place)
  const sweeps = items.length > 4000 ? 4 : 16

  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0
    layers = layers.map((layer) => [...layer])
    for (let step = 1; step < layers.length; step++) {
      const layer = forward ? step : layers.length - 1 - step
      if (fixed(layer)) continue
      const pulls = barycentres(gaps[forward ? layer - 1 : layer] ?? [], forward, place)
      const key = (item: number): number => pulls.get(item) ?? place[item]!
      layers[layer]!.sort((a, b) => key(a) - key(b) || place[a]! - place[b]!)
      layers[layer]!.forEach((item, index) => (place[item] = index))
    }
    const count = crossings(gaps, place)
    if (count < fewest) [best, fewest] = [layers, count]
  }
  return { ...layering, layers: best }
}

/** A port's place: the item's, and a fraction for the port. */
const at = (place: Float64Array, item: number, port: number): number => place[item]! + port / 64

/** The mean place of what each item is joined to across a gap. */
const barycentres = (gap: readonly Net[], forward: boolean, place: Float64Array): ReadonlyMap<number, number> => {
  const sums = new Map<number, { total: number; count: number }>()
  const add = (item: number, value: number): void => {
    const sum = sums.get(item) ?? { total: 0, count: 0 }
    sum.total += value
    sum.count += 1
    sums.set(item, sum)
  }
  for (const { from, to } of gap)
    for (const end of to)
      if (forward) add(end.item, at(place, from.item, from.port))
      else add(from.item, at(place, end.item, end.port))
  return new Map([...sums].map(([item, { total, count }]) => [item, total / count]))
}

/** How many pairs of connections cross, over all gaps. */
const crossings = (gaps: readonly (readonly Net[])[], place: Float64Array): number =>
  gaps.reduce((sum, gap) => sum + crossingsOf(gap, place), 0)

const crossingsOf = (gap: readonly Net[], place: Float64Array): number => {
  const pairs = gap.flatMap(({ from, to }) =>
    to.map((end) => [at(place, from.item, from.port), at(place, end.item, end.port)] as const),
  )
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return inversions(pairs.map(([, target]) => target))
}

/** How many pairs stand in the wrong order; bottom-up merge sort. */
const inversions = (values: readonly number[]): number => {
  let [source, target] = [Float64Array.from(values), new Float64Array(values.length)]
  let count = 0
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length)
      const end = Math.min(start + 2 * width, values.length)
      let [left, right] = [start, middle]
      for (let k = start; k < end; k++) {
        if (left < middle && (right >= end || source[left]! <= source[right]!)) target[k] = source[left++]!
        else {
          target[k] = source[right++]!
          count += middle - left
        }
      }
    }
    ;[source, target] = [target, source]
  }
  return count
}
