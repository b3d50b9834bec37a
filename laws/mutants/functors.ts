/**
 * Maps between categories that are no functors.
 */
import { FinSetMulti, multivaluedFunction } from '../../src/category/fin-set-multi.js'
import { FinStoch, type StochasticMatrix } from '../../src/category/fin-stoch.js'
import { sizeOfObject } from '../../src/category/finite-object.js'
import { inclusionInFinStoch } from '../../src/category/functors/inclusion.js'
import { finSetArbitraries } from '../arbitraries/fin-set.js'
import { finStochArbitraries } from '../arbitraries/fin-stoch.js'
import { functorLaws } from '../functor-laws.js'
import { groups, type MutantCase } from './mutant.js'

const likeliest = (f: StochasticMatrix) => {
  const width = sizeOfObject(f.codomain)
  return multivaluedFunction(f.domain, f.codomain, (x) => {
    const row = [...f.entries.subarray(x * width, (x + 1) * width)]
    const most = Math.max(...row)
    return row.flatMap((entry, y) => (entry === most ? [y] : []))
  })
}

const noisy = (f: StochasticMatrix): StochasticMatrix => {
  const width = sizeOfObject(f.codomain)
  return { ...f, entries: f.entries.map((entry) => 0.9 * entry + 0.1 / width) }
}

/** Broken functors, each with the groups of laws that reject it. */
export const functorMutants: readonly MutantCase[] = [
  {
    category: 'functor',
    name: 'the likeliest outcomes',
    laws: () =>
      functorLaws(
        {
          name: 'the likeliest outcomes',
          source: FinStoch,
          target: FinSetMulti,
          onObject: (a) => a,
          onMorphism: likeliest,
        },
        finStochArbitraries,
        { group: 'N4' },
      ),
    caughtBy: groups('N4'),
    rarelyCaughtBy: [],
    note: 'The likeliest way to an outcome need not lead to the likeliest outcome.',
  },
  {
    category: 'functor',
    name: 'functions lifted with noise',
    laws: () =>
      functorLaws(
        {
          ...inclusionInFinStoch,
          name: 'functions lifted with noise',
          onMorphism: (u) => noisy(inclusionInFinStoch.onMorphism(u)),
        },
        finSetArbitraries,
        { group: 'G4' },
      ),
    caughtBy: groups('G4'),
    rarelyCaughtBy: [],
  },
]
