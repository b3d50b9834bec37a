/** The sums of one chunk of contexts in float64: what the kernels are measured against. */
import { categoricalEntropy, entropyDivergence } from '../../information/categorical-entropy.js'
import type { HeadParameters } from './head-parameters.js'
import { type ChunkSums, eachSum, type StatisticsShape, sumSizes } from './statistics.js'

/** Some contexts: hidden states (n x D, row-major), the token that comes next, and what each context counts. */
export interface Chunk {
  readonly number: number
  readonly hidden: Float32Array | Float64Array
  readonly targets: ArrayLike<number>
  /** One for each context where nothing is given. */
  readonly weights?: ArrayLike<number>
}

/** The entropies that are summed, in order. */
export const summedEntropies = ['shannon', 'total-variation', 'squared-hellinger', 'renyi-1/2'] as const

/** The sums of a chunk, in plain loops. */
export const chunkSums = (shape: StatisticsShape, { weights: w, bias }: HeadParameters, chunk: Chunk): ChunkSums => {
  const { dimension: d, vocabulary: v } = shape
  const sizes = sumSizes(shape)
  const sums = eachSum((name) => new Float64Array(sizes[name]))
  const q = new Float64Array(v)
  const mean = new Float64Array(d)
  const divergences = summedEntropies.map(entropyDivergence)
  for (let n = 0; n < chunk.targets.length; n++) {
    const weight = chunk.weights?.[n] ?? 1
    const h = chunk.hidden.subarray(n * d, (n + 1) * d)
    const target = chunk.targets[n]!
    let largest = -Infinity
    for (let token = 0; token < v; token++) {
      let logit = bias[token]!
      for (let k = 0; k < d; k++) logit += w[token * d + k]! * h[k]!
      q[token] = logit
      largest = Math.max(largest, logit)
    }
    const logit = q[target]!
    let total = 0
    for (let token = 0; token < v; token++) {
      q[token] = Math.exp(q[token]! - largest)
      total += q[token]!
    }
    mean.fill(0)
    for (let token = 0; token < v; token++) {
      q[token]! /= total
      sums.predictions[token]! += weight * q[token]!
      for (let k = 0; k < d; k++) {
        mean[k]! += q[token]! * w[token * d + k]!
        sums.predictionMoment[token * d + k]! += weight * q[token]! * h[k]!
      }
    }
    sums.weight[0]! += weight
    sums.nll[0]! += weight * (largest + Math.log(total) - logit)
    sums.targets[target]! += weight
    divergences.forEach((divergence, place) => (sums.entropies[place]! += weight * categoricalEntropy(divergence, q)))
    for (let i = 0; i < d; i++) {
      sums.hidden[i]! += weight * h[i]!
      sums.targetMoment[target * d + i]! += weight * h[i]!
      for (let j = 0; j < d; j++) {
        sums.secondMoment[i * d + j]! += weight * h[i]! * h[j]!
        sums.meanRowMoment[i * d + j]! += weight * mean[i]! * mean[j]!
      }
    }
  }
  return sums
}
