/** Conditionals and Bayesian inverses of stochastic matrices: the laws I1-I4 and J1-J5, numbers worked out by hand, and the far ends. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { finStochArbitraries } from '../../../laws/index.js'
import { almostSurelyEqual, jointWithOutput, keepInput } from '../../../src/category/almost-sure.js'
import { disintegrate, reassemble } from '../../../src/category/disintegration.js'
import { distance, FinStoch, type Rows, stochasticMap, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { inverseByConditional, jointOf } from '../../../src/category/inversion.js'
import { valueOf } from '../../support/value-of.js'

const { object, morphism } = finStochArbitraries
const { conditional, inverse, seq, par, id, copy, discard, swap, tensor, equals, validate } = FinStoch
const unit: FiniteObject = []
const matrix = (domain: FiniteObject, codomain: FiniteObject, rows: Rows): StochasticMatrix =>
  valueOf(FinStoch.read(rows, domain, codomain, 'matrix'))
const entriesOf = ({ entries }: StochasticMatrix): readonly number[] => Array.from(entries)
const close = (f: StochasticMatrix, g: StochasticMatrix): void => {
  expect([f.domain, f.codomain]).toEqual([g.domain, g.codomain])
  expect(distance(f, g)).toBeLessThan(1e-14)
}

/** Random objects, then a random morphism for each pair that is asked for. */
const drawn = <const Names extends readonly string[]>(
  count: number,
  ends: (objects: readonly FiniteObject[]) => Readonly<Record<Names[number], readonly [FiniteObject, FiniteObject]>>,
) =>
  fc.tuple(...new Array<typeof object>(count).fill(object)).chain((objects) =>
    fc.record({
      objects: fc.constant(objects),
      morphisms: fc.record(
        Object.fromEntries(
          Object.entries<readonly [FiniteObject, FiniteObject]>(ends(objects)).map(([name, [a, b]]) => [
            name,
            morphism(a, b),
          ]),
        ),
      ),
    }),
  )

describe('by hand', () => {
  test('rows of the joint, divided by their sums; a row without mass is uniform', () => {
    // A = {0, 1}, X = {0, 1}, Y = {0, 1, 2}.
    const f = matrix(
      [2],
      [2, 3],
      [
        [0.125, 0.125, 0.25, 0.5, 0, 0],
        [0, 0, 0, 0.25, 0.25, 0.5],
      ],
    )
    const given = conditional(f, [2], [3])
    expect([given.domain, given.codomain]).toEqual([[2, 2], [3]])
    // Rows (x, a) = (0, 0), (0, 1), (1, 0), (1, 1).
    expect(entriesOf(given)).toEqual([0.25, 0.25, 0.5, 1 / 3, 1 / 3, 1 / 3, 1, 0, 0, 0.25, 0.25, 0.5])
  })

  test('the base rate: one in a hundred is ill, nine tenths of the ill and nine hundredths of the well test positive', () => {
    const prior = matrix(unit, [2], [[0.01, 0.99]])
    const testing = matrix(
      [2],
      [2],
      [
        [0.9, 0.1],
        [0.09, 0.91],
      ],
    )
    const back = inverse(prior, testing)
    // 0.009 / (0.009 + 0.0891) = 10 / 109, and 0.001 / (0.001 + 0.9009) = 10 / 9019.
    expect(back.entries[0]).toBeCloseTo(10 / 109, 15)
    expect(back.entries[2]).toBeCloseTo(10 / 9019, 15)
  })

  test('a prior with an input has an inverse with that input', () => {
    const prior = matrix(
      [2],
      [2],
      [
        [0.5, 0.5],
        [0.2, 0.8],
      ],
    )
    const f = matrix(
      [2],
      [3],
      [
        [0.5, 0.5, 0],
        [0.25, 0.75, 0],
      ],
    )
    const back = inverse(prior, f)
    expect([back.domain, back.codomain]).toEqual([[3, 2], [2]])
    const wanted = [2 / 3, 1 / 3, 1 / 3, 2 / 3, 0.4, 0.6, 1 / 7, 6 / 7, 0.5, 0.5, 0.5, 0.5]
    entriesOf(back).forEach((entry, index) => expect(entry).toBeCloseTo(wanted[index]!, 15))
  })

  test('boundaries that do not fit are errors', () => {
    const f = matrix(unit, [2, 2], [[0.25, 0.25, 0.25, 0.25]])
    expect(() => conditional(f, [2], [3])).toThrow('FinStoch.conditional: codomain [2, 2] is not [2] ⊗ [3]')
    expect(() => conditional(f, [4], [])).toThrow('codomain [2, 2] is not [4] ⊗ []')
    expect(() => inverse(f, id([4]))).toThrow('FinStoch.inverse: codomain [2, 2] meets domain [4]')
  })
})

