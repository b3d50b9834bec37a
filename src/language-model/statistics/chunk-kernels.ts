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
import { addOwnSums, type Chunk, summedEntropies } from './chunk-sums.js'
import type { HeadParameters } from './head-parameters.js'
import { type ChunkSums, eachSum, type StatisticsShape, type SumName, sumSizes } from './statistics.js'

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
      const centre = centreOf(shape, chunk)
      const results = await pipeline.run([...contextMatrices(shape, chunk, centre), ...parameters])
      const result = (tensor: number): Float32Array => results[operations.wanted.indexOf(tensor)]!
      return sumsFrom(shape, head, chunk, centre, operations, result)
    },
    dispose: async () => {
      for (const { pipeline } of pipelines.values()) await pipeline.destroy()
      pipelines.clear()
    },
  })
}

/** The mean of a chunk's hidden states, in float64: second moments about it lose nothing to its square in float32. */
const centreOf = ({ dimension: d }: StatisticsShape, { hidden, targets, weights }: Chunk): Float64Array => {
  const centre = new Float64Array(d)
  let total = 0
  for (let n = 0; n < targets.length; n++) {
    const own = weights?.[n] ?? 1
    total += own
    for (let k = 0; k < d; k++) centre[k]! += own * hidden[n * d + k]!
  }
  return total > 0 ? centre.map((sum) => sum / total) : centre
}

/** h, h less its mean, that times the weight, the weight: as matrices. */
const contextMatrices = (
  { dimension: d }: StatisticsShape,
  { hidden, targets, weights }: Chunk,
  centre: Float64Array,
): FloatMatrix[] => {
  const rows = targets.length
  const entries = hidden instanceof Float32Array ? hidden : Float32Array.from(hidden)
  const own = new Float32Array(rows)
  const centred = new Float32Array(rows * d)
  const weighted = new Float32Array(rows * d)
  for (let n = 0; n < rows; n++) {
    own[n] = weights?.[n] ?? 1
    for (let k = 0; k < d; k++) {
      const entry = hidden[n * d + k]! - centre[k]!
      centred[n * d + k] = entry
      weighted[n * d + k] = entry * own[n]!
    }
  }
  return [
    { rows, columns: d, entries },
    { rows, columns: d, entries: centred },
    { rows, columns: d, entries: weighted },
    { rows, columns: 1, entries: own },
  ]
}

interface ChunkOperations extends Pick<ReturnType<typeof planRecorder>, 'tensors' | 'steps'> {
  readonly given: readonly number[]
  readonly wanted: readonly number[]
  readonly normaliser: number
  readonly entropies: readonly number[]
  /** Sums that the kernels make, the two moments of h about its mean in the chunk. */
  readonly sums: Readonly<Record<'predictions' | 'predictionMoment' | 'secondMoment' | 'meanRowMoment', number>>
}

const operationsOf = ({ dimension: d, vocabulary: v }: StatisticsShape, rows: number): ChunkOperations => {
  const { tensors, steps, step, parameter } = planRecorder()
  const matrix = (name: string, height: number, width: number): number =>
    parameter(box(name, [], []), 'table', height, width, undefined)
  const [x, centred] = [matrix('hidden', rows, d), matrix('centred', rows, d)]
  const [weighted, own] = [matrix('weighted', rows, d), matrix('weight', rows, 1)]
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
  const secondMoment = overRows(centred, d, weighted, d)
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
    given: [x, centred, weighted, own, w, bias],
    wanted,
    normaliser,
    entropies,
    sums: { predictions, predictionMoment, secondMoment, meanRowMoment },
  }
}

/** The sums of a chunk from what the kernels gave, and what is done in float64. */
const sumsFrom = (
  shape: StatisticsShape,
  { weights: w, bias }: HeadParameters,
  chunk: Chunk,
  centre: Float64Array,
  operations: ChunkOperations,
  result: (tensor: number) => Float32Array,
): ChunkSums => {
  const { dimension: d } = shape
  const { hidden, targets, weights } = chunk
  const sizes = sumSizes(shape)
  const from: Partial<Record<SumName, number>> = operations.sums
  const sums: ChunkSums = eachSum((name) => {
    const tensor = from[name]
    return tensor === undefined ? new Float64Array(sizes[name]) : Float64Array.from(result(tensor))
  })
  const normaliser = result(operations.normaliser)
  const each = operations.entropies.map(result)
  for (let n = 0; n < targets.length; n++) {
    const own = weights?.[n] ?? 1
    const target = targets[n]!
    let logit = bias[target]!
    for (let k = 0; k < d; k++) logit += w[target * d + k]! * hidden[n * d + k]!
    sums.nll[0]! += own * (normaliser[n]! - logit)
    each.forEach((entropy, place) => (sums.entropies[place]! += own * entropy[n]!))
  }
  // The total variation entropy of q is 1 - |q|^2.
  addOwnSums(sums, shape, chunk, each[summedEntropies.indexOf('total-variation')]!)
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) sums.secondMoment[i * d + j]! += sums.weight[0]! * centre[i]! * centre[j]!
  for (let place = 0; place < sums.predictionMoment.length; place++)
    sums.predictionMoment[place]! += sums.predictions[Math.floor(place / d)]! * centre[place % d]!
  return sums
}
