/** What an evaluation gives: values, distributions, and what really ran. */
import type { Wire, Wires } from '../../dsl/object.js'
import { cardinality } from '../../dsl/object.js'
import {
  categoricalEntropy,
  type CategoricalEntropyName,
  entropyDivergence,
} from '../information/categorical-entropy.js'
import { readBack } from './contraction/most-likely.js'
import { batch as batchIndex } from './contraction/factor-graph.js'
import type { Execution } from './gpu-js/runtime.js'
import type { Answer, Plan, Question, Table } from './plan.js'
import { radicesOf, stridesOf, widthOf } from './wire-numbers.js'

/** A value for each member of the batch: element numbers, of a sequence place by place, or coordinates. */
export interface ValueOutput<W extends Wire = Wire> {
  readonly kind: 'value'
  readonly wire: W
  readonly width: number
  readonly entries: ArrayLike<number>
}
/** An axis of the joint distribution. */
export interface RandomOutput<W extends Wire = Wire> {
  readonly kind: 'random'
  readonly wire: W
  readonly axis: number
}
/** The distribution of one output: batch x cardinality. */
export interface MarginalOutput<W extends Wire = Wire> {
  readonly kind: 'marginal'
  readonly wire: W
  readonly entries: ArrayLike<number>
}
/** The output's part of the most likely values: batch x width. */
export interface MostLikelyOutput<W extends Wire = Wire> {
  readonly kind: 'most-likely'
  readonly wire: W
  readonly width: number
  readonly entries: ArrayLike<number>
}
/** An output whose values were given. */
export interface ObservedOutput<W extends Wire = Wire> {
  readonly kind: 'observed'
  readonly wire: W
}

/** What an output gives, after its wire: a vector is a value always, an element of a finite set may be random. */
export type Output<W extends Wire = Wire> =
  | ValueOutput<W>
  | ([W] extends [{ readonly kind: 'real' }]
      ? never
      : RandomOutput<W> | MarginalOutput<W> | MostLikelyOutput<W> | ObservedOutput<W>)

/**
 * What the evidence of a member turned out to be. `impossible`: it has probability zero, exactly. `underflow`: it has not, but the kernels
 * found nothing left of it in float32; the float64 `reference` reaches further.
 */
export type EvidenceStatus = 'possible' | 'impossible' | 'underflow'

export interface Evaluation<Out extends Wires = Wires> {
  readonly batch: number
  readonly outputs: { readonly [Port in keyof Out]: Output<Out[Port]> }
  /**
   * batch x the product of the axes' cardinalities, row-major: given the evidence, where there is any, and then NaN for a member whose
   * evidence is not possible. Undefined when no output is random, or something else was asked for.
   */
  readonly distribution: { readonly axes: Wires; readonly entries: ArrayLike<number> } | undefined
  /** One number for each member of the batch. */
  readonly entropies: Readonly<Partial<Record<CategoricalEntropyName, ArrayLike<number>>>>
  /**
   * For each member the logarithm (nats) of the probability of the evidence; of the most likely values, that of these together with the
   * evidence. -Infinity where the evidence is not possible; undefined where neither was asked for.
   */
  readonly logProbability: ArrayLike<number> | undefined
  readonly evidence: readonly EvidenceStatus[] | undefined
  /** What really ran, and why it was chosen. */
  readonly execution: EvaluationExecution
}

export interface EvaluationExecution extends Execution {
  readonly reason: string
  /** The name of the WebGPU adapter, where one is used. */
  readonly adapter: string | undefined
}

/** What is read of a run. */
export interface PlanResults {
  readonly question: Question
  /** The entries of a tensor. */
  readonly read: (tensor: number) => ArrayLike<number>
  /** Whether the evidence of each member is possible, exactly: asked only where nothing is left of it. */
  readonly isPossible: () => readonly boolean[]
  readonly execution: EvaluationExecution
}

