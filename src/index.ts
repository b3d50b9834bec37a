/**
 * markovcat: the meaning of diagrams. Categories, the interpreter, the compiler, information measures, language models.
 * The language itself is `markovcat/dsl`, the laws are `markovcat/laws`.
 */
export * from '../dsl/index.js'
export { type ExactDistribution, exactDistributions } from './category/distribution-monad.js'
export type { ExactRow } from './category/exact-row.js'
export * from './category/fin-set-multi.js'
export * from './category/fin-set.js'
export * from './category/fin-stoch-exact.js'
export * from './category/almost-sure.js'
export * from './category/conditional-independence.js'
export * from './category/disintegration.js'
export { type Likelihood, type Observation, observe, type Posterior, posterior } from './category/evidence.js'
export * from './category/divergence-enrichment.js'
export * from './category/fin-stoch.js'
export { elementNumber, elementTuple, type FiniteElement } from './category/finite-element.js'
export * from './category/finite-monad.js'
export * from './category/finite-object.js'
export { freeMarkov } from './category/free-markov.js'
export * from './category/functors/inclusion.js'
export * from './category/functors/rounding.js'
export * from './category/functors/support.js'
export * from './category/gauss.js'
export * from './category/gauss-exact.js'
export type { AffineMeaning } from './category/gauss/meaning.js'
export type { GaussianConditional, GaussianPosterior } from './category/gauss/conditioning.js'
export { gaussRounding } from './category/functors/gauss-rounding.js'
export * from './category/real-object.js'
export * from './category/inversion.js'
export { kleisli, type KleisliMorphism } from './category/kleisli.js'
export type * from './category/markov-category.js'
export type { MarkovFunctor } from './category/markov-functor.js'
export * from './category/rational.js'
export { Sampler } from './category/sampler.js'
export type { Randomness } from './category/sampler/addressed-randomness.js'
export * from './category/sampler/chi-squared.js'
export * from './category/sampler/empirical-law.js'
export type { Estimate, SampleEvidence } from './category/sampler/evidence.js'
export { importanceSample, type ImportanceSamples } from './category/sampler/importance.js'
export type {
  SampledFunction,
  SampledRows,
  SampledTable,
  SamplerMeaning,
  SampleValue,
} from './category/sampler/meaning.js'
export type { SamplerMorphism } from './category/sampler/morphism.js'
export { rejectionSample, type RejectionSamples } from './category/sampler/rejection.js'
export { type Draw, sample } from './category/sampler/run.js'
export {
  type FiniteColumn,
  type GivenValue,
  type RealColumn,
  sameSamples,
  type SampleColumn,
  type SampleOptions,
  type Samples,
  valuesAt,
} from './category/sampler/samples.js'
export { nonEmptySubsets, type Subset } from './category/subset-monad.js'
export { type Evidence, type EvidenceOptions, observeDiagram } from './inference/evidence.js'
export { exactLaw } from './inference/exact-law.js'
export { interpret, type Meanings } from './interpret.js'
export { parseBif } from './bayesian-network/bif.js'
export { exactNetworkMeanings, marginalDiagram, networkDiagram, networkMeanings } from './bayesian-network/diagram.js'
export { networkMarginal, networkPosterior } from './bayesian-network/inference.js'
export { bayesianNetwork, type BayesianNetwork, type NetworkVariable } from './bayesian-network/network.js'
export { printBif } from './bayesian-network/print-bif.js'
export { type BackendChoice, type BackendName, backendNames } from './compile/backend.js'
export type { FactorGraph } from './compile/contraction/factor-graph.js'
export type { ContractionOrder, ContractionStep, OrderOptions, SliceLoop } from './compile/contraction/order.js'
export { contractionOrder } from './compile/contraction/order.js'
export { parsePlan, printPlan, type SavedPlan } from './compile/contraction/saved-plan.js'
export { type BatchInput, type OutputEvidence, unobserved } from './compile/check-inputs.js'
export { compile } from './compile/evaluate.js'
export type { CompileOptions, Evaluator, InputsOf, RunOptions } from './compile/evaluator.js'
export type {
  Evaluation,
  EvaluationExecution,
  EvidenceStatus,
  MarginalOutput,
  MostLikelyOutput,
  ObservedOutput,
  Output,
  RandomOutput,
  ValueOutput,
} from './compile/evaluation.js'
export { explainPlan } from './compile/explain.js'
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
export { parseMeanings } from './compile/meanings-document.js'
export { exportOnnx, type ExportOptions } from './compile/onnx/export.js'
export { type Answer, type Plan, type Question, questions, type Step, type Tensor } from './compile/plan.js'
export type { PlanOptions } from './compile/plan-of.js'
export * from './information/additive-enrichment.js'
export * from './information/blackwell.js'
export * from './information/categorical-entropy.js'
export * from './information/channel-entropy.js'
export * from './information/channel-information.js'
export * from './information/decision-problem.js'
export * from './information/divergence.js'
export * from './information/divergence-constants.js'
export * from './information/entropy-bounds.js'
export * from './information/figure.js'
export * from './information/fin-stoch-enrichment.js'
export * from './information/fisher-rao.js'
export {
  conditionalDivergence,
  kernelDivergence,
  mixedDivergence,
  type SupremumOverInputs,
} from './information/kernel-divergence.js'
export * from './information/kernel-entropy.js'
export * from './information/log-probability-entropy.js'
export * from './information/logit-divergence.js'
export * from './information/mutual-information.js'
export * from './information/small-steps.js'
export * from './information/truncated-entropy.js'
export * from './language-model/alignment.js'
export * from './language-model/alignment-moments.js'
export * from './language-model/alignment-report.js'
export type * from './language-model/analysis.js'
export { analyze, type AnalyzeSettings } from './language-model/analyze.js'
export { checkedArchitecture, initialParameters } from './language-model/architecture.js'
export * from './language-model/basis-dependent-scores.js'
export { chainBlockEntropies } from './language-model/block-entropies.js'
export {
  type CalibratedScale,
  calibratedScale,
  type Calibration,
  entropyCalibration,
  type NextTokens,
  type ScoredRow,
  scoredRows,
} from './language-model/calibration.js'
export { chainLedger, type ChainLedger, type LedgerLine, type LedgerStage } from './language-model/chain-ledger.js'
export { parseRun, printRun } from './language-model/checkpoint/run-codec.js'
export { loadRun, saveRun } from './language-model/checkpoint/run-file.js'
export {
  type ElementType,
  float64Tensor,
  type IndexedTensor,
  parseSafetensors,
  parseSafetensorsIndex,
  printSafetensors,
  printSafetensorsHeader,
  type SafetensorsFile,
  safetensorsHeaderEnd,
  type SafetensorsIndex,
  type StoredTensor,
  tensorNumbers,
} from './language-model/checkpoint/safetensors.js'
export * from './language-model/corpus.js'
export * from './language-model/data-kernel.js'
export { type Decomposition, meaningsOf, withHiddenState } from './language-model/decomposition.js'
export * from './language-model/dirichlet.js'
export * from './language-model/disintegrated-kernel.js'
export { documentBootstrap, type PlacedValues } from './language-model/document-bootstrap.js'
export {
  type DraftLaw,
  draftLaw,
  type DrafterView,
  drafterViews,
  futureEntropy,
  surplusUnder,
} from './language-model/draft-law.js'
export * from './language-model/drafter.js'
export * from './language-model/drafting-head.js'
export {
  type DraftExamples,
  type DraftingProbe,
  type DraftSizes,
  fitDraftingProbe,
  probeLogProbabilities,
  type Sight,
} from './language-model/drafting-probe.js'
export * from './language-model/encoding-classes.js'
export * from './language-model/excess-entropy.js'
export { forward, type ForwardPass } from './language-model/forward.js'
export { nllGradient } from './language-model/gradient.js'
export * from './language-model/head-calibration.js'
export * from './language-model/head-divergence.js'
export { headEntropies, headEntropy } from './language-model/head-entropy.js'
export * from './language-model/head-geometry-curvature.js'
export * from './language-model/head-geometry-direction.js'
export * from './language-model/head-geometry-distance.js'
export * from './language-model/head-geometry-forms.js'
export * from './language-model/head-geometry-operator.js'
export * from './language-model/head-geometry-path.js'
export * from './language-model/head-geometry-softcap.js'
export * from './language-model/head-geometry-truncation.js'
export * from './language-model/head-refit.js'
export * from './language-model/hidden-markov.js'
export { defaultSizes, initialise, modelShape, type ModelSizes, parameterCount } from './language-model/initialise.js'
export { type KernelProducts, kernelProducts } from './language-model/kernel-products.js'
export * from './language-model/law.js'
export type { LawModel, LawModels } from './language-model/law-model.js'
export { ledger, type Ledger } from './language-model/ledger.js'
export * from './language-model/moby-dick.js'
export * from './language-model/model.js'
export * from './language-model/n-gram.js'
export {
  conditionalEntropy,
  nllIdentities,
  type NllIdentities,
  nllIdentitiesOf,
} from './language-model/nll-identities.js'
export { type NullSettings, permutationNull } from './language-model/null-band.js'
export {
  forwardOnLaw,
  type LawPass,
  objectiveOf,
  type TrainingData,
  type TrainingObjective,
} from './language-model/objective.js'
export {
  defaultLearningRate,
  defaultOptimiser,
  type Descent,
  type OptimiserSettings,
  rateAt,
} from './language-model/optimiser.js'
export { pillaiNull } from './language-model/pillai-null.js'
export {
  namedParameters,
  parameterLayout,
  type ParameterMatrix,
  parametersIn,
} from './language-model/parameter-layout.js'
export * from './language-model/positive-law.js'
export * from './language-model/predictive-law.js'
export * from './language-model/process.js'
export {
  type EntropyRateBracket,
  entropyRateBracket,
  processBlockEntropies,
  processKernel,
  processWords,
} from './language-model/process-law.js'
export * from './language-model/pullback.js'
export * from './language-model/sampled-pairs.js'
export * from './language-model/self-alignment.js'
export {
  type BatchShape,
  processSequences,
  type SequenceBatch,
  type SequenceSource,
  textSequences,
} from './language-model/sequences.js'
export * from './language-model/shuffled-targets.js'
export * from './language-model/similarity.js'
export * from './language-model/similarity-kernel.js'
export { spectralObjective } from './language-model/spectral-objective.js'
export { accumulate, type AccumulateOptions } from './language-model/statistics/accumulate.js'
export { chunkKernels, type ChunkKernels, chunkLength } from './language-model/statistics/chunk-kernels.js'
export { type Chunk, chunkSums, shuffledTargets } from './language-model/statistics/chunk-sums.js'
export type { CorrelationFigures } from './language-model/statistics/correlation-figures.js'
export type { HeadParameters } from './language-model/statistics/head-parameters.js'
export { effectiveContexts, meansOf, momentsOfMeans } from './language-model/statistics/moments.js'
export { openStates, type StatesFile } from './language-model/statistics/states-file.js'
export {
  shardOf,
  statesJob,
  statesStatistics,
  type StatesStatisticsOptions,
} from './language-model/statistics/states-statistics.js'
export {
  type ChunkFigures,
  chunkStatistics,
  type ChunkSums,
  mergeStatistics,
  noStatistics,
  type Statistics,
  statisticsMonoid,
  type StatisticsShape,
} from './language-model/statistics/statistics.js'
export {
  loadStatistics,
  parseStatistics,
  printStatistics,
  saveStatistics,
  type StoredStatistics,
} from './language-model/statistics/statistics-file.js'
export { type GeometryFigures, type StatisticsSummary, summarise } from './language-model/statistics/summary.js'
export { writeStates, type WriteStatesOptions } from './language-model/statistics/write-states.js'
export * from './language-model/surplus.js'
export * from './language-model/surplus-contributions.js'
export * from './language-model/surplus-estimate.js'
export {
  bennettFactor,
  evaluateSurrogate,
  logPartitionSides,
  type LogPartitionSides,
  selfConsistentRange,
  type Surrogate,
  type SurrogateConditions,
  type SurrogateEvaluation,
  type SurrogateName,
} from './language-model/surrogate.js'
export * from './language-model/surrogate-given.js'
export * from './language-model/surrogate-optimum.js'
export * from './language-model/three-entropies.js'
export * from './language-model/train.js'
export * from './language-model/usable-surplus.js'
export {
  beginTraining,
  continueTraining,
  type ContinueOptions,
  type TrainingProgress,
  type TrainingRun,
  type TrainingSettings,
  type TrainingStep,
} from './language-model/training-run.js'
export { type Sequences, transformerForward } from './language-model/transformer/forward.js'
export { transformerGradient } from './language-model/transformer/gradient.js'
export { chainWords, prefixes, type WordLaw } from './language-model/word-law.js'
export { cholesky, generalisedEigen } from './linear-algebra/cholesky.js'
export { compensatedSum, type CompensatedSum } from './linear-algebra/compensated-sum.js'
export {
  type Feasibility,
  linearFeasibility,
  type LinearSystem,
  type SparseColumn,
} from './linear-algebra/exact-simplex.js'
export { addSums, checkedSums, exactly, type ExactSums, noSums, sumsOf } from './linear-algebra/exact-sums.js'
export { gramDecomposition, type GramDecomposition } from './linear-algebra/gram-decomposition.js'
export { lanczos, type LanczosEigen, type LanczosSettings } from './linear-algebra/lanczos.js'
export { minimise, type MinimiseOptions, type Minimum, type Objective } from './linear-algebra/lbfgs.js'
export { type LinePoint, type WolfeConstants, wolfeStep } from './linear-algebra/line-search.js'
export { logSoftmax, logSoftmaxInto, logSumExp } from './linear-algebra/log-softmax.js'
export { orthonormalBasis, rankOf, singularValues, thinSvd } from './linear-algebra/singular-values.js'
export { gramMatrix, type Matrix, matrix } from './linear-algebra/matrix.js'
export { productTransposed } from './linear-algebra/product-transposed.js'
export { leadingEigen, type LeadingEigen } from './linear-algebra/subspace-iteration.js'
export { symmetricEigen } from './linear-algebra/symmetric-eigen.js'
export { parseReport, printReport, type Report, ReportCodec, reportVersion } from './report/codec.js'
export { htmlPage } from './report/html.js'
export {
  parseStatesReport,
  printStatesReport,
  type StatesReport,
  StatesReportCodec,
  statesVersion,
} from './report/states-report.js'
