/**
 * FinStoch with other matrices than stochastic ones for morphisms.
 */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'

import { equalityBudget } from '../../../src/category/fin-stoch.js'
import { type FiniteObject, sameFiniteObject, sizeOfObject } from '../../../src/category/finite-object.js'
import { finiteObjects, finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import { groups } from '../mutant.js'
import { changedRows, type FinStochArbitraries, type FinStochMutant, matrixOf, sumsOf } from './matrix.js'

/** Moves mass from the second entry to the first, below zero if need be. */
const tilt = (row: Float64Array, mass: number): Float64Array =>
  row.length < 2 ? row : row.map((entry, y) => (y === 0 ? entry + mass : y === 1 ? entry - mass : entry))

/** It is its own inverse, its rows sum to one, and it is no permutation. */
const signedInvolution = [2, -1, 3, -2] as const

/** The signed involution on the first two elements of a set, the identity on the others. */
const signedInvolutionOn = (object: FiniteObject): ReturnType<typeof matrixOf> =>
  matrixOf(object, object, (x, y) =>
    sizeOfObject(object) > 1 && x < 2 && y < 2 ? signedInvolution[x * 2 + y]! : x === y ? 1 : 0,
  )

/** Rows that sum to one, with negative entries; isomorphisms that are no permutations; joint rows whose marginals hide both. */
const signed: FinStochArbitraries = {
  // Positivity is about a morphism and what undoes it: the same few objects must meet.
  object: fc.oneof(finiteObjects, fc.constant([2])),
  morphism: (domain, codomain) => {
    const tilted = changedRows(fc.constantFrom(0, 1, 0.5), tilt, finStochArbitraries).morphism(domain, codomain)
    return sameFiniteObject(domain, codomain)
      ? fc.oneof({ arbitrary: tilted, weight: 2 }, { arbitrary: fc.constant(signedInvolutionOn(domain)), weight: 1 })
      : tilted
  },
  deterministic: finStochArbitraries.deterministic,
}

/** What may be a morphism, one fault each. */
export const membershipMutants: readonly FinStochMutant[] = [
  {
    name: 'sub-stochastic morphisms are admitted',
    breaks: ({ conditional: _, inverse: __, ...category }) => ({
      ...category,
      validate: (f) =>
        f.entries.every((entry) => entry >= 0) && sumsOf(f).every((total) => total <= 1 + equalityBudget)
          ? right(f)
          : category.validate(f),
    }),
    arbitraries: {
      ...changedRows(
        fc.constantFrom(1, 0.5, 0),
        (row, factor) => row.map((entry) => entry * factor),
        finStochArbitraries,
      ),
      deterministic: changedRows(
        fc.constantFrom(1, 0),
        (row, factor) => row.map((entry) => entry * factor),
        finStochArbitraries,
      ).deterministic,
    },
    caughtBy: groups('F1'),
    note: 'A copy-discard category, and not a Markov category: only F1 tells them apart.',
  },
  {
    name: 'signed stochastic matrices',
    breaks: ({ conditional: _, inverse: __, ...category }) => ({
      ...category,
      validate: (f) =>
        sumsOf(f).every((total) => Math.abs(total - 1) <= equalityBudget) ? right(f) : category.validate(f),
    }),
    arbitraries: signed,
    caughtBy: groups('K1 K2 K3'),
    rarelyCaughtBy: groups('L1'),
    note: 'A Markov category, and not a positive one. Causality implies positivity, so it is not causal either.',
  },
]
