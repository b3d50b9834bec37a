import fc from 'fast-check'
import { expect } from 'vitest'

import { stochasticMap, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import type { Divergence } from '../../../src/information/divergence.js'

/** Distributions on 1 to `most` symbols; zeros and tiny probabilities are common. */
export const distributions = (most = 8): fc.Arbitrary<Float64Array> =>
  fc.integer({ min: 1, max: most }).chain((size) => distributionsOn(size))

export const distributionsOn = (size: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(masses, { minLength: size, maxLength: size })
    .filter((values) => values.some((value) => value > 1e-3))
    .map((values) => normalised(values))

/** Two distributions on the same set. */
export const pairs = (most = 8): fc.Arbitrary<readonly [Float64Array, Float64Array]> =>
  fc.integer({ min: 1, max: most }).chain((size) => fc.tuple(distributionsOn(size), distributionsOn(size)))

const masses = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0.001, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 3, max: 12 }).map((exponent) => 10 ** -exponent) },
)

export const normalised = (values: readonly number[]): Float64Array => {
  const sum = values.reduce((total, value) => total + value, 0)
  return Float64Array.from(values, (value) => value / sum)
}

/** The distributions of the definition of categorical entropy: the copy of p on V x V, and p (x) p. */
export const copyAndProduct = (p: Float64Array): readonly [Float64Array, Float64Array] => {
  const size = p.length
  const copy = new Float64Array(size * size)
  const product = new Float64Array(size * size)
  for (let v = 0; v < size; v++) {
    copy[v * size + v] = p[v]!
    for (let w = 0; w < size; w++) product[v * size + w] = p[v]! * p[w]!
  }
  return [copy, product]
}

/** Stochastic matrices between given sets; every row as a distribution above. */
export const kernelsOn = (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<StochasticMatrix> => {
  const rows = sizeOfObject(domain)
  return fc
    .array(distributionsOn(sizeOfObject(codomain)), { minLength: rows, maxLength: rows })
    .map((drawn) => ({ domain, codomain, entries: Float64Array.from(drawn.flatMap((row) => [...row])) }))
}

/** 0-1 matrices between given sets. */
export const functionsOn = (domain: FiniteObject, codomain: FiniteObject): fc.Arbitrary<StochasticMatrix> => {
  const rows = sizeOfObject(domain)
  return fc
    .array(fc.nat(sizeOfObject(codomain) - 1), { minLength: rows, maxLength: rows })
    .map((values) => stochasticMap(domain, codomain, (x) => values[x]!))
}

/** Sets of one or two factors of one to three elements. */
export const sets: fc.Arbitrary<FiniteObject> = fc.array(fc.integer({ min: 1, max: 3 }), {
  minLength: 1,
  maxLength: 2,
})

/** Without the root, where there is one: a root turns the rounding of a sum, 1e-16, into 1e-8. */
const squaredIfDistance = (d: Divergence, value: number): number =>
  d.kind === 'hellinger-distance' || d.kind === 'jensen-shannon-distance' ? value * value : value

/** Equal to 1e-10 of the value, with 1e-14 for what rounding leaves of a zero; or both infinite. */
export const expectAgreement = (d: Divergence, value: number, expected: number): void => {
  if (expected === Infinity) expect(value).toBe(Infinity)
  else {
    const [left, right] = [squaredIfDistance(d, value), squaredIfDistance(d, expected)]
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * right + 1e-14)
  }
}

/** At most a limit, but for rounding: 1e-10 of it, or of one, and 1e-7 for the two that are roots. */
export const expectAtMost = (d: Divergence, value: number, limit: number): void => {
  const root = squaredIfDistance(d, 2) === 4 ? 1e-7 : 0
  expect(value).toBeLessThanOrEqual(limit + 1e-10 * Math.max(1, limit) + root)
}
