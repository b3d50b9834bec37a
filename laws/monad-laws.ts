/**
 * The laws of commutative affine monads: group R of the law list.
 *
 * Affineness is what makes discard natural (F1), commutativity what makes the tensor product a functor (B1).
 *
 * Source: B. Jacobs, "Affine monads and side-effect-freeness" (2016); A. Kock, "Strong functors and monoidal monads" (1972).
 */
import * as fc from 'fast-check'

import { type FiniteMonad, pairFirstToLast, pairLastToFirst } from '../src/category/finite-monad.js'
import { kleisli, type KleisliMorphism } from '../src/category/kleisli.js'
import type { ArbitraryValue } from './arbitraries/monad.js'
import type { BindingText } from './binding-text.js'
import { judge } from './judge.js'
import type { LawAbout, LawSet } from './law-set.js'

/** The two sides of an equation of values on a set of a size, for one case, and what its variables stand for. */
interface MonadCase<T> {
  readonly size: number
  readonly left: () => T
  readonly right: () => T
  readonly bindings: () => readonly BindingText[]
}

/**
 * The laws of a commutative affine monad, on random values.
 *
 * R1: units; R2: associativity; R3: T1 = 1; R4: commutativity, Fubini's theorem for distributions; O2: what unit and bind give is valid.
 *
 * @example
 * checkLaws(monadLaws(nonEmptySubsets, arbitrarySubset)).every(({ kind }) => kind === 'passed') // => true
 */
export const monadLaws = <T>(monad: FiniteMonad<T>, value: ArbitraryValue<T>): LawSet => {
  const { unit, bind, show } = monad
  const category = kleisli(monad)
  const state = (size: number, of: T): KleisliMorphism<T> => ({ domain: [], codomain: [size], values: [of] })
  const binding = (name: string, of: T): BindingText => ({ name, value: show(of) })
  const bindingOfMap = (name: string, of: readonly T[]): BindingText => ({
    name,
    value: of.map((at, x) => `${x} -> ${show(at)}`).join(', '),
  })

  const law = (
    group: string,
    name: string,
    statement: string,
    kind: 'equal' | 'valid',
    cases: fc.Arbitrary<MonadCase<T>>,
  ): LawAbout => ({
    law: { name, group, statement, quantifier: 'every', diagrams: undefined },
    category: monad.name,
    cases: cases.map(({ size, left, right, bindings }) => {
      const sides = { left: () => state(size, left()), right: () => state(size, right()) }
      return {
        judgement: () => judge(category, kind === 'equal' ? { kind, ...sides } : { kind, morphism: sides.left }),
        bindings,
      }
    }),
  })

  const maps = (from: number, to: number): fc.Arbitrary<readonly T[]> =>
    fc.array(value(to), { minLength: from, maxLength: from })
  const elementAndMap = fc
    .tuple(sizes, sizes)
    .chain(([m, n]) => fc.record({ n: fc.constant(n), x: fc.nat(m - 1), f: maps(m, n) }))
  const valueAndSize = sizes.chain((m) => fc.record({ m: fc.constant(m), t: value(m) }))
  const valueAndMaps = fc
    .tuple(sizes, sizes, sizes)
    .chain(([m, n, k]) => fc.record({ k: fc.constant(k), t: value(m), f: maps(m, n), g: maps(n, k) }))
  const twoValues = fc
    .tuple(sizes, sizes)
    .chain(([m, n]) => fc.record({ m: fc.constant(m), n: fc.constant(n), s: value(m), t: value(n) }))

  return {
    name: 'commutative affine monad',
    category: monad.name,
    laws: [
      law(
        'R1',
        'left unit of a monad',
        'bind(unit(x), f) = f(x)',
        'equal',
        elementAndMap.map(({ n, x, f }) => ({
          size: n,
          left: () => bind(unit(x), (y) => f[y]!),
          right: () => f[x]!,
          bindings: () => [{ name: 'x', value: String(x) }, bindingOfMap('f', f)],
        })),
      ),
      law(
        'R1',
        'right unit of a monad',
        'bind(t, unit) = t',
        'equal',
        valueAndSize.map(({ m, t }) => ({
          size: m,
          left: () => bind(t, unit),
          right: () => t,
          bindings: () => [binding('t', t)],
        })),
      ),
      law(
        'R2',
        'associativity of a monad',
        'bind(bind(t, f), g) = bind(t, x => bind(f(x), g))',
        'equal',
        valueAndMaps.map(({ k, t, f, g }) => ({
          size: k,
          left: () =>
            bind(
              bind(t, (x) => f[x]!),
              (y) => g[y]!,
            ),
          right: () => bind(t, (x) => bind(f[x]!, (y) => g[y]!)),
          bindings: () => [binding('t', t), bindingOfMap('f', f), bindingOfMap('g', g)],
        })),
      ),
      law(
        'R3',
        'affineness of a monad',
        't = unit(0) for every value t on the set of one element',
        'equal',
        value(1).map((t) => ({
          size: 1,
          left: () => t,
          right: () => unit(0),
          bindings: () => [binding('t', t)],
        })),
      ),
      law(
        'R4',
        'commutativity of a monad',
        'bind(s, x => bind(t, y => unit(x, y))) = bind(t, y => bind(s, x => unit(x, y)))',
        'equal',
        twoValues.map(({ m, n, s, t }) => ({
          size: m * n,
          left: () => pairFirstToLast(monad, s, t, n),
          right: () => pairLastToFirst(monad, s, t, n),
          bindings: () => [binding('s', s), binding('t', t)],
        })),
      ),
      law(
        'O2',
        'units of a monad are valid',
        'validate accepts unit(x)',
        'valid',
        sizes.chain((m) =>
          fc.nat(m - 1).map((x) => ({
            size: m,
            left: () => unit(x),
            right: () => unit(x),
            bindings: () => [{ name: 'x', value: String(x) }],
          })),
        ),
      ),
      law(
        'O2',
        'what bind gives is valid',
        'validate accepts bind(t, f)',
        'valid',
        valueAndMaps.map(({ k, t, f, g }) => {
          const bound = (): T =>
            bind(
              bind(t, (x) => f[x]!),
              (y) => g[y]!,
            )
          return {
            size: k,
            left: bound,
            right: bound,
            bindings: () => [binding('t', t), bindingOfMap('f', f), bindingOfMap('g', g)],
          }
        }),
      ),
    ],
  }
}

/** Small sets, large enough for a fault of associativity to show. */
const sizes = fc.noBias(fc.integer({ min: 1, max: 5 }))
