/** Functors between categories of finite sets: the laws of functors, conditionals, and triangles of functors. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  type Arbitraries,
  finSetArbitraries,
  finSetMultiArbitraries,
  finStochArbitraries,
  finStochExactArbitraries,
  testLaws,
} from '../../../laws/index.js'
import { functorLaws } from '../../../laws/functor-laws.js'
import { almostSurelyEqual, keepInput } from '../../../src/category/almost-sure.js'
import { FinSetMulti, type MultivaluedFunction, possibleOutputs } from '../../../src/category/fin-set-multi.js'
import { FinSet } from '../../../src/category/fin-set.js'
import { exactStochasticMatrix, FinStochExact } from '../../../src/category/fin-stoch-exact.js'
import { FinStoch, stochasticMatrix } from '../../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import {
  inclusionInFinSetMulti,
  inclusionInFinStoch,
  inclusionInFinStochExact,
} from '../../../src/category/functors/inclusion.js'
import { rounding } from '../../../src/category/functors/rounding.js'
import { exactSupport, floatSupport } from '../../../src/category/functors/support.js'
import { jointOf } from '../../../src/category/inversion.js'
import type { ConditionalStructure, MarkovStructure } from '../../../src/category/markov-category.js'
import type { MarkovFunctor } from '../../../src/category/markov-functor.js'
import { valueOf } from '../../support/value-of.js'

testLaws(functorLaws(inclusionInFinStochExact, finSetArbitraries), { describe, test })
testLaws(functorLaws(inclusionInFinStoch, finSetArbitraries), { describe, test })
testLaws(functorLaws(inclusionInFinSetMulti, finSetArbitraries), { describe, test })
testLaws(functorLaws(exactSupport, finStochExactArbitraries), { describe, test })
testLaws(functorLaws(floatSupport, finStochArbitraries), { describe, test })
testLaws(functorLaws(rounding, finStochExactArbitraries), { describe, test })

type Functor<A, B> = MarkovFunctor<FiniteObject, A, FiniteObject, B>

const withConditionals = <Mor>(
  structure: MarkovStructure<FiniteObject, Mor>,
): ConditionalStructure<FiniteObject, Mor> => {
  const { conditional, inverse } = structure
  if (conditional === undefined || inverse === undefined) throw new Error(`${structure.name} has no conditionals`)
  return { ...structure, conditional, inverse }
}

/** How F(f|X) stands to F(f)|X, and F(f†) to F(f)†: the same almost surely, and whether they are the same everywhere. */
const conditionalsOf = <A, B>(functor: Functor<A, B>, { object, morphism }: Arbitraries<FiniteObject, A>) => {
  const { onMorphism } = functor
  const [source, target] = [withConditionals(functor.source), withConditionals(functor.target)]
  const surely = almostSurelyEqual(target)
  const seen = { cases: 0, same: 0 }
  const cases = fc
    .tuple(object, object, object)
    .filter(([a, x, y]) => sizeOfObject(a) * sizeOfObject(x) * sizeOfObject(y) <= 54)
    .chain(([a, x, y]) =>
      fc.record({
        x: fc.constant(x),
        y: fc.constant(y),
        f: morphism(a, target.tensor(x, y)),
        prior: morphism(a, x),
        channel: morphism(x, y),
      }),
    )
  fc.assert(
    fc.property(cases, ({ x, y, f, prior, channel }) => {
      const image = onMorphism(f)
      const marginal = target.seq(image, target.par(target.id(x), target.discard(y)))
      const [lifted, own] = [onMorphism(source.conditional(f, x, y)), target.conditional(image, x, y)]
      expect(surely(keepInput(target)(marginal), lifted, own)).toBe(true)

      const [p, k] = [onMorphism(prior), onMorphism(channel)]
      const [inverted, ownInverse] = [onMorphism(source.inverse(prior, channel)), target.inverse(p, k)]
      expect(surely(keepInput(target)(target.seq(p, k)), inverted, ownInverse)).toBe(true)
      // What an inverse is: put after the marginal on Y it gives the joint morphism back.
      const seenFirst = keepInput(target)(target.seq(p, k))
      const back = target.seq(
        target.seq(seenFirst, target.par(target.copy(y), target.id(target.domain(p)))),
        target.par(target.id(y), inverted),
      )
      expect(target.equals(back, jointOf(target, p, k))).toBe(true)

      seen.cases += 1
      seen.same += Number(target.equals(lifted, own) && target.equals(inverted, ownInverse))
    }),
  )
  return seen
}

