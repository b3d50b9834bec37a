/** What `compile` takes and gives: the options, and an evaluator whose inputs and outputs are those of the diagram. */
import type { Either } from 'fp-ts/lib/Either.js'

import type { Wires } from '../../dsl/object.js'
import type { Problem } from '../../dsl/problem.js'
import type { CategoricalEntropyName } from '../information/categorical-entropy.js'
import type { BackendName } from './backend.js'
import type { BatchInput, OutputEvidence } from './check-inputs.js'
import type { Evaluation } from './evaluation.js'
import type { NumericMeanings } from './meaning.js'
import type { Plan, Question } from './plan.js'
import type { PlanOptions } from './plan-of.js'

export interface CompileOptions {
  readonly backend?: BackendName
  /**
   * What is asked of the random outputs: their joint distribution (the default), the distribution of each, their most likely values
   * together, or none of these, where entropies are all that is wanted: the distribution of a large vocabulary is then never stored.
   */
  readonly question?: Question
  /** Categorical entropies of the joint distribution of the random outputs, computed in the same pipeline. */
  readonly entropies?: readonly CategoricalEntropyName[]
  /** The numbers of the outputs that are observed: each run is given evidence for these, and answers given it. */
  readonly observed?: readonly number[]
  /** The names of the finite boxes that have a meaning for each member of the batch. */
  readonly varying?: readonly string[]
  /** How contractions are ordered: seed, memory limit, a saved plan for one size of the batch. */
  readonly contraction?: PlanOptions
}

export interface RunOptions {
  /** Other meanings of the same shapes, for this run. */
  readonly meanings?: NumericMeanings
  /** For each member of the batch, meanings of the varying boxes. */
  readonly varying?: readonly NumericMeanings[]
  /** For each observed output what was seen of it. */
  readonly evidence?: readonly OutputEvidence[]
  /** The size of the batch, where nothing else tells it. */
  readonly batch?: number
  /** At most so many members are evaluated at once; a large batch is done in chunks. */
  readonly chunk?: number
  /** Stops the run between two chunks or slices: the result is then the problem `cancelled`. */
  readonly signal?: AbortSignal
  /** Told what part of the run is done: chunks, or slices of a contraction that does not fit the memory in one piece. */
  readonly onProgress?: (done: number, of: number) => void
}

/** One array for each input wire. */
export type InputsOf<In extends Wires> = { readonly [Port in keyof In]: BatchInput }

export interface Evaluator<In extends Wires = Wires, Out extends Wires = Wires> {
  readonly plan: (batch?: number) => Either<Problem, Plan>
  /** The plan as a table that people can read, with the backend that would run it and why. */
  readonly explain: (batch?: number) => Promise<Either<Problem, string>>
  // Methods, so that an evaluator of any diagram is an `Evaluator`.
  /** Evaluates a batch. Runs of one evaluator are done one after another. */
  run(inputs: InputsOf<In>, options?: RunOptions): Promise<Either<Problem, Evaluation<Out>>>
  /** The same plan in float64, in plain loops: slow, and the measure of the kernels' error. */
  reference(inputs: InputsOf<In>, options?: RunOptions): Either<Problem, Evaluation<Out>>
  /** Releases pipelines, sessions and threads, after what still runs. */
  readonly dispose: () => Promise<void>
}
