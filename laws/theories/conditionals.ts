/**
 * Conditionals: group I of the law list.
 *
 * A conditional is unique almost surely and no further, so it is never compared to a fixed morphism: it is put back where it came
 * from. Two conditionals of a morphism agree almost surely exactly when they put together the same morphism.
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import { reassemble } from '../../src/category/disintegration.js'
import { conditionalEquation, conditionalProperty } from '../law.js'
import type { Operations } from '../operations.js'
import { morphism, object } from '../variable.js'
import { almostSureEquality } from './almost-sure.js'
import type { Theory } from './theory.js'

/** f[X] : A -> X, the marginal on X of f : A -> X ⊗ Y. */
const marginal = <Obj, Mor>({ seq, par, id, discard }: Operations<Obj, Mor>, f: Mor, x: Obj, y: Obj): Mor =>
  seq(f, par(id(x), discard(y)))

const joint = { A: object, X: object, Y: object, f: morphism('A', ['X', 'Y']) }

/** Markov categories in which every joint morphism has a conditional. */
export const conditionals: Theory = {
  name: 'Markov category with conditionals',
  parents: [almostSureEquality],
  laws: [
    conditionalEquation({
      name: 'a joint morphism is its marginal and its conditional',
      group: 'I1',
      statement: 'f = copy[A] ; ((f[X] ; copy[X]) ⊗ id[A]) ; (id[X] ⊗ f|X)',
      where: joint,
      left: (_, { f }) => f,
      right: (operations, { A, X, Y, f }) => {
        const { seq, par, copy, id, conditional } = operations
        const copied = seq(marginal(operations, f, X, Y), copy(X))
        return seq(seq(copy(A), par(copied, id(A))), par(id(X), conditional(f, X, Y)))
      },
    }),
    conditionalEquation({
      name: 'a conditional is total',
      group: 'I2',
      statement: 'f|X ; discard[Y] = discard[X ⊗ A]',
      where: joint,
      left: ({ seq, discard, conditional }, { X, Y, f }) => seq(conditional(f, X, Y), discard(Y)),
      right: ({ discard, tensor }, { A, X }) => discard(tensor(X, A)),
    }),
    conditionalProperty({
      name: 'conditionals are valid',
      group: 'I2',
      statement: 'validate accepts f|X',
      where: joint,
      claim: ({ conditional }, { X, Y, f }) => ({ kind: 'valid', morphism: () => conditional(f, X, Y) }),
    }),
    conditionalProperty({
      name: 'the ends of a conditional',
      group: 'I2',
      statement: 'f|X : X ⊗ A -> Y',
      where: joint,
      claim: ({ conditional, domain, codomain, tensor }, { A, X, Y, f }) => ({
        kind: 'same-objects',
        left: () => [domain(conditional(f, X, Y)), codomain(conditional(f, X, Y))],
        right: () => [tensor(X, A), Y],
      }),
    }),
    conditionalEquation({
      name: 'two conditionals agree almost surely',
      group: 'I3',
      statement: 'if g is f put together from its marginal and its conditional, then g|X = f|X almost surely',
      where: joint,
      left: (operations, { X, Y, f }) =>
        reassemble(operations)({
          marginal: marginal(operations, f, X, Y),
          conditional: operations.conditional(f, X, Y),
        }),
      right: (operations, { X, Y, f }) => {
        const first = marginal(operations, f, X, Y)
        const again = reassemble(operations)({ marginal: first, conditional: operations.conditional(f, X, Y) })
        return reassemble(operations)({ marginal: first, conditional: operations.conditional(again, X, Y) })
      },
    }),
    conditionalEquation({
      name: 'conditioning twice is conditioning on both',
      group: 'I4',
      statement: '(swap[X, Y] ⊗ id[A]) ; (f|X)|Y = f|(X ⊗ Y) almost surely',
      where: { A: object, X: object, Y: object, Z: object, f: morphism('A', ['X', 'Y', 'Z']) },
      left: (operations, { A, X, Y, Z, f }) => {
        const { seq, par, id, swap, conditional, tensor } = operations
        const twice = conditional(conditional(f, X, tensor(Y, Z)), Y, Z)
        return reassemble(operations)({
          marginal: marginal(operations, f, tensor(X, Y), Z),
          conditional: seq(par(swap(X, Y), id(A)), twice),
        })
      },
      right: (operations, { X, Y, Z, f }) => {
        const { conditional, tensor } = operations
        return reassemble(operations)({
          marginal: marginal(operations, f, tensor(X, Y), Z),
          conditional: conditional(f, tensor(X, Y), Z),
        })
      },
    }),
  ],
}
