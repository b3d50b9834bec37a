/**
 * The laws of a divergence on a Markov category, and of the entropy and the mutual information that it defines: group P.
 *
 * Source: P. Perrone, "Markov categories and entropy" (2023).
 */
import * as fc from 'fast-check'

import {
  type DivergenceEnrichment,
  enrichedEntropy,
  enrichedInformation,
} from '../src/category/divergence-enrichment.js'
import type { MarkovStructure } from '../src/category/markov-category.js'
import type { Arbitraries } from './arbitraries/arbitraries.js'
import { lawOn } from './law-on.js'
import type { LawSet } from './law-set.js'
import { deterministic, morphism, object, rival } from './variable.js'

/** How much larger the smaller side may come out, relative to the larger side or to one: rounding of sums of logarithms. */
const budget = 1e-9

const pair = { A: object, B: object, f: morphism('A', 'B'), g: rival('f') }

/**
 * P1 to P3, P6 and P7 for any divergence, P4 and P5 where it is declared an additive enrichment.
 *
 * @example
 * const laws = divergenceLaws(FinStoch, finStochEnrichment(chiSquared), finStochArbitraries)
 * laws.laws.map(({ law }) => law.group).includes('P4') // => false
 */
export const divergenceLaws = <Obj, Mor>(
  category: MarkovStructure<Obj, Mor>,
  enrichment: DivergenceEnrichment<Mor>,
  arbitraries: Arbitraries<Obj, Mor>,
): LawSet => {
  const { seq, par } = category
  const { divergence } = enrichment
  const entropy = enrichedEntropy(category, enrichment)
  const information = enrichedInformation(category, enrichment)
  const name = `${category.name}, ${enrichment.name}`
  const law = lawOn<DivergenceEnrichment<Mor>, Obj, Mor, Obj, Mor>({
    name,
    subjects: fc.constant(enrichment),
    source: () => category,
    target: () => category,
    arbitraries,
  })
  const always = [
    law({
      group: 'P1',
      name: 'nothing diverges from itself',
      statement: 'D(f ‖ f) = 0',
      where: { A: object, B: object, f: morphism('A', 'B') },
      claim: (_, { f }) => ({ kind: 'at-most', left: () => Math.abs(divergence(f, f)), right: () => 0, budget }),
    }),
    law({
      group: 'P2',
      name: 'divergences are not negative',
      statement: 'D(f ‖ g) >= 0',
      where: pair,
      claim: (_, { f, g }) => ({ kind: 'at-most', left: () => 0, right: () => divergence(f, g), budget }),
    }),
    law({
      group: 'P3',
      name: 'data processing',
      statement: 'D(f ; h ‖ g ; h) <= D(f ‖ g)',
      where: { ...pair, C: object, h: morphism('B', 'C') },
      claim: (_, { f, g, h }) => ({
        kind: 'at-most',
        left: () => divergence(seq(f, h), seq(g, h)),
        right: () => divergence(f, g),
        budget,
      }),
    }),
    law({
      group: 'P3',
      name: 'a source does not add divergence',
      statement: 'D(h ; f ‖ h ; g) <= D(f ‖ g)',
      where: { ...pair, C: object, h: morphism('C', 'A') },
      claim: (_, { f, g, h }) => ({
        kind: 'at-most',
        left: () => divergence(seq(h, f), seq(h, g)),
        right: () => divergence(f, g),
        budget,
      }),
    }),
    law({
      group: 'P6',
      name: 'deterministic morphisms have no entropy',
      statement: 'H(u) = 0',
      where: { A: object, B: object, u: deterministic('A', 'B') },
      claim: (_, { u }) => ({ kind: 'at-most', left: () => entropy(u), right: () => 0, budget }),
    }),
    law({
      group: 'P6',
      name: 'functions do not raise entropy',
      statement: 'H(f ; u) <= H(f)',
      where: { A: object, B: object, C: object, f: morphism('A', 'B'), u: deterministic('B', 'C') },
      claim: (_, { f, u }) => ({
        kind: 'at-most',
        left: () => entropy(seq(f, u)),
        right: () => entropy(f),
        budget,
      }),
    }),
    law({
      group: 'P6',
      name: 'some channel raises entropy',
      statement: 'H(f ; g) > H(f) for some f and g',
      quantifier: 'some',
      where: { A: object, B: object, f: morphism([], 'A'), g: morphism('A', 'B') },
      claim: (_, { f, g }) => ({
        kind: 'same-truth',
        left: () => entropy(seq(f, g)) > entropy(f) + budget,
        right: () => true,
      }),
    }),
    law({
      group: 'P7',
      name: 'local processing does not raise mutual information',
      statement: 'I(f ; (g ⊗ h)) <= I(f)',
      where: {
        A: object,
        X: object,
        Y: object,
        Z: object,
        W: object,
        f: morphism('A', ['X', 'Y']),
        g: morphism('X', 'Z'),
        h: morphism('Y', 'W'),
      },
      claim: (_, { X, Y, Z, W, f, g, h }) => ({
        kind: 'at-most',
        left: () => information(seq(f, par(g, h)), Z, W),
        right: () => information(f, X, Y),
        budget,
      }),
    }),
  ]
  const additive = [
    law({
      group: 'P4',
      name: 'divergence adds up along a composite',
      statement: 'D(f ; h ‖ g ; k) <= D(f ‖ g) + D(h ‖ k)',
      where: { ...pair, C: object, h: morphism('B', 'C'), k: rival('h') },
      claim: (_, { f, g, h, k }) => ({
        kind: 'at-most',
        left: () => divergence(seq(f, h), seq(g, k)),
        right: () => divergence(f, g) + divergence(h, k),
        budget,
      }),
    }),
    law({
      group: 'P5',
      name: 'divergence adds up in a tensor product',
      statement: 'D(f ⊗ h ‖ g ⊗ k) <= D(f ‖ g) + D(h ‖ k)',
      where: { ...pair, C: object, E: object, h: morphism('C', 'E'), k: rival('h') },
      claim: (_, { f, g, h, k }) => ({
        kind: 'at-most',
        left: () => divergence(par(f, h), par(g, k)),
        right: () => divergence(f, g) + divergence(h, k),
        budget,
      }),
    }),
  ]
  return {
    name: enrichment.additive ? 'divergence, an additive enrichment' : 'divergence',
    category: name,
    laws: enrichment.additive ? [...always, ...additive] : always,
  }
}
