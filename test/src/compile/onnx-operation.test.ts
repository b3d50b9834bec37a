/** Every operation of a plan on onnxruntime against its float64 reference, on random shapes and numbers. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { showProblem } from '../../../dsl/problem.js'
import { onnxRuntime } from '../../../src/compile/onnx/runtime.js'
import type { Access, Digit, Operation, Term } from '../../../src/compile/operation.js'
import { headlineEntropies } from '../../../src/information/categorical-entropy.js'
import { compare, type Given, numbers, size, toTheLastBit, wholeNumbers } from '../../support/onnx-compare.js'

const runtime = await onnxRuntime()
if (isLeft(runtime)) console.warn(`skipped: ${showProblem(runtime.left)}`)
const check = test.skipIf(isLeft(runtime))

const runs = { numRuns: 60 }

describe('one operation', () => {
  check('embed', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(size(5), size(4), size(3), size(4), fc.nat(2), fc.nat(2))
          .chain(([rows, symbols, length, dimension, offset, more]) =>
            fc.record({
              rows: fc.constant(rows),
              symbols: fc.constant(symbols),
              length: fc.constant(length),
              dimension: fc.constant(dimension),
              offset: fc.constant(offset),
              width: fc.constant(offset + length + more),
              digits: wholeNumbers(rows * (offset + length + more), symbols),
              table: numbers(symbols * dimension, -2, 2),
            }),
          ),
        ({ rows, symbols, length, dimension, offset, width, digits, table }) =>
          compare(
            rows,
            [
              { rows, columns: width, entries: digits, batched: true, whole: true },
              { rows: symbols, columns: dimension, entries: table },
            ],
            [{ operation: { kind: 'embed', rows, length, dimension, offset }, operands: [0, 1] }],
          ),
      ),
      runs,
    ),
  )

  check('affine and concatenate', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(size(5), size(4), size(4), size(5), fc.constantFrom('identity', 'tanh'))
          .chain(([rows, left, right, outputs, activation]) =>
            fc.record({
              shape: fc.constant({ rows, left, right, outputs, activation } as const),
              a: numbers(rows * left, -2, 2),
              b: numbers(rows * right, -2, 2),
              weights: numbers(outputs * (left + right), -1, 1),
              bias: numbers(outputs, -1, 1),
            }),
          ),
        ({ shape: { rows, left, right, outputs, activation }, a, b, weights, bias }) => {
          const inputs = left + right
          return compare(
            rows,
            [
              { rows, columns: left, entries: a, batched: true },
              { rows, columns: right, entries: b, batched: true },
              { rows: outputs, columns: inputs, entries: weights },
              { rows: 1, columns: outputs, entries: bias },
            ],
            [
              { operation: { kind: 'concatenate', rows, left, right }, operands: [0, 1] },
              { operation: { kind: 'affine', rows, inputs, outputs, activation }, operands: [4, 2, 3] },
            ],
          )
        },
      ),
      runs,
    ),
  )

  check('log-sum-exp and normalise, also of logits that exp overflows or loses', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .tuple(size(5), size(9), fc.constantFrom(1, 30, 300, 1e4))
          .chain(([rows, columns, scale]) =>
            fc.tuple(fc.constant(rows), fc.constant(columns), numbers(rows * columns, -scale, scale)),
          ),
        ([rows, columns, logits]) =>
          compare(
            rows,
            [{ rows, columns, entries: logits, batched: true }],
            [
              { operation: { kind: 'log-sum-exp', rows, columns }, operands: [0] },
              { operation: { kind: 'normalise', rows, columns }, operands: [0, 1] },
              ...headlineEntropies.map((measure) => ({
                operation: { kind: 'categorical-entropy', measure, rows, group: 1, columns } as const,
                operands: [2],
              })),
            ],
          ),
      ),
      runs,
    ),
  )

  const distributions = fc.tuple(size(4), size(3), size(5)).chain(([rows, group, columns]) =>
    fc.tuple(
      fc.constant({ rows, group, columns }),
      fc.array(
        fc
          .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-30, max: 1, noNaN: true })), {
            minLength: group * columns,
            maxLength: group * columns,
          })
          .map((weights) =>
            weights.some((weight) => weight > 0) ? weights : weights.map((_, k) => (k === 0 ? 1 : 0)),
          ),
        { minLength: rows, maxLength: rows },
      ),
    ),
  )
  check.each(headlineEntropies)('categorical entropy: %s, zeros and points included', (measure) =>
    fc.assert(
      fc.asyncProperty(distributions, fc.boolean(), ([{ rows, group, columns }, weights], batched) => {
        const entries = weights.flatMap((row) => {
          const sum = row.reduce((total, weight) => total + weight, 0)
          return row.map((weight) => weight / sum)
        })
        return compare(
          rows,
          [{ rows: rows * group, columns, entries, batched }],
          [{ operation: { kind: 'categorical-entropy', measure, rows, group, columns }, operands: [0] }],
        )
      }),
      runs,
    ),
  )
})

/** Gathers with one or two operands of digits, and linear terms in any order. */
const gathers = fc
  .record({
    batch: size(4),
    inner: fc.array(size(3), { maxLength: 3 }),
    columns: size(3),
    widths: fc.array(size(3), { maxLength: 2 }),
    runLike: fc.boolean(),
    seed: fc.infiniteStream(fc.nat(5)),
  })
  .chain(({ batch, inner, columns, widths, runLike, seed }) => {
    const next = (below: number): number => Number(seed.next().value) % below
    const below = 3
    // Strides as a planner makes them, or any others.
    const block = inner.reduce((total, each) => total * each, 1)
    const terms = inner.map((_, place): Term => ({
      index: place + 1,
      stride: runLike ? inner.slice(place + 1).reduce((total, each) => total * each, 1) : next(4),
    }))
    const digits = widths.flatMap((width, number) =>
      Array.from({ length: 1 + next(width) }, (): Digit => ({
        operand: number + 1,
        column: next(width),
        stride: runLike ? block * (1 + next(2)) : next(4),
      })),
    )
    const highest =
      terms.reduce((sum, { index, stride }) => sum + stride * (inner[index - 1]! - 1), 0) +
      digits.reduce((sum, { stride }) => sum + stride * (below - 1), 0)
    const rows = Math.ceil((highest + 1) / block) * block
    const operation: Operation = { kind: 'gather', sizes: [batch, ...inner], columns, terms, digits }
    return fc.record({
      batch: fc.constant(batch),
      operation: fc.constant(operation),
      table: numbers(rows * columns, -2, 2).map((entries): Given => ({ rows, columns, entries })),
      operands: fc.tuple(
        ...widths.map((width) =>
          wholeNumbers(batch * width, below).map((entries): Given => ({
            rows: batch,
            columns: width,
            entries,
            batched: true,
            whole: true,
          })),
        ),
      ),
    })
  })

