/**
 * markovcat: the meaning of diagrams. Categories, the interpreter, the compiler, information measures, language models.
 * The language itself is `markovcat/dsl`, the laws are `markovcat/laws`.
 */
export * from '../dsl/index.js'
export * from './category/fin-stoch.js'
export * from './category/finite-object.js'
export { freeMarkov } from './category/free-markov.js'
export * from './category/inversion.js'
export type * from './category/markov-category.js'
export type { MarkovFunctor } from './category/markov-functor.js'
export * from './category/rational.js'
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
export * from './language-model/alignment.js'
export type * from './language-model/analysis.js'
export { analyze, type AnalyzeSettings } from './language-model/analyze.js'
export * from './language-model/corpus.js'
export * from './language-model/data-kernel.js'
export { type Decomposition, meaningsOf, withHiddenState } from './language-model/decomposition.js'
export { forward, type ForwardPass } from './language-model/forward.js'
export { nllGradient } from './language-model/gradient.js'
export * from './language-model/head-divergence.js'
export * from './language-model/hidden-markov.js'
export { defaultSizes, initialise, modelShape, type ModelSizes, parameterCount } from './language-model/initialise.js'
export * from './language-model/law.js'
export { ledger, type Ledger } from './language-model/ledger.js'
export * from './language-model/moby-dick.js'
export * from './language-model/model.js'
export * from './language-model/n-gram.js'
export { conditionalEntropy, nllIdentities, type NllIdentities } from './language-model/nll-identities.js'
export * from './language-model/process.js'
export {
  type EntropyRateBracket,
  entropyRateBracket,
  processBlockEntropies,
  processKernel,
} from './language-model/process-law.js'
export * from './language-model/pullback.js'
export * from './language-model/shuffled-targets.js'
export * from './language-model/similarity.js'
export * from './language-model/surplus.js'
export * from './language-model/train.js'
export { cholesky, generalisedEigen } from './linear-algebra/cholesky.js'
export { orthonormalBasis, rankOf, singularValues, thinSvd } from './linear-algebra/singular-values.js'
export { type Matrix, matrix } from './linear-algebra/matrix.js'
export { symmetricEigen } from './linear-algebra/symmetric-eigen.js'
export { parseReport, printReport, type Report, ReportCodec, reportVersion } from './report/codec.js'
export { htmlPage } from './report/html.js'
