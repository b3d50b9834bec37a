import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { chooseBackend } from '../../../src/compile/backend.js'
import { fuseHeads } from '../../../src/compile/fuse.js'
import type { FloatMatrix, GpuMode } from '../../../src/compile/gpu-js/runtime.js'
import type { FusedOperation, Operation } from '../../../src/compile/operation.js'
import { headlineEntropies } from '../../../src/information/categorical-entropy.js'
import { exactly, filled, noise, runOperation, runSteps } from '../../support/kernel-run.js'

/** The unit roundoff of float32. */
const unit = 2 ** -24

const modes = ['cpu', 'webasm', 'webgpu'] as const
const present = new Set<GpuMode>()
for (const mode of modes) if (isRight(await chooseBackend(mode))) present.add(mode)

interface Case {
  readonly name: string
  readonly x: FloatMatrix
  readonly weights: FloatMatrix
  readonly bias: FloatMatrix
}

/** A head of one input whose row of logits is given by its bias, for each of some rows: extreme logits without any rounding. */
const ofLogits = (name: string, logits: readonly number[], rows = 5): Case => ({
  name,
  x: filled(rows, 1, () => 0),
  weights: filled(logits.length, 1, () => 1),
  bias: filled(1, logits.length, (_, symbol) => logits[symbol]!),
})

const random = (rows: number, inputs: number, outputs: number, scale: number): Case => {
  const next = noise(rows * inputs + outputs)
  return {
    name: `${rows} x ${inputs} x ${outputs}, logits to ${scale}`,
    x: filled(rows, inputs, next),
    weights: filled(outputs, inputs, () => (scale * next()) / Math.sqrt(inputs)),
    bias: filled(1, outputs, next),
  }
}

const cases: readonly Case[] = [
  random(1, 1, 1, 1),
  random(1, 1, 2, 1),
  random(7, 1, 9, 3),
  random(33, 17, 65, 3),
  random(64, 64, 64, 10),
  random(130, 40, 131, 30),
  random(5, 300, 1000, 80),
  ofLogits('equal logits', new Array<number>(77).fill(-3.5)),
  ofLogits('equal logits of 80', new Array<number>(16).fill(80)),
  ofLogits('from -80 to 80', [-80, 80, 79, 0, 78.5, -1, 80]),
  ofLogits('one that dominates by 20', [1, 21, 1, 0.5, -2, 1, 0, 0.25, 1]),
  ofLogits('one that dominates by 60', [60, 0, 0, 0, -1, 0.5]),
  ofLogits('one that comes last and dominates', [...new Array<number>(20).fill(0), 40]),
  ofLogits('two that are alike and dominate', [3, 40, -3, 40, 1]),
  ofLogits(
    'rising logits',
    Array.from({ length: 100 }, (_, symbol) => symbol - 50),
  ),
  ofLogits(
    'falling logits',
    Array.from({ length: 100 }, (_, symbol) => 50 - symbol),
  ),
  ofLogits('one outcome', [5]),
]

const sizeOf = ({
  x,
  weights,
}: Case): { readonly rows: number; readonly inputs: number; readonly outputs: number } => ({
  rows: x.rows,
  inputs: x.columns,
  outputs: weights.rows,
})

/**
 * How far a logit in float32 can be from the exact one: gamma of inputs + 1 terms times the largest sum of magnitudes. What relative
 * errors below are made of: this, as the exponential makes it, and the exponential's own 1.3e-5 above -40.
 */
const logitError = (given: Case): number => {
  const { x, weights, bias } = given
  const sizes = sizeOf(given)
  const magnitudes = [x, weights, bias].map((matrix) => ({ ...matrix, entries: matrix.entries.map(Math.abs) }))
  const largest = exactly({ kind: 'affine', ...sizes, activation: 'identity' }, magnitudes).reduce(
    (a, b) => Math.max(a, b),
    0,
  )
  return sizes.inputs === 1 && x.entries.every((entry) => entry === 0) ? 0 : (sizes.inputs + 2) * unit * largest
}

const expectClose = (found: ArrayLike<number>, exact: ArrayLike<number>, bound: (exact: number) => number): void => {
  expect(found.length).toBe(exact.length)
  for (let at = 0; at < exact.length; at++) {
    const [is, should] = [found[at]!, exact[at]!]
    if (!(Math.abs(is - should) <= bound(should)))
      throw new Error(`row ${at} is ${is}, should be ${should}: off by ${is - should}, bound ${bound(should)}`)
  }
}

