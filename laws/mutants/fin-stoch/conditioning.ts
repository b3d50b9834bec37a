/**
 * FinStoch with a fault in its conditionals or Bayesian inverses.
 */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'

import { conditional, inverse } from '../../../src/category/fin-stoch-conditional.js'
import { equalityBudget, type StochasticMatrix } from '../../../src/category/fin-stoch.js'
import { sizeOfObject, swapElement } from '../../../src/category/finite-object.js'
import { finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import { groups } from '../mutant.js'
import { changedRows, type FinStochMutant, matrixOf, rowOf, withRows } from './matrix.js'

const total = (row: Float64Array): number => row.reduce((sum, entry) => sum + entry, 0)

/** The rows that the inputs without mass have are taken away. */
const withoutNullRows = (f: StochasticMatrix, hasMass: (x: number) => boolean): StochasticMatrix =>
  withRows(f, (row, x) => (hasMass(x) ? row : row.map(() => 0)))

/** The same for every input: the average over all of them. */
const averaged = (f: StochasticMatrix): StochasticMatrix => {
  const inputs = sizeOfObject(f.domain)
  return matrixOf(f.domain, f.codomain, (_, y) => {
    let sum = 0
    for (let x = 0; x < inputs; x++) sum += rowOf(f, x)[y]!
    return sum / inputs
  })
}

/** The uniform distribution for every input, between the ends of a morphism. */
const uniform = ({ domain, codomain }: StochasticMatrix): StochasticMatrix =>
  matrixOf(domain, codomain, () => 1 / sizeOfObject(codomain))

/** Mass moved from the most probable outcome to the next one: a distance in total variation. */
const moved = (row: Float64Array, mass: number): Float64Array => {
  const from = row.indexOf(Math.max(...row))
  const to = (from + 1) % row.length
  return row.length < 2 ? row : row.map((entry, y) => (y === from ? entry - mass : y === to ? entry + mass : entry))
}

/** Conditionals and inverses, one fault each. */
export const conditioningMutants: readonly FinStochMutant[] = [
  {
    name: 'conditional leaves null rows zero',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) => {
        const [inputs, width] = [sizeOfObject(f.domain), sizeOfObject(y)]
        return withoutNullRows(conditional(f, x, y), (row) => {
          const [inX, a] = [Math.floor(row / inputs), row % inputs]
          return total(rowOf(f, a).subarray(inX * width, (inX + 1) * width)) > 0
        })
      },
    }),
    caughtBy: groups('I2'),
    note: 'What it is where there is no mass is no business of the other laws: only totality sees it. The fault of EfProb.',
  },
  {
    name: 'inverse leaves null rows zero',
    breaks: (category) => ({
      ...category,
      inverse: (prior, f) => {
        const inputs = sizeOfObject(prior.domain)
        const image = category.seq(prior, f)
        return withoutNullRows(inverse(prior, f), (row) => rowOf(image, row % inputs)[Math.floor(row / inputs)]! > 0)
      },
    }),
    caughtBy: groups('J1'),
  },
  {
    name: 'conditional forgets the parameter',
    breaks: (category) => ({ ...category, conditional: (f, x, y) => conditional(averaged(f), x, y) }),
    caughtBy: groups('I1 I4'),
    note: 'It is right for states: only laws about conditionals of morphisms with an input see it.',
  },
  {
    name: 'conditional on the other leg',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) =>
        category.sameObject(x, y) ? conditional(category.seq(f, category.swap(x, y)), x, y) : conditional(f, x, y),
    }),
    caughtBy: groups('I1 I3 I4 M1 M2 M3'),
    rarelyCaughtBy: groups('M4'),
  },
  {
    name: 'conditional with the input in front',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) => {
        const right = conditional(f, x, y)
        return matrixOf(right.domain, y, (row, column) => rowOf(right, swapElement(f.domain, x, row))[column]!)
      },
    }),
    caughtBy: groups('I1 I3 I4'),
  },
  {
    name: 'conditional is the marginal',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) =>
        category.par(category.discard(x), category.seq(f, category.par(category.discard(x), category.id(y)))),
    }),
    caughtBy: groups('I1 M1 M3'),
  },
  {
    name: 'conditional is off by less than the budget of equality',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) => withRows(conditional(f, x, y), (row) => moved(row, 0.8 * equalityBudget)),
    }),
    caughtBy: groups('H1 M1'),
    rarelyCaughtBy: groups('M2 M3 M4'),
    note: 'Put back where it came from it is right up to the budget, and so is the next one; the two together are not.',
  },
  {
    name: 'inverse for the uniform prior',
    breaks: (category) => ({ ...category, inverse: (prior, f) => inverse(uniform(prior), f) }),
    caughtBy: groups('J1 J2 J4'),
  },
  {
    name: 'inverse forgets the parameter of the prior',
    breaks: (category) => ({ ...category, inverse: (prior, f) => inverse(averaged(prior), f) }),
    caughtBy: groups('J1'),
  },
  {
    name: 'rows without mass become uniform when composed',
    breaks: ({ conditional: _, inverse: __, ...category }) => ({
      ...category,
      seq: (f, g) => withRows(category.seq(f, g), (row) => (total(row) === 0 ? row.map(() => 1 / row.length) : row)),
      // Impossible evidence is a morphism here.
      validate: right,
    }),
    arbitraries: changedRows(
      fc.constantFrom(1, 1, 0),
      (row, factor) => row.map((entry) => entry * factor),
      finStochArbitraries,
    ),
    caughtBy: groups('A1 A2 A3 B1 G3 K1 K2'),
    rarelyCaughtBy: groups('H3'),
    note: 'Discard is natural again, F1 holds: at the price of identities and brackets.',
  },
]
