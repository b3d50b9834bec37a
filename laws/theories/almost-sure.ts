/**
 * Almost sure equality: group H of the law list.
 *
 * Two morphisms f, g : X -> Y are equal almost surely under p : A -> X when p ; copy[X] ; (id[X] ⊗ f) = p ; copy[X] ; (id[X] ⊗ g).
 *
 * Source: T. Fritz, "A synthetic approach to Markov kernels, conditional independence and theorems on sufficient statistics" (2020);
 * K. Cho and B. Jacobs, "Disintegration and Bayesian inversion via string diagrams" (2019).
 */
import { almostSurelyEqual, jointWithOutput } from '../../src/category/almost-sure.js'
import { equation, property } from '../law.js'
import { almostSureRival, morphism, object } from '../variable.js'
import { markovCategories } from './markov.js'
import type { Theory } from './theory.js'

const pair = {
  X: object,
  Y: object,
  p: morphism([], 'X'),
  f: morphism('X', 'Y'),
  g: almostSureRival('f', 'p'),
}

/** What follows from almost sure equality in every Markov category. */
export const almostSureEquality: Theory = {
  name: 'Markov category',
  parents: [markovCategories],
  laws: [
    property({
      name: 'almost sure equality is reflexive',
      group: 'H1',
      statement: 'f =[p] f',
      where: { A: object, X: object, Y: object, p: morphism('A', 'X'), f: morphism('X', 'Y') },
      claim: (category, { p, f }) => ({
        kind: 'same-truth',
        left: () => almostSurelyEqual(category)(p, f, f),
        right: () => true,
      }),
    }),
    property({
      name: 'almost sure equality is symmetric',
      group: 'H1',
      statement: 'f =[p] g if and only if g =[p] f',
      where: pair,
      claim: (category, { p, f, g }) => ({
        kind: 'same-truth',
        left: () => almostSurelyEqual(category)(p, f, g),
        right: () => almostSurelyEqual(category)(p, g, f),
      }),
    }),
    property({
      name: 'almost sure equality is transitive',
      group: 'H1',
      statement: 'if f =[p] g and g =[p] h, then f =[p] h',
      where: { ...pair, h: almostSureRival('g', 'p') },
      claim: (category, { p, f, g, h }) => ({
        kind: 'provided',
        hypothesis: () => almostSurelyEqual(category)(p, f, g) && almostSurelyEqual(category)(p, g, h),
        claim: { kind: 'same-truth', left: () => almostSurelyEqual(category)(p, f, h), right: () => true },
      }),
    }),
    equation({
      name: 'almost surely equal morphisms give equal images',
      group: 'H2',
      statement: 'if f =[p] g, then p ; f = p ; g',
      where: pair,
      provided: (category, { p, f, g }) => almostSurelyEqual(category)(p, f, g),
      left: ({ seq }, { p, f }) => seq(p, f),
      right: ({ seq }, { p, g }) => seq(p, g),
    }),
    equation({
      name: 'almost sure equality survives composition after',
      group: 'H3',
      statement: 'if f =[p] g, then f ; h =[p] g ; h',
      where: { ...pair, Z: object, h: morphism('Y', 'Z') },
      provided: (category, { p, f, g }) => almostSurelyEqual(category)(p, f, g),
      left: (operations, { p, f, h }) => jointWithOutput(operations)(p, operations.seq(f, h)),
      right: (operations, { p, g, h }) => jointWithOutput(operations)(p, operations.seq(g, h)),
    }),
    equation({
      name: 'almost sure equality survives the tensor product',
      group: 'H3',
      statement: 'if f =[p] g, then f ⊗ k =[p ⊗ q] g ⊗ k',
      where: { ...pair, Z: object, W: object, q: morphism([], 'Z'), k: morphism('Z', 'W') },
      provided: (category, { p, f, g }) => almostSurelyEqual(category)(p, f, g),
      left: (operations, { p, f, q, k }) => jointWithOutput(operations)(operations.par(p, q), operations.par(f, k)),
      right: (operations, { p, g, q, k }) => jointWithOutput(operations)(operations.par(p, q), operations.par(g, k)),
    }),
  ],
}
