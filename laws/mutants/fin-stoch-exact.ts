/**
 * Broken versions of FinStochExact: exact numbers, and an equality or a rule that is not.
 */
import * as fc from 'fast-check'

import { type ExactRow, normalised } from '../../src/category/exact-row.js'
import { exactProbability, type ExactStochasticMatrix } from '../../src/category/fin-stoch-exact.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import { type Rational, ratio, zero } from '../../src/category/rational.js'
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import { finStochExactArbitraries } from '../arbitraries/fin-stoch-exact.js'
import { exactLaws, type LawSet, unionOf } from '../law-set.js'
import { everyLaw, groups, type Mutant } from './mutant.js'

type FinStochExactMutant = Mutant<FiniteObject, ExactStochasticMatrix>
type ExactArbitraries = Arbitraries<FiniteObject, ExactStochasticMatrix>

const tolerance = ratio(1n, 10n ** 8n)

/** The largest total variation distance between two rows of the same input. */
const distance = (f: ExactStochasticMatrix, g: ExactStochasticMatrix): Rational => {
  let largest = zero
  for (let x = 0; x < sizeOfObject(f.domain); x++) {
    let sum = zero
    for (let y = 0; y < sizeOfObject(f.codomain); y++)
      sum = sum.add(
        exactProbability(f, x, y)
          .sub(exactProbability(g, x, y))
          .abs(),
      )
    if (sum.div(ratio(2n)).compare(largest) > 0) largest = sum.div(ratio(2n))
  }
  return largest
}

/** Functions, and rows in which the last outcome has a probability of six or twelve in a thousand million. */
const nearlyCertain: ExactArbitraries = {
  object: fc.constantFrom([2], [3]),
  morphism: (domain, codomain) => {
    const [rows, columns] = [sizeOfObject(domain), sizeOfObject(codomain)]
    const row = (mass: bigint): ExactRow =>
      normalised(
        Array.from({ length: columns }, (_, y) => (y === 0 ? 10n ** 9n - mass : y === columns - 1 ? mass : 0n)),
      )
    return fc.oneof(
      { arbitrary: finStochExactArbitraries.deterministic(domain, codomain), weight: 1 },
      {
        arbitrary: fc
          .array(fc.constantFrom(0n, 6n, 12n).map(row), { minLength: rows, maxLength: rows })
          .map((drawn) => ({ domain, codomain, rows: drawn })),
        weight: 3,
      },
    )
  },
  deterministic: finStochExactArbitraries.deterministic,
}

/** `everyLaw`, and that equality is transitive. */
const everyExactLaw = (category: Parameters<FinStochExactMutant['breaks']>[0], arbitraries: ExactArbitraries): LawSet =>
  unionOf('every exact law', everyLaw(category, arbitraries), exactLaws(category, arbitraries))

/** Broken versions of FinStochExact, each with the groups of the laws that reject it. */
export const finStochExactMutants: readonly FinStochExactMutant[] = [
  {
    name: 'equality by absolute tolerance',
    breaks: (category) => ({
      ...category,
      equals: (f, g) =>
        category.sameObject(f.domain, g.domain) &&
        category.sameObject(f.codomain, g.codomain) &&
        distance(f, g).compare(tolerance) <= 0,
    }),
    arbitraries: nearlyCertain,
    laws: everyExactLaw,
    runs: 250,
    caughtBy: groups('H1 O1'),
    note: 'A mass of 6e-9 is none, and twice that is some: it is not transitive. The fault of EfProb.',
  },
  {
    name: 'rows are not brought to lowest terms',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => {
        const composite = category.seq(f, g)
        return {
          ...composite,
          rows: composite.rows.map(({ numerators, denominator }) => ({
            numerators: numerators.map((numerator) => 2n * numerator),
            denominator: 2n * denominator,
          })),
        }
      },
    }),
    laws: everyExactLaw,
    caughtBy: groups('A1 A2 B1 C1 C2 C3 D2 D3 D4 E1 F1 I1 I2 J5 K2 K3 M1 O2'),
    note: 'Equality compares numerators: it is exact for as long as every row has one form.',
  },
]
