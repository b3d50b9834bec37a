/**
 * markovcat: the meaning of diagrams. Categories, the interpreter, the compiler, information measures, language models.
 * The language itself is `markovcat/dsl`, the laws are `markovcat/laws`.
 */
export * from '../dsl/index.js'
export * from './category/fin-stoch.js'
export type { MarkovCategory } from './category/markov-category.js'
export { interpret, type Meanings } from './interpret.js'
export { type BackendChoice, type BackendName, backendNames } from './compile/backend.js'
export {
  type BatchInput,
  compile,
  type CompileOptions,
  type Evaluation,
  type Evaluator,
  type Output,
} from './compile/evaluate.js'
export {
  type Activation,
  embedding,
  finiteFunction,
  finiteKernel,
  type Layer,
  layers,
  matrix,
  type Matrix,
  type NumericMeaning,
  type NumericMeanings,
  softmaxHead,
} from './compile/meaning.js'
export type { Plan, Step, Tensor } from './compile/plan.js'
export * from './information/categorical-entropy.js'
export * from './information/divergence.js'
export * from './information/entropy-bounds.js'
export * from './information/figure.js'
export * from './information/kernel-entropy.js'
export * from './information/mutual-information.js'