export const evaluationOf = (plan: Plan, { question, read, isPossible, execution }: PlanResults): Evaluation => {
  const { batch, tensors, answer, axes, measures } = plan
  const observes = plan.outputs.some(({ kind }) => kind === 'observed')
  const rowsOf = ({ tensor, batched }: Table): ArrayLike<number> => repeat(read(tensor), batched ? 1 : batch)
  const isNormalised = !observes && question !== 'most-likely'
  const totals = answer === undefined || isNormalised ? undefined : totalsOf(answer, batch, rowsOf)
  const evidence = totals === undefined ? undefined : statusOf(totals, totals.includes(0) ? isPossible() : undefined)
  const scales = new Float64Array(batch)
  if (!isNormalised)
    for (const exponent of plan.exponents) {
      const rows = rowsOf(exponent)
      for (let member = 0; member < batch; member++) scales[member]! += rows[member]!
    }
  const normalised = (table: Table): ArrayLike<number> =>
    isNormalised && answer?.kind !== 'marginals' ? rowsOf(table) : perRow(rowsOf(table), batch, evidence)

  const joint =
    answer?.kind === 'joint' && (question === 'joint' || (measures.length > 0 && observes))
      ? normalised(answer)
      : undefined
  const marginals = answer?.kind === 'marginals' ? answer.marginals.map(normalised) : []
  const mostLikely = answer?.kind === 'most-likely' ? mostLikelyValues(plan, answer, read, evidence ?? []) : []
  return {
    batch,
    outputs: plan.outputs.map((output) => {
      const { wire } = output
      if (output.kind === 'observed') return { kind: 'observed', wire }
      if (output.kind === 'random') {
        const { axis } = output
        if (answer?.kind === 'marginals') return { kind: 'marginal', wire, entries: marginals[axis]! }
        if (answer?.kind === 'most-likely')
          return { kind: 'most-likely', wire, width: widthOf(wire), entries: mostLikely[axis]! }
        return { kind: 'random', wire, axis }
      }
      const { tensor, offset, width } = output.value
      return {
        kind: 'value',
        wire,
        width,
        entries: slice(read(tensor), batch, tensors[tensor]!.columns, offset, width),
      }
    }),
    distribution:
      joint === undefined || question !== 'joint' || axes.length === 0 ? undefined : { axes, entries: joint },
    entropies: Object.fromEntries(
      joint !== undefined && observes
        ? measures.map((measure) => [measure, entropiesOf(measure, joint, batch)])
        : plan.readouts.map(({ measure, tensor }) => [
            measure,
            repeat(read(tensor), answer?.kind === 'joint' && answer.batched ? 1 : batch),
          ]),
    ),
    logProbability: totals?.map((total, member) => Math.log(total) + scales[member]! * Math.LN2),
    evidence,
    execution,
  }
}

/** For each member, the sum of what is not normalised, or the largest of it. */
const totalsOf = (answer: Answer, batch: number, rowsOf: (table: Table) => ArrayLike<number>): Float64Array => {
  const rows = rowsOf(answer.kind === 'joint' ? answer : answer.kind === 'marginals' ? answer.total : answer.largest)
  const width = rows.length / batch
  return Float64Array.from({ length: batch }, (_, member) => sumOf(rows, member * width, width))
}

const sumOf = (entries: ArrayLike<number>, from: number, count: number): number => {
  let total = 0
  for (let k = from; k < from + count; k++) total += entries[k]!
  return total
}

const statusOf = (totals: Float64Array, possible: readonly boolean[] | undefined): readonly EvidenceStatus[] =>
  Array.from(totals, (total, member) =>
    total > 0 ? 'possible' : possible?.[member] === true ? 'underflow' : 'impossible',
  )

/** Rows divided by their sums; NaN where the evidence is not possible. */
const perRow = (
  entries: ArrayLike<number>,
  batch: number,
  evidence: readonly EvidenceStatus[] | undefined,
): Float64Array => {
  const width = entries.length / batch
  const rows = new Float64Array(entries)
  for (let member = 0; member < batch; member++) {
    const isPossible = evidence === undefined || evidence[member] === 'possible'
    const total = isPossible ? sumOf(rows, member * width, width) : Number.NaN
    for (let k = member * width; k < (member + 1) * width; k++) rows[k]! /= total
  }
  return rows
}

const entropiesOf = (measure: CategoricalEntropyName, joint: ArrayLike<number>, batch: number): Float64Array => {
  const rows = Float64Array.from(joint)
  const width = rows.length / batch
  const divergence = entropyDivergence(measure)
  return Float64Array.from({ length: batch }, (_, member) =>
    Number.isNaN(rows[member * width]!)
      ? Number.NaN
      : categoricalEntropy(divergence, rows.subarray(member * width, (member + 1) * width)),
  )
}

/** For each axis, the most likely elements as numbers, place by place; NaN where the evidence is not possible. */
const mostLikelyValues = (
  { batch, axes, form }: Plan,
  { steps, wires }: Extract<Answer, { readonly kind: 'most-likely' }>,
  read: (tensor: number) => ArrayLike<number>,
  evidence: readonly EvidenceStatus[],
): readonly Float64Array[] => {
  const sizeOf = (index: number): number => (index === batchIndex ? batch : cardinality(form.wires[index]!)!)
  const values = axes.map((wire) => new Float64Array(batch * widthOf(wire)).fill(Number.NaN))
  for (let member = 0; member < batch; member++) {
    if (evidence[member] !== 'possible') continue
    const found = readBack(steps, member, sizeOf, read)
    axes.forEach((wire, axis) => {
      const radices = radicesOf(wire)
      const strides = stridesOf(radices)
      const element = found.get(wires[axis]!)!
      radices.forEach((radix, place) => {
        values[axis]![member * radices.length + place] = Math.floor(element / strides[place]!) % radix
      })
    })
  }
  return values
}

const slice = (
  entries: ArrayLike<number>,
  rows: number,
  columns: number,
  offset: number,
  width: number,
): ArrayLike<number> => {
  if (offset === 0 && width === columns) return entries
  return Float64Array.from({ length: rows * width }, (_, index) => {
    const row = Math.floor(index / width)
    return entries[row * columns + offset + (index - row * width)]!
  })
}

const repeat = (entries: ArrayLike<number>, times: number): ArrayLike<number> =>
  times === 1
    ? entries
    : Float64Array.from({ length: entries.length * times }, (_, index) => entries[index % entries.length]!)
