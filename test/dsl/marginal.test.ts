import { describe, expect, test } from 'vitest'

import { box, discard, equal, finite, id, marginal, par, permute, project, seq, state, swap } from '../../dsl/index.js'

const [A, B, C] = [finite('A', 2), finite('B', 3), finite('C', 4)]

describe('project', () => {
  test('keeps the named wires in the named order and discards the others', () => {
    expect(equal(project([A, B, C], [1]), par(discard(A), id(B), discard(C)))).toBe(true)
    expect(equal(project([A, B, C], [2, 0]), seq(par(id(A), discard(B), id(C)), swap(A, C)))).toBe(true)
    expect(equal(project([A, B], []), discard(A, B))).toBe(true)
    expect(equal(project([A, B, C], [2, 0, 1]), permute([A, B, C], [2, 0, 1]))).toBe(true)
  })

  test('places that are not there or named twice throw, where the compiler could not see them', () => {
    const places: readonly number[] = [0, 5]
    expect(() => project([A, B], places)).toThrow('project: [0, 5] does not name different wires of 2')
    const twice: readonly number[] = [1, 1]
    expect(() => project([A, B], twice)).toThrow('[1, 1]')
  })
})

describe('marginal', () => {
  const joint = state('joint', [A, B])
  test('of a marginal is a marginal', () => {
    const wide = par(joint, state('c', [C]))
    expect(equal(marginal(marginal(wide, [0, 2]), [1]), marginal(wide, [2]))).toBe(true)
    expect(equal(marginal(wide, [2]), state('c', [C]))).toBe(true)
  })

  test('on no output is discarding', () => {
    expect(equal(marginal(box('f', [A], [B]), []), discard(A))).toBe(true)
  })
})
