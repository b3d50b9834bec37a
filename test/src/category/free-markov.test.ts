/** Diagrams satisfy every law of a Markov category, under the equality that normal forms decide. */
import { describe, expect, test } from 'vitest'

import { box, copy, finite, id, par, seq, type Wires } from '../../../dsl/index.js'
import { chanceLaws, checkLaws, diagramArbitraries, markovLaws, testLaws } from '../../../laws/index.js'
import { freeMarkov } from '../../../src/category/free-markov.js'

const [A, B] = [finite('A', 2), finite('B', ['x', 'y', 'z'])]
const signature = [
  box('coin', [], [A]),
  box('noise', [A], [B]),
  box('pair', [B], [A, B]),
  box('map', [A], [B], { deterministic: true }),
  box('choice', [B, A], [B], { deterministic: true }),
]

testLaws(chanceLaws(freeMarkov, diagramArbitraries(signature)), { describe, test })

describe('equality by something finer', () => {
  const failing = (equals: typeof freeMarkov.equals): readonly string[] =>
    checkLaws(markovLaws({ ...freeMarkov, equals }, diagramArbitraries(signature)), { seed: 4 })
      .filter(({ kind }) => kind === 'failed')
      .map(({ law }) => law.group)

  test('sameness of terms breaks every equation', () => {
    const sameTerm: typeof freeMarkov.equals = (f, g) => JSON.stringify(f) === JSON.stringify(g)
    expect([...new Set(failing(sameTerm))].sort()).toEqual(
      'A1 A2 A3 B1 B2 B3 B4 C1 C2 C3 C4 C5 D1 D2 D3 D4 E1 E2 E3 E4 F1 G1'.split(' '),
    )
  })
})

test('a diagram is shown by its boxes', () => {
  const noise = box('noise', [A], [B])
  const unit: Wires = []
  expect(freeMarkov.show(seq(copy(A), par(noise, id(A)), par(id(B), noise)))).toBe(
    ['A -> B ⊗ B', '  takes 0', '  1 = noise(0)', '  2 = noise(0)', '  gives 1, 2'].join('\n'),
  )
  expect(freeMarkov.show(freeMarkov.id(unit))).toBe(['I -> I', '  takes', '  gives'].join('\n'))
})
