/**
 * Bayesian inversion: group J of the law list.
 *
 * Source: K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019); T. Fritz, "A synthetic approach to
 * Markov kernels, conditional independence and theorems on sufficient statistics" (2020).
 */
import { jointWithOutput } from '../../src/category/almost-sure.js'
import { conditionalEquation, conditionalProperty } from '../law.js'
import { derived, fifthPower, morphism, object } from '../variable.js'
import { conditionals } from './conditionals.js'
import type { Theory } from './theory.js'

const channel = { X: object, Y: object, p: morphism([], 'X'), f: morphism('X', 'Y') }

/** Markov categories in which every morphism has a Bayesian inverse for every prior. */
export const inversion: Theory = {
  name: 'Markov category with Bayesian inverses',
  parents: [conditionals],
  laws: [
    conditionalEquation({
      name: 'an inverse gives the same joint morphism',
      group: 'J1',
      statement: 'p ; copy[X] ; (f ⊗ id[X]) = copy[A] ; ((p ; f ; copy[Y]) ⊗ id[A]) ; (id[Y] ⊗ f†)',
      where: { A: object, X: object, Y: object, p: morphism('A', 'X'), f: morphism('X', 'Y') },
      left: ({ seq, par, copy, id }, { X, p, f }) => seq(seq(p, copy(X)), par(f, id(X))),
      right: ({ seq, par, copy, id, inverse }, { A, Y, p, f }) =>
        seq(seq(copy(A), par(seq(seq(p, f), copy(Y)), id(A))), par(id(Y), inverse(p, f))),
    }),
    conditionalProperty({
      name: 'inverses are valid',
      group: 'J1',
      statement: 'validate accepts f†',
      where: { A: object, X: object, Y: object, p: morphism('A', 'X'), f: morphism('X', 'Y') },
      claim: ({ inverse }, { p, f }) => ({ kind: 'valid', morphism: () => inverse(p, f) }),
    }),
    conditionalEquation({
      name: 'inverting twice',
      group: 'J2',
      statement: 'f†† =[p] f',
      where: channel,
      left: (operations, { p, f }) => {
        const { seq, inverse } = operations
        return jointWithOutput(operations)(p, inverse(seq(p, f), inverse(p, f)))
      },
      right: (operations, { p, f }) => jointWithOutput(operations)(p, f),
    }),
    conditionalEquation({
      name: 'the inverse of an identity',
      group: 'J3',
      statement: 'id[X]† =[p] id[X]',
      where: { X: object, p: morphism([], 'X') },
      left: (operations, { X, p }) => jointWithOutput(operations)(p, operations.inverse(p, operations.id(X))),
      right: (operations, { X, p }) => jointWithOutput(operations)(p, operations.id(X)),
    }),
    conditionalEquation({
      name: 'the inverse of a composite',
      group: 'J4',
      statement: '(f ; g)† =[p ; f ; g] g† ; f†',
      where: { ...channel, Z: object, g: morphism('Y', 'Z') },
      left: (operations, { p, f, g }) => {
        const { seq, inverse } = operations
        return jointWithOutput(operations)(seq(seq(p, f), g), inverse(p, seq(f, g)))
      },
      right: (operations, { p, f, g }) => {
        const { seq, inverse } = operations
        return jointWithOutput(operations)(seq(seq(p, f), g), seq(inverse(seq(p, f), g), inverse(p, f)))
      },
    }),
    conditionalEquation({
      name: 'the inverse of a deterministic isomorphism',
      group: 'J5',
      statement: 'if f is deterministic and f ; g = id[X] = g ; f, then f† =[p ; f] g',
      where: {
        X: object,
        p: morphism([], 'X'),
        f: morphism('X', 'X'),
        g: derived('X', 'X', fifthPower('f')),
      },
      provided: ({ isDeterministic, equals, seq, id }, { X, f, g }) =>
        isDeterministic(f) && equals(seq(f, g), id(X)) && equals(seq(g, f), id(X)),
      left: (operations, { p, f }) => jointWithOutput(operations)(operations.seq(p, f), operations.inverse(p, f)),
      right: (operations, { p, f, g }) => jointWithOutput(operations)(operations.seq(p, f), g),
    }),
    conditionalEquation({
      name: 'the inverse of a swap',
      group: 'J5',
      statement: 'swap[X, Y]† =[p ; swap[X, Y]] swap[Y, X]',
      where: { X: object, Y: object, p: morphism([], ['X', 'Y']) },
      left: (operations, { X, Y, p }) => {
        const { seq, swap, inverse } = operations
        return jointWithOutput(operations)(seq(p, swap(X, Y)), inverse(p, swap(X, Y)))
      },
      right: (operations, { X, Y, p }) => {
        const { seq, swap } = operations
        return jointWithOutput(operations)(seq(p, swap(X, Y)), swap(Y, X))
      },
    }),
  ],
}