describe('I. conditionals', () => {
  const joint = drawn<['f']>(3, ([a, x, y]) => ({ f: [a!, tensor(x!, y!)] }))

  test('I1, I2: the parts give back the morphism, and are stochastic', () => {
    let nullRows = 0
    fc.assert(
      fc.property(joint, ({ objects: [, x, y], morphisms: { f } }) => {
        const parts = disintegrate(FinStoch)(f!, x!, y!)
        nullRows += Number(parts.marginal.entries.includes(0))
        close(reassemble(FinStoch)(parts), f!)
        expect(isRight(validate(parts.conditional))).toBe(true)
        close(seq(parts.conditional, discard(y!)), discard(parts.conditional.domain))
      }),
      { numRuns: 500 },
    )
    expect(nullRows).toBeGreaterThan(100)
  })

  test('I3: any other matrix that gives back the morphism agrees almost surely, and only those', () => {
    const counts = { null: 0, positive: 0 }
    fc.assert(
      fc.property(joint, fc.nat(), ({ objects: [, x, y], morphisms: { f } }, pick) => {
        const { marginal, conditional: given } = disintegrate(FinStoch)(f!, x!, y!)
        const context = keepInput(FinStoch)(marginal)
        const [rows, width] = [FinStoch.discard(given.domain).entries.length, given.entries.length]
        const columns = width / rows
        if (columns < 2) return
        // Move one row to another point mass.
        const row = pick % rows
        const start = row * columns
        const target = given.entries[start]! === 1 ? 1 : 0
        const entries = given.entries.slice()
        entries.fill(0, start, start + columns)
        entries[start + target] = 1
        const other = { ...given, entries }
        const mass = massOf(context, row)
        counts[mass === 0 ? 'null' : 'positive'] += 1
        expect(almostSurelyEqual(FinStoch)(context, given, other)).toBe(mass === 0)
        expect(equals(reassemble(FinStoch)({ marginal, conditional: other }), f!)).toBe(mass === 0)
      }),
      { numRuns: 1500 },
    )
    expect(Math.min(counts.null, counts.positive)).toBeGreaterThan(40)
  })

  /** The largest probability that an element of the codomain has at any input. */
  const massOf = ({ entries, codomain }: StochasticMatrix, element: number): number => {
    const width = codomain.reduce((product, size) => product * size, 1)
    let largest = 0
    for (let at = element; at < entries.length; at += width) largest = Math.max(largest, entries[at]!)
    return largest
  }

  test('I4: the conditional on X, then on Y, is the conditional on X and Y', () => {
    fc.assert(
      fc.property(
        drawn<['f']>(4, ([a, x, y, z]) => ({ f: [a!, [...x!, ...y!, ...z!]] })).filter(
          ({ morphisms: { f } }) => f!.entries.length <= 400,
        ),
        ({ objects: [a, x, y, z], morphisms: { f } }) => {
          const { marginal, conditional: atOnce } = disintegrate(FinStoch)(f!, tensor(x!, y!), z!)
          // X ⊗ A -> Y ⊗ Z, and then Y ⊗ X ⊗ A -> Z.
          const inTurn = conditional(conditional(f!, x!, tensor(y!, z!)), y!, z!)
          const reordered = seq(par(swap(x!, y!), id(a!)), inTurn)
          expect(almostSurelyEqual(FinStoch)(keepInput(FinStoch)(marginal), atOnce, reordered)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('J. Bayesian inverses', () => {
  const bayes = drawn<['p', 'f', 'g']>(4, ([a, x, y, z]) => ({ p: [a!, x!], f: [x!, y!], g: [y!, z!] }))
  const state = (p: StochasticMatrix): StochasticMatrix => {
    const width = p.codomain.reduce((product, size) => product * size, 1)
    return { domain: unit, codomain: p.codomain, entries: p.entries.slice(0, width) }
  }

  test('it is the conditional of the joint morphism, entry by entry', () =>
    fc.assert(
      fc.property(bayes, ({ morphisms: { p, f } }) => {
        close(inverse(p!, f!), inverseByConditional(FinStoch, p!, f!))
        expect(isRight(validate(inverse(p!, f!)))).toBe(true)
      }),
      { numRuns: 500 },
    ))

  test('J1: prior and kernel have the same joint morphism as evidence and inverse, with an input too', () =>
    fc.assert(
      fc.property(bayes, ({ morphisms: { p, f } }) => {
        close(reassemble(FinStoch)({ marginal: seq(p!, f!), conditional: inverse(p!, f!) }), jointOf(FinStoch, p!, f!))
        const p0 = state(p!)
        const q0 = seq(p0, f!)
        const back = seq(seq(q0, copy(q0.codomain)), par(inverse(p0, f!), id(q0.codomain)))
        close(back, jointWithOutput(FinStoch)(p0, f!))
      }),
      { numRuns: 300 },
    ))

  test('J2, J3, J4: twice is once, the identity is its own inverse, a composite is inverted from its end', () =>
    fc.assert(
      fc.property(bayes, ({ morphisms: { p, f, g } }) => {
        const p0 = state(p!)
        const q0 = seq(p0, f!)
        const sure = almostSurelyEqual(FinStoch)
        expect(sure(p0, inverse(q0, inverse(p0, f!)), f!)).toBe(true)
        expect(sure(p0, inverse(p0, id(p0.codomain)), id(p0.codomain))).toBe(true)
        const end = seq(q0, g!)
        expect(sure(end, inverse(p0, seq(f!, g!)), seq(inverse(q0, g!), inverse(p0, f!)))).toBe(true)
      }),
      { numRuns: 300 },
    ))

  test('J5: a bijection is inverted by its inverse', () =>
    fc.assert(
      fc.property(bayes, fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }), ({ morphisms: { p } }, keys) => {
        const p0 = state(p!)
        const x = p0.codomain
        const order = Array.from(p0.entries.keys()).sort((a, b) => keys[a]! - keys[b]!)
        const bijection = stochasticMap(x, x, (element) => order[element]!)
        const back = stochasticMap(x, x, (element) => order.indexOf(element))
        expect(almostSurelyEqual(FinStoch)(seq(p0, bijection), inverse(p0, bijection), back)).toBe(true)
      }),
    ))

  test('an inverse against the wrong prior is not one', () => {
    const [p, wrong] = [
      [0.2, 0.8],
      [0.5, 0.5],
    ].map((row) => matrix(unit, [2], [row]))
    const f = matrix(
      [2],
      [2],
      [
        [0.7, 0.3],
        [0.1, 0.9],
      ],
    )
    const q = seq(p!, f)
    expect(almostSurelyEqual(FinStoch)(q, inverse(p!, f), inverse(wrong!, f))).toBe(false)
  })
})

describe('at the far ends of the doubles', () => {
  test.each([1e-100, 1e-300, 2 ** -1022, 1e-310, 5e-324])('a marginal of about %d has rows that sum to one', (tiny) => {
    const f = matrix(unit, [2, 3], [[tiny, tiny, 2 * tiny, 1 - 4 * tiny, 0, 0]])
    const given = conditional(f, [2], [3])
    expect(entriesOf(given)).toEqual([0.25, 0.25, 0.5, 1, 0, 0])
    const thirds = matrix(unit, [2, 3], [[tiny, tiny, tiny, 1, 0, 0]])
    const [a, b, c] = entriesOf(conditional(thirds, [2], [3]))
    expect([a, b, c]).toEqual([1 / 3, 1 / 3, 1 / 3])
  })

  test('rows of many entries of every size sum to one', () => {
    const weights = Array.from({ length: 2000 }, (_, k) => 10 ** -((k * 7919) % 320))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const joint = matrix(unit, [40, 50], [weights.map((weight) => weight / total)])
    const given = conditional(joint, [40], [50])
    for (let row = 0; row < 40; row++) {
      const sum = given.entries.slice(row * 50, (row + 1) * 50).reduce((a, b) => a + b, 0)
      expect(Math.abs(sum - 1)).toBeLessThan(1e-14)
    }
  })

  test('the inverse does not lose products that are too small for a double', () => {
    // Elements 0 and 1 explain column 0 with 2e-400 and 6e-400.
    const prior = matrix(unit, [3], [[1e-200, 3e-200, 1]])
    const f = matrix(
      [3],
      [2],
      [
        [2e-200, 1],
        [2e-200, 1],
        [0, 1],
      ],
    )
    const [a, b, c] = entriesOf(inverse(prior, f))
    expect(a).toBeCloseTo(0.25, 15)
    expect(b).toBeCloseTo(0.75, 15)
    expect(c).toBe(0)
    // The joint matrix has lost them, and takes the row for a null row.
    expect(entriesOf(inverseByConditional(FinStoch, prior, f)).slice(0, 3)).toEqual([1 / 3, 1 / 3, 1 / 3])
  })

  test('the smallest doubles of all', () => {
    const least = Number.MIN_VALUE
    const prior = matrix(unit, [2], [[least, 1]])
    const f = matrix(
      [2],
      [2],
      [
        [least, 1],
        [0, 1],
      ],
    )
    expect(entriesOf(inverse(prior, f))).toEqual([1, 0, least, 1])
  })
})

describe('the empty set', () => {
  test('as input: an empty matrix, whatever the outputs', () => {
    const none = matrix([0], [2, 3], [])
    const given = conditional(none, [2], [3])
    expect([given.domain, given.codomain, given.entries.length]).toEqual([[2, 0], [3], 0])
    close(reassemble(FinStoch)(disintegrate(FinStoch)(none, [2], [3])), none)
    const back = inverse(
      matrix([0], [2], []),
      matrix(
        [2],
        [3],
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ),
    )
    expect([back.domain, back.codomain, back.entries.length]).toEqual([[3, 0], [2], 0])
  })

  test('as output: only from itself', () => {
    const none = matrix([0], [2, 0], [])
    for (const [x, y] of [
      [[2], [0]],
      [[], [2, 0]],
      [[2, 0], []],
    ] as const) {
      const given = conditional(none, x, y)
      expect(isRight(validate(given))).toBe(true)
      close(reassemble(FinStoch)(disintegrate(FinStoch)(none, x, y)), none)
    }
    expect(isRight(validate(inverse(id([0]), id([0]))))).toBe(true)
  })

  test('and the unit: conditioning on nothing, and keeping nothing', () => {
    const f = matrix(
      [2],
      [3],
      [
        [0.5, 0.25, 0.25],
        [0, 1, 0],
      ],
    )
    close(conditional(f, [], [3]), f)
    close(conditional(f, [3], []), discard([3, 2]))
  })
})