describe.each(modes)('softmax heads on %s', (mode) => {
  const run = test.skipIf(!present.has(mode))

  run.each(cases.map((given): [string, Case] => [given.name, given]))(
    'log-sum-exp and softmax: %s',
    async (_, given) => {
      const sizes = sizeOf(given)
      const operands = [given.x, given.weights, given.bias]
      const error = logitError(given)
      const logSumExp: FusedOperation = { kind: 'affine-log-sum-exp', ...sizes }
      const exact = exactly(logSumExp, operands)
      const found = await runOperation(logSumExp, operands, mode)
      expectClose(found, exact, (x) => error + 2 * unit * Math.abs(x) + 1e-5)
      if (sizes.outputs === 1) return
      const softmax: FusedOperation = { kind: 'affine-softmax', ...sizes }
      const normaliser = { rows: sizes.rows, columns: 1, entries: found }
      const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
      const probabilities = exactly(softmax, [...operands, { ...normaliser, entries: Float32Array.from(exact) }])
      // Below exp(-87) there is nothing in float32 that a probability could be told by.
      const relative = 3 * error + 6 * unit * largest + 4e-5
      expectClose(await runOperation(softmax, [...operands, normaliser], mode), probabilities, (p) =>
        p < Math.exp(-40) ? 2e-2 * p + 1e-36 : relative * p,
      )
    },
  )

  run.each(cases.map((given): [string, Case] => [given.name, given]))('entropies, one by one: %s', async (_, given) => {
    const operands = [given.x, given.weights, given.bias]
    const error = logitError(given)
    for (const measure of headlineEntropies) {
      const operation: FusedOperation = { kind: 'affine-entropy', measure, ...sizeOf(given) }
      // Relative, also where the distribution is almost a point: what is lost is below exp(-80).
      expectClose(
        await runOperation(operation, operands, mode),
        exactly(operation, operands),
        (entropy) => (4 * error + (entropy < 1e-15 ? 3e-4 : 3e-5)) * entropy + 1e-34,
      )
    }
  })

  run('heads of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: fc.integer({ min: 1, max: 40 }),
          inputs: fc.integer({ min: 1, max: 12 }),
          outputs: fc.integer({ min: 1, max: 40 }),
        }),
        fc.constantFrom(...headlineEntropies),
        async ({ rows, inputs, outputs }, measure) => {
          const given = random(rows, inputs, outputs, 5)
          const operation: FusedOperation = { kind: 'affine-entropy', measure, rows, inputs, outputs }
          const operands = [given.x, given.weights, given.bias]
          expectClose(
            await runOperation(operation, operands, mode),
            exactly(operation, operands),
            (h) => 6e-5 * h + 1e-34,
          )
        },
      ),
      { numRuns: mode === 'webgpu' ? 5 : 60 },
    )
  })
})

interface Step {
  readonly operation: Operation
  readonly operands: readonly number[]
  readonly result: number
}

/** Tensors 0 to 2 are x, weights and bias; 3 are the logits, 4 their log-sum-exp, 5 the softmax, from 6 the entropies. */
const headSteps = (rows: number, inputs: number, outputs: number): readonly Step[] => [
  { operation: { kind: 'affine', rows, inputs, outputs, activation: 'identity' }, operands: [0, 1, 2], result: 3 },
  { operation: { kind: 'log-sum-exp', rows, columns: outputs }, operands: [3], result: 4 },
  { operation: { kind: 'normalise', rows, columns: outputs }, operands: [3, 4], result: 5 },
  ...headlineEntropies.map((measure, place): Step => ({
    operation: { kind: 'categorical-entropy', measure, rows, group: 1, columns: outputs },
    operands: [5],
    result: 6 + place,
  })),
]

describe('fusing', () => {
  const steps = headSteps(30, 20, 50)
  const kinds = (wanted: readonly number[], all = steps): readonly string[] =>
    fuseHeads(all, wanted).map(({ operation }) => operation.kind)

  test('neither logits nor softmax are stored where only entropies are wanted', () => {
    expect(kinds([6, 7, 8, 9, 10])).toEqual(new Array(5).fill('affine-entropy'))
  })

  test('the softmax is stored where it is wanted, the logits never', () => {
    expect(kinds([5, 6], steps.slice(0, 4))).toEqual(['affine-log-sum-exp', 'affine-softmax', 'affine-entropy'])
    expect(kinds([5], steps.slice(0, 3))).toEqual(['affine-log-sum-exp', 'affine-softmax'])
  })

  test('the softmax is stored where another step reads it', () => {
    const reader: Step = {
      operation: { kind: 'concatenate', rows: 30, left: 50, right: 50 },
      operands: [5, 5],
      result: 11,
    }
    expect(kinds([6, 11], [...steps.slice(0, 4), reader])).toEqual([
      'affine-log-sum-exp',
      'affine-softmax',
      'affine-entropy',
      'concatenate',
    ])
  })

  test('what is not a head stays', () => {
    const kindsOf = (all: readonly Step[]): readonly string[] => all.map(({ operation }) => operation.kind)
    expect(kinds([3, 5], steps.slice(0, 4))).toEqual(kindsOf(steps.slice(0, 4)))
    const bent = steps.map((step): Step =>
      step.operation.kind === 'affine' ? { ...step, operation: { ...step.operation, activation: 'tanh' } } : step,
    )
    expect(kinds([6], bent)).toEqual(kindsOf(bent))
    const joint = steps.slice(0, 3).concat({
      operation: { kind: 'categorical-entropy', measure: 'shannon', rows: 10, group: 3, columns: 50 },
      operands: [5],
      result: 6,
    })
    expect(kinds([6], joint)).toEqual(['affine-log-sum-exp', 'affine-softmax', 'categorical-entropy'])
    const single = headSteps(30, 20, 1)
    expect(kinds([6], single)).toEqual(kindsOf(single))
  })

  test.skipIf(!present.has('webasm'))(
    'fused and unfused steps give the same, all entropies in one pipeline',
    async () => {
      const next = noise(4)
      const given = [filled(30, 20, next), filled(50, 20, next), filled(1, 50, next)]
      const wanted = [6, 7, 8, 9, 10, 5]
      const [plain, fused] = await Promise.all([
        runSteps(given, steps, wanted, 'webasm'),
        runSteps(given, fuseHeads(steps, wanted), wanted, 'webasm'),
      ])
      plain.results.forEach((result, place) => {
        expect(fused.results[place]!.length).toBe(result.length)
        expectClose(fused.results[place]!, result, (x) => 2e-5 * Math.abs(x))
      })
    },
  )
})
