/** Exponents of groups of rows and scaling by them on onnxruntime. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, test } from 'vitest'

import { showProblem } from '../../../dsl/problem.js'
import { onnxRuntime } from '../../../src/compile/onnx/runtime.js'
import { compare, type Given, size, toTheLastBit } from '../../support/onnx-compare.js'

const runtime = await onnxRuntime()
if (isLeft(runtime)) console.warn(`skipped: ${showProblem(runtime.left)}`)
const check = test.skipIf(isLeft(runtime))

/** Groups of rows, for each member of the batch or for none, with entries of every magnitude. */
const groups = fc
  .tuple(size(4), size(3), size(3), size(5), fc.boolean())
  .chain(([batch, rowsEach, group, columns, batched]) => {
    const rows = batched ? batch * rowsEach : rowsEach
    const count = rows * group * columns
    const magnitude = fc.oneof(
      fc.constantFrom(0, 0, 1, 2 ** -126, 2 ** -100, 3.4028234663852886e38),
      fc.integer({ min: -126, max: 127 }).map((power) => 2 ** power * (1 - 2 ** -24)),
      fc.double({ min: 2 ** -120, max: 2 ** 120, noNaN: true }),
    )
    return fc.record({
      batch: fc.constant(batch),
      shape: fc.constant({ rows, group, columns }),
      x: fc
        .array(magnitude.map(Math.fround), { minLength: count, maxLength: count })
        .map((entries): Given => ({ rows: rows * group, columns, entries, batched })),
      exponents: fc
        .array(fc.integer({ min: -126, max: 127 }), { minLength: rows, maxLength: rows })
        .map((entries): Given => ({ rows, columns: 1, entries, batched })),
    })
  })

describe('exponents', () => {
  check('scaling rounds nothing but what is too small for all digits', () =>
    fc.assert(
      fc.asyncProperty(groups, ({ batch, shape, x, exponents }) =>
        compare(batch, [x, exponents], [{ operation: { kind: 'scale', ...shape }, operands: [0, 1] }], toTheLastBit),
      ),
      { numRuns: 150 },
    ),
  )

  check('exponents of groups of rows, within one, and what is scaled by them', () =>
    fc.assert(
      fc.asyncProperty(groups, ({ batch, shape, x }) =>
        compare(
          batch,
          [x],
          [
            { operation: { kind: 'exponent', ...shape }, operands: [0] },
            { operation: { kind: 'scale', ...shape }, operands: [0, 1] },
          ],
          (found, wanted, kind) => {
            const isExponent = Number.isInteger(found) && found >= -126 && found <= 127
            if (kind === 'exponent') return isExponent && Math.abs(found - wanted) <= 1
            return found === 0 ? wanted < 2 ** -148 : wanted < 2 ** -125 || [0.5, 1, 2].includes(found / wanted)
          },
        ),
      ),
      { numRuns: 150 },
    ),
  )

  check('a group without weight has exponent zero, and one below the normal numbers a small one', () =>
    compare(
      2,
      [{ rows: 4, columns: 2, entries: [0, 0, 0, 0, 1e-40, 0, 1e-45, 0], batched: true }],
      [{ operation: { kind: 'exponent', rows: 2, group: 2, columns: 2 }, operands: [0] }],
      (found, wanted) => Object.is(found, wanted),
    ),
  )
})
