/** markovcat/laws: the laws of Markov categories as data, their checking on random cases, and broken instances. */
export type { Operations } from './operations.js'
export {
  type Bindings,
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
export { type Claim, equation, inequation, type Law, type LawDescription, property } from './law.js'
export { lawsOf, type Theory } from './theories/theory.js'
export { categories } from './theories/category.js'
export { monoidalCategories } from './theories/monoidal.js'
export { symmetricMonoidalCategories } from './theories/symmetric-monoidal.js'
export { copyDiscardCategories } from './theories/copy-discard.js'
export { chance } from './theories/chance.js'
export { determinism } from './theories/determinism.js'
export { carrier } from './theories/carrier.js'
export { markovCategories } from './theories/markov.js'
export {
  carrierLaws,
  categoryLaws,
  chanceLaws,
  copyDiscardLaws,
  determinismLaws,
  type LawAbout,
  lawSet,
  type LawSet,
  markovLaws,
  monoidalLaws,
  symmetricMonoidalLaws,
} from './law-set.js'
export { type Arbitraries } from './arbitraries/arbitraries.js'
export { diagramArbitraries, diagrams, equalDiagrams, type Signature, supplyName } from './arbitraries/diagram.js'
export { finiteObjects, finStochArbitraries } from './arbitraries/fin-stoch.js'
export {
  type BindingText,
  checkLaw,
  checkLaws,
  type CheckOptions,
  type Counterexample,
  type LawResult,
} from './check.js'
export { showCounterexample, showLawResult } from './show-result.js'
export { testLaws, type TestRunner } from './test-laws.js'
export { mutate, type Mutant } from './mutants/mutant.js'
export { finStochMutants } from './mutants/fin-stoch/index.js'
