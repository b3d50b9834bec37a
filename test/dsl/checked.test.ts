import fc from 'fast-check'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import {
  box,
  checkedBox,
  checkedFinite,
  checkedPar,
  checkedPermute,
  checkedProgram,
  checkedReal,
  checkedSeq,
  checkedSequence,
  copy,
  dataOf,
  type Diagram,
  discard,
  finite,
  id,
  par,
  type Problem,
  sameWires,
  seq,
  sequence,
  showProblem,
  showWires,
  swap,
  type Wires,
} from '../../dsl/index.js'
import { fewWires, randomDiagram } from '../support/random-diagram.js'
import { differenceOfTrees } from '../support/same-tree.js'
import { valueOf } from '../support/value-of.js'
import { faultInDiagram } from '../support/well-typed.js'

const [A, B] = [finite('A', 2), finite('B', 3)]
const f = box('f', [A], [B])
const messageOf = (result: Either<Problem, unknown>): string =>
  isLeft(result) ? `${result.left.kind}: ${showProblem(result.left)}` : 'no problem'
const ends = ({ inputs, outputs }: Diagram): string => `${showWires(inputs)} -> ${showWires(outputs)}`

describe('what fits is what the typed constructors give', () => {
  const same = (result: Either<Problem, Diagram>, typed: Diagram): void => {
    const made = valueOf(result)
    expect(differenceOfTrees(made, typed)).toBeUndefined()
    expect(faultInDiagram(made)).toBeUndefined()
  }

  test('wires', () => {
    expect(valueOf(checkedFinite('Coin', ['heads', 'tails']))).toEqual(finite('Coin', ['heads', 'tails']))
    expect(valueOf(checkedFinite('Empty', 0))).toEqual({ kind: 'finite', name: 'Empty', elements: 0 })
    expect(valueOf(checkedFinite('None', []))).toEqual({ kind: 'finite', name: 'None', elements: [] })
    expect(valueOf(checkedReal('Hidden', 8))).toEqual({ kind: 'real', name: 'Hidden', dimension: 8 })
    expect(valueOf(checkedSequence('Word', A, 3))).toEqual(sequence('Word', A, 3))
  })

  test('boxes', () => {
    same(checkedBox('f', [A], [B]), f)
    same(checkedBox('f', [A], [B], { deterministic: true }), box('f', [A], [B], { deterministic: true }))
    same(checkedBox('g', [A], [B], { body: f }), box('g', [A], [B], { body: f }))
    same(checkedBox('g', [finite('A', 2)], [B], { body: f }), box('g', [A], [B], { body: f }))
  })

  test('composites', () => {
    same(checkedSeq([f]), seq(f))
    same(checkedSeq([f, copy(B), par(id(B), discard(B))]), seq(f, copy(B), par(id(B), discard(B))))
    same(checkedPar([]), par())
    same(checkedPar([f, copy(A), f]), par(f, copy(A), f))
    same(checkedPermute([A, B], [1, 0]), swap(A, B))
    same(checkedPermute([], []), swap([], []))
  })

  test('programs', () => {
    const steps = [
      { diagram: f, reads: [0] },
      { diagram: copy(B, A), reads: [1, 0] },
    ]
    const made = valueOf(checkedProgram([A], steps, [5, 2, 2, 0]))
    expect(ends(made)).toBe('A -> A ⊗ B ⊗ B ⊗ A')
    expect(faultInDiagram(made)).toBeUndefined()
    expect(ends(valueOf(checkedProgram([], [], [])))).toBe('I -> I')
  })

  test('a generator that can be called becomes its data', () => {
    expect(valueOf(checkedSeq([f])).parts[0]).toBe(dataOf(f))
    expect(valueOf(checkedPar([f])).parts[0]).toBe(dataOf(f))
    expect(valueOf(checkedBox('g', [A], [B], { body: f })).body).toBe(dataOf(f))
    expect(valueOf(checkedProgram([A], [{ diagram: f, reads: [0] }], [])).steps[0]!.diagram).toBe(dataOf(f))
  })
})

