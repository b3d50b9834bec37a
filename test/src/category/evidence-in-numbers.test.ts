/** Evidence: digits that compensated sums keep, and what impossible evidence says. */
import { isRight, type Either } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

import { type Problem, showProblem } from '../../../dsl/index.js'
import { observe, posterior } from '../../../src/category/evidence.js'
import { FinStoch, type Rows } from '../../../src/category/fin-stoch.js'
import type { FiniteObject } from '../../../src/category/finite-object.js'
import { valueOf } from '../../support/value-of.js'

const matrix = (domain: FiniteObject, codomain: FiniteObject, rows: Rows) =>
  valueOf(FinStoch.read(rows, domain, codomain, 'matrix'))
const problemOf = <A>(result: Either<Problem, A>): readonly [kind: string, text: string] => {
  if (isRight(result)) throw new Error('expected a problem')
  return [result.left.kind, showProblem(result.left)]
}

test('the order of the observations is of no account, also where one outweighs all before it', () => {
  // The elements meet the same factors in opposite orders; compensated for the larger of two terms only, they would differ by 1e-13.
  const factors = [0.02, 0.08, 5e-34, 9e-7, 9e-290]
  const kernels = factors.map((factor, index) => {
    const opposite = factors[factors.length - 1 - index]!
    return matrix(
      [2],
      [2],
      [
        [factor, 1 - factor],
        [opposite, 1 - opposite],
      ],
    )
  })
  const even = matrix([], [2], [[0.5, 0.5]])
  const given = valueOf(
    posterior(
      even,
      kernels.map((kernel) => ({ kernel, observed: 0 })),
    ),
  )
  expect(Array.from(given.distribution.entries)).toEqual([0.5, 0.5])
})

describe('in words', () => {
  const joint = matrix(
    [2],
    [2, 2],
    [
      [0.5, 0.5, 0, 0],
      [0, 0, 0.25, 0.75],
    ],
  )

  test('an observed element without probability', () =>
    expect(problemOf(observe(joint, { object: [2], observed: 1, input: 0 }))).toEqual([
      'impossible-evidence',
      'observed element 1: the evidence has probability zero; observe another element; for a composed matrix ask observeDiagram',
    ]))

  test('an input that is not chosen', () =>
    expect(problemOf(observe(joint, { object: [2], observed: 1 }))).toEqual([
      'invalid-value',
      'input: there are 2 inputs and none is chosen; give one of them',
    ]))

  test('observations that no element explains', () =>
    expect(problemOf(posterior(matrix([], [2], [[1, 0]]), [{ kernel: FinStoch.id([2]), observed: 1 }]))).toEqual([
      'impossible-evidence',
      '1 observations: the evidence has probability zero; drop the observations that no element explains, or change the prior',
    ]))

  test('objects of several factors that do not fit', () => {
    expect(() => observe(FinStoch.id([2, 3]), { object: [3, 2], observed: 0, input: 0 })).toThrow(
      'observe: codomain [2, 3] does not begin with [3, 2]',
    )
  })

  test('a posterior is a state on what was not observed', () => {
    const { domain, codomain } = valueOf(posterior(matrix([], [2], [[0.5, 0.5]]), [])).distribution
    expect([domain, codomain]).toEqual([[], [2]])
    const given = valueOf(observe(joint, { object: [2], observed: 0, input: 0 }))
    expect([given.distribution.domain, given.distribution.codomain]).toEqual([[], [2]])
  })
})
