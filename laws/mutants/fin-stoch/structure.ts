/**
 * FinStoch with a fault in its structure: composition, tensor product, swap, copy, discard.
 */
import { stochasticMap } from '../../../src/category/fin-stoch.js'
import { sizeOfObject } from '../../../src/category/finite-object.js'
import {
  atoms,
  determinised,
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
    caughtBy: ['C2', 'C3', 'C4', 'E1'],
  },
  {
    name: 'swap is the identity matrix',
    breaks: (category) => ({
      ...category,
      swap: (a, b) => stochasticMap([...a, ...b], [...b, ...a], (x) => x),
    }),
    caughtBy: ['C4', 'E1'],
    note: 'It is its own inverse and satisfies both hexagons; only naturality sees it, on factors of different sizes.',
  },
  {
    name: 'swap is the identity when A = B',
    breaks: (category) => ({
      ...category,
      swap: (a, b) => (category.sameObject(a, b) ? category.id([...a, ...b]) : category.swap(a, b)),
    }),
    caughtBy: ['C2', 'C3', 'C4', 'E1'],
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
    caughtBy: ['C2', 'C3', 'C4', 'C5', 'E1'],
  },
  {
    name: 'swap forgets to swap the ends',
    breaks: (category) => ({ ...category, swap: (a, b) => ({ ...category.swap(a, b), codomain: [...a, ...b] }) }),
    caughtBy: ['A4', 'C1', 'C2', 'C3', 'C4', 'E1'],
  },
  {
    name: 'copy gives (a, a, b, b)',
    breaks: pairsBeforePairs,
    caughtBy: ['D1', 'D2', 'D3', 'D4', 'E1', 'G1'],
    note: 'In FinStoch the counit laws leave no other copy, so D2 and D3 see the fault on any composite object.',
  },
  {
    name: 'copy gives (a, a, b, b), checked on single factors',
    breaks: pairsBeforePairs,
    arbitraries: atoms,
    caughtBy: ['E1'],
    note: 'On single factors copy is right, and only the law of copying a product sees that it is wrong on products.',
  },
  {
    name: 'copy resamples its second leg',
    breaks: (category) => ({
      ...category,
      copy: (a) => {
        const size = sizeOfObject(a)
        return matrixOf(a, [...a, ...a], (x, y) => (Math.floor(y / size) === x ? 1 / size : 0))
      },
    }),
    caughtBy: ['D2', 'D4', 'G1', 'G2'],
    note: 'G5 holds: a biased coin is a witness. Only a fair coin, copied so, is as good as tossed twice.',
  },
  {
    name: 'copy has a constant second leg',
    breaks: (category) => ({
      ...category,
      copy: (a) => stochasticMap(a, [...a, ...a], (x) => x * sizeOfObject(a)),
    }),
    caughtBy: ['D2', 'D4', 'G1'],
  },
  {
    name: 'copy of the unit keeps half the mass',
    breaks: (category) => ({
      ...category,
      copy: (a) => (isUnit(a) ? withEntries(category.copy(a), (entry) => entry / 2) : category.copy(a)),
    }),
    caughtBy: ['D2', 'D3', 'E1', 'E3', 'G1', 'G2', 'O2'],
  },
  {
    name: 'copy merges its factors',
    breaks: (category) => ({
      ...category,
      copy: (a) => ({ ...category.copy(a), codomain: [sizeOfObject(a) ** 2] }),
    }),
    caughtBy: ['A4', 'D1', 'D2', 'D3', 'D4', 'E1', 'E3', 'G1'],
  },
  {
    name: 'discard is not normalised',
    breaks: (category) => ({
      ...category,
      discard: (a) => withEntries(category.discard(a), (entry) => entry / sizeOfObject(a)),
    }),
    caughtBy: ['D2', 'D3', 'F1', 'G2', 'O2'],
  },
  {
    name: 'discard keeps half the mass',
    breaks: (category) => ({ ...category, discard: (a) => withEntries(category.discard(a), (entry) => entry / 2) }),
    caughtBy: ['D2', 'D3', 'E2', 'E4', 'G2', 'O2'],
    note: 'F1 holds, since both sides lose the same half: it is the counit that fails.',
  },
  {
    name: 'discard goes to a set of one element that is not the unit',
    breaks: (category) => ({ ...category, discard: (a) => ({ ...category.discard(a), codomain: [1] }) }),
    caughtBy: ['A4', 'D2', 'D3', 'E2', 'E4'],
  },
  {
    name: 'identity with jitter',
    breaks: (category) => ({
      ...category,
      id: (a) => matrixOf(a, a, (x, y) => (x === y ? 0.99 : 0) + 0.01 / sizeOfObject(a)),
    }),
    caughtBy: ['A1', 'A2', 'B2', 'C1', 'C2', 'C3', 'C5', 'D1', 'E1', 'G2'],
  },
  {
    name: 'identity forgets the factors',
    breaks: (category) => ({ ...category, id: (a) => category.id([sizeOfObject(a)]) }),
    caughtBy: ['A1', 'A2', 'A4', 'B2', 'B4', 'C1', 'C2', 'C3', 'C5', 'D1', 'D2', 'D3', 'E1', 'E3', 'E4'],
  },
  {
    name: 'composition in the other order on endomorphisms',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => (isEndomorphism(f) && isEndomorphism(g) ? category.seq(g, f) : category.seq(f, g)),
    }),
    caughtBy: ['A3', 'B1', 'C2', 'C3'],
    rarelyCaughtBy: ['C4'],
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
    caughtBy: ['A1', 'A2', 'A3', 'A4', 'B1', 'C1', 'C2', 'C3', 'D2', 'D3', 'D4', 'E1', 'F1', 'O1'],
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
    caughtBy: ['A4'],
  },
  {
    name: 'composition rounds to two digits',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => withEntries(category.seq(f, g), (entry) => Math.round(entry * 100) / 100),
    }),
    caughtBy: ['A1', 'A2', 'A3', 'B1', 'O2'],
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
    caughtBy: ['A3', 'B1'],
  },
  {
    name: 'morphisms are silently determinised',
    breaks: (category) => ({
      ...category,
      seq: (f, g) => determinised(category.seq(f, g)),
      par: (f, g) => determinised(category.par(f, g)),
    }),
    caughtBy: ['A1', 'A2', 'A3', 'B1', 'B4', 'G1', 'G5'],
  },
  {
    name: 'tensor product depends on brackets',
    breaks: (category) => ({
      ...category,
      par: (f, g) =>
        f.domain.length > 1 && f.codomain.length > 1 ? category.par(determinised(f), g) : category.par(f, g),
    }),
    caughtBy: ['B1', 'B3', 'B4', 'C4'],
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
    caughtBy: ['B1', 'B3', 'B4'],
  },
  {
    name: 'tensor of morphisms with the second in front',
    breaks: (category) => ({ ...category, par: (f, g) => category.par(g, f) }),
    caughtBy: ['A4', 'B2', 'C2', 'C3', 'C4', 'E1', 'E2'],
  },
  {
    name: 'tensor of objects writes the unit as a factor',
    breaks: (category) => ({ ...category, tensor: (a, b) => [...a, ...(isUnit(b) ? [1] : b)] }),
    caughtBy: ['A4', 'B2', 'B5', 'C1', 'C2', 'C3', 'E1', 'E2'],
  },
  {
    name: 'tensor of objects depends on brackets',
    breaks: (category) => ({ ...category, tensor: (a, b) => (a.length > 1 ? [...b, ...a] : [...a, ...b]) }),
    caughtBy: ['A4', 'B2', 'B5', 'C1', 'C2', 'C3', 'E1', 'E2'],
  },
]
