import { expect, test } from 'vitest'

import type { Descent } from '../../dsl/descent.js'
import type { DifferentTerm, Occupant } from '../../dsl/explain.js'
import {
  box,
  copy,
  type Diagram,
  discard,
  explain,
  finite,
  id,
  par,
  seq,
  showExplanation,
  state,
} from '../../dsl/index.js'

const A = finite('A', 2)
const f = box('f', [A], [A])
const g = box('g', [A], [A])
const m = box('m', [A], [A, A])
const explained = (left: Diagram, right: Diagram): string => showExplanation(explain(left, right))

test('equal', () => {
  expect(explained(seq(f, id(A)), f)).toBe('the two diagrams are equal')
})

test('boundaries', () => {
  expect(explained(par(f, f), f)).toBe('the inputs differ at 1: A (2 elements) on the left, no wire on the right')
  expect(explained(f, seq(f, discard(A)))).toBe(
    'the outputs differ at 0: A (2 elements) on the left, no wire on the right',
  )
  expect(explained(id(A), id(finite('A', ['a', 'b'])))).toBe(
    'the inputs differ at 0: ["finite","A",2] on the left, ["finite","A",["a","b"]] on the right',
  )
  expect(explained(id(A), par(id(A), id(A)))).toBe(
    'the inputs differ at 1: no wire on the left, A (2 elements) on the right',
  )
})

test('what stands at a place: an input, a box, one output of several', () => {
  expect(explained(f, id(A))).toBe('at output 0: on the left box f : A -> A, on the right input 0, A')
  expect(explained(id(A), f)).toBe('at output 0: on the left input 0, A, on the right box f : A -> A')
  expect(explained(id(A, A), seq(par(discard(A), copy(A))))).toBe(
    'at output 0: on the left input 0, A, on the right input 1, A',
  )
  expect(explained(seq(m, par(discard(A), id(A))), g)).toBe(
    'at output 0: on the left output 1 of box m : A -> A ⊗ A, on the right box g : A -> A',
  )
  expect(explained(seq(m, par(discard(A), id(A))), seq(m, par(id(A), discard(A))))).toBe(
    'at output 0: on the left output 1 of box m : A -> A ⊗ A, on the right output 0 of box m : A -> A ⊗ A',
  )
})

test('boxes that look the same', () => {
  const sure = box('f', [A], [A], { deterministic: true })
  const [once, twice] = [box('f', [A], [A], { body: g }), box('f', [A], [A], { body: seq(g, g) })]
  const other = finite('A', 3)
  const reason = (left: Diagram, right: Diagram): string => explained(left, right).split('; ').slice(1).join('; ')
  expect(reason(sure, f)).toBe('only the left one is deterministic')
  expect(reason(f, sure)).toBe('only the right one is deterministic')
  expect(reason(once, f)).toBe('only the left one contains a diagram')
  expect(reason(f, once)).toBe('only the right one contains a diagram')
  expect(reason(once, twice)).toBe(
    'what they contain differs: at output 0, below input 0 of g: on the left input 0, A, on the right box g : A -> A',
  )
  expect(reason(seq(state('s', [A]), f), seq(state('s', [other]), box('f', [other], [A])))).toBe(
    'the inputs differ at 0: A (2 elements) on the left, A (3 elements) on the right',
  )
  expect(reason(f, g)).toBe('')
})

test('draws', () => {
  const [one, two] = [seq(f, copy(A)), seq(copy(A), par(f, f))]
  expect(explained(one, two)).toBe(
    'the left uses one draw of f twice, the right draws twice: at output 0 and at output 1',
  )
  expect(explained(two, one)).toBe('the left draws f twice, the right uses one draw twice: at output 0 and at output 1')
})

test('of a long path the four boxes at each end', () => {
  const input: Occupant = { kind: 'input', input: 0, wire: A, term: id(A) }
  const at = (length: number): string => {
    const path = Array.from({ length }, (_, step): Descent => ({ box: `b${step}`, output: 0, input: step % 2 }))
    const difference: DifferentTerm = { kind: 'different', output: 3, path, left: input, right: input }
    return showExplanation(difference).split(':')[0]!
  }
  const steps = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, k) => `below input ${(from + k) % 2} of b${from + k}`).join(', ')
  expect(at(0)).toBe('at output 3')
  expect(at(8)).toBe(`at output 3, ${steps(0, 8)}`)
  expect(at(9)).toBe(`at output 3, ${steps(0, 4)}, 1 boxes further, ${steps(5, 9)}`)
  expect(at(20)).toBe(`at output 3, ${steps(0, 4)}, 12 boxes further, ${steps(16, 20)}`)
})
