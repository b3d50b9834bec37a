/** From the normal form of a diagram to a plan that answers a question about its random outputs. */
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'

import type { NormalForm } from '../../dsl/normal-form.js'
import { cardinality } from '../../dsl/object.js'
import { problem, type Problem } from '../../dsl/problem.js'
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import { missingMeaning } from '../interpret.js'
import { contractWith, scaledContractWith } from './contraction/contract.js'
import { type Factor, factorOver, indicesOf } from './contraction/factor.js'
import { batch } from './contraction/factor-graph.js'
import { type LoweredOrder, lowerOrder, type Recorder } from './contraction/lower.js'
import { lowerMarginals } from './contraction/marginals.js'
import type { OrderOptions } from './contraction/order.js'
import { type Contraction, orderFor } from './contraction/order-for.js'
import type { SavedPlan } from './contraction/saved-plan.js'
import { sumOthers } from './contraction/sum-others.js'
import { checkMeaning, type NumericMeaning, numericMeaning, type NumericMeanings } from './meaning.js'
import { operationCount } from './operation.js'
import {
  type Answer,
  largestTensor,
  type Loop,
  type Plan,
  type PlannedOutput,
  type Question,
  type Table,
  type Value,
} from './plan.js'
import { planBoxes } from './plan-boxes.js'
import { planRecorder, type PlanRecorder } from './plan-recorder.js'
import { radicesOf, stridesOf } from './wire-numbers.js'

export interface PlanOptions extends OrderOptions {
  /** A plan from `parsePlan` whose order is used again. */
  readonly saved?: SavedPlan
}

/** What a plan is made for. */
export interface PlanTask {
  readonly form: NormalForm
  readonly meanings: ReadonlyMap<string, NumericMeaning>
  readonly batchSize: number
  readonly question: Question
  readonly measures: readonly CategoricalEntropyName[]
  /** The outputs that are observed. */
  readonly observed: readonly number[]
  /** The boxes that have a meaning for each member of the batch. */
  readonly varying: ReadonlySet<string>
}

/** The meanings of a normal form's boxes, each checked against its box. */
export const checkMeanings = (
  form: NormalForm,
  meanings: NumericMeanings,
): Either<Problem, ReadonlyMap<string, NumericMeaning>> => {
  const checked = new Map<string, NumericMeaning>()
  for (const { box } of form.boxes) {
    const meaning = Object.hasOwn(meanings, box.name) ? meanings[box.name] : undefined
    if (meaning === undefined) return left(missingMeaning(box, Object.keys(meanings)))
    const fits = checkMeaning(box, numericMeaning(meaning))
    if (isLeft(fits)) return fits
    checked.set(box.name, fits.right)
  }
  return right(checked)
}

/**
 * The plan of a normal form for a batch of inputs.
 *
 * Problems: `unsupported` for what cannot be lowered or is too large, also with indices sliced; `invalid-value` for a saved plan of
 * something else.
 */
export const planOf = (task: PlanTask, options: PlanOptions = {}): Either<Problem, Plan> => {
  const { form, batchSize, question, measures, observed } = task
  const recorder = planRecorder()
  const boxes = planBoxes(task, recorder)
  if (isLeft(boxes)) return boxes
  const { values } = boxes.right
  const factors = [
    ...boxes.right.factors,
    ...observed.map((port) => evidenceFactor(form, batchSize, port, values, recorder)),
  ]
  const isObserved = (port: number): boolean => observed.includes(port)
  const random = [...new Set(form.outputs.filter((wire, port) => !values.has(wire) && !isObserved(port)))]
  const answered =
    random.length === 0 && observed.length === 0
      ? right(undefined)
      : answer({ ...task, factors, random }, recorder, options)
  if (isLeft(answered)) return answered

  const outputs = form.outputs.map((index, port): PlannedOutput => {
    const value = values.get(index)
    const wire = form.wires[index]!
    if (isObserved(port)) return { kind: 'observed', wire }
    return value === undefined ? { kind: 'random', wire, axis: random.indexOf(index) } : { kind: 'value', wire, value }
  })
  const joint = answered.right?.answer.kind === 'joint' ? answered.right.answer : undefined
  // What is not normalised yet has no entropy yet.
  const readouts =
    joint === undefined || observed.length > 0
      ? []
      : measures.map((measure) => {
          const { rows: all, columns } = recorder.tensors[joint.tensor]!
          const rows = joint.batched ? batchSize : 1
          const shape = { rows, group: all / rows, columns }
          return { measure, tensor: recorder.step({ kind: 'categorical-entropy', measure, ...shape }, [joint.tensor]) }
        })
  const { tensors, steps } = recorder
  const loop = answered.right?.loop
  const largest = tensors.reduce((most, { rows, columns }) => Math.max(most, rows * columns), 0)
  if (largest > largestTensor)
    return left(
      problem(
        'unsupported',
        'plan',
        `a tensor of ${largest} numbers would be needed`,
        question === 'joint' && random.length > 1
          ? `keep every tensor to at most ${largestTensor}: ask for marginals, or for fewer outputs, or for a smaller batch`
          : `keep every tensor to at most ${largestTensor}: a smaller batch, or chunks of it`,
      ),
    )
  return right({
    form,
    batch: batchSize,
    measures,
    tensors,
    steps,
    outputs,
    axes: random.map((wire) => form.wires[wire]!),
    answer: answered.right?.answer,
    exponents: answered.right?.exponents ?? [],
    readouts,
    contraction: answered.right?.contraction,
    loop,
    operations: steps.reduce((sum, { operation }, index) => sum + timesOf(loop, index) * operationCount(operation), 0),
    largest,
  })
}

