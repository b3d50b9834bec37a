/**
 * The main job: train a model of a law, evaluate its compiled diagram at every checkpoint, and say what the numbers are.
 */
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js'

import type { Problem } from '../../dsl/problem.js'
import type { BackendName } from '../compile/backend.js'
import { compile } from '../compile/evaluate.js'
import type { Evaluator } from '../compile/evaluator.js'
import type { Evaluation } from '../compile/evaluation.js'
import { headlineEntropies } from '../information/categorical-entropy.js'
import { bound, identity } from '../information/figure.js'
import { analyzeAlignment } from './alignment-analysis.js'
import { type AlignmentReference, alignmentReference } from './alignment-figures.js'
import type { Analysis, BackendAnalysis, CheckpointAnalysis, LedgerAnalysis } from './analysis.js'
import { checkedArchitecture, initialParameters } from './architecture.js'
import { analyzeCalibration } from './calibration-analysis.js'
import { analyzeCheckpoint } from './checkpoint-analysis.js'
import { analyzeData } from './data-analysis.js'
import { contextCount, type DataKernel } from './data-kernel.js'
import type { Decomposition } from './decomposition.js'
import { analyzeDrafting } from './drafting-analysis.js'
import { analyzeGeometry } from './geometry-analysis.js'
import type { Law } from './law.js'
import type { LawModel, LawModels } from './law-model.js'
import { ledger } from './ledger.js'
import type { Architecture } from './model.js'
import { type CompiledPart, type ModelOfLaw, modelOfLaw } from './model-of-law.js'
import { defaultDraws } from './null-band.js'
import type { TrainingData } from './objective.js'
import { dataOperators } from './operator-analysis.js'
import { lawOfData, lawOfProcess, type PredictiveLaw } from './predictive-law.js'
import { parametersIn } from './parameter-layout.js'
import { type FlatCheckpoint, trainArchitecture } from './train.js'

export interface AnalyzeSettings {
  /** Its sizes fit the law and the decomposition; a table has as many contexts as the law. */
  readonly architecture: Architecture
  readonly steps: number
  readonly seed: number
  readonly backend: BackendName
  /** `done` goes from 0 to 1. */
  readonly onProgress?: (done: number, stage: string) => void
}

const checkpointCount = 28

/** What share of the time each stage takes, roughly: for the progress bar only. */
const shares = { data: 0.04, model: 0.36, shuffled: 0.36, evaluation: 0.08 }
const evaluated = shares.data + shares.model + shares.shuffled + shares.evaluation
/** Beyond this many contexts chance is drawn less often than 200 times. */
const manyContexts = 5000
const fewestDraws = 20

/** Trains, evaluates and measures; problems come from the settings, the law, or a backend that cannot run. */
export const analyze = async (
  law: Law,
  decomposition: Decomposition,
  { architecture, steps, seed, backend, onProgress = () => undefined }: AnalyzeSettings,
): Promise<Either<Problem, Analysis>> => {
  const { kernel } = law
  const {
    hidden,
    data: targets,
    shuffled: shuffledTargets,
    model,
    compiled: part,
  } = modelOfLaw(law, architecture, decomposition, seed)
  if (isLeft(targets)) return targets
  if (isLeft(shuffledTargets)) return shuffledTargets
  const checked = checkedArchitecture(architecture)
  if (isLeft(checked)) return checked
  onProgress(0, 'the data')
  const predictive: PredictiveLaw = law.source.kind === 'process' ? lawOfProcess(kernel) : lawOfData(kernel)
  const operators = dataOperators(predictive)
  if (isLeft(operators)) return operators
  const data = analyzeData(law, operators.right, hidden)
  if (isLeft(data)) return data
  const reference = alignmentReference(kernel, operators.right, hidden, seed)
  if (isLeft(reference)) return reference
  const compiled = await compile(part.diagram, part.meanings(initialParameters(architecture, seed)), {
    backend,
    entropies: headlineEntropies,
  })
  if (isLeft(compiled)) return compiled
  const evaluator = compiled.right

  const learn = (target: TrainingData, start: number, stage: string) =>
    trainArchitecture(architecture, target, {
      steps,
      seed,
      checkpoints: checkpointCount,
      onProgress: ({ step }) => onProgress(start + (shares.model * step) / steps, stage),
    })
  try {
    const trained = await learn(targets.right, shares.data, 'training')
    if (isLeft(trained)) return trained
    const shuffled = await learn(shuffledTargets.right, shares.data + shares.model, 'training on shuffled targets')
    if (isLeft(shuffled)) return shuffled
    const onStage = (done: number) => onProgress(evaluated - shares.evaluation * (1 - done), 'evaluating')
    const runs = { trained: trained.right, shuffled: shuffled.right }
    const checkpoints = await evaluateAll(kernel, { model, compiled: part }, reference.right, evaluator, runs, onStage)
    if (isLeft(checkpoints)) return checkpoints
    const { analyses, last } = checkpoints.right
    const at = ({ parameters }: FlatCheckpoint): LawModel => model(parameters)
    const models: LawModels = {
      trained: at(trained.right[trained.right.length - 1]!),
      untrained: at(trained.right[0]!),
      shuffled: at(shuffled.right[shuffled.right.length - 1]!),
    }
    const most = Math.round((defaultDraws * manyContexts) / contextCount(kernel))
    const chance = { seed, draws: Math.max(fewestDraws, Math.min(defaultDraws, most)) }
    onProgress(evaluated, 'calibration')
    const calibration = analyzeCalibration(kernel, models, chance)
    if (isLeft(calibration)) return calibration
    const account = analyzeLedger(kernel, models.trained)
    if (isLeft(account)) return account
    onProgress(evaluated + (1 - evaluated) / 4, 'alignment')
    const alignment = analyzeAlignment(kernel, predictive, operators.right, models, chance)
    if (isLeft(alignment)) return alignment
    onProgress(evaluated + (1 - evaluated) / 2, 'drafting')
    const drafting = analyzeDrafting(law, models, seed)
    if (isLeft(drafting)) return drafting
    onProgress(1, 'done')
    return right({
      law: {
        name: kernel.name,
        symbols: kernel.symbols,
        contextLength: kernel.contextLength,
        contexts: contextCount(kernel),
        note: law.note,
      },
      model: {
        architecture: architecture.kind,
        symbols: kernel.symbols.length,
        contextLength: kernel.contextLength,
        hidden,
        sizes: sizesOf(architecture),
        parameters: parametersIn(architecture),
        steps,
        seed,
      },
      backend: backendAnalysis(backend, evaluator, part, last),
      data: data.right,
      checkpoints: analyses,
      calibration: calibration.right,
      ledger: account.right,
      drafting: drafting.right,
      pullback: analyzeGeometry(kernel, models.trained),
      alignment: alignment.right,
    })
  } finally {
    await evaluator.dispose()
  }
}

