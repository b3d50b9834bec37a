/** Derivations step by step: their exact contents, and what an independent check says of others. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { checkDerivation } from '../../dsl/check-derivation.js'
import { type Derivation, type DerivationStep, showDerivation } from '../../dsl/derivation.js'
import { derive } from '../../dsl/derive.js'
import {
  box,
  copy,
  type Diagram,
  diagramOf,
  discard,
  finite,
  id,
  par,
  permute,
  program,
  seq,
  showProblem,
  state,
  swap,
  wiringOf,
} from '../../dsl/index.js'
import { lawsOfSyntax } from '../../dsl/structural-laws.js'

const [A, B] = [finite('A', 2), finite('B', 3)]
const [f, g, h] = [box('f', [A], [A]), box('g', [A], [A]), box('h', [A], [A])]
const d = box('d', [A], [A, B], { deterministic: true })
const e = box('e', [A, A], [A], { deterministic: true })
const graph = (diagram: Diagram): Diagram => diagramOf(wiringOf(diagram))

const derivationOf = (left: Diagram, right: Diagram): Derivation => {
  const result = derive(left, right)
  if (isLeft(result)) throw new Error('not equal')
  return result.right
}
/** A step without the diagram after it. */
const bare = (step: DerivationStep): Omit<DerivationStep, 'after'> => {
  const { after: _after, ...rest } = step
  return rest
}
const stepsOf = (left: Diagram, right: Diagram) => derivationOf(left, right).steps.map(bare)
/** What is wrong with a derivation. */
const faultOf = (derivation: Derivation): string => {
  const result = checkDerivation(derivation)
  return isLeft(result) ? showProblem(result.left) : 'a proof'
}

describe('the steps', () => {
  test('of boxes that are written in another order: where each of them was', () => {
    const [written, turned] = [graph(par(f, g, h)), par(f, g, h)]
    expect(stepsOf(turned, written)).toEqual([{ axiom: 'structural', laws: ['program notation'], boxes: [0, 1, 2] }])
    // f, g and h are applied to their wires in the order h, f, g.
    const late = program([A, A, A], (a, b, c) => {
      const [z] = h(c)
      const [x] = f(a)
      const [y] = g(b)
      return [x, y, z]
    })
    expect(stepsOf(late, written)).toEqual([
      { axiom: 'structural', laws: ['interchange', 'swap is natural'], boxes: [1, 2, 0] },
    ])
    expect(stepsOf(written, late)).toEqual([
      { axiom: 'structural', laws: ['interchange', 'swap is natural'], boxes: [2, 0, 1] },
    ])
    for (const derivation of [derivationOf(late, written), derivationOf(written, late)])
      expect(faultOf(derivation)).toBe('a proof')
  })

  test('of boxes with several outputs and inputs', () => {
    const [two, one] = [
      seq(copy(A), par(d, d), permute([A, B, A, B], [0, 2, 1, 3]), par(e, id(B, B))),
      seq(d, par(copy(A), copy(B)), par(e, id(B, B))),
    ]
    expect(stepsOf(two, one)).toEqual([
      {
        axiom: 'structural',
        laws: ['identity', 'interchange', 'swap is natural', 'hexagon', 'copy is cocommutative', 'program notation'],
        boxes: [0, 1, 2],
      },
      { axiom: 'copy is natural for deterministic boxes', direction: 'forwards', kept: 0, merged: 1, name: 'd' },
      {
        axiom: 'structural',
        laws: ['identity', 'interchange', 'copy is coassociative', 'program notation'],
        boxes: [0, 1],
      },
    ])
    expect(stepsOf(one, two).map(({ axiom }) => axiom)).toEqual([
      'structural',
      'copy is natural for deterministic boxes',
      'structural',
    ])
    for (const derivation of [derivationOf(two, one), derivationOf(one, two)])
      expect(faultOf(derivation)).toBe('a proof')
  })

  test('boxes that read the wires 1, 11 and 11, 1 are not merged; a box that nothing reads goes before any are merged', () => {
    const wide = new Array<typeof A>(12).fill(A)
    const reading = (...reads: readonly (readonly number[])[]): Diagram => ({
      kind: 'program',
      inputs: wide,
      steps: reads.map((numbers) => ({ diagram: e, reads: numbers })),
      returns: [12, 13],
      outputs: [A, A],
    })
    expect(stepsOf(reading([1, 11], [11, 1]), reading([1, 11], [11, 1], [1, 11]))).toEqual([
      { axiom: 'discard is natural', direction: 'backwards', box: 2, name: 'e' },
    ])
  })

  test('a step that no law is needed for', () => {
    const step: DerivationStep = { axiom: 'structural', laws: [], boxes: [0], after: graph(f) }
    expect(showDerivation({ left: graph(f), right: graph(f), steps: [step] })).toBe(
      '1. structural: written as a program',
    )
  })
})

