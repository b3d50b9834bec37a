/** FinSet against functions worked out by hand. */
import * as fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { box, finite, program, real, seq, showProblem } from '../../../dsl/index.js'
import { finSetArbitraries } from '../../../laws/index.js'
import { almostSurelyEqual } from '../../../src/category/almost-sure.js'
import { FinSet, type FunctionTable, functionTable, type Images } from '../../../src/category/fin-set.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { inverseByConditional } from '../../../src/category/inversion.js'
import { interpret } from '../../../src/interpret.js'
import { valueOf } from '../../support/value-of.js'

const read = (images: Images, domain: FiniteObject, codomain: FiniteObject): FunctionTable =>
  valueOf(FinSet.read(images, domain, codomain, 'function'))

describe('functions', () => {
  test('compose', () => {
    const f = read([2, 0, 1], [3], [3])
    expect([...FinSet.seq(f, f).images]).toEqual([1, 2, 0])
    expect(FinSet.equals(FinSet.seq(FinSet.seq(f, f), f), FinSet.id([3]))).toBe(true)
    expect(() => FinSet.seq(f, FinSet.id([2]))).toThrow('FinSet.seq: codomain [3] meets domain [2]')
  })

  test('stand side by side, the last factor running fastest', () => {
    const both = FinSet.par(read([1, 0], [2], [2]), read([2, 0], [2], [3]))
    expect([both.domain, both.codomain]).toEqual([
      [2, 2],
      [2, 3],
    ])
    // (0, 0) -> (1, 2), (0, 1) -> (1, 0), (1, 0) -> (0, 2), (1, 1) -> (0, 0).
    expect([...both.images]).toEqual([5, 3, 2, 0])
  })

  test('swap, copy and discard', () => {
    expect([...FinSet.swap([2], [3]).images]).toEqual([0, 2, 4, 1, 3, 5])
    expect([...FinSet.copy([2, 2]).images]).toEqual([0, 5, 10, 15])
    expect([...FinSet.discard([3]).images]).toEqual([0, 0, 0])
  })

  test('a set of a hundred thousand elements is copied without a matrix', () => {
    const copy = FinSet.copy([100_000])
    expect(copy.images[99_999]).toBe(9_999_999_999)
    expect(isRight(FinSet.validate(copy))).toBe(true)
  })

  test('are equal when ends and images are', () => {
    const six = FinSet.id([6])
    expect(FinSet.equals(six, FinSet.id([6]))).toBe(true)
    expect(FinSet.equals(six, { ...six, codomain: [2, 3] })).toBe(false)
    expect(FinSet.equals(six, { ...six, domain: [6, 1] })).toBe(false)
    expect(
      FinSet.equals(
        six,
        functionTable([6], [6], (x) => (x === 5 ? 0 : x)),
      ),
    ).toBe(false)
    const broken = { domain: [], codomain: [2], images: Float64Array.of(Number.NaN) }
    expect(FinSet.equals(broken, broken)).toBe(false)
  })

  test('are shown element by element', () => {
    expect(FinSet.show(read([1, 0], [2], [2]))).toBe('[2] -> [2]\n  0 -> 1\n  1 -> 0')
    expect(FinSet.show(read([[1, 2], 0], [2, 1], [2, 3]))).toBe(
      '[2, 1] -> [2, 3]\n  (0, 0) -> (1, 2)\n  (1, 0) -> (0, 0)',
    )
    expect(FinSet.show(FinSet.discard([1]))).toBe('[1] -> []\n  0 -> ()')
  })
})

describe('conditionals and inverses', () => {
  test('the second component, whatever the first is', () => {
    const f = read(
      [
        [1, 2],
        [0, 1],
      ],
      [2],
      [2, 3],
    )
    const given = FinSet.conditional(f, [2], [3])
    expect([given.domain, given.codomain]).toEqual([[2, 2], [3]])
    // Inputs (x, a) = (0, 0), (0, 1), (1, 0), (1, 1).
    expect([...given.images]).toEqual([2, 1, 2, 1])
    expect(() => FinSet.conditional(f, [3], [2])).toThrow('FinSet.conditional: codomain [2, 3] is not [3] ⊗ [2]')
  })

  test('the prior, whatever is observed', () => {
    const prior = read([2, 0], [2], [3])
    const f = read([0, 1, 1], [3], [2])
    const inverse = FinSet.inverse(prior, f)
    expect([inverse.domain, inverse.codomain]).toEqual([[2, 2], [3]])
    expect([...inverse.images]).toEqual([2, 0, 2, 0])
    expect(() => FinSet.inverse(f, f)).toThrow('FinSet.inverse: codomain [2] meets domain [3]')
  })

  test('the inverse of an identity is one almost surely only', () => {
    const prior = read([2], [], [3])
    const inverse = FinSet.inverse(prior, FinSet.id([3]))
    expect([...inverse.images]).toEqual([2, 2, 2])
    expect(FinSet.equals(inverse, FinSet.id([3]))).toBe(false)
    expect(almostSurelyEqual(FinSet)(prior, inverse, FinSet.id([3]))).toBe(true)
  })

  test('an inverse is the conditional of the joint', () => {
    const { object, morphism } = finSetArbitraries
    fc.assert(
      fc.property(
        fc.tuple(object, object, object).chain(([a, x, y]) => fc.tuple(morphism(a, x), morphism(x, y))),
        ([p, f]) => {
          expect(FinSet.equals(FinSet.inverse(p, f), inverseByConditional(FinSet, p, f))).toBe(true)
        },
      ),
    )
  })
})