describe('what does not fit is a problem that says what would', () => {
  const many: Wires = new Array<typeof A>(1000).fill(A)

  const refused: readonly (readonly [Either<Problem, unknown>, string])[] = [
    [
      checkedFinite('Die', -1),
      "out-of-range: finite('Die', n): the size must be a whole number of at least 0, not -1; give a count",
    ],
    [
      checkedFinite('Die', Number.POSITIVE_INFINITY),
      "out-of-range: finite('Die', n): the size must be a whole number of at least 0, not Infinity; give a count",
    ],
    [
      checkedFinite('Die', 2 ** 53),
      "out-of-range: finite('Die', n): the size 9007199254740992 is too large; give at most 9007199254740991",
    ],
    [
      checkedFinite('Coin', ['heads', 'tails', 'tails']),
      "invalid-value: finite('Coin', [...]): an element is named twice, 'tails'; elements of a set differ",
    ],
    [
      checkedReal('Hidden', 2.5),
      "out-of-range: real('Hidden', d): the dimension must be a whole number of at least 0, not 2.5; give a count",
    ],
    [
      checkedSequence('Word', A, Number.NaN),
      "out-of-range: sequence('Word', symbols, n): the length must be a whole number of at least 0, not NaN; give a count",
    ],
    [
      checkedBox('g', [A], [A], { body: f }),
      "wire-mismatch: box 'g': its body goes from A to B; it must have the box's own wires, from A to A",
    ],
    [
      checkedBox('g', [finite('A', 5)], [B], { body: f }),
      "wire-mismatch: box 'g': its body goes from A to B; it must have the box's own wires, from A to B; wire 1 is A (5 elements) against A (2 elements)",
    ],
    [checkedSeq([]), 'invalid-value: seq: there are no parts; give at least one diagram'],
    [
      checkedSeq([f, f]),
      'wire-mismatch: seq: part 2 takes A, but the part before it gives B; they must be the same wires',
    ],
    [
      checkedSeq([f, copy(B), discard(B)]),
      'wire-mismatch: seq: part 3 takes B, but the part before it gives B ⊗ B; they must be the same wires',
    ],
    [
      checkedSeq([id(A, B), id(B, A)]),
      'wire-mismatch: seq: part 2 takes B ⊗ A, but the part before it gives A ⊗ B; wire 1 is B (3 elements) against A (2 elements); they must be the same wires',
    ],
    [
      checkedSeq([f, id(finite('B', 4))]),
      'wire-mismatch: seq: part 2 takes B, but the part before it gives B; wire 1 is B (4 elements) against B (3 elements); they must be the same wires',
    ],
    [
      checkedSeq([f, id(finite('B', ['x', 'y', 'z']))]),
      'wire-mismatch: seq: part 2 takes B, but the part before it gives B; wire 1 is B (3 elements) against B (3 elements) too, but with other elements; they must be the same wires',
    ],
    [
      checkedSeq([f, id(...many)]),
      'wire-mismatch: seq: part 2 takes A ⊗ A ⊗ A ⊗ A ⊗ A ⊗ A ⊗ … (1000 in all), but the part before it gives B; they must be the same wires',
    ],
    [checkedPermute([A, B], [0]), 'out-of-range: permute: [0] is no order of 2 wires; name each from 0 to 1 once'],
    [
      checkedPermute([A, B], [0, 2]),
      'out-of-range: permute: [0, 2] is no order of 2 wires; name each from 0 to 1 once',
    ],
    [checkedPermute([], [0]), 'out-of-range: permute: [0] is no order of 0 wires; give the empty order'],
    [
      checkedPermute([A], new Array<number>(1e9)),
      'out-of-range: permute: [, , , , , , … (1000000000 in all)] is no order of 1 wires; name each from 0 to 0 once',
    ],
    [
      checkedProgram([A], [{ diagram: f, reads: [] }], []),
      'wire-mismatch: program: step 1 reads 0 wires, but its diagram takes 1; name one wire for each of its inputs',
    ],
    [
      checkedProgram(
        [A],
        [
          { diagram: f, reads: [0] },
          { diagram: f, reads: [2] },
        ],
        [],
      ),
      'out-of-range: program: step 2 reads wire 2, which does not exist; name wires from 0 to 1 there',
    ],
    [
      checkedProgram(
        [A],
        [
          { diagram: f, reads: [0] },
          { diagram: swap(A, B), reads: [1, 0] },
        ],
        [],
      ),
      'wire-mismatch: program: step 2 takes A (2 elements) as input 1 of 2, but reads wire 1, which is B (3 elements); they must be the same wire',
    ],
    [
      checkedProgram([], [], [-1]),
      'out-of-range: program: it returns wire -1, which does not exist; there are no wires to name there',
    ],
    [
      checkedBox('two\nlines', [A], [A], { body: id(finite('\u2028'.repeat(3), 2)) }),
      "wire-mismatch: box 'two\\u000alines': its body goes from \\u2028\\u2028\\u2028 to \\u2028\\u2028\\u2028; it must have the box's own wires, from A to A",
    ],
    [
      checkedSeq([id(sequence('S\n', finite('T\n', 2), 3)), id(sequence('S\n', finite('T\n', 2), 4))]),
      'wire-mismatch: seq: part 2 takes S\\u000a, but the part before it gives S\\u000a; wire 1 is S\\u000a (T\\u000a^4) against S\\u000a (T\\u000a^3); they must be the same wires',
    ],
  ]
  test.each(refused.map(([result, message]) => [message, result] as const))('%s', (message, result) =>
    expect(messageOf(result)).toBe(message),
  )
})

