/** markovcat/laws: the laws of Markov categories as data, their checking on random cases, and broken instances. */
export type { ConditionalOperations, Operations } from './operations.js'
export {
  almostSureRival,
  type AlmostSureRivalVariable,
  type Bindings,
  derived,
  type DerivedVariable,
  deterministic,
  morphism,
  type MorphismVariable,
  object,
  type ObjectVariable,
  rival,
  type RivalVariable,
  type Values,
  type Variable,
  type Variables,
} from './variable.js'
export type { BindingText } from './binding-text.js'
export type { Claim } from './claim.js'
export { type Judgement, judge } from './judge.js'
export {
  conditionalEquation,
  conditionalProperty,
  equation,
  inequation,
  type Law,
  type LawDescription,
  property,
} from './law.js'
export { lawsOf, type Theory } from './theories/theory.js'
export { categories } from './theories/category.js'
export { monoidalCategories } from './theories/monoidal.js'
export { symmetricMonoidalCategories } from './theories/symmetric-monoidal.js'
export { copyDiscardCategories } from './theories/copy-discard.js'
export { chance } from './theories/chance.js'
export { determinism } from './theories/determinism.js'
export { almostSureEquality } from './theories/almost-sure.js'
export { carrier } from './theories/carrier.js'
export { causality } from './theories/causality.js'
export { conditionalIndependence } from './theories/conditional-independence.js'
export { conditionals } from './theories/conditionals.js'
export { exactEquality } from './theories/exact-equality.js'
export { inversion } from './theories/inversion.js'
export { positivity } from './theories/positivity.js'
export { markovCategories } from './theories/markov.js'
export {
  almostSureLaws,
  carrierLaws,
  categoryLaws,
  causalityLaws,
  chanceLaws,
  conditionalLaws,
  copyDiscardLaws,
  determinismLaws,
  exactLaws,
  type LawAbout,
  lawAbout,
  type LawCase,
  lawSet,
  type LawSet,
  markovLaws,
  monoidalLaws,
  positivityLaws,
  symmetricMonoidalLaws,
  unionOf,
} from './law-set.js'
export { divergenceLaws } from './divergence-laws.js'
export { functorLaws } from './functor-laws.js'
export { initialLaws } from './initial-laws.js'
export { type SamplerUnderTest, samplerLaws } from './sampler-laws.js'
export { type Interpreter, semanticsLaws } from './semantics-laws.js'
export { lawOn, type Setting, type SubjectLaw } from './law-on.js'
export { groupsOf, lawMatrix, type Mark, markOf, type MatrixRow } from './law-matrix.js'
export { type Arbitraries } from './arbitraries/arbitraries.js'
export { diagramArbitraries, diagrams, equalDiagrams, type Signature, supplyName } from './arbitraries/diagram.js'
export { finiteObjects, finStochArbitraries } from './arbitraries/fin-stoch.js'
export { gaussArbitraries, gaussExactArbitraries, realObjects } from './arbitraries/gauss.js'
export { finSetArbitraries } from './arbitraries/fin-set.js'
export { finSetMultiArbitraries } from './arbitraries/fin-set-multi.js'
export { finStochExactArbitraries } from './arbitraries/fin-stoch-exact.js'
export { arbitraryDistribution, arbitrarySubset, type ArbitraryValue, kleisliArbitraries } from './arbitraries/monad.js'
export { equalSamplers, samplerArbitraries, samplerInputs, samplerSignature } from './arbitraries/sampler.js'
export { monadLaws } from './monad-laws.js'
export { checkLaw, checkLaws, type CheckOptions, type Counterexample, type LawResult } from './check.js'
export { showCounterexample, showLawResult } from './show-result.js'
export { testLaws, type TestRunner } from './test-laws.js'
export { everyLaw, mutate, type Mutant, type MutantCase, mutantCasesOf } from './mutants/mutant.js'
export { mutantCases } from './mutants/cases.js'
export { checkMutant, type MutantOutcome, mutantOptions } from './mutants/check-mutant.js'
export { type CaughtByOne, caughtByOneGroup, mutantMatrix } from './mutants/matrix.js'
export { finSetMultiMutants } from './mutants/fin-set-multi.js'
export { finStochExactMutants } from './mutants/fin-stoch-exact.js'
export { gaussMutants } from './mutants/gauss.js'
export { gaussExactMutants } from './mutants/gauss-exact.js'
export { identityKeyed, identityKeyedArbitraries, type KeyedMorphism } from './mutants/identity-keyed.js'
export { type SamplerMutant, samplerMutantCases, samplerMutants } from './mutants/sampler.js'
export { finStochMutants } from './mutants/fin-stoch/index.js'
export { beams, hedged, type MonadMutant, orderedChoices, subDistributions } from './mutants/monads.js'
export { interpretationMutants } from './mutants/interpretations.js'
