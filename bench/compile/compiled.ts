/** Diagrams that are compiled, as contenders: through `compile` and `run`, as a user has them. */
import { isLeft } from 'fp-ts/lib/Either.js'

import { type Diagram, showProblem } from '../../dsl/index.js'
import { valueOrThrow } from '../../dsl/value-or-throw.js'
import {
  type BatchInput,
  compile,
  type CompileOptions,
  type Evaluation,
  type NumericMeanings,
} from '../../src/index.js'
import type { Absent, Given, Peer } from './contest.js'

export interface CompiledDiagram {
  readonly diagram: Diagram
  readonly meanings: NumericMeanings
  readonly inputs: readonly BatchInput[]
  readonly options: CompileOptions
}
export interface CompiledWork extends CompiledDiagram {
  readonly read: (evaluation: Evaluation) => Given
}

/** An evaluator with its inputs, named after what really runs. */
export interface Compiled {
  readonly name: string
  readonly evaluate: () => Promise<Evaluation>
  readonly stop: () => Promise<void>
}

export const compiled = async (
  { diagram, meanings, inputs, options }: CompiledDiagram,
  name = 'markovcat',
): Promise<Compiled | Absent> => {
  const { backend = 'auto' } = options
  const found = await compile(diagram, meanings, options)
  if (isLeft(found)) return { name: `${name}, ${backend}`, why: showProblem(found.left) }
  const evaluator = found.right
  const evaluate = (): Promise<Evaluation> => evaluator.run(inputs).then(valueOrThrow)
  const { execution } = await evaluate()
  return {
    name: `${backend === 'auto' ? `${name}, auto` : name} (${execution.backend}, ${execution.executor})`,
    evaluate,
    stop: () => evaluator.dispose(),
  }
}

export const compiledPeer = async (work: CompiledWork, name?: string): Promise<Peer> => {
  const found = await compiled(work, name)
  if ('why' in found) return found
  const { name: whole, evaluate, stop } = found
  return { name: whole, run: () => evaluate().then(work.read), stop }
}

/** The joint distribution of the random outputs. */
export const distributionOf = ({ distribution }: Evaluation): ArrayLike<number> => {
  if (distribution === undefined) throw new Error('the evaluation has no distribution')
  return distribution.entries
}
