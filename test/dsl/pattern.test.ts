import { describe, expect, test } from 'vitest'

import { box, copy, type Diagram, discard, finite, id, par, seq, showProblem, state, swap } from '../../dsl/index.js'
import { type Pattern, patternOf, type PlanStep, searchPlan } from '../../dsl/pattern.js'
import { valueOf } from '../support/value-of.js'

const [A, B] = [finite('A', 2), finite('B', 3)]
const f = box('f', [A], [A])
const m = box('m', [A], [A, B])
const k = box('k', [A, A], [A])
const d = box('d', [A], [A], { deterministic: true })
const e = box('e', [A, A], [A], { deterministic: true })
const patternFor = (diagram: Diagram): Pattern => valueOf(patternOf(diagram))

describe('a pattern', () => {
  test('knows how often boxes read each wire, and which outputs carry it', () => {
    // Wires: the input, A and B of m, the output of k.
    const { readings, carriers } = patternFor(seq(m, par(seq(copy(A), par(copy(A), id(A)), par(k, id(A))), id(B))))
    expect([...readings]).toEqual([1, 2, 0, 0])
    expect(carriers).toEqual([[], [1], [2], [0]])
  })

  test('knows which wires can be had before it, and which after it', () => {
    const available = (diagram: Diagram) => {
      const { before, after } = patternFor(diagram)
      return [[...before], [...after]]
    }
    // Inputs can; what a stochastic box gives can be had after it if it is an output.
    expect(available(seq(f, f))).toEqual([
      [1, 0, 0],
      [1, 0, 1],
    ])
    // What deterministic boxes make of it can be had where all that they read can.
    expect(available(seq(d, copy(A), par(f, d)))).toEqual([
      [1, 1, 0, 1],
      [1, 1, 1, 1],
    ])
    expect(available(seq(par(f, id(A)), e))).toEqual([
      [1, 1, 0, 0],
      [1, 1, 0, 1],
    ])
    expect(available(seq(par(f, id(A)), e, f))).toEqual([
      [1, 1, 0, 0, 0],
      [1, 1, 0, 0, 1],
    ])
    expect(available(seq(f, copy(A), par(seq(d, f), id(A))))).toEqual([
      [1, 0, 0, 0],
      [1, 1, 1, 1],
    ])
  })

  test('without boxes is a problem', () => {
    const result = patternOf(seq(swap(A, B), par(id(B), seq(f, discard(A)))))
    expect(result._tag === 'Left' ? showProblem(result.left) : '').toBe(
      'the left side, from A ⊗ B to B: it has no box that an output depends on, so that it occurs everywhere; give a left side with such a box',
    )
  })
})

describe('the order in which its boxes are looked for', () => {
  const planOf = (diagram: Diagram, frequencies: readonly number[]): readonly PlanStep[] =>
    searchPlan(patternFor(diagram).graph, (box) => frequencies[box]!)

  test('begins at the rarest box, the first of several', () => {
    const chain = seq(f, m, par(f, id(B)))
    expect(planOf(chain, [5, 1, 5])).toEqual([
      { via: 'anchor', box: 1 },
      { via: 'producer', box: 0, wire: 1 },
      { via: 'reader', box: 2, wire: 2 },
    ])
    expect(planOf(chain, [2, 2, 2])).toEqual([
      { via: 'anchor', box: 0 },
      { via: 'reader', box: 1, wire: 1 },
      { via: 'reader', box: 2, wire: 2 },
    ])
    expect(planOf(chain, [3, 2, 1])).toEqual([
      { via: 'anchor', box: 2 },
      { via: 'producer', box: 1, wire: 2 },
      { via: 'producer', box: 0, wire: 1 },
    ])
  })

  test('goes to producers first, to every reader once, and anchors what is not joined to it', () => {
    // Boxes: f gives wire 1, which two boxes f read; k joins what they give; a state stands beside them.
    const diamond = par(seq(f, copy(A), par(f, f), k), state('s', [A]))
    expect(planOf(diamond, [1, 1, 1, 1, 1])).toEqual([
      { via: 'anchor', box: 0 },
      { via: 'reader', box: 1, wire: 1 },
      { via: 'reader', box: 2, wire: 1 },
      { via: 'reader', box: 3, wire: 2 },
      { via: 'anchor', box: 4 },
    ])
    expect(planOf(diamond, [9, 9, 9, 5, 7])).toEqual([
      { via: 'anchor', box: 3 },
      { via: 'producer', box: 1, wire: 2 },
      { via: 'producer', box: 2, wire: 3 },
      { via: 'producer', box: 0, wire: 1 },
      { via: 'anchor', box: 4 },
    ])
    expect(planOf(diamond, [9, 9, 9, 5, 2])).toEqual([
      { via: 'anchor', box: 4 },
      { via: 'anchor', box: 3 },
      { via: 'producer', box: 1, wire: 2 },
      { via: 'producer', box: 2, wire: 3 },
      { via: 'producer', box: 0, wire: 1 },
    ])
  })
})
