import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { chooseBackend } from '../../../src/compile/backend.js'
import { stepsPipeline } from '../../../src/compile/gpu-js/pipeline.js'
import type { FloatMatrix, GpuMode } from '../../../src/compile/gpu-js/runtime.js'
import type { Access, KernelOperation, KernelStep, Operation } from '../../../src/compile/operation.js'
import { headlineEntropies } from '../../../src/information/categorical-entropy.js'
import { type Contraction, contractions, narrowContractions } from '../../support/contractions.js'
import { exactly, filled, noise, runInner, runOperation, runSteps } from '../../support/kernel-run.js'

/** The unit roundoff of float32. */
const unit = 2 ** -24

const modes = ['cpu', 'webasm', 'webgpu'] as const
const present = new Set<GpuMode>()
for (const mode of modes) if (isRight(await chooseBackend(mode))) present.add(mode)

/** A matrix with the entries' magnitudes: the same operation on magnitudes bounds the rounding of a sum. */
const magnitudes = (matrix: FloatMatrix): FloatMatrix => ({ ...matrix, entries: matrix.entries.map(Math.abs) })

const expectWithin = (found: ArrayLike<number>, exact: ArrayLike<number>, bound: (at: number) => number): void => {
  expect(found.length).toBe(exact.length)
  for (let at = 0; at < exact.length; at++) {
    const [is, should] = [found[at]!, exact[at]!]
    if (!(Math.abs(is - should) <= bound(at)))
      throw new Error(`entry ${at} is ${is}, should be ${should}: off by ${is - should}, bound ${bound(at)}`)
  }
}

const termsOf = ({ summed }: Contraction): number => summed.reduce((total, size) => total * size, 1)

/** The rounding of a sum of products in float32, whatever its order: Higham, gamma of terms + 1. */
const sumBound = (
  operation: KernelOperation,
  operands: readonly FloatMatrix[],
  terms: number,
): ((at: number) => number) => {
  const all = exactly(operation, operands.map(magnitudes))
  return (at) => (terms + 2) * unit * all[at]! + 1e-38
}

