/**
 * `compile`: a diagram and the meanings of its boxes to an evaluator that runs on gpu.js or onnxruntime.
 *
 * diagram -> normal form -> plan (data) -> operations -> generated kernels in one gpu.js pipeline, or one ONNX graph.
 */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { Diagram } from '../../dsl/diagram.js'
import { normalForm } from '../../dsl/normal-form.js'
import type { Wires } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import { openMeaningless } from '../interpret.js'
import { chooseBackend, forPlan, type PlanChoice } from './backend.js'
import { type BatchInput, checkGiven, type Given, membersOf, observedWires } from './check-inputs.js'
import { concatenated } from './chunks.js'
import { tensorsReadBack } from './contraction/most-likely.js'
import { type Evaluation, type EvaluationExecution, evaluationOf } from './evaluation.js'
import type { CompileOptions, Evaluator, RunOptions } from './evaluator.js'
import { explainPlan } from './explain.js'
import { mayBePossible } from './impossible.js'
import type { Execution, FloatMatrix } from './gpu-js/runtime.js'
import { latestUsed } from './latest-used.js'
import { type CurrentMeanings, currentMeanings, type Load, loadOf } from './load.js'
import type { NumericMeanings } from './meaning.js'
import type { Plan, Question } from './plan.js'
import { checkMeanings, planOf } from './plan-of.js'
import { gpuPipeline, onnxPipeline, plainPipeline, type PlanPipeline, type Watch } from './plan-pipeline.js'
import { runReference } from './reference.js'

/** Pipelines that an evaluator keeps, one for each size of the batch. */
const keptPipelines = 8

/**
 * Compiles a diagram with a meaning for each box that its normal form keeps.
 *
 * Errors: `missing-meaning`, `unknown-name`, `invalid-value` (shapes, rows that do not sum to one, negative or infinite numbers) and
 * `unsupported` (a backend that this machine lacks, a plan that is too large), all before any kernel runs.
 *
 * @example
 * const Weather = finite('Weather', ['sun', 'rain'])
 * const walk = finite('Walk', ['yes', 'no'])
 * const diagram = seq(box('sky', [], [Weather]), copy(Weather), par(id(Weather), box('walks', [Weather], [walk])))
 * const meanings = { sky: [[0.75, 0.25]], walks: [[0.5, 0.5], [0, 1]] }
 * const evaluator = toUnion(await compile(diagram, meanings, { backend: 'cpu', observed: [1] }))
 * const given = toUnion(await evaluator.run([], { evidence: [[1]] }))
 * Array.from(given.distribution.entries) // => [0.6, 0.4]
 */
