/** FinSetMulti against relations worked out by hand. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, finite, program, real, showProblem } from '../../../dsl/index.js'
import { finSetMultiArbitraries } from '../../../laws/index.js'
import {
  FinSetMulti,
  type MultivaluedFunction,
  multivaluedFunction,
  possibleOutputs,
  type Possibilities,
} from '../../../src/category/fin-set-multi.js'
import { FinStoch } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { floatSupport } from '../../../src/category/functors/support.js'
import { inverseByConditional } from '../../../src/category/inversion.js'
import { interpret } from '../../../src/interpret.js'
import { meantDiagram } from '../../support/finite-diagram.js'
import { valueOf } from '../../support/value-of.js'

const read = (meaning: Possibilities, domain: FiniteObject, codomain: FiniteObject): MultivaluedFunction =>
  valueOf(FinSetMulti.read(meaning, domain, codomain, 'relation'))
const listsOf = (f: MultivaluedFunction): readonly (readonly number[])[] =>
  Array.from({ length: f.domain.reduce((product, size) => product * size, 1) }, (_, x) => possibleOutputs(f, x))

describe('multivalued functions', () => {
  test('compose as relations', () => {
    const neighbours = read(
      [
        [0, 1],
        [0, 1, 2],
        [1, 2, 3],
        [2, 3],
      ],
      [4],
      [4],
    )
    expect(listsOf(FinSetMulti.seq(neighbours, neighbours))).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [1, 2, 3],
    ])
    expect(() => FinSetMulti.seq(neighbours, FinSetMulti.id([3]))).toThrow(
      'FinSetMulti.seq: codomain [4] meets domain [3]',
    )
  })

  test('stand side by side, the last factor running fastest', () => {
    const both = FinSetMulti.par(read([[0, 1], [1]], [2], [2]), read([[0, 2]], [], [3]))
    expect([both.domain, both.codomain]).toEqual([[2], [2, 3]])
    expect(listsOf(both)).toEqual([
      [0, 2, 3, 5],
      [3, 5],
    ])
  })

  test('are not copied: two throws are not one throw twice', () => {
    const coin = read([[0, 1]], [], [2])
    expect(listsOf(FinSetMulti.seq(coin, FinSetMulti.copy([2])))).toEqual([[0, 3]])
    expect(listsOf(FinSetMulti.par(coin, coin))).toEqual([[0, 1, 2, 3]])
    expect(FinSetMulti.isDeterministic(coin)).toBe(false)
    expect(FinSetMulti.isDeterministic(read([[1, 1], [0]], [2], [2]))).toBe(true)
  })

  test('swap, copy and discard', () => {
    expect(listsOf(FinSetMulti.swap([2], [3])).flat()).toEqual([0, 2, 4, 1, 3, 5])
    expect(listsOf(FinSetMulti.copy([2, 2])).flat()).toEqual([0, 5, 10, 15])
    expect(listsOf(FinSetMulti.discard([2]))).toEqual([[0], [0]])
  })

  test('are equal when ends and possibilities are', () => {
    const f = read(
      [
        [1, 0],
        [0, 1, 1],
      ],
      [2],
      [2],
    )
    expect(
      FinSetMulti.equals(
        f,
        multivaluedFunction([2], [2], () => [0, 1]),
      ),
    ).toBe(true)
    expect(
      FinSetMulti.equals(
        f,
        multivaluedFunction([2], [2], (x) => (x === 0 ? [0, 1] : [0])),
      ),
    ).toBe(false)
    expect(FinSetMulti.equals(f, { ...f, domain: [2, 1] })).toBe(false)
    expect(FinSetMulti.equals(f, { ...f, codomain: [1, 2] })).toBe(false)
  })

  test('are shown input by input', () =>
    expect(
      FinSetMulti.show(
        read(
          [
            [
              [0, 0],
              [1, 2],
            ],
            [5],
          ],
          [2],
          [2, 3],
        ),
      ),
    ).toBe('[2] -> [2, 3]\n  0 -> {(0, 0), (1, 2)}\n  1 -> {(1, 2)}'))
})

describe('conditionals and inverses', () => {
  test('what is left of the second output when the first is known, everything where that is not possible', () => {
    const f = read(
      [
        [
          [0, 0],
          [0, 2],
          [1, 1],
        ],
        [[1, 0]],
      ],
      [2],
      [2, 3],
    )
    const given = FinSetMulti.conditional(f, [2], [3])
    expect([given.domain, given.codomain]).toEqual([[2, 2], [3]])
    // Inputs (x, a) = (0, 0), (0, 1), (1, 0), (1, 1).
    expect(listsOf(given)).toEqual([[0, 2], [0, 1, 2], [1], [0]])
    expect(() => FinSetMulti.conditional(f, [3], [2])).toThrow(
      'FinSetMulti.conditional: codomain [2, 3] is not [3] ⊗ [2]',
    )
  })

  test('which causes explain what was observed, all of them where none does', () => {
    const prior = read([[0, 1], [2]], [2], [4])
    const f = read([[0], [0, 1], [1], [2]], [4], [3])
    const inverse = FinSetMulti.inverse(prior, f)
    expect([inverse.domain, inverse.codomain]).toEqual([[3, 2], [4]])
    // Inputs (y, a) = (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1).
    expect(listsOf(inverse)).toEqual([[0, 1], [0, 1, 2, 3], [1], [2], [0, 1, 2, 3], [0, 1, 2, 3]])
    expect(() => FinSetMulti.inverse(f, f)).toThrow('FinSetMulti.inverse: codomain [3] meets domain [4]')
  })

  test('an inverse is the conditional of the joint, null rows and all', () => {
    const { object, morphism } = finSetMultiArbitraries
    fc.assert(
      fc.property(
        fc.tuple(object, object, object).chain(([a, x, y]) => fc.tuple(morphism(a, x), morphism(x, y))),
        ([p, f]) => {
          expect(FinSetMulti.equals(FinSetMulti.inverse(p, f), inverseByConditional(FinSetMulti, p, f))).toBe(true)
        },
      ),
    )
  })
})

test('empty sets: one morphism from them, none to them but from themselves', () => {
  const empty: FiniteObject = [0]
  const none = read([], empty, [3])
  expect(FinSetMulti.equals(FinSetMulti.seq(none, FinSetMulti.discard([3])), FinSetMulti.discard(empty))).toBe(true)
  expect(isRight(FinSetMulti.validate(FinSetMulti.swap(empty, [2])))).toBe(true)
  expect(FinSetMulti.isDeterministic(none)).toBe(true)
  const impossible = FinSetMulti.read([[]], [1], empty, "box 'f'")
  expect(isLeft(impossible) && showProblem(impossible.left)).toBe(
    "box 'f', input 0: no output is possible; only the empty set has a map to the empty set",
  )
  const joint = read([], empty, [3, 0])
  expect(isRight(FinSetMulti.validate(FinSetMulti.conditional(joint, [3], empty)))).toBe(true)
  expect(isRight(FinSetMulti.validate(FinSetMulti.inverse(FinSetMulti.id(empty), none)))).toBe(true)
})

describe('reading says what is wrong, where, and what would be right', () => {
  test.each<[Possibilities, FiniteObject, string]>([
    [[[0]], [2], ': it has 1 lists of outputs; give one list of possible outputs for each of the 2 inputs'],
    [[[0], []], [2], ', input 1: no output is possible; give every input at least one possible output'],
    [[[0], [0, 2]], [2], ', input 1: 2 is no element of a set of 2; give a whole number from 0 to 1'],
    [[[[0, 3]], [0]], [2, 3], ', input 0, factor 1: 3 is no element of a set of 3; give a whole number from 0 to 2'],
    [
      [[0], [0, [1]]],
      [2, 3],
      ', input 1: the tuple has 1 entries; give one element number for each of the 2 factors, or the number of the element',
    ],
  ])('%#', (meaning, codomain, message) => {
    const result = FinSetMulti.read(meaning, [2], codomain, "box 'f'")
    if (isRight(result)) throw new Error('expected a problem')
    expect(result.left.kind).toBe('invalid-value')
    expect(showProblem(result.left)).toBe(`box 'f'${message}`)
  })

  test('wires that are no finite sets', () =>
    expect(FinSetMulti.objectOf(real('Hidden', 8))).toMatchObject({
      left: { what: 'FinSetMulti has finite sets only' },
    }))
})

describe('validation', () => {
  const messageOf = (f: MultivaluedFunction): string => {
    const result = FinSetMulti.validate(f)
    if (isRight(result)) throw new Error('expected a problem')
    return showProblem(result.left)
  }
  const f = read([[0, 1], [1]], [2], [2])

  test('says what is wrong', () => {
    expect(messageOf({ ...f, domain: [3] })).toBe('multivalued function: it has 4 entries; give 3 x 2 entries')
    expect(messageOf({ ...f, entries: Uint8Array.of(1, 1, 0, 0) })).toBe(
      'multivalued function, input 1: no output is possible; give every input at least one possible output',
    )
    expect(messageOf({ ...f, entries: Uint8Array.of(1, 2, 0, 1) })).toBe(
      'multivalued function, input 0, output 1: the entry is 2; give 1 where the output is possible and 0 where it is not',
    )
    expect(messageOf({ ...f, codomain: [0.5] })).toBe(
      'multivalued function, codomain: 0.5 is no count of elements; give whole numbers of at least 0',
    )
    expect(messageOf({ domain: [2], codomain: [0], entries: new Uint8Array(0) })).toBe(
      'multivalued function, input 0: no output is possible; only the empty set has a map to the empty set',
    )
  })

  test('never throws', () => {
    const numbers = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double())
    const ends = fc.array(numbers, { maxLength: 2 })
    let refused = 0
    fc.assert(
      fc.property(ends, ends, fc.array(fc.nat(2), { maxLength: 4 }), (domain, codomain, entries) => {
        refused += Number(isLeft(FinSetMulti.validate({ domain, codomain, entries: Uint8Array.from(entries) })))
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(800)
  })
})

describe('interpretation', () => {
  test('what may have happened', () => {
    const [Rain, Sprinkler, Grass] = [finite('Rain', 2), finite('Sprinkler', 2), finite('Grass', 2)]
    const sprinkler = box('sprinkler', [Rain], [Sprinkler])
    const grass = box('grass', [Rain, Sprinkler], [Grass])
    const garden = program([Rain], (rain) => {
      const [water] = sprinkler(rain)
      const [wet] = grass(rain, water)
      return [water, wet]
    })
    // When it rains the sprinkler is off; grass that got water may be wet or dry again, other grass is dry.
    const meaning = interpret(FinSetMulti, { sprinkler: [[0, 1], [0]], grass: [[0], [0, 1], [0, 1], [0, 1]] })
    expect(listsOf(valueOf(meaning(garden)))).toEqual([
      [0, 2, 3],
      [0, 1],
    ])
  })

  test('random diagrams mean the supports of what they mean in float64', () => {
    fc.assert(
      fc.property(meantDiagram, ({ diagram, meanings }) => {
        const supports = Object.fromEntries(
          Object.entries(meanings).map(([name, rows]) => [
            name,
            rows.map((row) => row.flatMap((probability, y) => (probability > 0 ? [y] : []))),
          ]),
        )
        const possible = valueOf(interpret(FinSetMulti, supports)(diagram))
        const float = valueOf(interpret(FinStoch, meanings)(diagram))
        expect(FinSetMulti.equals(possible, floatSupport.onMorphism(float))).toBe(true)
      }),
    )
  })
})
