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
import { type AlignmentReference, alignmentReference } from './alignment-figures.js'
import type { Analysis, BackendAnalysis, CheckpointAnalysis, LedgerAnalysis } from './analysis.js'
import { analyzeCheckpoint } from './checkpoint-analysis.js'
import { analyzeData } from './data-analysis.js'
import { contextCount, type DataKernel } from './data-kernel.js'
import { type Decomposition, meaningsOf, withHiddenState } from './decomposition.js'
import { forward } from './forward.js'
import { initialise } from './initialise.js'
import type { Law } from './law.js'
import { ledger } from './ledger.js'
import type { ModelParameters, ModelShape } from './model.js'
import { dataOperators } from './operator-analysis.js'
import { analyzePullback } from './pullback-analysis.js'
import { shuffleTargets } from './shuffled-targets.js'
import { type Checkpoint, train } from './train.js'

export interface AnalyzeSettings {
  readonly shape: ModelShape
  readonly steps: number
  readonly seed: number
  readonly backend: BackendName
  /** `done` goes from 0 to 1. */
  readonly onProgress?: (done: number, stage: string) => void
}

const checkpointCount = 28

/** What share of the time each stage takes, roughly: for the progress bar only. */
const shares = { data: 0.04, model: 0.44, shuffled: 0.44, evaluation: 0.08 }

/** Trains, evaluates and measures; problems come from the settings, the law, or a backend that cannot run. */
export const analyze = async (
  law: Law,
  decomposition: Decomposition,
  { shape, steps, seed, backend, onProgress = () => undefined }: AnalyzeSettings,
): Promise<Either<Problem, Analysis>> => {
  const { kernel } = law
  onProgress(0, 'the data')
  const operators = dataOperators(kernel)
  const data = analyzeData(law, operators, shape.hidden)
  if (isLeft(data)) return data
  const reference = alignmentReference(kernel, operators, shape.hidden, seed)
  if (isLeft(reference)) return reference
  const compiled = await compile(withHiddenState(decomposition), meaningsOf(shape, initialise(shape, seed)), {
    backend,
    entropies: headlineEntropies,
  })
  if (isLeft(compiled)) return compiled
  const evaluator = compiled.right

  const learn = (target: DataKernel, start: number, stage: string) =>
    train(target, shape, {
      steps,
      seed,
      checkpoints: checkpointCount,
      onProgress: ({ step }) => onProgress(start + (shares.model * step) / steps, stage),
    })
  try {
    const trained = await learn(kernel, shares.data, 'training')
    if (isLeft(trained)) return trained
    const shuffled = await learn(
      shuffleTargets(kernel, seed),
      shares.data + shares.model,
      'training on shuffled targets',
    )
    if (isLeft(shuffled)) return shuffled
    const onStage = (done: number) => onProgress(1 - shares.evaluation * (1 - done), 'evaluating')
    const checkpoints = await evaluateAll(
      kernel,
      shape,
      reference.right,
      evaluator,
      trained.right,
      shuffled.right,
      onStage,
    )
    if (isLeft(checkpoints)) return checkpoints
    const { analyses, last } = checkpoints.right
    onProgress(1, 'done')
    const { parameters } = trained.right[trained.right.length - 1]!
    const account = analyzeLedger(kernel, shape, parameters)
    if (isLeft(account)) return account
    return right({
      law: {
        name: kernel.name,
        symbols: kernel.symbols,
        contextLength: kernel.contextLength,
        contexts: contextCount(kernel),
        note: law.note,
      },
      model: { ...shape, steps, seed },
      backend: backendAnalysis(backend, evaluator, last),
      data: data.right,
      checkpoints: analyses,
      ledger: account.right,
      pullback: analyzePullback(kernel, shape, parameters),
    })
  } finally {
    await evaluator.dispose()
  }
}

interface Evaluated {
  readonly analyses: readonly CheckpointAnalysis[]
  readonly last: Evaluation
}

/** The compiled diagram at every checkpoint of the model and of its shuffled baseline. */
const evaluateAll = async (
  kernel: DataKernel,
  shape: ModelShape,
  reference: AlignmentReference,
  evaluator: Evaluator,
  trained: readonly Checkpoint[],
  shuffled: readonly Checkpoint[],
  onProgress: (done: number) => void,
): Promise<Either<Problem, Evaluated>> => {
  const evaluate = ({ parameters }: Checkpoint) =>
    evaluator.run([kernel.contexts], { meanings: meaningsOf(shape, parameters) })
  const analyses: CheckpointAnalysis[] = []
  let untrained: Float64Array | undefined
  let last: Evaluation | undefined
  for (const [index, checkpoint] of trained.entries()) {
    onProgress(index / trained.length)
    const evaluation = await evaluate(checkpoint)
    if (isLeft(evaluation)) return evaluation
    const baseline = await evaluate(shuffled[index]!)
    if (isLeft(baseline)) return baseline
    const states = hiddenStates(evaluation.right)
    untrained ??= states
    const alignment = reference({ trained: states, untrained, shuffled: hiddenStates(baseline.right) })
    if (isLeft(alignment)) return alignment
    analyses.push(analyzeCheckpoint(kernel, shape, checkpoint, evaluation.right, alignment.right))
    last = evaluation.right
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

const analyzeLedger = (
  kernel: DataKernel,
  shape: ModelShape,
  parameters: ModelParameters,
): Either<Problem, LedgerAnalysis> => {
  const result = ledger(kernel, forward(parameters, shape, kernel.contexts))
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

const backendAnalysis = (asked: BackendName, { plan }: Evaluator, evaluation: Evaluation): BackendAnalysis => {
  const planned = plan(evaluation.batch)
  if (isLeft(planned)) throw new Error('analyze: a plan that ran exists')
  const { backend: ran, executor, fallbackReason, reason, adapter } = evaluation.execution
  return {
    asked,
    ran,
    executor,
    reason: fallbackReason === undefined ? reason : `${reason}; ${fallbackReason}`,
    adapter,
    kernels: planned.right.steps.length,
    operations: planned.right.operations,
  }
}
