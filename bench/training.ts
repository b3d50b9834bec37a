/**
 * What a training step costs: matrix products in float64 loops and by kernels, and whole steps of transformers and
 * MLPs; `products`, `transformers` or `mlps` as an argument for one of the three.
 *
 * Every number is a measurement: the median wall time of rounds in which all contenders have their turn, after a warm-up. The thresholds in
 * src/language-model/kernel-products.ts come from here.
 */
import { isLeft } from 'fp-ts/lib/Either.js'

import { showProblem } from '../dsl/problem.js'
import { initialParameters } from '../src/language-model/architecture.js'
import { type KernelProducts, kernelProducts } from '../src/language-model/kernel-products.js'
import { mobyDickLaw } from '../src/language-model/law.js'
import type { Architecture, TransformerShape } from '../src/language-model/model.js'
import { objectiveOf } from '../src/language-model/objective.js'
import { inFloat64, type WithProducts, withProductsOf } from '../src/language-model/products.js'
import { transformerLoss } from '../src/language-model/transformer/gradient.js'
import { parametersIn } from '../src/language-model/parameter-layout.js'
import { matrix } from '../src/linear-algebra/matrix.js'
import { productTransposed } from '../src/linear-algebra/product-transposed.js'
import { table } from './language/table.js'

const backends = ['webasm', 'onnx'] as const

/** Milliseconds of each contender: the median of rounds in which each has its turn; undefined where a contender is not there. */
const medians = async (
  contenders: readonly ((() => unknown) | undefined)[],
): Promise<readonly (number | undefined)[]> => {
  const times = contenders.map((): number[] => [])
  const until = performance.now() + 2000
  for (let round = -2; round < 5 || performance.now() < until; round++)
    for (const [index, run] of contenders.entries()) {
      const start = performance.now()
      await run?.()
      if (round >= 0) times[index]!.push(performance.now() - start)
    }
  return times.map((each, index) =>
    contenders[index] === undefined ? undefined : each.sort((a, b) => a - b)[Math.floor(each.length / 2)],
  )
}

/** The kernels of the backends that are there. */
const openKernels = async (from?: number): Promise<readonly (KernelProducts | undefined)[]> => {
  const opened: (KernelProducts | undefined)[] = []
  for (const backend of backends) {
    const kernels = await kernelProducts(backend, from)
    if (isLeft(kernels)) console.error(showProblem(kernels.left))
    opened.push(isLeft(kernels) ? undefined : kernels.right)
  }
  return opened
}

const wave = (count: number): Float64Array => Float64Array.from({ length: count }, (_, index) => Math.sin(index))
const speed = (operations: number, time: number | undefined): string =>
  time === undefined ? '-' : (operations / time / 1e6).toFixed(1)

/** n x k by k x m. */
const sizes = [
  [64, 8, 28],
  [64, 64, 64],
  [64, 64, 512],
  [512, 64, 172],
  [1024, 64, 512],
  [4096, 64, 512],
  [1024, 256, 1024],
  [2048, 256, 1024],
  [2048, 256, 2048],
  [2048, 512, 4096],
] as const

const products = async (): Promise<void> => {
  const rows: string[][] = []
  for (const [n, k, m] of sizes) {
    const request = { left: matrix(n, k, wave(n * k)), right: matrix(m, k, wave(m * k)) }
    const operations = 2 * n * k * m
    const kernels = await openKernels(0)
    const times = await medians([
      () => productTransposed(request.left, request.right),
      ...kernels.map((each) => each && (() => each.product(request))),
    ])
    for (const each of kernels) await each?.dispose()
    const row = [`${n} x ${k} x ${m}`, operations.toExponential(1), ...times.map((time) => speed(operations, time))]
    rows.push(row)
  }
  console.log('A. Products: 1e9 operations a second, conversion to float32 and back included\n')
  console.log(table(['', 'operations', 'float64', ...backends], rows))
}

const transformers: readonly (readonly [TransformerShape, number, number])[] = [
  [shapeOf(32, 64, 2, 172), 8, 32],
  [shapeOf(512, 64, 2, 172), 16, 64],
  [shapeOf(4096, 256, 2, 688), 8, 64],
]
function shapeOf(symbols: number, width: number, layers: number, inner: number): TransformerShape {
  return { kind: 'transformer', symbols, width, heads: 4, keyValueHeads: 4, layers, inner, tied: true, headBias: false }
}

type Computation = () => WithProducts<number>

/** One row for each step: milliseconds of each way to make its products. */
const stepTable = async (cases: readonly (readonly [string, Architecture, Computation])[]): Promise<string> => {
  const rows: string[][] = []
  for (const [name, architecture, computation] of cases) {
    const kernels = await openKernels()
    const times = await medians([
      () => inFloat64(computation()),
      ...kernels.map((each) => each && (() => withProductsOf(computation(), each.product))),
    ])
    const share = (index: number): string => {
      const counts = kernels[index - 1]?.counts()
      return counts === undefined ? '' : ` (${Math.round((100 * counts.kernels) / (counts.kernels + counts.loops))} %)`
    }
    for (const each of kernels) await each?.dispose()
    rows.push([
      name,
      String(parametersIn(architecture)),
      ...times.map((time, index) => (time === undefined ? '-' : time.toFixed(1) + share(index))),
    ])
  }
  return table(['', 'parameters', 'float64', ...backends], rows)
}

const transformerSteps = async (): Promise<void> => {
  const cases = transformers.map(([shape, sequences, length]) => {
    const parameters = initialParameters(shape, 1)
    const gradient = new Float64Array(parameters.length)
    const tokens = Int32Array.from({ length: sequences * length }, (_, index) => (index * 7919) % shape.symbols)
    const next = tokens.map((token) => (token + 1) % shape.symbols)
    const computation: Computation = () => transformerLoss(shape, parameters, { tokens, length }, next, gradient)
    return [`V ${shape.symbols}, d ${shape.width}, batch ${sequences} x ${length}`, shape, computation] as const
  })
  console.log(
    '\nB. Steps of a transformer of two layers: milliseconds (and how many of its products are large enough)\n',
  )
  console.log(await stepTable(cases))
}

/** Letters before, embedding, width of the layer, d. */
const mlps = [
  [2, 8, 64, 8],
  [2, 32, 256, 64],
  [3, 32, 256, 64],
  [3, 64, 1024, 256],
] as const

const lawSteps = async (): Promise<void> => {
  const cases = mlps.map(([contextLength, embedding, width, hidden]) => {
    const law = mobyDickLaw(contextLength)
    if (isLeft(law)) throw new Error(showProblem(law.left))
    const { kernel } = law.right
    const shape = { kind: 'mlp', symbols: kernel.symbols.length, contextLength, embedding, width, hidden } as const
    const objective = objectiveOf(shape, { kind: 'law', kernel }, 1)
    if (isLeft(objective)) throw new Error(showProblem(objective.left))
    const parameters = initialParameters(shape, 1)
    const gradient = new Float64Array(parameters.length)
    const computation: Computation = () => objective.right(0, parameters, gradient)
    return [`${kernel.weights.length} contexts, width ${width}, d ${hidden}`, shape, computation] as const
  })
  console.log('\nC. Steps of an MLP on the exact law of letters: the same\n')
  console.log(await stepTable(cases))
}

const [, , only] = process.argv
if (only === undefined || only === 'products') await products()
if (only === undefined || only === 'transformers') await transformerSteps()
if (only === undefined || only === 'mlps') await lawSteps()