describe.each(modes)('kernels on %s', (mode) => {
  const run = test.skipIf(!present.has(mode))

  run('contractions of any shape, final and read by others', async () => {
    await fc.assert(
      fc.asyncProperty(contractions, async ({ operation, operands }) => {
        const exact = exactly(operation, operands)
        const bound = sumBound(operation, operands, termsOf(operation))
        expectWithin(await runOperation(operation, operands, mode), exact, bound)
        expectWithin(await runInner(operation, operands, mode), exact, bound)
      }),
      { numRuns: mode === 'webgpu' ? 10 : 150 },
    )
  })

  run('contractions of many indices of few values, final and read by others', async () => {
    await fc.assert(
      fc.asyncProperty(narrowContractions, async ({ operation, operands }) => {
        const exact = exactly(operation, operands)
        const bound = sumBound(operation, operands, termsOf(operation))
        expectWithin(await runOperation(operation, operands, mode), exact, bound)
        expectWithin(await runInner(operation, operands, mode), exact, bound)
      }),
      { numRuns: mode === 'webgpu' ? 10 : 300 },
    )
  })

  run('matrices that are known before give what they give when they are handed over', async () => {
    const next = noise(7)
    const [a, b] = [filled(5, 6, next), filled(6, 6, next)]
    // b is read three times: as it is, by the next step, and by the last.
    const steps: readonly KernelStep[] = [0, 1, 2].map((place) => ({
      operation: product(5, 6, 6, [false, false]),
      operands: [place === 0 ? 0 : 1 + place, 1],
      result: 2 + place,
    }))
    const tensors = [a, b, a, a, a].map(({ rows, columns }) => ({ rows, columns }))
    const handed = await runSteps([a, b], steps, [4], mode)
    const known = stepsPipeline(tensors, steps, [0], [4], mode, new Map([[1, b.entries]]))
    const found = await known.run([a])
    expect(known.execution()?.backend).toBe(mode)
    expect(found).toEqual(handed.results)
    // Nothing is left of the run before; and where everything is known, nothing is handed over.
    const other = filled(5, 6, next)
    expect(await known.run([other])).toEqual((await runSteps([other, b], steps, [4], mode)).results)
    await known.destroy()
    const all = stepsPipeline(
      tensors,
      steps,
      [],
      [4],
      mode,
      new Map([
        [0, a.entries],
        [1, b.entries],
      ]),
    )
    expect(await all.run([])).toEqual(handed.results)
    await all.destroy()
  })

  /** The same contraction of magnitudes, some of them zero, by its largest product. */
  const maximal = (contraction: Contraction, operands: readonly FloatMatrix[]) => ({
    operation: { ...contraction, reduction: 'max' } as const,
    operands: operands.map((matrix): FloatMatrix => ({
      ...matrix,
      entries: matrix.entries.map((entry) => (entry < -0.8 ? 0 : Math.abs(entry))),
    })),
  })

  run('largest products of contractions of any shape, to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(contractions, async (given) => {
        const { operation, operands } = maximal(given.operation, given.operands)
        const exact = Float32Array.from(exactly(operation, operands))
        expect(await runOperation(operation, operands, mode)).toEqual(exact)
        expect(await runInner(operation, operands, mode)).toEqual(exact)
      }),
      { numRuns: mode === 'webgpu' ? 10 : 150 },
    )
  })

  const row = (index: number, stride: number): Access => ({ row: [{ index, stride }], column: [] })
  /** a[i, k] b[k, j], each operand stored as it is or transposed. */
  const product = (
    rows: number,
    inner: number,
    columns: number,
    transposed: readonly [boolean, boolean],
  ): Contraction => ({
    kind: 'contract',
    reduction: 'sum',
    sizes: [rows],
    columns,
    summed: [inner],
    left: transposed[0]
      ? { ...row(2, 1), column: [{ index: 0, stride: 1 }] }
      : { ...row(0, 1), column: [{ index: 2, stride: 1 }] },
    right: transposed[1]
      ? { ...row(1, 1), column: [{ index: 2, stride: 1 }] }
      : { ...row(2, 1), column: [{ index: 1, stride: 1 }] },
  })
  const shapes = [
    [64, 64, 64],
    [65, 130, 67],
    [1, 300, 50],
    [50, 300, 1],
    [128, 257, 6],
    [7, 1, 9],
  ] as const

  run.each(shapes)('matrix products of %i x %i x %i, both operands as stored and transposed', async (n, k, m) => {
    const next = noise(n * k * m)
    for (const left of [false, true])
      for (const right of [false, true]) {
        const operation = product(n, k, m, [left, right])
        const operands = [
          left ? filled(k, n, next) : filled(n, k, next),
          right ? filled(m, k, next) : filled(k, m, next),
        ]
        const exact = exactly(operation, operands)
        const bound = sumBound(operation, operands, k)
        expectWithin(await runOperation(operation, operands, mode), exact, bound)
        expectWithin(await runInner(operation, operands, mode), exact, bound)
      }
  })

  run.each([...shapes, [9, 600, 13], [64, 520, 64], [130, 70, 130]] as const)(
    'largest products of matrices of %i x %i x %i, to the last bit',
    async (n, k, m) => {
      const next = noise(n + k + m)
      for (const left of [false, true])
        for (const right of [false, true]) {
          const { operation, operands } = maximal(product(n, k, m, [left, right]), [
            left ? filled(k, n, next) : filled(n, k, next),
            right ? filled(m, k, next) : filled(k, m, next),
          ])
          const exact = Float32Array.from(exactly(operation, operands))
          expect(await runOperation(operation, operands, mode)).toEqual(exact)
          expect(await runInner(operation, operands, mode)).toEqual(exact)
        }
    },
  )

  run.each([
    [1, 1, 1],
    [5, 3, 7],
    [64, 33, 70],
    [33, 64, 64],
    [130, 40, 129],
    [3, 100, 2],
    [100, 200, 1],
    // Weights of more than 2^20 numbers are written anew before they are read.
    [33, 130, 8200],
  ])('affine maps of %i x %i x %i, and tanh of them', async (rows, inputs, outputs) => {
    const next = noise(rows)
    const operands = [filled(rows, inputs, next), filled(outputs, inputs, next), filled(1, outputs, next)]
    const affine = { kind: 'affine', rows, inputs, outputs, activation: 'identity' } as const
    const bound = sumBound(affine, operands, inputs + 1)
    for (const runs of [runOperation, runInner]) {
      expectWithin(await runs(affine, operands, mode), exactly(affine, operands), bound)
      const bent = { ...affine, activation: 'tanh' } as const
      const exact = exactly(bent, operands)
      expectWithin(await runs(bent, operands, mode), exact, (at) => bound(at) + 2e-6 * Math.abs(exact[at]!))
    }
  })

  run('tanh keeps its accuracy near zero and far from it', async () => {
    const points = [-100, -12, -3, -0.5, -1e-3, -1e-7, -1e-20, 0, 1e-30, 1e-9, 1e-4, 0.01, 0.3, 1, 5, 40]
    const operands = [
      filled(1, 1, () => 1),
      filled(points.length, 1, (at) => points[at]!),
      filled(1, points.length, () => 0),
    ]
    const operation = { kind: 'affine', rows: 1, inputs: 1, outputs: points.length, activation: 'tanh' } as const
    const exact = exactly(operation, operands)
    expectWithin(await runOperation(operation, operands, mode), exact, (at) => 2e-6 * Math.abs(exact[at]!))
  })

  run('look-ups of rows, embeddings and concatenations move numbers as they are', async () => {
    const next = noise(3)
    const table = filled(60, 5, next)
    const digits = filled(7, 3, () => Math.floor(2.5 * (1 + next())))
    for (const columns of [1, 2, 4, 5]) {
      const narrow = filled(60, columns, next)
      const gather: Operation = {
        kind: 'gather',
        sizes: [7, 2, 3],
        columns,
        terms: [
          { index: 1, stride: 30 },
          { index: 2, stride: 1 },
        ],
        digits: [
          { operand: 1, column: 2, stride: 6 },
          { operand: 2, column: 0, stride: 2 },
        ],
      }
      const one = filled(7, 1, (member) => member % 2)
      const operands = [narrow, digits, one]
      expect(await runOperation(gather, operands, mode)).toEqual(Float32Array.from(exactly(gather, operands)))
      const elsewhere: Operation = {
        ...gather,
        at: [
          { index: 1, stride: 3 },
          { index: 2, stride: 1 },
        ],
      }
      expect(await runInner(elsewhere, operands, mode)).toEqual(Float32Array.from(exactly(elsewhere, operands)))
    }
    for (const [rows, length] of [
      [1, 2],
      [7, 2],
    ] as const) {
      const embed: Operation = { kind: 'embed', rows, length, dimension: 5, offset: 1 }
      const sequences = filled(rows, 3, () => Math.floor(20 * (1 + next())))
      expect(await runInner(embed, [sequences, table], mode)).toEqual(
        Float32Array.from(exactly(embed, [sequences, table])),
      )
      const pair: Operation = { kind: 'concatenate', rows, left: 3, right: 6 }
      const sides = [filled(rows, 3, next), filled(rows, 6, next)]
      expect(await runInner(pair, sides, mode)).toEqual(Float32Array.from(exactly(pair, sides)))
    }
  })

  run('results of one column and many rows', async () => {
    const rows = 5000
    const next = noise(4)
    const embed: Operation = { kind: 'embed', rows, length: 1, dimension: 1, offset: 1 }
    const operands = [filled(rows, 2, (at) => (7 * at) % 11), filled(11, 1, next)]
    expect(await runOperation(embed, operands, mode)).toEqual(Float32Array.from(exactly(embed, operands)))
  })

  run('entropies of stored distributions, down to point masses', async () => {
    const next = noise(11)
    for (const [group, columns] of [
      [1, 1],
      [1, 9],
      [3, 4],
      [5, 33],
    ] as const) {
      const rows = 6
      const weights = Array.from({ length: rows }, (_, member) =>
        Array.from(
          { length: group * columns },
          (_, at) => Math.exp(-(at === 0 ? 0 : 1) * 5 * member) * (1.01 + next()),
        ),
      )
      const p = filled(rows * group, columns, (r, column) => {
        const own = weights[Math.floor(r / group)]!
        return own[(r % group) * columns + column]! / own.reduce((sum, weight) => sum + weight, 0)
      })
      for (const measure of headlineEntropies) {
        const operation = { kind: 'categorical-entropy', measure, rows, group, columns } as const
        const exact = exactly(operation, [p])
        // Near a point mass 1 - p is known to a unit only, for the reference as for the kernel.
        expectWithin(await runOperation(operation, [p], mode), exact, (at) => 4e-6 * exact[at]! + 4 * unit)
      }
    }
  })
})

