/**
 * Divergences that are none, and one that is declared an additive enrichment and is not.
 */
import * as fc from 'fast-check'

import type { DivergenceEnrichment } from '../../src/category/divergence-enrichment.js'
import { FinStoch, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import { finStochArbitraries } from '../arbitraries/fin-stoch.js'
import { divergenceLaws } from '../divergence-laws.js'
import { groups, type MutantCase } from './mutant.js'

/** The supremum over the inputs of a sum over outcomes. */
const supremum =
  (term: (p: number, q: number) => number) =>
  (f: StochasticMatrix, g: StochasticMatrix): number => {
    const width = sizeOfObject(f.codomain)
    const rows = Array.from({ length: sizeOfObject(f.domain) }, (_, x) =>
      Array.from({ length: width }, (_, y) => term(f.entries[x * width + y]!, g.entries[x * width + y]!)).reduce(
        (sum, value) => sum + value,
        0,
      ),
    )
    return Math.max(...rows)
  }

/** Sets of two and four elements, and rows with and without zeros: without them divergences are finite. */
const mixed: Arbitraries<FiniteObject, StochasticMatrix> = {
  ...finStochArbitraries,
  object: fc.constantFrom([2], [4]),
  morphism: (domain, codomain) => {
    const [height, width] = [sizeOfObject(domain), sizeOfObject(codomain)]
    const row = fc
      .array(fc.integer({ min: 1, max: 20 }), { minLength: width, maxLength: width })
      .map((weights) => weights.map((weight) => weight / weights.reduce((sum, other) => sum + other, 0)))
    const positive = fc
      .array(row, { minLength: height, maxLength: height })
      .map((rows) => ({ domain, codomain, entries: Float64Array.from(rows.flat()) }))
    return fc.oneof(
      positive,
      finStochArbitraries.morphism(domain, codomain),
      finStochArbitraries.deterministic(domain, codomain),
    )
  },
}

/** Of single outcomes, the one whose probability changes most. */
const largestDifference = (f: StochasticMatrix, g: StochasticMatrix): number =>
  Math.max(...f.entries.map((p, k) => Math.abs(p - g.entries[k]!)))

const variation = supremum((p, q) => Math.abs(p - q) / 2)

const caseOf = (enrichment: DivergenceEnrichment<StochasticMatrix>, caughtBy: string, note?: string): MutantCase => ({
  category: 'divergence',
  name: enrichment.name,
  laws: () => divergenceLaws(FinStoch, enrichment, mixed),
  runs: 1000,
  caughtBy: groups(caughtBy),
  rarelyCaughtBy: [],
  ...(note === undefined ? {} : { note }),
})

/** Broken divergences, each with the groups of laws that reject it. */
export const divergenceMutants: readonly MutantCase[] = [
  caseOf(
    { name: 'squared Euclidean distance', divergence: supremum((p, q) => (p - q) ** 2), additive: false },
    'P3 P6 P7',
    'Merging two outcomes may raise it: no data processing.',
  ),
  caseOf(
    { name: 'largest difference of an outcome', divergence: largestDifference, additive: false },
    'P3 P6 P7',
    'Total variation is the largest difference of an event, and has data processing.',
  ),
  caseOf(
    {
      name: 'chi-squared, declared additive',
      divergence: supremum((p, q) => (p === q ? 0 : (p - q) ** 2 / q)),
      additive: true,
    },
    'P4 P5',
    '1 + chi-squared is multiplicative, so its logarithm is what adds up.',
  ),
  caseOf(
    {
      name: 'fourth power of total variation, declared additive',
      divergence: (f, g) => variation(f, g) ** 4,
      additive: true,
    },
    'P4 P5',
    'A power satisfies no triangle inequality.',
  ),
  caseOf({ name: 'total variation and a half', divergence: (f, g) => variation(f, g) + 0.5, additive: true }, 'P1 P6'),
  caseOf(
    { name: 'total variation less a half', divergence: (f, g) => variation(f, g) - 0.5, additive: false },
    'P1 P2',
  ),
  caseOf(
    { name: 'the same for all', divergence: () => 0, additive: true },
    'P6',
    'It satisfies every inequality; only a channel that raises entropy is missing.',
  ),
]