describe('random parts', () => {
  const diagrams = fc.array(randomDiagram({ depth: 1 }), { maxLength: 3 })

  test('compose in sequence exactly if each takes what the one before it gives', () => {
    const counts = { fits: 0, misfits: 0 }
    const ending = fc.constantFrom(...fewWires.map((wire) => [wire]), [])
    fc.assert(
      fc.property(diagrams, ending, (parts, wires) => {
        const list = [...parts, id(...wires)]
        const fits = list.every((part, k) => k === 0 || sameWires(list[k - 1]!.outputs, part.inputs))
        const result = checkedSeq(list)
        counts[fits ? 'fits' : 'misfits'] += 1
        expect(isLeft(result)).toBe(!fits)
        if (!isLeft(result)) expect(faultInDiagram(result.right)).toBeUndefined()
        // The typed constructor throws what the checked one returns.
        const [first, ...rest] = list
        if (isLeft(result)) expect(() => seq(first!, ...rest)).toThrow(showProblem(result.left))
        else expect(differenceOfTrees(seq(first!, ...rest), result.right)).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(counts.fits, counts.misfits)).toBeGreaterThan(100)
  })

  test('are permuted exactly by orders', () => {
    const counts = { orders: 0, others: 0 }
    const wires = fc.array(fc.constantFrom(...fewWires), { maxLength: 3 })
    const numbers = fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 4 })
    const orders = wires.chain((object) => {
      const places = object.map((_, place) => place)
      const shuffled = fc.shuffledSubarray(places, { minLength: places.length, maxLength: places.length })
      return fc.tuple(fc.constant(object), fc.oneof(numbers, shuffled))
    })
    fc.assert(
      fc.property(orders, ([object, order]) => {
        const isOrder = [...order].sort().join() === object.map((_, place) => place).join()
        const result = checkedPermute(object, order)
        counts[isOrder ? 'orders' : 'others'] += 1
        expect(isLeft(result)).toBe(!isOrder)
        if (!isLeft(result)) expect(faultInDiagram(result.right)).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(counts.orders, counts.others)).toBeGreaterThan(200)
  })

  test('are bodies exactly of boxes of their type', () => {
    const counts = { fits: 0, misfits: 0 }
    const wires = fc.array(fc.constantFrom(...fewWires), { maxLength: 1 })
    fc.assert(
      fc.property(randomDiagram({ depth: 2 }), fc.option(wires), fc.option(wires), (body, before, after) => {
        const [inputs, outputs] = [before ?? body.inputs, after ?? body.outputs]
        const fits = sameWires(inputs, body.inputs) && sameWires(outputs, body.outputs)
        const result = checkedBox('g', inputs, outputs, { body })
        counts[fits ? 'fits' : 'misfits'] += 1
        expect(isLeft(result)).toBe(!fits)
        if (!isLeft(result)) expect(faultInDiagram(result.right)).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(counts.fits, counts.misfits)).toBeGreaterThan(100)
  })

  test('are steps exactly where they read wires that exist and are of their type', () => {
    const counts = { fits: 0, misfits: 0 }
    const reading = fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 2 })
    const step = fc.tuple(randomDiagram({ depth: 0, inputs: [fewWires[0]!] }), reading)
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2 }), reading, (list, returns) => {
        const inputs: Wires = [fewWires[0]!, fewWires[1]!]
        const wires = [...inputs]
        let fits = true
        for (const [diagram, reads] of list) {
          const read = reads.flatMap((number) => wires[number] ?? [])
          fits &&= read.length === reads.length && sameWires(read, diagram.inputs)
          wires.push(...diagram.outputs)
        }
        fits &&= returns.every((number) => number >= 0 && number < wires.length)
        const result = checkedProgram(
          inputs,
          list.map(([diagram, reads]) => ({ diagram, reads })),
          returns,
        )
        counts[fits ? 'fits' : 'misfits'] += 1
        expect(isLeft(result)).toBe(!fits)
        if (!isLeft(result)) expect(faultInDiagram(result.right)).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(counts.fits, counts.misfits)).toBeGreaterThan(100)
  })
})
