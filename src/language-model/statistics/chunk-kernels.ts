/**
 * The sums of chunks by kernels: logits, softmax, entropies and all matrix products of a chunk are one pipeline, on gpu.js or
 * onnxruntime. What costs as much as the hidden states are long is done beside it in float64.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import { box } from '../../../dsl/diagram.js'
import type { Problem } from '../../../dsl/problem.js'
import { type BackendChoice, type BackendName, chooseBackend, forOperations } from '../../compile/backend.js'
import { stepsPipeline } from '../../compile/gpu-js/pipeline.js'
import type { FloatMatrix, Pipeline } from '../../compile/gpu-js/runtime.js'
import { createOnnxPipeline } from '../../compile/onnx/pipeline.js'
import { planRecorder } from '../../compile/plan-recorder.js'
import { type Chunk, summedEntropies } from './chunk-sums.js'
import type { HeadParameters } from './head-parameters.js'
import { type ChunkSums, type StatisticsShape } from './statistics.js'

export interface ChunkKernels {
  readonly backend: BackendChoice
  readonly sums: (chunk: Chunk) => Promise<ChunkSums>
  readonly dispose: () => Promise<void>
}

/** Entries of logits that are held at once. */
const mostLogits = 2 ** 22

/** How many contexts a chunk has, whatever computes it: 4096, or fewer where the vocabulary is large. */
export const chunkLength = ({ vocabulary }: StatisticsShape): number =>
  Math.max(64, Math.min(4096, 2 ** Math.floor(Math.log2(mostLogits / vocabulary))))

/** Kernels for the chunks of one head. Problems: a backend that this machine lacks. */
export const chunkKernels = async (
  shape: StatisticsShape,
  head: HeadParameters,
  wish: BackendName,
): Promise<Either<Problem, ChunkKernels>> => {
  const chosen = await chooseBackend(wish)
  if (isLeft(chosen)) return chosen
  const whole = operationsOf(shape, chunkLength(shape))
  const backend = await forOperations(wish, chosen.right, whole.steps)
  const pipelines = new Map<number, { readonly pipeline: Pipeline; readonly operations: ChunkOperations }>()
  const parameters = [
    { rows: shape.vocabulary, columns: shape.dimension, entries: Float32Array.from(head.weights) },
    { rows: 1, columns: shape.vocabulary, entries: Float32Array.from(head.bias) },
  ]
  // All chunks but the last are of one length.
  const pipelineOf = (contexts: number) => {
    const known = pipelines.get(contexts)
    if (known !== undefined) return known
    const operations = operationsOf(shape, contexts)
    const { tensors, steps, given, wanted } = operations
    const pipeline =
      backend.mode === 'onnx'
        ? createOnnxPipeline({ batch: contexts, tensors, steps, loop: undefined }, [], given, wanted, undefined)
        : stepsPipeline(tensors, steps, given, wanted, backend.mode)
    const made = { pipeline, operations }
    pipelines.set(contexts, made)
    return made
  }
  return right({
    backend,
    sums: async (chunk) => {
      const { pipeline, operations } = pipelineOf(chunk.targets.length)
      const results = await pipeline.run([...contextMatrices(shape, chunk), ...parameters])
      const result = (tensor: number): Float32Array => results[operations.wanted.indexOf(tensor)]!
      return sumsFrom(shape, head, chunk, operations, result)
    },
    dispose: async () => {
      for (const { pipeline } of pipelines.values()) await pipeline.destroy()
      pipelines.clear()
    },
  })
}

/** h, h times the weight, the weight: as matrices. */
const contextMatrices = ({ dimension: d }: StatisticsShape, { hidden, targets, weights }: Chunk): FloatMatrix[] => {
  const rows = targets.length
  const own = Float32Array.from({ length: rows }, (_, n) => weights?.[n] ?? 1)
  const entries = hidden instanceof Float32Array ? hidden : Float32Array.from(hidden)
  const weighted = entries.map((entry, place) => entry * own[Math.floor(place / d)]!)
  return [
    { rows, columns: d, entries },
    { rows, columns: d, entries: weighted },
    { rows, columns: 1, entries: own },
  ]
}

interface ChunkOperations extends Pick<ReturnType<typeof planRecorder>, 'tensors' | 'steps'> {
  readonly given: readonly number[]
  readonly wanted: readonly number[]
  readonly normaliser: number
  readonly entropies: readonly number[]
  readonly predictions: number
  readonly predictionMoment: number
  readonly secondMoment: number
  readonly meanRowMoment: number
}

