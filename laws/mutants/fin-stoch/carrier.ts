/**
 * FinStoch with a fault in what its morphisms are: which there are, when two are equal, what is valid, what is deterministic.
 */
import * as fc from 'fast-check'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'

import { problem } from '../../../dsl/problem.js'
import { distance, equalityBudget, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { sizeOfObject } from '../../../src/category/finite-object.js'
import { finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import { alike, changedRows, type FinStochMutant, rowOf, withRows } from './matrix.js'

const sum = (row: Float64Array): number => row.reduce((total, entry) => total + entry, 0)
const sumsOf = (f: StochasticMatrix): readonly number[] =>
  Array.from({ length: sizeOfObject(f.domain) }, (_, x) => sum(rowOf(f, x)))
const refused = left(problem('invalid-value', 'stochastic matrix', 'it is refused', 'give another'))

/** Moves mass from the second entry to the first, below zero if need be. */
const tilt = (row: Float64Array, mass: number): Float64Array =>
  row.length < 2 ? row : row.map((entry, y) => (y === 0 ? entry + mass : y === 1 ? entry - mass : entry))

/** Morphisms, equality, validity and determinism, one fault each. */
export const carrierMutants: readonly FinStochMutant[] = [
  {
    name: 'sub-stochastic morphisms are admitted',
    breaks: (category) => ({
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
    caughtBy: ['F1'],
    note: 'A copy-discard category, and not a Markov category: only F1 tells them apart.',
  },
  {
    name: 'signed stochastic matrices',
    breaks: (category) => ({
      ...category,
      validate: (f) =>
        sumsOf(f).every((total) => Math.abs(total - 1) <= equalityBudget) ? right(f) : category.validate(f),
    }),
    arbitraries: {
      ...changedRows(fc.constantFrom(0, 1, 0.5), tilt, finStochArbitraries),
      deterministic: finStochArbitraries.deterministic,
    },
    caughtBy: [],
    note: 'A Markov category, so nothing catches it here: it is not positive, which is no law of a Markov category.',
  },
  {
    name: 'validate wants rows that sum to one exactly',
    breaks: (category) => ({
      ...category,
      validate: (f) => (sumsOf(f).every((total) => total === 1) ? category.validate(f) : refused),
    }),
    caughtBy: ['O2'],
  },
  {
    name: 'validate refuses zeros',
    breaks: (category) => ({
      ...category,
      validate: (f) => (f.entries.every((entry) => entry > 0) ? category.validate(f) : refused),
    }),
    caughtBy: ['O2'],
  },
  {
    name: 'equality refuses everything',
    breaks: (category) => ({ ...category, equals: (f, g) => category.equals(f, g) && distance(f, g) < 0 }),
    caughtBy: [
      'A1',
      'A2',
      'A3',
      'B1',
      'B2',
      'B3',
      'B4',
      'C1',
      'C2',
      'C3',
      'C4',
      'C5',
      'D1',
      'D2',
      'D3',
      'D4',
      'E1',
      'E2',
      'E3',
      'E4',
      'F1',
      'G1',
      'O1',
    ],
  },
  {
    name: 'equality accepts everything',
    breaks: (category) => ({ ...category, equals: () => true }),
    caughtBy: ['G1', 'G5', 'O1'],
  },
  {
    name: 'equality forgets the ends',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        f.entries.length === g.entries.length &&
        f.entries.every((entry, k) => Math.abs(entry - g.entries[k]!) <= equalityBudget),
    }),
    caughtBy: ['O1'],
    note: 'Every equation still holds: this is seen by a law about equality itself.',
  },
  {
    name: 'equality of the first rows only',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.sameObject(f.domain, g.domain) &&
        category.sameObject(f.codomain, g.codomain) &&
        rowOf(f, 0).every((entry, y) => Math.abs(entry - g.entries[y]!) <= equalityBudget),
    }),
    arbitraries: alike,
    caughtBy: ['G1', 'O1'],
  },
  {
    name: 'equality skips the first row',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.sameObject(f.domain, g.domain) &&
        category.sameObject(f.codomain, g.codomain) &&
        f.entries.every(
          (entry, k) => k < sizeOfObject(f.codomain) || Math.abs(entry - g.entries[k]!) <= equalityBudget,
        ),
    }),
    arbitraries: alike,
    caughtBy: ['G5', 'O1'],
    rarelyCaughtBy: ['G1'],
  },
  {
    name: 'equality up to the names of the outcomes',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.equals(
          withRows(f, (row) => row.slice().sort()),
          withRows(g, (row) => row.slice().sort()),
        ),
    }),
    arbitraries: alike,
    caughtBy: ['O1'],
  },
  {
    name: 'equality from one side: no probability is larger',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.sameObject(f.domain, g.domain) &&
        category.sameObject(f.codomain, g.codomain) &&
        f.entries.every((entry, k) => entry === 0 || g.entries[k]! > 0),
    }),
    arbitraries: alike,
    caughtBy: ['G1', 'G5', 'O1'],
  },
  {
    name: 'isDeterministic looks at the first row only',
    breaks: (category) => ({
      ...category,
      isDeterministic: (f) => rowOf(f, 0).every((entry) => entry === 0 || entry === 1),
    }),
    caughtBy: ['G1'],
  },
  {
    name: 'isDeterministic is always false',
    breaks: (category) => ({ ...category, isDeterministic: () => false }),
    caughtBy: ['G1', 'G2', 'G3'],
  },
  {
    name: 'every morphism counts as deterministic',
    breaks: (category) => ({ ...category, isDeterministic: (f) => !isLeft(category.validate(f)) }),
    arbitraries: { ...finStochArbitraries, deterministic: finStochArbitraries.morphism },
    caughtBy: ['G1'],
  },
]
