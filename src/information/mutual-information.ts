/**
 * Categorical mutual information: how far a joint state is from the product of its marginals.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023).
 */
import { type Distribution, type Divergence, divergence, kullbackLeibler } from './divergence.js'

/**
 * D(p || p_X (x) p_Y) of a joint distribution, row-major with one row for each x; Shannon's mutual information in nats where no
 * divergence is given.
 *
 * @example
 * mutualInformation([0.5, 0, 0, 0.5], 2) // => 0.6931471805599453
 * mutualInformation([0.5, 0, 0, 0.5], 2, totalVariation) // => 0.5
 */
export const mutualInformation = (joint: Distribution, rows: number, d: Divergence = kullbackLeibler): number => {
  if (rows < 1 || joint.length % rows !== 0)
    throw new Error(`mutualInformation: ${joint.length} probabilities do not make ${rows} rows of one length`)
  const columns = joint.length / rows
  const left = new Float64Array(rows)
  const right = new Float64Array(columns)
  for (let x = 0; x < rows; x++)
    for (let y = 0; y < columns; y++) {
      left[x]! += joint[x * columns + y]!
      right[y]! += joint[x * columns + y]!
    }
  return divergence(
    d,
    joint,
    jointOf(left, rows, columns, (_, y) => right[y]!),
  )
}

/**
 * The mutual information between the input of a kernel and its output: n weights, and n x V rows of distributions.
 *
 * @example
 * kernelInformation([0.5, 0.5], Float64Array.of(1, 0, 0, 1)) // => 0.6931471805599453
 */
export const kernelInformation = (
  weights: Distribution,
  rows: Float64Array,
  d: Divergence = kullbackLeibler,
): number => {
  const output = outputDistribution(weights, rows)
  const columns = output.length
  return divergence(
    d,
    jointOf(weights, weights.length, columns, (x, y) => rows[x * columns + y]!),
    jointOf(weights, weights.length, columns, (_, y) => output[y]!),
  )
}

/**
 * The law of a kernel's output, sum mu(x) k(y|x).
 *
 * @example
 * Array.from(outputDistribution([0.5, 0.5], Float64Array.of(1, 0, 0.5, 0.5))) // => [0.75, 0.25]
 */
export const outputDistribution = (weights: Distribution, rows: Float64Array): Float64Array => {
  if (weights.length < 1 || rows.length % weights.length !== 0)
    throw new Error(`outputDistribution: ${rows.length} probabilities do not make ${weights.length} rows of one length`)
  const columns = rows.length / weights.length
  const output = new Float64Array(columns)
  for (let x = 0; x < weights.length; x++)
    for (let y = 0; y < columns; y++) output[y]! += weights[x]! * rows[x * columns + y]!
  return output
}

const jointOf = (
  weights: Distribution,
  rows: number,
  columns: number,
  kernel: (x: number, y: number) => number,
): Float64Array => {
  const joint = new Float64Array(rows * columns)
  for (let x = 0; x < rows; x++) for (let y = 0; y < columns; y++) joint[x * columns + y] = weights[x]! * kernel(x, y)
  return joint
}
