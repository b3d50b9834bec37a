/**
 * The laws of drawing samples: group Q.
 *
 * Equal morphisms give identical draws, which is checked to the last bit; that the draws have the right law is a measurement, so those
 * laws state how often a right sampler would fail them.
 */
import * as fc from 'fast-check'
import { isRight, type Either } from 'fp-ts/lib/Either.js'

import type { Problem } from '../dsl/problem.js'
import type { Wires } from '../dsl/object.js'
import { Sampler } from '../src/category/sampler.js'
import { convergence, legsIndependence } from '../src/category/sampler/empirical-law.js'
import type { SamplerMorphism } from '../src/category/sampler/morphism.js'
import { type Draw, sample } from '../src/category/sampler/run.js'
import { sameSamples } from '../src/category/sampler/samples.js'
import { showProblem } from '../dsl/problem.js'
import type { Arbitraries } from './arbitraries/arbitraries.js'
import type { Claim } from './claim.js'
import { lawOn } from './law-on.js'
import type { LawSet } from './law-set.js'
import { morphism, object, rival } from './variable.js'

/** What is held against the laws. */
export interface SamplerUnderTest {
  readonly name: string
  readonly draw: Draw
  /** The law of a state with finite outputs, where the exact arithmetic of another category gives it. */
  readonly exactLaw?: (state: SamplerMorphism) => Either<Problem, ArrayLike<number>>
}

/** Draws in a case, the seed of them, and the probability that a right sampler fails one case of a law about chance. */
const [count, seed, falseAlarm] = [1000, 20, 1e-9]

/**
 * Q1: equal morphisms give identical draws; Q2: the legs of a tensor product are independent; Q3: the draws of a state have its law.
 *
 * @example
 * samplerLaws({ name: 'sampler', draw: sample }, samplerArbitraries).laws.map(({ law }) => law.group)
 * // => ['Q1', 'Q1', 'Q1', 'Q1', 'Q1', 'Q2']
 */
export const samplerLaws = (
  { name, draw, exactLaw }: SamplerUnderTest = { name: 'sampler', draw: sample },
  arbitraries: Arbitraries<Wires, SamplerMorphism>,
): LawSet => {
  type Mor = SamplerMorphism
  const { seq, par, copy, discard, id } = Sampler
  const law = lawOn<Draw, Wires, Mor, Wires, Mor>({
    name,
    subjects: fc.constant(draw),
    source: () => Sampler,
    target: () => Sampler,
    arbitraries,
  })
  const drawn = (f: Mor) => valueOf(draw(f, [], { seed, count }))
  const sameDraws = (f: () => Mor, g: () => Mor): Claim<Wires, Mor> => ({
    kind: 'same-truth',
    left: () => sameSamples(drawn(f()), drawn(g())),
    right: () => true,
  })
  const isFinite = (f: Mor): boolean => f.diagram.outputs.every(({ kind }) => kind !== 'real')

  const laws = [
    law({
      group: 'Q1',
      name: 'equal morphisms give identical draws',
      statement: 'if p equals q, the draws of p are those of q',
      where: { A: object, p: morphism([], 'A'), q: rival('p') },
      claim: (_, { p, q }) => ({
        kind: 'provided',
        hypothesis: () => Sampler.equals(p, q),
        claim: sameDraws(
          () => p,
          () => q,
        ),
      }),
    }),
    law({
      group: 'Q1',
      name: 'brackets leave no trace in the draws',
      statement: 'the draws of (p ; f) ; g are those of p ; (f ; g)',
      where: { A: object, B: object, C: object, p: morphism([], 'A'), f: morphism('A', 'B'), g: morphism('B', 'C') },
      claim: (_, { p, f, g }) =>
        sameDraws(
          () => seq(seq(p, f), g),
          () => seq(p, seq(f, g)),
        ),
    }),
    law({
      group: 'Q1',
      name: 'the order of independent boxes leaves no trace in the draws',
      statement: 'the draws of (p ⊗ q) ; (f ⊗ g) are those of (p ; f) ⊗ (q ; g)',
      where: {
        A: object,
        B: object,
        C: object,
        D: object,
        p: morphism([], 'A'),
        q: morphism([], 'C'),
        f: morphism('A', 'B'),
        g: morphism('C', 'D'),
      },
      claim: (_, { p, q, f, g }) =>
        sameDraws(
          () => seq(par(p, q), par(f, g)),
          () => par(seq(p, f), seq(q, g)),
        ),
    }),
    law({
      group: 'Q1',
      name: 'what is not read leaves no trace in the draws',
      statement: 'the draws of p ; copy[A] ; (id[A] ⊗ (f ; discard[B])) are those of p',
      where: { A: object, B: object, p: morphism([], 'A'), f: morphism('A', 'B') },
      claim: (_, { A, B, p, f }) =>
        sameDraws(
          () => seq(seq(p, copy(A)), par(id(A), seq(f, discard(B)))),
          () => p,
        ),
    }),
    law({
      group: 'Q1',
      name: 'a copy has the same draws on both legs',
      statement: 'both legs of p ; copy[A] are drawn as p is',
      where: { A: object, p: morphism([], 'A') },
      claim: (_, { A, p }) =>
        sameDraws(
          () => seq(seq(p, copy(A)), par(discard(A), id(A))),
          () => p,
        ),
    }),
    law({
      group: 'Q2',
      name: 'the legs of a tensor product are independent',
      statement: `p ⊗ q passes the chi-squared test of independence at ${falseAlarm}, in ${count} draws with seed ${seed}`,
      where: { A: object, B: object, p: morphism([], 'A'), q: morphism([], 'B') },
      claim: (_, { p, q }) => ({
        kind: 'provided',
        hypothesis: () => isFinite(p) && isFinite(q),
        claim: {
          kind: 'at-most',
          left: () => falseAlarm,
          right: () => valueOf(legsIndependence(p, q, [], { seed, count }, draw)).tailBound,
          budget: 0,
        },
      }),
    }),
  ]
  if (exactLaw === undefined) return { name: 'sampler', category: name, laws }
  return {
    name: 'sampler',
    category: name,
    laws: [
      ...laws,
      law({
        group: 'Q3',
        name: 'draws have the law of the state',
        statement: `the total variation of ${count} draws from the law is within the bound that fails once in ${1 / falseAlarm}`,
        where: { A: object, p: morphism([], 'A') },
        claim: (_, { p }) => ({
          kind: 'provided',
          hypothesis: () => isFinite(p) && isRight(exactLaw(p)),
          claim: {
            kind: 'same-truth',
            left: () => valueOf(convergence(drawn(p), valueOf(exactLaw(p)), falseAlarm)).agrees,
            right: () => true,
          },
        }),
      }),
    ],
  }
}

/** A sampler that refuses a request of the laws is broken, and the claim shows why. */
const valueOf = <A>(value: Either<Problem, A>): A => {
  if (isRight(value)) return value.right
  throw new Error(showProblem(value.left))
}
