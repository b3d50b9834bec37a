/**
 * FinStoch with a fault in its structure: composition, tensor product, swap, copy, discard.
 */
import * as fc from 'fast-check'

import { stochasticMap } from '../../../src/category/fin-stoch.js'
import { sizeOfObject } from '../../../src/category/finite-object.js'
import { finStochArbitraries } from '../../arbitraries/fin-stoch.js'
import { everyLaw, groups, ofGroups } from '../mutant.js'
import {
  atoms,
  determinised,
  type FinStochArbitraries,
  type FinStochMutant,
  isEndomorphism,
  isUnit,
  matrixOf,
  withEntries,
  withRows,
} from './matrix.js'

const pairsBeforePairs: FinStochMutant['breaks'] = (category) => ({
  ...category,
  copy: (a) => {
    const [first, ...rest] = a
    if (first === undefined || rest.length === 0) return category.copy(a)
    // Read as an element of A ⊗ B ⊗ A ⊗ B, whatever the order in which it was written.
    const size = sizeOfObject(rest)
    return stochasticMap(a, [...a, ...a], (x) => {
      const [left, right] = [Math.floor(x / size), x % size]
      return ((left * first + left) * size + right) * size + right
    })
  },
})

const resampling: FinStochMutant['breaks'] = (category) => ({
  ...category,
  copy: (a) => {
    const size = sizeOfObject(a)
    return matrixOf(a, [...a, ...a], (x, y) => (Math.floor(y / size) === x ? 1 / size : 0))
  },
})

/** States are uniform, other morphisms any. */
const fair: FinStochArbitraries = {
  ...finStochArbitraries,
  morphism: (domain, codomain) =>
    isUnit(domain)
      ? fc.constant(matrixOf(domain, codomain, () => 1 / sizeOfObject(codomain)))
      : finStochArbitraries.morphism(domain, codomain),
}

const rotation = (size: number, by: number) => (x: number) => (x + by + size) % size

