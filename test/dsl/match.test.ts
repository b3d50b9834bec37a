import { describe, expect, test } from 'vitest'

import {
  box,
  copy,
  type Diagram,
  discard,
  equal,
  finite,
  id,
  par,
  seq,
  showProblem,
  state,
  swap,
} from '../../dsl/index.js'
import { type Match, matches } from '../../dsl/match.js'
import { equation, rewrite, rewriteAll } from '../../dsl/rewrite.js'
import { valueOf } from '../support/value-of.js'

const A = finite('A', 2)
const [f, g, h] = [box('f', [A], [A]), box('g', [A], [A]), box('h', [A], [A])]
const k = box('k', [A, A], [A])
const m = box('m', [A], [A, A])
const d = box('d', [A], [A], { deterministic: true })
const e = box('e', [A], [A])
const s = state('s', [A])

const found = (diagram: Diagram, lhs: Diagram): readonly Match[] => valueOf(matches(diagram, lhs))
const boxesOf = (diagram: Diagram, lhs: Diagram): readonly (readonly number[])[] =>
  found(diagram, lhs).map(({ boxes }) => boxes)

describe('the search', () => {
  test('gives the wires too; an input that no box reads has none', () => {
    expect(found(seq(f, g), par(g, id(A)))).toEqual([{ boxes: [1], wires: [1, undefined, 2] }])
    expect(found(par(m, k), m)).toEqual([{ boxes: [0], wires: [0, 3, 4] }])
  })

  test('looks for a producer where an input is', () => {
    expect(found(par(g, f, f), seq(f, g))).toEqual([])
    expect(boxesOf(par(g, seq(f, g), f, f), seq(f, g))).toEqual([[1, 2]])
  })

  test('takes a box that reads a wire at several ports once', () => {
    const squared = seq(copy(A), k)
    expect(boxesOf(seq(f, squared), seq(f, squared))).toEqual([[0, 1]])
    expect(boxesOf(seq(f, squared, f, squared), seq(f, squared))).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  test('finds a box that reads two wires, one after the other, by each of them', () => {
    const joined = seq(par(id(A), s), k)
    expect(boxesOf(joined, joined)).toEqual([[0, 1]])
    expect(boxesOf(seq(par(s, id(A)), k), seq(par(s, id(A)), k))).toEqual([[0, 1]])
  })

  test('keeps what it has bound apart from one try to the next', () => {
    // The first f leads to no g; what was bound to it must be free again.
    expect(found(par(seq(f, h), seq(f, g)), seq(f, g))).toEqual([{ boxes: [2, 3], wires: [1, 4, 5] }])
    const fork = seq(m, par(f, g))
    expect(boxesOf(par(seq(m, par(g, f)), fork, seq(m, par(f, f))), fork)).toEqual([[3, 4, 5]])
  })
})

describe('what is an occurrence', () => {
  test('a wire inside is read by nothing outside, be it by as many as inside', () => {
    expect(boxesOf(seq(f, copy(A), par(id(A), g)), seq(f, g))).toEqual([])
    expect(boxesOf(seq(f, copy(A), par(id(A), copy(A)), par(id(A), g, h)), seq(f, g))).toEqual([])
    expect(boxesOf(seq(f, copy(A), par(g, h)), seq(f, g))).toEqual([])
    expect(boxesOf(seq(f, copy(A), par(g, h)), seq(f, copy(A), par(id(A), g)))).toEqual([[0, 1]])
    expect(boxesOf(m, seq(m, par(id(A), discard(A))))).toEqual([])
    expect(boxesOf(seq(m, par(id(A), discard(A))), seq(m, par(id(A), discard(A))))).toEqual([[0]])
  })

  test('two pieces of which one reads the other, at any port, are none', () => {
    expect(boxesOf(seq(f, g), par(f, g))).toEqual([])
    expect(boxesOf(seq(m, par(id(A), g)), par(m, g))).toEqual([])
    expect(boxesOf(seq(m, par(g, id(A))), par(m, g))).toEqual([])
    expect(boxesOf(par(f, g), par(f, g))).toEqual([[0, 1]])
  })

  test('nor are two between which there is a way, however long', () => {
    expect(boxesOf(seq(f, h, g), par(f, g))).toEqual([])
    expect(boxesOf(seq(f, h, e, h, g), par(f, g))).toEqual([])
    expect(boxesOf(seq(m, par(h, h), k, g), par(m, g))).toEqual([])
    // A way that leads elsewhere does no harm.
    expect(boxesOf(seq(f, copy(A), par(seq(h, e), g)), seq(f, copy(A), par(id(A), g)))).toEqual([[0, 3]])
    expect(boxesOf(par(seq(f, h, e), g), par(f, g))).toEqual([[0, 3]])
  })

  test('unless all that is read can be had before it, from deterministic boxes', () => {
    expect(boxesOf(seq(d, g), par(d, g))).toEqual([[0, 1]])
    expect(boxesOf(seq(d, h, g), par(d, g))).toEqual([[0, 2]])
    expect(boxesOf(seq(d, f, h, g), par(seq(d, f), g))).toEqual([])
  })
})

describe('problems of rewriting', () => {
  const messageOf = (result: ReturnType<typeof rewrite>): string =>
    result._tag === 'Left' ? showProblem(result.left) : 'no problem'
  const fusion = equation('fusion', seq(f, g), h)
  const boxless = equation('boxless', id(A), f)

  test('say where, what and what to do', () => {
    const loose = equation('loose', par(f, id(A)), par(id(A), f))
    const redirecting = equation('redirecting', par(f, id(A)), seq(par(f, discard(A)), par(id(A), s)))
    const spent = equation('spent', par(f, discard(A)), seq(swap(A, A), par(f, discard(A))))
    // The input goes to another output on the right than on the left.
    const doubling = equation('doubling', par(f, id(A)), par(discard(A), copy(A)))
    expect(
      [fusion, boxless, loose, redirecting, spent, doubling].map((rule) => messageOf(rewrite(seq(f, h), rule))),
    ).toEqual([
      "rewrite with 'fusion': the left side does not occur in the diagram; look at the occurrences with matches(diagram, equation.lhs)",
      'the left side, from A to A: it has no box that an output depends on, so that it occurs everywhere; give a left side with such a box',
      ...['loose', 'redirecting', 'spent', 'doubling'].map(
        (name) =>
          `equation '${name}', input 1: A (2 elements): no box of the left side reads it, so that any wire could stand for it, but the two sides treat it differently; give a left side in which a box reads the input`,
      ),
    ])
    expect(messageOf(rewrite(seq(f, g, f, g), fusion, () => false))).toBe(
      "rewrite with 'fusion': none of the 2 occurrences of the left side is accepted; look at the occurrences with matches(diagram, equation.lhs)",
    )
  })

  test('an input that both sides only pass on, or discard, may be any wire', () => {
    expect(equal(valueOf(rewrite(seq(f, h), equation('', par(f, id(A)), par(g, id(A))))), seq(g, h))).toBe(true)
    expect(equal(valueOf(rewrite(seq(f, h), equation('', par(f, discard(A)), par(g, discard(A))))), seq(g, h))).toBe(
      true,
    )
  })

  test('of all equations at once', () => {
    expect(messageOf(rewriteAll(f, [fusion, boxless]))).toContain('the left side, from A to A')
    expect(messageOf(rewriteAll(f, equation('growing', f, seq(f, f)), { limit: 3 }))).toBe(
      'rewriteAll: a left side still occurs after 3 steps; give a larger limit, or equations whose right sides do not lead back to left sides',
    )
    // Three occurrences side by side need three steps, however they are taken.
    const three = par(f, f, f)
    const renaming = equation('renaming', f, g)
    expect(messageOf(rewriteAll(three, renaming, { limit: 2 }))).toContain('after 2 steps')
    expect(equal(valueOf(rewriteAll(three, renaming, { limit: 3 })), par(g, g, g))).toBe(true)
  })
})

test('occurrences that depend on each other in a circle are replaced one by one', () => {
  // f and g of one piece stand crosswise: either can be replaced, not both together.
  const crossed = par(seq(f, g), seq(f, g))
  const rule = equation('', par(f, g), par(h, h))
  const result = valueOf(rewriteAll(crossed, rule))
  expect(boxesOf(result, par(f, g)).length).toBe(0)
})

test('several equations: the first that applies goes first', () => {
  const rules = [equation('', f, g), equation('', seq(f, f), h)]
  expect(equal(valueOf(rewriteAll(seq(f, f), rules)), seq(g, g))).toBe(true)
  expect(equal(valueOf(rewriteAll(seq(f, f), [...rules].reverse())), h)).toBe(true)
})