test('empty sets: one function from them, none to them but from themselves', () => {
  const empty: FiniteObject = [0]
  const none = read([], empty, [3])
  expect(FinSet.equals(FinSet.seq(none, FinSet.discard([3])), FinSet.discard(empty))).toBe(true)
  expect(isRight(FinSet.validate(FinSet.swap(empty, [2])))).toBe(true)
  const impossible = FinSet.read([0], [1], empty, "box 'f'")
  expect(isLeft(impossible) && showProblem(impossible.left)).toBe(
    "box 'f', input 0: 0 is no element of the empty set; only the empty set has a map to the empty set",
  )
  const joint = read([], empty, [3, 0])
  expect(isRight(FinSet.validate(FinSet.conditional(joint, [3], empty)))).toBe(true)
  expect(isRight(FinSet.validate(FinSet.inverse(FinSet.id(empty), none)))).toBe(true)
})

describe('reading says what is wrong, where, and what would be right', () => {
  test.each<[Images, FiniteObject, string]>([
    [[0], [2], 'it has 1 images; give one image for each of the 2 inputs'],
    [[0, 2], [2], ', input 1: 2 is no element of a set of 2; give a whole number from 0 to 1'],
    [[-1, 0], [2], ', input 0: -1 is no element of a set of 2; give a whole number from 0 to 1'],
    [[0, 0.5], [2], ', input 1: 0.5 is no element of a set of 2; give a whole number from 0 to 1'],
    [[6, 0], [2, 3], ', input 0: 6 is no element of a set of 6; give a whole number from 0 to 5'],
    [[[1, 3], 0], [2, 3], ', input 0, factor 1: 3 is no element of a set of 3; give a whole number from 0 to 2'],
    [
      [0, [1]],
      [2, 3],
      ', input 1: the tuple has 1 entries; give one element number for each of the 2 factors, or the number of the element',
    ],
  ])('%#', (images, codomain, message) => {
    const result = FinSet.read(images, [2], codomain, "box 'f'")
    if (isRight(result)) throw new Error('expected a problem')
    expect(result.left.kind).toBe('invalid-value')
    expect(showProblem(result.left)).toBe(`box 'f'${message.startsWith(',') ? '' : ': '}${message}`)
  })

  test('numbers and tuples are the same elements', () =>
    expect(
      FinSet.equals(
        read([5, 0], [2], [2, 3]),
        read(
          [
            [1, 2],
            [0, 0],
          ],
          [2],
          [2, 3],
        ),
      ),
    ).toBe(true))

  test('wires that are no finite sets', () =>
    expect(FinSet.objectOf(real('Hidden', 8))).toMatchObject({ left: { what: 'FinSet has finite sets only' } }))
})

describe('validation', () => {
  const messageOf = (f: FunctionTable): string => {
    const result = FinSet.validate(f)
    if (isRight(result)) throw new Error('expected a problem')
    return showProblem(result.left)
  }

  test('says what is wrong', () => {
    const f = read([1, 0], [2], [2])
    expect(messageOf({ ...f, domain: [3] })).toBe('function: it has 2 images; give one image for each of the 3 inputs')
    expect(messageOf({ ...f, codomain: [1] })).toBe(
      'function, input 0: 1 is no element of a set of 1; give a whole number from 0 to 0',
    )
    expect(messageOf({ ...f, images: Float64Array.of(0, Number.NaN) })).toBe(
      'function, input 1: NaN is no element of a set of 2; give a whole number from 0 to 1',
    )
    expect(messageOf({ ...f, domain: [-2, -1] })).toBe(
      'function, domain: -2 is no count of elements; give whole numbers of at least 0',
    )
  })

  test('never throws', () => {
    const numbers = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double())
    const ends = fc.array(numbers, { maxLength: 2 })
    let refused = 0
    fc.assert(
      fc.property(ends, ends, fc.array(numbers, { maxLength: 4 }), (domain, codomain, images) => {
        const f = { domain, codomain, images: Float64Array.from(images) }
        refused += Number(isLeft(FinSet.validate(f)))
        expect(typeof FinSet.show(f)).toBe('string')
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(800)
  })
})

test('interpretation: an adder of two bits', () => {
  const Bit = finite('Bit', 2)
  const xor = box('xor', [Bit, Bit], [Bit], { deterministic: true })
  const and = box('and', [Bit, Bit], [Bit], { deterministic: true })
  const halfAdder = program([Bit, Bit], (a, b) => {
    const [sum] = xor(a, b)
    const [carry] = and(a, b)
    return [carry, sum]
  })
  const meaning = interpret(FinSet, { xor: [0, 1, 1, 0], and: [0, 0, 0, 1] })
  const adder = valueOf(meaning(halfAdder))
  // 0 + 0, 0 + 1, 1 + 0, 1 + 1 in binary.
  expect([...adder.images]).toEqual([0, 1, 1, 2])
  expect([adder.domain, adder.codomain]).toEqual([
    [2, 2],
    [2, 2],
  ])
  const split = interpret(FinSet, {
    split: [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    and: [0, 0, 0, 1],
  })(seq(box('split', [finite('Four', 4)], [Bit, Bit]), and))
  expect([...valueOf(split).images]).toEqual([0, 0, 0, 1])
})