describe('conditionals and Bayesian inverses are lifted', () => {
  test('exactly to supports and to float64: null rows are filled by the same rule', () => {
    for (const { cases, same } of [
      conditionalsOf(exactSupport, finStochExactArbitraries),
      conditionalsOf(floatSupport, finStochArbitraries),
      conditionalsOf(rounding, finStochExactArbitraries),
    ])
      expect([cases, same]).toEqual([100, 100])
  })

  test('almost surely from functions, whose conditionals have no null rows', () => {
    for (const { cases, same } of [
      conditionalsOf(inclusionInFinStochExact, finSetArbitraries),
      conditionalsOf(inclusionInFinStoch, finSetArbitraries),
      conditionalsOf(inclusionInFinSetMulti, finSetArbitraries),
    ]) {
      expect(cases).toBe(100)
      expect(same).toBeLessThan(cases)
    }
  })
})

describe('triangles of functors commute', () => {
  const { object } = finSetArbitraries
  const between = <Mor>({ morphism }: Arbitraries<FiniteObject, Mor>): fc.Arbitrary<Mor> =>
    fc.tuple(object, object).chain(([a, b]) => morphism(a, b))

  test('functions as exact matrices, rounded, are functions as matrices', () =>
    fc.assert(
      fc.property(between(finSetArbitraries), (f) => {
        const rounded = rounding.onMorphism(inclusionInFinStochExact.onMorphism(f))
        expect([...rounded.entries]).toEqual([...inclusionInFinStoch.onMorphism(f).entries])
      }),
    ))

  test('the support of a function is its graph', () =>
    fc.assert(
      fc.property(between(finSetArbitraries), (f) => {
        const graph = inclusionInFinSetMulti.onMorphism(f)
        expect(FinSetMulti.equals(exactSupport.onMorphism(inclusionInFinStochExact.onMorphism(f)), graph)).toBe(true)
        expect(FinSetMulti.equals(floatSupport.onMorphism(inclusionInFinStoch.onMorphism(f)), graph)).toBe(true)
      }),
    ))

  test('the support of the rounded is the support, unless it underflows', () => {
    fc.assert(
      fc.property(between(finStochExactArbitraries), (f) => {
        const rounded = floatSupport.onMorphism(rounding.onMorphism(f))
        expect(FinSetMulti.equals(rounded, exactSupport.onMorphism(f))).toBe(true)
      }),
    )
    const tiny = valueOf(exactStochasticMatrix([['1e-400', `${10n ** 400n - 1n}/${10n ** 400n}`]]))
    expect(supportOf(exactSupport.onMorphism(tiny))).toEqual([0, 1])
    expect(supportOf(floatSupport.onMorphism(rounding.onMorphism(tiny)))).toEqual([1])
  })
})

const supportOf = (f: MultivaluedFunction): readonly number[] => possibleOutputs(f, 0)

test('every multivalued function is a support', () => {
  const { object, morphism } = finSetMultiArbitraries
  fc.assert(
    fc.property(
      fc.tuple(object, object).chain(([a, b]) => morphism(a, b)),
      (f) => {
        const rows = Array.from({ length: sizeOfObject(f.domain) }, (_, x) => {
          const outputs = possibleOutputs(f, x)
          return Array.from({ length: sizeOfObject(f.codomain) }, (__, y) =>
            outputs.includes(y) ? `1/${outputs.length}` : 0,
          )
        })
        const uniform = valueOf(FinStochExact.read(rows, f.domain, f.codomain, 'uniform'))
        expect(FinSetMulti.equals(exactSupport.onMorphism(uniform), f)).toBe(true)
      },
    ),
  )
})

test('where products underflow the support of floats is no functor, and that of fractions is', () => {
  const float = { ...valueOf(stochasticMatrix([[1e-200, 1]])), domain: [] }
  const twice = FinStoch.par(float, float)
  expect(supportOf(floatSupport.onMorphism(twice))).toEqual([1, 2, 3])
  const each = floatSupport.onMorphism(float)
  expect(supportOf(FinSetMulti.par(each, each))).toEqual([0, 1, 2, 3])

  const exact = valueOf(
    FinStochExact.read([['1e-200', `${10n ** 200n - 1n}/${10n ** 200n}`]], [], [2], 'one in a great many'),
  )
  expect(supportOf(exactSupport.onMorphism(FinStochExact.par(exact, exact)))).toEqual([0, 1, 2, 3])
})

test('inclusions are faithful', () => {
  const { object, morphism } = finSetArbitraries
  fc.assert(
    fc.property(
      fc.tuple(object, object).chain(([a, b]) => fc.tuple(morphism(a, b), morphism(a, b))),
      ([f, g]) => {
        const same = FinSet.equals(f, g)
        const { onMorphism: exact } = inclusionInFinStochExact
        const { onMorphism: float } = inclusionInFinStoch
        const { onMorphism: multi } = inclusionInFinSetMulti
        expect(FinStochExact.equals(exact(f), exact(g))).toBe(same)
        expect(FinStoch.equals(float(f), float(g))).toBe(same)
        expect(FinSetMulti.equals(multi(f), multi(g))).toBe(same)
      },
    ),
  )
})
