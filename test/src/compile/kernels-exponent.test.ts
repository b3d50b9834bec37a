/** Exponents of groups of rows and scaling by them: every kernel against the float64 reference, bit for bit. */
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { chooseBackend } from '../../../src/compile/backend.js'
import type { FloatMatrix, GpuMode } from '../../../src/compile/gpu-js/runtime.js'
import type { KernelStep, Operation } from '../../../src/compile/operation.js'
import { exactly, filled, noise, runInner, runOperation, runSteps } from '../../support/kernel-run.js'

const modes = ['cpu', 'webasm', 'webgpu'] as const
const present = new Set<GpuMode>()
for (const mode of modes) if (isRight(await chooseBackend(mode))) present.add(mode)

/** The smallest normal number of float32: a GPU may take what is smaller for zero. */
const smallest = 2 ** -126
const mayFlush = (mode: GpuMode): boolean => mode === 'webgpu'

/** Entries of every magnitude: zeros, subnormal numbers, powers of two and their neighbours. */
const entry: fc.Arbitrary<number> = fc
  .oneof(
    fc.constantFrom(0, 0, 1, 1e-38, 1e-45, 1.5e-40, smallest, 3.4028234663852886e38),
    fc.integer({ min: -126, max: 127 }).map((power) => 2 ** power),
    fc.integer({ min: -126, max: 127 }).map((power) => 2 ** power * (1 - 2 ** -24)),
    fc
      .tuple(fc.integer({ min: -126, max: 126 }), fc.double({ min: 1, max: 2, noNaN: true }))
      .map(([p, m]) => 2 ** p * m),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(Math.fround)

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 7 }),
  group: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 10 }),
})
const matrices = shapes.chain(({ rows, group, columns }) => {
  const count = rows * group * columns
  return fc.record({
    shape: fc.constant({ rows, group, columns }),
    x: fc
      .array(entry, { minLength: count, maxLength: count })
      .map((entries): FloatMatrix => ({ rows: rows * group, columns, entries: Float32Array.from(entries) })),
    exponents: fc
      .array(fc.integer({ min: -126, max: 127 }), { minLength: rows, maxLength: rows })
      .map((entries): FloatMatrix => ({ rows, columns: 1, entries: Float32Array.from(entries) })),
  })
})

const largestOf = ({ entries }: FloatMatrix, rows: number): readonly number[] => {
  const size = entries.length / rows
  return Array.from({ length: rows }, (_, row) => Math.max(...entries.subarray(row * size, (row + 1) * size)))
}

const expectExponents = (found: Float32Array, x: FloatMatrix, exact: Float64Array, mode: GpuMode): void => {
  expect(found.length).toBe(exact.length)
  const largest = largestOf(x, exact.length)
  found.forEach((is, row) => {
    if (mayFlush(mode) && largest[row]! < smallest) expect([0, -126]).toContain(is)
    else expect([largest[row], is]).toEqual([largest[row], exact[row]])
  })
}

/** Bit for bit, unless the result is below the normal numbers; results too large for float32 are not asked for. */
const expectScaled = (found: Float32Array, x: FloatMatrix, exact: Float64Array, mode: GpuMode): void => {
  expect(found.length).toBe(exact.length)
  found.forEach((is, at) => {
    const should = exact[at]!
    if (Math.fround(should) === Infinity) return
    const [from, to] = [x.entries[at]!, Math.fround(should)]
    if (mayFlush(mode) && from > 0 && from < smallest && is === 0) return
    const slack = should >= smallest || from === 0 ? 0 : mayFlush(mode) ? smallest : 2 ** -149
    if (!(Math.abs(is - to) <= slack)) expect.fail(`entry ${at}: ${from} became ${is}, should be ${to}`)
  })
}