describe('pipelines on WebAssembly', () => {
  const run = test.skipIf(!present.has('webasm'))

  run.each(['sum', 'max'] as const)('a result too large to store twice, by %s', async (reduction) => {
    const [rows, columns] = [2050, 2049]
    const next = noise(8)
    const [a, b] = [filled(rows, 2, () => Math.abs(next())), filled(2, columns, () => Math.abs(next()))]
    const operation: Operation = {
      kind: 'contract',
      reduction,
      sizes: [rows],
      columns,
      summed: [2],
      left: { row: [{ index: 0, stride: 1 }], column: [{ index: 2, stride: 1 }] },
      right: { row: [{ index: 2, stride: 1 }], column: [{ index: 1, stride: 1 }] },
    }
    const found = await runOperation(operation, [a, b], 'webasm')
    expect(found.length).toBe(rows * columns)
    const furthest = found.reduce((worst, entry, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns]
      const terms = [0, 1].map((k) => a.entries[2 * row + k]! * b.entries[k * columns + column]!) as [number, number]
      const exact = reduction === 'sum' ? terms[0] + terms[1] : Math.max(...terms)
      return Math.max(worst, Math.abs(entry - exact) / exact)
    }, 0)
    expect(furthest).toBeLessThan(reduction === 'sum' ? 2 * unit : 1.001 * unit)
  })

  run('large work runs in threads and gives the same numbers to the last bit', async () => {
    const next = noise(5)
    const [rows, inner, columns] = [96, 64, 128]
    const operation: Operation = {
      kind: 'contract',
      reduction: 'sum',
      sizes: [rows],
      columns,
      summed: [inner],
      left: { row: [{ index: 0, stride: 1 }], column: [{ index: 2, stride: 1 }] },
      right: { row: [{ index: 2, stride: 1 }], column: [{ index: 1, stride: 1 }] },
    }
    const operands = [filled(rows, inner, next), filled(inner, columns, next)]
    const again: Operation = { kind: 'concatenate', rows, left: columns, right: columns }
    const repeated = [0, 1, 2].map((time) => ({ operation, operands: [0, 1], result: 2 + time }))
    const large = await runSteps(
      operands,
      [...repeated, { operation: again, operands: [2, 4], result: 5 }],
      [5],
      'webasm',
    )
    const small = await runSteps(operands, repeated.slice(0, 1), [2], 'webasm')
    expect(large.execution).toMatchObject({ backend: 'webasm', executor: 'fused-threaded' })
    expect(small.execution).toMatchObject({ backend: 'webasm', executor: 'fused-sync' })
    const [twice] = large.results
    const [once] = small.results
    for (let at = 0; at < rows; at++)
      expect(twice!.slice(at * 2 * columns, (at * 2 + 1) * columns)).toEqual(
        once!.slice(at * columns, (at + 1) * columns),
      )
  })
})
