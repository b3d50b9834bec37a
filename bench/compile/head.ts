/**
 * The language-model head: logits of N x d hidden states over V symbols, their softmax, and the Shannon entropy of each row; generated
 * kernels beside the kernels of one cell an entry, plain JavaScript, onnxruntime and numpy.
 *
 * Every number is a measurement: medians of wall times on the machine as it is, all contenders in turn in one process.
 */
import { fileURLToPath } from 'node:url'

import { fuseHeads } from '../../src/compile/fuse.js'
import { stepsPipeline } from '../../src/compile/gpu-js/pipeline.js'
import { createPipeline, type FloatMatrix } from '../../src/compile/gpu-js/runtime.js'
import { kernelSource } from '../../src/compile/gpu-js/source.js'
import { type Operation, resultShape } from '../../src/compile/operation.js'
import { contest, contestTable, type Figure } from './contest.js'
import { type Contender, numpyTime, onnxContender, tensorflowContender } from './peers.js'
import { tiledEntropies } from './plain.js'
import { tunedEntropies } from './tuned.js'

export interface HeadSize {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

const matrixOf = (rows: number, columns: number, scale: number): FloatMatrix => ({
  rows,
  columns,
  entries: Float32Array.from({ length: rows * columns }, (_, at) => scale * Math.sin(1 + at * 1.7 + Math.sqrt(at))),
})

interface Step {
  readonly operation: Operation
  readonly operands: readonly number[]
  readonly result: number
}

/** The steps of a head with its entropy as a plan has them; x, weights and bias are tensors 0 to 2, the softmax is 5, the entropy 6. */
const steps = ({ rows, inputs, outputs }: HeadSize): readonly Step[] => [
  { operation: { kind: 'affine', rows, inputs, outputs, activation: 'identity' }, operands: [0, 1, 2], result: 3 },
  { operation: { kind: 'log-sum-exp', rows, columns: outputs }, operands: [3], result: 4 },
  { operation: { kind: 'normalise', rows, columns: outputs }, operands: [3, 4], result: 5 },
  {
    operation: { kind: 'categorical-entropy', measure: 'shannon', rows, group: 1, columns: outputs },
    operands: [5],
    result: 6,
  },
]

const generated = (
  name: string,
  size: HeadSize,
  given: readonly FloatMatrix[],
  wanted: readonly number[],
  mode: 'cpu' | 'webasm',
): Contender => {
  const plan = steps(size)
  const tensors = [...given, ...plan.map(({ operation }) => resultShape(operation))]
  const pipeline = stepsPipeline(tensors, fuseHeads(plan, wanted), [0, 1, 2], wanted, mode)
  return {
    name,
    run: async () => (await pipeline.run(given))[0]!,
    stop: () => pipeline.destroy(),
  }
}

const naive = (size: HeadSize, given: readonly FloatMatrix[]): Contender => {
  const kernels = steps(size).map(({ operation, operands }) => ({ kernel: kernelSource(operation), operands }))
  const pipeline = createPipeline('webasm', 3, kernels, [6])
  return {
    name: 'one cell an entry, four kernels, webasm with threads',
    run: async () => (await pipeline.run(given))[0]!,
    stop: () => pipeline.destroy(),
  }
}

export interface HeadFigures {
  readonly size: HeadSize
  readonly figures: readonly Figure[]
  readonly numpy: number | string
}

export const headFigures = async (size: HeadSize, runs: number): Promise<HeadFigures> => {
  const { rows, inputs, outputs } = size
  const x = matrixOf(rows, inputs, 1)
  const weights = matrixOf(outputs, inputs, 4 / Math.sqrt(inputs))
  const bias = matrixOf(1, outputs, 1)
  const given = [x, weights, bias]
  const onnx = await onnxContender(
    [
      { name: 'x', dimensions: [rows, inputs], entries: x.entries },
      { name: 'w', dimensions: [outputs, inputs], entries: weights.entries },
      { name: 'b', dimensions: [outputs], entries: bias.entries },
    ],
    [
      ['Gemm', ['x', 'w', 'b'], ['logits'], [{ kind: 'integer', name: 'transB', value: 1 }]],
      ['LogSoftmax', ['logits'], ['logp']],
      ['Exp', ['logp'], ['p']],
      ['Mul', ['p', 'logp'], ['terms']],
      ['ReduceSum', ['terms', 'axes'], ['energy'], [{ kind: 'integer', name: 'keepdims', value: 0 }]],
      ['Neg', ['energy'], ['entropy']],
    ],
    { name: 'entropy', dimensions: [rows] },
  )
  const tensorflow = await tensorflowContender((tf) => {
    const [h, w, b] = [
      tf.tensor2d(x.entries, [rows, inputs]),
      tf.tensor2d(weights.entries, [outputs, inputs]),
      tf.tensor2d(bias.entries, [1, outputs]),
    ]
    return () => {
      const logits = tf.add(tf.matMul(h, w, false, true), b)
      const shifted = tf.sub(logits, tf.max(logits, 1, true))
      const weightsOf = tf.exp(shifted)
      const total = tf.sum(weightsOf, 1)
      return tf.sub(tf.log(total), tf.div(tf.sum(tf.mul(weightsOf, shifted), 1), total))
    }
  })
  const contenders: readonly Contender[] = [
    generated('generated, entropy only, webasm with threads', size, given, [6], 'webasm'),
    generated('generated, entropy and softmax, webasm with threads', size, given, [6, 5], 'webasm'),
    generated('generated, entropy only, cpu', size, given, [6], 'cpu'),
    tunedEntropies(size, given),
    naive(size, given),
    {
      name: 'plain JavaScript, tiled by hand',
      run: () => tiledEntropies(x.entries, weights.entries, bias.entries, size),
      stop: () => Promise.resolve(),
    },
    ...[onnx, tensorflow].filter((peer) => typeof peer !== 'string'),
  ]
  const setup = `
n, d, v = ${rows}, ${inputs}, ${outputs}
x = np.random.rand(n, d).astype(np.float32); w = np.random.rand(v, d).astype(np.float32); b = np.random.rand(v).astype(np.float32)
def entropies():
    l = x @ w.T + b
    l -= l.max(1, keepdims=True)
    e = np.exp(l)
    z = e.sum(1)
    return np.log(z) - (e * l).sum(1) / z`
  return {
    size,
    figures: await contest(contenders, runs),
    numpy: numpyTime(setup, 'entropies()', Math.max(runs, 5)),
  }
}

/** The figures as text. */
export const headReport = ({ size: { rows, inputs, outputs }, figures, numpy }: HeadFigures): string =>
  [
    `${rows} x ${inputs} x ${outputs}`,
    contestTable(figures, 2 * rows * inputs * outputs),
    typeof numpy === 'string'
      ? `numpy: ${numpy}`
      : `numpy with OpenBLAS, 1 thread: ${numpy.toFixed(1)} ms, ${(numpy / figures[0]!.time).toFixed(2)} times the first`,
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [size, runs] of [
    [{ rows: 1024, inputs: 64, outputs: 1024 }, 9],
    [{ rows: 512, inputs: 256, outputs: 8192 }, 3],
  ] as const)
    console.log(`${headReport(await headFigures(size, runs))}\n`)
