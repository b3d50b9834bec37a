/** Stochastic matrices that look random and are the same in every run. */

/** Numbers from 0 to 1. */
export const noise = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Rows of float32 numbers that sum to one but for rounding, none of them near zero. */
export const stochasticRows = (height: number, width: number, seed: number): readonly (readonly number[])[] => {
  const random = noise(seed)
  return Array.from({ length: height }, () => {
    const weights = Array.from({ length: width }, () => 0.1 + random())
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / total)
  })
}
