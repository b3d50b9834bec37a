/**
 * The categories that the command line knows, each with every law that it claims to satisfy.
 */
import { type Either, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

import type { Box } from '../../dsl/diagram.js'
import { finite, real, type Wire } from '../../dsl/object.js'
import type { Problem } from '../../dsl/problem.js'
import {
  arbitraryDistribution,
  arbitrarySubset,
  chanceLaws,
  divergenceLaws,
  exactLaws,
  finSetArbitraries,
  finSetMultiArbitraries,
  finStochArbitraries,
  finStochExactArbitraries,
  functorLaws,
  gaussArbitraries,
  gaussExactArbitraries,
  type LawSet,
  markovLaws,
  monadLaws,
  samplerArbitraries,
  samplerLaws,
  semanticsLaws,
} from '../../laws/index.js'
import { exactDistributions } from '../category/distribution-monad.js'
import { FinSet } from '../category/fin-set.js'
import { FinSetMulti } from '../category/fin-set-multi.js'
import { FinStoch } from '../category/fin-stoch.js'
import { FinStochExact } from '../category/fin-stoch-exact.js'
import { gaussRounding } from '../category/functors/gauss-rounding.js'
import {
  inclusionInFinSetMulti,
  inclusionInFinStoch,
  inclusionInFinStochExact,
} from '../category/functors/inclusion.js'
import { rounding } from '../category/functors/rounding.js'
import { exactSupport, floatSupport } from '../category/functors/support.js'
import { Gauss } from '../category/gauss.js'
import { GaussExact } from '../category/gauss-exact.js'
import { Sampler } from '../category/sampler.js'
import type { SamplerMorphism } from '../category/sampler/morphism.js'
import { sample } from '../category/sampler/run.js'
import { nonEmptySubsets } from '../category/subset-monad.js'
import { exactLaw } from '../inference/exact-law.js'
import { exampleDivergences, finStochEnrichment } from '../information/fin-stoch-enrichment.js'
import { interpret } from '../interpret.js'

/** Boxes of every shape over two wires: a state, a channel, a joint channel, a function. */
const signatureOver = (a: Wire, b: Wire): readonly Box[] => [
  plain('coin', [], [a]),
  plain('noise', [a], [b]),
  plain('pair', [b], [a, b]),
  { ...plain('function', [a], [b]), deterministic: true },
]
const plain = (name: string, inputs: readonly Wire[], outputs: readonly Wire[]): Box => ({
  kind: 'box',
  name,
  inputs,
  outputs,
  deterministic: false,
})
const finiteSignature = signatureOver(finite('A', 2), finite('B', 3))
const realSignature = signatureOver(real('A', 1), real('B', 2))
const mixedSignature = signatureOver(finite('Coin', ['heads', 'tails']), real('Line', 1))
const functionSignature = finiteSignature.map((generator) => ({ ...generator, deterministic: true }))

/** The probabilities of the outcomes of a finite sampler without inputs. */
export const lawOfDraws = (state: SamplerMorphism): Either<Problem, ArrayLike<number>> =>
  pipe(
    exactLaw(state),
    map(({ entries }) => entries),
  )

/** Names of categories, in the order in which they are listed. */
export const categoryNames = [
  'fin-stoch',
  'fin-stoch-exact',
  'fin-set',
  'fin-set-multi',
  'gauss',
  'gauss-exact',
  'sampler',
] as const
export type CategoryName = (typeof categoryNames)[number]

/** Every law that a category claims to satisfy. */
export const lawSetsOf: Readonly<Record<CategoryName, () => readonly LawSet[]>> = {
  'fin-stoch': () => [
    chanceLaws(FinStoch, finStochArbitraries),
    semanticsLaws(FinStoch, finStochArbitraries, interpret, finiteSignature),
    functorLaws(inclusionInFinStoch, finSetArbitraries, { group: 'G4' }),
    functorLaws(floatSupport, finStochArbitraries, { group: 'N4' }),
    ...exampleDivergences.map((d) => divergenceLaws(FinStoch, finStochEnrichment(d), finStochArbitraries)),
  ],
  'fin-stoch-exact': () => [
    chanceLaws(FinStochExact, finStochExactArbitraries),
    exactLaws(FinStochExact, finStochExactArbitraries),
    semanticsLaws(FinStochExact, finStochExactArbitraries, interpret, finiteSignature),
    functorLaws(inclusionInFinStochExact, finSetArbitraries, { group: 'G4' }),
    functorLaws(rounding, finStochExactArbitraries, { group: 'N4' }),
    functorLaws(exactSupport, finStochExactArbitraries, { group: 'N4' }),
    monadLaws(exactDistributions, arbitraryDistribution),
  ],
  'fin-set': () => [
    markovLaws(FinSet, finSetArbitraries),
    exactLaws(FinSet, finSetArbitraries),
    semanticsLaws(FinSet, finSetArbitraries, interpret, functionSignature),
  ],
  'fin-set-multi': () => [
    chanceLaws(FinSetMulti, finSetMultiArbitraries),
    exactLaws(FinSetMulti, finSetMultiArbitraries),
    semanticsLaws(FinSetMulti, finSetMultiArbitraries, interpret, finiteSignature),
    functorLaws(inclusionInFinSetMulti, finSetArbitraries, { group: 'G4' }),
    monadLaws(nonEmptySubsets, arbitrarySubset),
  ],
  gauss: () => [chanceLaws(Gauss, gaussArbitraries), semanticsLaws(Gauss, gaussArbitraries, interpret, realSignature)],
  'gauss-exact': () => [
    chanceLaws(GaussExact, gaussExactArbitraries),
    exactLaws(GaussExact, gaussExactArbitraries),
    semanticsLaws(GaussExact, gaussExactArbitraries, interpret, realSignature),
    functorLaws(gaussRounding, gaussExactArbitraries, { group: 'N4' }),
  ],
  sampler: () => [
    chanceLaws(Sampler, samplerArbitraries),
    semanticsLaws(Sampler, samplerArbitraries, interpret, mixedSignature),
    samplerLaws({ name: 'sampler', draw: sample, exactLaw: lawOfDraws }, samplerArbitraries),
  ],
}
