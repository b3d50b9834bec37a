/**
 * Broken versions of FinSetMulti: relations that lose what is possible.
 */
import * as fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'

import { type MultivaluedFunction, multivaluedFunction, possibleOutputs } from '../../src/category/fin-set-multi.js'
import { type FiniteObject, sizeOfObject } from '../../src/category/finite-object.js'
import type { Arbitraries } from '../arbitraries/arbitraries.js'
import { finSetMultiArbitraries } from '../arbitraries/fin-set-multi.js'
import { groups, type Mutant } from './mutant.js'

type FinSetMultiMutant = Mutant<FiniteObject, MultivaluedFunction>

/** The outputs that are possible whichever of the intermediate elements it is: intersection in the place of union. */
const certainComposite = (f: MultivaluedFunction, g: MultivaluedFunction): MultivaluedFunction => {
  const columns = sizeOfObject(g.codomain)
  const certain = Array.from({ length: sizeOfObject(f.domain) }, (_, x) => {
    const row = new Uint8Array(columns).fill(1)
    for (const y of possibleOutputs(f, x)) for (let z = 0; z < columns; z++) row[z]! &= g.entries[y * columns + z]!
    return [...row]
  })
  return { domain: f.domain, codomain: g.codomain, entries: Uint8Array.from(certain.flat()) }
}

/** The input elements that a posterior holds possible although the prior does not. */
const forgetfulInverse = (prior: MultivaluedFunction, f: MultivaluedFunction): MultivaluedFunction =>
  multivaluedFunction([...f.codomain, ...prior.domain], f.domain, (element) => {
    const y = Math.floor(element / sizeOfObject(prior.domain))
    const all = Array.from({ length: sizeOfObject(f.domain) }, (_, x) => x)
    const explained = all.filter((x) => possibleOutputs(f, x).includes(y))
    return explained.length === 0 ? all : explained
  })

/** Relations of which some inputs have no output. */
const partial: Arbitraries<FiniteObject, MultivaluedFunction> = {
  ...finSetMultiArbitraries,
  morphism: (domain, codomain) =>
    fc
      .tuple(finSetMultiArbitraries.morphism(domain, codomain), fc.nat(sizeOfObject(domain)))
      .map(([f, without]) =>
        multivaluedFunction(domain, codomain, (x) => (x === without ? [] : possibleOutputs(f, x))),
      ),
}

/** Broken versions of FinSetMulti, each with the groups of the laws that reject it. */
export const finSetMultiMutants: readonly FinSetMultiMutant[] = [
  {
    name: 'composition keeps the certain outputs only',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => (category.sameObject(f.codomain, g.domain) ? certainComposite(f, g) : category.seq(f, g)),
    }),
    caughtBy: groups('A2 A3 C4 H2 I1 J1 K1 K2 M1 M2 M3 M4 O2'),
    rarelyCaughtBy: groups('J4 K3'),
    note: 'The empty set where the possibilities have nothing in common.',
  },
  {
    name: 'inputs without outputs are admitted',
    breaks: ({ conditional: _, inverse: __, ...category }) => ({ ...category, validate: right }),
    arbitraries: partial,
    caughtBy: groups('F1 K1'),
    note: 'Partial relations are a copy-discard category: an impossible computation can be told from one that is discarded.',
  },
  {
    name: 'conditional is empty where the evidence is impossible',
    breaks: (category) => ({
      ...category,
      conditional: (f, x, y) => {
        const [inputs, width] = [sizeOfObject(f.domain), sizeOfObject(y)]
        return multivaluedFunction([...x, ...f.domain], y, (element) => {
          const first = Math.floor(element / inputs) * width
          return possibleOutputs(f, element % inputs)
            .map((output) => output - first)
            .filter((output) => output >= 0 && output < width)
        })
      },
    }),
    caughtBy: groups('I2'),
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
    name: 'inverse forgets what the prior excludes',
    breaks: (category) => ({ ...category, inverse: forgetfulInverse }),
    caughtBy: groups('J1 J2'),
    rarelyCaughtBy: groups('J4'),
  },
]