export const compile = async <const In extends Wires, const Out extends Wires>(
  diagram: Diagram<In, Out>,
  meanings: NumericMeanings,
  options: CompileOptions = {},
): Promise<Either<Problem, Evaluator<In, Out>>> => {
  const { question = 'joint', entropies = [], observed = [], varying = [], backend: wish = 'auto' } = options
  const form = normalForm(openMeaningless(diagram, meanings))
  const checked = checkMeanings(form, meanings)
  if (isLeft(checked)) return checked
  const seen = observedWires(diagram.outputs, observed)
  if (isLeft(seen)) return seen
  const varies = new Set(varying)
  const unknown = varying.find((name) => !checked.right.has(name))
  if (unknown !== undefined)
    return left(
      problem('unknown-name', 'varying', `no box of the normal form is called '${unknown}'`, 'name a box that is kept'),
    )
  if (entropies.length > 0 && (question === 'marginals' || question === 'most-likely'))
    return left(
      problem(
        'unsupported',
        'entropies',
        `they are those of the joint distribution, and the question is '${question}'`,
        "ask for 'joint' or 'none'",
      ),
    )
  const chosen = await chooseBackend(wish)
  if (isLeft(chosen)) return chosen

  const plans = latestUsed<number, Either<Problem, Plan>>(keptPipelines, () => undefined)
  const plan = (batch = 1): Either<Problem, Plan> =>
    plans.get(batch, () => {
      const { saved, ...order } = options.contraction ?? {}
      const ordering = saved?.batch === batch ? { ...order, saved } : order
      const task = { form, meanings: checked.right, batchSize: batch, question, measures: entropies, observed }
      return planOf({ ...task, varying: varies }, ordering)
    })
  // Where nothing is given at a run, its plan is known now, and so is whether there is one.
  const only = diagram.inputs.length === 0 && observed.length === 0 && varying.length === 0 ? plan() : undefined
  if (only !== undefined && isLeft(only)) return only
  const backends = new WeakMap<Plan, PlanChoice>()
  const backendOf = async (planned: Plan): Promise<PlanChoice> => {
    const choice = backends.get(planned) ?? (await forPlan(wish, chosen.right, planned))
    backends.set(planned, choice)
    return choice
  }
  const compiledFloats = new Map<string, Float32Array>()
  const retired = new Set<Promise<void>>()
  const retire = (pipeline: PlanPipeline): void => {
    const gone = pipeline.destroy().finally(() => retired.delete(gone))
    retired.add(gone)
  }
  /** By the size of the batch; that for meanings of a run by minus it. */
  const pipelines = latestUsed<number, PlanPipeline>(keptPipelines, retire)

  const prepare = (inputs: readonly BatchInput[], run: RunOptions): Either<Problem, Prepared> => {
    const current = currentMeanings(form, checked.right, varies, run)
    if (isLeft(current)) return current
    const { evidence = [] } = run
    const stated = run.batch ?? run.varying?.length
    const size = checkGiven({ inputs, evidence }, diagram.inputs, seen.right, stated)
    if (isLeft(size)) return size
    const chunk = Math.min(run.chunk ?? size.right, size.right)
    if (!Number.isInteger(chunk) || chunk < 1)
      return left(problem('invalid-value', 'chunk', `it is ${chunk}`, 'give a whole number of at least 1'))
    if (run.varying !== undefined && run.varying.length !== size.right)
      return left(
        problem(
          'invalid-value',
          'varying',
          `there are meanings for ${run.varying.length} members`,
          `give one record for each of the ${size.right} members`,
        ),
      )
    return right({ meanings: current.right, given: { inputs, evidence }, batch: size.right, chunk })
  }
  /** The members from one to another with their plan. */
  const part = ({ meanings: current, given, batch }: Prepared, from: number, to: number): Either<Problem, Part> => {
    const planned = plan(to - from)
    if (isLeft(planned)) return planned
    const own = to - from === batch ? given : membersOf(given, diagram.inputs, seen.right, from, to)
    const load = loadOf(current, own, observed, seen.right, from, to, compiledFloats)
    return right({ plan: planned.right, load })
  }

  const evaluate = async (
    { plan: planned, load }: Part,
    watch: Watch | undefined,
  ): Promise<Either<Problem, Evaluation>> => {
    const choice = backends.get(planned) ?? (await backendOf(planned))
    if (choice.mode === 'onnx' && planned.loop !== undefined)
      return left(
        problem(
          'unsupported',
          'backend onnx',
          `the plan is done in ${planned.loop.count} slices, and an ONNX graph is one`,
          'use another backend, or a higher memory limit',
        ),
      )
    // The parameters that a diagram was compiled with are prepared once; others are handed over at each run.
    const pipeline = pipelines.get(load.isCompiled ? planned.batch : -planned.batch, () => {
      const results = resultTensors(planned, question)
      const entries = load.isCompiled ? load.entries : undefined
      if (choice.mode === 'onnx') return onnxPipeline(planned, diagram.inputs, results, entries)
      if (choice.mode === 'loops') return plainPipeline(planned, results, entries)
      return gpuPipeline(planned, choice.mode, results, load.isCompiled ? load.floats : undefined)
    })
    const given = pipeline.given.map((tensor): FloatMatrix => {
      const { rows, columns } = planned.tensors[tensor]!
      return { rows, columns, entries: load.floats(planned.tensors[tensor]!) }
    })
    const results = await pipeline.run(given, watch)
    if (results === 'cancelled') return left(cancelled)
    const ran = pipeline.execution()!
    if (wish !== 'auto' && ran.backend !== choice.mode && pipeline.results.length > 0)
      return left(
        problem(
          'unsupported',
          `backend ${choice.mode}`,
          `${ran.backend} ran instead${ran.fallbackReason === undefined ? '' : ` (${ran.fallbackReason})`}`,
          'use auto, or the backend that ran',
        ),
      )
    return right(
      evaluationOf(planned, {
        question,
        read: (tensor) =>
          results[pipeline.results.indexOf(tensor)] ??
          given[pipeline.given.indexOf(tensor)]?.entries ??
          load.floats(planned.tensors[tensor]!),
        isPossible: () => mayBePossible(planned, load.entries),
        execution: executionOf(ran, choice),
      }),
    )
  }

  const runNow = async (inputs: readonly BatchInput[], run: RunOptions): Promise<Either<Problem, Evaluation>> => {
    const prepared = prepare(inputs, run)
    if (isLeft(prepared)) return prepared
    const { batch, chunk } = prepared.right
    const chunks = Math.ceil(batch / chunk)
    const evaluations: Evaluation[] = []
    for (let place = 0; place < chunks; place++) {
      const members = part(prepared.right, place * chunk, Math.min(batch, (place + 1) * chunk))
      if (isLeft(members)) return members
      const watch = run.signal === undefined && run.onProgress === undefined ? undefined : watchOf(run, place, chunks)
      const evaluation = await evaluate(members.right, watch)
      if (isLeft(evaluation)) return evaluation
      evaluations.push(evaluation.right)
      if (place === chunks - 1) run.onProgress?.(chunks, chunks)
    }
    return right(concatenated(evaluations))
  }

  let disposed = false
  let running = 0
  let last: Promise<unknown> = Promise.resolve()
  return right({
    plan,
    explain: async (batch) => {
      const planned = plan(batch)
      if (isLeft(planned)) return planned
      const { mode, reason } = await backendOf(planned.right)
      return right(`${explainPlan(planned.right)}\nbackend ${mode}: ${reason}`)
    },
    run: (inputs, run = {}) => {
      if (disposed) throw new Error('compile: the evaluator has been disposed of')
      running += 1
      const next = running === 1 ? runNow(inputs, run) : last.then(() => runNow(inputs, run))
      const settled = (): void => void (running -= 1)
      last = next.then(settled, settled)
      return next as Promise<Either<Problem, Evaluation<Out>>>
    },
    reference: (inputs, run = {}) => {
      const prepared = prepare(inputs, run)
      if (isLeft(prepared)) return prepared
      const whole = part(prepared.right, 0, prepared.right.batch)
      if (isLeft(whole)) return whole
      const { plan: planned, load } = whole.right
      const tensors = runReference(planned, load.entries)
      const execution = { backend: 'float64 reference', executor: 'loops', fallbackReason: undefined }
      return right(
        evaluationOf(planned, {
          question,
          read: (tensor) => tensors[tensor]!,
          isPossible: () => mayBePossible(planned, load.entries),
          execution: { ...execution, reason: 'asked for', adapter: undefined },
        }),
      ) as Either<Problem, Evaluation<Out>>
    },
    dispose: async () => {
      disposed = true
      await last
      pipelines.clear()
      await Promise.all(retired)
    },
  })
}

