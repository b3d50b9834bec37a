/** The sums of one chunk of contexts in float64: what the kernels are measured against. */
import { categoricalEntropy, entropyDivergence } from '../../information/categorical-entropy.js'
import { randomPermutations } from '../../linear-algebra/random-permutation.js'
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

/** Where shuffles begin: each chunk has its own, whoever computes it. */
const shuffleSeed = 0x5eed

/**
 * The next tokens of a chunk in a random order that its number determines: what remains of their tie to the hidden states is chance, and
 * what changes from chunk to chunk.
 */
export const shuffledTargets = ({ number, targets }: Chunk): Float64Array =>
  Float64Array.from(randomPermutations((shuffleSeed + number) | 0)(targets.length), (place) => targets[place]!)

/** Adds to the sums that need no more than a pass over a chunk's own numbers, h among them. */
export const addOwnSums = (
  sums: ChunkSums,
  { dimension: d }: StatisticsShape,
  chunk: Chunk,
  /** 1 - |q|^2 of each context. */
  variance: ArrayLike<number>,
): void => {
  const { hidden, targets, weights } = chunk
  const shuffled = shuffledTargets(chunk)
  for (let n = 0; n < targets.length; n++) {
    const weight = weights?.[n] ?? 1
    const [target, other] = [targets[n]!, shuffled[n]!]
    let square = 0
    for (let k = 0; k < d; k++) {
      const entry = hidden[n * d + k]!
      square += entry * entry
      sums.hidden[k]! += weight * entry
      sums.targetMoment[target * d + k]! += weight * entry
      sums.shuffledMoment[other * d + k]! += weight * entry
    }
    sums.weight[0]! += weight
    sums.targets[target]! += weight
    sums.shuffled[other]! += weight
    sums.sampling[0]! += weight * weight
    sums.sampling[1]! += weight * weight * variance[n]!
    sums.sampling[2]! += weight * weight * variance[n]! * square
  }
}

/** The sums of a chunk, in plain loops. */
export const chunkSums = (shape: StatisticsShape, { weights: w, bias }: HeadParameters, chunk: Chunk): ChunkSums => {
  const { dimension: d, vocabulary: v } = shape
  const sizes = sumSizes(shape)
  const sums = eachSum((name) => new Float64Array(sizes[name]))
  const q = new Float64Array(v)
  const mean = new Float64Array(d)
  const variance = new Float64Array(chunk.targets.length)
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
    variance[n] = 1
    for (let token = 0; token < v; token++) {
      q[token]! /= total
      variance[n]! -= q[token]! ** 2
      sums.predictions[token]! += weight * q[token]!
      for (let k = 0; k < d; k++) {
        mean[k]! += q[token]! * w[token * d + k]!
        sums.predictionMoment[token * d + k]! += weight * q[token]! * h[k]!
      }
    }
    sums.nll[0]! += weight * (largest + Math.log(total) - logit)
    divergences.forEach((divergence, place) => (sums.entropies[place]! += weight * categoricalEntropy(divergence, q)))
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) {
        sums.secondMoment[i * d + j]! += weight * h[i]! * h[j]!
        sums.meanRowMoment[i * d + j]! += weight * mean[i]! * mean[j]!
      }
  }
  addOwnSums(sums, shape, chunk, variance)
  return sums
}
