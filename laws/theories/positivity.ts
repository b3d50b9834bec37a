/**
 * Positivity: group K of the law list. What is certain does not depend on anything else.
 *
 * Signed stochastic matrices form a Markov category that is not positive.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020),
 * on positive Markov categories; T. Fritz, T. Gonda, N. Gauguin Houghton-Larsen, A. Lorenzin, P. Perrone and D. Stein, "Dilations and
 * information flow axioms in categorical probability" (2023).
 */
import { equation, property } from '../law.js'
import { derived, fifthPower, morphism, object } from '../variable.js'
import { almostSureEquality } from './almost-sure.js'
import type { Theory } from './theory.js'

/** Positive Markov categories. */
export const positivity: Theory = {
  name: 'positive Markov category',
  parents: [almostSureEquality],
  laws: [
    equation({
      name: 'positivity',
      group: 'K1',
      statement: 'if f ; g is deterministic, then f ; copy[B] ; (g ⊗ id[B]) = copy[A] ; ((f ; g) ⊗ f)',
      where: { A: object, B: object, C: object, f: morphism('A', 'B'), g: morphism('B', 'C') },
      provided: ({ isDeterministic, seq }, { f, g }) => isDeterministic(seq(f, g)),
      left: ({ seq, par, copy, id }, { B, f, g }) => seq(seq(f, copy(B)), par(g, id(B))),
      right: ({ seq, par, copy }, { A, f, g }) => seq(copy(A), par(seq(f, g), f)),
    }),
    equation({
      name: 'a deterministic marginal is independent of the rest',
      group: 'K2',
      statement: 'if f[X] is deterministic, then f = copy[A] ; (f[X] ⊗ f[Y])',
      where: {
        A: object,
        X: object,
        Y: object,
        f: morphism('A', ['X', 'Y']),
      },
      provided: ({ isDeterministic, seq, par, id, discard }, { X, Y, f }) =>
        isDeterministic(seq(f, par(id(X), discard(Y)))),
      left: (_, { f }) => f,
      right: ({ seq, par, copy, id, discard }, { A, X, Y, f }) =>
        seq(copy(A), par(seq(f, par(id(X), discard(Y))), seq(f, par(discard(X), id(Y))))),
    }),
    property({
      name: 'isomorphisms are deterministic',
      group: 'K3',
      statement: 'if f ; g = id[A] and g ; f = id[B], then isDeterministic(f)',
      where: {
        A: object,
        f: morphism('A', 'A'),
        // The inverse of a permutation is one of its powers.
        g: derived('A', 'A', fifthPower('f')),
      },
      claim: ({ isDeterministic, equals, seq, id }, { A, f, g }) => ({
        kind: 'provided',
        hypothesis: () => equals(seq(f, g), id(A)) && equals(seq(g, f), id(A)),
        claim: { kind: 'same-truth', left: () => isDeterministic(f), right: () => true },
      }),
    }),
  ],
}
