/** Almost sure equality: laws H1-H3, and that it tells apart what has mass from what has none. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { finStochArbitraries } from '../../../laws/index.js'
import { almostSurelyEqual, jointWithOutput, keepInput } from '../../../src/category/almost-sure.js'
import { FinStoch, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'

const { object, morphism } = finStochArbitraries
const { seq, par, id } = FinStoch
const sure = almostSurelyEqual(FinStoch)

/** A prior p, and three morphisms of which the second and third differ from the first in some rows. */
const cases = fc.tuple(object, object, object, object).chain(([a, x, y, z]) =>
  fc.record({
    p: morphism(a, x),
    f: morphism(x, y),
    others: fc.tuple(morphism(x, y), morphism(x, y)),
    replaced: fc.tuple(rowsOf(x), rowsOf(x)),
    h: morphism(y, z),
  }),
)
const rowsOf = (x: FiniteObject) => fc.array(fc.boolean(), { minLength: sizeOfObject(x), maxLength: sizeOfObject(x) })

const withRows = (f: StochasticMatrix, other: StochasticMatrix, replaced: readonly boolean[]): StochasticMatrix => {
  const width = sizeOfObject(f.codomain)
  const entries = f.entries.map((entry, at) => (replaced[Math.floor(at / width)] ? other.entries[at]! : entry))
  return { ...f, entries }
}

/** The definition for matrices: the rows of f and g agree wherever p puts mass. */
const agreeOnSupport = (p: StochasticMatrix, f: StochasticMatrix, g: StochasticMatrix): boolean => {
  const [size, width] = [sizeOfObject(p.codomain), sizeOfObject(f.codomain)]
  return p.entries.every((mass, at) => {
    const row = at % size
    const same = f.entries
      .slice(row * width, (row + 1) * width)
      .every((entry, k) => Math.abs(entry - g.entries[row * width + k]!) < 1e-9)
    return mass === 0 || same
  })
}

test('it is agreement of the rows that have mass', () => {
  const counts = { agree: 0, differ: 0, agreeOnlySurely: 0 }
  fc.assert(
    fc.property(cases, ({ p, f, others: [other], replaced: [rows] }) => {
      const g = withRows(f, other, rows)
      const agree = agreeOnSupport(p, f, g)
      counts[agree ? 'agree' : 'differ'] += 1
      counts.agreeOnlySurely += Number(agree && !FinStoch.equals(f, g))
      expect(sure(p, f, g)).toBe(agree)
    }),
    { numRuns: 2000 },
  )
  expect(Math.min(counts.agree, counts.differ, counts.agreeOnlySurely)).toBeGreaterThan(20)
})

test('H1: an equivalence', () =>
  fc.assert(
    fc.property(cases, ({ p, f, others: [one, two], replaced: [rows, more] }) => {
      const [g, h] = [withRows(f, one, rows), withRows(f, two, more)]
      expect(sure(p, f, f)).toBe(true)
      expect(sure(p, g, f)).toBe(sure(p, f, g))
      if (sure(p, f, g) && sure(p, g, h)) expect(sure(p, f, h)).toBe(true)
    }),
    { numRuns: 500 },
  ))

test('H2, H3: equal after the prior, and kept by what comes after and stands beside', () => {
  let premises = 0
  fc.assert(
    fc.property(cases, ({ p, f, others: [other], replaced: [rows], h }) => {
      const g = withRows(f, other, rows)
      if (!sure(p, f, g)) return
      premises += 1
      expect(FinStoch.equals(seq(p, f), seq(p, g))).toBe(true)
      expect(sure(p, seq(f, h), seq(g, h))).toBe(true)
      expect(sure(par(p, h), par(f, id(h.codomain)), par(g, id(h.codomain)))).toBe(true)
    }),
    { numRuns: 500 },
  )
  expect(premises).toBeGreaterThan(100)
})

test('what goes in beside what comes out, and the input beside what a prior gives', () => {
  const p: StochasticMatrix = { domain: [2], codomain: [2], entries: Float64Array.of(0.5, 0.5, 0, 1) }
  const f: StochasticMatrix = { domain: [2], codomain: [2], entries: Float64Array.of(0.25, 0.75, 1, 0) }
  expect(Array.from(jointWithOutput(FinStoch)(p, f).entries)).toEqual([0.125, 0.375, 0.5, 0, 0, 0, 1, 0])
  // Columns (x, a).
  expect(Array.from(keepInput(FinStoch)(p).entries)).toEqual([0.5, 0, 0.5, 0, 0, 0, 0, 1])
})
