/**
 * Markov categories: group F of the law list, and everything below it.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019) call the categories affine CD.
 */
import { equation } from '../law.js'
import { morphism, object } from '../variable.js'
import { carrier } from './carrier.js'
import { copyDiscardCategories } from './copy-discard.js'
import { determinism } from './determinism.js'
import type { Theory } from './theory.js'

/** Markov categories: copy-discard categories in which discard is natural; equivalently, the unit is terminal. */
export const markovCategories: Theory = {
  name: 'Markov category',
  parents: [copyDiscardCategories, determinism, carrier],
  laws: [
    equation({
      name: 'naturality of discard',
      group: 'F1',
      statement: 'f ; discard[B] = discard[A]',
      where: { A: object, B: object, f: morphism('A', 'B') },
      left: ({ seq, discard }, { B, f }) => seq(f, discard(B)),
      right: ({ discard }, { A }) => discard(A),
    }),
  ],
}
