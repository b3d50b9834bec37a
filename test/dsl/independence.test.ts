import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { bloom } from '../../dsl/bloom.js'
import { impliedIndependences, showIndependence } from '../../dsl/independence.js'
import { box, copy, type Diagram, finite, id, par, seq, state } from '../../dsl/index.js'
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

  test.each([-1, 0.5, Number.NaN])('a largest condition of %s is a problem', (largestCondition) => {
    expect(impliedIndependences(f, { largestCondition })).toMatchObject({
      _tag: 'Left',
      left: { kind: 'out-of-range', where: 'largestCondition' },
    })
  })
})