describe('the limit counts the boxes of all diagrams', () => {
  const fits = (left: Diagram, right: Diagram, limit: number): boolean => !isLeft(derive(left, right, { limit }))

  test('of structural steps the one box, twice', () => {
    expect([1, 2].map((limit) => fits(seq(id(A), f), f, limit))).toEqual([false, true])
  })

  test('of deletions the boxes that are left, step by step', () => {
    // Written with 3 boxes, then 3 in a program, then 2, 1 and 0 of them; nothing on the other side.
    const chain = seq(f, g, h, discard(A))
    expect([5, 6, 7].map((limit) => fits(chain, discard(A), limit))).toEqual([false, true, true])
    expect([5, 6, 7].map((limit) => fits(discard(A), chain, limit))).toEqual([false, true, true])
    // A program is not written anew, and the boxes of both sides count.
    expect([2, 3].map((limit) => fits(graph(chain), discard(A), limit))).toEqual([false, true])
    expect([11, 12].map((limit) => fits(chain, seq(g, g, g, discard(A)), limit))).toEqual([false, true])
  })

  test('a derivation that exceeds it says so', () => {
    const result = derive(seq(f, g, h, discard(A)), discard(A), { limit: 2 })
    expect(result).toEqual({
      _tag: 'Left',
      left: {
        kind: 'out-of-range',
        where: 'derive',
        what: 'the diagrams of the derivation have more than 2 boxes together',
        remedy: 'give a larger limit, or smaller diagrams',
      },
    })
  })
})

