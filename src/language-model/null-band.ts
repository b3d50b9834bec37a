/**
 * Chance: what statistics of hidden states are where nothing ties them to the contexts, under the same context weights.
 */
import type { NullBand } from '../information/figure.js'
import { randomPermutations } from '../linear-algebra/random-permutation.js'

/** How many times chance is drawn, and from which seed (a 32-bit integer). */
export interface NullSettings {
  /** 200 where it is not given. */
  readonly draws?: number
  readonly seed: number
}

export const defaultDraws = 200

/** The mean of draws, and their 2.5% and 97.5% quantiles. */
export const bandOf = (values: Float64Array): NullBand => {
  const sorted = values.slice().sort()
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lower: quantile(sorted, 0.025),
    upper: quantile(sorted, 0.975),
    draws: values.length,
  }
}

/**
 * The bands of statistics of hidden states (n x D, row-major) whose rows are permuted over the n contexts; the context keeps its
 * weight. All statistics see the same permutations.
 *
 * @example
 * permutationNull(Float64Array.of(1, 2, 3), 3, [(hidden) => hidden[0] + hidden[1] + hidden[2]], { seed: 1, draws: 10 })[0].mean // => 6
 */
export const permutationNull = (
  hidden: Float64Array,
  contexts: number,
  statistics: readonly ((hidden: Float64Array) => number)[],
  { draws = defaultDraws, seed }: NullSettings,
): readonly NullBand[] => {
  checkDraws('permutationNull', draws)
  const width = hidden.length / contexts
  const permutations = randomPermutations(seed)
  const values = statistics.map(() => new Float64Array(draws))
  const permuted = new Float64Array(hidden.length)
  for (let draw = 0; draw < draws; draw++) {
    permutations(contexts).forEach((from, to) => {
      permuted.set(hidden.subarray(from * width, (from + 1) * width), to * width)
    })
    statistics.forEach((statistic, index) => {
      values[index]![draw] = statistic(permuted)
    })
  }
  return values.map(bandOf)
}

export const checkDraws = (where: string, draws: number): void => {
  if (!Number.isInteger(draws) || draws < 1) throw new Error(`${where}: there must be at least one draw, not ${draws}`)
}

/** A quantile of sorted values, by linear interpolation between the order statistics. */
const quantile = (sorted: Float64Array, probability: number): number => {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!]
  return low + (place - below) * (high - low)
}
