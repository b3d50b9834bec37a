/**
 * All broken instances, whatever they are broken versions of.
 */
import { FinSetMulti } from '../../src/category/fin-set-multi.js'
import { FinStoch } from '../../src/category/fin-stoch.js'
import { FinStochExact } from '../../src/category/fin-stoch-exact.js'
import { Gauss } from '../../src/category/gauss.js'
import { GaussExact } from '../../src/category/gauss-exact.js'
import { finSetMultiArbitraries } from '../arbitraries/fin-set-multi.js'
import { finStochArbitraries } from '../arbitraries/fin-stoch.js'
import { finStochExactArbitraries } from '../arbitraries/fin-stoch-exact.js'
import { gaussArbitraries, gaussExactArbitraries } from '../arbitraries/gauss.js'
import { divergenceMutants } from './divergences.js'
import { finSetMultiMutants } from './fin-set-multi.js'
import { finStochMutants } from './fin-stoch/index.js'
import { finStochExactMutants } from './fin-stoch-exact.js'
import { functorMutants } from './functors.js'
import { gaussMutants } from './gauss.js'
import { gaussExactMutants } from './gauss-exact.js'
import { identityKeyedCases } from './identity-keyed.js'
import { beams, hedged, monadCase, orderedChoices, subDistributions } from './monads.js'
import { type MutantCase, mutantCasesOf } from './mutant.js'
import { samplerMutantCases } from './sampler.js'

/**
 * Broken instances of every category, and of monads, functors, divergences and samplers, each with the laws that it is held against
 * and the groups of them that reject it.
 *
 * @example
 * const mutant = mutantCases.find(({ name }) => name === 'sub-stochastic morphisms are admitted')
 * mutant.caughtBy // => ['F1']
 * checkMutant(mutant).caught // => ['F1']
 */
export const mutantCases: readonly MutantCase[] = [
  ...mutantCasesOf(FinStoch, finStochArbitraries, finStochMutants),
  ...identityKeyedCases,
  ...mutantCasesOf(FinStochExact, finStochExactArbitraries, finStochExactMutants),
  ...mutantCasesOf(FinSetMulti, finSetMultiArbitraries, finSetMultiMutants),
  ...mutantCasesOf(Gauss, gaussArbitraries, gaussMutants),
  ...mutantCasesOf(GaussExact, gaussExactArbitraries, gaussExactMutants),
  ...samplerMutantCases(),
  monadCase(subDistributions),
  monadCase(beams),
  monadCase(orderedChoices),
  monadCase(hedged),
  ...functorMutants,
  ...divergenceMutants,
]