describe('the check', () => {
  const remedy = 'derive it anew with derive(f, g)'
  const end = `the last step: it does not lead to the right side; ${remedy}`
  const noInstance = (step: number, axiom: string): string =>
    `step ${step}, ${axiom}: the two diagrams are no instance of the axiom; ${remedy}`
  const structural = (after: Diagram, boxes: readonly number[]): DerivationStep => ({
    axiom: 'structural',
    laws: [],
    boxes,
    after,
  })

  test('of a chain that does not end where it should', () => {
    expect(faultOf({ left: f, right: g, steps: [] })).toBe(end)
    expect(faultOf({ left: discard(A), right: discard(B), steps: [] })).toBe(end)
    expect(faultOf({ left: state('s', [A]), right: state('s', [B]), steps: [] })).toBe(end)
    expect(faultOf({ left: id(A, A), right: seq(swap(A, A), id(A, A)), steps: [] })).toBe(end)
    expect(faultOf({ left: copy(A), right: seq(copy(A), swap(A, A)), steps: [] })).toBe('a proof')
  })

  test('of a step between different types', () => {
    const types = `step 1, structural: the diagrams before and after it have different types; ${remedy}`
    expect(faultOf({ left: discard(A), right: discard(A), steps: [structural(discard(B), [])] })).toBe(types)
    expect(faultOf({ left: copy(A), right: copy(A), steps: [structural(id(A), [])] })).toBe(types)
    expect(faultOf({ left: discard(A), right: discard(A), steps: [structural(discard(A), [])] })).toBe('a proof')
  })

  test('of structural steps: every box once, and what it reads', () => {
    const both = par(f, g)
    for (const boxes of [[0, 0], [0], [1, 0], [0, 1, 1], [0, 2], []])
      expect(faultOf({ left: both, right: both, steps: [structural(both, boxes)] })).toBe(noInstance(1, 'structural'))
    expect(faultOf({ left: both, right: both, steps: [structural(both, [0, 1]), structural(both, [0, 0])] })).toBe(
      noInstance(2, 'structural'),
    )
  })

  test('of merged boxes: both are there, of that name, deterministic, the same, and read the same', () => {
    const axiom = 'copy is natural for deterministic boxes'
    const fault = (left: Diagram, right: Diagram, kept: number, merged: number, name: string): string =>
      faultOf({ left, right, steps: [{ axiom, direction: 'forwards', kept, merged, name, after: right }] })
    const two = graph(seq(copy(A), par(d, d), permute([A, B, A, B], [0, 3, 1, 2])))
    const one = graph(seq(d, par(copy(A), copy(B)), permute([A, A, B, B], [0, 2, 3, 1])))
    expect(fault(two, one, 0, 1, 'd')).toBe('a proof')
    for (const [kept, merged, name] of [
      [0, 1, 'e'],
      [0, 2, 'd'],
      [2, 1, 'd'],
      [0, 0, 'd'],
      [-1, 1, 'd'],
    ] as const)
      expect(fault(two, one, kept, merged, name)).toBe(noInstance(1, axiom))
    // They read the same wires at one port, and different ones at the other.
    const sum = graph(seq(par(copy(A), copy(A)), permute([A, A, A, A], [0, 2, 1, 3]), par(e, e)))
    const half = graph(seq(par(copy(A), copy(A)), permute([A, A, A, A], [0, 2, 1, 3]), par(e, seq(swap(A, A), e))))
    const single = graph(seq(e, copy(A)))
    expect(fault(sum, single, 0, 1, 'e')).toBe('a proof')
    expect(fault(half, single, 0, 1, 'e')).toBe(noInstance(1, axiom))
    const shared = graph(
      seq(par(copy(A), id(A)), par(copy(A), id(A, A)), permute([A, A, A, A], [0, 1, 2, 3]), par(e, e)),
    )
    expect(fault(shared, single, 0, 1, 'e')).toBe(noInstance(1, axiom))
  })
})

test('structural laws of composites with one part, and of programs', () => {
  expect(lawsOfSyntax(seq(par(f, f)))).toEqual([])
  expect(lawsOfSyntax(seq(par(f), par(g)))).toEqual([])
  expect(lawsOfSyntax(seq(par(f, f), par(g, g)))).toEqual(['interchange'])
  expect(lawsOfSyntax(par(seq(f, g)))).toEqual([])
  expect(lawsOfSyntax(par())).toEqual(['unit of the tensor'])
  expect(lawsOfSyntax(id())).toEqual(['unit of the tensor'])
  expect(lawsOfSyntax(permute([A, A, A], [0, 2, 1]))).toEqual(['swap is natural', 'hexagon'])
  const readsOf = (...returns: readonly number[]): Diagram => ({
    kind: 'program',
    inputs: [A, A],
    steps: [],
    returns,
    outputs: returns.map(() => A),
  })
  expect(lawsOfSyntax(readsOf(0, 1))).toEqual(['program notation'])
  expect(lawsOfSyntax(readsOf(1, 0))).toEqual(['swap is natural', 'program notation'])
  expect(lawsOfSyntax(readsOf(0, 0, 1))).toEqual(['program notation'])
  expect(lawsOfSyntax(readsOf(0, 0, 0, 1))).toEqual(['copy is coassociative', 'program notation'])
  expect(lawsOfSyntax(readsOf(0, 0))).toEqual(['copy is counital', 'program notation'])
  expect(lawsOfSyntax(readsOf(0, 1, 0))).toEqual(['swap is natural', 'copy is cocommutative', 'program notation'])
  expect(lawsOfSyntax(seq(readsOf(0, 1), readsOf(0), copy(A)))).toEqual(['copy is counital', 'program notation'])
  expect(lawsOfSyntax(seq(readsOf(1, 0), readsOf(1, 0)))).toEqual([
    'swap is natural',
    'swap is involutive',
    'program notation',
  ])
})