interface Prepared {
  readonly meanings: CurrentMeanings
  readonly given: Given
  readonly batch: number
  readonly chunk: number
}

interface Part {
  readonly plan: Plan
  readonly load: Load
}

const cancelled: Problem = problem('cancelled', 'run', 'the signal was aborted', 'run again')

/** Written out, because to spread an object takes as long as all else that a small run does. */
const executionOf = (
  { backend, executor, fallbackReason }: Execution,
  { reason, adapter }: PlanChoice,
): EvaluationExecution => ({ backend, executor, fallbackReason, reason, adapter })

/** Tells of the slices of one of some chunks, and stops between two. */
const watchOf =
  ({ signal, onProgress }: RunOptions, place: number, chunks: number): Watch =>
  async (done, of) => {
    onProgress?.(place * of + done, chunks * of)
    // Signals are raised between two turns of the event loop.
    if (signal !== undefined && place * of + done > 0) await nextTurn()
    return signal?.aborted !== true
  }

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** The results of steps that an evaluation needs, each once. */
const resultTensors = (plan: Plan, question: Question): readonly number[] => {
  const { tensors, outputs, answer, exponents, readouts } = plan
  const observes = outputs.some(({ kind }) => kind === 'observed')
  const needed = [
    ...outputs.flatMap((output) => (output.kind === 'value' ? [output.value.tensor] : [])),
    ...(answer?.kind === 'joint' && (question === 'joint' || observes) ? [answer.tensor] : []),
    ...(answer?.kind === 'marginals' ? [answer.total, ...answer.marginals].map(({ tensor }) => tensor) : []),
    ...(answer?.kind === 'most-likely' ? [answer.largest.tensor, ...tensorsReadBack(answer.steps)] : []),
    ...exponents.map(({ tensor }) => tensor),
    ...readouts.map(({ tensor }) => tensor),
  ]
  return [...new Set(needed)].filter((tensor) => tensors[tensor]!.source.kind === 'step')
}