describe('gather', () => {
  check('of rows and of runs of rows', () =>
    fc.assert(
      fc.asyncProperty(gathers, ({ batch, operation, table, operands }) => {
        // A diagram that has an input, even where nothing is read from it.
        const input: Given = { rows: batch, columns: 1, entries: new Array(batch).fill(0), batched: true }
        return compare(
          batch,
          [table, ...operands, input],
          [{ operation, operands: [table, ...operands].map((_, place) => place) }],
        )
      }),
      { numRuns: 100 },
    ),
  )

  check('element numbers are looked up in a function, and the result in a table', () =>
    compare(
      3,
      [
        { rows: 4, columns: 2, entries: [1, 0, 2, 1, 0, 0, 1, 1], whole: true },
        { rows: 3, columns: 2, entries: [0, 1, 1, 0, 1, 1], batched: true, whole: true },
        { rows: 6, columns: 1, entries: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5] },
      ],
      [
        {
          operation: {
            kind: 'gather',
            sizes: [3],
            columns: 2,
            terms: [],
            digits: [
              { operand: 1, column: 0, stride: 2 },
              { operand: 1, column: 1, stride: 1 },
            ],
          },
          operands: [0, 1],
        },
        {
          operation: {
            kind: 'gather',
            sizes: [3, 2],
            columns: 1,
            terms: [{ index: 1, stride: 1 }],
            digits: [{ operand: 1, column: 0, stride: 2 }],
          },
          operands: [2, 3],
        },
      ],
    ),
  )

  check('a row for each member of the batch, though nothing is given', () =>
    compare(
      2,
      [{ rows: 3, columns: 2, entries: [1, 2, 3, 4, 5, 6] }],
      [
        {
          operation: { kind: 'gather', sizes: [2, 3], columns: 2, terms: [{ index: 1, stride: 1 }], digits: [] },
          operands: [0],
        },
      ],
    ),
  )
})

interface Contraction {
  readonly batch: number
  readonly sizes: readonly number[]
  /** Numbers of indices, in the order of the axes; 0 is the batch where a factor has it. */
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly result: readonly number[]
}