const operationsOf = ({ dimension: d, vocabulary: v }: StatisticsShape, rows: number): ChunkOperations => {
  const { tensors, steps, step, parameter } = planRecorder()
  const matrix = (name: string, height: number, width: number): number =>
    parameter(box(name, [], []), 'table', height, width, undefined)
  const [x, weighted, own] = [matrix('hidden', rows, d), matrix('weighted', rows, d), matrix('weight', rows, 1)]
  const [w, bias] = [matrix('head', v, d), matrix('bias', 1, v)]
  const logits = step({ kind: 'affine', rows, inputs: d, outputs: v, activation: 'identity' }, [x, w, bias])
  const normaliser = step({ kind: 'log-sum-exp', rows, columns: v }, [logits])
  const q = step({ kind: 'normalise', rows, columns: v }, [logits, normaliser])
  const entropies = summedEntropies.map((measure) =>
    step({ kind: 'categorical-entropy', measure, rows, group: 1, columns: v }, [q]),
  )
  /** The sum over the rows of both: a^T b. */
  const overRows = (a: number, height: number, b: number, width: number): number =>
    step(
      {
        kind: 'contract',
        reduction: 'sum',
        sizes: [height],
        columns: width,
        summed: [rows],
        left: { row: [{ index: 2, stride: 1 }], column: [{ index: 0, stride: 1 }] },
        right: { row: [{ index: 2, stride: 1 }], column: [{ index: 1, stride: 1 }] },
      },
      [a, b],
    )
  const predictionMoment = overRows(q, v, weighted, d)
  const predictions = overRows(own, 1, q, v)
  const secondMoment = overRows(x, d, weighted, d)
  const meanRow = step(
    {
      kind: 'contract',
      reduction: 'sum',
      sizes: [rows],
      columns: d,
      summed: [v],
      left: { row: [{ index: 0, stride: 1 }], column: [{ index: 2, stride: 1 }] },
      right: { row: [{ index: 2, stride: 1 }], column: [{ index: 1, stride: 1 }] },
    },
    [q, w],
  )
  const weightedMeanRow = step(
    {
      kind: 'contract',
      reduction: 'sum',
      sizes: [rows],
      columns: d,
      summed: [],
      left: { row: [{ index: 0, stride: 1 }], column: [{ index: 1, stride: 1 }] },
      right: { row: [{ index: 0, stride: 1 }], column: [] },
    },
    [meanRow, own],
  )
  const meanRowMoment = overRows(meanRow, d, weightedMeanRow, d)
  const wanted = [normaliser, ...entropies, predictions, predictionMoment, secondMoment, meanRowMoment]
  return {
    tensors,
    steps,
    given: [x, weighted, own, w, bias],
    wanted,
    normaliser,
    entropies,
    predictions,
    predictionMoment,
    secondMoment,
    meanRowMoment,
  }
}

/** The sums of a chunk from what the kernels gave, and what is done in float64. */
const sumsFrom = (
  { dimension: d, vocabulary: v }: StatisticsShape,
  { weights: w, bias }: HeadParameters,
  { hidden, targets, weights }: Chunk,
  operations: ChunkOperations,
  result: (tensor: number) => Float32Array,
): ChunkSums => {
  const weight = new Float64Array(1)
  const nll = new Float64Array(1)
  const entropies = new Float64Array(operations.entropies.length)
  const counts = new Float64Array(v)
  const mean = new Float64Array(d)
  const targetMoment = new Float64Array(v * d)
  const normaliser = result(operations.normaliser)
  const each = operations.entropies.map(result)
  for (let n = 0; n < targets.length; n++) {
    const own = weights?.[n] ?? 1
    const target = targets[n]!
    let logit = bias[target]!
    for (let k = 0; k < d; k++) {
      const entry = hidden[n * d + k]!
      logit += w[target * d + k]! * entry
      mean[k]! += own * entry
      targetMoment[target * d + k]! += own * entry
    }
    weight[0]! += own
    nll[0]! += own * (normaliser[n]! - logit)
    counts[target]! += own
    each.forEach((entropy, place) => (entropies[place]! += own * entropy[n]!))
  }
  return {
    weight,
    nll,
    entropies,
    targets: counts,
    predictions: Float64Array.from(result(operations.predictions)),
    hidden: mean,
    secondMoment: Float64Array.from(result(operations.secondMoment)),
    targetMoment,
    predictionMoment: Float64Array.from(result(operations.predictionMoment)),
    meanRowMoment: Float64Array.from(result(operations.meanRowMoment)),
  }
}
