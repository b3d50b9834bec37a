import { describe, expect, test } from 'vitest'

import { standardNormals } from '../../../src/linear-algebra/standard-normal.js'

const draw = (seed: number, count: number): Float64Array => {
  const target = new Float64Array(count)
  standardNormals(seed)(target)
  return target
}
const mean = (values: Float64Array, f: (x: number) => number): number =>
  values.reduce((sum, x) => sum + f(x), 0) / values.length

describe('standardNormals', () => {
  test('the same seed gives the same numbers; the stream goes on; odd lengths are filled', () => {
    expect(draw(3, 7)).toEqual(draw(3, 7))
    expect(draw(3, 7)).not.toEqual(draw(4, 7))
    const source = standardNormals(3)
    const [first, second] = [new Float64Array(7), new Float64Array(7)]
    source(first)
    source(second)
    expect(first).toEqual(draw(3, 7))
    expect(second).not.toEqual(first)
    expect(second.every((x) => x !== 0)).toBe(true)
  })

  test('moments and tail of 400,000 numbers, to five standard errors', () => {
    const values = draw(12345, 400_000)
    const error = (variance: number): number => 5 * Math.sqrt(variance / values.length)
    expect(Math.abs(mean(values, (x) => x))).toBeLessThan(error(1))
    expect(Math.abs(mean(values, (x) => x * x) - 1)).toBeLessThan(error(2))
    expect(Math.abs(mean(values, (x) => x ** 3))).toBeLessThan(error(15))
    expect(Math.abs(mean(values, (x) => x ** 4) - 3)).toBeLessThan(error(96))
    // P(|X| > 1.959963984540054) = 0.05.
    const tail = mean(values, (x) => (Math.abs(x) > 1.959963984540054 ? 1 : 0))
    expect(Math.abs(tail - 0.05)).toBeLessThan(error(0.05 * 0.95))
  })

  test('neighbouring numbers and neighbouring seeds are uncorrelated', () => {
    const [a, b] = [draw(1, 100_000), draw(2, 100_000)]
    const lagged = a.reduce((sum, x, i) => sum + x * (a[i + 1] ?? 0), 0) / a.length
    const across = a.reduce((sum, x, i) => sum + x * b[i]!, 0) / a.length
    expect(Math.abs(lagged)).toBeLessThan(5 / Math.sqrt(a.length))
    expect(Math.abs(across)).toBeLessThan(5 / Math.sqrt(a.length))
  })

  test('a seed that is no integer throws', () => {
    expect(() => standardNormals(0.5)).toThrow('integer')
  })
})
