/**
 * Distributions as maps from elements to probabilities, the elements being objects: a whole category with one fault.
 *
 * A map finds its keys by identity, and an element of a product is an object made anew each time, so that one element has as many
 * entries as there are ways to come to it. Equality and validity read entries as values, as whoever prints the map does.
 */
import { left, right } from 'fp-ts/lib/Either.js'

import { problem } from '../../dsl/problem.js'
import { rowSumTolerance } from '../../src/category/fin-stoch.js'
import { elementNumber, elementTuple } from '../../src/category/finite-element.js'
import { showEnds } from '../../src/category/finite-ends.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { MarkovStructure } from '../../src/category/markov-category.js'
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import { finStochArbitraries } from '../arbitraries/fin-stoch.js'
import { rowOf } from './fin-stoch/matrix.js'
import { groups, type MutantCase, mutantCasesOf } from './mutant.js'

/** One number for each factor; two of the same numbers are two elements to a map. */
type Element = readonly number[]
type Distribution = ReadonlyMap<Element, number>

/** A distribution for each element of the domain, in order. */
export interface KeyedMorphism {
  readonly domain: FiniteObject
  readonly codomain: FiniteObject
  readonly at: readonly Distribution[]
}

const elementsOf = (object: FiniteObject): readonly Element[] =>
  Array.from({ length: sizeOfObject(object) }, (_, x) => elementTuple(object, x))

const functionOf = (domain: FiniteObject, codomain: FiniteObject, f: (element: Element) => Element): KeyedMorphism => ({
  domain,
  codomain,
  at: elementsOf(domain).map((x) => new Map([[f(x), 1]])),
})

const seq = (f: KeyedMorphism, g: KeyedMorphism): KeyedMorphism => {
  if (!sameFiniteObject(f.codomain, g.domain)) throw new Error('keyed distributions: the ends do not meet')
  const at = f.at.map((distribution) => {
    const result = new Map<Element, number>()
    for (const [y, p] of distribution)
      for (const [z, q] of g.at[elementNumber(g.domain, y)]!) result.set(z, (result.get(z) ?? 0) + p * q)
    return result
  })
  return { domain: f.domain, codomain: g.codomain, at }
}

const par = (f: KeyedMorphism, g: KeyedMorphism): KeyedMorphism => ({
  domain: [...f.domain, ...g.domain],
  codomain: [...f.codomain, ...g.codomain],
  at: f.at.flatMap((first) =>
    g.at.map((second) => new Map([...first].flatMap(([y, p]) => [...second].map(([z, q]) => [[...y, ...z], p * q])))),
  ),
})

/** The entries as numbers, so that two maps can be held side by side. */
const entriesOf = ({ codomain, at }: KeyedMorphism): readonly (readonly (readonly [number, number])[])[] =>
  at.map((distribution) =>
    [...distribution]
      .map(([y, p]) => [elementNumber(codomain, y), p] as const)
      .sort(([y, p], [z, q]) => y - z || p - q),
  )

/** Stochastic kernels on finite sets by maps that are keyed by the identity of elements. */
export const identityKeyed: MarkovStructure<FiniteObject, KeyedMorphism> = {
  name: 'maps keyed by identity',
  equality: `the same elements in the same entries, whose probabilities differ by at most ${rowSumTolerance}`,
  unit: [],
  tensor: (a, b) => [...a, ...b],
  sameObject: sameFiniteObject,
  domain: ({ domain }) => domain,
  codomain: ({ codomain }) => codomain,
  id: (a) => functionOf(a, a, (x) => x),
  seq,
  par,
  swap: (a, b) => functionOf([...a, ...b], [...b, ...a], (x) => [...x.slice(a.length), ...x.slice(0, a.length)]),
  copy: (a) => functionOf(a, [...a, ...a], (x) => [...x, ...x]),
  discard: (a) => functionOf(a, [], () => []),
  isDeterministic: ({ at }) => at.every(({ size }) => size === 1),
  equals: (f, g) => {
    const [left, right] = [entriesOf(f), entriesOf(g)]
    return (
      sameFiniteObject(f.domain, g.domain) &&
      sameFiniteObject(f.codomain, g.codomain) &&
      left.every(
        (entries, x) =>
          entries.length === right[x]!.length &&
          entries.every(([y, p], k) => {
            const [z, q] = right[x]![k]!
            return y === z && Math.abs(p - q) <= rowSumTolerance
          }),
      )
    )
  },
  validate: (f) =>
    f.at.every((distribution) => {
      let sum = 0
      for (const p of distribution.values()) sum += p
      return Math.abs(sum - 1) <= rowSumTolerance
    })
      ? right(f)
      : left(problem('invalid-value', 'distribution', 'it does not sum to one', 'make it sum to one')),
  show: (f) =>
    [
      showEnds(f),
      ...f.at.map((distribution) => `  {${[...distribution].map(([y, p]) => `(${y.join(', ')}): ${p}`).join(', ')}}`),
    ].join('\n'),
}

const keyed =
  (draw: typeof finStochArbitraries.morphism): Arbitraries<FiniteObject, KeyedMorphism>['morphism'] =>
  (domain, codomain) =>
    draw(domain, codomain).map((f) => ({
      domain,
      codomain,
      at: elementsOf(domain).map(
        (_, x) =>
          new Map(
            elementsOf(codomain).flatMap((y, column) => {
              const p = rowOf(f, x)[column]!
              return p === 0 ? [] : [[y, p] as const]
            }),
          ),
      ),
    }))

/** The arbitraries of FinStoch, as maps. */
export const identityKeyedArbitraries: Arbitraries<FiniteObject, KeyedMorphism> = {
  object: finStochArbitraries.object,
  morphism: keyed(finStochArbitraries.morphism),
  deterministic: keyed(finStochArbitraries.deterministic),
}

/** The fault is in the whole category: there is one case. */
export const identityKeyedCases: readonly MutantCase[] = mutantCasesOf(identityKeyed, identityKeyedArbitraries, [
  {
    name: 'as it is',
    breaks: (category) => category,
    caughtBy: groups('F1'),
    note: 'A coin that is discarded has two entries for the only element. The fault of fp-3.',
  },
])
