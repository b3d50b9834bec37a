/** FinStoch in exact rationals against numbers worked out by hand, and against FinStoch in float64. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, finite, id, par, program, real, seq, showProblem, state } from '../../../dsl/index.js'
import { finStochExactArbitraries } from '../../../laws/index.js'
import type { ExactRow } from '../../../src/category/exact-row.js'
import {
  exactProbability,
  exactStochasticMap,
  exactStochasticMatrix,
  type ExactStochasticMatrix,
  FinStochExact,
  type RationalRows,
} from '../../../src/category/fin-stoch-exact.js'
import { distance, FinStoch } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { rounding } from '../../../src/category/functors/rounding.js'
import { inverseByConditional, jointOf } from '../../../src/category/inversion.js'
import { showRational } from '../../../src/category/rational.js'
import { interpret } from '../../../src/interpret.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { valueOf } from '../../support/value-of.js'

const { seq: compose, conditional, inverse, equals, validate } = FinStochExact

const matrix = (rows: RationalRows, domain?: FiniteObject, codomain?: FiniteObject): ExactStochasticMatrix =>
  valueOf(FinStochExact.read(rows, domain ?? [rows.length], codomain ?? [rows[0]!.length], 'matrix'))
const state2 = (row: RationalRows[number], codomain: FiniteObject = [row.length]) => matrix([row], [], codomain)
const textOf = (f: ExactStochasticMatrix): readonly (readonly string[])[] =>
  f.rows.map(({ numerators }, x) => numerators.map((_, y) => showRational(exactProbability(f, x, y))))
const messageOf = (rows: RationalRows, domain: FiniteObject = [rows.length], codomain: FiniteObject = [2]): string => {
  const result = FinStochExact.read(rows, domain, codomain, "box 'f'")
  if (isRight(result)) throw new Error('expected a problem')
  expect(result.left.kind).toBe('invalid-value')
  return showProblem(result.left)
}

describe('arithmetic is exact', () => {
  const chain = matrix([
    ['2/3', '1/3'],
    ['1/7', '6/7'],
  ])

  test('n steps of a chain are the closed form, without any error', () => {
    // With a = 1/3 and b = 1/7: P^n(0 -> 0) = (b + a r^n) / (a + b), r = 1 - a - b = 11/21; so (3 + 7 (11/21)^n) / 10.
    let steps = FinStochExact.id([2])
    for (let n = 1; n <= 60; n++) {
      steps = compose(steps, chain)
      const [eleven, twentyOne] = [11n ** BigInt(n), 21n ** BigInt(n)]
      const [numerator, denominator] = [3n * twentyOne + 7n * eleven, 10n * twentyOne]
      const { numerators, denominator: found } = steps.rows[0]!
      expect(numerators[0]! * denominator).toBe(numerator * found)
      expect(numerators[0]! + numerators[1]!).toBe(found)
    }
  })

  test('ten tenths are one: doubles are read as the decimals that they are written as', () => {
    const tenths = state2(new Array<number>(10).fill(0.1))
    expect(tenths.rows).toEqual([{ numerators: new Array<bigint>(10).fill(1n), denominator: 10n }])
    expect(FinStochExact.seq(tenths, FinStochExact.discard([10])).rows).toEqual([{ numerators: [1n], denominator: 1n }])
  })

  test('rows are in lowest terms', () => {
    const f = matrix([
      ['1/6', '5/6'],
      ['2/4', '3/6'],
    ])
    expect(f.rows).toEqual([
      { numerators: [1n, 5n], denominator: 6n },
      { numerators: [1n, 1n], denominator: 2n },
    ])
    // 1/2 (1/6, 5/6) + 1/2 (1/2, 1/2) = (1/3, 2/3).
    expect(compose(state2(['1/2', '1/2']), f).rows).toEqual([{ numerators: [1n, 2n], denominator: 3n }])
  })

  test('the tensor product is independence, the last factor running fastest', () => {
    const both = FinStochExact.par(state2(['1/3', '2/3']), state2(['1/2', '1/7', '5/14']))
    expect(both.codomain).toEqual([2, 3])
    expect(textOf(both)).toEqual([['1/6', '1/21', '5/42', '1/3', '2/21', '5/21']])
  })

  test('a misfit is an error', () => {
    expect(() => compose(chain, FinStochExact.id([3]))).toThrow('FinStochExact.seq: codomain [2] meets domain [3]')
    expect(() => conditional(chain, [2], [2])).toThrow('FinStochExact.conditional: codomain [2] is not [2] ⊗ [2]')
    expect(() => inverse(chain, FinStochExact.id([3]))).toThrow('FinStochExact.inverse: codomain [2] meets domain [3]')
  })

  test('equality is exact: one part in 10^40 is a difference', () => {
    const near = `${10n ** 40n + 1n}/${2n * 10n ** 40n}`
    const rest = `${10n ** 40n - 1n}/${2n * 10n ** 40n}`
    expect(equals(state2(['1/2', '1/2']), state2([near, rest]))).toBe(false)
    expect(equals(state2(['1/2', '1/2']), state2(['2/4', 0.5]))).toBe(true)
    expect(equals(FinStochExact.id([6]), { ...FinStochExact.id([6]), codomain: [2, 3] })).toBe(false)
  })

  test('determinism', () => {
    expect(FinStochExact.isDeterministic(exactStochasticMap([3], [2], (x) => x % 2))).toBe(true)
    expect(FinStochExact.isDeterministic(state2(['1/1000000000000', '999999999999/1000000000000']))).toBe(false)
    // Signed rows over the denominator one are no point masses.
    expect(
      FinStochExact.isDeterministic({ ...state2([1, 0]), rows: [{ numerators: [2n, -1n], denominator: 1n }] }),
    ).toBe(false)
  })

  test('it is shown as its rows', () => {
    expect(
      FinStochExact.show(
        matrix(
          [
            ['1/3', '2/3', 0],
            [0, 1, 0],
          ],
          [2],
          [3],
        ),
      ),
    ).toBe('[2] -> [3]\n  [1/3, 2/3, 0]\n  [0, 1, 0]')
    expect(FinStochExact.show(FinStochExact.discard([2, 1]))).toBe('[2, 1] -> []\n  [1]\n  [1]')
  })
})

describe('conditionals and inverses', () => {
  // X = 3, Y = 2; x = 2 has no mass.
  const joint = state2(['1/6', '1/3', '1/7', '5/14', 0, 0], [3, 2])

  test('a conditional is the quotient of the joint and the marginal, uniform where there is no mass', () => {
    const given = conditional(joint, [3], [2])
    expect([given.domain, given.codomain]).toEqual([[3], [2]])
    expect(textOf(given)).toEqual([
      ['1/3', '2/3'],
      ['2/7', '5/7'],
      ['1/2', '1/2'],
    ])
  })

  test('a conditional depends on the input, X before A', () => {
    const f = matrix(
      [
        ['1/3', '1/3', '1/3', 0],
        [0, 0, '1/4', '3/4'],
      ],
      [2],
      [2, 2],
    )
    const given = conditional(f, [2], [2])
    expect([given.domain, given.codomain]).toEqual([[2, 2], [2]])
    // Rows (x, a) = (0, 0), (0, 1), (1, 0), (1, 1).
    expect(textOf(given)).toEqual([
      ['1/2', '1/2'],
      ['1/2', '1/2'],
      ['1', '0'],
      ['1/4', '3/4'],
    ])
  })

  test("Bayes' rule: a test of 99% on a disease of one in a thousand", () => {
    const prior = state2(['1/1000', '999/1000'])
    const reports = matrix([
      ['99/100', '1/100', 0],
      ['1/100', '99/100', 0],
    ])
    // P(ill | positive) = 99 / (99 + 999) = 11/122; P(ill | negative) = 1 / (1 + 999 * 99) = 1/98902; a third report is never given.
    expect(textOf(inverse(prior, reports))).toEqual([
      ['11/122', '111/122'],
      ['1/98902', '98901/98902'],
      ['1/2', '1/2'],
    ])
  })

  test('an inverse is the conditional of the joint, null rows and all', () => {
    const { object, morphism } = finStochExactArbitraries
    let nullRows = 0
    fc.assert(
      fc.property(
        fc.tuple(object, object, object).chain(([a, x, y]) => fc.tuple(morphism(a, x), morphism(x, y))),
        ([p, f]) => {
          const direct = inverse(p, f)
          expect(equals(direct, inverseByConditional(FinStochExact, p, f))).toBe(true)
          expect(isRight(validate(direct))).toBe(true)
          nullRows += Number(
            jointOf(FinStochExact, p, f).rows.some(({ numerators }) => numerators.some((entry) => entry === 0n)),
          )
        },
      ),
      { numRuns: 200 },
    )
    expect(nullRows).toBeGreaterThan(50)
  })

  test('float64 agrees, on null rows too', () => {
    const { object, morphism } = finStochExactArbitraries
    fc.assert(
      fc.property(
        fc
          .tuple(object, object, object)
          .chain(([a, x, y]) => fc.tuple(fc.constant([x, y] as const), morphism(a, [...x, ...y]))),
        ([[x, y], f]) => {
          const exact = rounding.onMorphism(conditional(f, x, y))
          expect(distance(exact, FinStoch.conditional(rounding.onMorphism(f), x, y))).toBeLessThan(1e-14)
        },
      ),
    )
  })
})

describe('empty sets', () => {
  const empty: FiniteObject = [0]
  const none = matrix([], empty, [3])

  test('one morphism from the empty set, none to it but from itself', () => {
    expect(none.rows).toEqual([])
    expect(equals(compose(none, FinStochExact.discard([3])), FinStochExact.discard(empty))).toBe(true)
    expect(isRight(validate(FinStochExact.id([2, 0])))).toBe(true)
    expect(isRight(validate(FinStochExact.swap(empty, [2])))).toBe(true)
    expect(messageOf([[], []], [2], empty)).toBe(
      "box 'f', row 0: the row sums to 0; make every row sum to one exactly, thirds as '1/3'",
    )
  })

  test('conditionals and inverses', () => {
    const onto = matrix([], empty, [3, 0])
    expect(validate(conditional(onto, [3], empty))).toMatchObject({
      right: { domain: [3, 0], codomain: [0], rows: [] },
    })
    const within = matrix([], empty, [0, 2])
    expect(validate(conditional(within, empty, [2]))).toMatchObject({ right: { domain: [0, 0], codomain: [2] } })
    expect(validate(inverse(FinStochExact.id(empty), none))).toMatchObject({
      right: { domain: [3, 0], codomain: [0], rows: [] },
    })
  })
})

describe('reading says what is wrong, where, and what would be right', () => {
  test.each<[string, RationalRows, string]>([
    ['the rows', [['1/2', '1/2']], "box 'f': it has 1 rows; give one row for each of the 2 inputs"],
    [
      'the entries of a row',
      [['1/2', '1/2'], [1]],
      "box 'f', row 1: the row has 1 entries; give one probability for each of the 2 outputs",
    ],
    [
      'a sum',
      [
        [1, 0],
        ['1/3', '1/2'],
      ],
      "box 'f', row 1: the row sums to 5/6; make every row sum to one exactly, thirds as '1/3'",
    ],
    [
      'thirds as doubles',
      [
        [1 / 3, 2 / 3],
        [1, 0],
      ],
      "box 'f', row 0: the row sums to 9999999999999999/10000000000000000; make every row sum to one exactly, thirds as '1/3'",
    ],
    [
      'a negative number',
      [
        ['-1/2', '3/2'],
        [1, 0],
      ],
      "box 'f', row 0, column 0: -1/2 is no probability; give numbers from 0 to 1",
    ],
    [
      'a number above one',
      [
        [0, '3/2'],
        [1, 0],
      ],
      "box 'f', row 0, column 1: 3/2 is no probability; give numbers from 0 to 1",
    ],
    [
      'no number',
      [
        [1, 0],
        ['a half', '1/2'],
      ],
      "box 'f', row 1, column 0: a half is no rational number; give a number, or a text as '1/3' or '0.25'",
    ],
    [
      'NaN',
      [
        [Number.NaN, 0],
        [1, 0],
      ],
      "box 'f', row 0, column 0: NaN is no rational number; give a number, or a text as '1/3' or '0.25'",
    ],
  ])('%s', (_, rows, message) => expect(messageOf(rows, [2])).toBe(message))

  test('for one input and one output', () => {
    expect(isRight(exactStochasticMatrix([[1n, 0]]))).toBe(true)
    expect(valueOf(exactStochasticMatrix([['1/3', '2/3']])).domain).toEqual([1])
    expect(isLeft(exactStochasticMatrix([['1/3', '1/3']]))).toBe(true)
  })
})

describe('validation', () => {
  const messageOfRows = (
    rows: readonly ExactRow[],
    domain: FiniteObject = [],
    codomain: FiniteObject = [2],
  ): string => {
    const result = validate({ domain, codomain, rows })
    if (isRight(result)) throw new Error('expected a problem')
    return showProblem(result.left)
  }
  const half: ExactRow = { numerators: [1n, 1n], denominator: 2n }

  test.each<[readonly ExactRow[], string]>([
    [[], 'exact stochastic matrix: it has 0 rows; give one row for each of the 1 inputs'],
    [
      [{ numerators: [1n], denominator: 1n }],
      'exact stochastic matrix, row 0: the row has 1 entries; give one probability for each of the 2 outputs',
    ],
    [
      [{ ...half, denominator: 0n }],
      'exact stochastic matrix, row 0: the denominator is 0; give a positive denominator',
    ],
    [
      [{ numerators: [-1n, -1n], denominator: -2n }],
      'exact stochastic matrix, row 0: the denominator is -2; give a positive denominator',
    ],
    [
      [{ numerators: [-2n, 4n], denominator: 2n }],
      'exact stochastic matrix, row 0, column 0: -1 is no probability; give numbers from 0 to 1',
    ],
    [
      [{ numerators: [1n, 1n], denominator: 3n }],
      "exact stochastic matrix, row 0: the row sums to 2/3; make every row sum to one exactly, thirds as '1/3'",
    ],
    [
      [{ numerators: [2n, 2n], denominator: 4n }],
      'exact stochastic matrix, row 0: the row is not in lowest terms; divide its numerators and its denominator by 2',
    ],
    [new Array<ExactRow>(1), 'exact stochastic matrix, row 0: there is no row; give 2 numerators and a denominator'],
    [
      [{ numerators: new Array<bigint>(2), denominator: 1n }],
      'exact stochastic matrix, row 0, column 0: there is no numerator; give a bigint',
    ],
  ])('%#', (rows, message) => expect(messageOfRows(rows)).toBe(message))

  test.each<[FiniteObject, string]>([
    [[-1, -1], '-1 is no count of elements; give whole numbers of at least 0'],
    [[1.5], '1.5 is no count of elements; give whole numbers of at least 0'],
    [[Number.NaN], 'NaN is no count of elements; give whole numbers of at least 0'],
    [[Infinity, 0], 'Infinity is no count of elements; give whole numbers of at least 0'],
    [new Array<number>(1), 'undefined is no count of elements; give whole numbers of at least 0'],
    [[2 ** 30, 2 ** 30], 'it has 1152921504606847000 elements; give at most 9007199254740991'],
  ])('of the ends, %#', (object, message) => {
    expect(messageOfRows([half], object)).toBe(`exact stochastic matrix, domain: ${message}`)
    expect(messageOfRows([half], [], object)).toBe(`exact stochastic matrix, codomain: ${message}`)
  })

  test('never throws, and nor does showing', () => {
    const numbers = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double(), fc.constant(Number.NaN))
    const rows = fc.record({
      numerators: fc.array(fc.bigInt({ min: -3n, max: 6n }), { maxLength: 4 }),
      denominator: fc.bigInt({ min: -2n, max: 6n }),
    })
    let refused = 0
    const garbage = fc.record({
      domain: fc.array(numbers, { maxLength: 2 }),
      codomain: fc.array(numbers, { maxLength: 2 }),
      rows: fc.array(rows, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(garbage, (f) => {
        refused += Number(isLeft(validate(f)))
        expect(typeof FinStochExact.show(f)).toBe('string')
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(900)
  })
})

describe('interpretation', () => {
  test('a network of thirds and sevenths', () => {
    const [Rain, Grass] = [finite('Rain', 2), finite('Grass', 2)]
    const rain = state('rain', [Rain])
    const grass = box('grass', [Rain], [Grass])
    const both = program([], () => {
      const [r] = rain()
      const [g] = grass(r)
      return [r, g]
    })
    const meaning = interpret(FinStochExact, {
      rain: [['1/3', '2/3']],
      grass: [
        ['2/7', '5/7'],
        [0, 1],
      ],
    })
    expect(textOf(valueOf(meaning(both)))).toEqual([['2/21', '5/21', '0', '2/3']])
    expect(textOf(valueOf(meaning(seq(rain, grass))))).toEqual([['2/21', '19/21']])
    const wrong = interpret(FinStochExact, { rain: [['1/3', '1/3']], grass: [] })(par(rain, id(Grass)))
    expect(isLeft(wrong) && showProblem(wrong.left)).toBe(
      "box 'rain', row 0: the row sums to 2/3; make every row sum to one exactly, thirds as '1/3'",
    )
    expect(FinStochExact.objectOf(real('Hidden', 8))).toMatchObject({
      left: { kind: 'unsupported', what: 'FinStochExact has finite sets only' },
    })
  })

  test('random diagrams mean what they mean in float64', () => {
    fc.assert(
      fc.property(meantDiagram, ({ diagram, meanings }) => {
        const exact = valueOf(interpret(FinStochExact, meanings)(diagram))
        const float = valueOf(interpret(FinStoch, meanings)(diagram))
        expect(isRight(validate(exact))).toBe(true)
        expect([exact.domain, exact.codomain]).toEqual([float.domain, float.codomain])
        // Eighths multiply and add without rounding.
        expect(distance(rounding.onMorphism(exact), float)).toBe(0)
      }),
    )
  })
})

test('random matrices of the law kit are stochastic, composite, with zeros, thirds and sevenths', () => {
  const { object, morphism, deterministic } = finStochExactArbitraries
  const seen = { composite: 0, zero: 0, third: 0, seventh: 0 }
  fc.assert(
    fc.property(
      fc.tuple(object, object).chain(([a, b]) => fc.tuple(morphism(a, b), deterministic(a, b))),
      ([f, u]) => {
        expect(isRight(validate(f)) && isRight(validate(u))).toBe(true)
        expect(FinStochExact.isDeterministic(u)).toBe(true)
        const denominators = f.rows.map(({ denominator }) => denominator)
        seen.composite += Number(f.domain.length > 1)
        seen.zero += Number(f.rows.some(({ numerators }) => numerators.includes(0n)))
        seen.third += Number(denominators.includes(3n))
        seen.seventh += Number(denominators.includes(7n))
      },
    ),
    { numRuns: 1000 },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(40)
})