/** Composition, tensor product, swap, copy and discard, one fault each. */
export const structureMutants: readonly FinStochMutant[] = [
  {
    name: 'tensor of morphisms in the other index order',
    breaks: (category) => ({
      ...category,
      par: (f, g) => ({
        ...category.par(g, f),
        domain: [...f.domain, ...g.domain],
        codomain: [...f.codomain, ...g.codomain],
      }),
    }),
    caughtBy: groups('C2 C3 C4 E1 I1 I3 I4 J1 M1 M3'),
  },
  {
    name: 'swap is the identity matrix',
    breaks: (category) => ({
      ...category,
      swap: (a, b) => stochasticMap([...a, ...b], [...b, ...a], (x) => x),
    }),
    caughtBy: groups('C4 E1 I4 M1 M3'),
    note: 'It is its own inverse and satisfies both hexagons; only naturality sees it, on factors of different sizes.',
  },
  {
    name: 'swap is the identity when A = B',
    breaks: (category) => ({
      ...category,
      swap: (a, b) => (category.sameObject(a, b) ? category.id([...a, ...b]) : category.swap(a, b)),
    }),
    caughtBy: groups('C2 C3 C4 E1 I4 M1 M2 M3'),
    rarelyCaughtBy: groups('M4'),
  },
  {
    name: 'swap with the unit rotates the elements',
    breaks: (category) => ({
      ...category,
      swap: (a, b) => {
        if (isUnit(b)) return stochasticMap(a, a, rotation(sizeOfObject(a), 1))
        if (isUnit(a)) return stochasticMap(b, b, rotation(sizeOfObject(b), -1))
        return category.swap(a, b)
      },
    }),
    caughtBy: groups('C2 C3 C4 C5 E1 I4 M1'),
    rarelyCaughtBy: groups('M4'),
  },
  {
    name: 'swap forgets to swap the ends',
    breaks: (category) => ({ ...category, swap: (a, b) => ({ ...category.swap(a, b), codomain: [...a, ...b] }) }),
    caughtBy: groups('A4 C1 C2 C3 C4 E1 I4 J5 M1 M3'),
  },
  {
    name: 'copy gives (a, a, b, b)',
    breaks: pairsBeforePairs,
    caughtBy: groups('D1 D2 D3 D4 E1 G1 I1 I3 J1 J2 J3 J4 J5 K1 K2 M1 M3'),
    rarelyCaughtBy: groups('H3'),
    note: 'In FinStoch the counit laws leave no other copy, so D2 and D3 see the fault on any composite object.',
  },
  {
    name: 'copy gives (a, a, b, b), checked on single factors',
    breaks: pairsBeforePairs,
    arbitraries: atoms,
    // Laws of groups H, J and M copy products of their variables: H3, J5 and M3 see it as well.
    laws: (category, arbitraries) => ofGroups('ABCDEFGIKO', everyLaw(category, arbitraries)),
    caughtBy: groups('E1'),
    note: 'On single factors copy is right, and of the laws that copy single objects none sees that it is wrong on products.',
  },
  {
    name: 'copy resamples its second leg',
    breaks: resampling,
    caughtBy: groups('D2 D4 G1 G2 I1 I3 J1 J2 J3 J4 J5 K1 K2 M3'),
    rarelyCaughtBy: groups('H2'),
    note: 'G5 holds: a biased coin is a witness. Only a fair coin, copied so, is as good as tossed twice.',
  },
  {
    name: 'copy resamples its second leg, checked on fair coins',
    breaks: resampling,
    arbitraries: fair,
    caughtBy: groups('D2 D4 G1 G2 G5 I1 I3 J1 K1 K2 M3'),
    rarelyCaughtBy: groups('J4'),
  },
  {
    name: 'copy has a constant second leg',
    breaks: (category) => ({
      ...category,
      copy: (a) => stochasticMap(a, [...a, ...a], (x) => x * sizeOfObject(a)),
    }),
    caughtBy: groups('D2 D4 G1 H2 I1 J1 J2 J3 J4 J5 K1 K2 M3'),
  },
  {
    name: 'copy of the unit keeps half the mass',
    breaks: (category) => ({
      ...category,
      copy: (a) => (isUnit(a) ? withEntries(category.copy(a), (entry) => entry / 2) : category.copy(a)),
    }),
    caughtBy: groups('D2 D3 E1 E3 G1 G2 I1 J1 K1 K2 M1 M2 M3 M4 O2'),
  },
  {
    name: 'copy merges its factors',
    breaks: (category) => ({
      ...category,
      copy: (a) => ({ ...category.copy(a), codomain: [sizeOfObject(a) ** 2] }),
    }),
    caughtBy: groups('A4 D1 D2 D3 D4 E1 E3 G1 H1 H2 H3 I1 I3 I4 J1 J2 J3 J4 J5 K1 K2 L1 M1 M2 M3 M4'),
  },
  {
    name: 'discard is not normalised',
    breaks: (category) => ({
      ...category,
      discard: (a) => withEntries(category.discard(a), (entry) => entry / sizeOfObject(a)),
    }),
    caughtBy: groups('D2 D3 F1 G2 I1 I2 K2 M1 O2'),
  },
  {
    name: 'discard keeps half the mass',
    breaks: (category) => ({ ...category, discard: (a) => withEntries(category.discard(a), (entry) => entry / 2) }),
    caughtBy: groups('D2 D3 E2 E4 G2 I1 K2 M1 M2 M3 M4 O2'),
    note: 'F1 holds, since both sides lose the same half: it is the counit that fails.',
  },
  {
    name: 'discard goes to a set of one element that is not the unit',
    breaks: (category) => ({ ...category, discard: (a) => ({ ...category.discard(a), codomain: [1] }) }),
    caughtBy: groups('A4 D2 D3 E2 E4 I1 I3 I4 K2 M1 M2 M3 M4 O3'),
  },
  {
    name: 'identity with jitter',
    breaks: (category) => ({
      ...category,
      id: (a) => matrixOf(a, a, (x, y) => (x === y ? 0.99 : 0) + 0.01 / sizeOfObject(a)),
    }),
    caughtBy: groups('A1 A2 B2 C1 C2 C3 C5 D1 E1 G2 I1 I3 I4 J1 J3 K1 K2 M1'),
  },
  {
    name: 'identity forgets the factors',
    breaks: (category) => ({ ...category, id: (a) => category.id([sizeOfObject(a)]) }),
    caughtBy: groups('A1 A2 A4 B2 B4 C1 C2 C3 C5 D1 D2 D3 E1 E3 E4 H1 H3 I1 I3 I4 J1 J2 J3 J4 J5 K1 K2 L1 M1 M2 M3 M4'),
  },
  {
    name: 'composition in the other order on endomorphisms',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => (isEndomorphism(f) && isEndomorphism(g) ? category.seq(g, f) : category.seq(f, g)),
    }),
    caughtBy: groups('A3 B1 C2 C3 J1 J4'),
    rarelyCaughtBy: groups('C4 H3 K1'),
    note: 'On one object naturality of swap holds in either order; C4 needs different factors with the same product.',
  },
  {
    name: 'composition forgets the factors',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => {
        const composite = category.seq(f, g)
        return { ...composite, codomain: [sizeOfObject(composite.codomain)] }
      },
    }),
    caughtBy: groups(
      'A1 A2 A3 A4 B1 C1 C2 C3 D2 D3 D4 E1 F1 H1 H2 H3 I1 I2 I3 I4 J1 J2 J3 J4 J5 K1 K2 K3 L1 M1 M2 M3 M4 O1',
    ),
  },
  {
    name: 'composition looks at sizes only',
    breaks: (category) => ({
      ...category,
      seq: (f, g) =>
        sizeOfObject(f.codomain) === sizeOfObject(g.domain)
          ? category.seq({ ...f, codomain: g.domain }, g)
          : category.seq(f, g),
    }),
    caughtBy: groups('A4'),
  },
  {
    name: 'composition rounds to two digits',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => withEntries(category.seq(f, g), (entry) => Math.round(entry * 100) / 100),
    }),
    caughtBy: groups('A1 A2 A3 B1 I1 J1 J2 J4 K2 M1 O2'),
    rarelyCaughtBy: groups('H2 H3 L1'),
  },
  {
    name: 'composition drops improbable outcomes',
    breaks: (category) => ({
      ...category,
      seq: (f, g) =>
        withRows(category.seq(f, g), (row) => {
          const kept = row.map((entry) => (entry < 0.2 ? 0 : entry))
          const mass = kept.reduce((sum, entry) => sum + entry, 0)
          return mass === 0 ? row : kept.map((entry) => entry / mass)
        }),
    }),
    caughtBy: groups('A3 B1 H3 J1 J2 J4'),
    rarelyCaughtBy: groups('H2 K1 L1 M1 M3'),
  },
  {
    name: 'morphisms are silently determinised',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => determinised(category.seq(f, g)),
      par: (f, g) => determinised(category.par(f, g)),
    }),
    caughtBy: groups('A1 A2 A3 B1 B4 G1 G5 H2 I1 J1 J2 J4 K1 K2 K3 M1'),
    rarelyCaughtBy: groups('H3 L1'),
  },
  {
    name: 'tensor product depends on brackets',
    breaks: (category) => ({
      ...category,
      par: (f, g) =>
        f.domain.length > 1 && f.codomain.length > 1 ? category.par(determinised(f), g) : category.par(f, g),
    }),
    caughtBy: groups('B1 B3 B4 C4 I1 J1'),
    rarelyCaughtBy: groups('I3 M3 M4'),
  },
  {
    name: 'tensor product with the unit forgets chance',
    breaks: (category) => ({
      ...category,
      par: (f, g) =>
        isUnit(f.domain) && isUnit(f.codomain)
          ? determinised(g)
          : isUnit(g.domain) && isUnit(g.codomain)
            ? determinised(f)
            : category.par(f, g),
    }),
    caughtBy: groups('B1 B3 B4 H2 H3 I1 J1 K1 K2 M1 M3 M4'),
    rarelyCaughtBy: groups('J4'),
  },
  {
    name: 'tensor of morphisms with the second in front',
    breaks: (category) => ({ ...category, par: (f, g) => category.par(g, f) }),
    caughtBy: groups('A4 B2 C2 C3 C4 E1 E2 I1 I3 I4 J1 M1 M2 M3 M4 O3'),
  },
  {
    name: 'tensor of objects writes the unit as a factor',
    breaks: (category) => ({ ...category, tensor: (a, b) => [...a, ...(isUnit(b) ? [1] : b)] }),
    caughtBy: groups('A4 B2 B5 C1 C2 C3 E1 E2 I1 I2 I3 I4 J5 M1 M2 M3 M4 O3'),
  },
  {
    name: 'tensor of objects depends on brackets',
    breaks: (category) => ({ ...category, tensor: (a, b) => (a.length > 1 ? [...b, ...a] : [...a, ...b]) }),
    caughtBy: groups('A4 B2 B5 C1 C2 C3 E1 E2 I1 I2 I3 I4 J5 M1 M2 M3 M4'),
  },
]