describe.each(modes)('exponents on %s', (mode) => {
  const run = test.skipIf(!present.has(mode))
  const numRuns = mode === 'webgpu' ? 12 : 120

  run('the exponent of the largest entry of each group of rows', () =>
    fc.assert(
      fc.asyncProperty(matrices, async ({ shape, x }) => {
        const operation: Operation = { kind: 'exponent', ...shape }
        const exact = exactly(operation, [x])
        expectExponents(await runOperation(operation, [x], mode), x, exact, mode)
        expectExponents(await runInner(operation, [x], mode), x, exact, mode)
      }),
      { numRuns },
    ),
  )

  run('scaling by powers of two rounds nothing', () =>
    fc.assert(
      fc.asyncProperty(matrices, async ({ shape, x, exponents }) => {
        const operation: Operation = { kind: 'scale', ...shape }
        const exact = exactly(operation, [x, exponents])
        expectScaled(await runOperation(operation, [x, exponents], mode), x, exact, mode)
        expectScaled(await runInner(operation, [x, exponents], mode), x, exact, mode)
      }),
      { numRuns },
    ),
  )

  run('every exponent, and one more than each', async () => {
    const powers = Array.from({ length: 254 }, (_, place) => place - 126)
    const x = filled(254, 3, (row, column) => 2 ** powers[row]! * [1, 1 - 2 ** -24, 0.25][column]!)
    const shape = { rows: 254, group: 1, columns: 3 }
    const exponents = await runOperation({ kind: 'exponent', ...shape }, [x], mode)
    expect([...exponents]).toEqual(powers)
    const scaled = await runOperation({ kind: 'scale', ...shape }, [x, filled(254, 1, (row) => powers[row]!)], mode)
    // The first row's smaller entries are subnormal before they are scaled.
    expect([...scaled.slice(mayFlush(mode) ? 9 : 3)]).toEqual(
      powers.slice(mayFlush(mode) ? 3 : 1).flatMap(() => [1, 1 - 2 ** -24, 0.25]),
    )
  })

  run.each([
    [5, 3, 7, 2],
    [1, 4, 3, 3],
    [6, 1, 1, 4],
    [3, 4, 2, 2],
    [2, 5, 0, 1],
  ])('matrices that kernels make are scaled and read on: %i groups of %i, %i and %i columns', async (...sizes) => {
    const [rows, group, left, right] = sizes
    const next = noise(rows * group)
    const allRows = rows * group
    const magnitude = (row: number): number => Math.abs(next()) * 2 ** (Math.floor(row / group) * 40 - 100)
    const [isPair, columns] = [left > 0, left + right]
    const shape = { rows, group, columns }
    // x, its exponents, x scaled, the exponents of that, and x scaled against itself: the largest products over the columns.
    const given = [filled(allRows, Math.max(left, 1), magnitude), filled(allRows, right, magnitude)]
    const made: KernelStep = isPair
      ? { operation: { kind: 'concatenate', rows: allRows, left, right }, operands: [0, 1], result: 2 }
      : { operation: { ...copyOf(allRows, right) }, operands: [1, 0], result: 2 }
    if (!isPair) given[0] = filled(1, 1, () => 1)
    const steps: readonly KernelStep[] = [
      made,
      { operation: { kind: 'exponent', ...shape }, operands: [2], result: 3 },
      { operation: { kind: 'scale', ...shape }, operands: [2, 3], result: 4 },
      { operation: { kind: 'exponent', ...shape }, operands: [4], result: 5 },
      { operation: largestProducts(allRows, columns), operands: [4, 4], result: 6 },
    ]
    const wanted = [2, 3, 4, 5, 6]
    const { results } = await runSteps(given, steps, wanted, mode)
    const exact: Float64Array[] = given.map(({ entries }) => Float64Array.from(entries))
    const widths = given.map((matrix) => matrix.columns)
    for (const { operation, operands, result } of steps) {
      const matrix = (tensor: number): FloatMatrix => ({
        rows: 0,
        columns: widths[tensor]!,
        entries: Float32Array.from(exact[tensor]!),
      })
      exact[result] = Float64Array.from(exactly(operation, operands.map(matrix)), Math.fround)
      widths[result] = result === 3 || result === 5 ? 1 : result === 6 ? allRows : columns
    }
    wanted.forEach((tensor, place) => expect(results[place]).toEqual(Float32Array.from(exact[tensor]!)))
    expect([...results[3]!]).toEqual(new Array(rows).fill(0))
  })

  run.each([
    [5000, 1, 1],
    [4100, 2, 1],
    [4200, 2, 3],
  ])('many rows: %i groups of %i rows, %i columns', async (rows, group, columns) => {
    const next = noise(rows)
    const x = filled(rows * group, columns, (row) => Math.abs(next()) * 2 ** ((row % 60) - 30))
    const shape = { rows, group, columns }
    const exponents = exactly({ kind: 'exponent', ...shape }, [x])
    const e: FloatMatrix = { rows, columns: 1, entries: Float32Array.from(exponents) }
    for (const runs of [runOperation, runInner]) {
      expect(await runs({ kind: 'exponent', ...shape }, [x], mode)).toEqual(e.entries)
      expect(await runs({ kind: 'scale', ...shape }, [x, e], mode)).toEqual(
        Float32Array.from(exactly({ kind: 'scale', ...shape }, [x, e])),
      )
    }
  })
})

/** Tensor 1 times the number one. */
const copyOf = (rows: number, columns: number): Operation => ({
  kind: 'contract',
  reduction: 'max',
  sizes: [rows],
  columns,
  summed: [],
  left: { row: [{ index: 0, stride: 1 }], column: [{ index: 1, stride: 1 }] },
  right: { row: [], column: [] },
})

/** max over k of x[i, k] x[j, k]. */
const largestProducts = (rows: number, columns: number): Operation => ({
  kind: 'contract',
  reduction: 'max',
  sizes: [rows],
  columns: rows,
  summed: [columns],
  left: { row: [{ index: 0, stride: 1 }], column: [{ index: 2, stride: 1 }] },
  right: { row: [{ index: 1, stride: 1 }], column: [{ index: 2, stride: 1 }] },
})
