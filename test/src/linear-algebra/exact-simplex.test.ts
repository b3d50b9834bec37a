/** Exact feasibility: every answer is its own proof, checked here by multiplication. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  greatestCommonDivisor,
  linearFeasibility,
  type LinearSystem,
  type SparseColumn,
} from '../../../src/linear-algebra/exact-simplex.js'

const sparse = (dense: readonly bigint[]): SparseColumn => {
  const rows = [...dense.keys()].filter((row) => dense[row] !== 0n)
  return { rows, values: rows.map((row) => dense[row]!) }
}
/** A system from the rows of A and the right side. */
const systemOf = (rows: readonly (readonly number[])[], rightSide: readonly number[]): LinearSystem => ({
  columns: rows[0]!.map((_, unknown) => sparse(rows.map((row) => BigInt(row[unknown]!)))),
  rightSide: rightSide.map(BigInt),
})

const product = (vector: readonly bigint[], { rows, values }: SparseColumn): bigint =>
  rows.reduce((sum, row, index) => sum + vector[row]! * values[index]!, 0n)

const expectProof = (system: LinearSystem): 'feasible' | 'infeasible' => {
  const answer = linearFeasibility(system)
  if (answer.kind === 'feasible') {
    expect(answer.denominator > 0n).toBe(true)
    expect(answer.numerators.every((value) => value >= 0n)).toBe(true)
    const sums = system.rightSide.map(() => 0n)
    system.columns.forEach(({ rows, values }, unknown) =>
      rows.forEach((row, index) => (sums[row]! += values[index]! * answer.numerators[unknown]!)),
    )
    expect(sums).toEqual(system.rightSide.map((value) => value * answer.denominator))
  } else {
    expect(system.columns.every((column) => product(answer.multipliers, column) <= 0n)).toBe(true)
    expect(answer.multipliers.reduce((sum, value, row) => sum + value * system.rightSide[row]!, 0n) > 0n).toBe(true)
  }
  return answer.kind
}

const entries = fc.integer({ min: -4, max: 4 })
const shapes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }))
const tables = shapes.chain(([rows, unknowns]) =>
  fc.tuple(
    fc.array(fc.array(entries, { minLength: unknowns, maxLength: unknowns }), { minLength: rows, maxLength: rows }),
    fc.array(entries, { minLength: rows, maxLength: rows }),
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: unknowns, maxLength: unknowns }),
  ),
)

describe('linearFeasibility', () => {
  test('golden systems', () => {
    const rows = [
      [1, 1],
      [1, -1],
    ]
    expect(linearFeasibility(systemOf(rows, [3, 1]))).toEqual({
      kind: 'feasible',
      numerators: [4n, 2n],
      denominator: 2n,
    })
    expect(linearFeasibility(systemOf(rows, [1, 3]))).toEqual({ kind: 'infeasible', multipliers: [-1n, 1n] })
    // No unknown can make a sum of nothing one; and nothing is asked of a homogeneous system.
    expect(linearFeasibility({ columns: [], rightSide: [1n] })).toEqual({ kind: 'infeasible', multipliers: [1n] })
    expect(linearFeasibility({ columns: [], rightSide: [] })).toMatchObject({ kind: 'feasible', numerators: [] })
    expect(linearFeasibility(systemOf(rows, [0, 0]))).toMatchObject({ kind: 'feasible', numerators: [0n, 0n] })
  })

  test('any system: a solution that solves it, or multipliers that refute it', () => {
    const seen = { feasible: 0, infeasible: 0 }
    fc.assert(
      fc.property(tables, ([rows, rightSide]) => {
        seen[expectProof(systemOf(rows, rightSide))]++
      }),
      { numRuns: 1000 },
    )
    expect(Math.min(seen.feasible, seen.infeasible)).toBeGreaterThan(100)
  })

  test('a right side that was made from a solution has one', () => {
    fc.assert(
      fc.property(tables, ([rows, , solution]) => {
        const made = rows.map((row) => row.reduce((sum, entry, unknown) => sum + entry * solution[unknown]!, 0))
        expect(expectProof(systemOf(rows, made))).toBe('feasible')
      }),
      { numRuns: 500 },
    )
  })

  test('equations that are met by equality repeat without end for the largest-coefficient rule alone', () => {
    // Beale's example of cycling, its constraints as equations with slack, and an objective that must reach 1/20.
    const rows = [
      [25, -6000, -4, 900, 100, 0, 0, 0],
      [50, -9000, -2, 300, 0, 100, 0, 0],
      [0, 0, 1, 0, 0, 0, 1, 0],
      [75, -15000, 2, -600, 0, 0, 0, -100],
    ]
    expect(expectProof(systemOf(rows, [0, 0, 1, 5]))).toBe('feasible')
    expect(expectProof(systemOf(rows, [0, 0, 1, 6]))).toBe('infeasible')
  })

  test('long numbers', () => {
    const big = 10n ** 40n
    const columns = [sparse([big + 1n, 1n]), sparse([big, 1n])]
    // x + y = 1 and (1e40 + 1) x + 1e40 y = 1e40 + 1/3, times three.
    expect(linearFeasibility({ columns, rightSide: [3n * big + 1n, 3n] })).toMatchObject({ kind: 'feasible' })
    expect(expectProof({ columns, rightSide: [3n * big + 1n, 3n] })).toBe('feasible')
    expect(expectProof({ columns, rightSide: [3n * big - 1n, 3n] })).toBe('infeasible')
  })

  test('greatest common divisors', () => {
    expect([
      greatestCommonDivisor(12n, -18n),
      greatestCommonDivisor(0n, -5n),
      greatestCommonDivisor(0n, 0n),
      greatestCommonDivisor(7n, 1n),
    ]).toEqual([6n, 5n, 0n, 1n])
  })
})