interface Evaluated {
  readonly analyses: readonly CheckpointAnalysis[]
  readonly last: Evaluation
}

/** The compiled part at every checkpoint of the model and of its shuffled baseline. */
const evaluateAll = async (
  kernel: DataKernel,
  { model, compiled }: Pick<ModelOfLaw, 'model' | 'compiled'>,
  reference: AlignmentReference,
  evaluator: Evaluator,
  { trained, shuffled }: Readonly<Record<'trained' | 'shuffled', readonly FlatCheckpoint[]>>,
  onProgress: (done: number) => void,
): Promise<Either<Problem, Evaluated>> => {
  const evaluate = async ({ parameters }: FlatCheckpoint) => {
    const at = model(parameters)
    const evaluation = await evaluator.run(compiled.inputs(at), { meanings: compiled.meanings(parameters) })
    if (isLeft(evaluation)) return evaluation
    const hidden = compiled.givesHidden ? hiddenStates(evaluation.right) : at.hidden
    return right({ at, evaluation: evaluation.right, hidden })
  }
  const analyses: CheckpointAnalysis[] = []
  let untrained: Float64Array | undefined
  let last: Evaluation | undefined
  for (const [index, checkpoint] of trained.entries()) {
    onProgress(index / trained.length)
    const own = await evaluate(checkpoint)
    if (isLeft(own)) return own
    const baseline = await evaluate(shuffled[index]!)
    if (isLeft(baseline)) return baseline
    const { at, evaluation, hidden } = own.right
    untrained ??= hidden
    const alignment = reference({ trained: hidden, untrained, shuffled: baseline.right.hidden })
    if (isLeft(alignment)) return alignment
    analyses.push(analyzeCheckpoint(kernel, checkpoint.step, at, evaluation, alignment.right))
    last = evaluation
  }
  if (last === undefined) throw new Error('analyze: training keeps at least one checkpoint')
  return right({ analyses, last })
}

/** The first output of the diagram, n x D. */
const hiddenStates = ({ outputs }: Evaluation): Float64Array => {
  const [hidden] = outputs
  if (hidden?.kind !== 'value') throw new Error('analyze: the hidden state is a function of the context')
  return Float64Array.from(hidden.entries)
}

/** The numbers that an architecture has, under their names. */
const sizesOf = (architecture: Architecture): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(architecture).flatMap(([name, size]) => (typeof size === 'number' ? [[name, size] as const] : [])),
  )

const analyzeLedger = (kernel: DataKernel, model: LawModel): Either<Problem, LedgerAnalysis> => {
  const result = ledger(kernel, model)
  if (isLeft(result)) return result
  const { divergence, embeddingLoss, backboneLoss, headLoss, distinctEmbeddings, distinctHiddenStates } = result.right
  return right({
    embedding: bound('I(W; X | E) >= 0', embeddingLoss, 'at least', 0, 'nats'),
    backbone: bound('I(W; E | H) >= 0', backboneLoss, 'at least', 0, 'nats'),
    head: bound('E KL(P_data(. | h) || k_head(h)) >= 0', headLoss, 'at least', 0, 'nats'),
    total: identity(
      'I(W; X | E) + I(W; E | H) + head loss = KL',
      embeddingLoss + backboneLoss + headLoss,
      divergence,
      'nats',
    ),
    distinctEmbeddings,
    distinctHiddenStates,
  })
}

const backendAnalysis = (
  asked: BackendName,
  { plan }: Evaluator,
  { note }: CompiledPart,
  evaluation: Evaluation,
): BackendAnalysis => {
  const planned = plan(evaluation.batch)
  if (isLeft(planned)) throw new Error('analyze: a plan that ran exists')
  const { backend: ran, executor, fallbackReason, reason, adapter } = evaluation.execution
  return {
    asked,
    ran,
    executor,
    reason: fallbackReason === undefined ? reason : `${reason}; ${fallbackReason}`,
    adapter,
    compiled: note,
    kernels: planned.right.steps.length,
    operations: planned.right.operations,
  }
}
