/** FinStoch against numbers worked out by hand. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { finite, type Problem, real, sequence, showProblem } from '../../../dsl/index.js'
import { finStochArbitraries } from '../../../laws/index.js'
import {
  distance,
  equalityBudget,
  FinStoch,
  type Rows,
  stochasticMap,
  stochasticMatrix,
} from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { valueOf } from '../../support/value-of.js'

const matrix = (rows: Rows) => valueOf(stochasticMatrix(rows))
const rowsOf = ({ codomain, entries }: ReturnType<typeof matrix>): Rows => {
  const width = codomain.reduce((product, size) => product * size, 1)
  return Array.from({ length: entries.length / width }, (_, x) => [...entries.slice(x * width, (x + 1) * width)])
}
const problemOf = (result: ReturnType<typeof stochasticMatrix>): Problem => {
  if (isRight(result)) throw new Error('expected a problem')
  return result.left
}

describe('composition is Chapman-Kolmogorov', () => {
  // A two-state chain with P(0 -> 1) = a and P(1 -> 0) = b.
  const [a, b] = [0.3, 0.1]
  const chain = matrix([
    [1 - a, a],
    [b, 1 - b],
  ])

  test('two steps', () => {
    // 0.7^2 + 0.3 0.1 = 0.52, 0.7 0.3 + 0.3 0.9 = 0.48, 0.1 0.7 + 0.9 0.1 = 0.16, 0.1 0.3 + 0.9^2 = 0.84.
    const [first, second] = rowsOf(FinStoch.seq(chain, chain))
    expect(first).toEqual([expect.closeTo(0.52, 15), expect.closeTo(0.48, 15)])
    expect(second).toEqual([expect.closeTo(0.16, 15), expect.closeTo(0.84, 15)])
  })

  test('n steps: the closed form (b, a) / (a + b) plus a multiple of (1 - a - b)^n', () => {
    let steps = FinStoch.id([2])
    for (let n = 1; n <= 50; n++) {
      steps = FinStoch.seq(steps, chain)
      const rest = (1 - a - b) ** n
      const [first, second] = rowsOf(steps)
      expect(first![0]).toBeCloseTo((b + a * rest) / (a + b), 13)
      expect(first![1]).toBeCloseTo((a - a * rest) / (a + b), 13)
      expect(second![0]).toBeCloseTo((b - b * rest) / (a + b), 13)
      expect(second![1]).toBeCloseTo((a + b * rest) / (a + b), 13)
    }
  })

  test('through a set of another size', () => {
    const f = matrix([[0.5, 0.25, 0.25]])
    const g = matrix([
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ])
    expect(rowsOf(FinStoch.seq(f, g))).toEqual([[0.625, 0.375]])
  })

  test('a misfit is an error', () => {
    const f = matrix([[0.5, 0.5]])
    expect(() => FinStoch.seq(f, f)).toThrow('FinStoch.seq: codomain [2] meets domain [1]')
    // Six elements are not six elements: the factors count.
    expect(() => FinStoch.seq(FinStoch.id([2, 3]), FinStoch.id([3, 2]))).toThrow('codomain [2, 3] meets domain [3, 2]')
    expect(() => FinStoch.seq(FinStoch.id([2]), FinStoch.id([2, 1]))).toThrow('codomain [2] meets domain [2, 1]')
  })
})

describe('the tensor product', () => {
  test('is independence, the last factor running fastest', () => {
    const f = matrix([[0.25, 0.75]])
    const g = matrix([[0.5, 0.25, 0.25]])
    const both = FinStoch.par(f, g)
    expect(both.codomain).toEqual([2, 3])
    expect([...both.entries]).toEqual([0.125, 0.0625, 0.0625, 0.375, 0.1875, 0.1875])
  })

  test('of channels: row (x, y), column (a, b)', () => {
    const f = matrix([
      [0.5, 0.5],
      [0, 1],
    ])
    const g = matrix([
      [1, 0],
      [0.25, 0.75],
    ])
    expect(rowsOf(FinStoch.par(f, g))).toEqual([
      [0.5, 0, 0.5, 0],
      [0.125, 0.375, 0.125, 0.375],
      [0, 0, 1, 0],
      [0, 0, 0.25, 0.75],
    ])
  })

  test('swap takes (a, b) to (b, a)', () => {
    // Elements of 2 x 3: (0,0) (0,1) (0,2) (1,0) (1,1) (1,2); in 3 x 2 they are numbers 0 2 4 1 3 5.
    const swap = FinStoch.swap([2], [3])
    expect(rowsOf(swap).map((row) => row.indexOf(1))).toEqual([0, 2, 4, 1, 3, 5])
    expect([swap.domain, swap.codomain]).toEqual([
      [2, 3],
      [3, 2],
    ])
  })

  test('copy takes (a, b) to (a, b, a, b)', () => {
    const copy = FinStoch.copy([2, 2])
    expect(rowsOf(copy).map((row) => row.indexOf(1))).toEqual([0, 5, 10, 15])
    expect(copy.codomain).toEqual([2, 2, 2, 2])
  })

  test('discard sums a row', () => {
    const [row] = rowsOf(FinStoch.seq(matrix([[0.5, 0.25, 0.25]]), FinStoch.discard([3])))
    expect(row).toEqual([1])
  })
})

describe('objects', () => {
  test('of wires', () => {
    expect(valueOf(FinStoch.objectOf(finite('Die', 6)))).toEqual([6])
    expect(valueOf(FinStoch.objectOf(sequence('Word', finite('Bit', 2), 5)))).toEqual([32])
    const vectors = FinStoch.objectOf(real('Hidden', 8))
    expect(vectors).toMatchObject({ left: { kind: 'unsupported', where: 'wire Hidden (R^8)' } })
  })

  test('the empty set has one morphism to every object, and none to it but from itself', () => {
    const empty: FiniteObject = [0]
    const none = valueOf(FinStoch.read([], empty, [3], 'none'))
    expect(none.entries.length).toBe(0)
    expect(FinStoch.equals(FinStoch.seq(none, FinStoch.discard([3])), FinStoch.discard(empty))).toBe(true)
    expect(isRight(FinStoch.read([[], []], [2], empty, 'impossible'))).toBe(false)
    expect(isRight(FinStoch.validate(FinStoch.swap(empty, [2])))).toBe(true)
  })
})

describe('validation says what is wrong, where, and what would be right', () => {
  test.each<[string, Rows, string]>([
    ['a row sum', [[0.5, 0.4]], 'stochastic matrix, row 0: the row sums to 0.9; make every row sum to one'],
    ['a later row', [[1], [0.5]], 'stochastic matrix, row 1: the row sums to 0.5; make every row sum to one'],
    ['no mass', [[0, 0]], 'stochastic matrix, row 0: the row sums to 0; make every row sum to one'],
    [
      'a negative entry',
      [[1.5, -0.5]],
      'stochastic matrix, row 0, column 0: 1.5 is no probability; give numbers from 0 to 1',
    ],
    [
      'not a number',
      [[0.5, Number.NaN]],
      'stochastic matrix, row 0, column 1: NaN is no probability; give numbers from 0 to 1',
    ],
    [
      'infinity',
      [[Infinity]],
      'stochastic matrix, row 0, column 0: Infinity is no probability; give numbers from 0 to 1',
    ],
    [
      'uneven rows',
      [[0.5, 0.5], [1]],
      'stochastic matrix, row 1: the row has 1 entries; give one probability for each of the 2 outputs',
    ],
  ])('%s', (_, rows, text) => {
    const found = problemOf(stochasticMatrix(rows))
    expect(found.kind).toBe('invalid-value')
    expect(showProblem(found)).toBe(text)
  })

  test('the number of rows is that of the domain', () => {
    const read = FinStoch.read([[1, 0]], [2], [2], "box 'f'")
    expect(showProblem(problemOf(read))).toBe("box 'f': it has 1 rows; give one row for each of the 2 inputs")
  })

  test('a matrix of the wrong length', () => {
    const wrong = { domain: [2], codomain: [2], entries: Float64Array.of(1, 0, 1) }
    expect(showProblem(problemOf(FinStoch.validate(wrong)))).toBe(
      'stochastic matrix: it has 3 entries; give 2 x 2 entries',
    )
  })

  test('rounding is forgiven, error is not', () => {
    expect(isRight(stochasticMatrix([new Array<number>(10).fill(0.1)]))).toBe(true)
    expect(isRight(stochasticMatrix([[1 / 3, 1 / 3, 1 / 3]]))).toBe(true)
    expect(isRight(stochasticMatrix([[0.5, 0.5 + 1e-8]]))).toBe(false)
  })
})

describe('equality', () => {
  test('is total variation of every row, at most the budget', () => {
    const f = matrix([
      [0.5, 0.5],
      [0.25, 0.75],
    ])
    const moved = (mass: number) =>
      matrix([
        [0.5, 0.5],
        [0.25 + mass, 0.75 - mass],
      ])
    expect(distance(f, moved(0.125))).toBe(0.125)
    expect(FinStoch.equals(f, moved(0.9 * equalityBudget))).toBe(true)
    expect(FinStoch.equals(f, moved(1.1 * equalityBudget))).toBe(false)
    expect(FinStoch.equality).toContain(String(equalityBudget))
  })

  test('looks at the factors', () => {
    const six = FinStoch.id([6])
    expect(FinStoch.equals(six, FinStoch.id([6]))).toBe(true)
    expect(FinStoch.equals(six, { ...six, codomain: [2, 3] })).toBe(false)
    expect(FinStoch.equals(six, { ...six, domain: [6, 1] })).toBe(false)
  })

  test('nothing equals what is not a number', () => {
    const broken = { domain: [], codomain: [2], entries: Float64Array.of(Number.NaN, 1) }
    expect(FinStoch.equals(broken, broken)).toBe(false)
    expect(FinStoch.isDeterministic(broken)).toBe(false)
  })
})

describe('determinism', () => {
  test('is decided by the same budget as equality with copy', () => {
    // For a row (1 - e, e) the distance between f ; copy and copy ; (f ⊗ f) is 2 e (1 - e).
    const copied = (mass: number): readonly [boolean, boolean] => {
      const f = matrix([[1 - mass, mass]])
      const together = FinStoch.seq(FinStoch.copy(f.domain), FinStoch.par(f, f))
      return [FinStoch.isDeterministic(f), FinStoch.equals(FinStoch.seq(f, FinStoch.copy(f.codomain)), together)]
    }
    for (const factor of [0, 0.1, 0.4, 0.49, 0.51, 0.6, 0.9, 1, 2, 1e6]) {
      const [decided, equal] = copied(factor * equalityBudget)
      expect(decided).toBe(equal)
      expect(decided).toBe(factor < 0.5)
    }
  })

  test('functions are deterministic, and so is what they make', () => {
    const successor = stochasticMap([5], [5], (x) => (x + 1) % 5)
    expect(FinStoch.isDeterministic(successor)).toBe(true)
    let result = successor
    for (let k = 1; k < 5; k++) result = FinStoch.seq(result, successor)
    expect(FinStoch.equals(result, FinStoch.id([5]))).toBe(true)
  })

  test('a coin is not', () => expect(FinStoch.isDeterministic(matrix([[0.5, 0.5]]))).toBe(false))
})

test('a morphism is shown as its rows', () => {
  expect(
    FinStoch.show(
      matrix([
        [1 / 3, 2 / 3],
        [0, 1],
      ]),
    ),
  ).toBe('[2] -> [2]\n  [0.333333, 0.666667]\n  [0, 1]')
  expect(FinStoch.show(FinStoch.discard([2, 1]))).toBe('[2, 1] -> []\n  [1]\n  [1]')
})

test('random matrices of the law kit are stochastic, composite and of different sizes often', () => {
  const { object, morphism, deterministic } = finStochArbitraries
  const seen = { composite: 0, differ: 0 }
  fc.assert(
    fc.property(
      fc.tuple(object, object).chain(([a, b]) => fc.tuple(morphism(a, b), deterministic(a, b))),
      ([f, u]) => {
        seen.composite += Number(f.domain.length > 1)
        seen.differ += Number(f.entries.length > 1 && f.domain.join() !== f.codomain.join())
        expect(isRight(FinStoch.validate(f)) && isRight(FinStoch.validate(u))).toBe(true)
        expect(FinStoch.isDeterministic(u)).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
  expect(seen.composite).toBeGreaterThan(200)
  expect(seen.differ).toBeGreaterThan(400)
})
