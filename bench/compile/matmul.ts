/**
 * Matrix products: generated kernels beside the kernel of one cell an entry, plain JavaScript, onnxruntime and numpy.
 *
 * Every number is a measurement: medians of wall times on the machine as it is, all contenders in turn in one process.
 */
import { fileURLToPath } from 'node:url'

import { stepsPipeline } from '../../src/compile/gpu-js/pipeline.js'
import { createPipeline, type FloatMatrix } from '../../src/compile/gpu-js/runtime.js'
import { kernelSource } from '../../src/compile/gpu-js/source.js'
import type { KernelOperation, KernelStep } from '../../src/compile/operation.js'
import { contest, contestTable, type Figure } from './contest.js'
import { type Contender, numpyTime, onnxContender, tensorflowContender } from './peers.js'
import { tiledProduct } from './plain.js'
import { tunedProduct } from './tuned.js'

const matrixOf = (rows: number, columns: number, seed: number): FloatMatrix => ({
  rows,
  columns,
  entries: Float32Array.from({ length: rows * columns }, (_, at) => Math.sin(seed + at * 1.37 + (at % 7))),
})

/** a[n, n] b[n, n] as the plan of a diagram has it. */
const productOf = (n: number): KernelOperation => ({
  kind: 'contract',
  sizes: [n],
  columns: n,
  summed: [n],
  left: { row: [{ index: 0, stride: 1 }], column: [{ index: 2, stride: 1 }] },
  right: { row: [{ index: 2, stride: 1 }], column: [{ index: 1, stride: 1 }] },
})

/** A chain of `count` products; the first number of its result is that of the last step. */
const chain = (n: number, count: number): readonly KernelStep[] =>
  Array.from({ length: count }, (_, step) => ({
    operation: productOf(n),
    operands: [step === 0 ? 0 : 1 + step, 1],
    result: 2 + step,
  }))

const generated = (name: string, n: number, given: readonly FloatMatrix[], count: number): Contender => {
  const steps = chain(n, count)
  const tensors = [...given, ...steps.map(() => ({ rows: n, columns: n }))]
  const pipeline = stepsPipeline(tensors, steps, [0, 1], [1 + count], 'webasm')
  return {
    name: `${name}`,
    run: async () => (await pipeline.run(given))[0]!,
    stop: () => pipeline.destroy(),
  }
}

const naive = (n: number, given: readonly FloatMatrix[]): Contender => {
  const pipeline = createPipeline('webasm', 2, [{ kernel: kernelSource(productOf(n)), operands: [0, 1] }], [2])
  return {
    name: 'one cell an entry, webasm with threads',
    run: async () => (await pipeline.run(given))[0]!,
    stop: () => pipeline.destroy(),
  }
}

export interface ProductFigures {
  readonly size: number
  readonly figures: readonly Figure[]
  readonly numpy: number | string
  /** A chain of three products in one pipeline, whose inner results other kernels read. */
  readonly chain: readonly Figure[]
}

export const productFigures = async (size: number, runs: number): Promise<ProductFigures> => {
  const [a, b] = [matrixOf(size, size, 1), matrixOf(size, size, 2)]
  const dimensions = [size, size]
  const onnx = await onnxContender(
    [
      { name: 'a', dimensions, entries: a.entries },
      { name: 'b', dimensions, entries: b.entries },
    ],
    [['MatMul', ['a', 'b'], ['c']]],
    { name: 'c', dimensions },
  )
  const tensorflow = await tensorflowContender((tf) => {
    const [left, right] = [tf.tensor2d(a.entries, [size, size]), tf.tensor2d(b.entries, [size, size])]
    return () => tf.matMul(left, right, false, false)
  })
  const contenders: readonly Contender[] = [
    generated('generated, webasm with threads', size, [a, b], 1),
    tunedProduct(size, [a, b]),
    naive(size, [a, b]),
    {
      name: 'plain JavaScript, tiled by hand',
      run: () => tiledProduct(a.entries, b.entries, size),
      stop: () => Promise.resolve(),
    },
    ...[onnx, tensorflow].filter((peer) => typeof peer !== 'string'),
  ]
  const setup = `n = ${size}; a = np.random.rand(n, n).astype(np.float32); b = np.random.rand(n, n).astype(np.float32)`
  const small = matrixOf(size, size, 3)
  const scaled = { ...small, entries: small.entries.map((entry) => (2 * entry) / size) }
  const chained: readonly Contender[] = [
    generated('generated, webasm with threads', size, [a, scaled], 3),
    {
      name: 'plain JavaScript, tiled by hand',
      run: () => [0, 1, 2].reduce((left) => tiledProduct(left, scaled.entries, size), a.entries),
      stop: () => Promise.resolve(),
    },
  ]
  return {
    size,
    figures: await contest(contenders, runs),
    numpy: numpyTime(setup, 'a @ b', Math.max(runs, 5)),
    chain: await contest(chained, Math.max(1, Math.floor(runs / 2))),
  }
}

/** The figures as text. */
export const productReport = ({ size, figures, numpy, chain: chained }: ProductFigures): string =>
  [
    `${size} x ${size} x ${size}`,
    contestTable(figures, 2 * size ** 3),
    typeof numpy === 'string'
      ? `numpy: ${numpy}`
      : `numpy with OpenBLAS, 1 thread: ${numpy.toFixed(1)} ms, ${(numpy / figures[0]!.time).toFixed(2)} times the first`,
    '',
    `chain of three such products in one pipeline`,
    contestTable(chained, 6 * size ** 3),
  ].join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [size, runs] of [
    [512, 7],
    [1024, 3],
  ] as const)
    console.log(`${productReport(await productFigures(size, runs))}\n`)
