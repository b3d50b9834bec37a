/**
 * Conditional independence: group M of the law list, the semigraphoid rules.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import { conditionallyIndependent } from '../../src/category/conditional-independence.js'
import { conditionalProperty } from '../law.js'
import { derived, morphism, object } from '../variable.js'
import { conditionals } from './conditionals.js'
import type { Theory } from './theory.js'

/** Four objects, and a state of X ⊗ Y ⊗ W ⊗ Z in which X is independent of Y ⊗ W given Z, by construction. */
const fork = {
  X: object,
  Y: object,
  W: object,
  Z: object,
  z: morphism([], 'Z'),
  f: morphism('Z', 'X'),
  g: morphism('Z', ['Y', 'W']),
}

const forkState = derived([], ['X', 'Y', 'W', 'Z'], ({ seq, par, copy, id, domain }, { z, f, g }) => {
  const Z = domain(f!)
  return seq(seq(seq(z!, copy(Z)), par(copy(Z), id(Z))), par(par(f!, g!), id(Z)))
})

/** What follows from conditional independences. */
export const conditionalIndependence: Theory = {
  name: 'conditional independence',
  parents: [conditionals],
  laws: [
    conditionalProperty({
      name: 'effects of one cause are independent given the cause',
      group: 'M1',
      statement: 'X ⊥ Y | Z in z ; copy ; (f ⊗ g ⊗ id[Z])',
      where: {
        X: object,
        Y: object,
        Z: object,
        z: morphism([], 'Z'),
        f: morphism('Z', 'X'),
        g: morphism('Z', 'Y'),
      },
      claim: (category, { X, Y, Z, z, f, g }) => {
        const { seq, par, copy, id } = category
        return {
          kind: 'same-truth',
          left: () =>
            conditionallyIndependent(category)(seq(seq(seq(z, copy(Z)), par(copy(Z), id(Z))), par(par(f, g), id(Z))), {
              x: X,
              y: Y,
              z: Z,
            }),
          right: () => true,
        }
      },
    }),
    conditionalProperty({
      name: 'symmetry',
      group: 'M1',
      statement: 'X ⊥ Y | Z if and only if Y ⊥ X | Z',
      where: { A: object, X: object, Y: object, Z: object, p: morphism('A', ['X', 'Y', 'Z']) },
      claim: (category, { X, Y, Z, p }) => {
        const { seq, par, swap, id } = category
        return {
          kind: 'same-truth',
          left: () => conditionallyIndependent(category)(p, { x: X, y: Y, z: Z }),
          right: () => conditionallyIndependent(category)(seq(p, par(swap(X, Y), id(Z))), { x: Y, y: X, z: Z }),
        }
      },
    }),
    conditionalProperty({
      name: 'decomposition',
      group: 'M2',
      statement: 'if X ⊥ Y ⊗ W | Z, then X ⊥ Y | Z',
      where: { ...fork, p: forkState },
      claim: (category, { X, Y, W, Z, p }) => {
        const { seq, par, discard, id, tensor } = category
        return {
          kind: 'provided',
          hypothesis: () => conditionallyIndependent(category)(p, { x: X, y: tensor(Y, W), z: Z }),
          claim: {
            kind: 'same-truth',
            left: () =>
              conditionallyIndependent(category)(seq(p, par(par(id(tensor(X, Y)), discard(W)), id(Z))), {
                x: X,
                y: Y,
                z: Z,
              }),
            right: () => true,
          },
        }
      },
    }),
    conditionalProperty({
      name: 'weak union',
      group: 'M3',
      statement: 'if X ⊥ Y ⊗ W | Z, then X ⊥ Y | W ⊗ Z',
      where: { ...fork, p: forkState },
      claim: (category, { X, Y, W, Z, p }) => {
        const { tensor } = category
        return {
          kind: 'provided',
          hypothesis: () => conditionallyIndependent(category)(p, { x: X, y: tensor(Y, W), z: Z }),
          claim: {
            kind: 'same-truth',
            left: () => conditionallyIndependent(category)(p, { x: X, y: Y, z: tensor(W, Z) }),
            right: () => true,
          },
        }
      },
    }),
    conditionalProperty({
      name: 'contraction',
      group: 'M4',
      statement: 'if X ⊥ Y | Z and X ⊥ W | Y ⊗ Z, then X ⊥ W ⊗ Y | Z',
      where: {
        X: object,
        Y: object,
        W: object,
        Z: object,
        z: morphism([], 'Z'),
        f: morphism('Z', 'X'),
        g: morphism('Z', 'Y'),
        h: morphism(['Y', 'Z'], 'W'),
        // I -> X ⊗ W ⊗ Y ⊗ Z
        p: derived([], ['X', 'W', 'Y', 'Z'], (operations, { z, f, g, h }) => {
          const { seq, par, copy, id, domain, codomain } = operations
          const [Y, Z] = [codomain(g!), domain(g!)]
          const withY = seq(seq(z!, copy(Z)), par(seq(copy(Z), par(f!, g!)), id(Z)))
          return seq(
            seq(withY, par(id(codomain(f!)), copy(operations.tensor(Y, Z)))),
            par(par(id(codomain(f!)), h!), id(operations.tensor(Y, Z))),
          )
        }),
      },
      claim: (category, { X, Y, W, Z, p }) => {
        const { seq, par, discard, id, tensor } = category
        const given = conditionallyIndependent(category)
        return {
          kind: 'provided',
          hypothesis: () =>
            given(seq(p, par(par(id(X), discard(W)), id(tensor(Y, Z)))), { x: X, y: Y, z: Z }) &&
            given(p, { x: X, y: W, z: tensor(Y, Z) }),
          claim: {
            kind: 'same-truth',
            left: () => given(p, { x: X, y: tensor(W, Y), z: Z }),
            right: () => true,
          },
        }
      },
    }),
  ],
}
