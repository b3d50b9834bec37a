/**
 * Causality: group L of the law list. What cannot be told apart later cannot be told apart by remembering the past.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020),
 * on causal Markov categories; T. Fritz, T. Gonda, N. Gauguin Houghton-Larsen, A. Lorenzin, P. Perrone and D. Stein, "Dilations and
 * information flow axioms in categorical probability" (2023): causality implies positivity, and not conversely.
 */
import { jointWithOutput } from '../../src/category/almost-sure.js'
import { equation } from '../law.js'
import { almostSureRival, derived, morphism, object } from '../variable.js'
import { positivity } from './positivity.js'
import type { Theory } from './theory.js'

/** Causal Markov categories. */
export const causality: Theory = {
  name: 'causal Markov category',
  parents: [positivity],
  laws: [
    equation({
      name: 'causality',
      group: 'L1',
      statement: 'if h =[f ; g] k, then f ; copy[A] ; (id[A] ⊗ (g ; copy[B] ; (id[B] ⊗ h))) is the same with k for h',
      where: {
        A: object,
        B: object,
        C: object,
        f: morphism([], 'A'),
        g: morphism('A', 'B'),
        image: derived([], 'B', ({ seq }, { f, g }) => seq(f!, g!)),
        h: morphism('B', 'C'),
        k: almostSureRival('h', 'image'),
      },
      provided: (category, { image, h, k }) =>
        category.equals(jointWithOutput(category)(image, h), jointWithOutput(category)(image, k)),
      left: (operations, { f, g, h }) => jointWithOutput(operations)(f, jointWithOutput(operations)(g, h)),
      right: (operations, { f, g, k }) => jointWithOutput(operations)(f, jointWithOutput(operations)(g, k)),
    }),
  ],
}
