import type { ParameterMatrix } from '../../../src/language-model/parameter-layout.js'

/**
 * For each matrix of parameters, how far its gradient is from central differences: |difference| / |gradient|. Where a whole matrix has a
 * gradient of next to nothing (keys of sequences of one place), it is measured against that of all.
 */
export const relativeErrors = (
  layout: readonly ParameterMatrix[],
  parameters: Float64Array,
  gradient: Float64Array,
  lossAt: (parameters: Float64Array) => number,
): readonly (readonly [string, number])[] => {
  const step = 1e-4
  const at = parameters.slice()
  const lossWith = (index: number, value: number): number => {
    at[index] = value
    return lossAt(at)
  }
  const differences = parameters.map((value, index) => {
    // Two central differences: their combination has an error of the fourth order.
    const [near, far] = [step, 2 * step].map((h) => (lossWith(index, value + h) - lossWith(index, value - h)) / (2 * h))
    at[index] = value
    return (4 * near! - far!) / 3
  })
  const whole = Math.hypot(...gradient)
  let end = 0
  return layout.map(({ name, rows, columns }) => {
    const start = end
    end += rows * columns
    const own = gradient.subarray(start, end)
    const errors = own.map((slope, index) => slope - differences[start + index]!)
    return [name, Math.hypot(...errors) / Math.max(Math.hypot(...own), 1e-4 * whole)] as const
  })
}
