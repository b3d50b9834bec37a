import { describe, expect, test } from 'vitest'

import { bound, identity } from '../../../src/information/figure.js'

describe('identity', () => {
  test('holds to its tolerance, relative above one and absolute below', () => {
    expect(identity('', 1, 1 + 9e-11, '1').holds).toBe(true)
    expect(identity('', 1, 1 + 2e-10, '1').holds).toBe(false)
    expect(identity('', 1e6, 1e6 + 9e-5, '1').holds).toBe(true)
    expect(identity('', 1e-12, 0, '1').holds).toBe(true)
    expect(identity('', 0, 1e-3, '1', 1e-2)).toMatchObject({ residual: -1e-3, holds: true })
  })

  test('does not hold where a side is infinite or no number', () => {
    for (const [left, right] of [
      [1, Infinity],
      [-Infinity, 1],
      [Infinity, Infinity],
      [NaN, 1],
      [NaN, NaN],
      [0, NaN],
    ] as const)
      expect(identity('', left, right, '1').holds, `${left} = ${right}`).toBe(false)
  })
})

describe('bound', () => {
  test('holds to rounding', () => {
    expect(bound('', 1 + 9e-13, 'at most', 1, '1').holds).toBe(true)
    expect(bound('', 1 + 2e-12, 'at most', 1, '1').holds).toBe(false)
    expect(bound('', 1 - 9e-13, 'at least', 1, '1').holds).toBe(true)
    expect(bound('', 1 - 2e-12, 'at least', 1, '1').holds).toBe(false)
  })

  test('no number is at least infinity, and NaN keeps no bound', () => {
    expect(bound('', 1, 'at least', Infinity, '1').holds).toBe(false)
    expect(bound('', 1, 'at most', -Infinity, '1').holds).toBe(false)
    expect(bound('', Infinity, 'at most', 1, '1').holds).toBe(false)
    expect(bound('', NaN, 'at most', 1, '1').holds).toBe(false)
    expect(bound('', 1, 'at least', NaN, '1').holds).toBe(false)
    expect(bound('', Infinity, 'at most', Infinity, '1').holds).toBe(true)
    expect(bound('', 1, 'at most', Infinity, '1').holds).toBe(true)
  })
})