/** The likelihood of an output for each member: a factor over its wire, or over the batch alone where the wire is a value. */
const evidenceFactor = (
  form: NormalForm,
  batchSize: number,
  port: number,
  values: ReadonlyMap<number, Value>,
  { tensor, step }: PlanRecorder,
): Factor => {
  const wire = form.outputs[port]!
  const type = form.wires[wire]!
  const size = cardinality(type)!
  const value = values.get(wire)
  if (value === undefined) return factorOver(tensor(batchSize, size, { kind: 'evidence', port }), [batch, wire])
  const table = tensor(batchSize * size, 1, { kind: 'evidence', port })
  const strides = stridesOf(radicesOf(type))
  const digits = strides.map((stride, k) => ({ operand: 1, column: value.offset + k, stride }))
  const at = [{ index: 0, stride: 1 }]
  const terms = [{ index: 0, stride: size }]
  const likelihood = step({ kind: 'gather', sizes: [batchSize], columns: 1, terms, digits, at }, [table, value.tensor])
  return factorOver(likelihood, [batch])
}

interface Answered {
  readonly answer: Answer
  readonly exponents: readonly Table[]
  readonly contraction: Contraction
  readonly loop: Loop | undefined
}

interface AnswerTask extends PlanTask {
  readonly factors: readonly Factor[]
  /** The random wires among the outputs. */
  readonly random: readonly number[]
}

const answer = (
  { form, batchSize, question, measures, observed, factors: given, random }: AnswerTask,
  recorder: PlanRecorder,
  options: PlanOptions,
): Either<Problem, Answered> => {
  const sizeOf = (index: number): number => (index === batch ? batchSize : cardinality(form.wires[index]!)!)
  let firstInLoop: number | undefined
  let loopValues: number | undefined
  const into: Recorder = {
    ...recorder,
    loopValues: (count) => (loopValues ??= recorder.tensor(1, count, { kind: 'loop' })),
    loopStart: () => void (firstInLoop = recorder.steps.length),
  }
  // Of what is likely only in proportion, no entry may be lost because it is small.
  const scaled = observed.length > 0 || question === 'most-likely'
  const prepared =
    question === 'most-likely'
      ? sumOthers(given, new Set([batch, ...random]), sizeOf, options, scaled, into)
      : { factors: given, exponents: [] }
  const { factors } = prepared
  const batched = factors.some((factor) => indicesOf(factor).includes(batch))
  const wanted = [...(batched ? [batch] : []), ...(question === 'joint' || question === 'none' ? random : [])]
  const ordered = orderFor({ form, batchSize, measures, factors, wanted, sizeOf, most: largestTensor }, options)
  if (isLeft(ordered)) return ordered
  const contraction = ordered.right
  const { loop: sliced } = contraction.order
  if (sliced !== undefined && (question === 'marginals' || question === 'most-likely'))
    return left(
      problem(
        'unsupported',
        'plan, memory limit',
        `its ${question === 'marginals' ? 'marginals' : 'most likely values'} are read back through the whole contraction, which does not fit`,
        'raise the limit, or ask for fewer outputs, or a smaller batch',
      ),
    )
  const reduction = question === 'most-likely' ? 'max' : 'sum'
  const lowered = lowerOrder(contraction.order, factors, wanted, sizeOf, into, { reduction, scaled })
  const table: Table = { tensor: lowered.result.tensor, batched }
  const marginalsOf = ({ steps }: LoweredOrder): readonly Table[] => {
    // Marginals are normalised in the end, so what they were scaled by is forgotten.
    const contract = scaled
      ? scaledContractWith(recorder, sizeOf, 'sum', () => undefined)
      : contractWith(recorder, sizeOf, 'sum')
    return lowerMarginals(random, factors, steps, sizeOf, contract).map((placed) => ({
      tensor: placed.tensor,
      batched: indicesOf(placed).includes(batch),
    }))
  }
  return right({
    answer:
      question === 'marginals'
        ? { kind: 'marginals', total: table, marginals: marginalsOf(lowered) }
        : question === 'most-likely'
          ? { kind: 'most-likely', largest: table, steps: lowered.steps, wires: random }
          : { kind: 'joint', ...table },
    exponents: [...prepared.exponents, ...lowered.exponents],
    contraction,
    loop:
      sliced === undefined || firstInLoop === undefined || loopValues === undefined
        ? undefined
        : {
            sizes: sliced.indices.map(sizeOf),
            count: sliced.count,
            first: firstInLoop,
            last: recorder.steps.length - 1,
            values: loopValues,
            result: lowered.result.tensor,
          },
  })
}

/** How often a step is done. */
const timesOf = (loop: Loop | undefined, step: number): number =>
  loop !== undefined && step >= loop.first && step <= loop.last ? loop.count : 1
