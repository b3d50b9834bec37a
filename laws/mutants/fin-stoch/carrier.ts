/**
 * FinStoch with a fault in what is decided about its morphisms: when two are equal, what is valid, what is deterministic.
 */
import { isLeft, left } from 'fp-ts/lib/Either.js'

import { problem } from '../../../dsl/problem.js'
import { distance, equalityBudget, stochasticMap } from '../../../src/category/fin-stoch.js'
import { sizeOfObject } from '../../../src/category/finite-object.js'
import { finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import { alike, type FinStochMutant, rowOf, sumsOf, withRows } from './matrix.js'
import { groups } from '../mutant.js'

const refused = left(problem('invalid-value', 'stochastic matrix', 'it is refused', 'give another'))

/** Equality, validity and determinism, one fault each. */
export const carrierMutants: readonly FinStochMutant[] = [
  {
    name: 'validate wants rows that sum to one exactly',
    breaks: (category) => ({
      ...category,
      validate: (f) => (sumsOf(f).every((total) => total === 1) ? category.validate(f) : refused),
    }),
    caughtBy: groups('J1 O2'),
    rarelyCaughtBy: groups('I2'),
  },
  {
    name: 'validate refuses zeros',
    breaks: (category) => ({
      ...category,
      validate: (f) => (f.entries.every((entry) => entry > 0) ? category.validate(f) : refused),
    }),
    caughtBy: groups('I2 J1 O2'),
  },
  {
    name: 'equality refuses everything',
    breaks: (category) => ({ ...category, equals: (f, g) => category.equals(f, g) && distance(f, g) < 0 }),
    caughtBy: groups(
      'A1 A2 A3 B1 B2 B3 B4 C1 C2 C3 C4 C5 D1 D2 D3 D4 E1 E2 E3 E4 F1 G1 H1 H2 H3 I1 I2 I3 I4 J1 J2 J3 J4 J5 K1 K2 K3 L1 M1 M2 M3 M4 O1 O3',
    ),
  },
  {
    name: 'equality accepts everything',
    breaks: (category) => ({ ...category, equals: () => true }),
    caughtBy: groups('G1 G5 K3 O1'),
  },
  {
    name: 'equality forgets the ends',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        f.entries.length === g.entries.length &&
        f.entries.every((entry, k) => Math.abs(entry - g.entries[k]!) <= equalityBudget),
    }),
    caughtBy: groups('O1'),
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
    caughtBy: groups('G1 J5 K3 O1'),
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
    caughtBy: groups('G5 K3'),
    rarelyCaughtBy: groups('G1 O1'),
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
    caughtBy: groups('J5 K3 O1'),
    rarelyCaughtBy: groups('H2 H3'),
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
    caughtBy: groups('G1 G5 H1 O1'),
  },
  {
    name: 'isDeterministic looks at the first row only',
    breaks: (category) => ({
      ...category,
      isDeterministic: (f) => rowOf(f, 0).every((entry) => entry === 0 || entry === 1),
    }),
    caughtBy: groups('G1 K1 K2'),
  },
  {
    name: 'isDeterministic is always false',
    breaks: (category) => ({ ...category, isDeterministic: () => false }),
    caughtBy: groups('G1 G2 G3 J5 K1 K2 K3'),
  },
  {
    name: 'every morphism counts as deterministic',
    breaks: (category) => ({ ...category, isDeterministic: (f) => !isLeft(category.validate(f)) }),
    arbitraries: { ...finStochArbitraries, deterministic: finStochArbitraries.morphism },
    caughtBy: groups('G1 K1 K2'),
  },
  {
    name: 'the map from the empty set forgets the factors',
    breaks: (category) => ({
      ...category,
      initial: { object: [0], to: (b) => stochasticMap([0], [sizeOfObject(b)], () => 0) },
    }),
    caughtBy: groups('O3'),
  },
  {
    name: 'the map from the empty set has a row',
    breaks: (category) => ({
      ...category,
      initial: { object: [0], to: (b) => ({ ...stochasticMap([1], b, () => 0), domain: [0] }) },
    }),
    caughtBy: groups('O3'),
  },
]
