import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { bloom } from '../../dsl/bloom.js'
import { impliedIndependences, largestIndependenceSearch, showIndependence } from '../../dsl/independence.js'
import { box, copy, type Diagram, finite, id, par, seq, showProblem, state } from '../../dsl/index.js'
import { type CausalGraph, diagramOfGraph } from '../support/causal-graph.js'
import { valueOf } from '../support/value-of.js'

const textsOf = (diagram: Diagram, largestCondition?: number): readonly string[] =>
  valueOf(impliedIndependences(diagram, largestCondition === undefined ? {} : { largestCondition })).map((found) =>
    showIndependence(
      found,
      diagram.outputs.map(({ name }) => name),
    ),
  )
const A = finite('A', 2)
const f = box('f', [A], [A])

describe('the implied independences', () => {
  test.each<[string, readonly string[], CausalGraph, readonly string[]]>([
    [
      'a chain',
      ['a', 'b', 'c', 'd'],
      [[], [0], [1], [2]],
      ['A ⊥ C | B', 'A ⊥ C | B, D', 'A ⊥ D | B', 'A ⊥ D | C', 'A ⊥ D | B, C', 'B ⊥ D | C', 'B ⊥ D | A, C'],
    ],
    [
      'a collider with a descendant',
      ['a', 'b', 'c', 'd'],
      [[], [], [0, 1], [2]],
      ['A ⊥ B', 'A ⊥ D | C', 'A ⊥ D | B, C', 'B ⊥ D | C', 'B ⊥ D | A, C'],
    ],
    ['a diamond', ['a', 'b', 'c', 'd'], [[], [0], [0], [1, 2]], ['A ⊥ D | B, C', 'B ⊥ C | A']],
    ['a complete graph', ['a', 'b', 'c'], [[], [0], [0, 1]], []],
    ['no arrows', ['a', 'b', 'c'], [[], [], []], ['A ⊥ B', 'A ⊥ B | C', 'A ⊥ C', 'A ⊥ C | B', 'B ⊥ C', 'B ⊥ C | A']],
  ])('of %s', (_, names, parents, expected) => {
    expect(textsOf(diagramOfGraph(parents, names))).toEqual(expected)
  })

  test('with a largest condition', () => {
    const chain = diagramOfGraph([[], [0], [1], [2]], ['a', 'b', 'c', 'd'])
    expect(textsOf(chain, 0)).toEqual([])
    expect(textsOf(chain, 1)).toEqual(['A ⊥ C | B', 'A ⊥ D | B', 'A ⊥ D | C', 'B ⊥ D | C'])
    expect(textsOf(chain, 50).length).toBe(7)
  })

  test('of outputs that share a wire: given by the third', () => {
    const thrice = seq(state('s', [A]), copy(A), par(id(A), copy(A)))
    expect(valueOf(impliedIndependences(thrice))).toEqual([
      { x: 0, y: 1, given: [2] },
      { x: 0, y: 2, given: [1] },
      { x: 1, y: 2, given: [0] },
    ])
  })

  test('of fewer than two outputs: none', () => {
    expect(valueOf(impliedIndependences(f))).toEqual([])
    expect(valueOf(impliedIndependences(id()))).toEqual([])
  })

  test('all 47,103 of a chain of 12 wires, every condition', () => {
    const { diagram } = bloom(seq(f, f, f, f, f, f, f, f, f, f, f))
    const found = valueOf(impliedIndependences(diagram))
    // Wires with g wires between them are separated by every set that has one of those: 2^10 - 2^(10 - g) of 2^10 sets.
    const expected = Array.from({ length: 11 }, (_, g) => (11 - g) * (2 ** 10 - 2 ** (10 - g)))
    expect(expected.reduce((sum, count) => sum + count, 0)).toBe(47_103)
    expect(found.length).toBe(47_103)
  })
})

describe('limits', () => {
  const many = par(...new Array<typeof f>(20).fill(f))
  test('too many questions are refused, a smaller condition is not', () => {
    const result = impliedIndependences(many)
    if (!isLeft(result)) throw new Error('answered')
    expect(result.left.kind).toBe('out-of-range')
    expect(result.left.what).toBe(
      '190 pairs of outputs with up to 18 given, in a diagram of 60 wires and boxes, are more than 16777216 steps',
    )
    // C(20, 2) pairs times 1 + 18 + 153 conditions, all of them separated.
    expect(valueOf(impliedIndependences(many, { largestCondition: 2 })).length).toBe(190 * 172)
  })

  test('the questions are counted with the wires and boxes of the diagram', () => {
    // C(n, 2) pairs of n states, every set of the n - 2 others, and 2 n wires and boxes: 2^24 lies between n = 14 and n = 15.
    const states = (count: number): Diagram => par(...new Array<Diagram>(count).fill(state('s', [finite('A', 2)])))
    expect(isLeft(impliedIndependences(states(15)))).toBe(true)
    expect(91 * 2 ** 12 * 28 <= largestIndependenceSearch).toBe(true)
    expect(105 * 2 ** 13 * 30 > largestIndependenceSearch).toBe(true)
    // 15 outputs with up to k given: 105 pairs, 30 wires and boxes, and the first k + 1 numbers of the row 1, 13, 78, 286, 715, ...
    const upTo = (largestCondition: number) => impliedIndependences(states(15), { largestCondition })
    const refused = upTo(7)
    expect(isLeft(refused) ? showProblem(refused.left) : '').toBe(
      'impliedIndependences: 105 pairs of outputs with up to 7 given, in a diagram of 30 wires and boxes, are more than 16777216 steps; give a smaller largestCondition, or ask about fewer outputs',
    )
    expect(valueOf(upTo(3)).length).toBe(105 * (1 + 13 + 78 + 286))
  })

  test('a largest condition that is no count', () => {
    const result = impliedIndependences(f, { largestCondition: -2 })
    expect(isLeft(result) ? showProblem(result.left) : '').toBe(
      'largestCondition: it is -2; give a whole number of at least 0, or none',
    )
    expect(valueOf(impliedIndependences(par(f, f), { largestCondition: Infinity }))).toEqual([
      { x: 0, y: 1, given: [] },
    ])
    expect(valueOf(impliedIndependences(par(f, f), { largestCondition: 0 }))).toEqual([{ x: 0, y: 1, given: [] }])
  })

  test('an output without a name is shown by its number', () => {
    expect(showIndependence({ x: 0, y: 3, given: [1, 2] }, ['a', 'b'])).toBe('a ⊥ output 3 | b, output 2')
  })

  test.each([-1, 0.5, Number.NaN])('a largest condition of %s is a problem', (largestCondition) => {
    expect(impliedIndependences(f, { largestCondition })).toMatchObject({
      _tag: 'Left',
      left: { kind: 'out-of-range', where: 'largestCondition' },
    })
  })
})
