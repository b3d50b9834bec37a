/**
 * A plan: which tensors there are, the operations that fill them, in order, and what of it answers the question. A plan is data.
 */
import type { Box } from '../../dsl/diagram.js'
import type { NormalForm } from '../../dsl/normal-form.js'
import type { Wire, Wires } from '../../dsl/object.js'
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import type { FactorGraph } from './contraction/factor-graph.js'
import type { TracedStep } from './contraction/lower.js'
import type { ContractionOrder } from './contraction/order.js'
import type { Operation } from './operation.js'
import type { ParameterName } from './parameters.js'

/** Where the numbers of a tensor come from. */
export type Source =
  | { readonly kind: 'input'; readonly port: number }
  /** `varying`: one matrix below the other for the members of the batch. */
  | { readonly kind: 'parameter'; readonly box: Box; readonly parameter: ParameterName; readonly varying: boolean }
  /** The likelihood of each element of an output that is observed, for each member: 1 at the element that was seen. */
  | { readonly kind: 'evidence'; readonly port: number }
  | { readonly kind: 'one' }
  /** The values of the indices of a loop, in one row: they change from one time to the next. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'step'; readonly step: number }

export interface Tensor {
  readonly rows: number
  readonly columns: number
  readonly source: Source
}

export interface Step {
  readonly operation: Operation
  readonly operands: readonly number[]
  readonly result: number
}

/** A wire whose value is known for each member of the batch: columns of a tensor. */
export interface Value {
  readonly tensor: number
  readonly offset: number
  readonly width: number
}

/** An output of the diagram: a value, one of the random wires, or one that is observed. */
export type PlannedOutput =
  | { readonly kind: 'value'; readonly wire: Wire; readonly value: Value }
  | { readonly kind: 'random'; readonly wire: Wire; readonly axis: number }
  | { readonly kind: 'observed'; readonly wire: Wire }

/**
 * Steps `first` to `last` are done once for each combination of values of sliced indices, the last index running fastest, with these
 * values in `values`; afterwards `result` holds the sum of what it held each time.
 */
export interface Loop {
  readonly sizes: readonly number[]
  readonly count: number
  readonly first: number
  readonly last: number
  readonly values: number
  readonly result: number
}

/** A tensor whose rows are those of one distribution, or those of one for each member of the batch. */
export interface Table {
  readonly tensor: number
  readonly batched: boolean
}

/** What is asked of the random outputs. */
export const questions = ['joint', 'marginals', 'most-likely', 'none'] as const
export type Question = (typeof questions)[number]

/** What answers it. Where outputs are observed nothing is normalised: each distribution has the probability of the evidence in it. */
export type Answer =
  /** The joint distribution of the random outputs, an axis for each. */
  | ({ readonly kind: 'joint' } & Table)
  /** The distribution of each random output, and the tensor of the total. */
  | { readonly kind: 'marginals'; readonly marginals: readonly Table[]; readonly total: Table }
  /** The largest probability, and the steps that it came from, from which the values are read back. */
  | {
      readonly kind: 'most-likely'
      readonly largest: Table
      readonly steps: readonly TracedStep[]
      /** The wire of each random output, as the steps number it. */
      readonly wires: readonly number[]
    }

export interface Plan {
  readonly form: NormalForm
  readonly batch: number
  readonly measures: readonly CategoricalEntropyName[]
  readonly tensors: readonly Tensor[]
  readonly steps: readonly Step[]
  readonly outputs: readonly PlannedOutput[]
  /** The random wires among the outputs, in order of first appearance: the axes. */
  readonly axes: Wires
  /** Undefined if every output is a value. */
  readonly answer: Answer | undefined
  /** Tensors of whole numbers: what the answer is multiplied by is two to the power of their sum. */
  readonly exponents: readonly Table[]
  readonly readouts: readonly { readonly measure: CategoricalEntropyName; readonly tensor: number }[]
  /** The factor graph of the random wires and the order in which it is contracted; undefined if every output is a value. */
  readonly contraction: { readonly graph: FactorGraph; readonly order: ContractionOrder } | undefined
  /** The loop over sliced indices, where the contraction would not fit the memory without. */
  readonly loop: Loop | undefined
  /** Predicted operations, and the entries of the largest tensor. */
  readonly operations: number
  readonly largest: number
}

/** Tensors larger than this are refused: 2^26 float32 numbers are 256 MiB. */
export const largestTensor = 2 ** 26
