/**
 * Monads that break one law each, and what their Kleisli categories break because of it.
 */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'

import { type ExactDistribution, exactDistributions } from '../../src/category/distribution-monad.js'
import type { FiniteMonad } from '../../src/category/finite-monad.js'
import { ratio } from '../../src/category/rational.js'
import { nonEmptySubsets, type Subset, subsetOf } from '../../src/category/subset-monad.js'
import { arbitraryDistribution, type ArbitraryValue, draws } from '../arbitraries/monad.js'
import { monadLaws } from '../monad-laws.js'
import type { MutantCase } from './mutant.js'

/** A monad with one fault, and the groups of laws that reject it, all of them. */
export interface MonadMutant<T> {
  readonly monad: FiniteMonad<T>
  readonly value: ArbitraryValue<T>
  /** Of the laws of the monad. */
  readonly caughtBy: readonly string[]
  readonly note: string
}

/** Distributions of which some of the mass may be lost: a commutative monad that is not affine. */
export const subDistributions: MonadMutant<ExactDistribution> = {
  monad: { ...exactDistributions, name: 'sub-distributions', validate: right },
  value: (size) =>
    fc
      .tuple(arbitraryDistribution(size), fc.integer({ min: 1, max: 3 }))
      .map(([value, parts]) => value.map(([x, p]) => [x, p.mul(ratio(1n, BigInt(parts)))] as const)),
  caughtBy: ['R3'],
  note: 'its Kleisli category is a copy-discard category in which discard is not natural',
}

const beamWidth = 2

/** Only the first few possibilities are kept after every step, as in a beam search: what bind forgets, it forgets too early. */
export const beams: MonadMutant<Subset> = {
  monad: {
    ...nonEmptySubsets,
    name: 'beams',
    bind: (value, f) => nonEmptySubsets.bind(value, f).slice(0, beamWidth),
  },
  // Pairs mostly: what is cut off must have been there.
  value: (size) => {
    const elements = Array.from({ length: size }, (_, element) => element)
    return fc.constantFrom(...elements.flatMap((x) => elements.slice(x).map((y) => subsetOf([x, y]))))
  },
  caughtBy: ['R2'],
  note: 'its composition depends on the brackets',
}

/** The elements in the order in which they were first met, each once. */
const ordered = (elements: Iterable<number>): Subset => [...new Set(elements)]

/** Non-empty lists without repetition, the free left regular bands: an affine monad that is not commutative. */
export const orderedChoices: MonadMutant<Subset> = {
  monad: {
    ...nonEmptySubsets,
    name: 'ordered choices',
    bind: (value, f) => ordered(value.flatMap((x) => f(x))),
    validate: right,
  },
  value: (size) => draws(size, 4).map(ordered),
  caughtBy: ['R4'],
  note: 'its Kleisli category is a category, but not a monoidal one',
}

/** A point comes with the first element of its set: what is certain is not kept certain. */
export const hedged: MonadMutant<Subset> = {
  monad: { ...nonEmptySubsets, name: 'hedged subsets', unit: (element) => subsetOf([0, element]) },
  value: (size) => draws(size, 4).map(subsetOf),
  caughtBy: ['R1'],
  note: 'identities of its Kleisli category are not neutral',
}

/** A broken monad as a case. */
export const monadCase = <T>({ monad, value, caughtBy, note }: MonadMutant<T>): MutantCase => ({
  category: 'monad',
  name: monad.name,
  laws: () => monadLaws(monad, value),
  runs: 300,
  caughtBy,
  rarelyCaughtBy: [],
  note,
})
