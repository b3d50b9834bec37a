/**
 * Exact equality: the law of group O that a metric with a budget does not satisfy.
 */
import { property } from '../law.js'
import { morphism, object, rival } from '../variable.js'
import { carrier } from './carrier.js'
import type { Theory } from './theory.js'

/** Categories whose equality is exact, and so an equivalence relation. */
export const exactEquality: Theory = {
  name: 'carrier with exact equality',
  parents: [carrier],
  laws: [
    property({
      name: 'equality is transitive',
      group: 'O1',
      statement: 'if f equals g and g equals h, then f equals h',
      where: { A: object, B: object, f: morphism('A', 'B'), g: rival('f'), h: rival('g') },
      claim: ({ equals }, { f, g, h }) => ({
        kind: 'provided',
        hypothesis: () => equals(f, g) && equals(g, h),
        claim: { kind: 'same-truth', left: () => equals(f, h), right: () => true },
      }),
    }),
  ],
}
