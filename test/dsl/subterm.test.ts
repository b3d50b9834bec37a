import { expect, test } from 'vitest'

import { box, canonicalKey, copy, finite, id, normalForm, par, seq, state } from '../../dsl/index.js'
import { termAbove } from '../../dsl/subterm.js'

const [A, B] = [finite('A', 2), finite('B', 3)]
const f = box('f', [A], [B])
const g = box('g', [B], [A])

test('what is read and not given becomes an input, in the order of the wires', () => {
  const term = termAbove(normalForm(id(A, B)), [1, 0, 1], 4)
  expect([term.inputs, term.outputs, term.returns]).toEqual([
    [A, B],
    [B, A, B],
    [1, 0, 1],
  ])
})

test('the nearest boxes come first, and no more than the limit', () => {
  const form = normalForm(seq(state('p', [A]), f, g, f, g))
  const last = form.outputs[0]!
  expect(canonicalKey(termAbove(form, [last], 1))).toBe(canonicalKey(g))
  expect(canonicalKey(termAbove(form, [last], 2))).toBe(canonicalKey(seq(f, g)))
  expect(canonicalKey(termAbove(form, [last], 5))).toBe(canonicalKey(seq(state('p', [A]), f, g, f, g)))
  expect(canonicalKey(termAbove(form, [last], 0))).toBe(canonicalKey(id(A)))
})

test('a box at the limit that is read twice is one box', () => {
  const two = box('two', [B, B], [A])
  const form = normalForm(seq(f, copy(B), two))
  const [ofF] = form.boxes[1]!.inputs
  expect(canonicalKey(termAbove(form, [form.outputs[0]!, ofF!], 2))).toBe(
    canonicalKey(seq(f, copy(B), par(id(B), copy(B)), par(two, id(B)))),
  )
})
