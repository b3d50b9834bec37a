/**
 * Rows divided by their root mean square, times a gain.
 *
 * Source: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization" (2019).
 */
import { type Matrix, matrix } from '../../linear-algebra/matrix.js'

/** Added to the mean square, so that a row of zeros has a norm. */
export const normEpsilon = 1e-5

export interface Normalised {
  readonly output: Matrix
  /** One over the root mean square of each row. */
  readonly scales: Float64Array
}

export const rmsNorm = ({ rows, columns, entries }: Matrix, gain: Matrix): Normalised => {
  const output = matrix(rows, columns)
  const scales = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    let squares = 0
    for (let k = 0; k < columns; k++) squares += entries[start + k]! * entries[start + k]!
    const scale = 1 / Math.sqrt(squares / columns + normEpsilon)
    scales[row] = scale
    for (let k = 0; k < columns; k++) output.entries[start + k] = gain.entries[k]! * entries[start + k]! * scale
  }
  return { output, scales }
}

/** Adds to the gradients of the input and of the gain what comes back from that of the output. */
export const rmsNormBack = (
  toOutput: Matrix,
  { columns, rows, entries }: Matrix,
  { scales }: Normalised,
  gain: Matrix,
  toInput: Matrix,
  toGain: Matrix,
): void => {
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const scale = scales[row]!
    let along = 0
    for (let k = 0; k < columns; k++) {
      const [slope, entry] = [toOutput.entries[start + k]!, entries[start + k]!]
      along += slope * gain.entries[k]! * entry
      toGain.entries[k]! += slope * entry * scale
    }
    const inward = (along * scale ** 3) / columns
    for (let k = 0; k < columns; k++)
      toInput.entries[start + k]! +=
        scale * gain.entries[k]! * toOutput.entries[start + k]! - inward * entries[start + k]!
  }
}
