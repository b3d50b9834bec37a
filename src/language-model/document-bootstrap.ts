/**
 * The bootstrap over documents: what is measured at places of one text depends on the text, so whole documents are drawn anew.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Weighted values at places, whose means are wanted. */
export interface PlacedValues {
  /** What the means of these places count for, beside those of other groups. */
  readonly weight: number
  /** At each place. */
  readonly weights: ArrayLike<number>
  /** The document of each place: a number that may occur in several groups. */
  readonly documents: ArrayLike<number>
  /** Several quantities, each with a value at each place. */
  readonly values: readonly ArrayLike<number>[]
}

/**
 * For each quantity its weighted mean over places and groups, in each of `draws` samples of as many documents as there are, drawn with
 * replacement from a seed (a 32-bit integer). A group none of whose documents is drawn does not count in that sample.
 *
 * @example
 * const places = { weight: 1, weights: [1, 1], documents: [0, 1], values: [[5, 5]] }
 * Array.from(documentBootstrap([places], 3, 1)[0]) // => [5, 5, 5]
 */
export const documentBootstrap = (
  groups: readonly PlacedValues[],
  draws: number,
  seed: number,
): readonly Float64Array[] => {
  const quantities = groups[0]?.values.length ?? 0
  const numbers = new Map<number, number>()
  // For every document of a group: its number, its mass, and the weighted sums.
  const stride = quantities + 2
  const parts = groups.map(({ weight, weights, documents, values }) => {
    const sums = new Map<number, Float64Array>()
    for (let place = 0; place < weights.length; place++) {
      const number = numbers.get(documents[place]!) ?? numbers.size
      numbers.set(documents[place]!, number)
      const known = sums.get(number) ?? Float64Array.from({ length: stride }, (_, k) => (k === 0 ? number : 0))
      known[1]! += weights[place]!
      values.forEach((each, k) => (known[k + 2]! += weights[place]! * each[place]!))
      sums.set(number, known)
    }
    return { weight, entries: Float64Array.from([...sums.values()].flatMap((each) => Array.from(each))) }
  })
  const generator = xoroshiro128plus(seed)
  const times = new Int32Array(numbers.size)
  const found = Array.from({ length: quantities }, () => new Float64Array(draws))
  const own = new Float64Array(quantities)
  for (let draw = 0; draw < draws; draw++) {
    times.fill(0)
    for (let place = 0; place < times.length; place++) times[uniformInt(generator, 0, times.length - 1)]!++
    let total = 0
    for (const { weight, entries } of parts) {
      let mass = 0
      own.fill(0)
      for (let at = 0; at < entries.length; at += stride) {
        const count = times[entries[at]!]!
        if (count === 0) continue
        mass += count * entries[at + 1]!
        for (let k = 0; k < quantities; k++) own[k]! += count * entries[at + 2 + k]!
      }
      if (mass === 0) continue
      for (let k = 0; k < quantities; k++) found[k]![draw]! += (weight * own[k]!) / mass
      total += weight
    }
    for (let k = 0; k < quantities; k++) found[k]![draw]! /= total
  }
  return found
}