/** Contractions of up to six indices in any order; a factor may read an index twice. */
const contractions: fc.Arbitrary<Contraction> = fc
  .record({
    batch: size(3),
    sizes: fc.array(size(4), { maxLength: 5 }),
    batched: fc.tuple(fc.boolean(), fc.boolean()),
    owners: fc.array(fc.constantFrom('left', 'right', 'both'), { minLength: 6, maxLength: 6 }),
    kept: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    twice: fc.option(fc.nat(4), { freq: 4 }),
  })
  .chain(({ batch, sizes, batched, owners, kept, twice }) => {
    const indices = sizes.map((_, k) => k + 1)
    const of = (side: 'left' | 'right'): readonly number[] =>
      indices.filter((index) => owners[index] === side || owners[index] === 'both')
    const shuffled = (list: readonly number[]): fc.Arbitrary<readonly number[]> =>
      fc.shuffledSubarray([...list], { minLength: list.length })
    const left = of('left')
    const again = twice !== null && left[twice] !== undefined ? [left[twice]] : []
    return fc.record({
      batch: fc.constant(batch),
      sizes: fc.constant([batch, ...sizes]),
      left: shuffled([...left, ...again]).map((order) => (batched[0] ? [0, ...order] : order)),
      right: shuffled(of('right')).map((order) => (batched[1] ? [0, ...order] : order)),
      result: shuffled(indices.filter((index) => kept[index])).map((order) =>
        batched[0] || batched[1] ? [0, ...order] : order,
      ),
    })
  })

/** The operation, and the shapes of its operands: an index other than the batch goes along the columns if it is the last. */
const contractionOf = ({ sizes, left, right, result }: Contraction) => {
  const split = (indices: readonly number[]) => {
    const last = indices[indices.length - 1]
    return last === undefined || last === 0
      ? { row: indices, column: undefined }
      : { row: indices.slice(0, -1), column: last }
  }
  const volume = (indices: readonly number[]): number => indices.reduce((total, index) => total * sizes[index]!, 1)
  const shape = split(result)
  const summed = [...new Set([...left, ...right])].filter((index) => !result.includes(index))
  const order = [...shape.row, shape.column, ...summed]
  const access = (indices: readonly number[]): Access => {
    const { row, column } = split(indices)
    return {
      row: row.map((index, place) => ({ index: order.indexOf(index), stride: volume(row.slice(place + 1)) })),
      column: column === undefined ? [] : [{ index: order.indexOf(column), stride: 1 }],
    }
  }
  const operation: Extract<Operation, { readonly kind: 'contract' }> = {
    kind: 'contract',
    reduction: 'sum',
    sizes: shape.row.map((index) => sizes[index]!),
    columns: shape.column === undefined ? 1 : sizes[shape.column]!,
    summed: summed.map((index) => sizes[index]!),
    left: access(left),
    right: access(right),
  }
  const matrixOf = (indices: readonly number[]) => {
    const { row, column } = split(indices)
    return { rows: volume(row), columns: column === undefined ? 1 : sizes[column]!, batched: indices.includes(0) }
  }
  return { operation, left: matrixOf(left), right: matrixOf(right) }
}

describe('contract', () => {
  const seen = new Set<string>()
  check('up to six indices, in any order, twice in one factor, with and without a batch', () =>
    fc.assert(
      fc.asyncProperty(
        contractions.chain((contraction) => {
          const { operation, left, right } = contractionOf(contraction)
          return fc.record({
            contraction: fc.constant(contraction),
            operation: fc.constant(operation),
            left: numbers(left.rows * left.columns).map((entries): Given => ({ ...left, entries })),
            right: numbers(right.rows * right.columns).map((entries): Given => ({ ...right, entries })),
          })
        }),
        async ({ contraction, operation, left, right }) => {
          const indices = [...new Set([...contraction.left, ...contraction.right])]
          for (const index of indices) {
            const where = `${contraction.left.includes(index) ? 'l' : ''}${contraction.right.includes(index) ? 'r' : ''}`
            seen.add(
              `${where}${contraction.result.includes(index) ? ' kept' : ' summed'}${index === 0 ? ', batch' : ''}`,
            )
          }
          if (new Set(contraction.left).size < contraction.left.length) seen.add('diagonal')
          await compare(contraction.batch, [left, right], [{ operation, operands: [0, 1] }])
          const largest = { ...operation, reduction: 'max' } as const
          await compare(contraction.batch, [left, right], [{ operation: largest, operands: [0, 1] }], toTheLastBit)
        },
      ),
      { numRuns: 300 },
    ),
  )

  check('every kind of index was met', () =>
    expect([...seen].sort()).toEqual([
      'diagonal',
      'l kept',
      'l kept, batch',
      'l summed',
      'lr kept',
      'lr kept, batch',
      'lr summed',
      'r kept',
      'r kept, batch',
      'r summed',
    ]),
  )
})
